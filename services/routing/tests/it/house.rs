//! A desk of one test: a fresh database, a virtual clock, the shipped rules of Xuzhou, and people to act.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Handle, Settle as _, Tx};
use hotline_policy::Library;
use hotline_proto::common::v1::{AppealType, Channel, Desk as Side, Enterprise, OrderFacts, Urgency};
use hotline_proto::intake::v1::AppealAccepted;
use hotline_proto::routing::v1;
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use hotline_routing::{Desk, MIGRATOR, Routing};
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Caller, Clock};
use hotline_worktime::{Calendar, YearArrangement};
use tonic::{Request, Response, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

pub const HOUSING: &str = "xz-housing";
pub const GULOU: &str = "xz-gulou";

pub struct House {
    pub desk: Desk,
    pub routing: Arc<Routing>,
    pub bus: Bus,
    pub clock: Clock,
    _test: TestRuntime,
}

/// Monday, 2 March 2026, 09:00.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_413_200, 0).expect("an instant")
}

pub async fn house() -> House {
    let clock = Clock::virtual_at(start());
    let test = testing::runtime(clock.clone()).await;
    let pool = test
        .database("routing", &[Bus::migrator(), &MIGRATOR])
        .await
        .expect("a database");
    let bus = Bus::open(&test, "routing", pool).await.expect("a bus");
    let routing = routing_on(&bus);
    House {
        desk: Desk::new(Arc::clone(&routing)),
        routing,
        bus,
        clock,
        _test: test,
    }
}

/// A process of the service on this end of the bus.
pub fn routing_on(bus: &Bus) -> Arc<Routing> {
    let deploy = testing::workspace_dir().join("deploy");
    let library = Library::load(&deploy.join("cities")).unwrap_or_else(|problems| panic!("{problems}"));
    let year = std::fs::read_to_string(deploy.join("calendars/2026.toml")).expect("the year is shipped");
    let year = YearArrangement::parse(&year).expect("an arrangement");
    let calendar = Calendar::new(vec![year]).expect("a calendar");
    let city = library.city("xuzhou").expect("xuzhou");
    Arc::new(Routing::new(bus.clone(), Arc::new(library), city, &calendar))
}

pub fn dispatcher() -> Caller {
    Caller::new("d-1", &["dispatcher"])
}

pub fn reviewer() -> Caller {
    Caller::new("r-1", &["reviewer", "supervisor"])
}

pub fn clerk(unit: &str) -> Caller {
    Caller::new(format!("clerk of {unit}"), &["unit_clerk"]).of_unit(unit)
}

/// A request of `caller`, as the access check lets it through.
pub fn asked<T>(caller: &Caller, body: T) -> Request<T> {
    let mut request = Request::new(body);
    request.extensions_mut().insert(Arc::new(caller.clone()));
    request
}

/// The stable code of a refusal, and the field at fault.
pub fn refusal<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> (String, String) {
    let details = answer.expect_err("refused").get_error_details();
    let code = details
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default();
    let field = details
        .bad_request()
        .and_then(|request| request.field_violations.first());
    (
        code,
        field.map(|violation| violation.field.clone()).unwrap_or_default(),
    )
}

pub fn facts(id: Uuid, labels: &[&str]) -> OrderFacts {
    OrderFacts {
        order_id: id.to_string(),
        number: format!("N{}", id.simple()),
        policy_id: "xuzhou-2020".into(),
        policy_version: "xuzhou-2020@0".into(),
        r#type: AppealType::Complaint.into(),
        channel: Channel::Telephone.into(),
        desk: Side::Hotline.into(),
        urgency: Urgency::Normal.into(),
        category: "urban.housing_market".into(),
        division: "320302".into(),
        labels: labels.iter().map(ToString::to_string).collect(),
        round: 1,
        ..OrderFacts::default()
    }
}

pub fn accepted(id: Uuid, labels: &[&str]) -> AppealAccepted {
    let enterprise = Enterprise {
        name: "徐州某某有限公司".into(),
        credit_code: "91320300MA1ABCDE0X".into(),
    };
    AppealAccepted {
        facts: Some(facts(id, labels)),
        title: "延期交房".into(),
        content: "请回电138****5678".into(),
        enterprise: labels.contains(&"enterprise").then_some(enterprise),
        actor: "a-1".into(),
        ..AppealAccepted::default()
    }
}

