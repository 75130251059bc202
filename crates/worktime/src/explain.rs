//! The arithmetic of a deadline as steps: what was counted, what was walked over, and why.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::calendar::Day;
use crate::clock::{Convention, Due, WorkClock, last_day, last_moment_date};
use crate::hours::Shift;
use crate::limit::{Limit, Unit};
use crate::local::{DAYS, END, HOUR, MINUTE, SECOND, clamp, date_at, date_of, day_of, index_of, midnight};

/// Steps an explanation holds at most: about four years of working days.
const STEPS_MAX: usize = 512;

/// Why a day was walked over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "cause", content = "name", rename_all = "snake_case")]
pub enum Rest {
    /// Saturday or Sunday.
    Weekend,
    /// A holiday, by name.
    Holiday(String),
}

/// One step of the arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The day of the start, which the civil convention does not count.
    FirstDay {
        /// That day.
        date: NaiveDate,
    },
    /// The start lies after the close of that day's business.
    Closed {
        /// That day.
        date: NaiveDate,
    },
    /// A part of a shift was counted.
    Worked {
        /// The day.
        date: NaiveDate,
        /// Seconds after midnight at which counting began.
        from_s: i64,
        /// Seconds after midnight at which counting ended.
        to_s: i64,
        /// The festival, when the day is worked in exchange for one of its days.
        make_up: Option<String>,
    },
    /// Whole working days in a row were counted.
    Days {
        /// The first of them.
        first: NaiveDate,
        /// The last of them.
        last: NaiveDate,
        /// How many.
        days: u32,
        /// The festival, when they are worked in exchange for its days.
        make_up: Option<String>,
    },
    /// Days off in a row were walked over.
    Rested {
        /// The first of them.
        first: NaiveDate,
        /// The last of them.
        last: NaiveDate,
        /// How many.
        days: u32,
        /// Why.
        why: Rest,
    },
    /// The wall clock ran on, day and night.
    ClockTime {
        /// For how many seconds.
        seconds: i64,
    },
    /// Calendar days or months were counted, whatever the days are.
    Counted {
        /// The day on which the count ends.
        last: NaiveDate,
    },
    /// The last day is not worked, so the end moves.
    Moved {
        /// From this day.
        from: NaiveDate,
        /// To the next working day.
        to: NaiveDate,
    },
    /// More steps of the same kind were left out.
    More {
        /// The first day that is not told.
        from: NaiveDate,
    },
    /// A year was consulted whose arrangement is not yet published.
    Unpublished {
        /// The year.
        year: i32,
    },
}

/// A deadline with its arithmetic; `zh` and `en` tell it in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// When the limit starts.
    pub start: DateTime<Utc>,
    /// The limit.
    pub limit: Limit,
    /// How days were counted.
    pub convention: Convention,
    /// The office hours, for example "09:00-12:00,13:30-17:30".
    pub hours: String,
    /// When the limit ends.
    pub due: Due,
    /// How it came about, in order.
    pub steps: Vec<Step>,
}

impl WorkClock {
    /// Tells how the deadline by the clock's own convention comes about.
    #[must_use]
    pub fn explain(&self, start: DateTime<Utc>, limit: Limit) -> Explanation {
        self.explain_with(start, limit, self.convention())
    }

    /// Tells how the deadline by a given convention comes about.
    #[must_use]
    pub fn explain_with(&self, start: DateTime<Utc>, limit: Limit, convention: Convention) -> Explanation {
        let due = self.deadline_with(start, limit, convention);
        let mut walk = Walk {
            clock: self,
            steps: Vec::new(),
            consulted: None,
        };
        walk.tell(start, limit, convention, due.at);
        walk.tell_unpublished();
        Explanation {
            start,
            limit,
            convention,
            hours: self.hours().to_string(),
            due,
            steps: walk.steps,
        }
    }
}

struct Walk<'a> {
    clock: &'a WorkClock,
    steps: Vec<Step>,
    /// The first and the last day that the calendar was asked for.
    consulted: Option<(usize, usize)>,
}

