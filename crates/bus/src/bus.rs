//! A service's end of the bus: begins transactions, and gives the jobs that carry events out and in.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, ensure};
use async_nats::jetstream;
use chrono::{DateTime, Utc};
use hotline_proto::bus::v1::ReadRequest;
use hotline_proto::bus::v1::journal_service_client::JournalServiceClient;
use hotline_runtime::audit::{AuditKey, Record, Sink as _};
use hotline_runtime::database::Narrow;
use hotline_runtime::{Clock, Job, Parts, Probe, Runtime};
use sqlx::{PgConnection, PgPool};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::audit::{Chainer, Ledger};
use crate::consumer::Consumer;
use crate::envelope::Entry;
use crate::feed::Feed;
use crate::handler::{Handlers, Table};
use crate::inject::Injector;
use crate::lease::{Keeper, Lease};
use crate::sequencer::Sequencer;
use crate::tx::Said;
use crate::{Fault, Tx, store};

/// Told at each commit that published something.
pub(crate) type Wake = Arc<Notify>;

/// Reads a producer's journal: over gRPC in a running system.
pub(crate) type ReadJournal = Arc<dyn Fn(ReadRequest) -> JournalPage + Send + Sync>;
pub(crate) type JournalPage = Pin<Box<dyn Future<Output = Result<Vec<Entry>, Fault>> + Send>>;

/// What a service gives to the process that runs it.
pub struct Started {
    /// Routes and jobs.
    pub parts: Parts,
    /// Its end of the bus, for the journal's gRPC service.
    pub bus: Bus,
}

/// A service's end of the bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    service: &'static str,
    pool: PgPool,
    /// Connections for the calls of a unit's staff.
    narrow: Option<Narrow>,
    clock: Clock,
    partitions: i32,
    stream: String,
    prefix: String,
    nats_url: String,
    /// What the broker sends to this process.
    feed: Arc<Feed>,
    wake: Wake,
    keeper: Keeper,
    journals: ReadJournal,
    shutdown: CancellationToken,
    injector: Injector,
    audit_key: Arc<AuditKey>,
    /// Told when somebody asks how far the service has heard.
    asked: Notify,
    table: std::sync::OnceLock<Table>,
    client: tokio::sync::OnceCell<async_nats::Client>,
}

/// Begins a transaction that writes. All that it reads it finds by key: each statement is planned once for each connection
/// and not each time, which for those that take columns as arrays costs more than to run them.
const BEGIN: &str = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off";

/// The same for a worker that applies events.
const BEGIN_APPLYING: &str = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; \
                              SET LOCAL synchronous_commit = off";

/// The same for a connection that one worker keeps.
const KEEP: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";

/// The same migrations in the schema of every service.
static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

