//! Random lives of enterprise legs: legal commands, a share of illegal ones, everything that others may do.

mod matrix;

use std::cell::RefCell;
use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::*;

/// Variants of [`Event`].
const EVENTS: usize = 15;
const PLATFORM: &str = "qf";

/// One thing that somebody tries.
#[derive(Debug, Clone)]
enum Step {
    Command(i64, Command),
    Heard(Heard),
}

fn satisfactions() -> impl Strategy<Value = Satisfaction> {
    use Satisfaction::{Dissatisfied, Fair, Satisfied, VeryDissatisfied, VerySatisfied};
    select(vec![
        VerySatisfied,
        Satisfied,
        Fair,
        Dissatisfied,
        VeryDissatisfied,
    ])
}

fn steps() -> impl Strategy<Value = Step> {
    let words = || select(vec!["", "请尽快"]).prop_map(str::to_owned);
    let unit = || select(vec!["", "u1", "u2", PLATFORM]).prop_map(str::to_owned);
    let round = || 1..4_i32;
    let commands = prop_oneof![
        words().prop_map(|note| Command::Urge { note }),
        words().prop_map(|note| Command::Supplement { note }),
        (satisfactions(), words()).prop_map(|(satisfaction, note)| Command::Evaluate { satisfaction, note }),
    ];
    let heard = prop_oneof![
        4 => round().prop_map(|round| Heard::Signed { round }),
        4 => round().prop_map(|round| Heard::Contacted { round }),
        4 => round().prop_map(|round| Heard::Replied { round }),
        2 => round().prop_map(|round| Heard::SentBack { round }),
        2 => round().prop_map(|round| Heard::ReturnAgreed { round }),
        3 => (unit(), round()).prop_map(|(unit, round)| Heard::LeadSent { unit, round }),
        3 => unit().prop_map(|lead_unit| Heard::Settled { lead_unit, public_text: "已办结".to_owned() }),
        1 => (unit(), round()).prop_map(|(lead_unit, round)| Heard::Redone { lead_unit, round }),
        1 => Just(Heard::Closed),
        1 => Just(Heard::Withdrawn),
        1 => unit().prop_map(|unit| Heard::Breached { unit }),
        1 => satisfactions().prop_map(|satisfaction| Heard::Answered { satisfaction }),
    ];
    let versions = select(vec![0, 0, 0, 1, 2, 99]);
    prop_oneof![
        1 => (versions, commands).prop_map(|(version, command)| Step::Command(version, command)),
        2 => heard.prop_map(Step::Heard),
    ]
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("an instant")
}

/// What must hold between two standings with one event between them.
fn check(before: &Standing, event: &Event, after: &Standing) {
    assert_eq!(after.version, before.version + 1);
    assert_eq!(after.received_at, before.received_at);
    assert!(after.round >= before.round && after.urges >= before.urges && after.breaches >= before.breaches);
    if before.state == State::Withdrawn {
        assert_eq!(
            (&after.state, after.urges),
            (&State::Withdrawn, before.urges),
            "{event:?}"
        );
    }
    if after.urges > before.urges {
        assert!(before.state.is_open(), "pressed while {:?}", before.state);
    }
    if after.evaluated_round != before.evaluated_round {
        assert!(matches!(
            before.state,
            State::Settled { .. } | State::Closed { .. }
        ));
        assert_eq!(after.evaluated_round, before.round);
    }
    if !matches!(after.state, State::Settled { .. } | State::Closed { .. }) {
        assert_eq!(after.state.public_text(), "");
    }
    if after.state.progress() == before.state.progress() {
        let redone = matches!(event, Event::Redone { .. });
        assert!(after.progressed_at == before.progressed_at || redone, "{event:?}");
    }
}

fn live(steps: &[Step], seen: &RefCell<HashSet<Discriminant<Event>>>) {
    let mut standing = Standing::received("u1".to_owned(), 1, start());
    for (index, step) in (1..).zip(steps) {
        let event = match step {
            Step::Command(version, command) => {
                let event = decide(&standing, *version, command).ok();
                if *version == 99 {
                    assert_eq!(event, None);
                }
                event
            }
            Step::Heard(heard) => hear(&standing, PLATFORM, heard),
        };
        let Some(event) = event else { continue };
        let before = standing.clone();
        standing.evolve(&event, start() + TimeDelta::minutes(index));
        check(&before, &event, &standing);
        seen.borrow_mut().insert(discriminant(&event));
    }
}

#[test]
fn every_life_is_lawful_and_every_event_is_reached() {
    let seen = RefCell::new(HashSet::new());
    let lives = proptest::collection::vec(steps(), 1..60);
    let outcome = TestRunner::deterministic().run(&lives, |steps| {
        live(&steps, &seen);
        Ok(())
    });
    outcome.expect("every life is lawful");
    assert_eq!(seen.borrow().len(), EVENTS);
}

