//! What the broker sends: read once a process and partition, and given to every service of the process that works there.
//!
//! The broker's consumer has no name and remembers nothing, because where a service stands is in its cursors. It begins with
//! the last message of each subject, so that every producer is heard of; what lies before is a gap in the numbers, and gaps
//! are read from the journals. A service that is slower than the broker loses the oldest of what waits for it, is told so,
//! and asks the journals: it may have been all that a producer said.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, PullConsumer, pull};
use async_nats::jetstream::{self};
use futures::StreamExt as _;
use hotline_runtime::{CancellationToken, Runtime};
use tokio::sync::{Notify, OnceCell};

use crate::envelope::Entry;
use crate::nats;

/// Events that wait for one service at most.
const WAITING_MAX: usize = 32_768;
/// Messages that the broker sends of one partition before they are asked for again, and that are given on together.
const PULL_MAX: usize = 256;
/// How often the broker is asked whether there is more than came.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// Times that it may say so, while nothing comes, before the reading begins anew.
const SILENT_MAX: u32 = 2;
/// Pause after a failure: short, because at a first start the stream is there in a moment. A broker that is away is no busier
/// for it, every attempt waits for its answer.
const AWAY: Duration = Duration::from_millis(50);

/// The feed of a process.
pub(crate) struct Feed {
    broker: Arc<Broker>,
    /// By partition, as long as somebody hears.
    readings: Mutex<HashMap<i32, Arc<Reading>>>,
}

/// Where the stream is.
struct Broker {
    url: String,
    stream: String,
    prefix: String,
    client: OnceCell<async_nats::Client>,
    shutdown: CancellationToken,
}

/// One partition as it is read.
struct Reading {
    partition: i32,
    heard: Mutex<Heard>,
    /// Cancelled when nobody hears any more.
    ended: CancellationToken,
}

#[derive(Default)]
struct Heard {
    /// The newest event of each producer: whoever begins to hear is given it first.
    newest: HashMap<String, Arc<Entry>>,
    hearers: Vec<Arc<Queue>>,
}

/// What waits for one service.
struct Queue {
    service: &'static str,
    waiting: Mutex<VecDeque<Arc<Entry>>>,
    came: Notify,
    /// Something that waited was lost.
    fell_behind: AtomicBool,
}

/// A service's end of the feed; dropping it ends the hearing.
pub(crate) struct Hearing {
    feed: Arc<Feed>,
    queue: Arc<Queue>,
    partitions: Vec<i32>,
}

impl Feed {
    /// The feed of the process that runs here.
    pub(crate) fn of(runtime: &Runtime) -> Arc<Self> {
        runtime.shared.get_or_make(|| Self::new(runtime))
    }

    fn new(runtime: &Runtime) -> Self {
        let nats = &runtime.settings.nats;
        Self {
            broker: Arc::new(Broker {
                url: nats.url.clone(),
                stream: nats.stream.clone(),
                prefix: nats.subject_prefix.clone(),
                client: OnceCell::new(),
                shutdown: runtime.shutdown.clone(),
            }),
            readings: Mutex::default(),
        }
    }

    /// Hears these partitions from now on, beginning with the newest event of each producer; never a service's own events.
    pub(crate) fn hear(self: &Arc<Self>, service: &'static str, partitions: Vec<i32>) -> Hearing {
        let queue = Arc::new(Queue::of(service));
        let mut readings = lock(&self.readings);
        for partition in &partitions {
            let reading = readings.entry(*partition).or_insert_with(|| {
                let reading = Arc::new(Reading {
                    partition: *partition,
                    heard: Mutex::default(),
                    ended: self.broker.shutdown.child_token(),
                });
                tokio::spawn(Arc::clone(&reading).run(Arc::clone(&self.broker)));
                reading
            });
            let mut heard = lock(&reading.heard);
            queue.push(heard.newest.values());
            heard.hearers.push(Arc::clone(&queue));
        }
        drop(readings);
        Hearing {
            feed: Arc::clone(self),
            queue,
            partitions,
        }
    }
}

impl Hearing {
    /// Ends when something waits.
    pub(crate) async fn came(&self) {
        while lock(&self.queue.waiting).is_empty() {
            self.queue.came.notified().await;
        }
    }

    /// Takes what waits, oldest first, `max` at most.
    pub(crate) fn take(&self, max: usize) -> Vec<Arc<Entry>> {
        let mut waiting = lock(&self.queue.waiting);
        let end = waiting.len().min(max);
        waiting.drain(..end).collect()
    }

    /// Whether something that waited was lost since this was last asked.
    pub(crate) fn fell_behind(&self) -> bool {
        self.queue.fell_behind.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        let mut readings = lock(&self.feed.readings);
        for partition in &self.partitions {
            let Some(reading) = readings.get(partition) else {
                continue;
            };
            let mut heard = lock(&reading.heard);
            heard.hearers.retain(|queue| !Arc::ptr_eq(queue, &self.queue));
            let is_last = heard.hearers.is_empty();
            drop(heard);
            if is_last {
                reading.ended.cancel();
                readings.remove(partition);
            }
        }
    }
}

impl Queue {
    fn of(service: &'static str) -> Self {
        Self {
            service,
            waiting: Mutex::default(),
            came: Notify::new(),
            fell_behind: AtomicBool::new(false),
        }
    }

