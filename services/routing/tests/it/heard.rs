//! What routing hears: once in effect, in any state, and never a failure because an order moved on.

use hotline_bus::{Handle as _, Settle as _};
use hotline_proto::callback::v1::{BadAnswerJudged, CallbackCompleted, CallbackUnreached, Verdict};
use hotline_proto::common::v1::{LegFacts, OrderFacts};
use hotline_proto::enterprise::v1::EnterpriseLegReceived;
use hotline_proto::intake::v1::{AppealAccepted, AppealMerged, AppealUrged, AppealWithdrawn};
use hotline_proto::routing::v1::OrderState;

use crate::house::{GULOU, HOUSING, accepted, facts, house};

#[tokio::test]
async fn an_accepted_appeal_opens_one_order_however_often_it_is_told() {
    let house = house().await;
    let id = house.opened(&["enterprise"]).await;
    house.hear(accepted(id, &["enterprise"])).await;
    assert_eq!(house.told(id).await, ["OrderOpened"]);
    let order = house.order(id).await;
    assert_eq!(
        (order.state(), order.title.as_str(), order.version),
        (OrderState::PreReview, "延期交房", 1)
    );
    assert_eq!(order.enterprise.expect("the enterprise").name, "徐州某某有限公司");
}

#[tokio::test]
async fn what_one_transaction_hears_of_an_order_is_applied_in_turn_and_written_once() {
    let house = house().await;
    let (old, new) = (house.opened(&[]).await, house.bus.new_id());
    let mut tx = house.bus.begin().await.expect("a transaction");
    let urged = |id| AppealUrged {
        facts: Some(facts(id, &[])),
        count: 1,
        actor: "a-1".into(),
        ..AppealUrged::default()
    };
    let withdrawn = |id| AppealWithdrawn {
        facts: Some(facts(id, &[])),
        reason: "不再追究".into(),
        actor: "a-1".into(),
    };
    // Before it is there, an order is nobody's to urge.
    house
        .routing
        .handle(urged(new), &mut tx)
        .await
        .expect("passed over");
    house
        .routing
        .handle(accepted(new, &[]), &mut tx)
        .await
        .expect("opened");
    for id in [old, new] {
        house.routing.handle(urged(id), &mut tx).await.expect("urged");
        house
            .routing
            .handle(withdrawn(id), &mut tx)
            .await
            .expect("withdrawn");
        // Once more.
        house
            .routing
            .handle(urged(id), &mut tx)
            .await
            .expect("left alone");
    }
    house.routing.settle(&mut tx).await.expect("written");
    tx.commit().await.expect("committed");
    for id in [old, new] {
        let order = house.order(id).await;
        assert_eq!(
            (order.state(), order.urge_count, order.version),
            (OrderState::Withdrawn, 1, 3)
        );
        assert_eq!(house.told(id).await, ["OrderOpened", "OrderWithdrawn"]);
    }
}

#[tokio::test]
async fn an_event_that_can_never_be_applied_is_set_aside() {
    let house = house().await;
    let nobody = AppealAccepted {
        facts: None,
        ..accepted(house.bus.new_id(), &[])
    };
    let nothing = AppealAccepted {
        facts: Some(OrderFacts {
            r#type: 0,
            ..facts(house.bus.new_id(), &[])
        }),
        ..nobody.clone()
    };
    for event in [nobody, nothing] {
        assert!(matches!(
            house.try_hear(event).await,
            Err(hotline_bus::Fault::Poison(_))
        ));
    }
}

#[tokio::test]
async fn the_second_sends_receipt_is_its_acknowledgement() {
    let house = house().await;
    let id = house.sent(&["enterprise"]).await;
    let leg_id = house.leg(id, "xz-enterprise-platform").await;
    let leg = LegFacts {
        leg_id,
        ..LegFacts::default()
    };
    let receipt = EnterpriseLegReceived {
        facts: Some(facts(id, &[])),
        leg: Some(leg),
    };
    house.hear(receipt.clone()).await;
    house.hear(receipt).await;
    assert_eq!(house.reconciliation().await.enterprise_legs_acknowledged, 1);
    assert_eq!(
        house
            .told(id)
            .await
            .iter()
            .filter(|name| *name == "LegAcknowledged")
            .count(),
        1
    );
}

#[tokio::test]
async fn an_order_ends_when_its_appeal_is_withdrawn_or_merged() {
    let house = house().await;
    let (withdrawn, merged, never) = (house.sent(&[]).await, house.opened(&[]).await, house.bus.new_id());
    for id in [withdrawn, never, withdrawn] {
        house
            .hear(AppealWithdrawn {
                facts: Some(facts(id, &[])),
                reason: "不再需要".into(),
                actor: "a-1".into(),
            })
            .await;
    }
    let event = AppealMerged {
        facts: Some(facts(merged, &[])),
        into_number: "N1".into(),
        ..AppealMerged::default()
    };
    house.hear(event).await;
    for id in [withdrawn, merged] {
        assert_eq!(house.order(id).await.state(), OrderState::Withdrawn);
        assert_eq!(
            house
                .told(id)
                .await
                .iter()
                .filter(|name| *name == "OrderWithdrawn")
                .count(),
            1
        );
    }
    assert_eq!(house.reconciliation().await.lead_violations, 0);
}

#[tokio::test]
async fn the_appellants_urges_are_counted() {
    let house = house().await;
    let id = house.opened(&[]).await;
    for count in [1, 2, 2] {
        house
            .hear(AppealUrged {
                facts: Some(facts(id, &[])),
                count,
                ..AppealUrged::default()
            })
            .await;
    }
    assert_eq!(house.order(id).await.urge_count, 2);
}

#[tokio::test]
async fn a_good_answer_closes_the_order_and_silence_too() {
    let house = house().await;
    let (content, silent) = (house.settled(&[]).await, house.settled(&[]).await);
    house
        .hear(CallbackCompleted {
            facts: Some(facts(content, &[])),
            ..CallbackCompleted::default()
        })
        .await;
    let event = CallbackUnreached {
        facts: Some(facts(silent, &[])),
        counts_as: "not_counted".into(),
        ..CallbackUnreached::default()
    };
    house.hear(event).await;
    assert_eq!(house.order(content).await.outcome, "satisfied");
    assert_eq!(house.order(silent).await.outcome, "unreached");
}

#[tokio::test]
async fn a_judged_bad_answer_sends_the_order_out_again_in_one_transaction() {
    let house = house().await;
    let id = house.settled(&["enterprise"]).await;
    let bad = CallbackCompleted {
        facts: Some(facts(id, &[])),
        bad: true,
        ..CallbackCompleted::default()
    };
    house.hear(bad).await;
    assert_eq!(house.order(id).await.state(), OrderState::Settled);
    let judged = BadAnswerJudged {
        facts: Some(facts(id, &[])),
        verdict: Verdict::Redo.into(),
        reason: "处理不当".into(),
        actor: "r-1".into(),
        ..BadAnswerJudged::default()
    };
    house.hear(judged.clone()).await;
    house.hear(judged).await;
    let told = house.told(id).await;
    assert_eq!(
        told[told.len() - 3..],
        [
            "OrderRedone",
            "DepartmentLegDispatched",
            "DepartmentLegDispatched"
        ]
    );
    assert_eq!(house.order(id).await.facts.expect("facts").round, 2);
    house.handled(id, GULOU).await;
    house.handled(id, HOUSING).await;
    assert_eq!(house.order(id).await.state(), OrderState::Settled);
    assert_eq!(house.reconciliation().await.enterprise_legs, 1);
}
