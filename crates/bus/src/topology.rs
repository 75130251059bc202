//! The topology controller: the only one that creates the stream and its consumers, and makes anew what the broker lost.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream};
use async_nats::jetstream::{self};
use hotline_runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::consumer::consumer_name;

/// How often what the broker has is compared with what it should have.
const CHECK_EVERY: Duration = Duration::from_secs(2);
/// Checks without progress, while messages wait, after which a consumer counts as silent.
const SILENT_CHECKS: u32 = 15;
/// Messages older than this leave the stream; the journals keep them.
const MAX_AGE: Duration = Duration::from_secs(7 * 24 * 3600);
/// The broker recognises a message sent twice within this time; beyond it the cursors do.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);
/// A batch not acknowledged in this time is sent again.
const ACK_WAIT: Duration = Duration::from_secs(30);
/// Messages on their way to one consumer at most.
const MAX_ACK_PENDING: i64 = 4_096;
/// A consumer that is made anew begins this many messages before the end: cursors make a replay harmless, and what lies
/// farther back and was not applied is read from the journals.
const REPLAY_MAX: u64 = 10_000;
/// Largest event.
const MAX_MESSAGE_BYTES: i32 = 1 << 20;

/// What the broker should have.
pub struct Topology {
    url: String,
    stream: String,
    prefix: String,
    partitions: i32,
    replicas: usize,
    services: Vec<&'static str>,
    shutdown: CancellationToken,
}

/// Where a consumer stood at the last check.
#[derive(Default)]
struct Watch {
    delivered: u64,
    stuck: u32,
}

impl Topology {
    /// A controller for the consumers of `services` (producers' names).
    pub fn new(runtime: &Runtime, services: Vec<&'static str>) -> Self {
        let nats = &runtime.settings.nats;
        Self {
            url: if nats.admin_url.is_empty() {
                nats.url.clone()
            } else {
                nats.admin_url.clone()
            },
            prefix: nats.subject_prefix.clone(),
            stream: nats.stream.clone(),
            partitions: i32::from(nats.partitions),
            replicas: usize::from(nats.replicas),
            services,
            shutdown: runtime.shutdown.clone(),
        }
    }

    /// Watches until shutdown. A broker that is away is waited for.
    ///
    /// # Errors
    /// A broker URL that does not parse.
    pub async fn run(self) -> anyhow::Result<()> {
        let client = crate::nats::connect(&self.url, "hotline-topology").await?;
        let context = jetstream::new(client);
        let mut watches = HashMap::new();
        loop {
            if let Err(error) = self.check(&context, &mut watches).await {
                tracing::debug!(error = format!("{error:#}"), "the broker cannot be arranged now");
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(CHECK_EVERY) => {}
            }
        }
    }

    /// Makes what the broker lacks now, once.
    ///
    /// # Errors
    /// The broker is away or refuses.
    pub async fn arrange(&self) -> anyhow::Result<()> {
        let client = crate::nats::connect(&self.url, "hotline-topology").await?;
        self.check(&jetstream::new(client), &mut HashMap::new()).await
    }

    async fn check(
        &self,
        context: &jetstream::Context,
        watches: &mut HashMap<String, Watch>,
    ) -> anyhow::Result<()> {
        let mut stream = context.get_or_create_stream(self.stream_config()).await?;
        let last = stream.info().await?.state.last_sequence;
        for service in &self.services {
            for partition in 0..self.partitions {
                let name = consumer_name(service, partition);
                let watch = watches.entry(name.clone()).or_default();
                self.check_consumer(&stream, last, partition, &name, watch)
                    .await?;
            }
        }
        Ok(())
    }

    async fn check_consumer(
        &self,
        stream: &Stream,
        last: u64,
        partition: i32,
        name: &str,
        watch: &mut Watch,
    ) -> anyhow::Result<()> {
        let config = self.consumer_config(partition, name, last);
        let consumer = stream.get_or_create_consumer(name, config.clone()).await?;
        let info = consumer.cached_info();
        let delivered = info.delivered.stream_sequence;
        // Asked again after the consumer's position: a stream that grew meanwhile has no consumer ahead of it.
        let ahead = delivered > last && delivered > stream.get_info().await?.state.last_sequence;
        let waits = info.num_pending > 0 && info.num_ack_pending == 0;
        let moved = info.delivered.stream_sequence != watch.delivered;
        watch.stuck = if waits && !moved && info.num_waiting > 0 {
            watch.stuck + 1
        } else {
            0
        };
        watch.delivered = info.delivered.stream_sequence;
        let outdated = !info.config.memory_storage;
        if ahead || outdated || watch.stuck >= SILENT_CHECKS {
            tracing::warn!(
                consumer = name,
                ahead,
                outdated,
                "the broker's consumer is broken and is made anew"
            );
            stream.delete_consumer(name).await?;
            stream.create_consumer(config).await?;
            *watch = Watch::default();
        }
        Ok(())
    }

    fn stream_config(&self) -> Config {
        Config {
            name: self.stream.clone(),
            subjects: vec![format!("{}.>", self.prefix)],
            retention: RetentionPolicy::Limits,
            storage: StorageType::File,
            discard: DiscardPolicy::Old,
            max_age: MAX_AGE,
            duplicate_window: DUPLICATE_WINDOW,
            max_message_size: MAX_MESSAGE_BYTES,
            num_replicas: self.replicas,
            description: Some("Hotline events; the journals in PostgreSQL are the record".to_owned()),
            ..Config::default()
        }
    }

    fn consumer_config(&self, partition: i32, name: &str, last: u64) -> pull::Config {
        pull::Config {
            durable_name: Some(name.to_owned()),
            deliver_policy: DeliverPolicy::ByStartSequence {
                start_sequence: last.saturating_sub(REPLAY_MAX).max(1),
            },
            // Where a service stands is in its cursors; the broker would write each acknowledgement to its disk.
            memory_storage: true,
            ack_policy: AckPolicy::All,
            ack_wait: ACK_WAIT,
            max_ack_pending: MAX_ACK_PENDING,
            filter_subject: format!("{}.p{partition}.>", self.prefix),
            ..pull::Config::default()
        }
    }
}
