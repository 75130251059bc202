//! Loads what falls due, and fires it: each clock once, in the order of their times.

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Lease, Tx};

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

/// A batch whose rows say that it has fired, and whose events are not written yet.
pub struct Firing {
    tx: Tx,
    events: Vec<Event>,
    left_out: usize,
}

/// Begins to fire clocks whose time has come, in one transaction under the timer's lease. Clocks that were changed or
/// held by others meanwhile are left to the next load, and counted.
///
/// # Errors
/// [`Fault::Retry`] when the lease was lost or the database failed: then nothing has fired.
pub async fn begin_fire(sla: &Sla, lease: &Lease, due: Vec<Clock>, calendar: i32) -> Result<Firing, Fault> {
    let mut tx = sla.bus.begin().await?;
    lease.check(&mut tx).await?;
    store::go_by_rows(tx.sql()).await?;
    let now = tx.now();
    let mut events: Vec<_> = due.into_iter().filter_map(|clock| fire_one(clock, now)).collect();
    let clocks: Vec<_> = events.iter().map(|event| event.clock()).collect();
    let fired = store::fire(tx.sql(), &clocks, calendar).await?;
    metrics::counter!("hotline_sla_fired_total").increment(fired.len() as u64);
    let left_out = clocks.len() - fired.len();
    events.retain(|event| fired.contains(&event.clock().id));
    Ok(Firing { tx, events, left_out })
}

/// Writes the events of a batch and commits it. Returns the clocks that go on running, and how many were left out.
///
/// # Errors
/// [`Fault::Retry`] when the database failed: then nothing is known to have fired.
pub async fn end_fire(sla: &Sla, firing: Firing) -> Result<(Vec<Clock>, usize), Fault> {
    let Firing {
        mut tx,
        events,
        left_out,
    } = firing;
    contract::publish(&mut tx, &events)?;
    let ran_out: Vec<_> = events
        .iter()
        .filter(|event| matches!(event, Event::Breached { .. }))
        .map(Event::clock)
        .collect();
    supervision::breached(sla, &ran_out, &mut tx).await?;
    tx.commit().await?;
    let running = events.iter().map(Event::clock);
    let running = running.filter(|clock| clock.next_at().is_some());
    Ok((running.cloned().collect(), left_out))
}
