//! A year's arrangement taken into the calendar, and which clocks it may move.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use hotline_worktime::{Calendar, CalendarError, Day, NamedDay, YearArrangement, at_local};

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

/// The calendar with one year's arrangement put in the place of what it knew of that year.
///
/// # Errors
/// Everything in the arrangement that contradicts itself.
pub fn with_year(calendar: &Calendar, arrangement: YearArrangement) -> Result<Calendar, Vec<CalendarError>> {
    let new = arrangement.year;
    let others = calendar.years().filter(|year| *year != new);
    let mut years: Vec<_> = others.map(|year| arrangement_of(calendar, year, new)).collect();
    years.push(arrangement);
    Calendar::new(years)
}

/// What the calendar knows of a year, as a notice. A day in December belongs to the next year's notice when there is
/// one (`new` among them): only New Year's holiday lies there.
fn arrangement_of(calendar: &Calendar, year: i32, new: i32) -> YearArrangement {
    let has_notice = |year: i32| year == new || calendar.is_published(year);
    let from = NaiveDate::from_ymd_opt(year - 1, 12, 1);
    let days = from.into_iter().flat_map(|from| from.iter_days());
    let days = days.take_while(|day| day.year() <= year).filter(|day| {
        let in_december_before = day.year() < year;
        in_december_before || day.month() < 12 || !has_notice(year + 1)
    });
    let (mut holidays, mut workdays) = (Vec::new(), Vec::new());
    for date in days {
        match calendar.day(date) {
            Day::Holiday(name) => holidays.push(named(date, name)),
            Day::MakeUp(name) => workdays.push(named(date, name)),
            Day::Working | Day::Weekend => {}
        }
    }
    let source = calendar.source(year).unwrap_or_default().to_owned();
    YearArrangement::new(year, source, holidays, workdays)
}

fn named(date: NaiveDate, name: &str) -> NamedDay {
    NamedDay {
        date,
        name: name.to_owned(),
        line: None,
    }
}
