//! Lists: every filter against a plain scan of the tables, paged without gaps, newest first.

use std::collections::BTreeSet;

use hotline_proto::common::v1::AppealType;
use hotline_proto::routing::v1;
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use hotline_runtime::Caller;
use sqlx::AssertSqlSafe;

use crate::house::{HOUSING, House, asked, clerk, house, reviewer};

/// Copies of one order in every state, of every kind, with and without label, requests and claims.
async fn filled() -> House {
    let house = house().await;
    let id = house.sent(&["enterprise"]).await;
    for statement in [
        "INSERT INTO orders SELECT m.id, 'C' || n, o.opened_at - n * interval '1 second', \
            (ARRAY['consult','help','complaint','report','suggestion','praise'])[1 + n % 6], \
            CASE WHEN n % 5 = 0 THEN ARRAY['enterprise'] ELSE '{}' END, n % 5 = 0, \
            (ARRAY['pre_review','handling','disputed','escalated','settled','closed','archived','withdrawn'])[1 + (n / 6) % 8], \
            CASE WHEN n % 4 = 0 THEN 'd-1' END, (n / 6) % 8 < 4 AND n % 7 = 0, true, 1, 1, \
            (o.doc::jsonb || jsonb_build_object('id', m.id, 'opened_at', o.opened_at - n * interval '1 second'))::text \
         FROM orders o, generate_series(1, 1100) n, LATERAL (SELECT md5(n::text)::uuid AS id) m WHERE o.id = $1",
        "INSERT INTO subject SELECT o.id, 't', 'c', NULL, NULL, false FROM orders o WHERE o.id <> $1",
        "INSERT INTO label SELECT unnest(labels), id, opened_at, state, type FROM orders WHERE id <> $1",
        "INSERT INTO leg SELECT md5(id::text || k)::uuid, id, opened_at, state, type, labels, enterprise, 1, 'lead', \
            (ARRAY['xz-housing','xz-water'])[1 + (ascii(number) + length(number) + k) % 2], \
            CASE WHEN state IN ('settled', 'closed', 'archived', 'withdrawn') THEN 'approved' \
                ELSE (ARRAY['to_sign','signed','replied'])[1 + (ascii(substr(number, 2)) + k) % 3] END, opened_at, NULL \
         FROM orders, generate_series(1, 2) k WHERE id <> $1",
    ] {
        sqlx::query(statement)
            .bind(id)
            .execute(house.bus.pool())
            .await
            .expect("filled");
    }
    house
}

async fn pages(house: &House, caller: &Caller, request: v1::ListOrdersRequest) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = v1::ListOrdersRequest {
            page_token,
            page_size: 17,
            ..request.clone()
        };
        let page = house
            .desk
            .list_orders(asked(caller, request))
            .await
            .expect("a page")
            .into_inner();
        assert!(page.orders.len() <= 17);
        numbers.extend(
            page.orders
                .into_iter()
                .map(|order| order.facts.expect("facts").order_id),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return numbers;
        }
    }
}

async fn count(house: &House, caller: &Caller, list: v1::ListOrdersRequest) -> (usize, bool) {
    let list = Some(list);
    let answer = house
        .desk
        .get_order_count(asked(caller, v1::GetOrderCountRequest { list }))
        .await;
    let found = answer.expect("a count").into_inner();
    (usize::try_from(found.count).expect("a count"), found.more)
}

async fn scanned(house: &House, condition: &str) -> Vec<String> {
    let statement =
        format!("SELECT o.id::text FROM orders o WHERE {condition} ORDER BY o.opened_at DESC, o.id DESC");
    sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_all(house.bus.pool())
        .await
        .expect("a scan")
}

