//! Clocks and instants that the tests share.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use hotline_worktime::{
    Calendar, Convention, Limit, OfficeHours, WorkClock, YearArrangement, at_local, local_time,
};

/// A folder beside this crate's workspace or inside it.
pub fn folder(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(relative)
}

/// The arrangements in `deploy/calendars`, by year.
pub fn shipped() -> Vec<YearArrangement> {
    let entries = fs::read_dir(folder("deploy/calendars")).expect("calendars are shipped");
    let mut years: Vec<YearArrangement> = entries
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("readable");
            let year = YearArrangement::parse(&text).unwrap_or_else(|e| panic!("{path:?}: {e}"));
            assert_eq!(
                path.file_stem().and_then(|s| s.to_str()),
                Some(&*year.year.to_string())
            );
            year
        })
        .collect();
    years.sort_by_key(|year| year.year);
    years
}

/// The calendar shipped.
pub fn calendar() -> Calendar {
    Calendar::new(shipped()).expect("nothing contradicts")
}

/// A clock on the calendar shipped, 09:00-12:00 and 14:00-18:00.
pub fn clock(convention: Convention) -> WorkClock {
    let hours = OfficeHours::parse(&["09:00-12:00", "14:00-18:00"]).expect("hours");
    WorkClock::new(&calendar(), hours, convention)
}

/// A local date and time such as "2026-09-30T16:50" or "2026-09-30T16:50:30".
pub fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f"))
        .expect(text)
}

/// The instant of a local date and time.
pub fn at(text: &str) -> DateTime<Utc> {
    at_local(local(text))
}

/// An instant as local text, for comparing.
pub fn told(at: DateTime<Utc>) -> String {
    local_time(at).format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

/// A limit of its text.
pub fn limit(text: &str) -> Limit {
    text.parse().expect(text)
}

/// A date of its text.
pub fn date(text: &str) -> NaiveDate {
    text.parse().expect(text)
}
