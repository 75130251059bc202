//! Turns a refusal or a fault into a gRPC status that names the code, the field, the article and the remedy.

use std::collections::HashMap;
use std::fmt;

use hotline_policy::refusal::{Kind, Lang, Refusal};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use tonic::{Code, Request, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// Domain of every `ErrorInfo`.
pub const DOMAIN: &str = "hotline";

/// The status of `refusal` in `lang`: `ErrorInfo` (code, article, remedy), the field at fault and the message in `lang`.
pub fn refuse(refusal: &Refusal, lang: Lang) -> Status {
    refuse_as(code_of(refusal.code.kind), refusal, lang)
}

/// As [`refuse`], under another code: a missing token is UNAUTHENTICATED, not PERMISSION_DENIED.
pub fn refuse_as(code: Code, refusal: &Refusal, lang: Lang) -> Status {
    let mut metadata = HashMap::from([("remedy".to_owned(), refusal.code.remedy(lang).to_owned())]);
    if let Some(article) = &refusal.article {
        metadata.insert("article".to_owned(), article.clone());
    }
    let mut details = ErrorDetails::new();
    details.set_error_info(refusal.code.id, DOMAIN, metadata);
    if let Some(field) = &refusal.field {
        details.add_bad_request_violation(field, refusal.code.text(lang));
    }
    for other in &refusal.others {
        details.add_bad_request_violation(other.field.clone().unwrap_or_default(), other.text(lang));
    }
    details.set_localized_message(tag_of(lang), refusal.text(lang));
    Status::with_error_details(code, refusal.to_string(), details)
}

/// The status of a fault: logged here, once, and told to nobody outside.
pub fn internal(error: impl fmt::Display) -> Status {
    tracing::error!(error = %format_args!("{error:#}"), "a call failed");
    Status::internal("内部错误,请稍后重试 / internal error, try again later")
}

/// The status of a fault that passes (a database that restarts): logged here, once.
pub fn unavailable(error: impl fmt::Display) -> Status {
    tracing::warn!(error = %format_args!("{error:#}"), "a call failed for now");
    Status::unavailable("服务暂不可用,请稍后重试 / unavailable, try again later")
}

/// The language that the caller asked for in `accept-language`; Chinese unless English comes first.
pub fn lang_of<T>(request: &Request<T>) -> Lang {
    let header = request.metadata().get(ACCEPT_LANGUAGE.as_str());
    header
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::Zh, parse_lang)
}

/// As [`lang_of`], from headers.
pub(crate) fn lang_of_headers(headers: &HeaderMap) -> Lang {
    let header = headers.get(ACCEPT_LANGUAGE);
    header
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::Zh, parse_lang)
}

/// The canonical code of a kind of refusal.
pub fn code_of(kind: Kind) -> Code {
    match kind {
        Kind::Invalid => Code::InvalidArgument,
        Kind::Precondition => Code::FailedPrecondition,
        Kind::NotFound => Code::NotFound,
        Kind::Denied => Code::PermissionDenied,
        Kind::Conflict => Code::Aborted,
        Kind::Exists => Code::AlreadyExists,
        Kind::Exhausted => Code::ResourceExhausted,
    }
}

fn parse_lang(header: &str) -> Lang {
    if header.trim_start().to_ascii_lowercase().starts_with("en") {
        Lang::En
    } else {
        Lang::Zh
    }
}

fn tag_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusals::PAGE_TOKEN_INVALID;

    #[test]
    fn a_refusal_names_code_field_article_and_remedy() {
        let refusal = Refusal::new(&PAGE_TOKEN_INVALID)
            .field("page_token")
            .article("12(3)")
            .detail("x");
        let status = refuse(&refusal, Lang::Zh);
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().starts_with("page.token_invalid: "));
        let details = status.get_error_details();
        let info = details.error_info().expect("has info");
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("page.token_invalid", "hotline")
        );
        assert_eq!(info.metadata["article"], "12(3)");
        assert_eq!(info.metadata["remedy"], PAGE_TOKEN_INVALID.remedy_zh);
        assert_eq!(
            details.bad_request().expect("has a violation").field_violations[0].field,
            "page_token"
        );
        let message = details.localized_message().expect("has a message");
        assert_eq!(
            (message.locale.as_str(), message.message.as_str()),
            ("zh-CN", refusal.text(Lang::Zh).as_str())
        );
    }

    #[test]
    fn everything_that_is_wrong_is_a_violation_of_its_own() {
        let of = |field: &str| Refusal::new(&PAGE_TOKEN_INVALID).field(field);
        let all = Refusal::of_all([of("a"), of("b"), of("c")]).expect("something is wrong");
        let details = refuse(&all, Lang::Zh).get_error_details();
        let fields: Vec<_> = details
            .bad_request()
            .expect("has violations")
            .field_violations
            .iter()
            .map(|violation| violation.field.as_str())
            .collect();
        assert_eq!(fields, ["a", "b", "c"]);
    }

    #[test]
    fn every_kind_has_its_own_code() {
        let kinds = [
            Kind::Invalid,
            Kind::Precondition,
            Kind::NotFound,
            Kind::Denied,
            Kind::Conflict,
            Kind::Exists,
            Kind::Exhausted,
        ];
        let codes: std::collections::HashSet<i32> =
            kinds.into_iter().map(|kind| code_of(kind) as i32).collect();
        assert_eq!(codes.len(), kinds.len());
    }

    #[test]
    fn a_fault_tells_nothing_outside() {
        assert!(
            !internal("relation appeals does not exist")
                .message()
                .contains("appeals")
        );
    }

    #[test]
    fn the_first_language_asked_for_decides() {
        for (header, lang) in [
            ("en-GB,zh;q=0.5", Lang::En),
            ("zh-CN,en", Lang::Zh),
            ("fr", Lang::Zh),
        ] {
            let mut request = Request::new(());
            request
                .metadata_mut()
                .insert("accept-language", header.parse().expect("a value"));
            assert_eq!(lang_of(&request), lang, "{header}");
        }
    }
}