#[tokio::test]
async fn every_filter_lists_what_a_scan_finds_newest_first() {
    let house = filled().await;
    let plain = v1::ListOrdersRequest::default;
    let settled = v1::OrderState::Settled.into();
    let praise = AppealType::Praise.into();
    let to_sign = v1::LegState::ToSign.into();
    let replied = v1::LegState::Replied.into();
    let waits = "EXISTS (SELECT 1 FROM leg l WHERE l.order_id = o.id AND l.state = 'replied')";
    let unit = "EXISTS (SELECT 1 FROM leg l WHERE l.order_id = o.id AND l.unit_id = 'xz-housing'";
    let cases = [
        (plain(), "true".to_owned()),
        (
            v1::ListOrdersRequest {
                state: settled,
                ..plain()
            },
            "state = 'settled'".into(),
        ),
        (
            v1::ListOrdersRequest {
                r#type: praise,
                ..plain()
            },
            "type = 'praise'".into(),
        ),
        (
            v1::ListOrdersRequest {
                state: settled,
                r#type: praise,
                ..plain()
            },
            "state = 'settled' AND type = 'praise'".into(),
        ),
        (
            v1::ListOrdersRequest {
                label: "enterprise".into(),
                ..plain()
            },
            "enterprise".into(),
        ),
        (
            v1::ListOrdersRequest {
                label: "none".into(),
                ..plain()
            },
            "false".into(),
        ),
        (
            v1::ListOrdersRequest {
                label: "enterprise".into(),
                state: settled,
                r#type: praise,
                ..plain()
            },
            "enterprise AND state = 'settled' AND type = 'praise'".into(),
        ),
        (
            v1::ListOrdersRequest {
                unclaimed: true,
                ..plain()
            },
            "state = 'pre_review' AND claimed_by IS NULL".into(),
        ),
        (
            v1::ListOrdersRequest {
                unclaimed: true,
                state: settled,
                ..plain()
            },
            "false".into(),
        ),
        (
            v1::ListOrdersRequest {
                awaiting_decision: true,
                ..plain()
            },
            "awaiting_decision".into(),
        ),
        (
            v1::ListOrdersRequest {
                awaiting_decision: true,
                label: "enterprise".into(),
                ..plain()
            },
            "awaiting_decision AND enterprise".into(),
        ),
        (
            v1::ListOrdersRequest {
                leg_state: replied,
                ..plain()
            },
            waits.to_owned(),
        ),
        (
            v1::ListOrdersRequest {
                leg_state: replied,
                state: v1::OrderState::Handling.into(),
                awaiting_decision: true,
                ..plain()
            },
            format!("{waits} AND state = 'handling' AND awaiting_decision"),
        ),
        (
            v1::ListOrdersRequest {
                unit_id: HOUSING.into(),
                ..plain()
            },
            format!("{unit})"),
        ),
        (
            v1::ListOrdersRequest {
                unit_id: HOUSING.into(),
                leg_state: to_sign,
                ..plain()
            },
            format!("{unit} AND l.state = 'to_sign')"),
        ),
        (
            v1::ListOrdersRequest {
                unit_id: HOUSING.into(),
                state: settled,
                r#type: praise,
                ..plain()
            },
            format!("{unit}) AND state = 'settled' AND type = 'praise'"),
        ),
        (
            v1::ListOrdersRequest {
                unit_id: HOUSING.into(),
                label: "enterprise".into(),
                awaiting_decision: true,
                ..plain()
            },
            format!("{unit}) AND enterprise AND awaiting_decision"),
        ),
        (
            v1::ListOrdersRequest {
                unit_id: HOUSING.into(),
                unclaimed: true,
                ..plain()
            },
            format!("{unit}) AND state = 'pre_review' AND claimed_by IS NULL"),
        ),
    ];
    for (request, condition) in cases {
        let wanted = scanned(&house, &condition).await;
        assert!(
            condition == "false" || condition.contains("enterprise") || !wanted.is_empty(),
            "{condition}"
        );
        assert_eq!(
            pages(&house, &reviewer(), request.clone()).await,
            wanted,
            "{condition}"
        );
        let counted = count(&house, &reviewer(), request).await;
        assert_eq!(
            counted,
            (wanted.len().min(1_000), wanted.len() > 1_000),
            "{condition}"
        );
    }
}

