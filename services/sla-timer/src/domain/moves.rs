//! Due times that move: an extension, a calendar, and the same clock going on after a reply was sent back.

use chrono::{DateTime, Utc};
use hotline_policy::Obligation;
use hotline_worktime::{Due, Limit};

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

/// Moves the open clocks of the signal's leg that an extension moves: the one that the decision worked out to its due
/// time, others that the policy names by the same amount from where they were.
pub(super) fn extend(open: &[Clock], signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Vec<Event> {
    let Some(due_at) = signal.due_at else {
        return Vec::new();
    };
    let handling = rules.handling(&signal.order);
    let moved = |clock: &Clock| {
        let terms = rules.terms(&signal.order, clock.obligation);
        let (basis, due) = if clock.obligation == handling {
            extended(clock, signal, terms.as_ref(), (due_at, rules.version()))
        } else {
            lengthened(clock, signal.amount?, terms.as_ref()?)?
        };
        let mut anew = retimed(clock, due, terms.as_ref(), now);
        anew.basis = basis;
        anew.calendar = rules.version();
        Some(Event::Moved {
            clock: anew,
            due_before: clock.due_at,
            reason: MoveReason::Extension,
        })
    };
    let concerned = |clock: &&Clock| {
        is_handling_of(clock, signal)
            && (clock.obligation == handling || rules.extends(&signal.order).contains(&clock.obligation))
    };
    open.iter().filter(concerned).filter_map(moved).collect()
}

/// The basis and due time with one more limit in the chain.
fn lengthened(clock: &Clock, amount: Limit, terms: &Terms<'_>) -> Option<(Basis, Due)> {
    let Basis::Limits(limits) = &clock.basis else {
        return None;
    };
    let mut limits = limits.clone();
    limits.push(amount);
    let due = terms.due(clock.started_at, &limits)?;
    Some((Basis::Limits(limits), due))
}

/// The basis after an extension: another limit in the chain where our arithmetic agrees with the decision's or stands on
/// a newer calendar than it, else the instant that was decided.
fn extended(
    clock: &Clock,
    signal: &Signal,
    terms: Option<&Terms<'_>>,
    (due_at, calendar): (DateTime<Utc>, i32),
) -> (Basis, Due) {
    let agreed = signal
        .amount
        .zip(terms)
        .and_then(|(amount, terms)| lengthened(clock, amount, terms))
        .filter(|(_, due)| due.at == due_at || signal.calendar < calendar);
    if let Some(agreed) = agreed {
        return agreed;
    }
    (
        Basis::Fixed,
        Due {
            at: due_at,
            provisional: false,
        },
    )
}

/// Lets the clock of the signal's leg that the answer is measured against, which the reply had stopped, run on to the
/// same due time, or to where a calendar that came meanwhile moves it. Where the settling has a limit apart, an answer that was given stays given.
pub(super) fn resume(clocks: &[Clock], signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Option<Event> {
    let of_leg = || clocks.iter().filter(|clock| is_handling_of(clock, signal));
    let handling = rules.handling(&signal.order);
    let measured = of_leg().filter(|clock| clock.obligation == handling);
    let answers = of_leg().filter(|clock| clock.obligation == Obligation::Answer);
    let latest = |clock: &&Clock| clock.stopped_at();
    let clock = measured
        .max_by_key(latest)
        .or_else(|| answers.max_by_key(latest))?;
    let state = match clock.state {
        State::Met(_) => running(clock, signal, rules, now),
        State::Late(_) => State::Breached,
        State::Armed(_) | State::Breached | State::Cancelled(_) => return None,
    };
    Some(Event::Armed(up_to_date(
        clock.clone().into_state(state),
        signal,
        rules,
        now,
    )))
}

/// The clock as the calendar in force has it, which may have come while it stood still.
fn up_to_date(clock: Clock, signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Clock {
    if !rules.is_stale(&clock) {
        return clock;
    }
    match recompute(&clock, &signal.order, rules, now) {
        Recomputed::Same(clock) => clock,
        Recomputed::Moved(event) => event.clock().clone(),
    }
}

/// Lets the clocks that a joining of the appeal had ended run on to the same due times; what had run out by then was
/// told, and is owed still.
pub(super) fn rearm(clocks: &[Clock], signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Vec<Event> {
    let ended = |clock: &&Clock| matches!(clock.state, State::Cancelled(_)) && !lapses(clock);
    let joined = clocks.iter().filter(ended).filter_map(Clock::stopped_at).max();
    clocks
        .iter()
        .filter(ended)
        .filter(|clock| clock.stopped_at() == joined)
        .map(|clock| {
            let state = if joined.is_some_and(|joined| clock.due_at <= joined) {
                State::Breached
            } else {
                running(clock, signal, rules, now)
            };
            Event::Armed(up_to_date(clock.clone().into_state(state), signal, rules, now))
        })
        .collect()
}

/// The state of a clock that runs on; what falls due meanwhile is told by the timer.
fn running(clock: &Clock, signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> State {
    let terms = rules
        .terms(&signal.order, clock.obligation)
        .filter(|_| !lapses(clock));
    State::Armed(terms.map_or_else(Vec::new, |terms| terms.reminders(now, clock.due_at)))
}

/// Whether the clock measures the handling of the signal's leg.
pub(super) fn is_handling_of(clock: &Clock, signal: &Signal) -> bool {
    matches!(clock.obligation, Obligation::Answer | Obligation::Settle)
        && clock.leg.map(|leg| leg.id) == signal.leg_id()
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
