//! Gives every event its number, and hands what it numbered to the publisher. One active a service.
//!
//! Invariant: a sequencer that slept through its lease numbers nothing: every batch checks the fence.

use std::time::Duration;

use sqlx::PgConnection;

use crate::envelope::Entry;
use crate::inject::Step;
use crate::lease::Lease;
use crate::pace::Pace;
use crate::publisher::Publisher;
use crate::{Bus, Fault, batch};

/// Batches that are not full begin at least this far apart: one statement numbers what was committed meanwhile.
const PACE: Duration = Duration::from_millis(10);
/// How long another process's commit may wait unseen; one's own wakes at once.
const POLL_EVERY: Duration = Duration::from_millis(200);
/// How often an idle publisher compares the stream with the journal.
const CHECK_EVERY: Duration = Duration::from_secs(5);
/// Pause after a failure.
const BACKOFF: Duration = Duration::from_millis(250);

pub(crate) struct Sequencer {
    bus: Bus,
    lease: Lease,
    /// Its own; absent until it is needed.
    sql: Option<PgConnection>,
}

impl Sequencer {
    pub(crate) fn new(bus: Bus) -> Self {
        let lease = bus.lease("sequencer");
        Self {
            bus,
            lease,
            sql: None,
        }
    }

    /// Sequences and publishes until shutdown.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let client = self.bus.connect().await?;
        let mut publisher = Publisher::new(self.bus.clone(), client);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                held = self.lease.held() => if held.is_none() { break },
            }
            publisher.forget();
            let reign = self.reign(&mut publisher).await;
            self.sql = None;
            if let Err(fault) = reign {
                tracing::warn!(service = self.bus.service(), error = %fault, "sequencing stopped, will start again");
                tokio::time::sleep(BACKOFF).await;
            }
        }
        Ok(())
    }

    #[cfg(test)]
    pub(crate) async fn wait_for_lease(&mut self) {
        self.lease.held().await.expect("the lease is free");
    }

    /// Works while the lease is held.
    async fn reign(&mut self, publisher: &mut Publisher) -> Result<(), Fault> {
        let shutdown = self.bus.shutdown().clone();
        let mut idle = Duration::ZERO;
        let mut woken = false;
        let mut pace = Pace::new(PACE);
        let mut full = false;
        while self.lease.token().is_some() && !shutdown.is_cancelled() {
            if !full {
                tokio::time::sleep(pace.rest()).await;
            }
            pace.begin();
            let (batches, entries) = if woken || self.waits().await? {
                self.sequence().await?
            } else {
                (0, Vec::new())
            };
            pace.end();
            self.bus.injector().at(Step::AfterSequenced)?;
            full = batches >= batch::BATCHES_MAX;
            if !entries.is_empty() {
                idle = Duration::ZERO;
                publisher.publish(entries).await?;
            }
            if full {
                continue;
            }
            if !publisher.is_level() || idle >= CHECK_EVERY {
                idle = Duration::ZERO;
                publisher.level().await?;
            }
            // Whoever commits meanwhile has left a wake behind: nothing waits for the poll but another process's rows.
            woken = tokio::time::timeout(POLL_EVERY, self.bus.wake().notified())
                .await
                .is_ok();
            idle = if woken { Duration::ZERO } else { idle + POLL_EVERY };
        }
        Ok(())
    }

    /// Whether anything waits to be numbered.
    async fn waits(&mut self) -> Result<bool, Fault> {
        Ok(batch::any_waits(self.sql().await?).await?)
    }

    /// The connection: what is planned on it is planned once, and for a table that empties as fast as it fills.
    async fn sql(&mut self) -> Result<&mut PgConnection, Fault> {
        match &mut self.sql {
            Some(sql) => Ok(sql),
            none => Ok(none.insert(self.bus.own_connection().await?)),
        }
    }

    /// Numbers what waits in one fenced statement, which is a transaction of its own; gives how many batches, and their events.
    pub(crate) async fn sequence(&mut self) -> Result<(usize, Vec<Entry>), Fault> {
        self.bus.injector().at(Step::BeforeSequenced)?;
        let (lease, service) = (self.lease.clone(), self.bus.service());
        let fence = (lease.name(), lease.token_or_lost()?);
        let sql = self.sql().await?;
        let numbered = batch::sequence(sql, service, fence).await?;
        if numbered.0 == 0 {
            // Nothing waited, or the lease is another's.
            lease.fence(sql).await?;
        }
        Ok(numbered)
    }
}
