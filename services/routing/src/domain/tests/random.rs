//! Random lives: legal commands with a share of illegal ones; the invariants hold after every step.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::AppealType;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::world::{
    GULOU, HOUSING, TOWN, WATER, World, agree, apply, ask_extension, ask_return, clerk, dispatcher, monday,
    refuse, reply, send_to, service,
};
use crate::domain::{
    Actor, Command, Dispatch, Event, Findings, Heard, Leg, LegCommand, LegId, LegKind, LegState, Order,
    Outcome, ReplyFault, State, UnitId, Verdict,
};

/// What may happen next: somebody asks, or another service tells.
#[derive(Debug, Clone)]
enum Step {
    Ask(Actor, Command),
    Tell(Heard),
}

/// Every step that makes some sense, and many that do not.
fn steps(order: &Order, now: DateTime<Utc>) -> Vec<Step> {
    let mut steps = desk_steps();
    for leg in &order.legs {
        steps.extend(unit_steps(leg, now));
        steps.extend(platform_steps(leg));
        steps.push(Step::Tell(Heard::EnterpriseReceived { leg: leg.id }));
    }
    steps.extend(told(order.round));
    steps
}

fn desk_steps() -> Vec<Step> {
    let fixed = Dispatch {
        lead: Some(UnitId::new(WATER)),
        basis: "纪要".into(),
        ..Dispatch::default()
    };
    let desk = |command| Step::Ask(dispatcher(), command);
    let close = |outcome| Command::Close {
        outcome,
        reason: "依法".into(),
    };
    vec![
        desk(Command::Claim),
        desk(Command::Release),
        desk(Command::Dispatch(Dispatch::default())),
        desk(send_to(HOUSING, &[GULOU])),
        desk(send_to(GULOU, &[])),
        desk(send_to(WATER, &[HOUSING, GULOU])),
        desk(send_to(HOUSING, &[HOUSING])),
        Step::Ask(service(), Command::Dispatch(Dispatch::default())),
        desk(Command::Determine(fixed)),
        desk(Command::Redo {
            reason: "未办结".into(),
        }),
        desk(close(Outcome::Excluded)),
        desk(close(Outcome::Satisfied)),
        desk(Command::Archive),
    ]
}

fn unit_steps(leg: &Leg, now: DateTime<Utc>) -> Vec<Step> {
    let due_at = now + TimeDelta::hours(1);
    let below = |unit| LegCommand::Delegate {
        unit: UnitId::new(unit),
        due_at: Some(due_at),
    };
    let commands = vec![
        LegCommand::Acknowledge,
        LegCommand::Sign,
        LegCommand::RecordContact {
            note: "已联系".into(),
        },
        below(TOWN),
        below(WATER),
        ask_return(None),
        ask_return(Some(GULOU)),
        ask_extension("1 working day"),
        ask_extension("900 working days"),
        reply(),
        LegCommand::Reply(Box::default()),
    ];
    commands
        .into_iter()
        .map(|command| Step::Ask(clerk(leg.unit.as_str()), Command::Leg(leg.id, command)))
        .collect()
}

fn platform_steps(leg: &Leg) -> Vec<Step> {
    let back = Findings::SendBack {
        faults: vec![ReplyFault::NotStandard],
        reason: "不规范".into(),
    };
    let commands = vec![
        LegCommand::DecideReturn(agree()),
        LegCommand::DecideReturn(refuse()),
        LegCommand::DecideExtension(agree()),
        LegCommand::DecideExtension(refuse()),
        LegCommand::Review(Findings::Approve),
        LegCommand::Review(back),
    ];
    commands
        .into_iter()
        .map(|command| Step::Ask(dispatcher(), Command::Leg(leg.id, command)))
        .collect()
}

fn told(round: u32) -> Vec<Step> {
    let judged = |verdict| Heard::Judged {
        round,
        verdict,
        reason: "研判".into(),
    };
    let heard = vec![
        Heard::Urged { count: round },
        Heard::Supplemented {
            text: "门牌号是三号".into(),
        },
        Heard::AnsweredWell { round },
        Heard::AnsweredBadly { round },
        Heard::Unreached {
            round,
            outcome: Outcome::Unreached,
        },
        judged(Verdict::Redo),
        judged(Verdict::Escalate),
        judged(Verdict::Excluded),
        Heard::Withdrawn {
            reason: "撤回".into(),
        },
    ];
    heard.into_iter().map(Step::Tell).collect()
}

/// Takes a step; the events, or nothing when it was refused.
fn take(world: &World, order: &mut Order, step: &Step, now: DateTime<Utc>) -> Option<Vec<Event>> {
    match step {
        Step::Tell(heard) => Some(world.hear(order, heard, now)),
        Step::Ask(actor, command) => {
            let events = world.decide(order, actor, command, now).ok()?;
            apply(order, &events, now);
            Some(events)
        }
    }
}

/// What a life may do, as numbers: how far time goes, which of the steps, whether a legal one.
type Choice = (u16, prop::sample::Index, u8);

fn live(world: &World, labels: &[&str], choices: &[Choice]) -> (Order, BTreeSet<String>) {
    let mut order = world.opened(AppealType::Complaint, labels);
    let mut now = monday("09:00");
    let mut seen = BTreeSet::new();
    for (minutes, index, luck) in choices {
        now += TimeDelta::minutes(i64::from(*minutes % 90));
        let mut steps = steps(&order, now);
        if *luck > 50 {
            steps.retain(|step| is_legal(world, &order, step, now) && (*luck > 250 || !is_last(step)));
        }
        if steps.is_empty() {
            continue;
        }
        let step = index.get(&steps).clone();
        let before = order.clone();
        match take(world, &mut order, &step, now) {
            Some(events) => seen.extend(events.iter().map(kind)),
            None => assert_eq!(order, before, "a refusal changes nothing"),
        }
        check(&order, &step);
    }
    (order, seen)
}

