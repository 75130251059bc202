//! Sends journal entries to the stream, pipelined, and refills a stream that lost some.
//!
//! Invariant: after a restart, a reconnect or an error the stream is believed, not memory.

use std::time::Duration;

use async_nats::jetstream::stream::LastRawMessageErrorKind;
use async_nats::jetstream::{self, context::PublishAckFuture};
use futures::future::join_all;

use crate::envelope::Entry;
use crate::inject::Step;
use crate::{Bus, Fault, batch, store};

/// An acknowledgement that takes longer is unknown: the stream is asked.
const ACK_TIMEOUT: Duration = Duration::from_secs(5);
/// Entries read from the journal at once when the stream is refilled.
const REFILL_PAGE: i64 = 512;
/// Entries a partition that an emptied stream gets back. Older ones are read from the journal by whoever misses them.
const REFILL_MAX: i64 = 10_000;
/// Pause while the broker or its stream is away.
const AWAY: Duration = Duration::from_millis(500);

pub(crate) struct Publisher {
    bus: Bus,
    context: jetstream::Context,
    level: bool,
}

impl Publisher {
    pub(crate) fn new(bus: Bus, client: async_nats::Client) -> Self {
        let mut context = jetstream::new(client);
        context.set_timeout(ACK_TIMEOUT);
        Self {
            bus,
            context,
            level: false,
        }
    }

    /// Distrusts memory: the next round asks the stream.
    pub(crate) fn forget(&mut self) {
        self.level = false;
    }

    /// Whether the stream is known to hold what the journal holds.
    pub(crate) fn is_level(&self) -> bool {
        self.level
    }

    /// Publishes what was just numbered; if anything is unknown, levels with the stream instead. A broker that is away
    /// never stops sequencing.
    pub(crate) async fn publish(&mut self, entries: Vec<Entry>) -> Result<(), Fault> {
        if self.level {
            self.level = self.send(&entries).await?;
        }
        if !self.level {
            self.level().await?;
        }
        Ok(())
    }

    /// Asks the stream for its last message of each partition and sends what follows it.
    pub(crate) async fn level(&mut self) -> Result<(), Fault> {
        self.level = false;
        let mut sql = self.bus.pool().acquire().await?;
        let heads = store::heads(&mut sql).await?;
        drop(sql);
        for (partition, head) in heads {
            let Some(mut last) = self.last_in_stream(partition).await else {
                tokio::time::sleep(AWAY).await;
                return Ok(());
            };
            if last > head && last > self.head_now(partition).await? {
                // Hearers may have applied what the journal no longer has; new events would be taken for old ones.
                tracing::error!(
                    service = self.bus.service(),
                    partition,
                    last,
                    head,
                    "the stream is ahead of the journal, as after restoring a backup: nothing of this service is \
                     published until the stream is deleted (docs/operations.md, restore)"
                );
                tokio::time::sleep(AWAY).await;
                return Ok(());
            }
            last = last.max(head - REFILL_MAX);
            while last < head {
                let mut sql = self.bus.pool().acquire().await?;
                let page =
                    batch::read_journal(&mut sql, self.bus.service(), partition, last, REFILL_PAGE).await?;
                drop(sql);
                let Some(end) = page.last().map(|entry| entry.seq) else {
                    break;
                };
                if !self.send(&page).await? {
                    tokio::time::sleep(AWAY).await;
                    return Ok(());
                }
                metrics::counter!("hotline_bus_refilled_total", "service" => self.bus.service())
                    .increment(u64::try_from(page.len()).unwrap_or(0));
                last = end;
            }
        }
        self.level = true;
        Ok(())
    }

    /// The journal's last number of a partition, read anew: another process may have written since.
    async fn head_now(&self, partition: i32) -> Result<i64, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let heads = store::heads(&mut sql).await?;
        Ok(heads
            .iter()
            .find(|(part, _)| *part == partition)
            .map_or(0, |(_, head)| *head))
    }

    /// Number of the last message of ours in a partition of the stream; 0 when it has none, `None` when nobody answers.
    async fn last_in_stream(&self, partition: i32) -> Option<i64> {
        let subject = format!(
            "{}.p{partition}.hotline.{}.v1.>",
            self.bus.prefix(),
            self.bus.service()
        );
        let stream = self.context.get_stream_no_info(self.bus.stream()).await.ok()?;
        match stream.get_last_raw_message_by_subject(&subject).await {
            Ok(message) => {
                let entry = Entry::from_message(Some(&message.headers), &message.payload).ok()?;
                Some(entry.seq)
            }
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Some(0),
            Err(error) => {
                tracing::debug!(%error, service = self.bus.service(), "the stream does not answer");
                None
            }
        }
    }

    /// Sends all, then awaits all; false when any outcome is unknown.
    async fn send(&self, entries: &[Entry]) -> Result<bool, Fault> {
        let prefix = self.bus.prefix();
        let mut acks: Vec<PublishAckFuture> = Vec::with_capacity(entries.len());
        let middle = entries.len() / 2;
        for (index, entry) in entries.iter().enumerate() {
            if index == middle {
                self.bus.injector().at(Step::MidPublish)?;
            }
            let sent = self
                .context
                .publish_with_headers(
                    entry.subject(prefix),
                    entry.headers(),
                    entry.payload.clone().into(),
                )
                .await;
            match sent {
                Ok(ack) => acks.push(ack),
                Err(error) => {
                    tracing::debug!(%error, service = self.bus.service(), "not published");
                    return Ok(false);
                }
            }
        }
        let known = join_all(acks.into_iter().map(IntoFuture::into_future)).await;
        self.bus.injector().at(Step::AfterPublish)?;
        metrics::counter!("hotline_bus_published_total", "service" => self.bus.service())
            .increment(u64::try_from(entries.len()).unwrap_or(0));
        Ok(known.iter().all(Result::is_ok))
    }
}
