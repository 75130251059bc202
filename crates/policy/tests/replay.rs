//! Two policies side by side, and past orders judged under another one.

use std::path::Path;

use chrono::{DateTime, Utc};
use hotline_policy::{
    AppealType, Desk, Library, Matter, Obligation, PastOrder, ReplayChange, ReplayOutcome, compare, replay,
    replay_changes, replay_totals,
};
use hotline_worktime::Calendar;

fn library() -> Library {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/cities"));
    Library::load(dir).unwrap_or_else(|problems| panic!("{problems}"))
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse().expect("a time")
}

/// A complaint of a Monday morning, handled in six working days, signed for in two hours.
fn slow() -> PastOrder {
    PastOrder {
        number: "EX1".to_owned(),
        matter: Matter::new(AppealType::Complaint, Desk::Hotline, "other", "360100"),
        dispatched: at("2026-03-02T09:30"),
        signed: Some(at("2026-03-02T11:30")),
        contacted: Some(at("2026-03-02T11:40")),
        replied: Some(at("2026-03-10T10:00")),
        settled: Some(at("2026-03-10T15:00")),
        return_asked: None,
        bad_answers: 0,
    }
}

/// The outcomes of `order` under a policy.
fn outcomes(policy: &str, order: &PastOrder) -> Vec<(ReplayOutcome, Obligation)> {
    let library = library();
    let policy = library.policy(policy).expect("it is shipped");
    let calendar = Calendar::new(Vec::new()).expect("a calendar without holidays");
    let clock = policy.work_clock(&calendar);
    let verdicts = replay(
        policy,
        &clock,
        std::slice::from_ref(order),
        at("2026-04-01T09:00"),
    );
    verdicts.iter().map(|one| (one.outcome, one.obligation)).collect()
}

#[test]
fn one_order_is_late_in_one_city_and_in_time_in_another() {
    assert_eq!(outcomes("nanchang-2022", &slow()), []);
    assert_eq!(
        outcomes("xuzhou-2020", &slow()),
        [
            (ReplayOutcome::Late, Obligation::Sign),
            (ReplayOutcome::Late, Obligation::Answer),
            (ReplayOutcome::Late, Obligation::Settle),
        ]
    );
    assert_eq!(
        outcomes("yicheng-2021", &slow()),
        [
            (ReplayOutcome::Late, Obligation::Answer),
            (ReplayOutcome::Carded, Obligation::Answer),
        ]
    );
}

#[test]
fn what_never_happened_is_late_once_its_time_is_past() {
    let open = PastOrder {
        replied: None,
        settled: None,
        ..slow()
    };
    let late = outcomes("nanchang-2022", &open);
    assert_eq!(late.len(), 2, "{late:?}");
}

#[test]
fn returns_and_bad_answers_are_judged_by_each_citys_bounds() {
    let order = PastOrder {
        signed: Some(at("2026-03-02T10:00")),
        replied: Some(at("2026-03-03T10:00")),
        settled: Some(at("2026-03-03T15:00")),
        return_asked: Some(at("2026-03-04T10:00")),
        bad_answers: 2,
        ..slow()
    };
    let redo = Obligation::Redo;
    assert_eq!(outcomes("xuzhou-2020", &order), [(ReplayOutcome::Raised, redo)]);
    assert_eq!(
        outcomes("nanchang-2022", &order),
        [
            (ReplayOutcome::ReturnRefused, Obligation::ReturnWindow),
            (ReplayOutcome::Raised, redo)
        ]
    );
    assert_eq!(
        outcomes("yicheng-2021", &order),
        [
            (ReplayOutcome::ReturnRefused, Obligation::ReturnWindow),
            (ReplayOutcome::Ended, redo)
        ]
    );
}

#[test]
fn totals_count_by_rule_and_name_examples() {
    let library = library();
    let policy = library.policy("xuzhou-2020").expect("it is shipped");
    let calendar = Calendar::new(Vec::new()).expect("a calendar without holidays");
    let orders: Vec<_> = (1..=5)
        .map(|number| PastOrder {
            number: format!("EX{number}"),
            ..slow()
        })
        .collect();
    let verdicts = replay(
        policy,
        &policy.work_clock(&calendar),
        &orders,
        at("2026-04-01T09:00"),
    );
    let totals = replay_totals(&verdicts);
    let answer = totals
        .iter()
        .find(|total| total.obligation == Obligation::Answer)
        .expect("a total");
    assert_eq!((answer.orders, answer.article.as_str()), (5, "12(3)"));
    assert_eq!(answer.examples, ["EX1", "EX2", "EX3"]);
}

#[test]
fn what_is_new_gone_and_the_same_under_another_policy_is_told_by_order() {
    let library = library();
    let calendar = Calendar::new(Vec::new()).expect("a calendar without holidays");
    let one = |number: &str, replied: &str| PastOrder {
        number: number.into(),
        replied: Some(at(replied)),
        ..slow()
    };
    // Both sent on Monday; Xuzhou gives the reply days that Yicheng does not.
    let orders = [one("EX1", "2026-03-05T10:00"), one("EX2", "2026-03-20T10:00")];
    let under = |id: &str| {
        let policy = library.policy(id).expect("it is shipped");
        replay(
            policy,
            &policy.work_clock(&calendar),
            &orders,
            at("2026-04-01T09:00"),
        )
    };
    let told = |before: &str, after: &str| {
        let found = replay_changes(&under(before), &under(after));
        let late = |change: &ReplayChange| {
            (change.outcome, change.obligation) == (ReplayOutcome::Late, Obligation::Answer)
        };
        let change = found.into_iter().find(late).expect("late answers");
        [change.new, change.gone, change.same].map(|numbers| numbers.join(" "))
    };
    assert_eq!(told("xuzhou-2020", "yicheng-2021"), ["EX1", "", "EX2"]);
    assert_eq!(told("yicheng-2021", "xuzhou-2020"), ["", "EX1", "EX2"]);
    assert_eq!(told("xuzhou-2020", "xuzhou-2020"), ["", "", "EX2"]);
}

#[test]
fn two_cities_differ_article_by_article_and_a_city_not_from_itself() {
    let library = library();
    let policy = |id: &str| library.policy(id).expect("it is shipped");
    assert_eq!(compare(policy("xuzhou-2020"), policy("xuzhou-2020")), []);
    let found = compare(policy("xuzhou-2020"), policy("nanchang-2022"));
    let item = |name: &str| found.iter().find(|one| one.item == name);
    let sign = item("clock.sign").expect("they sign at other times");
    assert_eq!(sign.left[0].value, "1个工作小时");
    assert!(
        sign.right
            .iter()
            .any(|fact| fact.value == "1个工作日" && fact.article == "15")
    );
    let answer = item("clock.answer").expect("they answer at other times");
    assert!(answer.right.iter().any(|fact| fact.value == "原文数值缺失"));
    for differs in [
        "review.refused",
        "close.event",
        "identity.mode",
        "callback.ways",
        "redo.judge",
    ] {
        assert!(item(differs).is_some(), "{differs}");
    }
    assert!(
        item("retention.recording_years").is_none(),
        "both keep recordings three years"
    );
}
