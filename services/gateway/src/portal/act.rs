//! What an appellant may do with an open matter: press for it, add to it, withdraw it. Each request counts once.

use axum::Form;
use axum::extract::Path;
use hotline_proto::intake::v1::{SupplementAppealRequest, UrgeAppealRequest, WithdrawAppealRequest};
use http::StatusCode;
use maud::{Markup, html};
use tonic::Status;

use super::check::{NOTE_MAX, Problem};
use super::field::{Row, form};
use super::layout::{back, errors, frame, titled};
use super::progress::Known;
use super::refused::{self, Refused};
use super::stop::{Answer, Stop};
use super::track;
use super::visit::{Fields, Visit, random};

/// Something that an appellant does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Urge,
    Supplement,
    Withdraw,
}

impl Deed {
    fn of(path: &str) -> Option<Self> {
        let all = [Self::Urge, Self::Supplement, Self::Withdraw];
        all.into_iter().find(|deed| deed.path() == path)
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Urge => "urge",
            Self::Supplement => "supplement",
            Self::Withdraw => "withdraw",
        }
    }

    /// Field of the contract that the words go into.
    const fn field(self) -> &'static str {
        match self {
            Self::Urge => "note",
            Self::Supplement => "text",
            Self::Withdraw => "reason",
        }
    }
}

/// The question.
pub async fn ask(visit: Visit, Path((number, deed)): Path<(String, String)>) -> Answer {
    let deed = Deed::of(&deed).ok_or_else(Stop::absent)?;
    let Some(known) = track::known(&visit, &number).await?.filter(Known::is_open) else {
        return Ok(visit.go(&format!("/track/{number}")));
    };
    let page = page(&visit, deed, &known, &random()?, "", &[]);
    Ok(visit.page(StatusCode::OK, &page))
}

/// Does it.
pub async fn save(
    visit: Visit,
    Path((number, deed)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Answer {
    visit.check(&fields)?;
    let deed = Deed::of(&deed).ok_or_else(Stop::absent)?;
    let Some(known) = track::known(&visit, &number).await? else {
        return Ok(visit.go("/track"));
    };
    visit.may_send()?;
    let get = |name: &str| fields.get(name).map_or("", String::as_str);
    let (words, key) = (get(deed.field()).trim(), get("key"));
    let done = carry_out(&visit, deed, &known, words, key).await;
    match done.map_err(|status| refused::read(&visit, status)) {
        Ok(()) | Err(Refused::KeyTaken) => Ok(visit.go(&format!("/track/{number}?done={}", deed.path()))),
        Err(Refused::Form(problems)) => {
            let page = page(&visit, deed, &known, key, words, &problems);
            Ok(visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(Refused::Unknown(status)) => Err(status.into()),
    }
}

async fn carry_out(visit: &Visit, deed: Deed, known: &Known, words: &str, key: &str) -> Result<(), Status> {
    let services = &visit.portal.services;
    let made = |error: anyhow::Error| Status::unavailable(error.to_string());
    let (appeal_id, words) = (known.appeal.appeal_id.clone(), words.to_owned());
    let idempotency_key = format!("portal-{}-{key}", deed.path());
    let mut intake = services.intake.clone();
    match deed {
        Deed::Urge => {
            let asked = UrgeAppealRequest {
                appeal_id,
                idempotency_key,
                note: words,
            };
            intake
                .urge_appeal(services.ask(visit, asked).map_err(made)?)
                .await
                .map(drop)
        }
        Deed::Supplement => {
            let asked = SupplementAppealRequest {
                appeal_id,
                idempotency_key,
                text: words,
            };
            intake
                .supplement_appeal(services.ask(visit, asked).map_err(made)?)
                .await
                .map(drop)
        }
        Deed::Withdraw => {
            let asked = WithdrawAppealRequest {
                appeal_id,
                version: 0,
                reason: words,
            };
            intake
                .withdraw_appeal(services.ask(visit, asked).map_err(made)?)
                .await
                .map(drop)
        }
    }
}

fn page(visit: &Visit, deed: Deed, known: &Known, key: &str, words: &str, problems: &[Problem]) -> Markup {
    let number = &known.appeal.number;
    let (title, label, hint, button) = match deed {
        Deed::Urge => (
            visit.t("催办", "Urge"),
            visit.t("想对承办单位说的话（选填）", "What to tell the unit (optional)"),
            visit.t(
                "催办会记入办理过程，承办单位和督办人员都能看到。",
                "The unit and the supervisors will see it.",
            ),
            visit.t("确认催办", "Urge"),
        ),
        Deed::Supplement => (
            visit.t("补充说明", "Add something"),
            visit.t("补充内容", "What you add"),
            visit.t(
                "例如新的情况、准确的地点。不要填写他人的身份证号。",
                "Such as news, or the exact place.",
            ),
            visit.t("提交补充", "Send"),
        ),
        Deed::Withdraw => (
            visit.t("撤回诉求", "Withdraw"),
            visit.t("撤回原因（选填）", "Reason (optional)"),
            visit.t(
                "撤回后不再办理；以后仍可重新反映。",
                "It will not be handled any more. You can report it again later.",
            ),
            visit.t("确认撤回", "Withdraw"),
        ),
    };
    let row = Row {
        name: deed.field(),
        label,
        hint,
        value: words,
        problems,
    };
    let inner = html! {
        input type="hidden" name="key" value=(key);
        (row.lines(5, NOTE_MAX))
        p class="go" { button type="submit" class=(if deed == Deed::Withdraw { "button danger" } else { "button" }) { (button) } }
    };
    let main = html! {
        (back(visit, &format!("/track/{number}")))
        (errors(visit, problems))
        h1 { (title) }
        p class="hint" { (known.appeal.title) " · " span class="num" { (number) } }
        (form(visit, &format!("/track/{number}/{}", deed.path()), &inner))
    };
    frame(visit, &titled(visit, title, problems), &main)
}
