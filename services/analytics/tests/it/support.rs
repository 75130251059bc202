//! A desk on a fresh database, events as their producers would tell them, and what the desk answers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hotline_analytics::grpc::Desk;
use hotline_analytics::{MIGRATOR, contract, ops};
use hotline_bus::Bus;
use hotline_proto::analytics::v1::analytics_service_server::AnalyticsService as _;
use hotline_proto::analytics::v1::{
    Dimension, GetOverviewRequest, GetOverviewResponse, GetTotalsRequest, Total,
};
use hotline_proto::common::v1::OrderFacts;
use hotline_runtime::Clock;
use hotline_runtime::testing::{self, TestRuntime};
use prost::Name;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

pub struct World {
    pub runtime: TestRuntime,
    pub bus: Bus,
    pub desk: Desk,
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub async fn world(clock: Clock) -> World {
    let runtime = testing::runtime(clock).await;
    let pool = runtime
        .database("analytics", &[Bus::migrator(), &MIGRATOR])
        .await
        .expect("a database");
    let bus = Bus::open(&runtime, "analytics", pool).await.expect("a bus");
    World {
        desk: Desk { bus: bus.clone() },
        bus,
        runtime,
    }
}

/// A world whose clock nothing depends on.
pub async fn still_world() -> World {
    world(Clock::virtual_at(at("2026-09-30T01:00:00Z"))).await
}

impl World {
    /// Counts an event that came by partition `slot`, in a transaction of its own.
    pub async fn count<E: Name>(&self, slot: i32, at: DateTime<Utc>, event: &E) {
        self.count_raw(slot, at, &E::full_name(), &event.encode_to_vec())
            .await;
    }

    pub async fn count_raw(&self, slot: i32, at: DateTime<Utc>, type_name: &str, payload: &[u8]) {
        let happenings = contract::read(type_name, payload).expect("the event is read");
        let mut tx = self.bus.begin().await.expect("begins");
        for happening in happenings {
            ops::count(&mut tx, slot, at, happening).await.expect("counts");
        }
        ops::write(&mut tx).await.expect("writes");
        tx.commit().await.expect("commits");
    }

    pub async fn overview(&self) -> GetOverviewResponse {
        let response = self.desk.get_overview(Request::new(GetOverviewRequest {})).await;
        response.expect("an overview").into_inner()
    }

    /// The overview by name.
    pub async fn measures(&self) -> BTreeMap<String, i64> {
        self.overview()
            .await
            .measures
            .into_iter()
            .map(|measure| (measure.name, measure.count))
            .collect()
    }

    /// All rows of all pages.
    pub async fn totals(&self, question: GetTotalsRequest) -> Vec<Total> {
        let mut rows = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = Request::new(GetTotalsRequest {
                page_token,
                ..question.clone()
            });
            let page = self.desk.get_totals(request).await.expect("totals").into_inner();
            assert!(
                question.page_size == 0
                    || page.totals.len() <= usize::try_from(question.page_size).expect("a size")
            );
            rows.extend(page.totals);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return rows;
            }
        }
    }
}

/// All totals by `dimension`.
pub fn by(dimension: Dimension) -> GetTotalsRequest {
    GetTotalsRequest {
        dimension: dimension.into(),
        ..GetTotalsRequest::default()
    }
}

/// A row as text, for comparing.
pub fn text(row: &Total) -> String {
    format!("{} {} {} {}", row.day, row.key, row.measure, row.count)
}

#[track_caller]
pub fn refused<T>(outcome: Result<T, Status>, id: &str, field: &str) {
    let Err(status) = outcome else {
        panic!("not refused: {id}")
    };
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.as_str());
    let named = details.bad_request().and_then(|bad| bad.field_violations.first());
    assert_eq!((status.code(), reason), (Code::InvalidArgument, Some(id)));
    assert_eq!(named.map(|violation| violation.field.as_str()), Some(field));
}

pub fn facts(order: Uuid) -> Option<OrderFacts> {
    Some(OrderFacts {
        order_id: order.to_string(),
        r#type: 3,
        channel: 1,
        category: "0301".to_owned(),
        division: "320303".to_owned(),
        round: 1,
        ..OrderFacts::default()
    })
}
