//! Explanations add up, and read as a clerk would tell them.

use chrono::{TimeDelta, Timelike};
use hotline_worktime::{Convention, Explanation, Step, Unit, local_time};
use proptest::prelude::*;

use crate::support::{at, clock, limit};

fn told(convention: Convention, start: &str, within: &str) -> Explanation {
    clock(convention).explain(at(start), limit(within))
}

#[test]
fn a_working_hour_over_the_national_day_names_what_it_walked_over() {
    let told = told(Convention::Civil, "2026-09-30T17:20", "1 working hour");
    assert_eq!(
        told.zh(),
        "自2026-09-30(周三) 17:20起1个工作小时,至2026-10-08(周四) 09:20止\n\
         只计工作时间:工作日09:00-12:00,14:00-18:00\n\
         2026-09-30(周三) 17:20-18:00 计40分\n\
         2026-10-01(周四)至2026-10-07(周三) 国庆节放假7天,不计\n\
         2026-10-08(周四) 09:00-09:20 计20分"
    );
    assert_eq!(
        told.en(),
        "1 working hour from 2026-09-30 Wed 17:20: due 2026-10-08 Thu 09:20\n\
         office time only: 09:00-12:00,14:00-18:00 on working days\n\
         2026-09-30 Wed 17:20-18:00: counted 40 min\n\
         2026-10-01 Thu to 2026-10-07 Wed: 7 days off, holiday (国庆节)\n\
         2026-10-08 Thu 09:00-09:20: counted 20 min"
    );
}

#[test]
fn working_days_tell_the_first_day_and_the_make_up_day() {
    assert_eq!(
        told(Convention::Civil, "2026-09-30T16:50", "3 working days").zh(),
        "自2026-09-30(周三) 16:50起3个工作日,至2026-10-10(周六) 18:00止\n\
         当日不计,至最后一个工作日下班止(民法典第201、203条);工作时间09:00-12:00,14:00-18:00\n\
         2026-09-30(周三) 起始当日,不计\n\
         2026-10-01(周四)至2026-10-07(周三) 国庆节放假7天,不计\n\
         2026-10-08(周四)至2026-10-09(周五) 计2个工作日\n\
         2026-10-10(周六) 计1个工作日(国庆节调休上班)"
    );
}

#[test]
fn natural_days_tell_why_they_moved_and_what_is_not_published() {
    assert_eq!(
        told(Convention::Civil, "2026-12-31T10:00", "2 natural days").en(),
        "2 natural days from 2026-12-31 Thu 10:00: due 2027-01-04 Mon 24:00 (provisional)\n\
         first day not counted, until 24:00 of the last day, moved to the next working day when that \
         is a day off (Civil Code, articles 201 to 203)\n\
         2026-12-31 Thu: first day, not counted\n\
         counted to 2027-01-02 Sat\n\
         2027-01-02 Sat to 2027-01-03 Sun: 2 days off, weekend\n\
         2027-01-02 Sat is a day off, moved to 2027-01-04 Mon\n\
         2027: no arrangement published yet, plain weekdays and weekends assumed"
    );
}

#[test]
fn the_wall_clock_and_an_evening_start_are_told() {
    let clocked = told(Convention::Civil, "2026-10-01T23:50", "90 minutes");
    assert_eq!(clocked.steps, [Step::ClockTime { seconds: 5400 }]);
    assert!(clocked.zh().ends_with("连续计1小时30分"));
    let evening = told(Convention::Civil, "2026-09-28T20:00", "8 working hours");
    assert!(
        evening.zh().contains("2026-09-28(周一) 已下班"),
        "{}",
        evening.zh()
    );
    assert!(
        told(Convention::Elapsed, "2026-09-28T20:00", "same day")
            .zh()
            .contains("24:00止")
    );
}

#[test]
fn a_very_long_explanation_is_cut_short() {
    let long = told(Convention::Civil, "2018-01-02T10:00", "100000 working hours");
    assert!(long.steps.len() < 700);
    assert!(long.steps.iter().any(|step| matches!(step, Step::More { .. })));
}

#[test]
fn steps_are_plain_json() {
    let told = told(Convention::Civil, "2026-09-30T17:20", "1 working hour");
    let json = serde_json::to_value(&told).expect("json");
    assert_eq!(json["limit"], "1 working hour");
    assert_eq!(json["steps"][1]["step"], "rested");
    assert_eq!(json["steps"][1]["why"]["name"], "国庆节");
}

/// Seconds of office time and whole days that the steps count.
fn sum(told: &Explanation) -> (i64, i64) {
    told.steps
        .iter()
        .fold((0, 0), |(seconds, whole), step| match step {
            Step::Worked { from_s, to_s, .. } => (seconds + to_s - from_s, whole),
            Step::Days { days, .. } => (seconds, whole + i64::from(*days)),
            _ => (seconds, whole),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_explanation_adds_up_to_its_limit(minutes in 0_i64..4_000_000, n in 1_u32..40) {
        let start = at("2018-06-01T00:00") + TimeDelta::minutes(minutes);
        let day = 7 * 3600;
        let hours = clock(Convention::Elapsed);
        let told = hours.explain(start, hotline_worktime::Limit::new(n, Unit::WorkingHour));
        let (seconds, days) = sum(&told);
        prop_assert_eq!(seconds + days * day, i64::from(n) * 3600);
        if let Some(Step::Worked { date, to_s, .. }) = told.steps.last() {
            let due = local_time(told.due.at);
            prop_assert_eq!((*date, *to_s), (due.date(), i64::from(due.num_seconds_from_midnight())));
        }
        let told = clock(Convention::Civil).explain(start, hotline_worktime::Limit::new(n, Unit::WorkingDay));
        prop_assert_eq!(sum(&told), (0, i64::from(n)));
    }
}
