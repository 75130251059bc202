//! Warnings about arrangements that contradict nothing and yet look wrong.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::arrangement::{NamedDay, YearArrangement};
use crate::contradiction::is_weekend;

/// Festivals that every year's notice arranges, and the fixed day that belongs to some.
const FESTIVALS: [(&str, Option<(u32, u32)>); 7] = [
    ("元旦", Some((1, 1))),
    ("春节", None),
    ("清明", None),
    ("劳动节", Some((5, 1))),
    ("端午", None),
    ("中秋", None),
    ("国庆", Some((10, 1))),
];

/// Days in a row that a holiday has at most; the longest so far had ten.
const HOLIDAY_DAYS_MAX: usize = 10;

/// Days by which a make-up workday lies apart from its holiday at most.
const MAKE_UP_DISTANCE_MAX: i64 = 21;

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A stable code.
    pub code: &'static str,
    /// The year concerned.
    pub year: i32,
    /// The line of the year's text, from 1, where one is concerned.
    pub line: Option<usize>,
    /// What looks wrong, in Chinese.
    pub zh: String,
    /// What looks wrong, in English.
    pub en: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.zh, self.en)
    }
}

/// Looks over arrangements, each by itself and the years together; in order of year.
#[must_use]
pub fn lint(years: &[YearArrangement]) -> Vec<Warning> {
    let mut sorted: Vec<&YearArrangement> = years.iter().collect();
    sorted.sort_by_key(|arrangement| arrangement.year);
    let gaps = sorted
        .windows(2)
        .flat_map(|pair| pair[0].year + 1..pair[1].year)
        .map(missing_year);
    let mut warnings: Vec<Warning> = gaps.collect();
    for arrangement in sorted {
        warnings.extend(lint_year(arrangement));
    }
    warnings.sort_by_key(|warning| warning.year);
    warnings
}

fn missing_year(year: i32) -> Warning {
    Warning {
        code: "CALENDAR_YEAR_MISSING",
        year,
        line: None,
        zh: format!("缺少{year}年放假安排,涉及该年的期限均为暂定"),
        en: format!("year {year} is missing: deadlines that reach it are provisional"),
    }
}

fn lint_year(arrangement: &YearArrangement) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (festival, fixed) in FESTIVALS {
        let days = days_of(&arrangement.holidays, festival);
        if days.is_empty() {
            warnings.push(missing_festival(arrangement.year, festival));
        } else if let Some((month, day)) = fixed {
            warnings.extend(missing_day(arrangement, month, day, festival));
        }
    }
    for (name, days) in by_name(&arrangement.holidays) {
        warnings.extend(too_long(arrangement.year, name, &days));
        warnings.extend(interrupted(arrangement, name, &days));
    }
    let far = arrangement
        .workdays
        .iter()
        .filter_map(|day| far_from_holiday(arrangement, day));
    warnings.extend(far);
    warnings
}

fn days_of<'a>(days: &'a [NamedDay], festival: &str) -> Vec<&'a NamedDay> {
    days.iter().filter(|day| day.name.contains(festival)).collect()
}

fn by_name(days: &[NamedDay]) -> BTreeMap<&str, Vec<&NamedDay>> {
    let mut named: BTreeMap<&str, Vec<&NamedDay>> = BTreeMap::new();
    for day in days {
        named.entry(&day.name).or_default().push(day);
    }
    for group in named.values_mut() {
        group.sort_by_key(|day| day.date);
    }
    named
}

fn missing_festival(year: i32, festival: &str) -> Warning {
    Warning {
        code: "CALENDAR_FESTIVAL_MISSING",
        year,
        line: None,
        zh: format!("{year}年没有“{festival}”的放假日"),
        en: format!("year {year} has no holiday for {festival}"),
    }
}

fn missing_day(arrangement: &YearArrangement, month: u32, day: u32, festival: &str) -> Option<Warning> {
    let year = arrangement.year;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let listed = arrangement.holidays.iter().any(|holiday| holiday.date == date);
    (!listed).then(|| Warning {
        code: "CALENDAR_FIXED_DAY_MISSING",
        year,
        line: None,
        zh: format!("“{festival}”的放假日不含法定的 {date}"),
        en: format!("the holidays of {festival} leave out its statutory day {date}"),
    })
}

fn too_long(year: i32, name: &str, days: &[&NamedDay]) -> Option<Warning> {
    (days.len() > HOLIDAY_DAYS_MAX).then(|| Warning {
        code: "CALENDAR_HOLIDAY_LONG",
        year,
        line: days.first().and_then(|day| day.line),
        zh: format!("“{name}”放假{}天,超过{HOLIDAY_DAYS_MAX}天", days.len()),
        en: format!("{name} has {} days off, more than {HOLIDAY_DAYS_MAX}", days.len()),
    })
}

/// A working weekday between two days of one holiday.
fn interrupted(arrangement: &YearArrangement, name: &str, days: &[&NamedDay]) -> Option<Warning> {
    let (first, last) = (days.first()?, days.last()?);
    let gap = first
        .date
        .iter_days()
        .take_while(|date| *date < last.date)
        .find(|date| {
            !is_weekend(*date) && !arrangement.holidays.iter().any(|holiday| holiday.date == *date)
        })?;
    Some(Warning {
        code: "CALENDAR_HOLIDAY_INTERRUPTED",
        year: arrangement.year,
        line: last.line,
        zh: format!("“{name}”的放假日被工作日 {gap} 隔断"),
        en: format!("the holidays of {name} are interrupted by the working day {gap}"),
    })
}

fn far_from_holiday(arrangement: &YearArrangement, workday: &NamedDay) -> Option<Warning> {
    let nearest = arrangement
        .holidays
        .iter()
        .filter(|holiday| holiday.name == workday.name)
        .map(|holiday| (holiday.date - workday.date).num_days().abs())
        .min();
    let near = nearest.is_some_and(|days| days <= MAKE_UP_DISTANCE_MAX);
    let (date, name) = (workday.date, &workday.name);
    (!near).then(|| Warning {
        code: "CALENDAR_MAKE_UP_FAR",
        year: workday.date.year(),
        line: workday.line,
        zh: format!("调休上班日 {date} 前后{MAKE_UP_DISTANCE_MAX}天内没有“{name}”的放假日"),
        en: format!("make-up workday {date} has no holiday of {name} within {MAKE_UP_DISTANCE_MAX} days"),
    })
}
