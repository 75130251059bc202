//! Lists of enterprise legs: newest first, page by page, by every filter.

use hotline_proto::enterprise::v1::enterprise_service_server::EnterpriseService as _;
use hotline_proto::enterprise::v1::{ListEnterpriseLegsRequest, Progress};
use hotline_proto::routing::v1::OrderSettled;
use tonic::Code;
use uuid::Uuid;

use crate::support::{World, asked, facts, refused, sent, world};

impl World {
    /// Orders of all pages, `page_size` at a time.
    async fn listed(&self, filter: ListEnterpriseLegsRequest, page_size: i32) -> Vec<Uuid> {
        let mut orders = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = ListEnterpriseLegsRequest {
                page_size,
                page_token,
                ..filter.clone()
            };
            let page = self
                .desk
                .list_enterprise_legs(asked(request))
                .await
                .expect("lists")
                .into_inner();
            assert!(page.legs.len() <= usize::try_from(page_size).expect("a size"));
            let ids = page
                .legs
                .into_iter()
                .filter_map(|leg| leg.facts)
                .map(|facts| facts.order_id);
            orders.extend(ids.map(|id| Uuid::parse_str(&id).expect("an id")));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return orders;
            }
        }
    }
}

#[tokio::test]
async fn pages_hold_every_leg_once_newest_first() {
    let world = world().await;
    let mut orders = Vec::new();
    for index in 0..7 {
        let order = world.clock.new_id();
        let code = if index % 2 == 0 { "91320300MA1ABCDE0X" } else { "" };
        world
            .hear(sent(order, if index < 3 { "u1" } else { "u2" }, code))
            .await;
        orders.push(order);
    }
    for order in &orders[1..4] {
        world
            .hear(OrderSettled {
                facts: facts(*order, 1),
                lead_unit_id: "u1".to_owned(),
                ..OrderSettled::default()
            })
            .await;
    }
    let newest_first = |indices: &[usize]| indices.iter().rev().map(|at| orders[*at]).collect::<Vec<_>>();
    let any = ListEnterpriseLegsRequest::default();
    let by_unit = ListEnterpriseLegsRequest {
        lead_unit_id: "u1".to_owned(),
        ..any.clone()
    };
    let settled = ListEnterpriseLegsRequest {
        progress: Progress::Settled.into(),
        ..any.clone()
    };
    let by_code = ListEnterpriseLegsRequest {
        credit_code: " 91320300MA1ABCDE0X ".to_owned(),
        ..any.clone()
    };
    let both = ListEnterpriseLegsRequest {
        progress: Progress::Settled.into(),
        ..by_code.clone()
    };
    let none = ListEnterpriseLegsRequest {
        progress: Progress::Redo.into(),
        ..any.clone()
    };
    for size in [1, 2, 200] {
        assert_eq!(
            world.listed(any.clone(), size).await,
            newest_first(&[0, 1, 2, 3, 4, 5, 6])
        );
        assert_eq!(
            world.listed(by_unit.clone(), size).await,
            newest_first(&[0, 1, 2, 3])
        );
        assert_eq!(
            world.listed(settled.clone(), size).await,
            newest_first(&[1, 2, 3])
        );
        assert_eq!(
            world.listed(by_code.clone(), size).await,
            newest_first(&[0, 2, 4, 6])
        );
        assert_eq!(world.listed(both.clone(), size).await, newest_first(&[2]));
        assert!(world.listed(none.clone(), size).await.is_empty());
    }
}

#[tokio::test]
async fn a_bad_filter_is_refused_by_its_field() {
    let world = world().await;
    world.received("u1").await;
    world.received("u1").await;
    let any = ListEnterpriseLegsRequest::default();
    let first = ListEnterpriseLegsRequest {
        page_size: 1,
        ..any.clone()
    };
    let page_token = world
        .desk
        .list_enterprise_legs(asked(first))
        .await
        .expect("lists")
        .into_inner()
        .next_page_token;
    assert!(!page_token.is_empty());
    let foreign = ListEnterpriseLegsRequest {
        page_token,
        lead_unit_id: "u1".to_owned(),
        ..any.clone()
    };
    for (request, id, field) in [
        (
            ListEnterpriseLegsRequest {
                progress: 10,
                ..any.clone()
            },
            "enterprise.progress",
            "progress",
        ),
        (
            ListEnterpriseLegsRequest {
                page_size: -1,
                ..any.clone()
            },
            "page.size_invalid",
            "page_size",
        ),
        (
            ListEnterpriseLegsRequest {
                page_token: "?".to_owned(),
                ..any.clone()
            },
            "page.token_invalid",
            "page_token",
        ),
        (foreign, "page.token_invalid", "page_token"),
        (
            ListEnterpriseLegsRequest {
                lead_unit_id: "u".repeat(65),
                ..any.clone()
            },
            "enterprise.filter",
            "lead_unit_id",
        ),
        (
            ListEnterpriseLegsRequest {
                credit_code: "9\u{0}".to_owned(),
                ..any
            },
            "enterprise.filter",
            "credit_code",
        ),
    ] {
        refused(
            world.desk.list_enterprise_legs(asked(request)).await,
            Code::InvalidArgument,
            id,
            field,
        );
    }
}
