//! What a signal does to the clocks of its order: stop, end, move or resume, then start.

use chrono::{DateTime, Utc};
use hotline_policy::Obligation;
use hotline_worktime::Due;

use super::clock::{Basis, Clock, Event, Sorts, State, identity};
use super::late::mark;
use super::moves::{extend, rearm, resume};
use super::obligations::{Debtor, Ends, Expiry, Row, Subject, TABLE, ends, row_of};
use super::rules::Rules;
use super::signal::{Signal, What};

/// What happens to the clocks of an order. `clocks` are those that [`What::needs`] names; `now` is when a breach that
/// the signal reveals is noticed.
///
/// A duty done after its due time is told as breached first, unless that was told already.
#[must_use]
pub fn decide(clocks: &[Clock], signal: &Signal, rules: &Rules, now: DateTime<Utc>) -> Vec<Event> {
    let mut events = Vec::new();
    let mut open: Vec<Clock> = clocks.iter().filter(|clock| clock.is_open()).cloned().collect();
    open.retain(|clock| {
        let done = does(signal, clock);
        if done {
            stop(clock.clone(), signal.at, now, &mut events);
        }
        !done
    });
    open.retain(|clock| {
        let ended = is_ended(signal, clock);
        if ended {
            let clock = noticed(clock.clone(), signal.at >= clock.due_at, now, &mut events);
            events.push(Event::Cancelled(clock.into_state(State::Cancelled(signal.at))));
        }
        !ended
    });
    match signal.what {
        What::ExtensionGranted => events.extend(extend(&open, signal, rules, now)),
        What::SentBackOnSameClock => events.extend(resume(clocks, signal, rules, now)),
        What::AppealUnmerged => events.extend(rearm(clocks, signal, rules, now)),
        _ => {}
    }
    let mut events = mark(events, &open, clocks, signal);
    let kind = signal.leg.as_ref().map(|sent| sent.leg.kind);
    let starting = TABLE.iter().filter(|row| row.is_started_by(signal.what, kind));
    events.extend(
        starting
            .filter_map(|row| start(row, signal, rules))
            .map(Event::Armed),
    );
    events
}

/// Whether the signal is the doing of the clock's duty.
fn does(signal: &Signal, clock: &Clock) -> bool {
    let Some(row) = row_of(clock).filter(|row| row.stops.contains(&signal.what)) else {
        return false;
    };
    match (row.subject, signal.leg_id()) {
        (Subject::Order, _) | (Subject::Leg, None) => true,
        (Subject::Leg, Some(leg)) => clock.leg.is_some_and(|own| own.id == leg),
        (Subject::Matter, _) => clock.id == id_for(row, signal),
    }
}

/// Whether the signal makes the clock's duty fall away.
fn is_ended(signal: &Signal, clock: &Clock) -> bool {
    let leg = signal.leg_id();
    match ends(signal.what) {
        Ends::Nothing => false,
        Ends::Order => true,
        Ends::OrderButCallback => clock.obligation != Obligation::Callback,
        Ends::Leg => {
            leg.is_some()
                && clock
                    .leg
                    .is_some_and(|own| Some(own.id) == leg || own.parent == leg)
        }
        Ends::ReturnWindow => {
            clock.obligation == Obligation::ReturnWindow && clock.leg.map(|own| own.id) == leg
        }
    }
}

/// The clock, told as breached first where it had run out and nobody had noticed.
fn noticed(clock: Clock, ran_out: bool, now: DateTime<Utc>, events: &mut Vec<Event>) -> Clock {
    if !ran_out || !matches!(clock.state, State::Armed(_)) || lapses(&clock) {
        return clock;
    }
    let breached = clock.into_state(State::Breached);
    events.push(Event::Breached {
        clock: breached.clone(),
        detected_at: now,
    });
    breached
}

fn stop(clock: Clock, at: DateTime<Utc>, now: DateTime<Utc>, events: &mut Vec<Event>) {
    let in_time = at <= clock.due_at;
    let clock = noticed(clock, !in_time, now, events);
    let state = if in_time || lapses(&clock) {
        State::Met(at)
    } else {
        State::Late(at)
    };
    events.push(Event::Stopped(clock.into_state(state)));
}

/// Whether the clock only closes a window.
pub(super) fn lapses(clock: &Clock) -> bool {
    row_of(clock).is_some_and(|row| row.expiry == Expiry::Lapse)
}

/// The clock that a row starts; `None` when the policy sets no limit for it.
fn start(row: &'static Row, signal: &Signal, rules: &Rules) -> Option<Clock> {
    let sent = signal.leg.as_ref().filter(|_| row.subject != Subject::Order);
    let terms = rules.terms_after(&signal.order, row.obligation, signal.what)?;
    let given = signal.due_at.filter(|_| row.obligation == Obligation::Answer);
    let (due, basis) = match given {
        Some(at) => (
            Due {
                at,
                provisional: false,
            },
            Basis::Fixed,
        ),
        None => (terms.due(signal.at, &[terms.within])?, terms.basis()),
    };
    let reminders = if row.expiry == Expiry::Breach {
        terms.reminders(signal.at, due.at)
    } else {
        Vec::new()
    };
    let unit = sent
        .filter(|_| row.debtor == Debtor::Unit)
        .map(|sent| sent.unit.clone());
    Some(Clock {
        id: id_for(row, signal),
        order: signal.order.id,
        leg: sent.map(|sent| sent.leg),
        unit: unit.unwrap_or_default(),
        obligation: row.obligation,
        state: State::Armed(reminders),
        generation: 1,
        started_at: signal.at,
        due_at: due.at,
        basis,
        article: terms.article,
        provisional: due.provisional,
        calendar: rules.version(),
        platform_caused: false,
        sorts: Sorts::from(&signal.order.matter),
        facts: signal.order.facts.clone(),
    })
}

/// The id of the clock of this row that the signal concerns.
fn id_for(row: &Row, signal: &Signal) -> uuid::Uuid {
    let leg = signal.leg_id().filter(|_| row.subject != Subject::Order);
    identity(
        signal.order.id,
        row.obligation,
        leg,
        signal.order.matter.round,
        &signal.cause,
    )
}
