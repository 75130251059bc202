//! When an order is called back, and when a call-back falls away.

use chrono::{DateTime, Utc};
use hotline_policy::CallbackRule;
use hotline_policy::rules::{Way, WayOrder};
use hotline_worktime::WorkClock;

use super::callback::{Callback, Event, State};

/// The policy's rule, on its working time.
#[derive(Debug)]
pub struct Rules<'a> {
    /// The rule.
    pub rule: &'a CallbackRule,
    /// Working time.
    pub work: WorkClock,
}

impl Rules<'_> {
    /// When the next attempt is due after one at `now`.
    pub(super) fn next_attempt(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.work.deadline(now, self.rule.spacing).at
    }

    /// The way after this one, where the policy goes on from way to way.
    pub(super) fn next_way(&self, way: Way) -> Option<Way> {
        if self.rule.order == WayOrder::AnyOne {
            return None;
        }
        let at = self.rule.ways.iter().position(|known| *known == way)?;
        self.rule.ways.get(at + 1).copied()
    }
}

/// The first way and instant of a call-back for an order settled at `at`: at once, by the policy's first way. `None`
/// when the policy names no way.
#[must_use]
pub fn schedule(rules: &Rules<'_>, at: DateTime<Utc>) -> Option<(Way, DateTime<Utc>)> {
    rules.rule.ways.first().map(|way| (*way, at))
}

/// Why a call-back may fall away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelCause {
    /// The order was withdrawn or closed.
    Ended,
    /// The order is handled once more; this round has begun.
    NewRound(u32),
}

/// What the end of an order, or a new round of it, does to a call-back: nothing, or it falls away.
#[must_use]
pub fn cancel(callback: &Callback, cause: CancelCause) -> Option<Event> {
    let concerns = match cause {
        CancelCause::Ended => true,
        CancelCause::NewRound(round) => callback.settled.round < round,
    };
    let open = matches!(callback.state, State::Scheduled(_) | State::ToJudge(_));
    (concerns && open).then_some(Event::Cancelled)
}
