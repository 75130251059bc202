//! A register on a database of its own, callers, and requests that are right until a test makes them wrong.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hotline_bus::Bus;
use hotline_intake::{CallDesk, Desk, Intake, MIGRATOR, SERVICE};
use hotline_policy::Library;
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, RegisterAppealRequest};
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Caller, Clock};
use hotline_vault::Vault;
use sqlx::{Connection, PgConnection};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

/// A register and all that belongs to it.
pub struct House {
    pub rt: TestRuntime,
    pub bus: Bus,
    pub intake: Arc<Intake>,
    pub desk: Desk,
    pub calls: CallDesk,
    pub clock: Clock,
}

/// Wednesday, 30 September 2026, 10:00 in Xuzhou.
pub fn morning() -> DateTime<Utc> {
    "2026-09-30T02:00:00Z".parse().expect("an instant")
}

pub async fn house() -> House {
    let clock = Clock::virtual_at(morning());
    let rt = testing::runtime(clock.clone()).await;
    let pool = rt
        .database(SERVICE, &[Bus::migrator(), &MIGRATOR])
        .await
        .expect("a database");
    let bus = Bus::open(&rt, SERVICE, pool).await.expect("a bus");
    let vault = Arc::clone(&rt.vault);
    let intake = register_of(&rt, &bus, vault);
    House {
        desk: Desk::new(Arc::clone(&intake)),
        calls: CallDesk::new(Arc::clone(&intake)),
        rt,
        bus,
        intake,
        clock,
    }
}

/// A register on the same database under other keys.
pub fn register_of(rt: &TestRuntime, bus: &Bus, vault: Arc<Vault>) -> Arc<Intake> {
    let library = Library::load(&rt.settings.deploy_dir.join("cities")).expect("the cities are sound");
    let city = library.city("xuzhou").expect("Xuzhou is there");
    Arc::new(Intake::new(bus.clone(), vault, Arc::new(library), city))
}

/// A call by somebody with these roles.
pub fn by<T>(roles: &[&str], body: T) -> Request<T> {
    let mut request = Request::new(body);
    request
        .metadata_mut()
        .insert("accept-language", "en".parse().expect("a value"));
    request
        .extensions_mut()
        .insert(Arc::new(Caller::new(format!("u-{}", roles[0]), roles)));
    request
}

pub fn by_agent<T>(body: T) -> Request<T> {
    by(&["agent"], body)
}

pub fn by_leader<T>(body: T) -> Request<T> {
    by(&["team_leader"], body)
}

/// A request that registers.
pub fn request(key: &str) -> RegisterAppealRequest {
    RegisterAppealRequest {
        idempotency_key: key.into(),
        r#type: common::AppealType::Complaint.into(),
        channel: common::Channel::Telephone.into(),
        category: "urban.property".into(),
        division: "320303".into(),
        title: "小区电梯停运".into(),
        content: "三号楼电梯停运三天,物业不修。".into(),
        appellant: Some(proto::Appellant {
            name: "张三丰".into(),
            telephone: "138 1234 5678".into(),
            ..Default::default()
        }),
        accept: true,
        ..Default::default()
    }
}

/// The appellant of a request.
pub fn appellant(request: &mut RegisterAppealRequest) -> &mut proto::Appellant {
    request.appellant.as_mut().expect("the request has an appellant")
}

impl House {
    pub async fn register(
        &self,
        request: RegisterAppealRequest,
    ) -> Result<proto::RegisterAppealResponse, Status> {
        self.desk
            .register_appeal(by_agent(request))
            .await
            .map(tonic::Response::into_inner)
    }

    /// Registers without accepting.
    pub async fn registered(&self, key: &str) -> proto::Appeal {
        let request = RegisterAppealRequest {
            accept: false,
            ..request(key)
        };
        self.register(request)
            .await
            .expect("registered")
            .appeal
            .expect("an appeal")
    }

    /// Registers and accepts.
    pub async fn accepted(&self, key: &str) -> proto::Appeal {
        self.register(request(key))
            .await
            .expect("registered")
            .appeal
            .expect("an appeal")
    }

    pub async fn get(&self, appeal: &str) -> proto::Appeal {
        let request = proto::GetAppealRequest {
            appeal: appeal.into(),
        };
        let response = self.desk.get_appeal(by_agent(request)).await.expect("found");
        response.into_inner().appeal.expect("an appeal")
    }

    pub async fn timeline(&self, appeal: &str) -> Vec<proto::TimelineEntry> {
        let request = proto::GetTimelineRequest {
            appeal: appeal.into(),
        };
        self.desk
            .get_timeline(by_agent(request))
            .await
            .expect("found")
            .into_inner()
            .entries
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.bus.pool())
            .await
            .expect("a count")
    }

    /// A connection as the administrator.
    pub async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.rt.database.url)
            .await
            .expect("a connection")
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Asserts status, code, field and article of a refusal.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(
    answer: Result<T, Status>,
    status: Code,
    code: &str,
    field: &str,
    article: &str,
) {
    let refusal = answer.expect_err("refused");
    let details = refusal.get_error_details();
    let info = details
        .error_info()
        .unwrap_or_else(|| panic!("{refusal:?} has no details"));
    let violation = details.bad_request().and_then(|bad| bad.field_violations.first());
    let told = violation.map_or("", |violation| violation.field.as_str());
    let rule = info.metadata.get("article").map_or("", String::as_str);
    assert_eq!(
        (refusal.code(), info.reason.as_str(), told, rule),
        (status, code, field, article)
    );
    assert!(!info.metadata["remedy"].is_empty());
}