fn standing(state: State) -> Standing {
    Standing {
        state,
        ..Standing::received("u1".to_owned(), 1, start())
    }
}

#[track_caller]
fn refused(standing: &Standing, command: &Command, code: &str) {
    let refusal = decide(standing, 0, command).expect_err("refused");
    assert_eq!(refusal.code.id, code);
}

fn urge(note: &str) -> Command {
    Command::Urge {
        note: note.to_owned(),
    }
}

fn evaluate(satisfaction: Satisfaction, note: &str) -> Command {
    Command::Evaluate {
        satisfaction,
        note: note.to_owned(),
    }
}

#[test]
fn the_desk_presses_only_a_department_that_has_the_matter() {
    let open = standing(State::Replied { from: Stage::Signed });
    let urged = Event::Urged {
        unit: "u1".to_owned(),
        note: "请尽快".to_owned(),
    };
    assert_eq!(decide(&open, 1, &urge("请尽快")), Ok(urged));
    refused(&open, &urge(""), "enterprise.note_required");
    for state in [
        State::Returned,
        State::Withdrawn,
        settled(),
        State::Closed {
            public_text: String::new(),
        },
    ] {
        refused(&standing(state), &urge("请尽快"), "enterprise.not_open");
    }
    assert_eq!(
        decide(&open, 7, &urge("请尽快")).expect_err("refused").code.id,
        "enterprise.stale"
    );
}

fn settled() -> State {
    State::Settled {
        public_text: "已办结".to_owned(),
    }
}

#[test]
fn a_round_is_evaluated_once_and_a_bad_evaluation_says_why() {
    refused(
        &standing(State::Returned),
        &evaluate(Satisfaction::Fair, ""),
        "enterprise.not_settled",
    );
    let mut leg = standing(settled());
    refused(
        &leg,
        &evaluate(Satisfaction::Dissatisfied, ""),
        "enterprise.note_required",
    );
    let event = decide(&leg, 0, &evaluate(Satisfaction::Fair, "")).expect("allowed");
    leg.evolve(&event, start());
    refused(&leg, &evaluate(Satisfaction::Fair, ""), "enterprise.evaluated");
    leg.evolve(
        &Event::Answered {
            satisfaction: Satisfaction::VerySatisfied,
        },
        start(),
    );
    assert_eq!(leg.satisfaction, Some(Satisfaction::Fair));
    leg.evolve(
        &Event::Redone {
            lead_unit: "u2".to_owned(),
            round: 2,
        },
        start(),
    );
    refused(&leg, &evaluate(Satisfaction::Fair, ""), "enterprise.not_settled");
    leg.evolve(
        &Event::Settled {
            lead_unit: "u2".to_owned(),
            public_text: "已办结".to_owned(),
        },
        start(),
    );
    assert!(decide(&leg, 0, &evaluate(Satisfaction::Dissatisfied, "仍未解决")).is_ok());
}

#[test]
fn a_reply_that_is_sent_back_leads_where_it_came_from() {
    let mut leg = standing(State::Handling {
        stage: Stage::Contacted,
    });
    for (heard, progress) in [
        (Heard::Replied { round: 1 }, Progress::Replied),
        (Heard::SentBack { round: 1 }, Progress::Contacted),
    ] {
        let event = hear(&leg, PLATFORM, &heard).expect("follows");
        leg.evolve(&event, start());
        assert_eq!(leg.state.progress(), progress);
    }
}

#[test]
fn what_comes_late_or_is_not_the_departments_changes_nothing() {
    let leg = standing(State::Handling { stage: Stage::Signed });
    for heard in [
        Heard::Signed { round: 1 },
        Heard::Replied { round: 2 },
        Heard::SentBack { round: 1 },
        Heard::LeadSent {
            unit: "u2".to_owned(),
            round: 1,
        },
        Heard::Redone {
            lead_unit: "u2".to_owned(),
            round: 1,
        },
        Heard::Breached { unit: String::new() },
        Heard::Breached {
            unit: PLATFORM.to_owned(),
        },
    ] {
        assert_eq!(hear(&leg, PLATFORM, &heard), None, "{heard:?}");
    }
    assert_eq!(hear(&standing(State::Withdrawn), PLATFORM, &Heard::Closed), None);
    let escalated = Heard::LeadSent {
        unit: "u9".to_owned(),
        round: 2,
    };
    let redone = Event::Redone {
        lead_unit: "u9".to_owned(),
        round: 2,
    };
    assert_eq!(hear(&standing(settled()), PLATFORM, &escalated), Some(redone));
}
