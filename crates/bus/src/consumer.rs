//! One worker a partition: takes what the broker has ready, applies it, acknowledges.
//!
//! Invariant: a message is acknowledged only after the commit that applied it.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::{self, consumer::PullConsumer};
use futures::StreamExt as _;

use crate::apply::{Applied, Failure, Mode, apply};
use crate::envelope::Entry;
use crate::handler::Table;
use crate::inject::Step;
use crate::lease::Lease;
use crate::{Bus, Fault, store};

/// Messages applied together at most.
const BATCH_MAX: usize = 256;
/// Silence after which producers' journals are asked whether the broker kept something back.
const IDLE: Duration = Duration::from_secs(10);
/// The broker sends a sign of life this often while nothing comes.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A pull request is renewed this often.
const EXPIRES: Duration = Duration::from_secs(30);
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
        loop {
            match tokio::time::timeout(IDLE, batches.next()).await {
                Err(_) => self.ask_journals().await?,
                Ok(None) => return Err(Fault::retry("the consumer's messages ended")),
                Ok(Some(batch)) => self.take(batch).await?,
            }
        }
    }

    /// Applies a batch as it came from the broker and acknowledges it.
    async fn take<E: std::fmt::Display>(
        &mut self,
        batch: Vec<Result<jetstream::Message, E>>,
    ) -> Result<(), Fault> {
        let mut entries = Vec::with_capacity(batch.len());
        let mut last = None;
        let mut broken = None;
        for message in batch {
            match message {
                Ok(message) => {
                    match Entry::from_message(message.headers.as_ref(), &message.payload) {
                        Ok(entry) => entries.push(entry),
                        // Not ours to apply; if it hid an event, the gap will show and the journal has it.
                        Err(fault) => {
                            tracing::error!(error = %fault, subject = %message.subject, "a message is no event");
                        }
                    }
                    last = Some(message);
                }
                Err(error) => broken = Some(broker(error)),
            }
        }
        self.apply(&entries).await?;
        self.bus.injector().at(Step::BeforeAck)?;
        if let Some(message) = last {
            // One acknowledgement for all before it: the worker is alone and in order.
            message.ack().await.map_err(broker)?;
        }
        broken.map_or(Ok(()), Err)
    }

    /// Applies entries until they are applied or set aside, however long the environment takes.
    async fn apply(&mut self, entries: &[Entry]) -> Result<(), Fault> {
        let mut mode = Mode::Together;
        let mut pause = BACKOFF_MIN;
        loop {
            if self.lease.token().is_none() {
                return Err(Fault::retry("the partition's lease was lost"));
            }
            match apply(&self.bus, &self.table, self.partition, entries, mode).await {
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
            match self.bus.read_journal(&producer, partition, heard, 512).await {
                Ok(entries) if !entries.is_empty() => self.apply(&entries).await?,
                Ok(_) => {}
                Err(fault) => tracing::debug!(%producer, error = %fault, "a journal cannot be asked now"),
            }
        }
        Ok(())
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
