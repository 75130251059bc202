//! One true sentence a test: what starts, stops, moves and ends a clock.

use chrono::TimeDelta;
use hotline_policy::{AppealType, Desk, Obligation};
use hotline_worktime::{Limit, Unit};

use crate::domain::clock::{Event, LegKind, State};
use crate::domain::obligations::{Expiry, TABLE};
use crate::domain::signal::{Signal, What};
use crate::domain::testing::{Docket, leg, local, order, rules, signal};
use crate::domain::{Basis, explain, fire};

fn on_leg(what: What, at: &str, kind: LegKind) -> Signal {
    Signal {
        leg: Some(leg(1, kind)),
        ..signal(what, local(at))
    }
}

fn about(what: What, at: &str, cause: &str) -> Signal {
    Signal {
        cause: cause.into(),
        ..on_leg(what, at, LegKind::Lead)
    }
}

/// A docket with a lead leg dispatched at 2026-09-30 16:50, the eve of the National Day holiday.
fn dispatched() -> Docket {
    let mut docket = Docket::default();
    docket.hear(
        &on_leg(What::LegDispatched, "2026-09-30 16:50", LegKind::Lead),
        rules(),
    );
    docket
}

#[test]
fn every_obligation_has_a_start_and_a_stop() {
    for row in TABLE {
        // The clock of a letter is started by the supervision ledger, by no event.
        let started = !row.starts.is_empty() || row.obligation == Obligation::AfterSupervision;
        assert!(started && !row.stops.is_empty(), "{:?}", row.obligation);
        assert!(row.expiry == Expiry::Breach || row.obligation == Obligation::ReturnWindow);
    }
}

#[test]
fn a_dispatched_leg_has_the_limits_of_article_12() {
    let docket = dispatched();
    let due = |obligation| docket.of(obligation).due_at;
    assert_eq!(due(Obligation::Sign), local("2026-10-08 09:20"));
    assert_eq!(due(Obligation::Answer), local("2026-10-13 17:30"));
    assert_eq!(docket.of(Obligation::Sign).article, "12(3)");
    assert_eq!(docket.of(Obligation::Sign).unit, "unit-1");
    assert_eq!(
        docket.of(Obligation::Answer).basis,
        Basis::Limits(vec![Limit::new(5, Unit::WorkingDay)])
    );
    assert_eq!(docket.clocks.len(), 6);
}

#[test]
fn the_enterprise_desk_answers_a_consultation_within_one_working_day() {
    let mut docket = Docket::default();
    let mut sent = on_leg(
        What::EnterpriseLegDispatched,
        "2026-11-03 10:00",
        LegKind::Enterprise,
    );
    sent.order = order(AppealType::Consult, Desk::Enterprise);
    docket.hear(&sent, rules());
    assert_eq!(docket.of(Obligation::Answer).due_at, local("2026-11-04 17:30"));
    assert_eq!(docket.clocks.len(), 2);
    docket.hear(&signal(What::OrderSettled, local("2026-11-04 17:30")), rules());
    assert_eq!(
        docket.of(Obligation::Answer).state,
        State::Met(local("2026-11-04 17:30"))
    );
}

#[test]
fn signing_in_time_stops_the_clock_and_confirms_the_arrival() {
    let mut docket = dispatched();
    let events = docket.hear(
        &on_leg(What::LegSigned, "2026-10-08 09:20", LegKind::Lead),
        rules(),
    );
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(matches!(docket.of(Obligation::Sign).state, State::Met(_)));
    assert!(!docket.of(Obligation::Acknowledge).is_open());
}

#[test]
fn signing_late_is_told_as_breached_first() {
    let mut docket = dispatched();
    let events = docket.hear(
        &on_leg(What::LegSigned, "2026-10-08 09:21", LegKind::Lead),
        rules(),
    );
    let of_sign: Vec<_> = events
        .iter()
        .filter(|e| e.clock().obligation == Obligation::Sign)
        .collect();
    assert!(
        matches!(of_sign[..], [Event::Breached { .. }, Event::Stopped(_)]),
        "{of_sign:?}"
    );
    assert!(matches!(docket.of(Obligation::Sign).state, State::Late(_)));
}

#[test]
fn news_of_a_duty_done_in_time_beats_a_breach_that_was_told_before() {
    let mut docket = dispatched();
    let late = local("2026-10-08 10:00");
    let breached = fire(docket.of(Obligation::Sign).clone(), late).expect("it ran out");
    docket.put(breached.clock());
    docket.hear(
        &on_leg(What::LegSigned, "2026-10-08 09:00", LegKind::Lead),
        rules(),
    );
    assert!(matches!(docket.of(Obligation::Sign).state, State::Met(_)));
}

