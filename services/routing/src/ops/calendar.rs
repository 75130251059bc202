//! The calendar in force: what was imported is kept in a table of our own, and soon counted by in every process.
//!
//! Invariant: an order is acted on and shown by the calendar in force, however long ago it was last written.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hotline_bus::{Fault, Tx};

use crate::domain::{self, Order};
use crate::ops::Routing;
use crate::store;

/// How long a process that did not hear of a calendar itself may count by the one before. What it decides meanwhile the
/// clocks put right.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Routing {
    /// Keeps the arrangement of a year that was imported.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn keep_year(&self, tx: &mut Tx, version: i32, year: i32, toml: &str) -> Result<(), Fault> {
        store::add_year(tx.sql(), version, year, toml).await?;
        self.heard.fetch_max(version, Ordering::Relaxed);
        Ok(())
    }

    /// Counts by the calendar that this process has heard of, before an order is acted on or shown.
    pub(super) async fn keep_up(&self) -> Result<(), Fault> {
        if self.heard.load(Ordering::Relaxed) > self.almanac.edition().version {
            self.refresh().await?;
        }
        Ok(())
    }

    /// Counts by the newest calendar from now on; true when it is another than before.
    ///
    /// # Errors
    /// A fault of the database; an arrangement that was accepted and cannot be read.
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

    /// Looks for a newer calendar until shutdown.
    ///
    /// # Errors
    /// None; faults are logged and tried again.
    pub async fn watch_calendar(self: Arc<Self>) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        loop {
            if let Err(fault) = self.refresh().await {
                tracing::warn!(%fault, "the calendar could not be looked at");
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// The order as it is due by the calendar in force.
    pub(super) fn caught_up(&self, mut order: Order) -> Order {
        if domain::is_behind(&order, self.almanac.edition().version) {
            let facts = order.facts.clone();
            self.by_rules(&facts, |rules| domain::catch_up(&mut order, rules));
        }
        order
    }
}
