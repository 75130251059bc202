//! The clock of one office: deadlines, elapsed time and reminders on its calendar and hours.

use std::sync::Arc;

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::hours::OfficeHours;
use crate::limit::{Limit, Unit};
use crate::local::{
    DAY, END, HOUR, MINUTE, at_local, clamp, date_of, day_of, end_of, index_of, instant, local_time,
    midnight, shifted,
};
use crate::table::DayTable;

/// How days and months are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// Civil Code, articles 201 to 203: the first day is not counted. Working days end at close of
    /// business; natural days and months end at 24:00, and move to the next working day's 24:00
    /// when their last day is not worked.
    #[default]
    Civil,
    /// From the very instant: a working day is as many working minutes as a day has, a natural day
    /// 24 hours, a month ends on the corresponding day at the same time.
    Elapsed,
}

/// When a limit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last instant in time.
    pub at: DateTime<Utc>,
    /// The arithmetic consulted a year whose arrangement is not yet published.
    pub provisional: bool,
}

/// The time between two instants; negative throughout when the second is the earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elapsed {
    /// Whole minutes inside office hours.
    pub working_minutes: i64,
    /// Working days of which some office time was used.
    pub working_days: i64,
    /// Whole minutes of the wall clock.
    pub natural_minutes: i64,
}

/// Working time of one office. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct WorkClock(Arc<Office>);

#[derive(Debug)]
struct Office {
    calendar: Calendar,
    table: Arc<DayTable>,
    hours: OfficeHours,
    convention: Convention,
    /// Working nanoseconds of a day, above zero.
    day_length: i64,
}

impl WorkClock {
    /// Makes the clock of an office.
    #[must_use]
    pub fn new(calendar: &Calendar, hours: OfficeHours, convention: Convention) -> Self {
        Self(Arc::new(Office {
            table: Arc::clone(calendar.table()),
            calendar: calendar.clone(),
            day_length: i64::from(hours.day_minutes()) * MINUTE,
            hours,
            convention,
        }))
    }

    /// The calendar that the clock runs on.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.0.calendar
    }

    /// The office hours that the clock runs on.
    #[must_use]
    pub fn hours(&self) -> &OfficeHours {
        &self.0.hours
    }

    /// How the clock counts days unless told otherwise.
    #[must_use]
    pub fn convention(&self) -> Convention {
        self.0.convention
    }

    /// When a limit that starts at an instant ends, by the clock's own convention.
    #[must_use]
    pub fn deadline(&self, start: DateTime<Utc>, limit: Limit) -> Due {
        self.deadline_with(start, limit, self.0.convention)
    }

    /// When a limit that starts at an instant ends, by a given convention.
    #[must_use]
    pub fn deadline_with(&self, start: DateTime<Utc>, limit: Limit, convention: Convention) -> Due {
        let amount = i64::from(limit.amount);
        match (limit.unit, convention) {
            (Unit::EndOfSameDay, _) => certain(end_of(date_of(start))),
            _ if amount == 0 => certain(start),
            (Unit::Minute, _) => certain(shifted(start, amount * 60)),
            (Unit::Hour, _) => certain(shifted(start, amount * 3600)),
            (Unit::WorkingMinute, _) => self.after(start, amount.saturating_mul(MINUTE)),
            (Unit::WorkingHour, _) => self.after(start, amount.saturating_mul(HOUR)),
            (Unit::WorkingDay, Convention::Elapsed) => {
                self.after(start, amount.saturating_mul(self.0.day_length))
            }
            (Unit::WorkingDay, Convention::Civil) => self.close_of_nth_day(start, amount),
            (Unit::NaturalDay, Convention::Elapsed) => certain(shifted(start, amount * 86_400)),
            (Unit::NaturalDay | Unit::Month, Convention::Civil) => {
                self.end_of_day_or_next(start, last_day(start, limit))
            }
            (Unit::Month, Convention::Elapsed) => certain(months_later(start, limit.amount)),
        }
    }

    /// The earliest instant by which an amount of working time, above zero, has passed.
    fn after(&self, start: DateTime<Utc>, amount: i64) -> Due {
        let office = &*self.0;
        let from = clamp(start);
        let target = office.worked(from).saturating_add(amount);
        let used = (target - 1) % office.day_length + 1;
        match office.table.select((target - 1) / office.day_length) {
            Some(day) => Due {
                at: instant(midnight(day) + office.hours.time_after(used)),
                provisional: office.table.is_provisional(day_of(from), day),
            },
            None => beyond(start),
        }
    }

    /// Close of business of the n-th working day after the start's date.
    fn close_of_nth_day(&self, start: DateTime<Utc>, n: i64) -> Due {
        let office = &*self.0;
        let from = clamp(start);
        if from == END {
            return beyond(start);
        }
        let counted = office.table.rank(day_of(from) + 1);
        match office.table.select(counted + n - 1) {
            Some(day) => Due {
                at: instant(midnight(day) + office.closing()),
                provisional: office.table.is_provisional(day_of(from) + 1, day),
            },
            None => beyond(start),
        }
    }

    /// 24:00 of a day, or of the next working day when it is not worked.
    fn end_of_day_or_next(&self, start: DateTime<Utc>, last: NaiveDate) -> Due {
        let table = &self.0.table;
        let Some(day) = index_of(last) else {
            return Due {
                at: end_of(last).max(start),
                provisional: true,
            };
        };
        match table.select(table.rank(day)) {
            Some(worked) => Due {
                at: instant(midnight(worked + 1)),
                provisional: table.is_provisional(day, worked),
            },
            None => beyond(start),
        }
    }

    /// The time from one instant to another.
    #[must_use]
    pub fn elapsed(&self, a: DateTime<Utc>, b: DateTime<Utc>) -> Elapsed {
        if b < a {
            let back = self.elapsed(b, a);
            return Elapsed {
                working_minutes: -back.working_minutes,
                working_days: -back.working_days,
                natural_minutes: -back.natural_minutes,
            };
        }
        let length = self.0.day_length;
        let (from, to) = (self.0.worked(clamp(a)), self.0.worked(clamp(b)));
        Elapsed {
            working_minutes: (to - from) / MINUTE,
            working_days: if to > from {
                (to - 1) / length - from / length + 1
            } else {
                0
            },
            natural_minutes: (b - a).num_minutes(),
        }
    }

    /// The instant that lies a limit before a due time, for reminders.
    ///
    /// Working minutes and hours run backwards through office time, to the latest instant from which
    /// that much is left. Working days do the same under [`Convention::Elapsed`]; under
    /// [`Convention::Civil`] they end at close of business of the n-th working day before the due
    /// date (a close at 24:00 is the next day's 00:00). Other units go back along the wall clock; "same day" to the day's 00:00.
    #[must_use]
    pub fn before(&self, due: DateTime<Utc>, limit: Limit) -> DateTime<Utc> {
        let amount = i64::from(limit.amount);
        match limit.unit {
            Unit::EndOfSameDay => at_local(last_moment_date(due).and_time(NaiveTime::MIN)),
            _ if amount == 0 => due,
            Unit::Minute => shifted(due, -amount * 60),
            Unit::Hour => shifted(due, -amount * 3600),
            Unit::NaturalDay => shifted(due, -amount * 86_400),
            Unit::Month => months_earlier(due, limit.amount),
            Unit::WorkingMinute => self.left_before(due, amount.saturating_mul(MINUTE)),
            Unit::WorkingHour => self.left_before(due, amount.saturating_mul(HOUR)),
            Unit::WorkingDay => match self.0.convention {
                Convention::Elapsed => self.left_before(due, amount.saturating_mul(self.0.day_length)),
                Convention::Civil => self.close_of_nth_day_before(due, amount),
            },
        }
    }

    /// The latest instant from which an amount of working time, above zero, is left.
    fn left_before(&self, due: DateTime<Utc>, amount: i64) -> DateTime<Utc> {
        let office = &*self.0;
        let target = office.worked(clamp(due)) - amount;
        if target < 0 {
            return instant(0).min(due);
        }
        office.opening(target).unwrap_or(instant(END)).min(due)
    }

    fn close_of_nth_day_before(&self, due: DateTime<Utc>, n: i64) -> DateTime<Utc> {
        let office = &*self.0;
        let last = (clamp(due) - 1).max(0);
        match office.table.select(office.table.rank(day_of(last)) - n) {
            Some(day) => instant(midnight(day) + office.closing()).min(due),
            None => instant(0).min(due),
        }
    }

    /// Tells whether a date is a working day.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.0.calendar.is_working_day(date)
    }

    /// Tells whether the office is open at an instant: a shift's first minute is, its end is not.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let local = clamp(at);
        local < END && self.0.table.is_working(day_of(local)) && self.0.hours.holds(local % DAY)
    }

    /// Working nanoseconds of a day.
    pub(crate) fn day_length(&self) -> i64 {
        self.0.day_length
    }
}

