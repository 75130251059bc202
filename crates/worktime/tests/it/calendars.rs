//! The calendars shipped say what the notices say, and contradictions and oddities are found.

use std::collections::BTreeSet;
use std::fs;

use hotline_worktime::{Calendar, CalendarError, Day, Warning, YearArrangement, lint};

use crate::support::{calendar, date, folder, shipped};

fn text(year: i32, days: &str) -> String {
    format!("year = {year}\nsource = \"notice\"\n[[festival]]\nname = \"节\"\n{days}\n")
}

fn year(year: i32, days: &str) -> YearArrangement {
    YearArrangement::parse(&text(year, days)).expect("form")
}

#[test]
fn the_calendars_shipped_are_complete_and_without_warnings() {
    assert_eq!(
        calendar().years().collect::<Vec<_>>(),
        (2018..=2026).collect::<Vec<_>>()
    );
    assert_eq!(lint(&shipped()), []);
    for year in 2018..=2026 {
        let source = calendar();
        let source = source.source(year).expect("source");
        assert!(source.contains(&format!("国务院办公厅关于{year}年部分节假日安排的通知")));
        assert!(source.contains("国办发明电"), "{source}");
    }
}

#[test]
fn known_facts_hold() {
    let calendar = calendar();
    let is = |day: &str, expected: Day<'_>| assert_eq!(calendar.day(date(day)), expected, "{day}");
    is("2026-09-30", Day::Working);
    for day in 1..=7 {
        is(&format!("2026-10-{day:02}"), Day::Holiday("国庆节"));
    }
    is("2026-10-08", Day::Working);
    is("2026-10-10", Day::MakeUp("国庆节"));
    is("2026-09-20", Day::MakeUp("国庆节"));
    is("2026-10-11", Day::Weekend);
    is("2026-02-17", Day::Holiday("春节"));
    is("2026-02-14", Day::MakeUp("春节"));
    is("2026-01-04", Day::MakeUp("元旦"));
    is("2018-12-29", Day::MakeUp("元旦"));
    is("2018-12-31", Day::Holiday("元旦"));
    is("2020-02-01", Day::Holiday("春节"));
    is("2020-10-01", Day::Holiday("国庆节、中秋节"));
    is("2019-05-05", Day::MakeUp("劳动节"));
    is("2023-09-29", Day::Holiday("中秋节"));
    is("2025-10-06", Day::Holiday("中秋节"));
    is("2027-10-01", Day::Working);
    assert!(calendar.is_published(2026) && !calendar.is_published(2027));
}

#[test]
fn the_calendars_shipped_equal_the_table_of_facts() {
    let path = folder("../shared/data/facts/cn_holidays_2018_2026.csv");
    let Ok(table) = fs::read_to_string(&path) else {
        eprintln!("跳过 skipped: {} 不存在 (is absent)", path.display());
        return;
    };
    let facts: BTreeSet<(String, &str)> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|row| (row[0].to_owned(), if row[1] == "holiday" { "off" } else { "on" }))
        .collect();
    let mut found = BTreeSet::new();
    for year in shipped() {
        found.extend(year.holidays.iter().map(|day| (day.date.to_string(), "off")));
        found.extend(year.workdays.iter().map(|day| (day.date.to_string(), "on")));
    }
    assert_eq!(found, facts);
}

fn contradictions(years: Vec<YearArrangement>) -> Vec<(&'static str, Option<usize>)> {
    let errors = Calendar::new(years).expect_err("contradicts");
    assert!(
        errors
            .iter()
            .all(|e| !e.to_string().is_empty() && e.zh() != e.en())
    );
    errors
        .iter()
        .map(|e: &CalendarError| (e.code(), e.line))
        .collect()
}

#[test]
fn contradictions_are_found_all_at_once() {
    let wrong = "holidays = [2026-10-01,\n2026-10-01,\n2026-10-04,\n2028-01-01,\n2025-11-30]\n\
                 workdays = [2026-10-04,\n2026-10-09,\n2026-10-10,\n2026-10-10]";
    assert_eq!(
        contradictions(vec![year(2026, wrong), year(2027, "holidays = [2027-01-01]")]),
        [
            ("CALENDAR_HOLIDAY_TWICE", Some(6)),
            ("CALENDAR_OUTSIDE_YEAR", Some(8)),
            ("CALENDAR_OUTSIDE_YEAR", Some(9)),
            ("CALENDAR_WORKDAY_ON_WEEKDAY", Some(11)),
            ("CALENDAR_WORKDAY_TWICE", Some(13)),
            ("CALENDAR_HOLIDAY_AND_WORKDAY", Some(10)),
        ]
    );
}

#[test]
fn years_that_contradict_each_other_are_found() {
    let plain = || year(2026, "holidays = [2026-10-01]");
    assert_eq!(
        contradictions(vec![plain(), plain()]),
        [("CALENDAR_DUPLICATE_YEAR", Some(1))]
    );
    assert_eq!(
        contradictions(vec![year(1999, "holidays = [1999-10-01]")]),
        [("CALENDAR_YEAR_OUT_OF_RANGE", Some(1))]
    );
    let twice =
        Calendar::new(vec![plain(), year(2027, "holidays = [2027-01-01]"), plain()]).expect_err("twice");
    assert_eq!(twice[0].place, Some(2), "it says whose text the line is of");
    let both = vec![
        year(2026, "workdays = [2026-12-27]"),
        year(2027, "holidays = [2026-12-27, 2027-01-01]"),
    ];
    assert_eq!(contradictions(both), [("CALENDAR_HOLIDAY_AND_WORKDAY", Some(5))]);
}

#[test]
fn an_error_names_year_line_and_day_in_both_languages() {
    let errors = Calendar::new(vec![year(2026, "workdays = [2026-10-09]")]).expect_err("weekday");
    assert_eq!(
        errors[0].to_string(),
        "2026年放假安排,第5行:调休上班日 2026-10-09 不在周末 \
         (arrangement 2026, line 5: make-up workday 2026-10-09 is not on a weekend)"
    );
}

#[test]
fn oddities_are_warned_of() {
    let codes = |years: &[YearArrangement]| -> BTreeSet<&'static str> {
        lint(years).iter().map(|w: &Warning| w.code).collect()
    };
    let mut years = shipped();
    years.remove(3);
    assert_eq!(codes(&years), BTreeSet::from(["CALENDAR_YEAR_MISSING"]));
    let edited = |from: &str, to: &str| {
        let text = fs::read_to_string(folder("deploy/calendars/2026.toml")).expect("2026");
        assert!(text.contains(from), "{from}");
        codes(&[YearArrangement::parse(&text.replace(from, to)).expect("form")])
    };
    assert_eq!(
        edited("端午节", "端阳节"),
        BTreeSet::from(["CALENDAR_FESTIVAL_MISSING"])
    );
    assert_eq!(
        edited("[2026-01-01, ", "["),
        BTreeSet::from(["CALENDAR_FIXED_DAY_MISSING"])
    );
    assert_eq!(
        edited("2026-05-09", "2026-07-11"),
        BTreeSet::from(["CALENDAR_MAKE_UP_FAR"])
    );
    assert_eq!(
        edited("2026-06-21", "2026-06-24"),
        BTreeSet::from(["CALENDAR_HOLIDAY_INTERRUPTED"])
    );
    let long = "2026-02-15, 2026-02-24, 2026-02-25";
    assert_eq!(
        edited("2026-02-15", long),
        BTreeSet::from(["CALENDAR_HOLIDAY_LONG"])
    );
}
