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

/// Whose day it is: the place of the arrangement among all, and its year.
type Of = (usize, i32);

/// Gathers the days of all arrangements and everything that contradicts.
pub(crate) fn gather(years: &[YearArrangement]) -> Found {
    let mut found = Found::default();
    for (place, arrangement) in years.iter().enumerate() {
        found.add_year(place, arrangement);
    }
    found.find_days_of_both_kinds(years);
    found
}

impl Found {
    fn add_year(&mut self, place: usize, arrangement: &YearArrangement) {
        let year = arrangement.year;
        let (of, line) = ((place, year), arrangement.line);
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            self.refuse(of, line, CalendarFault::YearOutOfRange(year));
            return;
        }
        if self.years.insert(year, arrangement.source.clone()).is_some() {
            self.refuse(of, line, CalendarFault::DuplicateYear(year));
            return;
        }
        for day in &arrangement.holidays {
            self.add_holiday(of, day);
        }
        for day in &arrangement.workdays {
            self.add_workday(of, day);
        }
    }

    fn add_holiday(&mut self, of: Of, day: &NamedDay) {
        self.check_year(of, day);
        if self.holidays.insert(day.date, day.name.clone()).is_some() {
            self.refuse(of, day.line, CalendarFault::HolidayTwice(day.date));
        }
    }

    fn add_workday(&mut self, of: Of, day: &NamedDay) {
        self.check_year(of, day);
        if !is_weekend(day.date) {
            self.refuse(of, day.line, CalendarFault::WorkdayOnWeekday(day.date));
        }
        if self.workdays.insert(day.date, day.name.clone()).is_some() {
            self.refuse(of, day.line, CalendarFault::WorkdayTwice(day.date));
        }
    }

    /// A notice may reach back into the December before its year, never further and never forward.
    fn check_year(&mut self, of: Of, day: &NamedDay) {
        let (year, month) = (day.date.year(), day.date.month());
        if year != of.1 && (year, month) != (of.1 - 1, 12) {
            self.refuse(of, day.line, CalendarFault::OutsideYear(day.date));
        }
    }

    fn find_days_of_both_kinds(&mut self, years: &[YearArrangement]) {
        let mut told = HashSet::new();
        for (place, arrangement) in years.iter().enumerate() {
            for day in &arrangement.workdays {
                if self.holidays.contains_key(&day.date) && told.insert(day.date) {
                    let fault = CalendarFault::HolidayAndWorkday(day.date);
                    self.refuse((place, arrangement.year), day.line, fault);
                }
            }
        }
    }

    fn refuse(&mut self, (place, year): Of, line: Option<usize>, fault: CalendarFault) {
        self.errors
            .push(CalendarError::new(Some(year), line, fault).of(place));
    }
}

/// Saturday or Sunday.
pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
