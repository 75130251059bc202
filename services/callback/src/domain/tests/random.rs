//! Random lives of call-backs: they only go forward, and reach every event and refusal.

use std::cell::RefCell;
use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use chrono::TimeDelta;
use hotline_policy::rules::Satisfaction;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{answer, does, rules, scheduled, start, verdict};
use crate::domain::Verdict;
use crate::domain::callback::{Event, State};
use crate::domain::decide::Command;
use crate::domain::schedule::{CancelCause, cancel};

/// A command, by one of two people, some minutes later; or the end of the order.
fn step() -> impl Strategy<Value = (Option<Command>, &'static str, i64)> {
    let satisfaction = proptest::sample::select(Satisfaction::ALL);
    let chosen = proptest::sample::select(&[Verdict::Redo, Verdict::Excluded, Verdict::Escalate][..]);
    let reason = proptest::sample::select(&["", "灯还是不亮"][..]);
    let command = prop_oneof![
        3 => Just(Some(Command::Claim)),
        6 => Just(Some(Command::RecordAttempt("no_answer"))),
        2 => (satisfaction, reason.clone()).prop_map(|(content, reason)| Some(answer(content, reason))),
        2 => (chosen, reason).prop_map(|(chosen, reason)| Some(verdict(chosen, reason))),
        1 => Just(None),
    ];
    (command, proptest::sample::select(&["a", "b"][..]), 0_i64..2_000)
}

fn rank(state: &State) -> u8 {
    match state {
        State::Scheduled(_) => 0,
        State::ToJudge(_) => 1,
        _ => 2,
    }
}

#[test]
fn whatever_is_commanded_a_call_back_only_goes_forward_and_every_event_and_refusal_is_reached() {
    let reached: RefCell<HashSet<Discriminant<Event>>> = RefCell::default();
    let refused: RefCell<HashSet<&'static str>> = RefCell::default();
    // The lives are always the same, and enough to reach the rarest refusal.
    let config = Config {
        cases: 2_500,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let [of_xuzhou, of_jiangsu] = ["xuzhou-2020", "jiangsu-2020"].map(rules);
    let lives = (any::<bool>(), proptest::collection::vec(step(), 1..14));
    runner
        .run(&lives, |(xuzhou, life)| {
            let rules = if xuzhou { &of_xuzhou } else { &of_jiangsu };
            let (mut callback, mut now) = (scheduled(rules), start());
            for (command, actor, minutes) in life {
                now += TimeDelta::minutes(minutes);
                let before = callback.clone();
                let events = match command {
                    Some(command) => does(&mut callback, command, actor, rules, now),
                    None => {
                        let events: Vec<_> = cancel(&callback, CancelCause::Ended).into_iter().collect();
                        callback.evolve(&events);
                        Ok(events)
                    }
                };
                match events {
                    Ok(events) => reached.borrow_mut().extend(events.iter().map(discriminant)),
                    Err(code) => {
                        assert_eq!(callback, before, "a refusal changes nothing");
                        refused.borrow_mut().insert(code);
                    }
                }
                assert!(
                    rank(&callback.state) >= rank(&before.state),
                    "{before:?} -> {callback:?}"
                );
                assert!(rank(&before.state) < 2 || callback.state == before.state);
                assert!(
                    callback.attempts >= before.attempts && callback.tried < rules.rule.tries
                        || !callback.is_open()
                );
            }
            Ok(())
        })
        .expect("no life breaks a promise");
    assert_eq!(reached.borrow().len(), 8, "every event was reached");
    assert_eq!(refused.borrow().len(), 5, "{refused:?}");
}
