//! Loads what falls due, and fires it: each clock once, in the order of their times.

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Lease};

use super::Sla;
use super::recompute::recompute_some;
use super::supervision;
use crate::domain::{Clock, Event, fire as fire_one};
use crate::store::Position;
use crate::{contract, store};

/// A stretch of what falls due, in order.
#[derive(Debug)]
pub struct Loaded {
    /// The clocks.
    pub clocks: Vec<Clock>,
    /// Version of the calendar by which all of them stand.
    pub calendar: i32,
    /// The stretch was cut at the limit: more follows before its end.
    pub more: bool,
    /// An import whose recomputation is not finished.
    pub unfinished: Option<i32>,
}

/// Loads running clocks after a place that have something to say until `until`, at most `limit`. Those that a newer
/// calendar may move are worked out anew first, so that nothing fires by an old due time.
///
/// # Errors
/// The database failed.
pub async fn load(sla: &Sla, after: Position, until: DateTime<Utc>, limit: i64) -> Result<Loaded, Fault> {
    sla.refresh().await?;
    let rules = sla.rules();
    loop {
        let mut sql = sla.bus.pool().acquire().await?;
        let clocks = store::window(&mut sql, after, until, limit).await?;
        let unfinished = store::unfinished(&mut sql).await?;
        drop(sql);
        let stale: Vec<_> = clocks
            .iter()
            .filter(|clock| rules.is_stale(clock))
            .cloned()
            .collect();
        if stale.is_empty() {
            let more = i64::try_from(clocks.len()).unwrap_or(i64::MAX) >= limit;
            return Ok(Loaded {
                clocks,
                calendar: rules.version(),
                more,
                unfinished,
            });
        }
        recompute_some(sla, &rules, &stale).await?;
    }
}

/// Fires clocks whose time has come, in one transaction under the timer's lease. Returns those that go on running;
/// clocks that were changed or held by others meanwhile are left to the next load, and counted.
///
/// # Errors
/// [`Fault::Retry`] when the lease was lost or the database failed: then nothing is known to have fired.
pub async fn fire(
    sla: &Sla,
    lease: &Lease,
    due: Vec<Clock>,
    calendar: i32,
) -> Result<(Vec<Clock>, usize), Fault> {
    let mut tx = sla.bus.begin().await?;
    lease.check(&mut tx).await?;
    store::go_by_rows(tx.sql()).await?;
    let now = tx.now();
    let events: Vec<_> = due.into_iter().filter_map(|clock| fire_one(clock, now)).collect();
    let clocks: Vec<_> = events.iter().map(|event| event.clock()).collect();
    let fired = store::fire(tx.sql(), &clocks, calendar).await?;
    metrics::counter!("hotline_sla_fired_total").increment(fired.len() as u64);
    let left_out = clocks.len() - fired.len();
    let spoke = || events.iter().filter(|event| fired.contains(&event.clock().id));
    contract::publish(&mut tx, spoke())?;
    let ran_out: Vec<_> = spoke()
        .filter(|event| matches!(event, Event::Breached { .. }))
        .map(Event::clock)
        .collect();
    supervision::breached(sla, &ran_out, &mut tx).await?;
    tx.commit().await?;
    let running = spoke()
        .map(Event::clock)
        .filter(|clock| clock.next_at().is_some());
    Ok((running.cloned().collect(), left_out))
}
