//! One order, two sends: in one transaction, in step with the rows, and proved by the reconciliation.

use hotline_proto::common::v1::Desk as Side;
use hotline_proto::routing::v1;
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use prost::Message;
use uuid::Uuid;

use crate::house::{GULOU, HOUSING, House, accepted, asked, clerk, house, reviewer};

#[tokio::test]
async fn a_labelled_order_goes_out_twice_in_one_transaction() {
    let house = house().await;
    let id = house.sent(&["enterprise"]).await;
    let told = house.told(id).await;
    let wanted = [
        "OrderOpened",
        "OrderClaimed",
        "OrderDispatched",
        "DepartmentLegDispatched",
        "DepartmentLegDispatched",
        "EnterpriseLegDispatched",
    ];
    assert_eq!(told, wanted);
    let payload: Vec<u8> =
        sqlx::query_scalar("SELECT payload FROM outbox WHERE type LIKE '%EnterpriseLegDispatched'")
            .fetch_one(house.bus.pool())
            .await
            .expect("the second send");
    let sent = v1::EnterpriseLegDispatched::decode(payload.as_slice()).expect("decodes");
    assert_eq!(sent.facts.expect("facts").desk(), Side::Enterprise);
    assert_eq!(
        (sent.lead_unit_id.as_str(), sent.content.as_str()),
        (HOUSING, "请回电138****5678")
    );
    assert_eq!(
        sent.enterprise.expect("the enterprise").credit_code,
        "91320300MA1ABCDE0X"
    );
    let counts = house.reconciliation().await;
    assert_eq!(
        (
            counts.labelled,
            counts.enterprise_legs,
            counts.enterprise_legs_acknowledged
        ),
        (1, 1, 0)
    );
    assert_eq!((counts.lead_violations, counts.enterprise_violations), (0, 0));
}

/// What the rows say of the legs of an order.
async fn rows(house: &House, id: Uuid) -> Vec<(String, String, String)> {
    sqlx::query_as(
        "SELECT leg_id::text, state, order_state FROM leg WHERE order_id = $1 ORDER BY dispatched_at, leg_id",
    )
    .bind(id)
    .fetch_all(house.bus.pool())
    .await
    .expect("the rows")
}

async fn in_step(house: &House, id: Uuid) {
    let order = house.order(id).await;
    let state = order
        .state()
        .as_str_name()
        .trim_start_matches("ORDER_STATE_")
        .to_lowercase();
    let mut legs: Vec<_> = order
        .legs
        .iter()
        .map(|leg| {
            let leg_state = leg
                .state()
                .as_str_name()
                .trim_start_matches("LEG_STATE_")
                .to_lowercase();
            (leg.facts.clone().expect("facts").leg_id, leg_state, state.clone())
        })
        .collect();
    let mut rows = rows(house, id).await;
    legs.sort();
    rows.sort();
    assert_eq!(rows, legs);
}

#[tokio::test]
async fn the_rows_stay_in_step_with_the_document_through_a_whole_life() {
    let house = house().await;
    let id = house.sent(&["enterprise", "sensitive"]).await;
    in_step(&house, id).await;
    house.handled(id, HOUSING).await;
    in_step(&house, id).await;
    house.handled(id, GULOU).await;
    in_step(&house, id).await;
    let redo = v1::RedoOrderRequest {
        order_id: id.to_string(),
        version: 0,
        reason: "未办结".into(),
    };
    house
        .desk
        .redo_order(asked(&reviewer(), redo))
        .await
        .expect("redone");
    in_step(&house, id).await;
    house.handled(id, GULOU).await;
    house.handled(id, HOUSING).await;
    let close = v1::CloseOrderRequest {
        order_id: id.to_string(),
        version: 0,
        outcome: "final".into(),
        reason: "已尽责".into(),
    };
    house
        .desk
        .close_order(asked(&reviewer(), close))
        .await
        .expect("closed");
    let archive = v1::ArchiveOrderRequest {
        order_id: id.to_string(),
        version: 0,
    };
    house
        .desk
        .archive_order(asked(&reviewer(), archive))
        .await
        .expect("archived");
    in_step(&house, id).await;
    let labels: Vec<String> = sqlx::query_scalar("SELECT order_state FROM label WHERE order_id = $1")
        .bind(id)
        .fetch_all(house.bus.pool())
        .await
        .expect("labels");
    assert_eq!(labels, ["archived", "archived"]);
    let order = house.order(id).await;
    assert_eq!(
        (order.outcome.as_str(), order.facts.expect("facts").round),
        ("final", 2)
    );
    let counts = house.reconciliation().await;
    assert_eq!((counts.legs, counts.enterprise_legs), (5, 1));
    assert!(counts.offenders.is_empty());
}

#[tokio::test]
async fn no_number_of_a_person_is_stored_or_told() {
    let house = house().await;
    let id = house.sent(&[]).await;
    let (order_id, leg_id) = (id.to_string(), house.leg(id, HOUSING).await);
    let sign = v1::SignLegRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
    };
    house
        .desk
        .sign_leg(asked(&clerk(HOUSING), sign))
        .await
        .expect("signed");
    let note = v1::RecordContactRequest {
        order_id,
        leg_id,
        version: 0,
        note: "已致电13812345678".into(),
    };
    house
        .desk
        .record_contact(asked(&clerk(HOUSING), note))
        .await
        .expect("recorded");
    house.handled(id, GULOU).await;
    for statement in [
        "SELECT count(*) FROM outbox WHERE position('13812345678'::bytea in payload) > 0",
        "SELECT count(*) FROM orders WHERE doc LIKE '%13812345678%'",
    ] {
        let found: i64 = sqlx::query_scalar(statement)
            .fetch_one(house.bus.pool())
            .await
            .expect("counts");
        assert_eq!(found, 0, "{statement}");
    }
}

