//! After the settling: once more, one level up, closed, archived.

use hotline_policy::Refusal;

use crate::domain::dispatch::send;
use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::refusals::{REDO_EXHAUSTED, STATEMENT_MISSING, VALUE_UNKNOWN};
use crate::domain::rules::Raised;
use crate::domain::{LegKind, Moment, Order, Outcome, Rules, State, UnitId};

/// Has a settled matter handled once more, by the same units.
pub(super) fn redo(
    order: &Order,
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    if !can_be_redone(order) {
        return Err(order.wrong_state());
    }
    require_text(reason, "reason")?;
    if let Some(rule) = rules.redo_rule(order).filter(|rule| order.round >= rule.end_at) {
        let detail = format!("round {} of {}", order.round, rule.end_at);
        let article = rule.end.article_of("end_at");
        return Err(Refusal::new(&REDO_EXHAUSTED).detail(detail).article(article));
    }
    again(order, reason, rules, moment).ok_or_else(|| order.wrong_state())
}

/// Closes a settled order by hand.
pub(super) fn close(order: &Order, outcome: Outcome, reason: &str) -> Result<Vec<Event>, Refusal> {
    if order.state != State::Settled {
        return Err(order.wrong_state());
    }
    if !matches!(outcome, Outcome::Excluded | Outcome::Final) {
        return Err(Refusal::new(&VALUE_UNKNOWN)
            .field("outcome")
            .detail("excluded, final"));
    }
    require_text(reason, "reason")?;
    Ok(vec![Event::Closed {
        outcome,
        reason: reason.to_owned(),
    }])
}

/// Puts a closed order into the archive.
pub(super) fn archive(order: &Order, rules: &Rules<'_>, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    match order.state {
        State::Closed { .. } if order.dossier.owed().next().is_some() => {
            let owed = order.dossier.owed().map(|owed| owed.unit.to_string());
            Err(Refusal::new(&STATEMENT_MISSING).detail(owed.collect::<Vec<_>>().join(", ")))
        }
        State::Closed { .. } => Ok(vec![Event::Archived {
            keep_until: rules.keep_until(moment.now),
        }]),
        _ => Err(order.wrong_state()),
    }
}

/// Whether another round may follow: settled, or closed by nothing but the approval of the reply.
pub(super) fn can_be_redone(order: &Order) -> bool {
    matches!(
        order.state,
        State::Settled
            | State::Closed {
                outcome: Outcome::Answered
            }
    )
}

/// A new round with the same lead and co-handlers; nothing when the round had no lead.
pub(super) fn again(
    order: &Order,
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Option<Vec<Event>> {
    let lead = &order.lead()?.unit;
    let round = order.round + 1;
    let mut events = vec![
        Event::Redone {
            reason: reason.to_owned(),
            lead: lead.clone(),
        },
        send(order, LegKind::Lead, lead, round, rules, moment),
    ];
    let co_handlers = order
        .co_handlers()
        .map(|leg| send(order, LegKind::CoHandle, &leg.unit, round, rules, moment));
    events.extend(co_handlers);
    Some(events)
}

/// A new round where the policy raises it: by the lists of duties, to the unit above the lead, or to the hotline body.
pub(super) fn one_level_up(
    order: &Order,
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Option<Vec<Event>> {
    let lead = &order.lead()?.unit;
    let unit: UnitId = match rules.raised(order) {
        Raised::SameUnit => return again(order, reason, rules, moment),
        Raised::To(unit) if unit == *lead => return again(order, reason, rules, moment),
        Raised::To(unit) => unit,
        Raised::Above => rules.unit_above(lead)?,
    };
    let leg = send(order, LegKind::Lead, &unit, order.round + 1, rules, moment);
    Some(vec![
        Event::Escalated {
            unit,
            reason: reason.to_owned(),
        },
        leg,
    ])
}
