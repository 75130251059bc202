//! A desk on a fresh database, with events as routing, the clocks and the call-back would tell them.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Handle, Settle};
use hotline_enterprise::MIGRATOR;
use hotline_enterprise::events::Ear;
use hotline_enterprise::grpc::Desk;
use hotline_proto::common::v1::{
    AppealType, Channel, Desk as Side, Enterprise, LegFacts, LegKind, OrderFacts, Urgency,
};
use hotline_proto::enterprise::v1::enterprise_service_server::EnterpriseService;
use hotline_proto::enterprise::v1::{EnterpriseLeg, GetEnterpriseLegRequest};
use hotline_proto::routing::v1::EnterpriseLegDispatched;
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Caller, Clock};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

pub struct World {
    pub clock: Clock,
    pub bus: Bus,
    pub desk: Desk,
    _runtime: TestRuntime,
}

pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("an instant")
}

pub async fn world() -> World {
    let clock = Clock::virtual_at(start());
    let runtime = testing::runtime(clock.clone()).await;
    let pool = runtime
        .database("enterprise", &[Bus::migrator(), &MIGRATOR])
        .await
        .expect("a database");
    let bus = Bus::open(&runtime, "enterprise", pool).await.expect("a bus");
    World {
        clock,
        desk: Desk { bus: bus.clone() },
        bus,
        _runtime: runtime,
    }
}

impl World {
    /// Applies an event as the bus does, in a transaction of its own, a second later.
    pub async fn hear<E>(&self, event: E)
    where
        Ear: Handle<E>,
    {
        self.try_hear(event).await.expect("the event is applied");
    }

    pub async fn try_hear<E>(&self, event: E) -> Result<(), Fault>
    where
        Ear: Handle<E>,
    {
        self.clock.advance(Duration::from_secs(1));
        let mut tx = self.bus.begin().await?;
        Ear.handle(event, &mut tx).await?;
        Ear.settle(&mut tx).await?;
        tx.commit().await
    }

    /// Receives a new enterprise leg led by `unit`; gives its order.
    pub async fn received(&self, unit: &str) -> Uuid {
        let order = self.clock.new_id();
        self.hear(sent(order, unit, "91320300MA1ABCDE0X")).await;
        order
    }

    pub async fn leg(&self, order: Uuid) -> EnterpriseLeg {
        let request = asked(GetEnterpriseLegRequest {
            order_id: order.to_string(),
        });
        let response = self
            .desk
            .get_enterprise_leg(request)
            .await
            .expect("there is a leg");
        response.into_inner().leg.expect("the leg")
    }

    /// Names of the events that wait to be published, in their order.
    pub async fn told(&self) -> Vec<String> {
        let types: Vec<String> = sqlx::query_scalar("SELECT type FROM outbox ORDER BY id, place")
            .fetch_all(self.bus.pool())
            .await
            .expect("the outbox is read");
        types
            .iter()
            .filter_map(|name| name.rsplit('.').next())
            .map(str::to_owned)
            .collect()
    }
}

/// A request of the enterprise desk's clerk.
pub fn asked<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request
        .extensions_mut()
        .insert(Arc::new(Caller::new("clerk-1", &["enterprise_desk"])));
    request
}

#[track_caller]
pub fn refused<T>(outcome: Result<T, Status>, code: Code, id: &str, field: &str) {
    let Err(status) = outcome else {
        panic!("not refused: {id}")
    };
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.as_str());
    let named = details.bad_request().and_then(|bad| bad.field_violations.first());
    assert_eq!((status.code(), reason), (code, Some(id)));
    assert_eq!(named.map_or("", |violation| violation.field.as_str()), field);
}

pub fn facts(order: Uuid, round: i32) -> Option<OrderFacts> {
    Some(OrderFacts {
        order_id: order.to_string(),
        number: "320300260922010001".to_owned(),
        policy_id: "xuzhou-2020".to_owned(),
        policy_version: "v1".to_owned(),
        r#type: AppealType::Consult.into(),
        channel: Channel::EnterpriseSeat.into(),
        desk: Side::Enterprise.into(),
        urgency: Urgency::Normal.into(),
        category: "0301".to_owned(),
        division: "320303".to_owned(),
        labels: vec!["enterprise".to_owned()],
        round,
        ..OrderFacts::default()
    })
}

pub fn leg(kind: LegKind, unit: &str, round: i32) -> Option<LegFacts> {
    Some(LegFacts {
        leg_id: Uuid::from_u128(u128::try_from(round).expect("a round")).to_string(),
        kind: kind.into(),
        unit_id: unit.to_owned(),
        parent_leg_id: String::new(),
        round,
    })
}

/// The second send of `order`, led by `unit`, for the enterprise with `credit_code`.
pub fn sent(order: Uuid, unit: &str, credit_code: &str) -> EnterpriseLegDispatched {
    let mut second = leg(LegKind::Enterprise, "qf", 1);
    if let Some(second) = &mut second {
        second.leg_id = Uuid::from_u128(order.as_u128() ^ 1).to_string();
    }
    EnterpriseLegDispatched {
        facts: facts(order, 1),
        leg: second,
        title: "企业开办材料咨询".to_owned(),
        content: "请问变更经营范围需要哪些材料".to_owned(),
        enterprise: Some(Enterprise {
            name: "徐州某机械有限公司".to_owned(),
            credit_code: credit_code.to_owned(),
        }),
        lead_unit_id: unit.to_owned(),
        actor: "dispatcher-1".to_owned(),
    }
}