#[tokio::test]
async fn the_units_of_an_order_stand_in_its_column_as_in_its_document() {
    let house = house().await;
    let (one, two) = (house.sent(&["enterprise"]).await, house.sent(&[]).await);
    house.handled(two, GULOU).await;
    for id in [one, two] {
        let (column, document): (Vec<String>, Vec<String>) = sqlx::query_as(
            "SELECT units, ARRAY(SELECT DISTINCT leg ->> 'unit' AS unit \
                 FROM jsonb_array_elements(doc::jsonb -> 'legs') AS leg ORDER BY unit) FROM orders WHERE id = $1",
        )
        .bind(id)
        .fetch_one(house.bus.pool())
        .await
        .expect("stands");
        assert!(column.len() > 1, "{column:?}");
        assert_eq!(column, document);
    }
}

#[tokio::test]
async fn the_reconciliation_finds_a_planted_violation() {
    let house = house().await;
    let lost = house.sent(&["enterprise"]).await;
    let doubled = house.sent(&["enterprise"]).await;
    let alone = house.sent(&[]).await;
    house.sent(&["enterprise"]).await;
    for (statement, id) in [
        (
            "DELETE FROM leg WHERE kind = 'enterprise' AND order_id = $1",
            lost,
        ),
        (
            "INSERT INTO leg SELECT gen_random_uuid(), order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, \
             state, dispatched_at, acknowledged_at FROM leg WHERE kind = 'lead' AND order_id = $1",
            doubled,
        ),
        (
            "UPDATE leg SET state = 'returned' WHERE kind = 'lead' AND order_id = $1",
            alone,
        ),
    ] {
        sqlx::query(statement)
            .bind(id)
            .execute(house.bus.pool())
            .await
            .expect("planted");
    }
    let counts = house.reconciliation().await;
    assert_eq!((counts.orders, counts.dispatched, counts.labelled), (4, 4, 3));
    assert_eq!((counts.lead_violations, counts.enterprise_violations), (2, 1));
    let mut wanted: Vec<_> = [lost, doubled, alone]
        .iter()
        .map(|id| format!("N{}", id.simple()))
        .collect();
    wanted.sort();
    assert_eq!(counts.offenders, wanted);
}

/// Every call that may come next, by the leg or the order; the seed chooses.
async fn random_call(house: &House, id: Uuid, seed: u64) {
    let order_id = id.to_string();
    let order = house.order(id).await;
    let leg = order
        .legs
        .get(usize::try_from(seed / 7).unwrap_or(0) % order.legs.len().max(1));
    let facts = leg.and_then(|leg| leg.facts.clone()).unwrap_or_default();
    let (leg_id, unit) = (facts.leg_id, clerk(&facts.unit_id));
    let desk = &house.desk;
    let service = hotline_runtime::Caller::service();
    match seed % 7 {
        0 => drop(
            desk.dispatch_order(asked(
                &service,
                v1::DispatchOrderRequest {
                    order_id,
                    ..Default::default()
                },
            ))
            .await,
        ),
        1 => drop(
            desk.sign_leg(asked(
                &unit,
                v1::SignLegRequest {
                    order_id,
                    leg_id,
                    version: 0,
                },
            ))
            .await,
        ),
        2 => {
            let request = v1::RequestReturnRequest {
                order_id,
                leg_id,
                basis: "不属职责".into(),
                suggestion: "转办".into(),
                ..Default::default()
            };
            drop(desk.request_return(asked(&unit, request)).await);
        }
        3 => {
            let request = v1::DecideReturnRequest {
                order_id,
                leg_id,
                version: 0,
                agreed: true,
                reason: "同意".into(),
            };
            drop(
                desk.decide_return(asked(&crate::house::dispatcher(), request))
                    .await,
            );
        }
        4 => {
            let request = v1::ReplyLegRequest {
                order_id,
                leg_id,
                version: 0,
                reply: Some(crate::house::reply()),
            };
            drop(desk.reply_leg(asked(&unit, request)).await);
        }
        5 => {
            let request = v1::ReviewReplyRequest {
                order_id,
                leg_id,
                approved: true,
                ..Default::default()
            };
            drop(desk.review_reply(asked(&reviewer(), request)).await);
        }
        _ => {
            let request = v1::RedoOrderRequest {
                order_id,
                version: 0,
                reason: "未办结".into(),
            };
            drop(desk.redo_order(asked(&reviewer(), request)).await);
        }
    }
}

#[tokio::test]
async fn the_two_sends_hold_under_random_commands() {
    let house = house().await;
    let mut seed: u64 = 20_201_012;
    for life in 0..12 {
        let id = house.bus.new_id();
        house
            .hear(accepted(id, if life % 2 == 0 { &["enterprise"] } else { &[] }))
            .await;
        for _ in 0..25 {
            // Knuth's linear congruential generator: seeded and plain.
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            random_call(&house, id, seed >> 33).await;
        }
        in_step(&house, id).await;
    }
    let counts = house.reconciliation().await;
    assert!(counts.dispatched >= 10 && counts.labelled >= 5, "{counts:?}");
    assert_eq!(
        (counts.lead_violations, counts.enterprise_violations),
        (0, 0),
        "{:?}",
        counts.offenders
    );
}
