//! Contradictions inside and between yearly arrangements, all found in one pass.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};

use crate::arrangement::{NamedDay, YearArrangement};
use crate::error::{CalendarError, CalendarFault};
use crate::local::{FIRST_YEAR, LAST_YEAR};

/// Days by date: of holidays, and of make-up workdays.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) years: BTreeMap<i32, String>,
    pub(crate) holidays: BTreeMap<NaiveDate, String>,
    pub(crate) workdays: BTreeMap<NaiveDate, String>,
    pub(crate) errors: Vec<CalendarError>,
}

/// Gathers the days of all arrangements and everything that contradicts.
pub(crate) fn gather(years: &[YearArrangement]) -> Found {
    let mut found = Found::default();
    for arrangement in years {
        found.add_year(arrangement);
    }
    found.find_days_of_both_kinds(years);
    found
}

impl Found {
    fn add_year(&mut self, arrangement: &YearArrangement) {
        let year = arrangement.year;
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            self.refuse(year, None, CalendarFault::YearOutOfRange(year));
            return;
        }
        if self.years.insert(year, arrangement.source.clone()).is_some() {
            self.refuse(year, None, CalendarFault::DuplicateYear(year));
            return;
        }
        for day in &arrangement.holidays {
            self.add_holiday(year, day);
        }
        for day in &arrangement.workdays {
            self.add_workday(year, day);
        }
    }

    fn add_holiday(&mut self, year: i32, day: &NamedDay) {
        self.check_year(year, day);
        if self.holidays.insert(day.date, day.name.clone()).is_some() {
            self.refuse(year, day.line, CalendarFault::HolidayTwice(day.date));
        }
    }

    fn add_workday(&mut self, year: i32, day: &NamedDay) {
        self.check_year(year, day);
        if !is_weekend(day.date) {
            self.refuse(year, day.line, CalendarFault::WorkdayOnWeekday(day.date));
        }
        if self.workdays.insert(day.date, day.name.clone()).is_some() {
            self.refuse(year, day.line, CalendarFault::WorkdayTwice(day.date));
        }
    }

    /// A notice may reach back into the December before its year, never further and never forward.
    fn check_year(&mut self, year: i32, day: &NamedDay) {
        let (of, month) = (day.date.year(), day.date.month());
        if of != year && (of, month) != (year - 1, 12) {
            self.refuse(year, day.line, CalendarFault::OutsideYear(day.date));
        }
    }

    fn find_days_of_both_kinds(&mut self, years: &[YearArrangement]) {
        let mut told = HashSet::new();
        for arrangement in years {
            for day in &arrangement.workdays {
                if self.holidays.contains_key(&day.date) && told.insert(day.date) {
                    let fault = CalendarFault::HolidayAndWorkday(day.date);
                    self.refuse(arrangement.year, day.line, fault);
                }
            }
        }
    }

    fn refuse(&mut self, year: i32, line: Option<usize>, fault: CalendarFault) {
        self.errors.push(CalendarError::new(Some(year), line, fault));
    }
}

/// Saturday or Sunday.
pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