#[test]
fn a_reply_sent_back_runs_on_to_the_same_due_time() {
    let mut docket = dispatched();
    docket.hear(&about(What::LegReplied, "2026-10-09 09:00", "r1"), rules());
    assert!(!docket.of(Obligation::Answer).is_open());
    docket.hear(
        &about(What::SentBackOnSameClock, "2026-10-09 15:00", "r1"),
        rules(),
    );
    let answer = docket.of(Obligation::Answer);
    assert!(matches!(answer.state, State::Armed(_)));
    assert_eq!(answer.due_at, local("2026-10-13 17:30"));
    assert!(matches!(docket.of(Obligation::ReplyReview).state, State::Met(_)));
    docket.hear(&about(What::LegReplied, "2026-10-14 09:00", "r2"), rules());
    docket.hear(
        &about(What::SentBackOnSameClock, "2026-10-14 10:00", "r2"),
        rules(),
    );
    assert_eq!(docket.of(Obligation::Answer).state, State::Breached);
}

#[test]
fn a_reply_sent_back_on_a_new_clock_arms_another() {
    let mut docket = dispatched();
    docket.hear(&about(What::LegReplied, "2026-10-09 09:00", "r1"), rules());
    docket.hear(
        &about(What::SentBackOnNewClock, "2026-10-09 15:00", "r1"),
        rules(),
    );
    let answers = docket
        .clocks
        .iter()
        .filter(|clock| clock.obligation == Obligation::Answer);
    assert_eq!(answers.clone().count(), 2);
    assert_eq!(answers.filter(|clock| clock.is_open()).count(), 1);
    assert!(docket.of(Obligation::Answer).due_at > local("2026-10-13 17:30"));
}

#[test]
fn an_extension_moves_the_same_clock() {
    let mut docket = dispatched();
    docket.hear(&about(What::ExtensionRequested, "2026-10-12 09:00", "x"), rules());
    let granted = Signal {
        due_at: Some(local("2026-10-16 17:30")),
        amount: Some(Limit::new(3, Unit::WorkingDay)),
        ..about(What::ExtensionGranted, "2026-10-12 10:00", "x")
    };
    let events = docket.hear(&granted, rules());
    assert!(
        events.iter().any(|event| matches!(event, Event::Moved { .. })),
        "{events:?}"
    );
    let answer = docket.of(Obligation::Answer);
    assert_eq!(answer.basis.to_string(), "5 working days + 3 working days");
    assert_eq!(
        (answer.due_at, answer.is_open()),
        (local("2026-10-16 17:30"), true)
    );
    assert!(matches!(
        docket.of(Obligation::ExtensionDecision).state,
        State::Met(_)
    ));
}

#[test]
fn an_extension_that_arithmetic_does_not_explain_is_kept_as_decided() {
    let mut docket = dispatched();
    let due_at = Some(local("2026-10-20 12:00"));
    docket.hear(
        &Signal {
            due_at,
            ..about(What::ExtensionGranted, "2026-10-12 10:00", "x")
        },
        rules(),
    );
    assert_eq!(docket.of(Obligation::Answer).basis, Basis::Fixed);
    assert_eq!(Some(docket.of(Obligation::Answer).due_at), due_at);
}

#[test]
fn a_delegated_leg_is_due_when_the_delegating_unit_says() {
    let mut docket = Docket::default();
    let due_at = Some(local("2026-10-09 12:00"));
    docket.hear(
        &Signal {
            due_at,
            ..on_leg(What::LegDispatched, "2026-10-08 10:00", LegKind::Delegated)
        },
        rules(),
    );
    assert_eq!(Some(docket.of(Obligation::Answer).due_at), due_at);
    assert_eq!(docket.of(Obligation::Answer).basis, Basis::Fixed);
    assert_ne!(Some(docket.of(Obligation::Sign).due_at), due_at);
}

#[test]
fn an_agreed_return_ends_the_leg_and_asks_for_a_new_dispatch() {
    let mut docket = dispatched();
    docket.hear(&about(What::ReturnRequested, "2026-10-08 09:10", "q"), rules());
    assert!(matches!(docket.of(Obligation::ReturnWindow).state, State::Met(_)));
    assert!(docket.of(Obligation::ReturnDecision).unit.is_empty());
    docket.hear(&about(What::ReturnAgreed, "2026-10-08 09:15", "q"), rules());
    let open: Vec<_> = docket
        .clocks
        .iter()
        .filter(|clock| clock.is_open())
        .map(|clock| clock.obligation)
        .collect();
    assert_eq!(open, [Obligation::Redispatch]);
    docket.hear(&signal(What::OrderDispatched, local("2026-10-08 10:00")), rules());
    assert!(matches!(docket.of(Obligation::Redispatch).state, State::Met(_)));
}

