//! A calendar of working days, made of the yearly arrangements that have been published.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::arrangement::YearArrangement;
use crate::contradiction::{Found, gather, is_weekend};
use crate::error::CalendarError;
use crate::local::{DAYS, date_at, index_of};
use crate::table::DayTable;

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day<'a> {
    /// Monday to Friday, and no holiday.
    Working,
    /// A weekend day worked in exchange for a day of this festival.
    MakeUp(&'a str),
    /// Saturday or Sunday.
    Weekend,
    /// A day off, weekends inside the holiday included, of this festival.
    Holiday(&'a str),
}

impl Day<'_> {
    /// Tells whether offices open on it.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp(_))
    }
}

/// The days of all years from 2000 to 2099. A year without arrangement has plain weekends and no
/// holiday, and makes what consults it provisional. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Calendar {
    found: Arc<Found>,
    table: Arc<DayTable>,
}

impl Calendar {
    /// Joins yearly arrangements, in any order.
    ///
    /// # Errors
    /// Everything in them that contradicts, all at once.
    pub fn new(years: Vec<YearArrangement>) -> Result<Self, Vec<CalendarError>> {
        let mut found = gather(&years);
        let errors = std::mem::take(&mut found.errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let table = DayTable::new((0..DAYS).map(|day| {
            let date = date_at(day);
            let published = found.years.contains_key(&date.year());
            (found.day(date).is_working(), published)
        }));
        Ok(Self {
            found: Arc::new(found),
            table: Arc::new(table),
        })
    }

    /// What a date is. Dates outside the known range are plain weekdays and weekends.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day<'_> {
        self.found.day(date)
    }

    /// Tells whether offices open on a date.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match index_of(date) {
            Some(day) => self.table.is_working(day),
            None => !is_weekend(date),
        }
    }

    /// Tells whether the arrangement of a year is known.
    #[must_use]
    pub fn is_published(&self, year: i32) -> bool {
        self.found.years.contains_key(&year)
    }

    /// The years whose arrangement is known, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.found.years.keys().copied()
    }

    /// The notice that arranged a year.
    #[must_use]
    pub fn source(&self, year: i32) -> Option<&str> {
        self.found.years.get(&year).map(String::as_str)
    }

    pub(crate) fn table(&self) -> &Arc<DayTable> {
        &self.table
    }
}

impl Found {
    fn day(&self, date: NaiveDate) -> Day<'_> {
        if let Some(name) = self.workdays.get(&date) {
            Day::MakeUp(name)
        } else if let Some(name) = self.holidays.get(&date) {
            Day::Holiday(name)
        } else if is_weekend(date) {
            Day::Weekend
        } else {
            Day::Working
        }
    }
}
