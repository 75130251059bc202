//! One year's holidays and make-up workdays, as the State Council's yearly notice arranges them.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::error::{CalendarError, CalendarFault};

/// A day with the festival that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDay {
    /// The local date.
    pub date: NaiveDate,
    /// The festival, for example 国庆节.
    pub name: String,
    /// The line that lists it, from 1, when it came from text.
    pub line: Option<usize>,
}

/// The arrangement of one year. It may name days of the December before (New Year's holiday).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearArrangement {
    /// The year that the notice is about.
    pub year: i32,
    /// The notice: title, number, address.
    pub source: String,
    /// Days off, weekends inside a holiday included.
    pub holidays: Vec<NamedDay>,
    /// Weekend days that are worked instead.
    pub workdays: Vec<NamedDay>,
    /// The line that names the year, from 1, when it came from text.
    pub line: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Spanned<i32>,
    source: Spanned<String>,
    #[serde(default)]
    festival: Vec<Festival>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Festival {
    name: Spanned<String>,
    #[serde(default)]
    holidays: Vec<Spanned<Datetime>>,
    #[serde(default)]
    workdays: Vec<Spanned<Datetime>>,
}

impl YearArrangement {
    /// Makes an arrangement of days already at hand, for instance from a table.
    #[must_use]
    pub fn new(year: i32, source: String, holidays: Vec<NamedDay>, workdays: Vec<NamedDay>) -> Self {
        Self {
            year,
            source,
            holidays,
            workdays,
            line: None,
        }
    }

    /// Reads the text of a calendar file (`deploy/calendars/README.md` describes the form).
    ///
    /// # Errors
    /// The first thing that is wrong with the form, with its line; what the days say is judged by
    /// [`crate::Calendar::new`].
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let file: File = toml::from_str(text).map_err(|error| malformed(text, &error))?;
        let year = *file.year.get_ref();
        let place = |offset| (Some(year), Some(line_of(text, offset)));
        require(file.source.get_ref(), "source", place(file.source.span().start))?;
        let line = place(file.year.span().start).1;
        let mut arrangement = Self {
            line,
            ..Self::new(year, file.source.into_inner(), Vec::new(), Vec::new())
        };
        for festival in file.festival {
            arrangement.add(text, festival)?;
        }
        Ok(arrangement)
    }

    fn add(&mut self, text: &str, festival: Festival) -> Result<(), CalendarError> {
        let line = line_of(text, festival.name.span().start);
        let name = festival.name.into_inner();
        let place = (Some(self.year), Some(line));
        require(&name, "name", place)?;
        if festival.holidays.is_empty() && festival.workdays.is_empty() {
            return Err(CalendarError::new(place.0, place.1, CalendarFault::Empty(name)));
        }
        for day in festival.holidays {
            self.holidays.push(self.day(text, &name, &day)?);
        }
        for day in festival.workdays {
            self.workdays.push(self.day(text, &name, &day)?);
        }
        Ok(())
    }

    fn day(&self, text: &str, name: &str, day: &Spanned<Datetime>) -> Result<NamedDay, CalendarError> {
        let line = Some(line_of(text, day.span().start));
        let written = day.get_ref();
        let date = date_from(written).ok_or_else(|| {
            let fault = CalendarFault::NotADate(written.to_string());
            CalendarError::new(Some(self.year), line, fault)
        })?;
        Ok(NamedDay {
            date,
            name: name.to_owned(),
            line,
        })
    }
}

fn require(
    value: &str,
    key: &'static str,
    (year, line): (Option<i32>, Option<usize>),
) -> Result<(), CalendarError> {
    if value.trim().is_empty() {
        return Err(CalendarError::new(year, line, CalendarFault::Unnamed(key)));
    }
    Ok(())
}

/// A date alone: neither a time nor an offset beside it.
fn date_from(written: &Datetime) -> Option<NaiveDate> {
    let date = written.date.filter(|_| written.time.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

fn malformed(text: &str, error: &toml::de::Error) -> CalendarError {
    let line = error.span().map(|span| line_of(text, span.start));
    CalendarError::new(None, line, CalendarFault::Form(error.message().to_owned()))
}

/// The line, from 1, of a byte offset.
fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|&&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "year = 2026\nsource = \"notice\"\n[[festival]]\nname = \"元旦\"\n\
                        holidays = [2026-01-01, 2026-01-02,\n 2026-01-03]\nworkdays = [2026-01-04]\n";

    fn refused(text: &str) -> (Option<usize>, &'static str) {
        let error = YearArrangement::parse(text).expect_err(text);
        (error.line, error.code())
    }

    #[test]
    fn a_file_reads_with_names_and_lines() {
        let year = YearArrangement::parse(GOOD).expect("good");
        assert_eq!((year.year, year.source.as_str()), (2026, "notice"));
        assert_eq!(year.holidays.len(), 3);
        assert_eq!(year.holidays[2].line, Some(6));
        assert_eq!(year.workdays[0].name, "元旦");
        assert_eq!(year.workdays[0].line, Some(7));
    }

    #[test]
    fn a_malformed_file_names_the_line() {
        let swap = |from: &str, to: &str| GOOD.replace(from, to);
        assert_eq!(refused(&swap("year", "jahr")), (Some(1), "CALENDAR_FORM"));
        assert_eq!(refused(&swap("workdays", "wrokdays")), (Some(7), "CALENDAR_FORM"));
        assert_eq!(
            refused(&swap("2026-01-03", "2026-02-30")),
            (Some(6), "CALENDAR_FORM")
        );
        assert_eq!(refused(&swap("2026-01-03", "\"x\"")), (Some(6), "CALENDAR_FORM"));
        assert_eq!(
            refused(&swap("2026-01-03", "2026-01-03T09:00:00")),
            (Some(6), "CALENDAR_NOT_A_DATE")
        );
        assert_eq!(
            refused(&swap("\"notice\"", "\" \"")),
            (Some(2), "CALENDAR_UNNAMED")
        );
        assert_eq!(refused(&swap("\"元旦\"", "\"\"")), (Some(4), "CALENDAR_UNNAMED"));
        assert_eq!(
            refused("year = 2026\nsource = \"n\"\n[[festival]]\nname = \"元旦\"\n"),
            (Some(4), "CALENDAR_EMPTY_FESTIVAL")
        );
        assert_eq!(refused("source = \"n\"\n").1, "CALENDAR_FORM");
        assert_eq!(refused("year = 2026 2027\n"), (Some(1), "CALENDAR_FORM"));
    }
}