fn is_legal(world: &World, order: &Order, step: &Step, now: DateTime<Utc>) -> bool {
    take(world, &mut order.clone(), step, now).is_some_and(|events| !events.is_empty())
}

/// Steps that end a life early; taken seldom, or every life would be short.
fn is_last(step: &Step) -> bool {
    matches!(
        step,
        Step::Tell(Heard::Withdrawn { .. } | Heard::Unreached { .. } | Heard::AnsweredWell { .. })
            | Step::Ask(_, Command::Close { .. })
    )
}

fn kind(event: &Event) -> String {
    let text = format!("{event:?}");
    text.split(['(', '{', ' ']).next().unwrap_or_default().to_owned()
}

#[track_caller]
fn check(order: &Order, step: &Step) {
    let leads = |round: u32| {
        order
            .legs
            .iter()
            .filter(|leg| leg.round == round && leg.kind == LegKind::Lead && leg.state != LegState::Returned)
            .count()
    };
    let wanted = match order.state {
        State::PreReview { .. } | State::Disputed { .. } => 0..=0,
        State::Withdrawn => 0..=1,
        _ => 1..=1,
    };
    assert!(
        wanted.contains(&leads(order.round)),
        "lead legs after {step:?}: {order:#?}"
    );
    assert!((1..order.round).all(|round| leads(round) == 1), "{order:#?}");
    let second = order
        .legs
        .iter()
        .filter(|leg| leg.kind == LegKind::Enterprise)
        .count();
    assert_eq!(
        second,
        usize::from(order.facts.is_enterprise() && order.dispatch_count > 0),
        "after {step:?}"
    );
    let units: Vec<_> = order
        .lead()
        .into_iter()
        .chain(order.co_handlers())
        .map(|leg| &leg.unit)
        .collect();
    assert_eq!(
        units.iter().collect::<BTreeSet<_>>().len(),
        units.len(),
        "a unit has one leg: {order:#?}"
    );
    if order.state == State::Settled {
        assert!(
            order.would_settle(None),
            "settled, but not all approved: {order:#?}"
        );
    }
    if order.is_ended() || order.state == State::Settled {
        assert!(
            !order.awaits_decision() && !order.legs.iter().any(Leg::is_open),
            "{order:#?}"
        );
    }
    let possible = LegState::possible_in(order.state.as_str());
    assert!(
        order
            .legs
            .iter()
            .all(|leg| possible.contains(&leg.state.as_str())),
        "lists would miss it: {order:#?}"
    );
    let text = serde_json::to_string(order).expect("writes");
    let mut back: Order = serde_json::from_str(&text).expect("reads");
    (back.subject, back.version) = (order.subject.clone(), order.version);
    assert_eq!(back, *order);
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    prop::collection::vec(any::<Choice>(), 1..60)
}

#[test]
fn the_invariants_hold_in_every_life_and_every_event_is_reached() {
    let world = World::xuzhou();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: 500,
            failure_persistence: None,
            ..Config::default()
        },
        rng,
    );
    let reached = std::cell::RefCell::new(BTreeSet::new());
    let lives = runner.run(&(choices(), any::<bool>()), |(choices, labelled)| {
        let labels: &[&str] = if labelled { &["enterprise"] } else { &[] };
        let (_, seen) = live(&world, labels, &choices);
        reached.borrow_mut().extend(seen);
        Ok(())
    });
    lives.expect("the invariants hold");
    let reached = reached.into_inner();
    for event in [
        "Claimed",
        "Released",
        "Dispatched",
        "LegSent",
        "EnterpriseLegSent",
        "LegAcknowledged",
        "LegSigned",
        "Contacted",
        "ReturnRequested",
        "ReturnDecided",
        "ExtensionRequested",
        "ExtensionGranted",
        "ExtensionRefused",
        "LegReplied",
        "ReplyApproved",
        "ReplySentBack",
        "Settled",
        "Redone",
        "Escalated",
        "Closed",
        "Archived",
        "Withdrawn",
        "Urged",
        "Supplemented",
        "BadAnswerNoted",
    ] {
        assert!(
            reached.contains(event),
            "{event} was never reached; reached {reached:?}"
        );
    }
}

#[test]
fn every_command_in_every_state_has_an_answer() {
    let world = World::xuzhou();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: 150,
            failure_persistence: None,
            ..Config::default()
        },
        rng,
    );
    let states = std::cell::RefCell::new(BTreeSet::new());
    let lives = runner.run(&choices(), |choices| {
        let (order, _) = live(&world, &["enterprise"], &choices);
        states.borrow_mut().insert(order.state.as_str());
        let now = monday("16:00");
        let stranger = Command::Leg(LegId(uuid::Uuid::nil()), LegCommand::Sign);
        prop_assert!(world.decide(&order, &clerk("xz-nobody"), &stranger, now).is_err());
        for step in steps(&order, now) {
            let mut copy = order.clone();
            take(&world, &mut copy, &step, now);
            check(&copy, &step);
        }
        Ok(())
    });
    lives.expect("no command panics");
    assert!(states.into_inner().len() >= 6);
}