impl Office {
    /// Working nanoseconds from the beginning of the known range.
    fn worked(&self, local: i64) -> i64 {
        if local >= END {
            return self.table.rank(day_of(END) + 1) * self.day_length;
        }
        let day = day_of(local);
        let today = if self.table.is_working(day) {
            self.hours.worked_until(local - midnight(day))
        } else {
            0
        };
        self.table.rank(day) * self.day_length + today
    }

    /// The latest instant by which only that much has been worked: inside a shift or at its opening.
    fn opening(&self, worked: i64) -> Option<DateTime<Utc>> {
        let day = self.table.select(worked / self.day_length)?;
        let time = self.hours.time_before(worked % self.day_length);
        Some(instant(midnight(day) + time))
    }

    /// Nanoseconds from midnight to close of business.
    fn closing(&self) -> i64 {
        i64::from(self.hours.closing_minute()) * MINUTE
    }
}

/// A due time that no calendar was asked for.
fn certain(at: DateTime<Utc>) -> Due {
    Due {
        at,
        provisional: false,
    }
}

/// A due time beyond the known range.
fn beyond(start: DateTime<Utc>) -> Due {
    Due {
        at: instant(END).max(start),
        provisional: true,
    }
}

/// The last day of a limit of natural days or months, the first day not counted.
pub(crate) fn last_day(start: DateTime<Utc>, limit: Limit) -> NaiveDate {
    let first = date_of(start);
    let last = match limit.unit {
        Unit::Month => first.checked_add_months(Months::new(limit.amount)),
        _ => first.checked_add_days(Days::new(u64::from(limit.amount))),
    };
    last.unwrap_or(NaiveDate::MAX)
}

fn months_later(start: DateTime<Utc>, months: u32) -> DateTime<Utc> {
    local_time(start)
        .checked_add_months(Months::new(months))
        .map_or(DateTime::<Utc>::MAX_UTC, at_local)
}

fn months_earlier(due: DateTime<Utc>, months: u32) -> DateTime<Utc> {
    local_time(due)
        .checked_sub_months(Months::new(months))
        .map_or(DateTime::<Utc>::MIN_UTC, at_local)
}

/// The date to which a due time belongs: 24:00 belongs to the day that ends.
pub(crate) fn last_moment_date(due: DateTime<Utc>) -> NaiveDate {
    let moment = TimeDelta::nanoseconds(1);
    date_of(due.checked_sub_signed(moment).unwrap_or(due))
}
