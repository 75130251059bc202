//! What is heard becomes rows and events.

use hotline_bus::Fault;
use hotline_proto::callback::v1::CallbackCompleted;
use hotline_proto::common::v1::{Desk, LegKind, OrderFacts};
use hotline_proto::intake::v1::AppealRegistered;
use hotline_proto::routing::v1::{
    AppellantContacted, EnterpriseLegDispatched, ExtensionDecided, ExtensionRequested, LegAcknowledged,
    LegReplied, LegSigned, OrderArchived, OrderClosed, OrderDispatched, OrderOpened, OrderSettled,
    OrderWithdrawn, ReplyApproved, ReplySentBack, ReturnDecided, ReturnRequested,
};
use hotline_proto::sla::v1::{ClockArmed, ClockMoved, ClockStopped, ClocksChanged};
use hotline_sla_timer::ops::{EndedTotals, OpenTotals, Totals, totals};

use crate::house::{House, facts, leg, leg_sent, local};

/// Builds an event about an order's leg.
macro_rules! on_leg {
    ($event:ident, $facts:expr, $kind:expr $(, $field:ident: $value:expr)*) => {
        $event { facts: Some($facts.clone()), leg: Some(leg($facts, $kind)), $($field: $value,)* ..Default::default() }
    };
}

async fn advance(house: &House, to: &str) {
    house.clock.advance_to(local(to));
}

fn enterprise(facts: &OrderFacts) -> OrderFacts {
    OrderFacts {
        desk: Desk::Enterprise.into(),
        ..facts.clone()
    }
}

#[tokio::test]
async fn the_whole_life_of_an_enterprise_order_leaves_no_clock_open() {
    let house = House::at("2026-11-03 09:30").await;
    let facts = facts(house.sla().bus.new_id());
    let f = || Some(facts.clone());
    let desk = enterprise(&facts);
    house.hear(OrderOpened { facts: f() }).await.expect("heard");
    advance(&house, "2026-11-03 10:00").await;
    house
        .hear(OrderDispatched {
            facts: f(),
            ..Default::default()
        })
        .await
        .expect("heard");
    house.hear(leg_sent(&facts, LegKind::Lead)).await.expect("heard");
    house
        .hear(on_leg!(EnterpriseLegDispatched, &desk, LegKind::Enterprise))
        .await
        .expect("heard");
    house
        .hear(on_leg!(LegAcknowledged, &desk, LegKind::Enterprise))
        .await
        .expect("heard");
    house
        .hear(on_leg!(LegAcknowledged, &facts, LegKind::Lead))
        .await
        .expect("heard");
    advance(&house, "2026-11-03 10:30").await;
    house
        .hear(on_leg!(LegSigned, &facts, LegKind::Lead))
        .await
        .expect("heard");
    house
        .hear(on_leg!(AppellantContacted, &facts, LegKind::Lead))
        .await
        .expect("heard");
    advance(&house, "2026-11-03 16:00").await;
    house
        .hear(on_leg!(LegReplied, &facts, LegKind::Lead, reply_id: "r1".into()))
        .await
        .expect("heard");
    house
        .hear(on_leg!(ReplyApproved, &facts, LegKind::Lead, reply_id: "r1".into()))
        .await
        .expect("heard");
    house
        .hear(OrderSettled {
            facts: f(),
            ..Default::default()
        })
        .await
        .expect("heard");
    house
        .hear(CallbackCompleted {
            facts: f(),
            ..Default::default()
        })
        .await
        .expect("heard");
    house
        .hear(OrderClosed {
            facts: f(),
            outcome: "satisfied".into(),
            ..Default::default()
        })
        .await
        .expect("heard");
    house
        .hear(OrderArchived {
            facts: f(),
            ..Default::default()
        })
        .await
        .expect("heard");

    let armed = house.changes::<ClockArmed>().await;
    let stopped = house.changes::<ClockStopped>().await;
    assert_eq!((armed.len(), stopped.len()), (11, 11));
    let cancelled: Vec<_> = stopped.iter().filter(|event| event.cancelled).collect();
    assert_eq!(
        cancelled.len(),
        1,
        "the return window alone was not used: {cancelled:?}"
    );
    assert!(stopped.iter().all(|event| event.cancelled || event.in_time));
    let counted = totals(house.sla()).await.expect("counts");
    assert_eq!(
        counted,
        Totals {
            open: OpenTotals::default(),
            ended: EndedTotals {
                met: 10,
                cancelled: 1,
                signed_in_time: 1,
                ..EndedTotals::default()
            }
        }
    );
}

