//! Open matters like the one that somebody is about to report.

use chrono::TimeDelta;
use hotline_bus::Fault;

use super::Intake;
use crate::store::{self, Similar};

/// How far back a matter is still news.
const RECENT: TimeDelta = TimeDelta::days(30);

impl Intake {
    /// Open matters of `category` in `division`, newest first.
    ///
    /// # Errors
    /// The database.
    pub async fn similar(&self, category: &str, division: &str) -> Result<Vec<Similar>, Fault> {
        let since = self.bus.now() - RECENT;
        Ok(store::similar(self.bus.pool(), category, division, since).await?)
    }
}
