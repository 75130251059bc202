//! How the second send arrives, once.

use hotline_bus::Fault;
use hotline_proto::enterprise::v1::Progress;
use hotline_proto::routing::v1::LegSigned;

use crate::support::{facts, sent, world};

#[tokio::test]
async fn a_leg_is_kept_and_its_arrival_told_together() {
    let world = world().await;
    let order = world.received("u1").await;
    let leg = world.leg(order).await;
    let dispatched = sent(order, "u1", "91320300MA1ABCDE0X");
    assert_eq!(
        (leg.facts, leg.leg, leg.enterprise),
        (dispatched.facts, dispatched.leg, dispatched.enterprise)
    );
    assert_eq!((leg.title, leg.content), (dispatched.title, dispatched.content));
    assert_eq!(
        (leg.lead_unit_id.as_str(), leg.version, leg.urge_count),
        ("u1", 1, 0)
    );
    assert_eq!(leg.progress, i32::from(Progress::Received));
    assert_eq!(world.told().await, ["EnterpriseLegReceived"]);
}

#[tokio::test]
async fn a_transaction_that_does_not_commit_keeps_and_tells_nothing() {
    let world = world().await;
    let order = world.clock.new_id();
    let mut tx = world.bus.begin().await.expect("begins");
    let event = sent(order, "u1", "");
    hotline_bus::Handle::handle(&hotline_enterprise::events::Ear, event, &mut tx)
        .await
        .expect("applies");
    drop(tx);
    assert!(world.told().await.is_empty());
    assert!(hotline_enterprise::ops::get(&world.bus, order).await.is_err());
}

#[tokio::test]
async fn a_second_enterprise_leg_of_an_order_is_not_kept() {
    let world = world().await;
    let order = world.received("u1").await;
    world.hear(sent(order, "u1", "91320300MA1ABCDE0X")).await;
    let mut other = sent(order, "u2", "");
    if let Some(leg) = &mut other.leg {
        leg.leg_id = world.clock.new_id().to_string();
    }
    world.hear(other).await;
    assert_eq!(world.leg(order).await.lead_unit_id, "u1");
    assert_eq!(world.told().await, ["EnterpriseLegReceived"]);
}

#[tokio::test]
async fn an_enterprise_that_was_not_named_stays_unnamed() {
    let world = world().await;
    let order = world.clock.new_id();
    let mut event = sent(order, "u1", "");
    event.enterprise = None;
    world.hear(event).await;
    assert_eq!(world.leg(order).await.enterprise, None);
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_poison() {
    let world = world().await;
    let order = world.clock.new_id();
    let mut without_leg = sent(order, "u1", "");
    without_leg.leg = None;
    let mut without_type = sent(order, "u1", "");
    if let Some(facts) = &mut without_type.facts {
        facts.r#type = 0;
    }
    for event in [without_leg, without_type] {
        assert!(matches!(world.try_hear(event).await, Err(Fault::Poison(_))));
    }
    let mut unnamed = facts(order, 1);
    if let Some(facts) = &mut unnamed {
        facts.order_id = "x".to_owned();
    }
    let leg = crate::support::leg(hotline_proto::common::v1::LegKind::Lead, "u1", 1);
    let signed = LegSigned {
        facts: unnamed,
        leg,
        actor: String::new(),
    };
    assert!(matches!(world.try_hear(signed).await, Err(Fault::Poison(_))));
    assert!(world.told().await.is_empty());
}
