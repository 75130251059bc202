//! A year's arrangement that was taken in, and which clocks it may move.

use chrono::{DateTime, NaiveDate, Utc};
use hotline_worktime::at_local;

use super::clock::Clock;

/// An import of a year: which version of the calendar it made, and the span of days that it may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import {
    /// Version of the calendar, from 1.
    pub version: i32,
    /// The year.
    pub year: i32,
    /// First instant of the span.
    pub from: DateTime<Utc>,
    /// The instant after the span.
    pub until: DateTime<Utc>,
}

impl Import {
    /// Whether the clock's walk, from its start to its due time, enters the span.
    #[must_use]
    pub fn touches(&self, clock: &Clock) -> bool {
        clock.due_at >= self.from && clock.started_at < self.until
    }
}

/// The days that the notice of a year may speak of: the year, and the December before it (New Year's holiday).
/// `None` when the year is no year of the calendar.
#[must_use]
pub fn affected_span(year: i32) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let midnight = |date: NaiveDate| at_local(date.and_time(chrono::NaiveTime::MIN));
    let from = NaiveDate::from_ymd_opt(year.checked_sub(1)?, 12, 1)?;
    let until = NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)?;
    Some((midnight(from), midnight(until)))
}
