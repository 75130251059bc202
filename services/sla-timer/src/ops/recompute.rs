//! Works open clocks out anew after a calendar has come: in batches, resumable, beside everything else.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};

use super::Sla;
use super::apply::last_of_each;
use crate::domain::{Clock, Event, Import, Recomputed, Rules, recompute};
use crate::store::Place;
use crate::{contract, store};

/// Clocks of the walk a transaction, with some of the same orders beside them: short enough that handlers wait for none of
/// them longer than for one another.
const BATCH_MAX: i64 = 1_000;

/// Numbers of the states that the walk passes through.
const ARMED: i16 = 1;
const BREACHED: i16 = 3;

/// Wait before the walk begins again for clocks that others held.
const PAUSE: Duration = Duration::from_millis(50);

/// How far a step brought the recomputation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// More is to do.
    GoesOn,
    /// The walk is through, but clocks are left that others held; it has begun again.
    Again,
    /// Everything was worked out anew.
    Finished,
}

/// The oldest import whose recomputation is not finished.
///
/// # Errors
/// The database failed.
pub async fn unfinished(sla: &Sla) -> Result<Option<i32>, Fault> {
    Ok(store::unfinished(&mut *sla.bus.pool().acquire().await?).await?)
}

/// Carries the recomputation of an import to its end; returns how many clocks were looked at and how many moved. Within a
/// process one walks at a time; in several, each leaves to the others what they hold.
///
/// # Errors
/// The database failed; what was done stays done, and the timer goes on with it.
pub async fn recompute_all(sla: &Sla, version: i32) -> Result<(i64, i64), Fault> {
    let _alone = sla.walking.lock().await;
    let mut walk = Walk::resume(sla, version).await?;
    loop {
        match walk.step().await? {
            Sweep::Finished => break,
            Sweep::GoesOn => {}
            Sweep::Again => tokio::time::sleep(PAUSE).await,
        }
    }
    let done = store::progress(&mut *sla.bus.pool().acquire().await?, version).await?;
    Ok((done.examined, done.moved))
}

/// A walk over the clocks of an import. While one batch is written, the next is locked and worked out; a walk that is
/// dropped, or killed, leaves the batches that it had not written to the next one.
pub struct Walk<'s> {
    sla: &'s Sla,
    import: Import,
    place: Place,
    held: Option<Batch>,
    finished: bool,
}

/// Clocks that are locked and worked out, and not written yet: the next of the walk, and what else is open of their orders,
/// so that an order's clocks are told of together.
struct Batch {
    tx: Tx,
    worked: Worked,
    /// The last of them.
    place: Place,
}

/// What became of clocks that were worked out anew.
#[derive(Default)]
struct Worked {
    same: Vec<Clock>,
    moved: Vec<Event>,
}

impl<'s> Walk<'s> {
    /// Goes on where the last walk of this import was seen.
    ///
    /// # Errors
    /// The database failed, or the version does not exist.
    pub async fn resume(sla: &'s Sla, version: i32) -> Result<Self, Fault> {
        sla.refresh().await?;
        let rules = sla.rules();
        let import = rules.imports().iter().find(|import| import.version == version);
        let import =
            *import.ok_or_else(|| Fault::poison(format!("calendar version {version} does not exist")))?;
        let progress = store::progress(&mut *sla.bus.pool().acquire().await?, version).await?;
        Ok(Self {
            sla,
            import,
            place: progress.place,
            held: None,
            finished: progress.finished_at.is_some(),
        })
    }

    /// Writes the batch that was worked out before, and works out the next, beside one another.
    ///
    /// # Errors
    /// The database failed: the batch that was to be written may not be.
    pub async fn step(&mut self) -> Result<Sweep, Fault> {
        if self.finished {
            return Ok(Sweep::Finished);
        }
        let (sla, version) = (self.sla, self.import.version);
        let held = self.held.take();
        let write = async {
            match held {
                Some(batch) => batch.write(sla, version).await,
                None => Ok(()),
            }
        };
        let (written, next) = tokio::join!(write, Batch::take(sla, &self.import, self.place));
        written?;
        self.held = next?;
        match &self.held {
            Some(batch) => {
                self.place = batch.place;
                Ok(Sweep::GoesOn)
            }
            None => self.turn().await,
        }
    }