impl Walk<'_> {
    fn tell(&mut self, start: DateTime<Utc>, limit: Limit, convention: Convention, due: DateTime<Utc>) {
        let amount = i64::from(limit.amount);
        if amount == 0 && limit.unit != Unit::EndOfSameDay {
            return;
        }
        match (limit.unit, convention) {
            (Unit::EndOfSameDay, _) => self.steps.push(Step::Counted { last: date_of(start) }),
            (Unit::Minute | Unit::Hour, _) | (Unit::NaturalDay | Unit::Month, Convention::Elapsed) => {
                let seconds = (due - start).num_seconds();
                self.steps.push(Step::ClockTime { seconds });
            }
            (Unit::WorkingMinute, _) => self.shifts(start, amount.saturating_mul(MINUTE)),
            (Unit::WorkingHour, _) => self.shifts(start, amount.saturating_mul(HOUR)),
            (Unit::WorkingDay, Convention::Elapsed) => {
                self.shifts(start, amount.saturating_mul(self.clock.day_length()));
            }
            (Unit::WorkingDay, Convention::Civil) => self.working_days(start, due),
            (Unit::NaturalDay | Unit::Month, Convention::Civil) => {
                self.natural_days(start, last_day(start, limit), due);
            }
        }
    }

    fn working_days(&mut self, start: DateTime<Utc>, due: DateTime<Utc>) {
        self.steps.push(Step::FirstDay { date: date_of(start) });
        let (first, last) = (day_of(clamp(start)) + 1, last_known(due));
        self.consult(first, last);
        for day in first..=last {
            if !self.has_room(day) {
                return;
            }
            self.whole_day(day);
        }
    }

    fn natural_days(&mut self, start: DateTime<Utc>, last: NaiveDate, due: DateTime<Utc>) {
        self.steps.push(Step::FirstDay { date: date_of(start) });
        self.steps.push(Step::Counted { last });
        let Some(day) = index_of(last) else { return };
        let to = last_known(due);
        self.consult(day, to);
        if day == to {
            return;
        }
        for rest in day..to {
            self.whole_day(rest);
        }
        self.steps.push(Step::Moved {
            from: last,
            to: date_at(to),
        });
    }

    /// Walks office time until the amount is used up.
    fn shifts(&mut self, start: DateTime<Utc>, amount: i64) {
        let from = clamp(start);
        let first = day_of(from);
        let mut left = amount;
        let mut last = first;
        for day in first..DAYS {
            if from == END || !self.has_room(day) {
                return;
            }
            last = day;
            let time = if day == first { from - midnight(day) } else { 0 };
            left -= self.part_of_day(day, time, left);
            if left <= 0 {
                break;
            }
        }
        self.consult(first, last);
    }

    /// Counts at most `left` of a day from a time on; returns what it counted.
    fn part_of_day(&mut self, day: usize, time: i64, left: i64) -> i64 {
        let length = self.clock.day_length();
        if !self.day(day).is_working() {
            self.whole_day(day);
            return 0;
        }
        let usable = length - self.clock.hours().worked_until(time);
        if usable == 0 {
            self.steps.push(Step::Closed { date: date_at(day) });
            return 0;
        }
        if usable == length && left >= length {
            self.whole_day(day);
            return length;
        }
        let end = self.clock.hours().time_after(left.min(usable) + length - usable);
        self.parts(day, time, end);
        left.min(usable)
    }

    fn parts(&mut self, day: usize, time: i64, end: i64) {
        let make_up = self.make_up(day);
        let shifts: Vec<Shift> = self.clock.hours().shifts().to_vec();
        for shift in shifts {
            let from = (i64::from(shift.from) * MINUTE).max(time);
            let to = (i64::from(shift.to) * MINUTE).min(end);
            if from < to {
                self.steps.push(Step::Worked {
                    date: date_at(day),
                    from_s: from / SECOND,
                    to_s: to / SECOND,
                    make_up: make_up.clone(),
                });
            }
        }
    }

    /// Adds a whole day, joined to the step before when that is of the same kind.
    fn whole_day(&mut self, day: usize) {
        let date = date_at(day);
        let step = match self.day(day) {
            Day::Working | Day::MakeUp(_) => Step::Days {
                first: date,
                last: date,
                days: 1,
                make_up: self.make_up(day),
            },
            Day::Weekend => rested(date, Rest::Weekend),
            Day::Holiday(name) => rested(date, Rest::Holiday(name.to_owned())),
        };
        if !self.steps.last_mut().is_some_and(|last| last.join(&step)) {
            self.steps.push(step);
        }
    }

    fn day(&self, day: usize) -> Day<'_> {
        self.clock.calendar().day(date_at(day))
    }

    fn make_up(&self, day: usize) -> Option<String> {
        match self.day(day) {
            Day::MakeUp(name) => Some(name.to_owned()),
            _ => None,
        }
    }

    fn has_room(&mut self, day: usize) -> bool {
        if self.steps.len() < STEPS_MAX {
            return true;
        }
        self.consult(day, day);
        self.steps.push(Step::More { from: date_at(day) });
        false
    }

    fn consult(&mut self, first: usize, last: usize) {
        self.consulted = Some((first, last));
    }

    fn tell_unpublished(&mut self) {
        use chrono::Datelike;
        let Some((first, last)) = self.consulted else {
            return;
        };
        for year in date_at(first).year()..=date_at(last).year() {
            if !self.clock.calendar().is_published(year) {
                self.steps.push(Step::Unpublished { year });
            }
        }
    }
}

fn rested(date: NaiveDate, why: Rest) -> Step {
    Step::Rested {
        first: date,
        last: date,
        days: 1,
        why,
    }
}

/// The day on which a due time falls, 24:00 belonging to the day that ends, held in the range.
fn last_known(due: DateTime<Utc>) -> usize {
    index_of(last_moment_date(due)).unwrap_or(DAYS - 1)
}

impl Step {
    /// Takes up the next day when it continues this step; tells whether it did.
    fn join(&mut self, next: &Self) -> bool {
        match (self, next) {
            (
                Self::Days {
                    last, days, make_up, ..
                },
                Self::Days {
                    first, make_up: same, ..
                },
            ) if make_up == same && last.succ_opt() == Some(*first) => {
                *last = *first;
                *days += 1;
                true
            }
            (Self::Rested { last, days, why, .. }, Self::Rested { first, why: same, .. })
                if why == same && last.succ_opt() == Some(*first) =>
            {
                *last = *first;
                *days += 1;
                true
            }
            _ => false,
        }
    }
}
