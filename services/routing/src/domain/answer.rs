//! A unit's reply: complete by the policy's list, after those it depends on (Xuzhou art. 12(4), Nanchang art. 14(6)).

use hotline_policy::{Join, Refusal, ReplyCode, ReplyPart};

use crate::domain::event::Event;
use crate::domain::handling::{in_hand, own_leg};
use crate::domain::inside::submit;
use crate::domain::leg::{Reply, ReplyResult};
use crate::domain::refusals::{CHILDREN_OPEN, CO_HANDLERS_OPEN, REPLY_INCOMPLETE, REPLY_RESULT, REPLY_TIME};
use crate::domain::rules::cited;
use crate::domain::{Leg, LegId, LegKind, LegState, Moment, Order, ReplyDraft, Rules};

/// Replies; with it the unit answers for the units below, and its open requests lapse.
pub(super) fn reply(
    order: &Order,
    id: LegId,
    draft: &ReplyDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    in_hand(leg)?;
    let result = complete(order, leg, draft, rules, moment)?;
    if let Some(child) = order.children(id).find(|child| child.is_open()) {
        return Err(Refusal::new(&CHILDREN_OPEN).detail(child.named()));
    }
    require_others(order, leg, rules)?;
    let reply = Reply {
        id: (moment.new_id)(),
        action: draft.action.clone(),
        office: draft.office.clone(),
        handler: draft.handler.clone(),
        result,
        legal_basis: draft.legal_basis.clone(),
        told: draft.told.clone(),
        internal_text: draft.internal_text.clone(),
        public_text: draft.public_text.clone(),
        handled_at: draft.handled_at,
        contact: draft.contact.clone(),
        told_by: draft.told_by,
        evidence: draft.evidence.clone(),
        opinion: draft.opinion.clone(),
    };
    Ok(submit(order, leg, reply, rules, moment))
}

/// Where the lead feeds back for all, its co-handlers reply first (Nanchang art. 8).
fn require_others(order: &Order, leg: &Leg, rules: &Rules<'_>) -> Result<(), Refusal> {
    if rules.review().join != Join::LeadLast || leg.kind != LegKind::Lead {
        return Ok(());
    }
    let replied = |other: &&Leg| matches!(other.state, LegState::Replied(_) | LegState::Approved(_));
    match order.co_handlers().find(|other| !replied(other)) {
        Some(other) => {
            let refusal = Refusal::new(&CO_HANDLERS_OPEN).detail(other.named());
            Err(cited(refusal, &rules.review().origin))
        }
        None => Ok(()),
    }
}

/// Refuses a reply without the parts that the policy requires, or with a result that it does not know.
fn complete(
    order: &Order,
    leg: &Leg,
    draft: &ReplyDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<ReplyResult, Refusal> {
    let review = rules.review();
    let missing = |field: &str| cited(Refusal::new(&REPLY_INCOMPLETE).field(field), &review.origin);
    let opinion_due = order.dossier.opinion_asked.is_some() && order.dossier.opinion.is_none();
    let on_request = review
        .on_request
        .iter()
        .filter(|_| opinion_due && leg.kind == LegKind::Lead);
    for part in review.required.iter().chain(on_request) {
        if let Some(field) = absent(*part, draft) {
            return Err(missing(field));
        }
    }
    if draft.handled_at.is_some_and(|at| at > moment.now) {
        return Err(cited(
            Refusal::new(&REPLY_TIME).field("reply.handled_at"),
            &review.origin,
        ));
    }
    let result = draft.result.ok_or_else(|| missing("reply.result"))?;
    let known = |code: &ReplyCode| code.as_str() == result.as_str();
    if !review.results.is_empty() && !review.results.iter().any(known) {
        let words: Vec<_> = review.results.iter().map(|code| code.as_str()).collect();
        let refusal = Refusal::new(&REPLY_RESULT)
            .field("reply.result")
            .detail(words.join(", "));
        return Err(cited(refusal, &review.origin));
    }
    Ok(result)
}

/// The field that is missing for `part`; nothing when it is there.
fn absent(part: ReplyPart, draft: &ReplyDraft) -> Option<&'static str> {
    let (field, given) = match part {
        ReplyPart::Action => ("reply.action", is_given(&draft.action)),
        ReplyPart::HandledAt => ("reply.handled_at", draft.handled_at.is_some()),
        ReplyPart::Office => ("reply.office", is_given(&draft.office)),
        ReplyPart::Handler => ("reply.handler", is_given(&draft.handler)),
        ReplyPart::Contact => ("reply.contact", is_given(&draft.contact)),
        ReplyPart::Result => ("reply.result", draft.result.is_some()),
        ReplyPart::Basis => ("reply.legal_basis", is_given(&draft.legal_basis)),
        ReplyPart::Told if !is_given(&draft.told) => ("reply.told", false),
        ReplyPart::Told => ("reply.told_by", draft.told_by.is_some()),
        ReplyPart::Evidence => ("reply.evidence", !draft.evidence.is_empty()),
        ReplyPart::InternalText => ("reply.internal_text", is_given(&draft.internal_text)),
        ReplyPart::PublicText => ("reply.public_text", is_given(&draft.public_text)),
        ReplyPart::Opinion => ("reply.opinion", is_given(&draft.opinion)),
    };
    (!given).then_some(field)
}

fn is_given(text: &str) -> bool {
    !text.trim().is_empty()
}
