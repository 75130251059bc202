//! A service of one test: a fresh database, a virtual clock, the shipped policies, and events to hear.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Handle, Settle};
use hotline_policy::Library;
use hotline_proto::common::v1::{AppealType, Channel, Desk, LegFacts, LegKind, OrderFacts, Urgency};
use hotline_proto::routing::v1::DepartmentLegDispatched;
use hotline_proto::sla::v1::{ClockArmed, ClockMoved, ClockStopped, ClocksChanged};
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Clock, Runtime};
use hotline_sla_timer::ops::Sla;
use hotline_sla_timer::supervisor::Supervisor;
use hotline_sla_timer::timer::Timer;
use hotline_sla_timer::{MIGRATOR, SERVICE, handlers};
use hotline_worktime::{Calendar, YearArrangement};
use prost::{Message, Name};
use uuid::Uuid;

/// Longest wait for something that must happen.
const SOON: Duration = Duration::from_secs(30);

pub fn deploy() -> PathBuf {
    testing::workspace_dir().join("deploy")
}

pub fn year_text(year: i32) -> String {
    std::fs::read_to_string(deploy().join(format!("calendars/{year}.toml"))).expect("the year is shipped")
}

pub fn calendar_until(year: i32) -> Calendar {
    let years = (2018..=year)
        .map(|year| YearArrangement::parse(&year_text(year)).expect("sound"))
        .collect();
    Calendar::new(years).expect("the years agree")
}

/// A local time, "2026-11-03 10:00".
pub fn local(text: &str) -> DateTime<Utc> {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time");
    hotline_worktime::at_local(time)
}

/// One process of the service; its tasks die with it.
pub struct Process {
    pub sla: Arc<Sla>,
    tasks: Vec<tokio::task::JoinHandle<anyhow::Result<()>>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

pub struct House {
    pub process: Process,
    pub clock: Clock,
    pub test: TestRuntime,
}

impl House {
    /// A house whose clock stands at `at` and whose calendar ends with 2026.
    pub async fn at(at: &str) -> Self {
        Self::with_years(at, 2026).await
    }

    pub async fn with_years(at: &str, until: i32) -> Self {
        let clock = Clock::virtual_at(local(at));
        let test = testing::runtime(clock.clone()).await;
        let process = Process::open(&test.runtime, until).await;
        Self { process, clock, test }
    }

    pub fn sla(&self) -> &Arc<Sla> {
        &self.process.sla
    }

    /// Kills the process and starts another on the same database.
    pub async fn restart(&mut self, until: i32) {
        self.process = Process::open(&self.test.runtime, until).await;
    }

    /// Hears an event now.
    pub async fn hear<E>(&self, event: E) -> Result<(), Fault>
    where
        Sla: Handle<E>,
    {
        let mut tx = self.sla().bus.begin().await?;
        self.sla().handle(event, &mut tx).await?;
        self.sla().settle(&mut tx).await?;
        tx.commit().await
    }

    /// Hears that a lead leg of a fresh order was dispatched; returns the order.
    pub async fn dispatch(&self) -> OrderFacts {
        let facts = facts(self.sla().bus.new_id());
        self.hear(leg_sent(&facts, LegKind::Lead))
            .await
            .expect("it is heard");
        facts
    }

    /// Every event of type `E` in the outbox, oldest first.
    pub async fn told<E: Message + Name + Default>(&self) -> Vec<E> {
        let rows = "SELECT payload FROM outbox WHERE type = $1 ORDER BY id, place";
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as(rows)
            .bind(E::full_name())
            .fetch_all(self.sla().bus.pool())
            .await
            .expect("the outbox reads");
        rows.iter()
            .map(|row| E::decode(row.0.as_slice()).expect("it decodes"))
            .collect()
    }

    /// The same by partition, within which alone events have an order.
    pub async fn told_by_partition<E: Message + Name + Default>(&self) -> Vec<Vec<E>> {
        let rows =
            "SELECT array_agg(payload ORDER BY id, place) FROM outbox WHERE type = $1 GROUP BY partition";
        let rows: Vec<(Vec<Vec<u8>>,)> = sqlx::query_as(rows)
            .bind(E::full_name())
            .fetch_all(self.sla().bus.pool())
            .await
            .expect("the outbox reads");
        let decode = |payload: Vec<u8>| E::decode(payload.as_slice()).expect("it decodes");
        rows.into_iter()
            .map(|(payloads,)| payloads.into_iter().map(decode).collect())
            .collect()
    }

