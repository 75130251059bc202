//! Use cases: count what happened, give the overview, give totals page by page.

use chrono::{DateTime, NaiveDate, Utc};
use hotline_bus::{Bus, Fault, Tx};
use hotline_runtime::page;
use sqlx::PgConnection;

use crate::domain::{Dimension, Happening, Tally, What, Window, measure_name, rows, with_open_orders};
use crate::store;

pub use crate::store::Total;

/// What one transaction counts, and the rows that it adds to: those of one of the partitions that its events came by.
#[derive(Debug, Default)]
struct Batch {
    slot: Option<i32>,
    tally: Tally,
}

/// Counts what happened at `at`, in memory until [`write`]. `partition` is the one that it came by, which the transaction
/// holds: no other writes its rows.
///
/// # Errors
/// The database.
pub async fn count(
    tx: &mut Tx,
    partition: i32,
    at: DateTime<Utc>,
    mut happening: Happening,
) -> Result<(), Fault> {
    happening.what = what_of(tx.sql(), &happening).await?;
    let batch = tx.keep::<Batch>();
    batch.slot = Some(batch.slot.map_or(partition, |slot| slot.min(partition)));
    batch.tally.add(&happening, at);
    Ok(())
}

/// Writes what the transaction counted: one statement for all its events, its rows in one order for everybody.
///
/// # Errors
/// The database.
pub async fn write(tx: &mut Tx) -> Result<(), Fault> {
    let Batch { slot, tally } = std::mem::take(tx.keep());
    if let Some(slot) = slot {
        store::add(tx.sql(), slot, &tally).await?;
    }
    Ok(())
}

/// What to count, with the closings remembered that a redo may undo.
async fn what_of(sql: &mut PgConnection, happening: &Happening) -> Result<What, sqlx::Error> {
    let what = happening.what.clone();
    let Some(order) = happening.order else {
        return Ok(what);
    };
    match what {
        What::OnceMore if store::forget_closed(sql, order).await? => return Ok(What::Reopened),
        What::Archived => drop(store::forget_closed(sql, order).await?),
        _ if what.can_be_reopened() => store::remember_closed(sql, order).await?,
        _ => {}
    }
    Ok(what)
}

/// Figures of the whole platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Name and count of every measure, sorted by name.
    pub measures: Vec<(String, i64)>,
    /// When the last event that counts happened.
    pub data_time: Option<DateTime<Utc>>,
}

/// The overview.
///
/// # Errors
/// The database.
pub async fn overview(bus: &Bus) -> Result<Overview, Fault> {
    let running = store::running(bus.pool()).await?;
    let data_time = running.iter().map(|total| total.last_at).max();
    let measures = with_open_orders(
        running
            .into_iter()
            .map(|total| (total.measure, total.count))
            .collect(),
    );
    Ok(Overview { measures, data_time })
}

/// Which totals, as the caller wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Breakdown.
    pub dimension: Dimension,
    /// First day; empty for the beginning.
    pub from: &'a str,
    /// Last day; empty for the end.
    pub to: &'a str,
    /// Measure; empty for all.
    pub measure: &'a str,
    /// Rows of a page; 0 for the default.
    pub page_size: i32,
    /// Token of the page; empty for the first.
    pub page_token: &'a str,
}

/// One page of totals by day, key and measure, and the token of the next; empty at the end.
///
/// # Errors
/// `totals.day`, `totals.range`, `totals.measure`, `totals.page_size`, `page.token_invalid`, or the database.
pub async fn totals(bus: &Bus, question: Question<'_>) -> Result<(Vec<Total>, String), Fault> {
    let Question {
        dimension,
        from,
        to,
        measure,
        ..
    } = question;
    let window = Window::parse(from, to)?;
    let filter = (dimension.number(), from, to, measure);
    let measure = measure_name(measure)?;
    let size = rows(question.page_size)?;
    let key: Option<(NaiveDate, String, String)> = page::decode(question.page_token, &filter)?;
    // No measure is empty, so the first page begins after the empty one of the first day.
    let (day, key, last) = key.unwrap_or((window.from, String::new(), String::new()));
    let mut found = store::totals(
        bus.pool(),
        dimension,
        window,
        measure,
        (day, &key, &last),
        size + 1,
    )
    .await?;
    let more = found.len() > size;
    found.truncate(size);
    let next = found
        .last()
        .filter(|_| more)
        .map(|row| page::encode(&(row.day, &row.key, &row.measure), &filter));
    Ok((found, next.unwrap_or_default()))
}
