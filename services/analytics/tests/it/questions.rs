//! What is asked of the totals: days, measures, pages; and every bad question.

use hotline_proto::analytics::v1::analytics_service_server::AnalyticsService as _;
use hotline_proto::analytics::v1::{Dimension, GetTotalsRequest};
use hotline_proto::intake::v1::{AppealRegistered, AppealUrged};
use tonic::Request;
use uuid::Uuid;

use crate::support::{World, at, by, facts, refused, still_world, text};

/// Three days: registered 1, 2, 3 times, and pressed once on the last.
async fn three_days() -> World {
    let world = still_world().await;
    for (day, times) in [("2026-09-28", 1), ("2026-09-29", 2), ("2026-09-30", 3)] {
        for slot in 0..times {
            let event = AppealRegistered {
                facts: facts(Uuid::from_u128(1)),
                actor: String::new(),
                call_id: String::new(),
            };
            world.count(slot, at(&format!("{day}T04:00:00Z")), &event).await;
        }
    }
    let pressed = AppealUrged {
        facts: facts(Uuid::from_u128(1)),
        ..AppealUrged::default()
    };
    world.count(0, at("2026-09-30T05:00:00Z"), &pressed).await;
    world
}

#[tokio::test]
async fn a_question_gives_its_days_and_its_measure() {
    let world = three_days().await;
    let rows =
        async |question: GetTotalsRequest| world.totals(question).await.iter().map(text).collect::<Vec<_>>();
    let whole = by(Dimension::Type);
    assert_eq!(
        rows(whole.clone()).await,
        [
            "2026-09-28 complaint appeal_registered 1",
            "2026-09-29 complaint appeal_registered 2",
            "2026-09-30 complaint appeal_registered 3",
            "2026-09-30 complaint appeal_urged 1",
        ]
    );
    let day = "2026-09-29".to_owned();
    let one_day = GetTotalsRequest {
        from: day.clone(),
        to: day.clone(),
        ..whole.clone()
    };
    assert_eq!(rows(one_day).await, ["2026-09-29 complaint appeal_registered 2"]);
    assert_eq!(
        rows(GetTotalsRequest {
            from: day.clone(),
            ..whole.clone()
        })
        .await
        .len(),
        3
    );
    assert_eq!(
        rows(GetTotalsRequest {
            to: day,
            ..whole.clone()
        })
        .await
        .len(),
        2
    );
    let urged = GetTotalsRequest {
        measure: "appeal_urged".to_owned(),
        ..whole.clone()
    };
    assert_eq!(rows(urged).await, ["2026-09-30 complaint appeal_urged 1"]);
    assert!(
        rows(GetTotalsRequest {
            measure: "open_orders".to_owned(),
            ..whole
        })
        .await
        .is_empty()
    );
}

#[tokio::test]
async fn pages_hold_every_row_once_in_order() {
    let world = three_days().await;
    for dimension in [
        Dimension::All,
        Dimension::Channel,
        Dimension::Division,
        Dimension::Category,
    ] {
        let whole = world.totals(by(dimension)).await;
        assert_eq!(whole.len(), 4);
        for page_size in [1, 2, 3, 4, 5_000] {
            assert_eq!(
                world
                    .totals(GetTotalsRequest {
                        page_size,
                        ..by(dimension)
                    })
                    .await,
                whole
            );
        }
    }
}

#[tokio::test]
async fn a_bad_question_is_refused_by_its_field() {
    let world = three_days().await;
    let good = by(Dimension::All);
    let first = Request::new(GetTotalsRequest {
        page_size: 1,
        ..good.clone()
    });
    let page_token = world
        .desk
        .get_totals(first)
        .await
        .expect("totals")
        .into_inner()
        .next_page_token;
    assert!(!page_token.is_empty());
    let foreign = GetTotalsRequest {
        page_token,
        measure: "appeal_urged".to_owned(),
        ..good.clone()
    };
    let text = str::to_owned;
    for (question, id, field) in [
        (GetTotalsRequest::default(), "totals.dimension", "dimension"),
        (
            GetTotalsRequest {
                dimension: 7,
                ..good.clone()
            },
            "totals.dimension",
            "dimension",
        ),
        (
            GetTotalsRequest {
                from: text("2026-02-30"),
                ..good.clone()
            },
            "totals.day",
            "from",
        ),
        (
            GetTotalsRequest {
                to: text("昨天"),
                ..good.clone()
            },
            "totals.day",
            "to",
        ),
        (
            GetTotalsRequest {
                from: text("2026-10-01"),
                to: text("2026-09-30"),
                ..good.clone()
            },
            "totals.range",
            "to",
        ),
        (
            GetTotalsRequest {
                measure: text("a' OR 1=1"),
                ..good.clone()
            },
            "totals.measure",
            "measure",
        ),
        (
            GetTotalsRequest {
                page_size: -1,
                ..good.clone()
            },
            "totals.page_size",
            "page_size",
        ),
        (
            GetTotalsRequest {
                page_token: text("?"),
                ..good
            },
            "page.token_invalid",
            "page_token",
        ),
        (foreign, "page.token_invalid", "page_token"),
    ] {
        refused(world.desk.get_totals(Request::new(question)).await, id, field);
    }
}
