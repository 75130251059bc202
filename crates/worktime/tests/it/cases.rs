//! The case file of deadlines from first principles, and what is wrong with case files.

use std::fs;

use hotline_worktime::cases::{CaseFileError, check};

use crate::support::folder;

const SMALL: &str = r#"{"timezone": "Asia/Shanghai", "shifts": {"split": ["09:00-12:00", "14:00-18:00"]},
    "calendar": {"holidays_on_weekdays": ["2026-10-01"], "makeup_workdays": ["2026-10-10"]},
    "cases": [{"id": "a", "start": "2026-09-30T17:30", "rule": "work_minutes", "n": 60, "shift": "split",
    "expected": "2026-10-02T09:30", "why": "over a holiday"}]}"#;

#[test]
fn every_known_case_holds() {
    let path = folder("../shared/data/worktime-cases.json");
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("跳过 skipped: {} 不存在 (is absent)", path.display());
        return;
    };
    let report = check(&text).expect("a case file");
    assert_eq!(report.differences, []);
    assert_eq!(report.total, 392);
}

#[test]
fn a_case_that_comes_out_otherwise_is_told() {
    assert_eq!(check(SMALL).expect("holds").differences, []);
    let report = check(&SMALL.replace("2026-10-02T09:30", "2026-10-01T09:30")).expect("runs");
    assert_eq!(report.total, 1);
    let difference = &report.differences[0];
    assert_eq!(
        (difference.id.as_str(), difference.found.as_str()),
        ("a", "2026-10-02T09:30")
    );
}

#[test]
fn a_case_file_that_cannot_be_run_says_why() {
    let refused = |from: &str, to: &str| check(&SMALL.replace(from, to)).expect_err("refused");
    assert!(matches!(check("{}"), Err(CaseFileError::Form(_))));
    assert!(matches!(
        refused("Asia/Shanghai", "UTC"),
        CaseFileError::Timezone(_)
    ));
    assert!(matches!(refused("12:00", "25:00"), CaseFileError::Hours(_, _)));
    assert!(matches!(
        refused("2026-10-10", "2026-10-01"),
        CaseFileError::Calendar(_)
    ));
    assert!(matches!(
        refused("work_minutes", "moons"),
        CaseFileError::Rule(_, _)
    ));
    assert!(matches!(
        refused("\"shift\": \"split\"", "\"shift\": \"x\""),
        CaseFileError::Shift(_, _)
    ));
    assert!(matches!(
        refused("2026-09-30T17:30", "noon"),
        CaseFileError::Time(_, _)
    ));
}
