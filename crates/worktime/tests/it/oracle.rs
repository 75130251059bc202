//! A second, slow answer to every question: it walks minute by minute and shares no code.

use std::collections::{BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};
use hotline_worktime::{Convention, Limit, Unit};

/// Days and shifts, as plainly as they can stand.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub off: HashSet<NaiveDate>,
    pub on: HashSet<NaiveDate>,
    /// Years whose arrangement is published.
    pub years: Vec<i32>,
    /// Shifts in minutes after midnight.
    pub shifts: Vec<(u32, u32)>,
}

fn minute() -> TimeDelta {
    TimeDelta::minutes(1)
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_hms_opt(0, 0, 0).expect("midnight")
}

fn next(date: NaiveDate) -> NaiveDate {
    date.succ_opt().expect("next day")
}

impl Oracle {
    pub fn works(&self, date: NaiveDate) -> bool {
        if self.on.contains(&date) {
            return true;
        }
        !self.off.contains(&date) && !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
    }

    pub fn open(&self, time: NaiveDateTime) -> bool {
        let of_day = time.hour() * 60 + time.minute();
        self.works(time.date()) && self.shifts.iter().any(|&(a, b)| a <= of_day && of_day < b)
    }

    fn minutes_of_day(&self) -> u64 {
        let inside = |m: &u32| self.shifts.iter().any(|&(a, b)| a <= *m && *m < b);
        (0..1440).filter(inside).count() as u64
    }

    /// The due time, and the dates that had to be looked up for it.
    pub fn deadline(
        &self,
        start: NaiveDateTime,
        limit: Limit,
        convention: Convention,
    ) -> (NaiveDateTime, BTreeSet<NaiveDate>) {
        let n = u64::from(limit.amount);
        match (limit.unit, convention) {
            (Unit::Minute, _) => (walk_clock(start, n), BTreeSet::new()),
            (Unit::Hour, _) => (walk_clock(start, n * 60), BTreeSet::new()),
            (Unit::NaturalDay, Convention::Elapsed) => (walk_clock(start, n * 1440), BTreeSet::new()),
            (Unit::EndOfSameDay, _) => (midnight(next(start.date())), BTreeSet::new()),
            (Unit::WorkingMinute, _) => self.walk_open(start, n),
            (Unit::WorkingHour, _) => self.walk_open(start, n * 60),
            (Unit::WorkingDay, Convention::Elapsed) => self.walk_open(start, n * self.minutes_of_day()),
            (Unit::WorkingDay, Convention::Civil) => self.walk_days(start.date(), n),
            (Unit::NaturalDay, Convention::Civil) => {
                let last = (0..n).fold(start.date(), |date, _| next(date));
                self.move_to_work(last)
            }
            (Unit::Month, Convention::Civil) => self.move_to_work(month_walk(start.date(), n)),
            (Unit::Month, Convention::Elapsed) => (
                month_walk(start.date(), n).and_time(start.time()),
                BTreeSet::new(),
            ),
        }
    }

    fn walk_open(&self, start: NaiveDateTime, mut left: u64) -> (NaiveDateTime, BTreeSet<NaiveDate>) {
        let mut seen = BTreeSet::from([start.date()]);
        let mut time = start;
        while left > 0 {
            seen.insert(time.date());
            if self.open(time) {
                left -= 1;
            }
            time += minute();
        }
        (time, seen)
    }

    fn walk_days(&self, start: NaiveDate, mut left: u64) -> (NaiveDateTime, BTreeSet<NaiveDate>) {
        let mut seen = BTreeSet::new();
        let mut day = start;
        while left > 0 {
            day = next(day);
            seen.insert(day);
            if self.works(day) {
                left -= 1;
            }
        }
        let mut close = midnight(next(day));
        while !self.open(close - minute()) {
            close -= minute();
        }
        (close, seen)
    }

    fn move_to_work(&self, last: NaiveDate) -> (NaiveDateTime, BTreeSet<NaiveDate>) {
        let mut seen = BTreeSet::from([last]);
        let mut day = last;
        while !self.works(day) {
            day = next(day);
            seen.insert(day);
        }
        (midnight(next(day)), seen)
    }

    /// Whether any date looked up belongs to a year that is not published.
    pub fn provisional(&self, seen: &BTreeSet<NaiveDate>) -> bool {
        seen.iter().any(|date| !self.years.contains(&date.year()))
    }

    /// Working minutes, working days touched.
    pub fn elapsed(&self, a: NaiveDateTime, b: NaiveDateTime) -> (i64, i64) {
        let (mut time, mut minutes, mut days) = (a, 0, BTreeSet::new());
        while time < b {
            if self.open(time) {
                minutes += 1;
                days.insert(time.date());
            }
            time += minute();
        }
        (minutes, days.len() as i64)
    }

    /// Back through office time.
    pub fn back(&self, due: NaiveDateTime, mut left: u64) -> NaiveDateTime {
        let mut time = due;
        while left > 0 {
            time -= minute();
            if self.open(time) {
                left -= 1;
            }
        }
        time
    }

    /// Back over whole working days, to the close of the n-th before the due date.
    pub fn back_days(&self, due: NaiveDateTime, mut left: u64) -> NaiveDateTime {
        let mut day = (due - TimeDelta::nanoseconds(1)).date();
        while left > 0 {
            day = day.pred_opt().expect("day before");
            if self.works(day) {
                left -= 1;
            }
        }
        let mut close = midnight(next(day));
        while !self.open(close - minute()) {
            close -= minute();
        }
        close
    }

    pub fn day_minutes(&self) -> u64 {
        self.minutes_of_day()
    }
}

fn walk_clock(start: NaiveDateTime, minutes: u64) -> NaiveDateTime {
    (0..minutes).fold(start, |time, _| time + minute())
}

/// The corresponding day n months on; the month's last day when it has none.
fn month_walk(date: NaiveDate, n: u64) -> NaiveDate {
    let (mut year, mut month) = (date.year(), date.month());
    for _ in 0..n {
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    (1..=date.day())
        .rev()
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .expect("every month has days")
}
