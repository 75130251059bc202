//! Conversion between instants and local time, as nanoseconds since 2000-01-01T00:00+08:00.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// Seconds by which local time is ahead of UTC: +08:00, all year.
pub const OFFSET_SECONDS: i32 = 8 * 3600;

/// The first year in which working time is known.
pub const FIRST_YEAR: i32 = 2000;

/// The last year in which working time is known.
pub const LAST_YEAR: i32 = 2099;

/// Days from the first to the last year: 100 years with 25 leap days.
pub(crate) const DAYS: usize = 36_525;

/// Nanoseconds of a second, a minute, an hour and a day.
pub(crate) const SECOND: i64 = 1_000_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 2000-01-01T00:00+08:00 in seconds of the Unix epoch.
const BASE_SECONDS: i64 = 946_684_800 - OFFSET_SECONDS as i64;

/// 2000-01-01 as a day of the common era, which chrono counts from 1.
const BASE_DAY: i32 = 730_120;

/// The end of the known range.
pub(crate) const END: i64 = DAYS as i64 * DAY;

/// Local nanoseconds of an instant, held inside the known range.
pub(crate) fn clamp(at: DateTime<Utc>) -> i64 {
    let seconds = at.timestamp() - BASE_SECONDS;
    if seconds < 0 {
        0
    } else if seconds >= END / SECOND {
        END
    } else {
        seconds * SECOND + i64::from(at.timestamp_subsec_nanos())
    }
}

/// The instant of local nanoseconds inside the known range.
pub(crate) fn instant(local: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(local + BASE_SECONDS * SECOND)
}

/// The index of the day of local nanoseconds; the end of the range belongs to its last day.
pub(crate) fn day_of(local: i64) -> usize {
    let day = local.unsigned_abs() / DAY.unsigned_abs();
    usize::try_from(day).map_or(DAYS - 1, |day| day.min(DAYS - 1))
}

/// The first instant of a day.
pub(crate) fn midnight(day: usize) -> i64 {
    i64::try_from(day).map_or(END, |day| day * DAY)
}

/// The index of a date, if it lies in the known range.
pub(crate) fn index_of(date: NaiveDate) -> Option<usize> {
    let day = usize::try_from(date.num_days_from_ce() - BASE_DAY).ok()?;
    (day < DAYS).then_some(day)
}

/// The date of an index; indices beyond the range give its last date.
pub(crate) fn date_at(day: usize) -> NaiveDate {
    let day = i32::try_from(day.min(DAYS - 1)).unwrap_or(0);
    NaiveDate::from_num_days_from_ce_opt(BASE_DAY + day).unwrap_or(NaiveDate::MAX)
}

/// The local date of an instant.
#[must_use]
pub fn date_of(at: DateTime<Utc>) -> NaiveDate {
    local_time(at).date()
}

/// The local date and time of an instant.
#[must_use]
pub fn local_time(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc()
        .checked_add_signed(TimeDelta::seconds(i64::from(OFFSET_SECONDS)))
        .unwrap_or(NaiveDateTime::MAX)
}

/// The instant of a local date and time.
#[must_use]
pub fn at_local(time: NaiveDateTime) -> DateTime<Utc> {
    time.checked_sub_signed(TimeDelta::seconds(i64::from(OFFSET_SECONDS)))
        .unwrap_or(NaiveDateTime::MIN)
        .and_utc()
}

/// The instant at which a local day ends (24:00).
pub(crate) fn end_of(date: NaiveDate) -> DateTime<Utc> {
    let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
    at_local(next.and_time(chrono::NaiveTime::MIN))
}

/// An instant moved along the wall clock, held inside what chrono can express.
pub(crate) fn shifted(at: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
    let end = if seconds < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    };
    at.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_the_whole_range() {
        let mut date = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).expect("date");
        for day in 0..DAYS {
            assert_eq!(index_of(date), Some(day));
            assert_eq!(date_at(day), date);
            assert_eq!(date_of(instant(midnight(day))), date);
            date = date.succ_opt().expect("next day");
        }
        assert_eq!(date.year(), LAST_YEAR + 1);
        assert_eq!(index_of(date), None);
    }

    #[test]
    fn instants_outside_the_range_are_held_at_its_ends() {
        assert_eq!(clamp(DateTime::<Utc>::MIN_UTC), 0);
        assert_eq!(clamp(DateTime::<Utc>::MAX_UTC), END);
        assert_eq!(day_of(END), DAYS - 1);
    }
}
