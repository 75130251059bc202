//! What the forms of a leg ask for now, and until when they are open: the same rules as the commands, told beforehand.

use chrono::{DateTime, Utc};
use hotline_policy::{Evidence, Refusal, ReplyPart};

use crate::domain::handling::own_leg;
use crate::domain::rules::article_of;
use crate::domain::{LegId, LegKind, Moment, Order, Rules, extensions, requests};

/// The forms of one leg.
#[derive(Debug, Clone, PartialEq)]
pub struct Forms {
    /// What a reply must carry.
    pub reply: ReplyForm,
    /// How it is given back.
    pub give_back: RequestForm,
    /// How more time is asked for.
    pub extension: RequestForm,
}

/// What a reply must carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyForm {
    /// Fields of the contract's `Reply`.
    pub required: Vec<&'static str>,
    /// Results that it may name; empty means any.
    pub results: Vec<&'static str>,
    /// Who inside the unit approves it, one after another.
    pub levels: Vec<&'static str>,
    /// Article; empty where the operator set it.
    pub article: String,
}

/// What a request must bring, and when it may come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestForm {
    /// Why it would be refused now; nothing while it is open.
    pub barred: Option<Refusal>,
    /// Fields of the contract's request.
    pub required: Vec<&'static str>,
    /// Not before; nothing without a bound.
    pub opens: Option<DateTime<Utc>>,
    /// Not after; nothing without a bound.
    pub closes: Option<DateTime<Utc>>,
    /// Article; empty where the operator set it.
    pub article: String,
}

impl RequestForm {
    /// One that is not open, and where no rule says more.
    pub(super) fn barred(refusal: Refusal) -> Self {
        Self {
            barred: Some(refusal),
            ..Self::default()
        }
    }
}

/// The forms of the leg `id`, for the unit that it was sent to.
///
/// # Errors
/// `leg.not_found`, `leg.not_yours`.
pub fn forms(order: &Order, id: LegId, rules: &Rules<'_>, moment: &Moment<'_>) -> Result<Forms, Refusal> {
    let leg = own_leg(order, id, moment)?;
    let review = rules.review();
    let opinion_due = order.dossier.opinion_asked.is_some() && order.dossier.opinion.is_none();
    let on_request = review
        .on_request
        .iter()
        .filter(|_| opinion_due && leg.kind == LegKind::Lead);
    let mut required = vec!["result"];
    for part in review.required.iter().chain(on_request) {
        required.extend(reply_fields(*part).iter().filter(|field| **field != "result"));
    }
    Ok(Forms {
        reply: ReplyForm {
            required,
            results: review.results.iter().map(|code| code.as_str()).collect(),
            levels: review.levels.iter().map(|level| level.as_str()).collect(),
            article: article_of(&review.origin),
        },
        give_back: requests::form(order, leg, rules, moment.now),
        extension: extensions::form(order, leg, rules, moment.now),
    })
}

/// Fields of the contract that carry `part` of a reply.
fn reply_fields(part: ReplyPart) -> &'static [&'static str] {
    match part {
        ReplyPart::Action => &["action"],
        ReplyPart::HandledAt => &["handled_at"],
        ReplyPart::Office => &["office"],
        ReplyPart::Handler => &["handler"],
        ReplyPart::Contact => &["contact"],
        ReplyPart::Result => &["result"],
        ReplyPart::Basis => &["legal_basis"],
        ReplyPart::Told => &["told", "told_by"],
        ReplyPart::Evidence => &["evidence"],
        ReplyPart::InternalText => &["internal_text"],
        ReplyPart::PublicText => &["public_text"],
        ReplyPart::Opinion => &["opinion"],
    }
}

/// The field of a request that carries `evidence`; `first` is that of its reason.
pub(super) fn request_field(evidence: Evidence, first: &'static str) -> &'static str {
    match evidence {
        Evidence::Basis => "basis",
        Evidence::Reason => first,
        Evidence::Suggestion => "suggestion",
        Evidence::Explanation => "explanation",
        Evidence::Signature => "signed_by",
        Evidence::Seal => "sealed",
    }
}
