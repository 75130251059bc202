//! When cards make a series: one after the other, within the policy's window, unbroken as the policy says.
//!
//! Invariant: a card counts in one series only.

use chrono::{DateTime, Utc};
use hotline_policy::rules::{BrokenBy, CardRule};
use hotline_worktime::WorkClock;

/// An earlier card of the same unit and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previous {
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// It counted in a completed series already.
    pub spent: bool,
    /// Between it and the card after it the unit kept a clock of the same kind.
    pub kept_after: bool,
}

/// The series that a new card stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// When its first card was issued.
    pub first: DateTime<Utc>,
    /// The end of the window of that card.
    pub until: DateTime<Utc>,
    /// Cards, the new one among them.
    pub count: u32,
}

/// The series of a card issued at an instant; `previous` are the unit's cards of this colour, newest first.
#[must_use]
pub fn series(rule: &CardRule, previous: &[Previous], at: DateTime<Utc>, work: &WorkClock) -> Series {
    let end = |first: DateTime<Utc>| work.deadline(first, rule.window).at;
    let joins = |card: &&Previous| {
        let broken = rule.broken_by == BrokenBy::OrderInTime && card.kept_after;
        !card.spent && !broken && end(card.issued_at) >= at
    };
    let chain: Vec<_> = previous
        .iter()
        .take_while(joins)
        .take(rule.consecutive.saturating_sub(1) as usize)
        .collect();
    let first = chain.last().map_or(at, |card| card.issued_at);
    Series {
        first,
        until: end(first),
        count: u32::try_from(chain.len()).unwrap_or(u32::MAX).saturating_add(1),
    }
}

/// True when the card completes the series.
#[must_use]
pub fn follow_up(rule: &CardRule, series: &Series) -> bool {
    series.count >= rule.consecutive
}
