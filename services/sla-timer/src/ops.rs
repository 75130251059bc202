//! What the service does: one function a use case; loads, decides, saves, publishes.

mod apply;
mod calendar;
mod fire;
mod queries;
mod recompute;
pub mod supervision;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault};
use hotline_policy::Library;
use hotline_runtime::Stopwatch;
use hotline_worktime::{Calendar, YearArrangement};
use tokio::sync::{Mutex, Notify};

pub use apply::{apply, settle};
pub use calendar::{Imported, import_year, tell_years};
pub use fire::{Firing, Loaded, begin_fire, end_fire, load};
pub use queries::{Due, Page, Totals, explain_order, list_clocks, list_due, open_of_page, totals};
pub use recompute::{Sweep, Walk, recompute_all, unfinished};

use crate::domain::{Clock, Import, Rules};
use crate::store;
pub use crate::store::{EndedTotals, Filter, OpenTotals};

/// The service: its end of the bus, and the rules in force.
pub struct Sla {
    /// Its end of the bus.
    pub bus: Bus,
    library: Arc<Library>,
    base: Arc<Calendar>,
    rules: RwLock<Arc<Rules>>,
    /// Told when something may fall due before the end of the timer's window.
    pub(crate) wake: Notify,
    /// Told when supervision may have something to look at.
    pub(crate) supervise: Notify,
    /// Held by whoever works clocks out anew after an import.
    walking: Mutex<()>,
    /// How the ended clocks stood when they were last counted.
    ended: Mutex<Option<(EndedTotals, Stopwatch)>>,
    /// The end of the timer's window, microseconds of the Unix epoch.
    horizon: AtomicI64,
}

impl Sla {
    /// A service on `library` and the calendar that came with the installation; [`Sla::refresh`] adds the imports.
    #[must_use]
    pub fn new(bus: Bus, library: Arc<Library>, base: Arc<Calendar>) -> Self {
        let rules = Rules::new(&library, base.as_ref().clone(), Vec::new());
        Self {
            bus,
            library,
            base,
            rules: RwLock::new(Arc::new(rules)),
            wake: Notify::new(),
            supervise: Notify::new(),
            walking: Mutex::new(()),
            ended: Mutex::new(None),
            horizon: AtomicI64::new(i64::MIN),
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over imports that another process, or an earlier run, made; true when there were any.
    ///
    /// # Errors
    /// The database failed, or an import that was accepted cannot be read any more.
    pub async fn refresh(&self) -> Result<bool, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        if store::newest_version(&mut sql).await? == self.rules().version() {
            return Ok(false);
        }
        let years = store::years(&mut sql).await?;
        let mut calendar = self.base.as_ref().clone();
        let mut imports: Vec<Import> = Vec::new();
        for year in years {
            calendar = with_text(&calendar, &year.toml)?;
            imports.push(year.import);
        }
        let rules = Rules::new(&self.library, calendar, imports);
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        Ok(true)
    }

    /// Wakes the timer when one of `clocks` has something to say within its window.
    pub(crate) fn wake_for(&self, clocks: &[&Clock]) {
        let horizon = self.horizon.load(Ordering::Relaxed);
        let nearer = |clock: &&&Clock| clock.next_at().is_some_and(|at| at.timestamp_micros() <= horizon);
        if clocks.iter().any(|clock| nearer(&clock)) {
            self.wake.notify_one();
        }
    }

    /// Notes how far ahead the timer has looked.
    pub(crate) fn set_horizon(&self, until: DateTime<Utc>) {
        self.horizon.store(until.timestamp_micros(), Ordering::Relaxed);
    }
}

/// The calendar with an arrangement that was accepted before.
fn with_text(calendar: &Calendar, toml: &str) -> Result<Calendar, Fault> {
    let unreadable =
        |error: String| Fault::poison(format!("an imported arrangement cannot be read: {error}"));
    let arrangement = YearArrangement::parse(toml).map_err(|error| unreadable(error.to_string()))?;
    calendar.with_year(arrangement).map_err(|errors| {
        unreadable(
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
        )
    })
}
