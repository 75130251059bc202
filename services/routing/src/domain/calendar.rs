//! A calendar that came while an order is handled: what is in hand is due by the calendar in force.
//!
//! What was replied to, returned or ended keeps the due time that it was measured against.

use crate::domain::leg::Basis;
use crate::domain::{Due, Leg, LegState, Order, Rules};

/// Whether the due time of a leg in hand was worked out by an older calendar than this version.
#[must_use]
pub fn is_behind(order: &Order, calendar: i32) -> bool {
    let behind = |leg: &Leg| basis(&leg.due).is_some_and(|basis| basis.calendar < calendar);
    order.legs.iter().any(|leg| is_in_hand(leg) && behind(leg))
}

/// Works the due times of the legs in hand out by the calendar of `rules`.
pub fn catch_up(order: &mut Order, rules: &Rules<'_>) {
    for leg in order.legs.iter_mut().filter(|leg| is_in_hand(leg)) {
        work_out(&mut leg.due, rules);
    }
}

fn is_in_hand(leg: &Leg) -> bool {
    matches!(
        leg.state,
        LegState::ToSign | LegState::Signed | LegState::Submitted { .. } | LegState::SentBack(_)
    )
}

fn basis(due: &Due) -> Option<&Basis> {
    match due {
        Due::Ruled { basis, .. } => basis.as_ref(),
        Due::Open | Due::Set { .. } => None,
    }
}

/// The limit from where it began, then every extension from the end of the one before.
fn work_out(due: &mut Due, rules: &Rules<'_>) {
    let Due::Ruled {
        at,
        original,
        within,
        basis: Some(basis),
        ..
    } = due
    else {
        return;
    };
    if basis.calendar >= rules.calendar {
        return;
    }
    *original = rules
        .hours
        .deadline_with(basis.from, *within, basis.convention)
        .at;
    let more = basis.more.iter();
    *at = more.fold(*original, |end, amount| rules.deadline(end, *amount));
    basis.calendar = rules.calendar;
}
