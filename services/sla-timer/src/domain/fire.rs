//! What a clock says when its time comes.

use chrono::{DateTime, Utc};

use super::clock::{Clock, Event, State};
use super::decide::lapses;

/// What the clock has to say at `now`; `None` when it does not run, or its time has not come.
///
/// After an outage a clock that ran out says so and no more; of several reminders only the last is told.
#[must_use]
pub fn fire(clock: Clock, now: DateTime<Utc>) -> Option<Event> {
    let State::Armed(reminders) = &clock.state else {
        return None;
    };
    if clock.due_at <= now {
        return Some(run_out(clock, now));
    }
    let told = reminders.iter().rposition(|reminder| reminder.at <= now)?;
    let before = reminders.get(told)?.before;
    let left = reminders.iter().skip(told + 1).copied().collect();
    Some(Event::Reminded {
        clock: clock.into_state(State::Armed(left)),
        before,
    })
}

fn run_out(clock: Clock, now: DateTime<Utc>) -> Event {
    if lapses(&clock) {
        let closed_at = clock.due_at;
        return Event::Cancelled(clock.into_state(State::Cancelled(closed_at)));
    }
    Event::Breached {
        clock: clock.into_state(State::Breached),
        detected_at: now,
    }
}