pub fn reply() -> v1::Reply {
    v1::Reply {
        action: "到场核查".into(),
        office: "市场监管科".into(),
        handler: "科员".into(),
        result: "solved".into(),
        legal_basis: "条例".into(),
        told: "电话告知".into(),
        internal_text: "已办".into(),
        public_text: "已解决,如有疑问请联系13812345678".into(),
        handled_at: Some(prost_types::Timestamp {
            seconds: start().timestamp(),
            nanos: 0,
        }),
        contact: "市场监管科值班电话".into(),
        told_by: "telephone".into(),
        ..v1::Reply::default()
    }
}

impl House {
    /// Applies an event as the bus does, in a transaction of its own, a minute later.
    pub async fn hear<E>(&self, event: E)
    where
        Routing: Handle<E>,
    {
        self.try_hear(event).await.expect("the event is applied");
    }

    pub async fn try_hear<E>(&self, event: E) -> Result<(), Fault>
    where
        Routing: Handle<E>,
    {
        self.clock.advance(Duration::from_secs(60));
        let mut tx: Tx = self.bus.begin().await?;
        self.routing.handle(event, &mut tx).await?;
        self.routing.settle(&mut tx).await?;
        tx.commit().await
    }

    /// An order in the pool.
    pub async fn opened(&self, labels: &[&str]) -> Uuid {
        let id = self.bus.new_id();
        self.hear(accepted(id, labels)).await;
        id
    }

    /// An order that Housing leads and the county co-handles.
    pub async fn sent(&self, labels: &[&str]) -> Uuid {
        let id = self.opened(labels).await;
        let claim = v1::ClaimOrderRequest {
            order_id: id.to_string(),
            version: 0,
        };
        self.desk
            .claim_order(asked(&dispatcher(), claim))
            .await
            .expect("claimed");
        let request = v1::DispatchOrderRequest {
            order_id: id.to_string(),
            lead_unit_id: HOUSING.into(),
            co_handler_unit_ids: vec![GULOU.into()],
            ..v1::DispatchOrderRequest::default()
        };
        self.desk
            .dispatch_order(asked(&dispatcher(), request))
            .await
            .expect("dispatched");
        id
    }

    /// The leg of `unit` signed, replied and approved.
    pub async fn handled(&self, id: Uuid, unit: &str) {
        let (order_id, leg_id) = (id.to_string(), self.leg(id, unit).await);
        let sign = v1::SignLegRequest {
            order_id: order_id.clone(),
            leg_id: leg_id.clone(),
            version: 0,
        };
        self.desk
            .sign_leg(asked(&clerk(unit), sign))
            .await
            .expect("signed");
        let body = v1::ReplyLegRequest {
            order_id: order_id.clone(),
            leg_id: leg_id.clone(),
            version: 0,
            reply: Some(reply()),
        };
        self.desk
            .reply_leg(asked(&clerk(unit), body))
            .await
            .expect("replied");
        let review = v1::ReviewReplyRequest {
            order_id,
            leg_id,
            approved: true,
            ..v1::ReviewReplyRequest::default()
        };
        self.desk
            .review_reply(asked(&reviewer(), review))
            .await
            .expect("approved");
    }

    pub async fn settled(&self, labels: &[&str]) -> Uuid {
        let id = self.sent(labels).await;
        self.handled(id, HOUSING).await;
        self.handled(id, GULOU).await;
        id
    }

    pub async fn order(&self, id: Uuid) -> v1::Order {
        let request = v1::GetOrderRequest {
            order: id.to_string(),
        };
        let response = self
            .desk
            .get_order(asked(&reviewer(), request))
            .await
            .expect("found");
        response.into_inner().order.expect("an order")
    }

    /// The last leg of `unit`.
    pub async fn leg(&self, id: Uuid, unit: &str) -> String {
        let facts = self
            .order(id)
            .await
            .legs
            .into_iter()
            .rev()
            .filter_map(|leg| leg.facts);
        let mut legs = facts.filter(|leg| leg.unit_id == unit);
        legs.next()
            .map(|leg| leg.leg_id)
            .unwrap_or_else(|| panic!("no leg of {unit}"))
    }

    /// Names of the events that wait to be published, in their order, without the package.
    pub async fn told(&self, id: Uuid) -> Vec<String> {
        let types: Vec<String> =
            sqlx::query_scalar("SELECT type FROM outbox WHERE root = $1 ORDER BY id, place")
                .bind(id)
                .fetch_all(self.bus.pool())
                .await
                .expect("the outbox");
        types
            .iter()
            .map(|name| name.trim_start_matches("hotline.routing.v1.").to_owned())
            .collect()
    }

    pub async fn reconciliation(&self) -> v1::GetReconciliationResponse {
        let request = asked(&reviewer(), v1::GetReconciliationRequest {});
        self.desk
            .get_reconciliation(request)
            .await
            .expect("counts")
            .into_inner()
    }
}
