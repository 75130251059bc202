//! What a unit does with its leg: acknowledge, sign, speak with the appellant, pass down, reply.

use chrono::{DateTime, Utc};
use hotline_policy::{Refusal, ReplyPart};

use crate::domain::event::{AfterReturn, Event, Lateness};
use crate::domain::guard::require_text;
use crate::domain::leg::{Due, Reply, ReplyResult};
use crate::domain::refusals::{
    CHILDREN_OPEN, DELEGATED_ALREADY, DUE_NOT_BEFORE, LEG_NOT_YOURS, REPLY_INCOMPLETE, RETURN_PENDING,
    UNIT_NOT_BELOW,
};
use crate::domain::rules::cited;
use crate::domain::{Leg, LegId, LegKind, LegState, Moment, Order, ReplyDraft, Rules, Standing, UnitId};

/// Why a request ends that nobody decided before the reply came.
const LAPSED: &str = "单位已答复,申请自行终止 / lapsed: the unit replied";

/// Confirms that a leg arrived; a second time changes nothing.
pub(super) fn acknowledge(order: &Order, id: LegId, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    let leg = order.require_leg(id)?;
    match &moment.actor.standing {
        Standing::Service => {}
        Standing::Unit(unit) if *unit == leg.unit => {}
        _ => return Err(Refusal::new(&LEG_NOT_YOURS).detail(leg.named())),
    }
    if leg.times.acknowledged.is_some() {
        return Ok(Vec::new());
    }
    if !leg.stands() {
        return Err(leg.wrong_state());
    }
    Ok(vec![Event::LegAcknowledged(id)])
}

/// Signs for a leg, which says that it arrived too.
pub(super) fn sign(order: &Order, id: LegId, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    match (&leg.state, leg.times.acknowledged) {
        (LegState::ToSign, None) => Ok(vec![Event::LegAcknowledged(id), Event::LegSigned(id)]),
        (LegState::ToSign, Some(_)) => Ok(vec![Event::LegSigned(id)]),
        _ => Err(leg.wrong_state()),
    }
}

/// Records that the unit spoke with the appellant (Xuzhou art. 12(3)).
pub(super) fn contact(
    order: &Order,
    id: LegId,
    note: &str,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    in_hand(own_leg(order, id, moment)?)?;
    require_text(note, "note")?;
    Ok(vec![Event::Contacted {
        leg: id,
        note: note.to_owned(),
    }])
}

/// Passes a leg down, with a shorter limit.
pub(super) fn delegate(
    order: &Order,
    id: LegId,
    unit: &UnitId,
    due_at: DateTime<Utc>,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    in_hand(leg)?;
    if leg.return_request.is_some() {
        return Err(Refusal::new(&RETURN_PENDING).detail(leg.named()));
    }
    rules.require_unit(unit, "unit_id")?;
    if !rules.is_below(unit, &leg.unit) {
        let detail = format!("{unit} is not below {}", leg.unit);
        return Err(Refusal::new(&UNIT_NOT_BELOW).field("unit_id").detail(detail));
    }
    if order
        .children(id)
        .any(|child| child.unit == *unit && child.is_open())
    {
        return Err(Refusal::new(&DELEGATED_ALREADY)
            .field("unit_id")
            .detail(unit.as_str()));
    }
    if due_at <= moment.now || leg.due.at().is_some_and(|own| due_at >= own) {
        return Err(Refusal::new(&DUE_NOT_BEFORE).field("due_at"));
    }
    let kind = LegKind::Delegated { parent: id };
    let due = Due::Set { at: due_at };
    let child = Leg::sent(
        LegId((moment.new_id)()),
        kind,
        unit.clone(),
        order.round,
        moment.now,
        due,
    );
    Ok(vec![Event::LegSent(Box::new(child))])
}

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
    let result = complete(draft, rules)?;
    if let Some(child) = order.children(id).find(|child| child.is_open()) {
        return Err(Refusal::new(&CHILDREN_OPEN).detail(child.named()));
    }
    let mut events = lapse(leg);
    events.extend(order.children(id).filter_map(approve_child));
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
    };
    events.push(Event::LegReplied {
        leg: id,
        reply: Box::new(reply),
    });
    Ok(events)
}

/// The leg, if it is one to handle and the actor's own.
pub(super) fn own_leg<'o>(order: &'o Order, id: LegId, moment: &Moment<'_>) -> Result<&'o Leg, Refusal> {
    let leg = order.require_leg(id)?;
    leg.require_unit(moment.actor)?;
    order.handled_leg(id)
}

/// Refuses a leg that is not signed, or no longer the unit's to work on.
pub(super) fn in_hand(leg: &Leg) -> Result<(), Refusal> {
    match leg.state {
        LegState::Signed | LegState::SentBack(_) => Ok(()),
        _ => Err(leg.wrong_state()),
    }
}

/// Refuses a reply without the parts that the policy requires. What the contract has no field for (the time of
/// handling is the service's own, evidence and written opinions are attachments) is not asked for here.
fn complete(draft: &ReplyDraft, rules: &Rules<'_>) -> Result<ReplyResult, Refusal> {
    let review = rules.review();
    let missing = |field: &str| cited(Refusal::new(&REPLY_INCOMPLETE).field(field), &review.origin);
    for part in &review.required {
        let (field, text) = match part {
            ReplyPart::Action => ("reply.action", &draft.action),
            ReplyPart::Office => ("reply.office", &draft.office),
            ReplyPart::Handler => ("reply.handler", &draft.handler),
            ReplyPart::Basis => ("reply.legal_basis", &draft.legal_basis),
            ReplyPart::Told => ("reply.told", &draft.told),
            ReplyPart::InternalText => ("reply.internal_text", &draft.internal_text),
            ReplyPart::PublicText => ("reply.public_text", &draft.public_text),
            ReplyPart::Result
            | ReplyPart::HandledAt
            | ReplyPart::Contact
            | ReplyPart::Evidence
            | ReplyPart::Opinion => continue,
        };
        if text.trim().is_empty() {
            return Err(missing(field));
        }
    }
    draft.result.ok_or_else(|| missing("reply.result"))
}

/// The end of requests that nobody decided before the reply came.
fn lapse(leg: &Leg) -> Vec<Event> {
    let returned = leg.return_request.as_ref().map(|request| Event::ReturnDecided {
        leg: leg.id,
        request: request.id,
        then: AfterReturn::GoesOn,
        reason: LAPSED.to_owned(),
        platform_late: Lateness::InTime,
    });
    let extended = leg
        .extension_request
        .as_ref()
        .map(|request| Event::ExtensionRefused {
            leg: leg.id,
            request: request.id,
            reason: LAPSED.to_owned(),
        });
    returned.into_iter().chain(extended).collect()
}

fn approve_child(child: &Leg) -> Option<Event> {
    match &child.state {
        LegState::Replied(reply) => Some(Event::ReplyApproved {
            leg: child.id,
            reply: reply.id,
        }),
        _ => None,
    }
}