#[tokio::test]
async fn a_caller_lists_what_they_may_see() {
    let house = filled().await;
    let all = v1::ListOrdersRequest::default;
    let unit = scanned(
        &house,
        "EXISTS (SELECT 1 FROM leg l WHERE l.order_id = o.id AND l.unit_id = 'xz-housing')",
    )
    .await;
    assert_eq!(pages(&house, &clerk(HOUSING), all()).await, unit);
    assert!(
        pages(&house, &Caller::new("u-9", &["unit_clerk"]), all())
            .await
            .is_empty()
    );
    let desk = Caller::new("e-1", &["enterprise_desk"]);
    assert_eq!(
        pages(&house, &desk, all()).await,
        scanned(&house, "enterprise").await
    );
}

/// Orders that are what their rows say: named, they pass the same filters, and nobody sees more by naming them.
#[tokio::test]
async fn named_orders_pass_the_filters_and_are_seen_by_whom_they_may() {
    let house = house().await;
    let opened = house.opened(&["enterprise"]).await;
    let sent = house.sent(&[]).await;
    let both = v1::ListOrdersRequest {
        order_ids: vec![opened.to_string(), sent.to_string(), opened.to_string()],
        ..v1::ListOrdersRequest::default()
    };
    let named = |more: v1::ListOrdersRequest| v1::ListOrdersRequest {
        order_ids: both.order_ids.clone(),
        ..more
    };
    let plain = v1::ListOrdersRequest::default;
    let (opened, sent) = (opened.to_string(), sent.to_string());
    let to_sign = v1::ListOrdersRequest {
        unit_id: HOUSING.into(),
        leg_state: v1::LegState::ToSign.into(),
        ..plain()
    };
    let cases = [
        (
            v1::ListOrdersRequest {
                unclaimed: true,
                ..plain()
            },
            vec![&opened],
        ),
        (
            v1::ListOrdersRequest {
                label: "enterprise".into(),
                ..plain()
            },
            vec![&opened],
        ),
        (
            v1::ListOrdersRequest {
                state: v1::OrderState::Handling.into(),
                ..plain()
            },
            vec![&sent],
        ),
        (
            v1::ListOrdersRequest {
                r#type: AppealType::Praise.into(),
                ..plain()
            },
            vec![],
        ),
        (
            v1::ListOrdersRequest {
                awaiting_decision: true,
                ..plain()
            },
            vec![],
        ),
        (
            v1::ListOrdersRequest {
                leg_state: v1::LegState::Replied.into(),
                ..plain()
            },
            vec![],
        ),
        (to_sign.clone(), vec![&sent]),
    ];
    for (filter, wanted) in cases {
        let found = pages(&house, &reviewer(), named(filter.clone())).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
        assert_eq!(
            count(&house, &reviewer(), named(filter)).await,
            (wanted.len(), false)
        );
    }
    assert_eq!(pages(&house, &reviewer(), both.clone()).await.len(), 2);
    assert_eq!(pages(&house, &clerk(HOUSING), both.clone()).await, [sent]);
    assert!(pages(&house, &clerk("xz-water"), both.clone()).await.is_empty());
    let desk = Caller::new("e-1", &["enterprise_desk"]);
    assert_eq!(pages(&house, &desk, both).await, std::slice::from_ref(&opened));
    let many = v1::ListOrdersRequest {
        order_ids: vec![opened; 101],
        ..plain()
    };
    let answer = house.desk.list_orders(asked(&reviewer(), many)).await;
    assert_eq!(
        crate::house::refusal(answer),
        ("page.ids_invalid".into(), "order_ids".into())
    );
}

#[tokio::test]
async fn a_token_belongs_to_its_filter() {
    let house = filled().await;
    let request = v1::ListOrdersRequest {
        page_size: 5,
        ..v1::ListOrdersRequest::default()
    };
    let page = house
        .desk
        .list_orders(asked(&reviewer(), request))
        .await
        .expect("a page")
        .into_inner();
    let ids: BTreeSet<_> = page
        .orders
        .iter()
        .filter_map(|order| order.facts.clone())
        .map(|facts| facts.order_id)
        .collect();
    assert_eq!(ids.len(), 5);
    let other = v1::ListOrdersRequest {
        page_token: page.next_page_token,
        unclaimed: true,
        ..v1::ListOrdersRequest::default()
    };
    let answer = house.desk.list_orders(asked(&reviewer(), other)).await;
    assert_eq!(
        crate::house::refusal(answer),
        ("page.token_invalid".into(), "page_token".into())
    );
}
