//! One worker a service: takes what the broker has ready for its partitions, applies it together, acknowledges.
//!
//! What the service does not hear opens no transaction: it waits a moment for an event that is heard, and the cursor
//! moves over both. Where much comes, transactions begin a service's pace apart, so that each applies more.
//!
//! Invariant: a message is acknowledged only after the commit that applied it.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::{self, consumer::PullConsumer};
use futures::StreamExt as _;
use futures::stream::{SelectAll, select_all};
use tokio::time::Instant;

use crate::apply::{Applied, Failure, Known, Mode, Part, apply};
use crate::envelope::Entry;
use crate::handler::Table;
use crate::inject::Step;
use crate::lease::Lease;
use crate::pace::Pace;
use crate::taken::unacknowledged;
use crate::{Bus, Fault, store};

/// Messages applied together at most.
const BATCH_MAX: usize = 512;
/// Messages that the broker sends of one partition before they are asked for again.
const PULL_MAX: usize = 256;
/// How long events that nobody hears wait for one that is heard.
const UNHEARD_MAX: Duration = Duration::from_millis(500);
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
    /// Part of the subject of every event that the service told itself. Consumers bring them too: to leave them out, the
    /// broker would have to match five subjects, which costs it more than to send them.
    own: String,
    /// By partition.
    places: Vec<Place>,
    strikes: HashMap<(i32, String, i64), i32>,
    waiting: Waiting,
    /// How far apart transactions begin.
    pace: Pace,
}

/// Where the worker stands in one partition.
struct Place {
    partition: i32,
    lease: Lease,
    known: Option<Known>,
    /// What came and is not applied yet.
    entries: Vec<Entry>,
    /// The last message, which acknowledges all before it.
    last: Option<jetstream::Message>,
}

/// What waits in all partitions.
#[derive(Default)]
struct Waiting {
    messages: usize,
    /// One of the events is heard.
    heard: bool,
    /// When the first of them came.
    since: Option<Instant>,
}

/// A message with the partition that it came by.
type Come = (usize, Result<jetstream::Message, Fault>);
type Messages = SelectAll<futures::stream::BoxStream<'static, Come>>;

impl Consumer {
    pub(crate) fn new(bus: Bus, table: Table, partitions: i32) -> Self {
        let place = |partition| Place {
            partition,
            lease: bus.lease(&format!("consumer-p{partition}")),
            known: None,
            entries: Vec::new(),
            last: None,
        };
        let places = (0..partitions).map(place).collect();
        let pace = Pace::new(table.pace());
        Self {
            own: format!(".hotline.{}.v1.", bus.service()),
            bus,
            table,
            places,
            strikes: HashMap::new(),
            waiting: Waiting::default(),
            pace,
        }
    }

