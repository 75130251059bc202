//! The forms of a leg as the contract tells them.

use hotline_policy::Lang;
use hotline_proto::routing::v1;

use crate::contract::timestamp;
use crate::domain::{Forms, RequestForm};

/// What the forms ask for, in the reader's language where words are told.
pub fn forms_view(forms: &Forms, lang: Lang) -> v1::GetLegFormsResponse {
    let reply = &forms.reply;
    v1::GetLegFormsResponse {
        reply: Some(v1::ReplyForm {
            required: words(&reply.required),
            results: words(&reply.results),
            levels: words(&reply.levels),
            article: reply.article.clone(),
        }),
        give_back: Some(request_view(&forms.give_back, lang)),
        extension: Some(request_view(&forms.extension, lang)),
    }
}

fn request_view(form: &RequestForm, lang: Lang) -> v1::RequestForm {
    let barred = form.barred.as_ref();
    v1::RequestForm {
        open: barred.is_none(),
        barred_code: barred
            .map(|refusal| refusal.code.id.to_owned())
            .unwrap_or_default(),
        barred_text: barred
            .map(|refusal| refusal.code.text(lang).to_owned())
            .unwrap_or_default(),
        required: words(&form.required),
        opens_at: form.opens.map(timestamp),
        closes_at: form.closes.map(timestamp),
        article: form.article.clone(),
    }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}