    fn push<'a>(&self, entries: impl Iterator<Item = &'a Arc<Entry>>) {
        let mut waiting = lock(&self.waiting);
        waiting.extend(entries.filter(|entry| entry.producer != self.service).cloned());
        let beyond = waiting.len().saturating_sub(WAITING_MAX);
        waiting.drain(..beyond);
        if beyond > 0 {
            self.fell_behind.store(true, Ordering::Relaxed);
        }
        if !waiting.is_empty() {
            self.came.notify_one();
        }
    }
}

impl Reading {
    /// Reads until nobody hears any more. A broker that is away is waited for.
    async fn run(self: Arc<Self>, broker: Arc<Broker>) {
        loop {
            tokio::select! {
                () = self.ended.cancelled() => return,
                outcome = self.follow(&broker) => if let Err(error) = outcome {
                    tracing::debug!(partition = self.partition, error = format!("{error:#}"), "the feed begins anew");
                },
            }
            tokio::select! {
                () = self.ended.cancelled() => return,
                () = tokio::time::sleep(AWAY) => {}
            }
        }
    }

    /// Reads until the broker fails, or keeps something back.
    async fn follow(&self, broker: &Broker) -> anyhow::Result<()> {
        let consumer = broker.consumer(self.partition).await?;
        let messages = nats::messages(&consumer, PULL_MAX).await?;
        let mut batches = messages.ready_chunks(PULL_MAX);
        let mut ask = tokio::time::interval(ASK_EVERY);
        let mut silent = 0;
        loop {
            tokio::select! {
                batch = batches.next() => {
                    let batch = batch.ok_or_else(|| anyhow::anyhow!("the messages ended"))?;
                    self.give(batch)?;
                    silent = 0;
                }
                _ = ask.tick() => {
                    let info = consumer.get_info().await?;
                    silent = if info.num_pending > 0 { silent + 1 } else { 0 };
                    anyhow::ensure!(silent <= SILENT_MAX, "the broker keeps something back");
                }
            }
        }
    }

    /// Gives on what came, up to what is broken.
    fn give<E: std::error::Error + Send + Sync + 'static>(
        &self,
        batch: Vec<Result<jetstream::Message, E>>,
    ) -> anyhow::Result<()> {
        let mut broken = Ok(());
        let mut entries = Vec::with_capacity(batch.len());
        for message in batch {
            match message {
                Ok(message) => match Entry::from_message(message.headers.as_ref(), &message.payload) {
                    Ok(entry) => entries.push(Arc::new(entry)),
                    // Not ours to apply; if it hid an event, the gap will show and the journal has it.
                    Err(fault) => {
                        tracing::error!(error = %fault, subject = %message.subject, "a message is no event");
                    }
                },
                Err(error) => broken = Err(error.into()),
            }
        }
        lock(&self.heard).give(&entries);
        broken
    }
}

impl Heard {
    fn give(&mut self, entries: &[Arc<Entry>]) {
        for entry in entries {
            match self.newest.get_mut(&entry.producer) {
                Some(newest) if newest.seq >= entry.seq => {}
                Some(newest) => newest.clone_from(entry),
                None => {
                    self.newest.insert(entry.producer.clone(), Arc::clone(entry));
                }
            }
        }
        for queue in &self.hearers {
            queue.push(entries.iter());
        }
    }
}

impl Broker {
    /// A consumer of a partition that begins with the last message of each subject.
    async fn consumer(&self, partition: i32) -> anyhow::Result<PullConsumer> {
        let connect = || nats::connect(&self.url, "hotline-feed");
        let client = self.client.get_or_try_init(connect).await?.clone();
        let stream = jetstream::new(client).get_stream_no_info(&self.stream).await?;
        let config = pull::Config {
            filter_subject: format!("{}.p{partition}.>", self.prefix),
            ..nats::unnamed(
                "what the services of one process apply",
                DeliverPolicy::LastPerSubject,
            )
        };
        Ok(stream.create_consumer(config).await?)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(producer: &str, seq: i64) -> Arc<Entry> {
        Arc::new(Entry::bare(producer, seq))
    }

    fn waiting(queue: &Queue) -> Vec<(String, i64)> {
        let waiting = lock(&queue.waiting);
        waiting
            .iter()
            .map(|entry| (entry.producer.clone(), entry.seq))
            .collect()
    }

    #[test]
    fn a_service_is_given_what_comes_but_its_own_and_keeps_the_newest() {
        let queue = Arc::new(Queue::of("alpha"));
        let mut heard = Heard::default();
        heard.hearers.push(Arc::clone(&queue));
        heard.give(&[entry("alpha", 1), entry("beta", 1), entry("beta", 2)]);
        assert_eq!(waiting(&queue), [("beta".into(), 1), ("beta".into(), 2)]);
        assert!(!queue.fell_behind.load(Ordering::Relaxed));
        let many: Vec<_> = (3..).take(WAITING_MAX).map(|seq| entry("beta", seq)).collect();
        heard.give(&many);
        let waiting = waiting(&queue);
        assert_eq!(waiting.len(), WAITING_MAX);
        assert_eq!(waiting.first(), Some(&("beta".into(), 3)), "the oldest are gone");
        assert!(queue.fell_behind.load(Ordering::Relaxed), "and that is told");
    }

    #[test]
    fn who_begins_to_hear_is_told_of_every_producer() {
        let mut heard = Heard::default();
        heard.give(&[entry("beta", 7), entry("gamma", 4), entry("beta", 5)]);
        let queue = Queue::of("alpha");
        queue.push(heard.newest.values());
        let mut told = waiting(&queue);
        told.sort();
        assert_eq!(told, [("beta".into(), 7), ("gamma".into(), 4)]);
    }
}