    /// At the end of a state's clocks, when all of them are written: the next state, the end, or the beginning once more.
    async fn turn(&mut self) -> Result<Sweep, Fault> {
        let armed = self.place.state == ARMED;
        self.place = Place {
            state: if armed { BREACHED } else { ARMED },
            due: self.import.from,
            id: uuid::Uuid::nil(),
        };
        if armed {
            return Ok(Sweep::GoesOn);
        }
        let mut tx = self.sla.bus.begin().await?;
        let now = tx.now();
        self.finished = store::finish(tx.sql(), &self.import, now).await?;
        tx.commit().await?;
        self.sla.wake.notify_one();
        Ok(if self.finished {
            Sweep::Finished
        } else {
            Sweep::Again
        })
    }
}

impl Batch {
    /// Locks the next clocks and works them out; none at the end of a state's.
    async fn take(sla: &Sla, import: &Import, place: Place) -> Result<Option<Self>, Fault> {
        sla.refresh().await?;
        let rules = sla.rules();
        // What a power cut takes is found again by its version of the calendar.
        let mut tx = sla.bus.begin_applying().await?;
        let Some((orders, place)) = store::next_orders(tx.sql(), import, place, BATCH_MAX).await? else {
            return Ok(None);
        };
        let clocks = store::candidates(tx.sql(), import, &orders).await?;
        let worked = Worked::of(&clocks, &rules, tx.now())?;
        Ok(Some(Self { tx, worked, place }))
    }

    async fn write(self, sla: &Sla, version: i32) -> Result<(), Fault> {
        let Self {
            mut tx,
            worked,
            place,
        } = self;
        worked.write(&mut tx).await?;
        store::advance(tx.sql(), version, place, worked.count()).await?;
        tx.commit().await?;
        sla.wake.notify_one();
        Ok(())
    }
}

impl Worked {
    fn of(clocks: &[Clock], rules: &Rules, now: DateTime<Utc>) -> Result<Self, Fault> {
        let mut worked = Self::default();
        for clock in clocks {
            match recompute(clock, &contract::order_of(clock)?, rules, now) {
                Recomputed::Same(clock) => worked.same.push(clock),
                Recomputed::Moved(event) => worked.moved.push(event),
            }
        }
        Ok(worked)
    }

    /// Writes locked clocks, and publishes those that moved.
    async fn write(&self, tx: &mut Tx) -> Result<(), Fault> {
        let changed = self.same.iter().chain(last_of_each(&self.moved));
        let changed = changed.map(|clock| store::Changed {
            clock,
            // Each was worked out once, and that counts one.
            read: clock.generation - 1,
        });
        let changed: Vec<_> = changed.collect();
        if !changed.is_empty() && store::update(tx.sql(), &changed).await?.is_none() {
            return Err(Fault::retry("a clock changed although it was locked"));
        }
        contract::publish(tx, &self.moved)
    }

    /// How many were looked at, and how many of them moved.
    fn count(&self) -> (i64, i64) {
        let [same, moved] = [self.same.len(), self.moved.len()].map(|len| i64::try_from(len).unwrap_or(0));
        (same + moved, moved)
    }
}

/// Works out these clocks, of which others may have changed some meanwhile.
pub(super) async fn recompute_some(sla: &Sla, rules: &Rules, stale: &[Clock]) -> Result<(), Fault> {
    for batch in stale.chunks(usize::try_from(BATCH_MAX).unwrap_or(1)) {
        let mut tx = sla.bus.begin().await?;
        let clocks = store::still_so(tx.sql(), batch).await?;
        Worked::of(&clocks, rules, tx.now())?.write(&mut tx).await?;
        tx.commit().await?;
        if clocks.len() < batch.len() {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}
