//! Takes a year's arrangement: kept for every process and every restart, then all open clocks it may move.

use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use hotline_runtime::Caller;
use hotline_worktime::{CalendarError, YearArrangement};

use super::{Sla, recompute_all};
use crate::domain::affected_span;
use crate::domain::refusals::CALENDAR_INVALID;
use crate::{contract, store};

/// Longest text of an arrangement, bytes: a year's file has about 2 KiB.
const TOML_MAX_BYTES: usize = 64 * 1024;

/// What an import changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The year.
    pub year: i32,
    /// Open clocks looked at.
    pub examined: i64,
    /// Clocks whose due time moved.
    pub moved: i64,
}

/// Imports the arrangement of a year, tells it to those who count by it, and recomputes every open clock that it may
/// move. From the commit of the import nothing fires by the old due time; an interrupted recomputation is carried on by
/// the timer.
///
/// # Errors
/// `calendar.invalid`, with everything that is wrong; else the database failed.
pub async fn import_year(sla: &Sla, toml: &str, caller: &Caller) -> Result<Imported, Fault> {
    if toml.len() > TOML_MAX_BYTES {
        return Err(refused(format!("{} bytes, at most {TOML_MAX_BYTES}", toml.len())).into());
    }
    let arrangement = YearArrangement::parse(toml).map_err(|error| refused(error.to_string()))?;
    let year = arrangement.year;
    let span = affected_span(year).ok_or_else(|| refused(format!("{year}")))?;
    sla.refresh().await?;
    let calendar = sla.rules().calendar().with_year(arrangement);
    calendar.map_err(|errors| refused(all(&errors)))?;
    let mut tx = sla.bus.begin().await?;
    let now = tx.now();
    let version = store::add_year(tx.sql(), (year, toml, &caller.subject), span, now).await?;
    tell(&mut tx).await?;
    tx.commit().await?;
    sla.refresh().await?;
    sla.wake.notify_one();
    let (examined, moved) = recompute_all(sla, version).await?;
    Ok(Imported {
        year,
        examined,
        moved,
    })
}

/// Tells the arrangements that were imported before others heard of them.
///
/// # Errors
/// The database failed.
pub async fn tell_years(sla: &Sla) -> Result<(), Fault> {
    let mut tx = sla.bus.begin().await?;
    tell(&mut tx).await?;
    tx.commit().await
}

/// Publishes, oldest first and each once, the imports that nobody was told of.
async fn tell(tx: &mut Tx) -> Result<(), Fault> {
    for year in store::untold(tx.sql()).await? {
        contract::publish_year(tx, &year);
    }
    Ok(())
}

fn refused(detail: String) -> Refusal {
    Refusal::new(&CALENDAR_INVALID).field("toml").detail(detail)
}

fn all(errors: &[CalendarError]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