#[tokio::test]
async fn a_leg_heard_twice_has_its_clocks_once() {
    let house = House::at("2026-11-03 10:00").await;
    let facts = house.dispatch().await;
    let armed = house.changes::<ClockArmed>().await.len();
    house.hear(leg_sent(&facts, LegKind::Lead)).await.expect("heard");
    assert_eq!(house.count::<ClocksChanged>().await, 1);
    let counted = totals(house.sla()).await.expect("counts").open.armed;
    assert_eq!(usize::try_from(counted).ok(), Some(armed));
}

#[tokio::test]
async fn a_reply_sent_back_runs_on_and_an_extension_moves_it() {
    let house = House::at("2026-11-03 10:00").await;
    let facts = house.dispatch().await;
    advance(&house, "2026-11-04 10:00").await;
    house
        .hear(on_leg!(LegReplied, &facts, LegKind::Lead, reply_id: "r1".into()))
        .await
        .expect("heard");
    let sent_back = on_leg!(ReplySentBack, &facts, LegKind::Lead, reply_id: "r1".into(), keep_clock: true);
    house.hear(sent_back).await.expect("heard");
    let armed = house.changes::<ClockArmed>().await;
    let again = armed
        .last()
        .and_then(|event| event.clock.clone())
        .expect("armed again");
    let first = armed
        .iter()
        .filter_map(|event| event.clock.as_ref())
        .find(|clock| clock.obligation == "answer");
    assert_eq!(
        first.map(|clock| (&clock.clock_id, &clock.due_at)),
        Some((&again.clock_id, &again.due_at))
    );

    house
        .hear(on_leg!(ExtensionRequested, &facts, LegKind::Lead, request_id: "x".into()))
        .await
        .expect("heard");
    let due = local("2026-11-12 17:30");
    let granted = on_leg!(ExtensionDecided, &facts, LegKind::Lead, request_id: "x".into(), granted: true,
        amount: "2 working days".into(),
        due_at: Some(prost_types::Timestamp { seconds: due.timestamp(), nanos: 0 }));
    house.hear(granted).await.expect("heard");
    let moved = house.changes::<ClockMoved>().await.remove(0);
    assert_eq!(moved.reason, "extension");
    let clock = moved.clock.expect("a clock");
    assert_eq!(clock.due_at.map(|at| at.seconds), Some(due.timestamp()));
    assert_eq!(clock.limit, "5 working days + 2 working days");
}

#[tokio::test]
async fn an_agreed_return_leaves_only_the_new_dispatch_open() {
    let house = House::at("2026-11-03 10:00").await;
    let facts = house.dispatch().await;
    house
        .hear(on_leg!(ReturnRequested, &facts, LegKind::Lead, request_id: "q".into()))
        .await
        .expect("heard");
    let agreed = on_leg!(ReturnDecided, &facts, LegKind::Lead, request_id: "q".into(), agreed: true);
    house.hear(agreed).await.expect("heard");
    assert_eq!(totals(house.sla()).await.expect("counts").open.armed, 1);
    house
        .hear(OrderWithdrawn {
            facts: Some(facts),
            reason: String::new(),
        })
        .await
        .expect("heard");
    assert_eq!(totals(house.sla()).await.expect("counts").open.armed, 0);
}

#[tokio::test]
async fn an_ordinary_registration_starts_nothing() {
    let house = House::at("2026-11-03 10:00").await;
    let facts = Some(facts(house.sla().bus.new_id()));
    house
        .hear(AppealRegistered {
            facts,
            actor: "u-1".into(),
            call_id: String::new(),
        })
        .await
        .expect("heard");
    assert_eq!(house.count::<ClocksChanged>().await, 0);
}

#[tokio::test]
async fn an_event_that_means_nothing_is_poison() {
    let house = House::at("2026-11-03 10:00").await;
    let good = facts(house.sla().bus.new_id());
    let bad = [
        None,
        Some(OrderFacts {
            order_id: "17".into(),
            ..good.clone()
        }),
        Some(OrderFacts {
            r#type: 0,
            ..good.clone()
        }),
    ];
    for facts in bad {
        let fault = house
            .hear(OrderOpened { facts })
            .await
            .expect_err("it means nothing");
        assert!(matches!(fault, Fault::Poison(_)), "{fault}");
    }
    let mut sent = leg_sent(&good, LegKind::Lead);
    sent.leg = None;
    assert!(matches!(house.hear(sent).await, Err(Fault::Poison(_))));
    assert_eq!(house.count::<ClocksChanged>().await, 0);
}

#[tokio::test]
async fn an_order_of_an_unknown_policy_has_no_clocks_and_stops_nothing() {
    let house = House::at("2026-11-03 10:00").await;
    let mut facts = facts(house.sla().bus.new_id());
    facts.policy_id = "atlantis-1".into();
    house.hear(leg_sent(&facts, LegKind::Lead)).await.expect("heard");
    house
        .hear(on_leg!(LegSigned, &facts, LegKind::Lead))
        .await
        .expect("heard");
    assert_eq!(house.count::<ClocksChanged>().await, 0);
}