    /// Consumes until shutdown.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let context = jetstream::new(self.bus.connect().await?);
        let leases: Vec<Lease> = self.places.iter().map(|place| place.lease.clone()).collect();
        loop {
            let held = held(&leases);
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = until_others(&leases, &held) => {}
                outcome = self.listen(&context, &held), if !held.is_empty() => if let Err(fault) = outcome {
                    tracing::debug!(service = self.bus.service(), error = %fault,
                        "consuming stopped, will start again");
                    tokio::time::sleep(BACKOFF_MIN * 10).await;
                },
            }
        }
    }

    /// Reads the stream while the leases are held and the broker answers.
    async fn listen(&mut self, context: &jetstream::Context, held: &[usize]) -> Result<(), Fault> {
        // Another may have worked here since; the broker sends again what was not acknowledged.
        self.waiting = Waiting::default();
        for place in &mut self.places {
            place.known = None;
            place.entries.clear();
            place.last = None;
        }
        // What the broker kept back while nobody listened comes from the journals.
        self.ask_journals(held).await?;
        self.take_up(context, held).await?;
        let mut batches = self.pull(context, held).await?.ready_chunks(BATCH_MAX);
        let bus = self.bus.clone();
        loop {
            let is_waiting = self.waiting.since.is_some();
            tokio::select! {
                batch = batches.next() => {
                    let batch = batch.ok_or_else(|| Fault::retry("the consumers' messages ended"))?;
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
                        self.ask_journals(held).await?;
                    }
                }
                () = bus.asked().notified(), if is_waiting => self.apply_waiting().await?,
            }
        }
    }

    /// Applies what the broker gave to a predecessor that never acknowledged it.
    async fn take_up(&mut self, context: &jetstream::Context, held: &[usize]) -> Result<(), Fault> {
        let stream = context
            .get_stream_no_info(self.bus.stream())
            .await
            .map_err(broker)?;
        for &index in held {
            let partition = self.places[index].partition;
            let name = consumer_name(self.bus.service(), partition);
            let consumer: PullConsumer = stream.get_consumer(&name).await.map_err(broker)?;
            let subject = format!("{}.p{partition}.>", self.bus.prefix());
            let entries = unacknowledged(&stream, &consumer, &subject).await?;
            if !entries.is_empty() {
                self.apply_alone(&[(index, entries)]).await?;
            }
        }
        Ok(())
    }

    /// The messages of some partitions, as they come.
    async fn pull(&self, context: &jetstream::Context, held: &[usize]) -> Result<Messages, Fault> {
        let stream = context
            .get_stream_no_info(self.bus.stream())
            .await
            .map_err(broker)?;
        let mut all = Vec::new();
        for &index in held {
            let name = consumer_name(self.bus.service(), self.places[index].partition);
            let consumer: PullConsumer = stream.get_consumer(&name).await.map_err(broker)?;
            let messages = consumer
                .stream()
                .max_messages_per_batch(PULL_MAX)
                .expires(EXPIRES)
                .heartbeat(HEARTBEAT)
                .messages()
                .await
                .map_err(broker)?;
            // One that ends must be seen, whatever the others do.
            let end = futures::stream::once(async { Err(Fault::retry("a consumer's messages ended")) });
            let messages = messages.map(|message| message.map_err(broker)).chain(end);
            all.push(messages.map(move |message| (index, message)).boxed());
        }
        Ok(select_all(all))
    }

    /// How long to wait for more before what waits is applied; zero when it is time, [`IDLE`] when nothing waits.
    fn patience(&self) -> Duration {
        let Some(since) = self.waiting.since else {
            return IDLE;
        };
        if self.waiting.messages >= BATCH_MAX {
            return Duration::ZERO;
        }
        if !self.waiting.heard {
            return UNHEARD_MAX.saturating_sub(since.elapsed());
        }
        self.pace.rest()
    }

    /// Takes a batch as it came from the broker.
    fn take(&mut self, batch: Vec<Come>) -> Result<(), Fault> {
        let mut broken = None;
        let waiting = &mut self.waiting;
        waiting.since.get_or_insert_with(Instant::now);
        for (index, message) in batch {
            let place = &mut self.places[index];
            match message {
                Ok(message) => {
                    if !message.subject.contains(&self.own) {
                        match Entry::from_message(message.headers.as_ref(), &message.payload) {
                            Ok(entry) => {
                                waiting.heard = waiting.heard || self.table.hears(&entry.type_name);
                                place.entries.push(entry);
                            }
                            // Not ours to apply; if it hid an event, the gap will show and the journal has it.
                            Err(fault) => {
                                tracing::error!(error = %fault, subject = %message.subject, "a message is no event");
                            }
                        }
                    }
                    waiting.messages += 1;
                    place.last = Some(message);
                }
                Err(error) => broken = Some(error),
            }
        }
        broken.map_or(Ok(()), Err)
    }

    /// Applies what waits and acknowledges it.
    async fn apply_waiting(&mut self) -> Result<(), Fault> {
        self.waiting = Waiting::default();
        let places = self.places.iter_mut().enumerate();
        let taken = places.map(|(index, place)| (index, std::mem::take(&mut place.entries)));
        let taken: Vec<_> = taken.filter(|(_, entries)| !entries.is_empty()).collect();
        if !taken.is_empty() {
            self.pace.begin();
            self.apply(&taken).await?;
            self.pace.end();
        }
        self.bus.injector().at(Step::BeforeAck)?;
        for place in &mut self.places {
            if let Some(message) = place.last.take() {
                // One acknowledgement for all before it: the worker is alone and in order.
                message.ack().await.map_err(broker)?;
            }
        }
        Ok(())
    }

    /// Applies entries of some partitions: together, and each partition for itself where that fails.
    async fn apply(&mut self, taken: &[(usize, Vec<Entry>)]) -> Result<(), Fault> {
        if taken.len() > 1 {
            loop {
                match self.apply_once(taken, Mode::Together).await {
                    Ok(applied) if applied.complete => return Ok(()),
                    Ok(_) => {}
                    Err(failure) => {
                        tracing::debug!(service = self.bus.service(), error = %failure.fault,
                            "partitions are applied one by one");
                        break;
                    }
                }
            }
        }
        for one in taken {
            self.apply_alone(std::slice::from_ref(one)).await?;
        }
        Ok(())
    }

    /// Applies entries of one partition until they are applied or set aside, however long the environment takes.
    async fn apply_alone(&mut self, taken: &[(usize, Vec<Entry>)]) -> Result<(), Fault> {
        let partition = taken
            .first()
            .map_or(0, |(index, _)| self.places[*index].partition);
        let mut mode = Mode::Together;
        let mut pause = BACKOFF_MIN;
        loop {
            if taken
                .iter()
                .any(|(index, _)| self.places[*index].lease.token().is_none())
            {
                return Err(Fault::retry("the partition's lease was lost"));
            }
            match self.apply_once(taken, mode).await {
                Ok(applied) if applied.complete => return Ok(()),
                Ok(_) => {}
                Err(failure) => {
                    mode = self.after(partition, failure);
                    if mode == Mode::Together {
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(BACKOFF_MAX);
                    }
                }
            }
        }
    }

    /// One transaction.
    async fn apply_once(&mut self, taken: &[(usize, Vec<Entry>)], mode: Mode) -> Result<Applied, Failure> {
        let mut entries: HashMap<usize, &[Entry]> = taken
            .iter()
            .map(|(index, entries)| (*index, entries.as_slice()))
            .collect();
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(taken.len());
        for (index, place) in self.places.iter_mut().enumerate() {
            if let Some(entries) = entries.remove(&index) {
                parts.push(Part {
                    partition: place.partition,
                    entries,
                    known: &mut place.known,
                });
            }
        }
        let applied = apply(&self.bus, &self.table, mode, &mut parts).await?;
        self.count(applied);
        Ok(applied)
    }

    /// Chooses how to go on after a failure: again together, or each apart with the culprit set aside.
    fn after(&mut self, partition: i32, failure: Failure) -> Mode {
        tracing::warn!(service = self.bus.service(), partition, at = ?failure.at,
            error = %failure.fault, "a batch was not applied");
        let Some((producer, seq)) = failure.at else {
            return Mode::Together;
        };
        let at = (partition, producer, seq);
        let strikes = self.strikes.entry(at.clone()).or_default();
        *strikes += 1;
        let attempts = *strikes;
        if matches!(failure.fault, Fault::Retry(_)) && attempts < STRIKES_MAX {
            return Mode::Together;
        }
        self.strikes.remove(&at);
        Mode::Apart {
            culprit: if attempts >= STRIKES_MAX { seq } else { 0 },
            attempts,
        }
    }

    /// Reads on in every known producer's journal: silence may be a broker that lost something.
    async fn ask_journals(&mut self, held: &[usize]) -> Result<(), Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let cursors = store::cursors(&mut sql).await?;
        drop(sql);
        for (producer, partition, heard) in cursors {
            let place = held
                .iter()
                .find(|index| self.places[**index].partition == partition);
            if let Some(index) = place {
                self.read_on(*index, &producer, heard).await?;
            }
        }
        Ok(())
    }

    /// Reads a producer's journal to its end.
    async fn read_on(&mut self, index: usize, producer: &str, mut heard: i64) -> Result<(), Fault> {
        let partition = self.places[index].partition;
        loop {
            match self.bus.read_journal(producer, partition, heard, PAGE).await {
                Ok(entries) => {
                    let Some(last) = entries.last() else {
                        return Ok(());
                    };
                    heard = last.seq;
                    let full = i32::try_from(entries.len()).unwrap_or(PAGE) >= PAGE;
                    self.apply_alone(&[(index, entries)]).await?;
                    if !full {
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

/// Partitions whose lease this process holds.
fn held(leases: &[Lease]) -> Vec<usize> {
    let held = leases
        .iter()
        .enumerate()
        .filter(|(_, lease)| lease.token().is_some());
    held.map(|(index, _)| index).collect()
}

/// Waits until the partitions held are others than these.
async fn until_others(leases: &[Lease], these: &[usize]) {
    let Some(mut any) = leases.first().cloned() else {
        return std::future::pending().await;
    };
    while held(leases) == these {
        any.changed().await;
    }
}

/// Name of the durable consumer of a service in a partition.
pub(crate) fn consumer_name(service: &str, partition: i32) -> String {
    format!("{service}-p{partition}")
}

fn broker(error: impl std::fmt::Display) -> Fault {
    Fault::retry(format!("broker: {error}"))
}
