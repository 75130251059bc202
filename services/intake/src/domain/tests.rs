//! Properties and tables of the register's rules: lives of appeals made of legal commands and a share of illegal ones.

mod drafts;
mod fixture;
mod marks;
mod matrix;

use std::collections::BTreeSet;
use std::sync::Mutex;

use hotline_policy::{Post, TransferWay, Urgency};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use fixture::{City, MAIN, ME, appeal};

/// A step of a life: a command with its authority, or the progress of the order.
#[derive(Debug, Clone)]
enum Step {
    Do(Command, Authority),
    Hear(Progress),
}

fn any_way() -> impl Strategy<Value = TransferWay> {
    prop_oneof![3 => Just(TransferWay::OneKeyTransfer), 1 => Just(TransferWay::InternalContact)]
}

fn earlier() -> impl Strategy<Value = Earlier> {
    let state = prop_oneof![Just(State::Answered), Just(State::InProgress)];
    (
        prop_oneof![3 => Just(MAIN), 1 => Just(ME)],
        state,
        prop::bool::ANY,
    )
        .prop_map(|(id, state, same_appellant)| Earlier {
            id,
            number: "320300260930010000023".into(),
            state,
            same_appellant,
        })
}

fn commands() -> impl Strategy<Value = Command> {
    let target = |id, state| MergeTarget {
        id,
        number: "320300260930010000023".into(),
        state,
    };
    let text = || prop_oneof![Just("说明".to_owned()), Just(String::new())];
    let merge_states = prop_oneof![
        4 => Just(State::InProgress),
        1 => Just(State::Closed),
        1 => Just(State::Merged { into: ME, level: 0 }),
    ];
    prop_oneof![
        1 => Just(Command::Accept),
        1 => (
            prop_oneof![3 => Just("outside"), 1 => Just("emergency"), 3 => Just("repeat"), 1 => Just("nonsense")],
            text(),
            prop::option::of(earlier())
        )
            .prop_map(|(code, guidance, earlier)| Command::Reject {
                code: code.into(),
                explanation: "不属于".into(),
                guidance,
                earlier
            }),
        1 => Just(Command::Submit {
            question: "政策冲突".into()
        }),
        3 => Just(Command::Refer {
            question: "是否受理".into()
        }),
        1 => (
            prop_oneof![3 => Just("knowledge"), 1 => Just("rumour")],
            prop_oneof![3 => Just("K-1"), 1 => Just("")]
        )
            .prop_map(|(basis, reference)| Command::Answer {
                answer: "可以".into(),
                basis: basis.into(),
                reference: reference.into()
            }),
        1 => (prop_oneof![3 => Just("110"), 1 => Just("911")], any_way()).prop_map(
            |(number, way)| Command::Transfer {
                target: number.into(),
                note: "起火".into(),
                way
            }
        ),
        1 => (prop_oneof![4 => Just(MAIN), 1 => Just(ME)], merge_states)
            .prop_map(move |(id, state)| Command::Merge(target(id, state))),
        1 => Just(Command::Unmerge),
        1 => text().prop_map(|reason| Command::Withdraw { reason }),
        1 => Just(Command::Supplement {
            supplement_id: ME,
            text: "门牌号是三号".into(),
        }),
        1 => Just(Command::Urge {
            urge_id: MAIN,
            note: "请尽快".into()
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let authority = prop_oneof![
        2 => Just(Authority::desk()),
        2 => Just(Authority::of(Post::TeamLeader)),
        2 => Just(Authority::of(Post::Supervisor)),
        1 => Just(Authority::of(Post::Reviewer)),
    ];
    let progress = prop_oneof![
        4 => Just(Progress::Opened),
        3 => Just(Progress::Settled),
        1 => Just(Progress::Reopened),
        2 => Just(Progress::Closed),
        1 => Just(Progress::Archived),
        1 => Just(Progress::Withdrawn),
    ];
    let step = prop_oneof![
        3 => (commands(), authority).prop_map(|(command, authority)| Step::Do(command, authority)),
        2 => progress.prop_map(Step::Hear),
    ];
    prop::collection::vec(step, 1..24)
}

fn name_of(event: &Event) -> &'static str {
    match event {
        Event::Registered => "registered",
        Event::Accepted => "accepted",
        Event::Rejected { .. } => "rejected",
        Event::Referred { .. } => "referred",
        Event::Submitted { .. } => "submitted",
        Event::Answered { .. } => "answered",
        Event::Transferred { .. } => "transferred",
        Event::Merged { .. } => "merged",
        Event::Unmerged { .. } => "unmerged",
        Event::Withdrawn { .. } => "withdrawn",
        Event::Urged { .. } => "urged",
        Event::Supplemented { .. } => "supplemented",
    }
}

const DISPOSED: [StateName; 5] = [
    StateName::Rejected,
    StateName::Answered,
    StateName::Transferred,
    StateName::Archived,
    StateName::Withdrawn,
];

/// One step with everything that must hold of it; gives the appeal afterwards.
fn live(before: &Appeal, step: Step, rules: &Rules<'_>, seen: &mut BTreeSet<String>) -> Appeal {
    let disposed = DISPOSED.contains(&before.state.name());
    let (command, authority) = match step {
        Step::Hear(progress) => {
            let Some(state) = follow(&before.state, progress) else {
                return before.clone();
            };
            assert!(!disposed, "a disposed appeal never moves: {progress:?}");
            assert_eq!(follow(&state, progress), None, "heard again, it moves nothing");
            seen.insert(format!("{progress:?}"));
            return Appeal {
                state,
                version: before.version + 1,
                ..before.clone()
            };
        }
        Step::Do(command, authority) => (command, authority),
    };
    let post = decider(&before.state, rules.intake);
    match decide(before, command, &authority, rules) {
        Ok(event) => {
            assert!(!disposed, "a disposed appeal takes no command: {event:?}");
            let after = evolve(before.clone(), &event);
            assert_eq!((after.version, &after.case), (before.version + 1, &before.case));
            assert_eq!(
                after.state == State::Accepted,
                event == Event::Accepted
                    || before.state == State::Accepted
                        && matches!(event, Event::Urged { .. } | Event::Supplemented { .. })
            );
            assert!(after.case.urgency != Urgency::Emergency || event != Event::Accepted);
            let decides = !matches!(
                event,
                Event::Urged { .. } | Event::Supplemented { .. } | Event::Withdrawn { .. }
            );
            assert!(
                !decides || post.is_none_or(|post| authority.reaches(post)),
                "the post decides what it was asked"
            );
            seen.insert(name_of(&event).to_owned());
            after
        }
        Err(refusal) => {
            assert!(refusals::ALL.contains(&refusal.code), "{refusal}");
            seen.insert(format!("refused {}", refusal.code.id));
            before.clone()
        }
    }
}

#[test]
fn every_life_keeps_the_rules_and_together_they_reach_every_event() {
    let city = City::new();
    let seen = Mutex::new(BTreeSet::new());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let urgency = prop_oneof![4 => Just(Urgency::Normal), 1 => Just(Urgency::Emergency)];
    let lived = runner.run(&(steps(), urgency, 0..2_i64), |(steps, urgency, joined)| {
        let mut seen = seen.lock().expect("not poisoned");
        let start = Appeal {
            joined,
            ..appeal(urgency)
        };
        steps.into_iter().fold(start, |before, step| {
            live(&before, step, &city.rules(), &mut seen)
        });
        Ok(())
    });
    lived.expect("every life keeps the rules");
    let seen = seen.into_inner().expect("not poisoned");
    for event in [
        "accepted",
        "rejected",
        "referred",
        "submitted",
        "answered",
        "transferred",
        "merged",
        "unmerged",
        "withdrawn",
        "urged",
        "Opened",
        "Settled",
        "Reopened",
        "Closed",
        "Archived",
        "Withdrawn",
    ] {
        assert!(seen.contains(event), "{event} was never reached");
    }
    for code in [
        &refusals::EMERGENCY,
        &refusals::LEADER_DECIDES,
        &refusals::SPECIALIST_DECIDES,
        &refusals::DESK_DECIDES,
        &refusals::REPEAT_UNNAMED,
        &refusals::REPEAT_APPELLANT,
        &refusals::REPEAT_UNANSWERED,
        &refusals::KNOWLEDGE_SOURCE,
        &refusals::WAY,
        &refusals::OTHERS_JOINED,
        &refusals::DISPOSED,
        &refusals::NOT_OPEN,
        &refusals::REJECT_CODE,
        &refusals::HAND_OVER,
        &refusals::LEVEL,
        &refusals::BASIS,
        &refusals::TARGET,
        &refusals::MERGE_SELF,
        &refusals::MERGE_CHAIN,
        &refusals::MERGE_CLOSED,
        &refusals::NOT_MERGED,
    ] {
        assert!(
            seen.contains(&format!("refused {}", code.id)),
            "{} was never given",
            code.id
        );
    }
}

#[test]
fn an_undone_merge_gives_the_state_back() {
    let city = City::new();
    for before in [
        State::Registered,
        State::Referred { level: 2 },
        State::WithSpecialist,
    ] {
        let start = Appeal {
            state: before.clone(),
            ..appeal(Urgency::Normal)
        };
        let target = MergeTarget {
            id: MAIN,
            number: "n".into(),
            state: State::InProgress,
        };
        let anybody = Authority {
            desk: true,
            posts: vec![Post::Supervisor, Post::Reviewer],
        };
        let joined = decide(&start, Command::Merge(target), &anybody, &city.rules()).expect("joined");
        let merged = evolve(start, &joined);
        assert_eq!(merged.state.name(), StateName::Merged);
        let undone = decide(&merged, Command::Unmerge, &Authority::desk(), &city.rules()).expect("undone");
        assert_eq!(evolve(merged, &undone).state, before);
    }
}

#[test]
fn the_policy_s_words_guide_where_the_desk_gave_none() {
    let city = City::new();
    let command = |guidance: &str| Command::Reject {
        code: "outside".into(),
        explanation: "不在本市".into(),
        guidance: guidance.into(),
        earlier: None,
    };
    let of = |guidance| match decide(
        &appeal(Urgency::Normal),
        command(guidance),
        &Authority::desk(),
        &city.rules(),
    ) {
        Ok(Event::Rejected {
            guidance, article, ..
        }) => (guidance, article),
        other => panic!("{other:?}"),
    };
    assert_eq!(of(""), ("引导".to_owned(), "10(1)".to_owned()));
    assert_eq!(of("请拨打12345").0, "请拨打12345");
}

#[test]
fn an_appeal_that_carries_others_is_not_withdrawn_and_a_joined_one_is() {
    let city = City::new();
    let withdraw = |start: &Appeal| {
        let command = Command::Withdraw {
            reason: "好了".into(),
        };
        decide(start, command, &Authority::desk(), &city.rules())
    };
    let main = Appeal {
        joined: 1,
        ..appeal(Urgency::Normal)
    };
    let refusal = withdraw(&main).expect_err("refused");
    assert_eq!(refusal.code.id, "appeal.others_joined");
    let merged = Appeal {
        state: State::Merged { into: MAIN, level: 0 },
        ..appeal(Urgency::Normal)
    };
    assert!(withdraw(&merged).is_ok());
}
