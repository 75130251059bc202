//! One worker a partition: takes what the broker has ready, applies it, acknowledges.
//!
//! What the service does not hear opens no transaction: it waits a moment for an event that is heard, and the cursor
//! moves over both. Where much comes, the worker lingers a little, so that one transaction applies more.
//!
//! Invariant: a message is acknowledged only after the commit that applied it.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::{self, consumer::PullConsumer};
use futures::StreamExt as _;
use tokio::time::Instant;

use crate::apply::{Applied, Failure, Known, Mode, apply};
use crate::envelope::Entry;
use crate::handler::Table;
use crate::inject::Step;
use crate::lease::Lease;
use crate::{Bus, Fault, store};

/// Messages applied together at most.
const BATCH_MAX: usize = 256;
/// How long events that nobody hears wait for one that is heard.
const UNHEARD_MAX: Duration = Duration::from_millis(150);
/// More is waited for this long when the last transaction is no longer ago than `BUSY`, and fewer than `FEW` are there.
const LINGER: Duration = Duration::from_millis(3);
const BUSY: Duration = Duration::from_millis(20);
const FEW: usize = 64;
/// Silence after which producers' journals are asked whether the broker kept something back.
const IDLE: Duration = Duration::from_secs(10);
/// The broker sends a sign of life this often while nothing comes.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A pull request is renewed this often.
const EXPIRES: Duration = Duration::from_secs(30);
/// Entries asked from a journal at once.
const PAGE: i32 = 512;
/// First and longest pause after a failure.
const BACKOFF_MIN: Duration = Duration::from_millis(50);
const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// Failures at one event, the environment's included, before it is tried apart and set aside.
const STRIKES_MAX: i32 = 8;

pub(crate) struct Consumer {
    bus: Bus,
    table: Table,
    partition: i32,
    lease: Lease,
    strikes: HashMap<(String, i64), i32>,
    known: Option<Known>,
    waiting: Waiting,
    /// When the last transaction ended.
    applied_at: Option<Instant>,
}

/// What came and is not applied yet.
#[derive(Default)]
struct Waiting {
    entries: Vec<Entry>,
    /// The last message, which acknowledges all before it.
    last: Option<jetstream::Message>,
    /// One of the events is heard.
    heard: bool,
    /// When the first of them came.
    since: Option<Instant>,
}

impl Consumer {
    pub(crate) fn new(bus: Bus, table: Table, partition: i32) -> Self {
        let lease = bus.lease(&format!("consumer-p{partition}"));
        Self {
            bus,
            table,
            partition,
            lease,
            strikes: HashMap::new(),
            known: None,
            waiting: Waiting::default(),
            applied_at: None,
        }
    }

