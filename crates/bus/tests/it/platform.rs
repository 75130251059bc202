//! Three services that talk to each other on one platform, and what they must have applied in the end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hotline_bus::{Bus, Fault, HandleAny, Handlers, Injector, JournalDesk, Topology, Tx};
use hotline_runtime::testing::TestRuntime;
use hotline_runtime::{CancellationToken, Clock, Parts, Runtime, Serving, serve, testing};
use prost::{Message, Name};
use sqlx::PgPool;
use uuid::Uuid;

/// The table in which a test's service writes down what it applied.
static APPLIED: sqlx::migrate::Migrator = sqlx::migrate!("tests/migrations");

/// Longest wait for a platform that heals: the plan's two minutes, halved.
const HEALED_WITHIN: Duration = Duration::from_secs(60);

pub const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];
const DEPTH_MAX: i64 = 3;

macro_rules! said {
    ($name:ident, $package:literal) => {
        #[derive(Clone, PartialEq, Message)]
        pub struct $name {
            #[prost(int64, tag = "1")]
            pub depth: i64,
        }
        impl Name for $name {
            const NAME: &'static str = "Said";
            const PACKAGE: &'static str = $package;
        }
    };
}
said!(AlphaSaid, "hotline.alpha.v1");
said!(BetaSaid, "hotline.beta.v1");
said!(GammaSaid, "hotline.gamma.v1");

/// A service that writes down what it hears, answers, and chokes on what it is told to.
#[derive(Clone)]
pub struct Talker {
    name: &'static str,
    pub chokes_on: Arc<Mutex<HashSet<Uuid>>>,
}

impl HandleAny for Talker {
    async fn handle_any(&self, type_name: &str, payload: &[u8], tx: &mut Tx) -> Result<(), Fault> {
        let event = tx.event().cloned().ok_or_else(|| Fault::poison("no event"))?;
        assert_eq!(type_name, event.type_name);
        // The key makes a second application fail, so a pass proves that there was none.
        sqlx::query("INSERT INTO applied (producer, partition, seq, root) VALUES ($1, $2, $3, $4)")
            .bind(&event.producer)
            .bind(event.partition)
            .bind(event.seq)
            .bind(event.root)
            .execute(tx.sql())
            .await?;
        if self
            .chokes_on
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&event.root)
        {
            return Err(Fault::poison("this appeal chokes the handler"));
        }
        let depth = AlphaSaid::decode(payload)
            .map_err(|error| Fault::poison(error.to_string()))?
            .depth;
        if depth < DEPTH_MAX {
            match (event.producer.as_str(), self.name) {
                ("alpha" | "gamma", "beta") => tx.publish(event.root, &BetaSaid { depth: depth + 1 }),
                ("beta", "gamma") => tx.publish(event.root, &GammaSaid { depth: depth + 1 }),
                _ => {}
            }
        }
        Ok(())
    }
}

/// One process of the platform; dropping its tasks is its death.
pub struct Process {
    pub buses: Vec<Bus>,
    pub talkers: Vec<Talker>,
    pub runtime: Runtime,
    serving: tokio::task::JoinHandle<()>,
}

pub struct Platform {
    pub test: TestRuntime,
    pub process: Process,
}

impl Platform {
    pub async fn start() -> Self {
        let test = testing::runtime(Clock::system()).await;
        let process = Process::start(test.runtime.clone(), Injector::default()).await;
        Self { test, process }
    }

    pub async fn start_dying(injector: Injector) -> Self {
        let test = testing::runtime(Clock::system()).await;
        let process = Process::start(test.runtime.clone(), injector).await;
        Self { test, process }
    }

    pub async fn say(&self, count: usize) -> Vec<Uuid> {
        let mut roots = Vec::new();
        for _ in 0..count {
            roots.push(self.say_about(self.process.buses[0].new_id()).await);
        }
        roots
    }

    pub async fn say_about(&self, root: Uuid) -> Uuid {
        say_about(&self.process.buses[0], root).await
    }

    /// Waits until every service has applied every other's journal, and checks that each did so once and in order.
    pub async fn settles(&self) {
        settles(&self.process.buses).await;
    }
}

/// Says one thing as `alpha`, again if the bus dies under it: what was acknowledged is what counts.
pub async fn say_about(bus: &Bus, root: Uuid) -> Uuid {
    loop {
        let outcome: Result<(), Fault> = async {
            let mut tx = bus.begin().await?;
            tx.publish(root, &AlphaSaid { depth: 0 });
            tx.commit().await
        }
        .await;
        match outcome {
            Ok(()) => return root,
            Err(Fault::Retry(_)) => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(fault) => panic!("{fault}"),
        }
    }
}