#[test]
fn a_co_handlers_return_asks_for_no_new_dispatch() {
    let mut docket = Docket::default();
    docket.hear(
        &on_leg(What::LegDispatched, "2026-10-08 10:00", LegKind::CoHandle),
        rules(),
    );
    docket.hear(
        &Signal {
            cause: "q".into(),
            ..on_leg(What::ReturnAgreed, "2026-10-08 11:00", LegKind::CoHandle)
        },
        rules(),
    );
    assert!(docket.clocks.iter().all(|clock| !clock.is_open()));
}

#[test]
fn a_window_closes_without_a_breach() {
    let docket = dispatched();
    let window = docket.of(Obligation::ReturnWindow).clone();
    let closed = fire(window.clone(), window.due_at).expect("it closes");
    assert!(matches!(closed, Event::Cancelled(_)));
}

#[test]
fn reminders_come_before_the_breach_and_only_the_last_missed_one() {
    let docket = dispatched();
    let sign = docket.of(Obligation::Sign).clone();
    assert!(fire(sign.clone(), sign.due_at - TimeDelta::minutes(16)).is_none());
    let Some(Event::Reminded { clock, before }) = fire(sign.clone(), sign.due_at - TimeDelta::minutes(15))
    else {
        panic!("a reminder comes 15 working minutes before");
    };
    assert_eq!(before, Limit::new(15, Unit::WorkingMinute));
    assert_eq!(clock.next_at(), Some(sign.due_at));
    assert!(matches!(
        fire(sign.clone(), sign.due_at),
        Some(Event::Breached { .. })
    ));
    assert!(matches!(fire(clock, sign.due_at), Some(Event::Breached { .. })));
}

#[test]
fn an_emergency_is_handed_over_within_thirty_minutes_day_and_night() {
    let mut docket = Docket::default();
    docket.hear(
        &signal(What::EmergencyRegistered, local("2026-10-02 03:00")),
        rules(),
    );
    assert_eq!(docket.of(Obligation::HandOver).due_at, local("2026-10-02 03:30"));
    docket.hear(
        &signal(What::AppealTransferred, local("2026-10-02 03:10")),
        rules(),
    );
    assert!(matches!(docket.of(Obligation::HandOver).state, State::Met(_)));
}

#[test]
fn a_closing_by_the_reply_alone_leaves_the_call_back_open() {
    let mut docket = Docket::default();
    docket.hear(&signal(What::OrderSettled, local("2026-10-08 10:00")), rules());
    docket.hear(
        &signal(What::OrderClosedBeforeCallback, local("2026-10-08 10:00")),
        rules(),
    );
    assert!(docket.of(Obligation::Callback).is_open() && docket.of(Obligation::Archive).is_open());
    docket.hear(&signal(What::CalledBack, local("2026-10-09 10:00")), rules());
    assert!(matches!(docket.of(Obligation::Callback).state, State::Met(_)));
}

#[test]
fn a_withdrawal_ends_every_clock() {
    let mut docket = dispatched();
    let events = docket.hear(&signal(What::AppealEnded, local("2026-10-01 10:00")), rules());
    let cancelled = events.iter().filter(|event| matches!(event, Event::Cancelled(_)));
    assert_eq!(cancelled.count(), 6);
    assert!(
        docket
            .clocks
            .iter()
            .all(|clock| matches!(clock.state, State::Cancelled(_)))
    );
}

#[test]
fn an_answer_in_a_later_round_has_the_limit_of_the_redo() {
    let mut docket = Docket::default();
    let mut sent = on_leg(What::LegDispatched, "2026-11-02 10:00", LegKind::Lead);
    sent.order.matter.round = 2;
    docket.hear(&sent, rules());
    let policy = crate::domain::testing::library()
        .policy("xuzhou-2020")
        .expect("shipped");
    let redo = policy
        .clock(Obligation::Redo, &sent.order.matter)
        .expect("Xuzhou sets one");
    assert_eq!(
        docket.of(Obligation::Answer).basis,
        Basis::Limits(vec![redo.within])
    );
}

#[test]
fn an_explanation_names_the_article_and_the_holiday() {
    let docket = dispatched();
    let sent = on_leg(What::LegDispatched, "2026-09-30 16:50", LegKind::Lead);
    let told = explain(docket.of(Obligation::Sign), &sent.order, rules());
    assert!(
        told.zh.contains("12(3)") && told.zh.contains("国庆"),
        "{}",
        told.zh
    );
    assert!(
        told.en.contains("1 working hour") && told.en.contains("2026-10-08"),
        "{}",
        told.en
    );
}
