//! One true sentence a test: limits apart, limits of an order's own, new clocks, and delays that the platform caused.

use hotline_policy::{AppealType, Obligation};
use hotline_worktime::{Limit, Unit};

use crate::domain::clock::{Event, LegKind, OwnLimit, State};
use crate::domain::signal::{Signal, What};
use crate::domain::testing::{Docket, leg, local, rules, signal, trial, tried};
use crate::domain::{explain, fire};

fn on_lead(signal: Signal) -> Signal {
    Signal {
        leg: Some(leg(1, LegKind::Lead)),
        ..signal
    }
}

fn about(cause: &str, signal: Signal) -> Signal {
    Signal {
        cause: cause.into(),
        ..on_lead(signal)
    }
}

/// A docket under the trial policy with a lead leg dispatched on Monday 2026-11-02 at 10:00.
fn dispatched() -> Docket {
    let mut docket = Docket::default();
    docket.hear(
        &on_lead(tried(What::LegDispatched, local("2026-11-02 10:00"))),
        trial(),
    );
    docket
}

#[test]
fn the_settling_has_a_clock_of_its_own_where_its_limit_stands_apart() {
    let mut docket = dispatched();
    assert_eq!(docket.of(Obligation::Answer).due_at, local("2026-11-04 17:30"));
    assert_eq!(docket.of(Obligation::Settle).due_at, local("2026-11-11 17:30"));
    docket.hear(
        &about("r1", tried(What::LegReplied, local("2026-11-03 10:00"))),
        trial(),
    );
    docket.hear(
        &about("r1", tried(What::SentBackOnSameClock, local("2026-11-03 11:00"))),
        trial(),
    );
    assert!(
        matches!(docket.of(Obligation::Answer).state, State::Met(_)),
        "answered is answered"
    );
    assert!(
        matches!(docket.of(Obligation::Settle).state, State::Armed(_)),
        "what is not solved runs on"
    );
}

#[test]
fn an_extension_of_the_settling_leaves_the_answer_where_it_is() {
    let mut docket = dispatched();
    let granted = Signal {
        due_at: Some(local("2026-11-20 17:30")),
        amount: Some(Limit::new(7, Unit::WorkingDay)),
        ..about("x", tried(What::ExtensionGranted, local("2026-11-03 10:00")))
    };
    docket.hear(&granted, trial());
    assert_eq!(docket.of(Obligation::Settle).due_at, local("2026-11-20 17:30"));
    assert_eq!(
        docket.of(Obligation::Settle).basis.to_string(),
        "7 working days + 7 working days"
    );
    assert_eq!(docket.of(Obligation::Answer).due_at, local("2026-11-04 17:30"));
}

#[test]
fn a_refused_reply_has_the_fresh_limit_of_its_kind() {
    for (kind, due, article) in [
        (AppealType::Suggestion, "2026-11-06 17:30", "14(6)"),
        (AppealType::Complaint, "2026-11-17 17:30", "14(6)"),
    ] {
        let mut docket = dispatched();
        docket.hear(
            &about("r1", tried(What::LegReplied, local("2026-11-03 10:00"))),
            trial(),
        );
        let mut back = about("r1", tried(What::SentBackOnNewClock, local("2026-11-03 11:00")));
        back.order.matter.appeal_type = kind;
        docket.hear(&back, trial());
        let clock = docket.of(Obligation::Answer);
        assert_eq!(
            (clock.due_at, clock.article.as_str()),
            (local(due), article),
            "{kind}"
        );
    }
}

#[test]
fn a_limit_that_the_order_carries_stands_above_the_policys() {
    let mut docket = Docket::default();
    let mut sent = on_lead(signal(What::LegDispatched, local("2026-11-02 10:00")));
    sent.order.own_limit = Some(OwnLimit {
        within: Limit::new(15, Unit::NaturalDay),
        basis: "行政许可法第四十二条".into(),
    });
    docket.hear(&sent, rules());
    let answer = docket.of(Obligation::Answer);
    assert_eq!(answer.due_at.date_naive(), local("2026-11-17 12:00").date_naive());
    assert_eq!(answer.article, "行政许可法第四十二条");
    let told = explain(answer, &sent.order, rules());
    assert!(told.zh.contains("行政许可法第四十二条"), "{}", told.zh);
    assert_eq!(docket.of(Obligation::Sign).article, "12(3)");
}

