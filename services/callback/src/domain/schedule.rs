//! When an order is called back, and when a call-back falls away.

use chrono::{DateTime, Utc};
use hotline_policy::rules::{AtEnd, Trigger, Way, WayOrder};
use hotline_policy::{CallbackRule, Policy, RedoRule};
use hotline_worktime::WorkClock;

use super::callback::{Callback, Event, State};

/// The policy's rules for one matter, on its working time.
#[derive(Debug)]
pub struct Rules<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// How it is called back.
    pub rule: &'a CallbackRule,
    /// What follows a bad answer, where the policy says anything of it.
    pub redo: Option<&'a RedoRule>,
    /// Working time.
    pub work: WorkClock,
}

impl Rules<'_> {
    /// When the next attempt is due after one at `now`.
    #[must_use]
    pub fn next_attempt(&self, now: DateTime<Utc>) -> DateTime<Utc> {
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

    /// The way by which a person asks, where the policy has one.
    pub(super) fn by_person(&self) -> Option<Way> {
        self.rule.ways.iter().copied().find(|way| *way == Way::Telephone)
    }

    /// Whether the policy wants the unit's form before its platform says more, at so many bad answers.
    #[must_use]
    pub fn wants_form(&self, bad_answers: u32) -> bool {
        self.redo
            .is_some_and(|redo| redo.at_end == AtEnd::AuditForm && bad_answers >= redo.end_at)
    }

    /// Whether a bad answer is judged by nobody: the order goes back to its unit by itself.
    pub(super) fn follows_by_itself(&self, bad_answers: u32) -> bool {
        let by_itself = self
            .redo
            .is_some_and(|redo| redo.trigger == Trigger::AnyBadAnswer);
        by_itself && !self.wants_form(bad_answers)
    }

    /// When a message counts as not answered that was sent at `at`.
    #[must_use]
    pub fn silent_at(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let after = self.rule.silence_after?;
        Some(self.work.deadline(at, after).at)
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
