//! Due times that move: an extension, a calendar, and the same clock going on after a reply was sent back.

use chrono::{DateTime, Utc};
use hotline_policy::Obligation;
use hotline_worktime::Due;

use super::clock::{Basis, Clock, Event, MoveReason, Order, State};
use super::decide::lapses;
use super::rules::{Rules, Terms};
use super::signal::Signal;

/// What a new calendar makes of a clock.
#[derive(Clone, Debug, PartialEq)]
pub enum Recomputed {
    /// Its due time stays; the clock is only marked as worked out by the new calendar.
    Same(Clock),
    /// Its due time moves.
    Moved(Event),
}

/// Moves the open answer clock of the signal's leg to the due time that the extension sets.
pub(super) fn extend(open: &[Clock], signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Option<Event> {
    let due_at = signal.due_at?;
    let clock = open.iter().find(|clock| is_answer_of(clock, signal))?;
    let terms = rules.terms(&signal.order, clock.obligation);
    let (basis, due) = extended(clock, signal, terms.as_ref(), due_at);
    let mut moved = retimed(clock, due, terms.as_ref(), now);
    moved.basis = basis;
    moved.calendar = rules.version();
    Some(Event::Moved {
        clock: moved,
        due_before: clock.due_at,
        reason: MoveReason::Extension,
    })
}

/// The basis after an extension: another limit in the chain where our arithmetic agrees with the decision's, else the
/// instant that was decided.
fn extended(
    clock: &Clock,
    signal: &Signal,
    terms: Option<&Terms<'_>>,
    due_at: DateTime<Utc>,
) -> (Basis, Due) {
    if let (Basis::Limits(limits), Some(amount), Some(terms)) = (&clock.basis, signal.amount, terms) {
        let mut limits = limits.clone();
        limits.push(amount);
        if let Some(due) = terms
            .due(clock.started_at, &limits)
            .filter(|due| due.at == due_at)
        {
            return (Basis::Limits(limits), due);
        }
    }
    (
        Basis::Fixed,
        Due {
            at: due_at,
            provisional: false,
        },
    )
}

/// Lets the answer clock of the signal's leg, which the reply had stopped, run on to the same due time.
pub(super) fn resume(clocks: &[Clock], signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Option<Event> {
    let answers = clocks.iter().filter(|clock| is_answer_of(clock, signal));
    let clock = answers.max_by_key(|clock| clock.stopped_at())?;
    let state = match clock.state {
        State::Met(_) => {
            let terms = rules.terms(&signal.order, clock.obligation);
            State::Armed(terms.map_or_else(Vec::new, |terms| terms.reminders(now, clock.due_at)))
        }
        State::Late(_) => State::Breached,
        State::Armed(_) | State::Breached | State::Cancelled(_) => return None,
    };
    Some(Event::Armed(clock.clone().into_state(state)))
}

fn is_answer_of(clock: &Clock, signal: &Signal) -> bool {
    clock.obligation == Obligation::Answer && clock.leg.map(|leg| leg.id) == signal.leg_id()
}

/// Works an open clock out anew by the calendar of `rules`. A clock whose policy is not known here keeps its due time.
#[must_use]
pub fn recompute(clock: &Clock, order: &Order, rules: &Rules, now: DateTime<Utc>) -> Recomputed {
    let terms = rules.terms(order, clock.obligation);
    let due = match (&clock.basis, &terms) {
        (Basis::Limits(limits), Some(terms)) => terms.due(clock.started_at, limits),
        _ => None,
    };
    let due = due.unwrap_or(Due {
        at: clock.due_at,
        provisional: clock.provisional,
    });
    let mut anew = retimed(clock, due, terms.as_ref(), now);
    anew.calendar = rules.version();
    if due.at == clock.due_at {
        return Recomputed::Same(anew);
    }
    Recomputed::Moved(Event::Moved {
        clock: anew,
        due_before: clock.due_at,
        reason: MoveReason::Calendar,
    })
}

/// The clock with another due time: one that has run out runs again when the new time is still to come.
fn retimed(clock: &Clock, due: Due, terms: Option<&Terms<'_>>, now: DateTime<Utc>) -> Clock {
    let reminders = || {
        let terms = terms.filter(|_| !lapses(clock));
        terms.map_or_else(Vec::new, |terms| {
            terms.reminders(now.max(clock.started_at), due.at)
        })
    };
    let state = match &clock.state {
        State::Armed(_) => State::Armed(reminders()),
        State::Breached if due.at > now => State::Armed(reminders()),
        other => other.clone(),
    };
    let mut clock = clock.clone().into_state(state);
    clock.due_at = due.at;
    clock.provisional = due.provisional;
    clock
}
