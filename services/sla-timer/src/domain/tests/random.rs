//! Properties: whatever is heard in whatever order, the clocks keep their promises.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::Obligation;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use uuid::Uuid;

use crate::domain::clock::{Clock, Event, LegKind, State};
use crate::domain::fire::fire;
use crate::domain::obligations::{Ends, ends};
use crate::domain::signal::{Signal, What};
use crate::domain::testing::{Docket, leg, local, trial, tried};

const WHATS: [What; 30] = [
    What::EmergencyRegistered,
    What::AppealTransferred,
    What::AppealDisposed,
    What::AppealEnded,
    What::AppealUnmerged,
    What::OrderOpened,
    What::OrderDispatched,
    What::LegDispatched,
    What::EnterpriseLegDispatched,
    What::LegAcknowledged,
    What::LegSigned,
    What::AppellantContacted,
    What::ReturnRequested,
    What::ReturnAgreed,
    What::ReturnRefused,
    What::ExtensionRequested,
    What::ExtensionGranted,
    What::ExtensionRefused,
    What::LegReplied,
    What::ReplyApproved,
    What::SentBackOnSameClock,
    What::SentBackOnNewClock,
    What::OrderSettled,
    What::OrderRedone,
    What::AnsweredBadly,
    What::Judged,
    What::CalledBack,
    What::OrderClosed,
    What::OrderClosedBeforeCallback,
    What::OrderArchived,
];

/// A step: time passes, clocks may be fired, then something happens, likely or not.
#[derive(Clone, Debug)]
struct Step {
    minutes: i64,
    fires: bool,
    what: What,
    leg: u128,
    cause: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (
        0_i64..3_000,
        any::<bool>(),
        proptest::sample::select(&WHATS[..]),
        1_u128..5,
        0_u8..3,
    )
        .prop_map(|(minutes, fires, what, leg, cause)| Step {
            minutes,
            fires,
            what,
            leg,
            cause,
        })
}

const KINDS: [LegKind; 4] = [
    LegKind::Lead,
    LegKind::CoHandle,
    LegKind::Delegated,
    LegKind::Enterprise,
];

fn is_about_the_order(what: What) -> bool {
    use What::*;
    matches!(
        what,
        EmergencyRegistered
            | AppealTransferred
            | AppealDisposed
            | AppealEnded
            | AppealUnmerged
            | AnsweredBadly
            | Judged
            | OrderOpened
            | OrderDispatched
            | OrderSettled
            | OrderRedone
            | CalledBack
            | OrderClosed
            | OrderClosedBeforeCallback
            | OrderArchived
    )
}

fn heard(step: &Step, at: DateTime<Utc>) -> Signal {
    let mut signal = tried(step.what, at);
    if !is_about_the_order(step.what) {
        let kind = KINDS[usize::try_from(step.leg).unwrap_or(1) - 1];
        signal.leg = Some(leg(step.leg, kind));
        signal.cause = step.cause.to_string();
    }
    if step.what == What::LegDispatched {
        signal.cause = String::new();
    }
    if step.what == What::ExtensionGranted {
        signal.due_at = Some(at + TimeDelta::days(3));
    }
    signal
}

/// What is watched over a whole life.
#[derive(Default)]
struct Watch {
    breached: HashSet<(Uuid, DateTime<Utc>)>,
    due: HashMap<Uuid, DateTime<Utc>>,
    generation: HashMap<Uuid, i32>,
}

impl Watch {
    fn see(&mut self, event: &Event) {
        let clock = event.clock();
        let before = self.generation.insert(clock.id, clock.generation).unwrap_or(0);
        assert_eq!(clock.generation, before + 1, "a change counts one: {event:?}");
        assert!(clock.due_at >= clock.started_at);
        assert_eq!(clock.next_at().is_some(), matches!(clock.state, State::Armed(_)));
        assert!(clock.next_at().is_none_or(|next| next <= clock.due_at));
        if let Some(due) = self.due.insert(clock.id, clock.due_at) {
            assert!(
                due == clock.due_at || matches!(event, Event::Moved { .. }),
                "only a move moves: {event:?}"
            );
        }
        match event {
            Event::Stopped(_) => match clock.state {
                State::Met(at) => assert!(at <= clock.due_at || clock.obligation == Obligation::ReturnWindow),
                State::Late(at) => {
                    assert!(at > clock.due_at);
                    assert!(
                        self.breached.contains(&(clock.id, clock.due_at)),
                        "late and never breached: {event:?}"
                    );
                }
                _ => panic!("a stopped clock is met or late: {event:?}"),
            },
            Event::Breached { .. } => {
                assert!(
                    self.breached.insert((clock.id, clock.due_at)),
                    "breached twice: {event:?}"
                );
                assert_ne!(clock.obligation, Obligation::ReturnWindow);
            }
            _ => {}
        }
    }
}

fn fire_all(docket: &mut Docket, now: DateTime<Utc>) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let due: Vec<Clock> = docket
            .clocks
            .iter()
            .filter(|clock| clock.next_at().is_some_and(|at| at <= now))
            .cloned()
            .collect();
        if due.is_empty() {
            return events;
        }
        for clock in due {
            let event = fire(clock, now).expect("what is due has something to say");
            docket.put(event.clock());
            events.push(event);
        }
    }
}

#[test]
fn whatever_happens_the_clocks_keep_their_promises_and_every_event_is_reached() {
    let reached: RefCell<HashSet<Discriminant<Event>>> = RefCell::default();
    let states: RefCell<HashSet<Discriminant<State>>> = RefCell::default();
    let obligations: RefCell<HashSet<Obligation>> = RefCell::default();
    let config = Config {
        cases: 4_000,
        failure_persistence: None,
        ..Config::default()
    };
    // Always the same lives: whether the rarest event is reached must not be a matter of luck.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let lives = proptest::collection::vec(step(), 1..60);
    runner
        .run(&lives, |life| {
            let (mut docket, mut watch, mut now) =
                (Docket::default(), Watch::default(), local("2026-09-28 09:00"));
            for step in &life {
                now += TimeDelta::minutes(step.minutes);
                let mut events = if step.fires {
                    fire_all(&mut docket, now)
                } else {
                    Vec::new()
                };
                let signal = heard(step, now);
                let told = docket.hear(&signal, trial());
                let left = docket.clocks.iter().filter(|clock| clock.is_open());
                let left = left.filter(|clock| clock.started_at < now || clock.generation > 1);
                match ends(step.what) {
                    Ends::Order => assert_eq!(left.count(), 0, "{step:?}"),
                    Ends::OrderButCallback => {
                        assert!(left.clone().all(|clock| clock.obligation == Obligation::Callback));
                    }
                    _ => {}
                }
                events.extend(told);
                for event in &events {
                    watch.see(event);
                    reached.borrow_mut().insert(discriminant(event));
                    states.borrow_mut().insert(discriminant(&event.clock().state));
                    obligations.borrow_mut().insert(event.clock().obligation);
                }
            }
            Ok(())
        })
        .expect("no life breaks a promise");
    assert_eq!(reached.borrow().len(), 7, "every event was reached");
    assert_eq!(states.borrow().len(), 5, "every state was reached");
    // The clock of a letter is started by the supervision ledger, by no signal.
    let by_signals = crate::domain::TABLE.iter().filter(|row| !row.starts.is_empty());
    let table: HashSet<_> = by_signals.map(|row| row.obligation).collect();
    assert_eq!(*obligations.borrow(), table, "every obligation was armed");
}
