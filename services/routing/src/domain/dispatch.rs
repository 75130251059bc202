//! The pool and the sending out: one order, a lead leg, co-handlers, and the second send for an enterprise.

use hotline_policy::Refusal;

use crate::domain::dossier::Disposition;
use crate::domain::duty::require_found;
use crate::domain::event::{AfterReturn, Event, Lateness, SecondSend};
use crate::domain::guard::require_text;
use crate::domain::refusals::{
    ORDER_CLAIMED, ORDER_NOT_CLAIMED, ORDER_NOT_CLAIMER, UNIT_NOT_SPOKEN, UNIT_TWICE, UNITS_TOO_MANY,
};
use crate::domain::rules::cited;
use crate::domain::{
    Dispatch, Leg, LegId, LegKind, Moment, Order, Rules, Standing, State, Suggestion, UnitChoice, UnitId,
};

/// Most co-handlers of one order: more is a joint meeting, not a dispatch.
pub(super) const CO_HANDLERS_MAX: usize = 20;

/// The basis of a dispatch that names none.
const BY_HAND: &str = "派单员指定 / the dispatcher's choice";

/// Why the leg of a co-handler ends that is made the lead.
const PROMOTED: &str = "该单位改为主办 / the unit becomes the lead";

/// Takes the order from the pool.
pub(super) fn claim(order: &Order, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    match &order.state {
        State::PreReview { claimed_by: None, .. } => Ok(vec![Event::Claimed {
            by: moment.actor.name.clone(),
        }]),
        State::PreReview {
            claimed_by: Some(by), ..
        } => Err(Refusal::new(&ORDER_CLAIMED).detail(format!("{} by {by}", order.facts.number))),
        _ => Err(order.wrong_state()),
    }
}

/// Puts the order back.
pub(super) fn release(order: &Order, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    match &order.state {
        State::PreReview {
            claimed_by: Some(by), ..
        } => {
            if *by == moment.actor.name || moment.actor.standing == Standing::TeamLeader {
                return Ok(vec![Event::Released]);
            }
            Err(Refusal::new(&ORDER_NOT_CLAIMER).detail(format!("claimed by {by}")))
        }
        State::PreReview { claimed_by: None, .. } => Err(Refusal::new(&ORDER_NOT_CLAIMED)),
        _ => Err(order.wrong_state()),
    }
}

/// Where the catalogue would send the order, while it can still be sent out.
///
/// # Errors
/// `order.state`; `dispatch.no_catalogue_row`.
pub fn suggest(order: &Order, rules: &Rules<'_>) -> Result<Suggestion, Refusal> {
    match order.state {
        State::PreReview { .. } | State::Disputed { .. } => rules.suggestion(order),
        _ => Err(order.wrong_state()),
    }
}

/// Sends the order out.
pub(super) fn dispatch(
    order: &Order,
    draft: &Dispatch,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let State::PreReview { claimed_by, .. } = &order.state else {
        return Err(order.wrong_state());
    };
    let service = moment.actor.standing == Standing::Service;
    match claimed_by {
        Some(by) if *by != moment.actor.name => {
            return Err(Refusal::new(&ORDER_NOT_CLAIMER).detail(format!("claimed by {by}")));
        }
        None if !service => return Err(Refusal::new(&ORDER_NOT_CLAIMED).detail(order.facts.number.clone())),
        _ => {}
    }
    require_spoken(order, draft, rules)?;
    send_out(order, draft, UnitChoice::Open, rules, moment)
}

/// Refuses to send what must not wait before the desk has spoken with the unit, where the policy says so.
fn require_spoken(order: &Order, draft: &Dispatch, rules: &Rules<'_>) -> Result<(), Refusal> {
    let flow = rules.policy.flow(&order.facts.matter(order.round));
    match flow.filter(|flow| flow.contact_first) {
        Some(flow) if draft.spoken.is_empty() => {
            let refusal = Refusal::new(&UNIT_NOT_SPOKEN)
                .field("spoken")
                .detail(flow.name.clone());
            Err(cited(refusal, &flow.origin))
        }
        _ => Ok(()),
    }
}

/// Fixes the unit of an order that circled too often.
pub(super) fn determine(
    order: &Order,
    draft: &Dispatch,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    if !matches!(order.state, State::Disputed { .. }) {
        return Err(order.wrong_state());
    }
    require_text(draft.lead.as_ref().map_or("", UnitId::as_str), "lead_unit_id")?;
    require_text(&draft.basis, "reason")?;
    send_out(order, draft, UnitChoice::Determined, rules, moment)
}

