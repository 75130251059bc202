//! The calendar in force: what came with the installation, and the years' arrangements that came since.

use std::sync::{PoisonError, RwLock};

use chrono::{Datelike, NaiveDate};

use crate::arrangement::{NamedDay, YearArrangement};
use crate::calendar::{Calendar, Day};
use crate::error::CalendarError;

/// A calendar with its version.
#[derive(Clone, Debug)]
pub struct Edition {
    /// That of the newest arrangement that was taken in; 0 before the first.
    pub version: i32,
    /// The days.
    pub calendar: Calendar,
}

/// The calendar in force, shared by all who count by it, and replaced as a whole.
#[derive(Debug)]
pub struct Almanac {
    shipped: Calendar,
    edition: RwLock<Edition>,
}

impl Almanac {
    /// The calendar that came with the installation.
    #[must_use]
    pub fn new(shipped: Calendar) -> Self {
        let edition = Edition {
            version: 0,
            calendar: shipped.clone(),
        };
        Self {
            shipped,
            edition: RwLock::new(edition),
        }
    }

    /// The calendar in force.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Puts a calendar in force: the shipped one with these arrangements taken in, each a version and its text, oldest
    /// first.
    ///
    /// # Errors
    /// What is wrong with an arrangement; the calendar in force stays.
    pub fn renew<'t>(
        &self,
        years: impl IntoIterator<Item = (i32, &'t str)>,
    ) -> Result<(), Vec<CalendarError>> {
        let mut edition = Edition {
            version: 0,
            calendar: self.shipped.clone(),
        };
        for (version, text) in years {
            let arrangement = YearArrangement::parse(text).map_err(|error| vec![error])?;
            edition = Edition {
                version,
                calendar: edition.calendar.with_year(arrangement)?,
            };
        }
        *self.edition.write().unwrap_or_else(PoisonError::into_inner) = edition;
        Ok(())
    }
}

impl Calendar {
    /// The calendar with one year's arrangement put in the place of what it knew of that year.
    ///
    /// # Errors
    /// Everything in the arrangement that contradicts itself.
    pub fn with_year(&self, arrangement: YearArrangement) -> Result<Self, Vec<CalendarError>> {
        let new = arrangement.year;
        let others = self.years().filter(|year| *year != new);
        let mut years: Vec<_> = others.map(|year| self.arrangement_of(year, new)).collect();
        years.push(arrangement);
        Self::new(years)
    }

    /// What the calendar knows of a year, as a notice. A day in December belongs to the next year's notice when there
    /// is one (`new` among them): only New Year's holiday lies there.
    fn arrangement_of(&self, year: i32, new: i32) -> YearArrangement {
        let has_notice = |year: i32| year == new || self.is_published(year);
        let from = NaiveDate::from_ymd_opt(year - 1, 12, 1);
        let days = from.into_iter().flat_map(|from| from.iter_days());
        let days = days.take_while(|day| day.year() <= year).filter(|day| {
            let in_december_before = day.year() < year;
            in_december_before || day.month() < 12 || !has_notice(year + 1)
        });
        let (mut holidays, mut workdays) = (Vec::new(), Vec::new());
        for date in days {
            match self.day(date) {
                Day::Holiday(name) => holidays.push(named(date, name)),
                Day::MakeUp(name) => workdays.push(named(date, name)),
                Day::Working | Day::Weekend => {}
            }
        }
        let source = self.source(year).unwrap_or_default().to_owned();
        YearArrangement::new(year, source, holidays, workdays)
    }
}

fn named(date: NaiveDate, name: &str) -> NamedDay {
    NamedDay {
        date,
        name: name.to_owned(),
        line: None,
    }
}
