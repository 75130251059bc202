//! What can be wrong with an arrangement: its form, or what it says.

use std::fmt;

use chrono::NaiveDate;

use crate::local::{FIRST_YEAR, LAST_YEAR};

/// One thing wrong with one arrangement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarError {
    /// The year of the arrangement, when it could be read.
    pub year: Option<i32>,
    /// The line of its text, from 1, when it came from text.
    pub line: Option<usize>,
    /// The place of the arrangement, from 0, among those that were joined; it says whose text the line is of.
    pub place: Option<usize>,
    /// What is wrong.
    pub fault: CalendarFault,
}

/// The kinds of things that can be wrong with an arrangement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarFault {
    /// The text is not TOML, lacks a key, or has one that nobody knows; the parser's words.
    Form(String),
    /// A value stands where a local date such as 2026-10-01 belongs.
    NotADate(String),
    /// A festival has no name, or an arrangement no source.
    Unnamed(&'static str),
    /// A festival lists neither holiday nor make-up workday.
    Empty(String),
    /// The year lies outside the range in which working time is known.
    YearOutOfRange(i32),
    /// The same year has two arrangements.
    DuplicateYear(i32),
    /// A day lies neither in the year nor in the December before it.
    OutsideYear(NaiveDate),
    /// A day is listed twice as a holiday.
    HolidayTwice(NaiveDate),
    /// A day is listed twice as a make-up workday.
    WorkdayTwice(NaiveDate),
    /// A day is both a holiday and a make-up workday.
    HolidayAndWorkday(NaiveDate),
    /// A make-up workday is a Monday to Friday, which is worked anyway.
    WorkdayOnWeekday(NaiveDate),
}

impl CalendarError {
    pub(crate) fn new(year: Option<i32>, line: Option<usize>, fault: CalendarFault) -> Self {
        Self {
            year,
            line,
            place: None,
            fault,
        }
    }

    pub(crate) fn of(mut self, place: usize) -> Self {
        self.place = Some(place);
        self
    }

    /// A stable code for documents and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.fault {
            CalendarFault::Form(_) => "CALENDAR_FORM",
            CalendarFault::NotADate(_) => "CALENDAR_NOT_A_DATE",
            CalendarFault::Unnamed(_) => "CALENDAR_UNNAMED",
            CalendarFault::Empty(_) => "CALENDAR_EMPTY_FESTIVAL",
            CalendarFault::YearOutOfRange(_) => "CALENDAR_YEAR_OUT_OF_RANGE",
            CalendarFault::DuplicateYear(_) => "CALENDAR_DUPLICATE_YEAR",
            CalendarFault::OutsideYear(_) => "CALENDAR_OUTSIDE_YEAR",
            CalendarFault::HolidayTwice(_) => "CALENDAR_HOLIDAY_TWICE",
            CalendarFault::WorkdayTwice(_) => "CALENDAR_WORKDAY_TWICE",
            CalendarFault::HolidayAndWorkday(_) => "CALENDAR_HOLIDAY_AND_WORKDAY",
            CalendarFault::WorkdayOnWeekday(_) => "CALENDAR_WORKDAY_ON_WEEKDAY",
        }
    }

    /// Says in Chinese what is wrong, with year and line.
    #[must_use]
    pub fn zh(&self) -> String {
        let year = self.year.map(|y| format!("{y}年放假安排"));
        let line = self.line.map(|n| format!("第{n}行"));
        join(year, line, ",", ":", &self.fault.zh())
    }

    /// Says in English what is wrong, with year and line.
    #[must_use]
    pub fn en(&self) -> String {
        let year = self.year.map(|y| format!("arrangement {y}"));
        let line = self.line.map(|n| format!("line {n}"));
        join(year, line, ", ", ": ", &self.fault.en())
    }
}

fn join(year: Option<String>, line: Option<String>, comma: &str, colon: &str, what: &str) -> String {
    let place: Vec<_> = year.into_iter().chain(line).collect();
    if place.is_empty() {
        what.to_owned()
    } else {
        format!("{}{colon}{what}", place.join(comma))
    }
}

impl CalendarFault {
    fn zh(&self) -> String {
        match self {
            Self::Form(what) => format!("文件格式不符:{what}"),
            Self::NotADate(what) => format!("“{what}” 不是日期,应如 2026-10-01"),
            Self::Unnamed(key) => format!("“{key}” 不能为空"),
            Self::Empty(name) => format!("“{name}” 既无放假日也无上班日"),
            Self::YearOutOfRange(year) => format!("{year}年不在 {FIRST_YEAR}—{LAST_YEAR} 年之内"),
            Self::DuplicateYear(year) => format!("{year}年有两份放假安排"),
            Self::OutsideYear(day) => format!("{day} 既不在当年,也不在上年12月"),
            Self::HolidayTwice(day) => format!("{day} 重复列为放假日"),
            Self::WorkdayTwice(day) => format!("{day} 重复列为调休上班日"),
            Self::HolidayAndWorkday(day) => format!("{day} 既是放假日又是调休上班日"),
            Self::WorkdayOnWeekday(day) => format!("调休上班日 {day} 不在周末"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Form(what) => format!("malformed: {what}"),
            Self::NotADate(what) => format!("\"{what}\" is not a date such as 2026-10-01"),
            Self::Unnamed(key) => format!("\"{key}\" is empty"),
            Self::Empty(name) => format!("\"{name}\" lists neither holiday nor workday"),
            Self::YearOutOfRange(year) => {
                format!("year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
            }
            Self::DuplicateYear(year) => format!("year {year} has two arrangements"),
            Self::OutsideYear(day) => {
                format!("{day} lies neither in the year nor in the December before")
            }
            Self::HolidayTwice(day) => format!("{day} is listed twice as a holiday"),
            Self::WorkdayTwice(day) => format!("{day} is listed twice as a make-up workday"),
            Self::HolidayAndWorkday(day) => {
                format!("{day} is both a holiday and a make-up workday")
            }
            Self::WorkdayOnWeekday(day) => format!("make-up workday {day} is not on a weekend"),
        }
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.zh(), self.en())
    }
}

impl std::error::Error for CalendarError {}