fn send_out(
    order: &Order,
    draft: &Dispatch,
    unit_choice: UnitChoice,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Suggestion {
        lead,
        co_handlers,
        basis,
    } = receivers(order, draft, rules)?;
    check_receivers(&lead, &co_handlers, rules)?;
    require_found(order, &lead)?;
    let limited = draft.own_limit.clone().map(|own| Order {
        own_limit: Some(own),
        ..order.clone()
    });
    let order = limited.as_ref().unwrap_or(order);
    let mut events = promote(order, &lead, moment);
    let staying: Vec<_> = order
        .co_handlers()
        .map(|leg| &leg.unit)
        .filter(|unit| **unit != lead)
        .collect();
    let joining: Vec<_> = co_handlers
        .iter()
        .filter(|unit| !staying.contains(unit))
        .collect();
    let second = second_send(order, rules, moment);
    events.push(Event::Dispatched {
        lead: lead.clone(),
        co_handlers: staying
            .iter()
            .copied()
            .chain(joining.iter().copied())
            .cloned()
            .collect(),
        second_send: if second.is_some() {
            SecondSend::Sent
        } else {
            SecondSend::None
        },
        basis: told(basis, &draft.spoken),
        unit_choice,
        own_limit: draft.own_limit.clone(),
        disposition: draft.disposition.unwrap_or(Disposition::Dispatch),
    });
    events.push(send(order, LegKind::Lead, &lead, order.round, rules, moment));
    events.extend(
        joining
            .iter()
            .map(|unit| send(order, LegKind::CoHandle, unit, order.round, rules, moment)),
    );
    events.extend(second);
    Ok(events)
}

/// The basis, and what was said to the unit before.
fn told(basis: String, spoken: &str) -> String {
    match spoken {
        "" => basis,
        words => format!("{basis};派单前已与承办单位沟通:{words}"),
    }
}

/// Who receives it: the units that were named, or the catalogue's.
fn receivers(order: &Order, draft: &Dispatch, rules: &Rules<'_>) -> Result<Suggestion, Refusal> {
    let basis = |own: &str| {
        if draft.basis.trim().is_empty() {
            own.to_owned()
        } else {
            draft.basis.clone()
        }
    };
    let Some(lead) = &draft.lead else {
        let found = rules.suggestion(order)?;
        let named = !draft.co_handlers.is_empty();
        let co_handlers = if named {
            draft.co_handlers.clone()
        } else {
            found.co_handlers
        };
        return Ok(Suggestion {
            co_handlers,
            basis: basis(&found.basis),
            lead: found.lead,
        });
    };
    let row = rules.suggestion(order).ok().filter(|found| found.lead == *lead);
    let own = row.map_or_else(|| BY_HAND.to_owned(), |found| found.basis);
    Ok(Suggestion {
        lead: lead.clone(),
        co_handlers: draft.co_handlers.clone(),
        basis: basis(&own),
    })
}

fn check_receivers(lead: &UnitId, co_handlers: &[UnitId], rules: &Rules<'_>) -> Result<(), Refusal> {
    rules.require_unit(lead, "lead_unit_id")?;
    rules.require_level(lead, "lead_unit_id")?;
    if co_handlers.len() > CO_HANDLERS_MAX {
        return Err(Refusal::new(&UNITS_TOO_MANY).field("co_handler_unit_ids"));
    }
    for (index, unit) in co_handlers.iter().enumerate() {
        rules.require_unit(unit, "co_handler_unit_ids")?;
        rules.require_level(unit, "co_handler_unit_ids")?;
        if unit == lead || co_handlers[..index].contains(unit) {
            return Err(Refusal::new(&UNIT_TWICE)
                .field("co_handler_unit_ids")
                .detail(unit.as_str()));
        }
    }
    Ok(())
}

/// Ends the co-handling of the unit that now leads: one unit, one leg.
fn promote(order: &Order, lead: &UnitId, moment: &Moment<'_>) -> Vec<Event> {
    let legs = order.co_handlers().filter(|leg| leg.unit == *lead);
    let end = |leg: &Leg| Event::ReturnDecided {
        leg: leg.id,
        request: leg
            .return_request
            .as_ref()
            .map_or_else(moment.new_id, |request| request.id),
        then: AfterReturn::Returned,
        reason: PROMOTED.to_owned(),
        platform_late: Lateness::InTime,
        article: String::new(),
    };
    legs.map(end).collect()
}

/// The second send, once in the life of a labelled order (Xuzhou art. 2); cities without a second receiver have none.
fn second_send(order: &Order, rules: &Rules<'_>, moment: &Moment<'_>) -> Option<Event> {
    if !order.facts.is_enterprise() || order.enterprise_leg().is_some() {
        return None;
    }
    let unit = rules.enterprise_unit()?;
    let id = LegId((moment.new_id)());
    let leg = Leg::sent(
        id,
        LegKind::Enterprise,
        unit,
        order.round,
        moment.now,
        crate::domain::Due::Open,
    );
    Some(Event::EnterpriseLegSent(Box::new(leg)))
}

/// A leg with the policy's limit.
pub(super) fn send(
    order: &Order,
    kind: LegKind,
    unit: &UnitId,
    round: u32,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Event {
    let due = rules.answer_due(order, round, moment.now);
    let id = LegId((moment.new_id)());
    Event::LegSent(Box::new(Leg::sent(
        id,
        kind,
        unit.clone(),
        round,
        moment.now,
        due,
    )))
}