    /// Consumes until shutdown.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let context = jetstream::new(self.bus.connect().await?);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                held = self.lease.held() => if held.is_none() { return Ok(()) },
            }
            let mut lost = self.lease.clone();
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = lost.lost() => {}
                outcome = self.listen(&context) => if let Err(fault) = outcome {
                    tracing::debug!(service = self.bus.service(), partition = self.partition, error = %fault,
                        "consuming stopped, will start again");
                    tokio::time::sleep(BACKOFF_MIN * 10).await;
                },
            }
        }
    }

    /// Reads the stream while the lease is held and the broker answers.
    async fn listen(&mut self, context: &jetstream::Context) -> Result<(), Fault> {
        // Another may have worked here since; the broker sends again what was not acknowledged.
        self.known = None;
        self.waiting = Waiting::default();
        // What the broker kept back while nobody listened comes from the journals.
        self.ask_journals().await?;
        let name = consumer_name(self.bus.service(), self.partition);
        let stream = context
            .get_stream_no_info(self.bus.stream())
            .await
            .map_err(broker)?;
        let consumer: PullConsumer = stream.get_consumer(&name).await.map_err(broker)?;
        let messages = consumer
            .stream()
            .max_messages_per_batch(BATCH_MAX)
            .expires(EXPIRES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await
            .map_err(broker)?;
        let mut batches = messages.ready_chunks(BATCH_MAX);
        let bus = self.bus.clone();
        loop {
            let is_waiting = self.waiting.last.is_some();
            tokio::select! {
                batch = batches.next() => {
                    let batch = batch.ok_or_else(|| Fault::retry("the consumer's messages ended"))?;
                    let taken = self.take(batch);
                    if self.patience().is_zero() {
                        self.apply_waiting().await?;
                    }
                    taken?;
                }
                () = tokio::time::sleep(self.patience()) => {
                    if is_waiting {
                        self.apply_waiting().await?;
                    } else {
                        self.ask_journals().await?;
                    }
                }
                () = bus.asked().notified(), if is_waiting => self.apply_waiting().await?,
            }
        }
    }

    /// How long to wait for more before what waits is applied; zero when it is time, [`IDLE`] when nothing waits.
    fn patience(&self) -> Duration {
        let Some(since) = self.waiting.since else {
            return IDLE;
        };
        let len = self.waiting.entries.len();
        let most = if len >= BATCH_MAX {
            Duration::ZERO
        } else if !self.waiting.heard {
            UNHEARD_MAX
        } else if len < FEW && self.applied_at.is_some_and(|at| at.elapsed() < BUSY) {
            LINGER
        } else {
            Duration::ZERO
        };
        most.saturating_sub(since.elapsed())
    }

    /// Takes a batch as it came from the broker.
    fn take<E: std::fmt::Display>(&mut self, batch: Vec<Result<jetstream::Message, E>>) -> Result<(), Fault> {
        let mut broken = None;
        let waiting = &mut self.waiting;
        waiting.since.get_or_insert_with(Instant::now);
        for message in batch {
            match message {
                Ok(message) => {
                    match Entry::from_message(message.headers.as_ref(), &message.payload) {
                        Ok(entry) if entry.producer == self.bus.service() => {}
                        Ok(entry) => {
                            if !waiting.heard && self.table.hears(&entry.type_name) {
                                waiting.heard = true;
                                waiting.since = Some(Instant::now());
                            }
                            waiting.entries.push(entry);
                        }
                        // Not ours to apply; if it hid an event, the gap will show and the journal has it.
                        Err(fault) => {
                            tracing::error!(error = %fault, subject = %message.subject, "a message is no event");
                        }
                    }
                    waiting.last = Some(message);
                }
                Err(error) => broken = Some(broker(error)),
            }
        }
        broken.map_or(Ok(()), Err)
    }

    /// Applies what waits and acknowledges it.
    async fn apply_waiting(&mut self) -> Result<(), Fault> {
        let Waiting { entries, last, .. } = std::mem::take(&mut self.waiting);
        if !entries.is_empty() {
            self.apply(&entries).await?;
            self.applied_at = Some(Instant::now());
        }
        self.bus.injector().at(Step::BeforeAck)?;
        if let Some(message) = last {
            // One acknowledgement for all before it: the worker is alone and in order.
            message.ack().await.map_err(broker)?;
        }
        Ok(())
    }

    /// Applies entries until they are applied or set aside, however long the environment takes.
    async fn apply(&mut self, entries: &[Entry]) -> Result<(), Fault> {
        let mut mode = Mode::Together;
        let mut pause = BACKOFF_MIN;
        loop {
            if self.lease.token().is_none() {
                return Err(Fault::retry("the partition's lease was lost"));
            }
            let known = &mut self.known;
            match apply(&self.bus, &self.table, self.partition, entries, mode, known).await {
                Ok(applied) => {
                    self.count(applied);
                    if applied.complete {
                        return Ok(());
                    }
                }
                Err(failure) => {
                    mode = self.after(failure);
                    if mode == Mode::Together {
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(BACKOFF_MAX);
                    }
                }
            }
        }
    }

    /// Chooses how to go on after a failure: again together, or each apart with the culprit set aside.
    fn after(&mut self, failure: Failure) -> Mode {
        tracing::warn!(service = self.bus.service(), partition = self.partition, at = ?failure.at,
            error = %failure.fault, "a batch was not applied");
        let Some(at) = failure.at else {
            return Mode::Together;
        };
        let strikes = self.strikes.entry(at.clone()).or_default();
        *strikes += 1;
        let attempts = *strikes;
        if matches!(failure.fault, Fault::Retry(_)) && attempts < STRIKES_MAX {
            return Mode::Together;
        }
        self.strikes.remove(&at);
        Mode::Apart {
            culprit: if attempts >= STRIKES_MAX { at.1 } else { 0 },
            attempts,
        }
    }

    /// Reads on in every known producer's journal: silence may be a broker that lost something.
    async fn ask_journals(&mut self) -> Result<(), Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let cursors = store::cursors(&mut sql).await?;
        drop(sql);
        for (producer, partition, heard) in cursors {
            if partition != self.partition {
                continue;
            }
            self.read_on(&producer, heard).await?;
        }
        Ok(())
    }

    /// Reads a producer's journal to its end.
    async fn read_on(&mut self, producer: &str, mut heard: i64) -> Result<(), Fault> {
        loop {
            match self.bus.read_journal(producer, self.partition, heard, PAGE).await {
                Ok(entries) => {
                    let Some(last) = entries.last() else {
                        return Ok(());
                    };
                    heard = last.seq;
                    self.apply(&entries).await?;
                    if i32::try_from(entries.len()).unwrap_or(PAGE) < PAGE {
                        return Ok(());
                    }
                }
                Err(fault) => {
                    tracing::debug!(%producer, error = %fault, "a journal cannot be asked now");
                    return Ok(());
                }
            }
        }
    }

    fn count(&self, applied: Applied) {
        let service = self.bus.service();
        let count = |number: usize| u64::try_from(number).unwrap_or(0);
        metrics::counter!("hotline_bus_applied_total", "service" => service).increment(count(applied.events));
        if applied.dead > 0 {
            metrics::counter!("hotline_bus_dead_total", "service" => service).increment(count(applied.dead));
        }
    }
}

/// Name of the durable consumer of a service in a partition.
pub(crate) fn consumer_name(service: &str, partition: i32) -> String {
    format!("{service}-p{partition}")
}

fn broker(error: impl std::fmt::Display) -> Fault {
    Fault::retry(format!("broker: {error}"))
}
