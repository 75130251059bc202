//! Case files: deadlines known beforehand, which the arithmetic must reproduce.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::arrangement::{NamedDay, YearArrangement};
use crate::calendar::Calendar;
use crate::clock::{Convention, WorkClock};
use crate::error::CalendarError;
use crate::hours::{HoursError, OfficeHours};
use crate::limit::{Limit, Unit};
use crate::local::{at_local, local_time};

/// Local times stand without seconds, as in 2026-09-30T16:50.
const TIME_FORM: &str = "%Y-%m-%dT%H:%M";

/// What a case file found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Cases in the file.
    pub total: usize,
    /// Those that came out otherwise, in the file's order.
    pub differences: Vec<Difference>,
}

/// A case that came out otherwise than the file expects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The case's id.
    pub id: String,
    /// Local start.
    pub start: String,
    /// The rule, for example "work_days_civil".
    pub rule: String,
    /// The amount.
    pub n: u32,
    /// The name of the office hours.
    pub shift: String,
    /// The local due time that the file expects.
    pub expected: String,
    /// The local due time that was computed.
    pub found: String,
    /// What the case is about.
    pub why: String,
}

/// Why a case file cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum CaseFileError {
    /// It is not JSON of this form.
    #[error("案例文件格式不符:{0} (malformed case file)")]
    Form(#[from] serde_json::Error),
    /// Its calendar contradicts itself.
    #[error("案例文件的日历自相矛盾:{} (its calendar contradicts itself)", list(.0))]
    Calendar(Vec<CalendarError>),
    /// Its office hours are none.
    #[error("案例文件的班次 “{0}” 有误:{1} (its office hours are wrong)")]
    Hours(String, HoursError),
    /// Its time zone is not Asia/Shanghai.
    #[error("案例文件的时区 “{0}” 不是 Asia/Shanghai (time zone is not Asia/Shanghai)")]
    Timezone(String),
    /// A case names a rule that nobody knows.
    #[error("案例 {0} 的规则 “{1}” 不认识 (case {0} has unknown rule \"{1}\")")]
    Rule(String, String),
    /// A case names office hours that the file does not have.
    #[error("案例 {0} 的班次 “{1}” 未定义 (case {0} names unknown office hours \"{1}\")")]
    Shift(String, String),
    /// A case has a time that is none.
    #[error("案例 {0} 的时间 “{1}” 有误 (case {0} has a malformed time \"{1}\")")]
    Time(String, String),
}

fn list(errors: &[CalendarError]) -> String {
    let told: Vec<String> = errors.iter().map(CalendarError::zh).collect();
    told.join(";")
}

#[derive(Deserialize)]
struct File {
    timezone: String,
    shifts: BTreeMap<String, Vec<String>>,
    calendar: Days,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Days {
    holidays_on_weekdays: Vec<NaiveDate>,
    makeup_workdays: Vec<NaiveDate>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    start: String,
    rule: String,
    n: u32,
    shift: String,
    expected: String,
    #[serde(default)]
    why: String,
}

/// Runs every case of a case file on the calendar and office hours that the file carries.
///
/// # Errors
/// When the file cannot be read, its calendar contradicts itself, or a case names what is unknown.
pub fn check(text: &str) -> Result<Report, CaseFileError> {
    let file: File = serde_json::from_str(text)?;
    if file.timezone != "Asia/Shanghai" {
        return Err(CaseFileError::Timezone(file.timezone));
    }
    let clocks = clocks(&file)?;
    let mut differences = Vec::new();
    for case in &file.cases {
        differences.extend(run(case, &clocks)?);
    }
    Ok(Report {
        total: file.cases.len(),
        differences,
    })
}

fn clocks(file: &File) -> Result<BTreeMap<&str, WorkClock>, CaseFileError> {
    let calendar = Calendar::new(arrangements(&file.calendar)).map_err(CaseFileError::Calendar)?;
    let clock = |(name, shifts): (_, &Vec<String>)| {
        let name: &String = name;
        let hours = OfficeHours::parse(shifts).map_err(|error| CaseFileError::Hours(name.clone(), error))?;
        Ok((name.as_str(), WorkClock::new(&calendar, hours, Convention::Civil)))
    };
    file.shifts.iter().map(clock).collect()
}

/// A case file lists days without names; each belongs to its own year.
fn arrangements(days: &Days) -> Vec<YearArrangement> {
    let mut years: BTreeMap<i32, YearArrangement> = BTreeMap::new();
    let mut add = |date: NaiveDate, kind: Kind| {
        let year = years.entry(date.year()).or_insert_with(|| {
            YearArrangement::new(date.year(), "case file".to_owned(), Vec::new(), Vec::new())
        });
        let list = match kind {
            Kind::Holiday => &mut year.holidays,
            Kind::Workday => &mut year.workdays,
        };
        list.push(NamedDay {
            date,
            name: String::new(),
            line: None,
        });
    };
    days.holidays_on_weekdays
        .iter()
        .for_each(|date| add(*date, Kind::Holiday));
    days.makeup_workdays
        .iter()
        .for_each(|date| add(*date, Kind::Workday));
    years.into_values().collect()
}

#[derive(Clone, Copy)]
enum Kind {
    Holiday,
    Workday,
}

fn run(case: &Case, clocks: &BTreeMap<&str, WorkClock>) -> Result<Option<Difference>, CaseFileError> {
    let clock = clocks
        .get(case.shift.as_str())
        .ok_or_else(|| CaseFileError::Shift(case.id.clone(), case.shift.clone()))?;
    let (unit, convention) =
        rule(&case.rule).ok_or_else(|| CaseFileError::Rule(case.id.clone(), case.rule.clone()))?;
    let start = at_local(time(case, &case.start)?);
    let expected = time(case, &case.expected)?;
    let due = clock.deadline_with(start, Limit::new(case.n, unit), convention);
    let found = local_time(due.at);
    Ok((found != expected).then(|| case.differs(found)))
}

fn rule(name: &str) -> Option<(Unit, Convention)> {
    match name {
        "work_minutes" => Some((Unit::WorkingMinute, Convention::Elapsed)),
        "work_days_elapsed" => Some((Unit::WorkingDay, Convention::Elapsed)),
        "work_days_civil" => Some((Unit::WorkingDay, Convention::Civil)),
        "natural_24h" => Some((Unit::NaturalDay, Convention::Elapsed)),
        "natural_civil" => Some((Unit::NaturalDay, Convention::Civil)),
        _ => None,
    }
}

fn time(case: &Case, text: &str) -> Result<NaiveDateTime, CaseFileError> {
    NaiveDateTime::parse_from_str(text, TIME_FORM)
        .map_err(|_| CaseFileError::Time(case.id.clone(), text.to_owned()))
}

impl Case {
    fn differs(&self, found: NaiveDateTime) -> Difference {
        Difference {
            id: self.id.clone(),
            start: self.start.clone(),
            rule: self.rule.clone(),
            n: self.n,
            shift: self.shift.clone(),
            expected: self.expected.clone(),
            found: found.format(TIME_FORM).to_string(),
            why: self.why.clone(),
        }
    }
}
