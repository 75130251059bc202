//! The calendar in force: what was imported is kept in a table of our own, soon counted by in every process, and moves the
//! attempts that are still to come.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hotline_bus::{Fault, Tx};
use hotline_proto::common::v1::OrderFacts;
use prost::Message;

use super::Callbacks;
use crate::store::calendar::{self as store, Spaced};

/// How long a process that did not hear of a calendar itself may count by the one before.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Callbacks {
    /// Keeps the arrangement of a year that was imported.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_year(&self, tx: &mut Tx, version: i32, year: i32, toml: &str) -> Result<(), Fault> {
        store::add_year(tx.sql(), version, year, toml).await?;
        self.heard.fetch_max(version, Ordering::Relaxed);
        Ok(())
    }

    /// Counts by the calendar that this process has heard of, before a call-back is acted on or shown.
    pub(super) async fn keep_up(&self) -> Result<(), Fault> {
        if self.heard.load(Ordering::Relaxed) > self.almanac.edition().version {
            self.refresh().await?;
        }
        Ok(())
    }

    /// Counts by the newest calendar from now on; true when it is another than before.
    ///
    /// # Errors
    /// The database failed; an arrangement that was accepted cannot be read.
    pub async fn refresh(&self) -> Result<bool, Fault> {
        let known = self.almanac.edition().version;
        let mut sql = self.bus.pool().acquire().await?;
        let years = store::years_beyond(&mut sql, known).await?;
        if years.is_empty() {
            return Ok(false);
        }
        let texts = years.iter().map(|(version, text)| (*version, text.as_str()));
        let unreadable =
            |errors| Fault::poison(format!("an imported arrangement cannot be read: {errors:?}"));
        self.almanac.renew(texts).map_err(unreadable)?;
        Ok(true)
    }

    /// Looks for a newer calendar, and spaces by it what waits, until shutdown.
    ///
    /// # Errors
    /// None; faults are logged and tried again.
    pub async fn watch_calendar(self: Arc<Self>) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let mut spaced = 0;
        loop {
            match self.look(spaced).await {
                Ok(version) => spaced = version,
                Err(fault) => tracing::warn!(%fault, "the calendar could not be looked at"),
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Looks once; returns the version of the calendar by which everything is spaced now.
    async fn look(&self, spaced: i32) -> Result<i32, Fault> {
        self.refresh().await?;
        let version = self.almanac.edition().version;
        if version != spaced {
            self.space_anew().await?;
        }
        Ok(version)
    }

    /// Spaces the attempts that are still to come by the calendar in force; returns how many moved.
    ///
    /// # Errors
    /// The database failed.
    pub async fn space_anew(&self) -> Result<usize, Fault> {
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let mut moved = Vec::new();
        for waiting in store::spaced(tx.sql(), now).await? {
            let at = self.next_attempt(&waiting)?;
            if at != waiting.not_before {
                moved.push((waiting.id, at));
            }
        }
        if !moved.is_empty() {
            store::space(tx.sql(), &moved).await?;
        }
        tx.commit().await?;
        self.wake.notify_one();
        Ok(moved.len())
    }

    fn next_attempt(&self, waiting: &Spaced) -> Result<chrono::DateTime<chrono::Utc>, Fault> {
        let facts = OrderFacts::decode(waiting.facts.as_slice())
            .map_err(|error| Fault::poison(format!("facts of {}: {error}", waiting.id)))?;
        Ok(self.rules_of(&facts)?.next_attempt(waiting.tried_at))
    }
}