impl Process {
    pub async fn start(runtime: Runtime, injector: Injector) -> Self {
        Self::of(&NAMES, runtime, injector).await
    }

    async fn of(names: &[&'static str], runtime: Runtime, injector: Injector) -> Self {
        let (mut parts, mut buses, mut talkers) = (Vec::new(), Vec::new(), Vec::new());
        for &name in names {
            let pool = runtime
                .database(name, &[Bus::migrator(), &APPLIED])
                .await
                .expect("a schema");
            let bus = Bus::open_with(&runtime, name, pool, injector.clone())
                .await
                .expect("a bus");
            let talker = Talker {
                name,
                chokes_on: Arc::default(),
            };
            let handlers = Handlers::new(Arc::new(talker.clone())).on_any();
            parts.push(Parts::new(name).jobs(bus.jobs(handlers)));
            buses.push(bus);
            talkers.push(talker);
        }
        let topology = Topology::new(&runtime);
        let desk = JournalDesk::server(buses.clone());
        parts.push(Parts::new("bus").service(desk).job("topology", topology.run()));
        let serving: Serving = serve(&runtime, parts).await.expect("serves");
        let serving = tokio::spawn(async move { serving.wait().await.expect("no job fails") });
        Self {
            buses,
            talkers,
            runtime,
            serving,
        }
    }

    pub fn stop(&self) {
        self.runtime.shutdown.cancel();
    }

    /// Stops it, and waits until it has.
    pub async fn ended(self) {
        self.stop();
        self.serving.await.expect("it ends");
    }
}

/// Another process on the same database and broker, as a replica has it.
pub async fn replica(test: &TestRuntime) -> Process {
    replica_of(test, &NAMES).await
}

/// Another process on the same database and broker, with some services alone.
pub async fn replica_of(test: &TestRuntime, names: &[&'static str]) -> Process {
    let mut runtime = Runtime::build((*test.runtime.settings).clone()).expect("a runtime");
    runtime.shutdown = CancellationToken::new();
    Process::of(names, runtime, Injector::default()).await
}

pub async fn settles(buses: &[Bus]) {
    everything_is_heard(buses).await;
    for bus in buses {
        in_order(
            bus.pool(),
            "SELECT count(*) FROM (SELECT seq, lag(seq) OVER (PARTITION BY producer, partition ORDER BY n) \
             AS before FROM applied) o WHERE before > seq",
        )
        .await;
    }
}

/// As [`settles`], but only each appeal's events need their order: what was set aside is applied after its neighbours.
pub async fn settles_by_appeal(buses: &[Bus]) {
    everything_is_heard(buses).await;
    for bus in buses {
        in_order(
            bus.pool(),
            "SELECT count(*) FROM (SELECT seq, lag(seq) OVER (PARTITION BY producer, root ORDER BY n) \
             AS before FROM applied) o WHERE before > seq",
        )
        .await;
    }
}

async fn everything_is_heard(buses: &[Bus]) {
    let began = tokio::time::Instant::now();
    loop {
        let behind = behind(buses).await;
        if behind.is_empty() {
            break;
        }
        assert!(began.elapsed() < HEALED_WITHIN, "not healed: {behind:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Who is behind whom, and by how much.
async fn behind(buses: &[Bus]) -> Vec<String> {
    let mut behind = Vec::new();
    for producer in buses {
        let waits: i64 = one(producer.pool(), "SELECT count(*) FROM outbox").await;
        if waits > 0 {
            behind.push(format!("{} has {waits} unnumbered", producer.service()));
        }
        let recorded: i64 = one(producer.pool(), "SELECT count(*) FROM journal").await;
        for hearer in buses.iter().filter(|bus| bus.service() != producer.service()) {
            let heard: i64 = sqlx::query_scalar(
                "SELECT count(*) + (SELECT count(*) FROM dead_letter WHERE producer = $1 AND replayed_at IS NULL) \
                 FROM applied WHERE producer = $1",
            )
            .bind(producer.service())
            .fetch_one(hearer.pool())
            .await
            .expect("reads");
            if heard != recorded {
                behind.push(format!(
                    "{} heard {heard} of {recorded} of {}",
                    hearer.service(),
                    producer.service()
                ));
            }
        }
    }
    behind
}

async fn one(pool: &PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.expect("reads")
}

async fn in_order(pool: &PgPool, disorder: &'static str) {
    assert_eq!(one(pool, disorder).await, 0, "events were applied out of order");
}