    /// What became of clocks, as the outbox tells it, oldest first.
    pub async fn changes<C: Change>(&self) -> Vec<C> {
        let told = self.told::<ClocksChanged>().await;
        told.into_iter().flat_map(C::of).collect()
    }

    /// How many events of type `E` the outbox holds.
    pub async fn count<E: Name>(&self) -> i64 {
        let query = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE type = $1").bind(E::full_name());
        query
            .fetch_one(self.sla().bus.pool())
            .await
            .expect("the outbox counts")
    }

    /// Waits until the outbox holds `count` events of type `E`.
    pub async fn until<E: Name>(&self, count: i64) {
        let waited = tokio::time::timeout(SOON, async {
            while self.count::<E>().await < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        if waited.await.is_err() {
            panic!("{} of {count} {}", self.count::<E>().await, E::full_name());
        }
    }
}

/// One of the things that become of clocks.
pub trait Change: Sized {
    fn of(changed: ClocksChanged) -> Vec<Self>;
}

impl Change for ClockArmed {
    fn of(changed: ClocksChanged) -> Vec<Self> {
        changed.armed
    }
}

impl Change for ClockStopped {
    fn of(changed: ClocksChanged) -> Vec<Self> {
        changed.stopped
    }
}

impl Change for ClockMoved {
    fn of(changed: ClocksChanged) -> Vec<Self> {
        changed.moved
    }
}

impl Process {
    pub async fn open(runtime: &Runtime, until: i32) -> Self {
        let pool = runtime
            .database(SERVICE, &[Bus::migrator(), &MIGRATOR])
            .await
            .expect("a schema");
        let bus = Bus::open(runtime, SERVICE, pool).await.expect("a bus");
        let library = Library::load(&deploy().join("cities")).expect("the shipped policies are sound");
        let sla = Sla::new(bus, Arc::new(library), Arc::new(calendar_until(until)));
        sla.refresh().await.expect("imports read");
        Self {
            sla: Arc::new(sla),
            tasks: Vec::new(),
        }
    }

    /// Starts the timer and the leases that it needs; the rest of the bus stands still.
    pub fn start_timer(&mut self) {
        let jobs = self.sla.bus.jobs(handlers(Arc::clone(&self.sla)));
        let leases = jobs
            .into_iter()
            .find(|job| job.name.ends_with(".leases"))
            .expect("leases are kept");
        self.tasks
            .push(tokio::spawn(Timer::new(Arc::clone(&self.sla)).run()));
        self.tasks.push(tokio::spawn(leases.run));
    }
}

impl Process {
    /// Starts the worker of supervision beside the timer.
    pub fn start_supervisor(&mut self) {
        let worker = Supervisor::new(Arc::clone(&self.sla));
        self.tasks.push(tokio::spawn(worker.run()));
    }
}

/// The facts of an ordinary order of Xuzhou.
pub fn facts(order: Uuid) -> OrderFacts {
    OrderFacts {
        order_id: order.to_string(),
        number: "3203002611031T0000017".into(),
        policy_id: "xuzhou-2020".into(),
        policy_version: String::new(),
        r#type: AppealType::Help.into(),
        channel: Channel::Telephone.into(),
        desk: Desk::Hotline.into(),
        urgency: Urgency::Normal.into(),
        category: "urban.property".into(),
        division: "320302".into(),
        labels: vec![],
        round: 1,
        ..OrderFacts::default()
    }
}

/// The leg of an order; the same order and kind always give the same leg.
pub fn leg(facts: &OrderFacts, kind: LegKind) -> LegFacts {
    let order: Uuid = facts.order_id.parse().expect("an order");
    LegFacts {
        leg_id: Uuid::from_u128(order.as_u128() ^ (1 << 127) ^ kind as u128).to_string(),
        kind: kind.into(),
        unit_id: "xz-urban".into(),
        parent_leg_id: String::new(),
        round: facts.round,
    }
}

pub fn leg_sent(facts: &OrderFacts, kind: LegKind) -> DepartmentLegDispatched {
    DepartmentLegDispatched {
        facts: Some(facts.clone()),
        leg: Some(leg(facts, kind)),
        title: "路灯不亮".into(),
        due_at: None,
        actor: "u-1".into(),
    }
}
