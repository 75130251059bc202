//! How the desk follows the department through a whole life, and what it passes over.

use hotline_proto::callback::v1::CallbackCompleted;
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::enterprise::v1::Progress;
use hotline_proto::routing::v1::{
    AppellantContacted, DepartmentLegDispatched, LegReplied, LegSigned, OrderClosed, OrderRedone,
    OrderSettled, OrderWithdrawn, ReplySentBack, ReturnDecided,
};
use hotline_proto::sla::v1::{ClockBreached, ClockFacts};
use uuid::Uuid;

use crate::support::{World, facts, leg, world};

fn signed(order: Uuid, kind: LegKind, unit: &str, round: i32) -> LegSigned {
    LegSigned {
        facts: facts(order, round),
        leg: leg(kind, unit, round),
        ..LegSigned::default()
    }
}

fn contacted(order: Uuid, unit: &str) -> AppellantContacted {
    let leg = leg(LegKind::Lead, unit, 1);
    AppellantContacted {
        facts: facts(order, 1),
        leg,
        ..AppellantContacted::default()
    }
}

fn replied(order: Uuid, kind: LegKind, unit: &str) -> LegReplied {
    LegReplied {
        facts: facts(order, 1),
        leg: leg(kind, unit, 1),
        ..LegReplied::default()
    }
}

fn settled(order: Uuid, unit: &str, round: i32) -> OrderSettled {
    OrderSettled {
        facts: facts(order, round),
        lead_unit_id: unit.to_owned(),
        public_text: "已告知所需材料".to_owned(),
    }
}

fn breached(order: Uuid, unit: &str) -> ClockBreached {
    let clock = ClockFacts {
        unit_id: unit.to_owned(),
        obligation: "sign".to_owned(),
        ..ClockFacts::default()
    };
    ClockBreached {
        facts: facts(order, 1),
        clock: Some(clock),
        detected_at: None,
    }
}

impl World {
    async fn stands(&self, order: Uuid, progress: Progress) {
        assert_eq!(self.leg(order).await.progress(), progress);
    }
}

#[tokio::test]
async fn the_progress_follows_the_lead_unit_to_the_closing() {
    let world = world().await;
    let order = world.received("u1").await;
    world.hear(signed(order, LegKind::CoHandle, "u2", 1)).await;
    world.stands(order, Progress::Received).await;
    world.hear(signed(order, LegKind::Lead, "u1", 1)).await;
    world.stands(order, Progress::Signed).await;
    world.hear(contacted(order, "u1")).await;
    world.stands(order, Progress::Contacted).await;
    world.hear(replied(order, LegKind::CoHandle, "u2")).await;
    world.stands(order, Progress::Contacted).await;
    world.hear(replied(order, LegKind::Lead, "u1")).await;
    world.stands(order, Progress::Replied).await;
    let leg = leg(LegKind::Lead, "u1", 1);
    world
        .hear(ReplySentBack {
            facts: facts(order, 1),
            leg,
            ..ReplySentBack::default()
        })
        .await;
    world.stands(order, Progress::Contacted).await;
    assert_eq!(world.leg(order).await.public_text, "");
    world.hear(replied(order, LegKind::Lead, "u1")).await;
    world.hear(settled(order, "u1", 1)).await;
    world.stands(order, Progress::Settled).await;
    world
        .hear(OrderClosed {
            facts: facts(order, 1),
            ..OrderClosed::default()
        })
        .await;
    let leg = world.leg(order).await;
    assert_eq!(
        (leg.progress(), leg.public_text.as_str()),
        (Progress::Closed, "已告知所需材料")
    );
    assert!(leg.progressed_at.map(|at| at.seconds) > leg.received_at.map(|at| at.seconds));
    assert_eq!(world.told().await, ["EnterpriseLegReceived"]);
}

#[tokio::test]
async fn a_return_that_was_agreed_leads_to_another_unit() {
    let world = world().await;
    let order = world.received("u1").await;
    let decided = |agreed| ReturnDecided {
        facts: facts(order, 1),
        leg: leg(LegKind::Lead, "u1", 1),
        agreed,
        ..ReturnDecided::default()
    };
    world.hear(decided(false)).await;
    world.stands(order, Progress::Received).await;
    world.hear(decided(true)).await;
    world.stands(order, Progress::Returned).await;
    let sent = |unit: &str, kind| DepartmentLegDispatched {
        facts: facts(order, 1),
        leg: leg(kind, unit, 1),
        ..DepartmentLegDispatched::default()
    };
    world.hear(sent("u3", LegKind::CoHandle)).await;
    world.stands(order, Progress::Returned).await;
    world.hear(sent("u2", LegKind::Lead)).await;
    let leg = world.leg(order).await;
    assert_eq!(
        (leg.progress(), leg.lead_unit_id.as_str()),
        (Progress::Received, "u2")
    );
}

#[tokio::test]
async fn a_redo_is_a_new_round_in_which_the_old_one_is_over() {
    let world = world().await;
    let order = world.received("u1").await;
    world.hear(settled(order, "u1", 1)).await;
    let lead_unit_id = "u4".to_owned();
    world
        .hear(OrderRedone {
            facts: facts(order, 2),
            lead_unit_id,
            ..OrderRedone::default()
        })
        .await;
    let leg = world.leg(order).await;
    assert_eq!(
        (leg.progress(), leg.lead_unit_id.as_str()),
        (Progress::Redo, "u4")
    );
    assert_eq!(
        (leg.facts.map(|facts| facts.round), leg.public_text.as_str()),
        (Some(2), "")
    );
    world.hear(signed(order, LegKind::Lead, "u1", 1)).await;
    world.stands(order, Progress::Redo).await;
    world.hear(signed(order, LegKind::Lead, "u4", 2)).await;
    world.stands(order, Progress::Signed).await;
}

#[tokio::test]
async fn only_the_departments_breaches_count() {
    let world = world().await;
    let order = world.received("u1").await;
    for unit in ["u1", "", "qf", "u2"] {
        world.hear(breached(order, unit)).await;
    }
    assert_eq!(world.leg(order).await.breach_count, 2);
}

#[tokio::test]
async fn the_answer_to_a_call_back_is_shown_until_the_desk_evaluates() {
    let world = world().await;
    let order = world.received("u1").await;
    let answered = |satisfaction: Satisfaction| CallbackCompleted {
        facts: facts(order, 1),
        satisfaction: satisfaction.into(),
        ..CallbackCompleted::default()
    };
    world.hear(answered(Satisfaction::Unspecified)).await;
    assert_eq!(world.leg(order).await.version, 1);
    world.hear(answered(Satisfaction::Fair)).await;
    assert_eq!(world.leg(order).await.satisfaction(), Satisfaction::Fair);
}

#[tokio::test]
async fn a_withdrawn_leg_never_moves_again() {
    let world = world().await;
    let order = world.received("u1").await;
    world
        .hear(OrderWithdrawn {
            facts: facts(order, 1),
            ..OrderWithdrawn::default()
        })
        .await;
    world.hear(signed(order, LegKind::Lead, "u1", 1)).await;
    world.hear(settled(order, "u1", 1)).await;
    world.stands(order, Progress::Withdrawn).await;
}

#[tokio::test]
async fn an_order_without_an_enterprise_leg_is_passed_over() {
    let world = world().await;
    let order = world.clock.new_id();
    world.hear(signed(order, LegKind::Lead, "u1", 1)).await;
    world.hear(breached(order, "u1")).await;
    world.hear(settled(order, "u1", 1)).await;
    assert!(world.told().await.is_empty());
}
