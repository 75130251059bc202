//! What other services told, applied to the order as it is by now: a state that moved on is left alone.

use hotline_policy::{AtEnd, CloseEvent, RedoRule};

use crate::domain::closing::{again, can_be_redone, one_level_up};
use crate::domain::dossier::StatementKind;
use crate::domain::event::Event;
use crate::domain::verified::verified;
use crate::domain::{Heard, LegId, Moment, Order, Outcome, Rules, State, Verdict};

const SATISFIED: &str = "回访满意 / the appellant is content";
const UNREACHED: &str = "回访未接通 / nobody was reached";
const ENDED: &str = "已达重办上限 / the last round";

/// What follows from `heard`; nothing when the order has moved on.
pub fn hear(order: &Order, heard: &Heard, rules: &Rules<'_>, moment: &Moment<'_>) -> Vec<Event> {
    match heard {
        Heard::EnterpriseReceived { leg } => received(order, *leg),
        Heard::Withdrawn { reason } if !order.is_ended() => vec![Event::Withdrawn {
            reason: reason.clone(),
        }],
        Heard::Urged { count } => urged(order, *count),
        Heard::Supplemented { text } if !order.is_ended() => vec![Event::Supplemented { text: text.clone() }],
        Heard::AnsweredWell { round } if awaits_callback(order, *round) => {
            closed(Outcome::Satisfied, SATISFIED)
        }
        Heard::AnsweredBadly { round } if was_asked(order, *round) => vec![Event::BadAnswerNoted],
        Heard::Unreached { round, outcome } if awaits_callback(order, *round) => {
            closed_by_silence(*outcome, rules)
        }
        Heard::Verified {
            round,
            fix_by,
            reason,
        } if was_asked(order, *round) => verified(order, *fix_by, reason, rules, moment),
        Heard::Judged {
            round,
            verdict,
            reason,
        } if was_asked(order, *round) => judged(order, *verdict, reason, rules, moment),
        _ => Vec::new(),
    }
}

fn received(order: &Order, id: LegId) -> Vec<Event> {
    let waiting = order
        .leg(id)
        .filter(|leg| leg.stands() && leg.times.acknowledged.is_none());
    waiting
        .map(|leg| Event::LegAcknowledged(leg.id))
        .into_iter()
        .collect()
}

/// Counts are told whole, so that a repeated event counts once.
fn urged(order: &Order, count: u32) -> Vec<Event> {
    if count > order.urge_count {
        vec![Event::Urged { count }]
    } else {
        Vec::new()
    }
}

fn awaits_callback(order: &Order, round: u32) -> bool {
    order.state == State::Settled && order.round == round
}

fn was_asked(order: &Order, round: u32) -> bool {
    can_be_redone(order) && order.round == round
}

fn closed(outcome: Outcome, reason: &str) -> Vec<Event> {
    vec![Event::Closed {
        outcome,
        reason: reason.to_owned(),
    }]
}

/// An order that the approval of its reply closed stays closed as it is.
fn close_once(order: &Order, outcome: Outcome, reason: &str) -> Option<Vec<Event>> {
    (!order.is_ended()).then(|| closed(outcome, reason))
}

/// Where only a content appellant closes an order, silence that counts against the unit leaves it to a judgement.
fn closed_by_silence(outcome: Outcome, rules: &Rules<'_>) -> Vec<Event> {
    let only_content = rules.close_event() == CloseEvent::SatisfiedCallback;
    if only_content && outcome != Outcome::Satisfied {
        return Vec::new();
    }
    closed(outcome, UNREACHED)
}

/// The end of all rounds; where the policy says so, the unit states how it did its duty (Nanchang art. 31).
fn ended(order: &Order, rule: Option<&RedoRule>) -> Vec<Event> {
    let mut events = close_once(order, Outcome::Final, ENDED).unwrap_or_default();
    let unit = order
        .lead_unit()
        .filter(|_| rule.is_some_and(|rule| rule.at_end == AtEnd::Statement));
    events.extend(unit.map(|unit| Event::StatementDemanded {
        unit: unit.clone(),
        kind: StatementKind::DutyPerformance,
    }));
    events
}

/// The policy's count of bad answers raises a redo one level, and at last ends it.
fn judged(
    order: &Order,
    verdict: Verdict,
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Vec<Event> {
    let counted = |bound: u32| order.bad_answers >= bound;
    let rule = rules.redo_rule(order);
    let events = match verdict {
        Verdict::Excluded => close_once(order, Outcome::Excluded, reason),
        Verdict::Redo if rule.is_some_and(|rule| counted(rule.end_at)) => Some(ended(order, rule)),
        Verdict::Redo if rule.is_some_and(|rule| rule.raise_at.is_some_and(counted)) => {
            one_level_up(order, reason, rules, moment)
        }
        Verdict::Redo => again(order, reason, rules, moment),
        Verdict::Escalate => one_level_up(order, reason, rules, moment),
    };
    events.unwrap_or_default()
}