impl Bus {
    /// Tables of the bus; they live in the service's own schema.
    pub fn migrator() -> &'static sqlx::migrate::Migrator {
        &MIGRATOR
    }

    /// Opens the service's end of the bus on its migrated database. `service` is the producer's name: the package
    /// segment of its events.
    ///
    /// # Errors
    /// The number of partitions differs from the one fixed at installation, or the database failed.
    pub async fn open(runtime: &Runtime, service: &'static str, pool: PgPool) -> anyhow::Result<Self> {
        Self::open_with(runtime, service, pool, Injector::default()).await
    }

    /// [`Bus::open`] for tests that kill it between steps.
    ///
    /// # Errors
    /// As [`Bus::open`].
    pub async fn open_with(
        runtime: &Runtime,
        service: &'static str,
        pool: PgPool,
        injector: Injector,
    ) -> anyhow::Result<Self> {
        let partitions = i32::from(runtime.settings.nats.partitions);
        let mut sql = pool.acquire().await.context("the database gives no connection")?;
        let fixed = store::partitions(&mut sql).await?;
        ensure!(
            fixed == 0 || fixed == i64::from(partitions),
            "nats.partitions is {partitions}, but {service} was installed with {fixed}; the number is fixed at installation"
        );
        store::seed(&mut sql, partitions).await?;
        drop(sql);
        let bus = Self(Arc::new(Inner {
            service,
            pool,
            narrow: runtime.walls.of(service),
            clock: runtime.clock.clone(),
            partitions,
            stream: runtime.settings.nats.stream.clone(),
            prefix: runtime.settings.nats.subject_prefix.clone(),
            nats_url: runtime.settings.nats.url.clone(),
            feed: Feed::of(runtime),
            wake: Arc::default(),
            keeper: Keeper::new(Uuid::from_u128(uuid_bits(&runtime.clock))),
            journals: over_grpc(runtime),
            shutdown: runtime.shutdown.clone(),
            injector,
            audit_key: runtime.audit_key.clone(),
            asked: Notify::new(),
            table: std::sync::OnceLock::new(),
            client: tokio::sync::OnceCell::new(),
        }));
        let ledger = Ledger(bus.pool().clone());
        runtime.audit.register(service, Arc::new(ledger));
        bus.register_check(runtime);
        Ok(bus)
    }

    /// The service is not ready before the broker has the stream; once it was there, what breaks is made anew.
    fn register_check(&self, runtime: &Runtime) {
        let (bus, arranged) = (self.clone(), Arc::new(AtomicBool::new(false)));
        let name = format!("broker.{}", self.service());
        runtime.checks.register(name, Probe::Ready, move || {
            let (bus, arranged) = (bus.clone(), Arc::clone(&arranged));
            async move {
                if !arranged.load(Ordering::Relaxed) {
                    let context = jetstream::new(bus.connect().await?);
                    let found = context.get_stream(bus.stream()).await;
                    found.with_context(|| format!("the broker has no stream {} yet", bus.stream()))?;
                    arranged.store(true, Ordering::Relaxed);
                }
                Ok(())
            }
        });
    }

    /// Begins a command's transaction; one of a unit's staff sees the rows of their unit alone.
    ///
    /// # Errors
    /// [`Fault::Retry`] when the database gives no connection in time.
    pub async fn begin(&self) -> Result<Tx, Fault> {
        self.begin_as(BEGIN).await
    }

    /// Begins the transaction of work that knows how far it has come and is done again when it is lost, such as applying
    /// events. Its commit does not wait for the disk: a power cut may take it, cursors and all, and what it applied is then
    /// read from the journals again. What it published leaves the service only by the sequencer's commit, which does wait,
    /// and with it everything before it.
    ///
    /// # Errors
    /// [`Fault::Retry`] when the database gives no connection in time.
    pub async fn begin_applying(&self) -> Result<Tx, Fault> {
        self.begin_as(BEGIN_APPLYING).await
    }

    /// A connection for one worker that keeps it, set up as for a transaction that writes. None of the pool's: it is closed when
    /// it is dropped.
    pub(crate) async fn own_connection(&self) -> Result<PgConnection, Fault> {
        let mut sql = self.0.pool.acquire().await?.detach();
        sqlx::raw_sql(KEEP).execute(&mut sql).await?;
        Ok(sql)
    }

    /// What a [`OneStatement`](crate::OneStatement) will say.
    pub(crate) fn say(&self) -> Said {
        Said::new(self.0.clock.clone(), self.0.partitions)
    }

    async fn begin_as(&self, statement: &'static str) -> Result<Tx, Fault> {
        let inner = &self.0;
        let sql = match self.narrow() {
            Some(narrow) => narrow.begin(statement).await?,
            None => inner.pool.begin_with(statement).await?,
        };
        Ok(Tx::new(
            sql,
            self.say(),
            Arc::clone(&inner.wake),
            inner.injector.clone(),
        ))
    }

    /// A bus without a running system around it: journals are read through `journals`, nothing connects to a broker.
    #[cfg(test)]
    pub(crate) fn alone(
        service: &'static str,
        pool: PgPool,
        clock: Clock,
        partitions: i32,
        (journals, feed): (ReadJournal, Arc<Feed>),
        injector: Injector,
        audit_key: Arc<AuditKey>,
    ) -> Self {
        Self(Arc::new(Inner {
            service,
            pool,
            narrow: None,
            keeper: Keeper::new(Uuid::from_u128(uuid_bits(&clock))),
            clock,
            partitions,
            stream: String::new(),
            prefix: String::new(),
            nats_url: String::new(),
            feed,
            wake: Arc::default(),
            journals,
            shutdown: CancellationToken::new(),
            injector,
            audit_key,
            asked: Notify::new(),
            table: std::sync::OnceLock::new(),
            client: tokio::sync::OnceCell::new(),
        }))
    }

    #[cfg(test)]
    pub(crate) fn keeper(&self) -> &Keeper {
        &self.0.keeper
    }

    /// The pool, for reads outside transactions. In a call of a unit's staff its connections show the rows of their unit
    /// alone: ask for it where it is used, and keep none.
    pub fn pool(&self) -> &PgPool {
        self.narrow().map_or(&self.0.pool, Narrow::pool)
    }

    /// The connections of the current call, where it is one of a unit's staff.
    fn narrow(&self) -> Option<&Narrow> {
        self.0.narrow.as_ref().filter(|_| Narrow::applies())
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The clock of the service.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> Uuid {
        self.0.clock.new_id()
    }

    /// Producer's name.
    pub fn service(&self) -> &'static str {
        self.0.service
    }

    /// A lease for a background worker of the service.
    pub fn lease(&self, name: &str) -> Lease {
        self.0.keeper.lease(name)
    }

    /// Cancelled when the process drains.
    pub fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    /// The jobs of the service: leases, the sequencer with its publisher, and the consumer of all partitions.
    pub fn jobs<H: Send + Sync + 'static>(&self, handlers: Handlers<H>) -> Vec<Job> {
        let table = self.0.table.get_or_init(|| handlers.into_table()).clone();
        let name = |part: &str| format!("{}.{part}", self.0.service);
        let keeper = self
            .0
            .keeper
            .clone()
            .run(self.0.pool.clone(), self.0.shutdown.clone());
        let mut jobs = vec![
            job(name("leases"), keeper),
            job(name("sequencer"), Sequencer::new(self.clone()).run()),
            job(name("audit"), Chainer::new(self.clone()).run()),
        ];
        let consumer = Consumer::new(self.clone(), table, self.0.partitions);
        jobs.push(job(name("consumer"), consumer.run()));
        jobs
    }

    /// Writes an audit entry by itself, committed when this returns: for what is no call (a sign-in). What it tells of must
    /// not go on when it fails.
    ///
    /// # Errors
    /// The entry could not be written.
    pub async fn audit(&self, record: Record) -> anyhow::Result<()> {
        Ledger(self.pool().clone()).write(record).await
    }

    /// Signs the heads of the audit chain.
    pub(crate) fn audit_key(&self) -> &AuditKey {
        &self.0.audit_key
    }

    /// What the service hears; `None` before [`Bus::jobs`].
    pub(crate) fn table(&self) -> Option<&Table> {
        self.0.table.get()
    }

    pub(crate) fn wake(&self) -> &Wake {
        &self.0.wake
    }

    /// Told when somebody asks how far the service has heard: nothing waits then for an event that is heard.
    pub(crate) fn asked(&self) -> &Notify {
        &self.0.asked
    }

    pub(crate) fn injector(&self) -> &Injector {
        &self.0.injector
    }

    pub(crate) fn stream(&self) -> &str {
        &self.0.stream
    }

    /// What every subject begins with.
    pub(crate) fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// What the broker sends to this process.
    pub(crate) fn feed(&self) -> &Arc<Feed> {
        &self.0.feed
    }

    /// The service's own connection to the broker: what it hears comes by the feed's.
    pub(crate) async fn connect(&self) -> anyhow::Result<async_nats::Client> {
        let connect = || crate::nats::connect(&self.0.nats_url, self.0.service);
        self.0.client.get_or_try_init(connect).await.cloned()
    }

    /// One page of another service's journal.
    pub(crate) async fn read_journal(
        &self,
        producer: &str,
        partition: i32,
        after_seq: i64,
        limit: i32,
    ) -> Result<Vec<Entry>, Fault> {
        let request = ReadRequest {
            producer: producer.to_owned(),
            partition,
            after_seq,
            limit,
        };
        (self.0.journals)(request).await
    }
}

fn job(name: String, run: impl Future<Output = anyhow::Result<()>> + Send + 'static) -> Job {
    Job {
        name,
        run: Box::pin(run),
    }
}

/// A holder's name: this clock's id would do, but two processes on one virtual clock must differ, and its random bits do.
fn uuid_bits(clock: &Clock) -> u128 {
    clock.new_id().as_u128()
}

/// Reads journals from peers, wherever they run.
fn over_grpc(runtime: &Runtime) -> ReadJournal {
    let peers = runtime.peers.clone();
    Arc::new(move |request: ReadRequest| {
        let peers = peers.clone();
        Box::pin(async move {
            let channel = peers.channel(&request.producer).map_err(Fault::Retry)?;
            let producer = request.producer.clone();
            let response = JournalServiceClient::new(channel)
                .read(request)
                .await
                .map_err(|status| Fault::retry(format!("journal of {producer} cannot be read: {status}")))?;
            response
                .into_inner()
                .entries
                .into_iter()
                .map(Entry::from_proto)
                .collect()
        })
    })
}
