//! What the arrangement of a year does to the calendar and to running clocks.

use hotline_policy::Obligation;
use hotline_worktime::{Day, NamedDay, YearArrangement};

use crate::domain::clock::{Basis, Event, LegKind, State};
use crate::domain::moves::{Recomputed, recompute};
use crate::domain::signal::{Signal, What};
use crate::domain::testing::{Docket, arrangement, calendar_until, leg, library, local, signal};
use crate::domain::{Import, Rules, affected_span};

fn rules_of_2025() -> Rules {
    Rules::new(library(), calendar_until(2025), Vec::new())
}

fn rules_with_2026() -> Rules {
    let calendar = calendar_until(2025)
        .with_year(arrangement(2026))
        .expect("the year is sound");
    let (from, until) = affected_span(2026).expect("a year");
    Rules::new(
        library(),
        calendar,
        vec![Import {
            version: 1,
            year: 2026,
            from,
            until,
        }],
    )
}

fn sent(at: &str) -> Signal {
    Signal {
        leg: Some(leg(1, LegKind::Lead)),
        ..signal(What::LegDispatched, local(at))
    }
}

#[test]
fn a_year_taken_in_gives_the_same_calendar_as_a_year_that_was_there() {
    let shipped = calendar_until(2026);
    let taken = calendar_until(2025).with_year(arrangement(2026)).expect("sound");
    let twice = taken.with_year(arrangement(2025)).expect("sound");
    let mut day = chrono::NaiveDate::from_ymd_opt(2017, 12, 1).expect("a date");
    while day < chrono::NaiveDate::from_ymd_opt(2027, 2, 1).expect("a date") {
        assert_eq!(taken.day(day), shipped.day(day), "{day}");
        assert_eq!(twice.day(day), shipped.day(day), "{day}");
        day = day.succ_opt().expect("a next day");
    }
    assert!(taken.is_published(2026) && taken.source(2024) == shipped.source(2024));
}

#[test]
fn a_corrected_year_replaces_what_was_known_of_it() {
    let day = |month, day| chrono::NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
    let holiday = NamedDay {
        date: day(3, 3),
        name: "测试节".into(),
        line: None,
    };
    let corrected = YearArrangement::new(2026, "notice 2".into(), vec![holiday], Vec::new());
    let calendar = calendar_until(2026).with_year(corrected).expect("sound");
    assert_eq!(calendar.day(day(3, 3)), Day::Holiday("测试节"));
    assert_eq!(calendar.day(day(10, 1)), Day::Working);
}

#[test]
fn a_clock_over_an_unpublished_year_is_provisional_and_moves_when_the_year_comes() {
    let mut docket = Docket::default();
    docket.hear(&sent("2026-02-12 10:00"), &rules_of_2025());
    let answer = docket.of(Obligation::Answer).clone();
    assert!(answer.provisional);
    let rules = rules_with_2026();
    assert!(rules.is_stale(&answer));
    let now = local("2026-02-13 09:00");
    let Recomputed::Moved(Event::Moved {
        clock, due_before, ..
    }) = recompute(&answer, &sent("2026-02-12 10:00").order, &rules, now)
    else {
        panic!("the spring festival moves it");
    };
    assert_eq!(due_before, answer.due_at);
    assert!(clock.due_at > answer.due_at && !clock.provisional && !rules.is_stale(&clock));
}

#[test]
fn a_clock_that_ran_out_by_the_old_calendar_runs_again_by_the_new() {
    let mut docket = Docket::default();
    docket.hear(&sent("2026-02-12 10:00"), &rules_of_2025());
    let answer = docket.of(Obligation::Answer).clone().into_state(State::Breached);
    let recomputed = recompute(
        &answer,
        &sent("2026-02-12 10:00").order,
        &rules_with_2026(),
        answer.due_at,
    );
    let Recomputed::Moved(event) = recomputed else {
        panic!("it moves")
    };
    assert!(matches!(event.clock().state, State::Armed(_)));
}

#[test]
fn a_clock_that_never_enters_the_year_is_left_alone() {
    let mut docket = Docket::default();
    docket.hear(&sent("2025-11-03 10:00"), &rules_of_2025());
    docket.hear(
        &signal(What::OrderOpened, local("2025-12-30 23:00")),
        &rules_of_2025(),
    );
    let rules = rules_with_2026();
    assert!(!rules.is_stale(docket.of(Obligation::Answer)));
    assert!(rules.is_stale(docket.of(Obligation::PreReview)));
}

#[test]
fn a_due_time_that_was_set_stays() {
    let mut docket = Docket::default();
    let due_at = Some(local("2026-02-20 12:00"));
    docket.hear(
        &Signal {
            due_at,
            ..sent("2026-02-12 10:00")
        },
        &rules_of_2025(),
    );
    let rules = rules_with_2026();
    let same = recompute(
        docket.of(Obligation::Answer),
        &sent("2026-02-12 10:00").order,
        &rules,
        local("2026-02-13 09:00"),
    );
    let Recomputed::Same(clock) = same else {
        panic!("it does not move")
    };
    assert_eq!((Some(clock.due_at), clock.calendar), (due_at, 1));
}

/// A granted extension of the lead's answer by `amount`, to `due_at`, worked out by a version of the calendar.
fn granted(amount: &str, due_at: &str, calendar: i32) -> Signal {
    Signal {
        leg: Some(leg(1, LegKind::Lead)),
        due_at: Some(local(due_at)),
        amount: Some(amount.parse().expect("a limit")),
        calendar,
        ..signal(What::ExtensionGranted, local("2026-02-13 10:00"))
    }
}

#[test]
fn an_extension_by_an_older_calendar_is_counted_by_ours() {
    let rules = rules_with_2026();
    let extended = |by: &Signal| {
        let mut docket = Docket::default();
        docket.hear(&sent("2026-02-12 10:00"), &rules);
        docket.hear(by, &rules);
        docket.of(Obligation::Answer).clone()
    };
    let three = "3 working days";
    let by_older = extended(&granted(three, "2026-02-24 17:30", 0));
    assert!(matches!(&by_older.basis, Basis::Limits(limits) if limits.len() == 2));
    assert_eq!(by_older.due_at, local("2026-03-02 17:30"));
    let agreed = extended(&granted(three, "2026-03-02 17:30", 1));
    assert_eq!((agreed.due_at, &agreed.basis), (by_older.due_at, &by_older.basis));
    let decided = extended(&granted(three, "2026-03-04 12:00", 1));
    assert_eq!(
        (decided.due_at, decided.basis),
        (local("2026-03-04 12:00"), Basis::Fixed)
    );
}

#[test]
fn a_clock_that_goes_on_after_a_calendar_came_goes_on_by_it() {
    let mut docket = Docket::default();
    docket.hear(&sent("2026-02-12 10:00"), &rules_of_2025());
    let of_leg = |what, at| Signal {
        leg: Some(leg(1, LegKind::Lead)),
        cause: "reply".into(),
        ..signal(what, local(at))
    };
    docket.hear(&of_leg(What::LegReplied, "2026-02-13 10:00"), &rules_of_2025());
    let rules = rules_with_2026();
    docket.hear(&of_leg(What::SentBackOnSameClock, "2026-02-13 11:00"), &rules);
    let answer = docket.of(Obligation::Answer);
    assert!(matches!(answer.state, State::Armed(_)) && !rules.is_stale(answer));
    assert_eq!(answer.due_at, local("2026-02-26 17:30"));
}
