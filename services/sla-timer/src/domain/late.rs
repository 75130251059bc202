//! Decisions that came too late: the delay is the platform's, and the clocks of the leg say so.

use super::clock::{Clock, Event, State};
use super::moves::is_handling_of;
use super::signal::Signal;

/// Marks what a late decision of the platform did to the clocks of its leg: in the events that concern them already,
/// else by an event of its own. `open` are the clocks that the signal left open, `before` all that were.
///
/// A decision is late when its own limit had passed, or when the unit's limit passed while it was waited for.
pub(super) fn mark(events: Vec<Event>, open: &[Clock], before: &[Clock], signal: &Signal) -> Vec<Event> {
    if !signal.is_decision() || !is_late(&events, before, signal) {
        return events;
    }
    let concerns = |clock: &Clock| is_handling_of(clock, signal);
    let mut marked: Vec<Event> = events
        .into_iter()
        .map(|event| {
            if concerns(event.clock()) {
                event.marked()
            } else {
                event
            }
        })
        .collect();
    let untouched = |clock: &&Clock| {
        concerns(clock) && !clock.platform_caused && !marked.iter().any(|event| event.clock().id == clock.id)
    };
    let alone: Vec<Event> = open.iter().filter(untouched).map(alone).collect();
    marked.extend(alone);
    marked
}

fn is_late(events: &[Event], before: &[Clock], signal: &Signal) -> bool {
    let decided_late = |event: &Event| match event {
        Event::Stopped(clock) => matches!(clock.state, State::Late(_)),
        _ => false,
    };
    let asked_at = events.iter().find_map(|event| match event {
        Event::Stopped(clock) => Some(clock.started_at),
        _ => None,
    });
    let passed = |clock: &Clock| {
        is_handling_of(clock, signal)
            && clock.due_at < signal.at
            && asked_at.is_some_and(|asked| asked <= clock.due_at)
    };
    signal.platform_late || events.iter().any(decided_late) || before.iter().any(passed)
}

fn alone(clock: &Clock) -> Event {
    let state = clock.state.clone();
    Event::Marked(clock.clone().into_state(state)).marked()
}