#[test]
fn a_bad_answer_waits_for_its_judgement_within_the_policys_limit() {
    let mut docket = Docket::default();
    docket.hear(&signal(What::OrderSettled, local("2026-11-02 10:00")), rules());
    docket.hear(&signal(What::AnsweredBadly, local("2026-11-02 15:00")), rules());
    assert!(matches!(docket.of(Obligation::Callback).state, State::Met(_)));
    assert_eq!(
        docket.of(Obligation::RedoDispatch).due_at,
        local("2026-11-03 17:30")
    );
    docket.hear(&signal(What::Judged, local("2026-11-03 10:00")), rules());
    assert!(matches!(docket.of(Obligation::RedoDispatch).state, State::Met(_)));
}

#[test]
fn urgent_feedback_is_due_in_clock_hours_and_only_in_the_first_round() {
    let mut docket = dispatched();
    assert_eq!(
        docket.of(Obligation::UrgentFeedback).due_at,
        local("2026-11-02 12:00")
    );
    docket.hear(
        &about("r1", tried(What::LegReplied, local("2026-11-02 11:00"))),
        trial(),
    );
    assert!(matches!(
        docket.of(Obligation::UrgentFeedback).state,
        State::Met(_)
    ));
    let mut again = on_lead(tried(What::LegDispatched, local("2026-11-09 10:00")));
    again.order.matter.round = 2;
    let events = docket.hear(&again, trial());
    assert!(
        events
            .iter()
            .all(|event| event.clock().obligation != Obligation::UrgentFeedback)
    );
}

#[test]
fn an_undone_joining_lets_what_it_ended_run_on() {
    let mut docket = Docket::default();
    docket.hear(
        &signal(What::EmergencyRegistered, local("2026-11-02 10:00")),
        rules(),
    );
    docket.hear(&signal(What::AppealEnded, local("2026-11-02 10:05")), rules());
    assert!(!docket.of(Obligation::HandOver).is_open());
    docket.hear(&signal(What::AppealUnmerged, local("2026-11-02 10:10")), rules());
    let clock = docket.of(Obligation::HandOver);
    assert_eq!((clock.is_open(), clock.due_at), (true, local("2026-11-02 10:30")));
    let late = fire(clock.clone(), local("2026-11-02 10:30"));
    assert!(matches!(late, Some(Event::Breached { .. })));
}

#[test]
fn a_decision_after_the_units_limit_is_marked_as_the_platforms_delay() {
    let mut docket = dispatched();
    docket.hear(
        &about("q", tried(What::ExtensionRequested, local("2026-11-11 10:00"))),
        trial(),
    );
    let events = docket.hear(
        &about("q", tried(What::ExtensionRefused, local("2026-11-12 09:30"))),
        trial(),
    );
    assert!(
        events.iter().any(|event| matches!(event, Event::Marked(_))),
        "{events:?}"
    );
    let clock = docket.of(Obligation::Settle);
    assert!(clock.platform_caused);
    let told = explain(clock, &tried(What::ExtensionRefused, clock.due_at).order, trial());
    assert!(told.zh.contains("平台审定逾期"), "{}", told.zh);
}

#[test]
fn a_decision_in_time_marks_nothing() {
    let mut docket = dispatched();
    docket.hear(
        &about("q", tried(What::ExtensionRequested, local("2026-11-10 10:00"))),
        trial(),
    );
    docket.hear(
        &about("q", tried(What::ExtensionRefused, local("2026-11-10 11:00"))),
        trial(),
    );
    assert!(docket.clocks.iter().all(|clock| !clock.platform_caused));
}
