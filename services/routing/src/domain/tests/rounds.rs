//! What follows the settling: call-backs, judgements, further rounds, the end.

use hotline_policy::AppealType;

use super::world::{GULOU, HOUSING, World, day, dispatcher, monday, service};
use crate::domain::{Command, Heard, LegState, Outcome, State, UnitId, Verdict};

#[test]
fn a_good_answer_closes_and_the_archive_keeps() {
    let world = World::xuzhou();
    let mut order = world.settled(AppealType::Help);
    world.hear(&mut order, &Heard::AnsweredWell { round: 1 }, day(4, "10:00"));
    assert_eq!(
        order.state,
        State::Closed {
            outcome: Outcome::Satisfied
        }
    );
    world.ok(&mut order, &service(), &Command::Archive, day(5, "10:00"));
    let State::Archived { outcome, keep_until } = order.state else {
        panic!("{:?}", order.state)
    };
    assert_eq!(outcome, Outcome::Satisfied);
    assert!(keep_until > day(5, "10:00"));
}

#[test]
fn a_bad_answer_waits_for_its_judgement_and_a_redo_goes_to_the_same_units() {
    let world = World::xuzhou();
    let mut order = world.settled(AppealType::Help);
    world.hear(&mut order, &Heard::AnsweredBadly { round: 1 }, day(4, "10:00"));
    assert_eq!((order.state.clone(), order.bad_answers), (State::Settled, 1));
    let judged = Heard::Judged {
        round: 1,
        verdict: Verdict::Redo,
        reason: "处理不当".into(),
    };
    world.hear(&mut order, &judged, day(4, "11:00"));
    assert_eq!((order.state.clone(), order.round), (State::Handling, 2));
    assert_eq!(order.lead().expect("a lead").unit.as_str(), HOUSING);
    assert_eq!(order.co_handlers().count(), 1);
    assert!(
        world.hear(&mut order, &judged, day(4, "12:00")).is_empty(),
        "told twice"
    );
}

#[test]
fn the_second_bad_answer_raises_the_level_and_the_third_is_the_end() {
    let world = World::xuzhou();
    let mut order = world.settled(AppealType::Help);
    for round in 1..=3 {
        world.hear(&mut order, &Heard::AnsweredBadly { round }, day(4, "10:00"));
        let judged = Heard::Judged {
            round,
            verdict: Verdict::Redo,
            reason: "处理不当".into(),
        };
        world.hear(&mut order, &judged, day(4, "11:00"));
        if round == 1 {
            world.handled(&mut order, GULOU, day(4, "14:00"));
            world.handled(&mut order, HOUSING, day(4, "14:10"));
        } else if round == 2 {
            assert_eq!(
                order.state,
                State::Escalated {
                    unit: UnitId::new("xz-authority")
                }
            );
            world.handled(&mut order, "xz-authority", day(4, "15:00"));
        }
    }
    assert_eq!(
        order.state,
        State::Closed {
            outcome: Outcome::Final
        }
    );
}

#[test]
fn verdicts_and_silence_close_by_the_rules() {
    let world = World::xuzhou();
    let excluded = Heard::Judged {
        round: 1,
        verdict: Verdict::Excluded,
        reason: "依法无解".into(),
    };
    let unreached = Heard::Unreached {
        round: 1,
        outcome: Outcome::Unreached,
    };
    let silent = Heard::Unreached {
        round: 1,
        outcome: Outcome::Satisfied,
    };
    for (heard, outcome) in [
        (excluded, Outcome::Excluded),
        (unreached.clone(), Outcome::Unreached),
        (silent, Outcome::Satisfied),
    ] {
        let mut order = world.settled(AppealType::Help);
        world.hear(&mut order, &heard, day(4, "10:00"));
        assert_eq!(order.state, State::Closed { outcome });
    }
    let strict = World::varied("[close]\nsource = \"operator\"\nevent = \"satisfied_callback\"\n");
    let mut order = strict.settled(AppealType::Help);
    assert!(strict.hear(&mut order, &unreached, day(4, "10:00")).is_empty());
    assert_eq!(order.state, State::Settled);
}

#[test]
fn what_comes_too_late_is_left_alone() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &["enterprise"]);
    let receipt = Heard::EnterpriseReceived {
        leg: order.enterprise_leg().expect("sent").id,
    };
    assert_eq!(world.hear(&mut order, &receipt, monday("10:00")).len(), 1);
    assert!(world.hear(&mut order, &receipt, monday("10:01")).is_empty());
    assert_eq!(
        world
            .hear(&mut order, &Heard::Urged { count: 2 }, monday("10:02"))
            .len(),
        1
    );
    assert!(
        world
            .hear(&mut order, &Heard::Urged { count: 2 }, monday("10:03"))
            .is_empty()
    );
    let withdrawn = Heard::Withdrawn {
        reason: "不再需要".into(),
    };
    assert_eq!(world.hear(&mut order, &withdrawn, monday("10:04")).len(), 1);
    assert!(order.legs.iter().all(|leg| leg.state == LegState::Withdrawn));
    assert!(world.hear(&mut order, &withdrawn, monday("10:05")).is_empty());
    assert!(
        world
            .hear(&mut order, &Heard::AnsweredWell { round: 1 }, monday("10:06"))
            .is_empty()
    );
    assert!(world.hear(&mut order, &receipt, monday("10:07")).is_empty());
}

#[test]
fn a_reviewer_may_ask_for_another_round_until_the_policy_ends_it() {
    let world = World::xuzhou();
    let mut order = world.settled(AppealType::Help);
    for round in [2, 3] {
        world.ok(
            &mut order,
            &dispatcher(),
            &Command::Redo {
                reason: "未办结".into(),
            },
            day(4, "09:00"),
        );
        assert_eq!(order.round, round);
        world.handled(&mut order, GULOU, day(4, "14:00"));
        world.handled(&mut order, HOUSING, day(4, "14:10"));
    }
    let redo = Command::Redo {
        reason: "未办结".into(),
    };
    let refusal = world
        .decide(&order, &dispatcher(), &redo, day(4, "15:00"))
        .expect_err("no more");
    // Xuzhou's article is silent on the number of rounds: the operator set it, and no article is cited for it.
    assert_eq!(
        (refusal.code.id, refusal.article.as_deref()),
        ("redo.exhausted", None)
    );
}
