//! Works open clocks out anew after a calendar has come: in batches, resumable, beside everything else.

use hotline_bus::{Fault, Tx};
use std::time::Duration;

use super::Sla;
use super::apply::last_of_each;
use crate::domain::{Clock, Import, Recomputed, Rules, recompute};
use crate::store::Progress;
use crate::{contract, store};

/// Clocks a transaction: short enough that handlers wait for none of them longer than for one another.
const BATCH_MAX: i64 = 2_000;

/// Numbers of the states that the walk passes through.
const ARMED: i16 = 1;
const BREACHED: i16 = 3;

/// Wait before the walk begins again for clocks that others held.
const PAUSE: Duration = Duration::from_millis(50);

/// How a batch left the recomputation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// More is to do.
    GoesOn,
    /// The walk is through, but clocks are left that others held; it has begun again.
    Again,
    /// Everything was worked out anew.
    Finished,
}

/// Carries the recomputation of an import to its end; returns how many clocks were looked at and how many moved.
///
/// # Errors
/// The database failed; what was done stays done, and the timer goes on with it.
pub async fn recompute_all(sla: &Sla, version: i32) -> Result<(i64, i64), Fault> {
    loop {
        let (sweep, progress) = recompute_batch(sla, version).await?;
        match sweep {
            Sweep::Finished => return Ok((progress.examined, progress.moved)),
            Sweep::GoesOn => {}
            Sweep::Again => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// One batch in one transaction, with its progress.
///
/// # Errors
/// The database failed, or the version does not exist.
pub async fn recompute_batch(sla: &Sla, version: i32) -> Result<(Sweep, Progress), Fault> {
    sla.refresh().await?;
    let rules = sla.rules();
    let import = rules.imports().iter().find(|import| import.version == version);
    let import =
        *import.ok_or_else(|| Fault::poison(format!("calendar version {version} does not exist")))?;
    let mut tx = sla.bus.begin().await?;
    let mut progress = store::lock_progress(tx.sql(), version).await?;
    if progress.finished_at.is_some() {
        return Ok((Sweep::Finished, progress));
    }
    let clocks = store::candidates(tx.sql(), &import, &progress, BATCH_MAX).await?;
    let sweep = match clocks.last() {
        Some(last) => {
            (progress.after_due, progress.after_id) = (last.due_at, last.id);
            Sweep::GoesOn
        }
        None => turn(&mut tx, &import, &mut progress).await?,
    };
    progress.examined += i64::try_from(clocks.len()).unwrap_or(0);
    progress.moved += work_out(&mut tx, &rules, &clocks).await?;
    store::save_progress(tx.sql(), version, &progress).await?;
    tx.commit().await?;
    sla.wake.notify_one();
    Ok((sweep, progress))
}

/// At the end of a state's clocks: the next state, the end, or the beginning once more.
async fn turn(tx: &mut Tx, import: &Import, progress: &mut Progress) -> Result<Sweep, Fault> {
    progress.after_due = import.from;
    progress.after_id = uuid::Uuid::nil();
    if progress.after_state == ARMED {
        progress.after_state = BREACHED;
        return Ok(Sweep::GoesOn);
    }
    progress.after_state = ARMED;
    let now = tx.now();
    Ok(if store::finish(tx.sql(), import, now).await? {
        Sweep::Finished
    } else {
        Sweep::Again
    })
}

/// Works out these clocks, of which others may have changed some meanwhile.
pub(super) async fn recompute_some(sla: &Sla, rules: &Rules, stale: &[Clock]) -> Result<(), Fault> {
    for batch in stale.chunks(usize::try_from(BATCH_MAX).unwrap_or(1)) {
        let mut tx = sla.bus.begin().await?;
        let clocks = store::still_so(tx.sql(), batch).await?;
        work_out(&mut tx, rules, &clocks).await?;
        tx.commit().await?;
        if clocks.len() < batch.len() {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

/// Works out locked clocks and publishes those that moved; returns how many.
async fn work_out(tx: &mut Tx, rules: &Rules, clocks: &[Clock]) -> Result<i64, Fault> {
    let now = tx.now();
    let (mut same, mut moved) = (Vec::new(), Vec::new());
    for clock in clocks {
        match recompute(clock, &contract::order_of(clock)?, rules, now) {
            Recomputed::Same(clock) => same.push(clock),
            Recomputed::Moved(event) => moved.push(event),
        }
    }
    let changed: Vec<&Clock> = same.iter().chain(last_of_each(&moved)).collect();
    if !changed.is_empty() {
        store::save(tx.sql(), &changed).await?;
    }
    contract::publish(tx, &moved)?;
    Ok(i64::try_from(moved.len()).unwrap_or(0))
}
