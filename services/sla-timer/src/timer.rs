//! The worker that fires clocks when their time comes: one in the installation, by lease.
//!
//! It keeps the next stretch of time in memory and sleeps until its first clock; the stretch after it is loaded while
//! this one fires. A clock that is armed nearer than the stretch reaches wakes it; one that another process arms is
//! found by the poll.
//!
//! Invariant: a clock fires only as it stands in its row: what was changed, held or fired meanwhile is left out.
//! Invariant: nothing fires while the machine's clock and the database's differ by more than two seconds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use hotline_bus::{Fault, Lease};
use hotline_runtime::database::clock_skew_us;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use crate::domain::Clock;
use crate::ops::{self, Firing, Loaded, Sla};
use crate::store::Position;

/// Name of the lease.
const LEASE: &str = "timer";

/// How far ahead is looked. Shorter than the shortest limit of any regulation (30 minutes), so that a clock armed by
/// another process is always found in time.
const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// Clocks in one stretch: some 10 MB, loaded in about 50 ms.
const WINDOW_MAX: i64 = 10_000;

/// With fewer clocks left than this the next stretch is loaded: two batches fire meanwhile.
const LOW: usize = 5_000;

/// Clocks of a turn: enough to be cheap, few enough that the last of them is not late.
const BATCH_MAX: usize = 2_000;

/// Clocks a transaction. What a turn has beyond it marks its rows in further ones at the same time.
const SHARE: usize = BATCH_MAX / 2;

/// How long what others armed may go unseen.
const POLL: Duration = Duration::from_secs(5);

/// Looks after a wake: the transaction that caused it may commit a little later.
const LOOKS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
];

/// Shortest time between two looks from the beginning, and the pause after a fault.
const PAUSE: Duration = Duration::from_millis(50);

/// Largest difference to the database's clock.
const SKEW_MAX: TimeDelta = TimeDelta::seconds(2);

/// The worker.
pub struct Timer {
    sla: Arc<Sla>,
    lease: Lease,
    queue: BTreeMap<Position, Clock>,
    /// Version of the calendar by which the queue stands.
    calendar: i32,
    /// How far the queue reaches.
    reach: Position,
    loading: Option<Loading>,
    /// What has marked its rows and has not written its events yet, in order.
    firing: Vec<Firing>,
    /// When to look from the beginning again.
    looks: Vec<Instant>,
    sweeping: Option<AbortOnDropHandle<()>>,
}

/// A stretch on its way.
struct Loading {
    task: AbortOnDropHandle<Result<Option<Loaded>, Fault>>,
    until: DateTime<Utc>,
    /// It begins at the beginning, and replaces what is in memory.
    whole: bool,
}

impl Timer {
    /// The worker of a service.
    #[must_use]
    pub fn new(sla: Arc<Sla>) -> Self {
        let lease = sla.bus.lease(LEASE);
        Self {
            sla,
            lease,
            queue: BTreeMap::new(),
            calendar: 0,
            reach: Position::START,
            loading: None,
            firing: Vec::new(),
            looks: Vec::new(),
            sweeping: None,
        }
    }

    /// Fires until shutdown, whenever the lease is held.
    ///
    /// # Errors
    /// None; faults are logged and tried again.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.sla.bus.shutdown().clone();
        // Before the lease is ours: what a recomputation does is guarded by each row's lock.
        match ops::unfinished(&self.sla).await {
            Ok(Some(version)) => self.sweep(version),
            Ok(None) => {}
            Err(fault) => tracing::warn!(%fault, "an interrupted recomputation waits for the timer"),
        }
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                held = self.lease.held() => if held.is_none() { return Ok(()) },
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = self.work() => {}
            }
        }
    }

    /// Fires while the lease is held.
    async fn work(&mut self) {
        self.forget();
        while self.lease.token().is_some() {
            if let Err(fault) = self.turn().await {
                tracing::warn!(%fault, "the timer tries again");
                self.forget();
                tokio::time::sleep(PAUSE).await;
            }
        }
        self.forget();
        self.sweeping = None;
    }

    /// Drops what is in memory; the next turn looks from the beginning.
    fn forget(&mut self) {
        self.queue.clear();
        self.loading = None;
        self.firing.clear();
        self.reach = Position::START;
        self.looks = vec![Instant::now()];
    }

    /// Fires what is due, or waits for what comes next.
    async fn turn(&mut self) -> Result<(), Fault> {
        let now = self.sla.bus.now();
        self.load_if_needed(now);
        let due = self.take_due(now);
        if due.is_empty() && self.firing.is_empty() {
            return self.wait().await;
        }
        // The next batch marks its rows while this one writes its events: they come to the outbox in the order of time.
        let ended = end_fire(&self.sla, std::mem::take(&mut self.firing));
        let begun = due
            .into_iter()
            .map(|share| ops::begin_fire(&self.sla, &self.lease, share, self.calendar));
        let (ended, begun) = tokio::join!(ended, try_join_all(begun));
        self.firing = begun?;
        let (running, left_out) = ended?;
        for clock in running {
            self.put(clock);
        }
        if left_out > 0 {
            self.looks.push(Instant::now() + PAUSE);
        }
        Ok(())
    }

    /// Takes the clocks out whose time has come, in order, as many as one turn fires, a transaction's share each.
    fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Vec<Clock>> {
        let mut shares: Vec<Vec<Clock>> = Vec::new();
        for _ in 0..BATCH_MAX {
            let Some(first) = self.queue.first_entry().filter(|first| first.key().at <= now) else {
                break;
            };
            match shares.last_mut().filter(|share| share.len() < SHARE) {
                Some(share) => share.push(first.remove()),
                None => shares.push(vec![first.remove()]),
            }
        }
        shares
    }

    /// Keeps a running clock that speaks within the stretch.
    fn put(&mut self, clock: Clock) {
        if let Some(position) = Position::of(&clock).filter(|position| *position <= self.reach) {
            self.queue.insert(position, clock);
        }
    }

    async fn wait(&mut self) -> Result<(), Fault> {
        let clock = self.sla.bus.clock().clone();
        let next = self
            .queue
            .first_key_value()
            .map_or(self.reach.at, |(first, _)| first.at);
        let look = self
            .looks
            .iter()
            .min()
            .copied()
            .unwrap_or_else(|| Instant::now() + POLL);
        let sla = Arc::clone(&self.sla);
        let is_loading = self.loading.is_some();
        tokio::select! {
            loaded = arrival(&mut self.loading), if is_loading => self.accept(loaded?),
            () = clock.sleep_until(next), if !is_loading || !self.queue.is_empty() => {}
            () = sla.wake.notified() => self.look_again(),
            () = tokio::time::sleep_until(look), if !is_loading => {}
            () = self.lease.lost() => {}
        }
        Ok(())
    }

    /// Looks from the beginning now, and a few times more.
    fn look_again(&mut self) {
        let now = Instant::now();
        self.looks = LOOKS.iter().map(|after| now + *after).collect();
    }

    /// Begins to load the next stretch when the one in memory runs low, or all of it when a look is due.
    fn load_if_needed(&mut self, now: DateTime<Utc>) {
        if self.loading.is_some() {
            return;
        }
        let instant = Instant::now();
        let whole = self.looks.iter().any(|look| *look <= instant);
        if whole {
            self.looks.retain(|look| *look > instant);
            if self.looks.is_empty() {
                self.looks.push(instant + POLL);
            }
        }
        let runs_low = self.queue.len() < LOW && self.reach.at < now + WINDOW / 2;
        if whole || runs_low {
            let after = if whole { Position::START } else { self.reach };
            self.begin_load(after, now + WINDOW, whole);
        }
    }

    fn begin_load(&mut self, after: Position, until: DateTime<Utc>, whole: bool) {
        let sla = Arc::clone(&self.sla);
        // Before the rows are read, so that whatever is armed after the reading wakes us.
        sla.set_horizon(until);
        let task = tokio::spawn(async move {
            if !clocks_agree(&sla).await? {
                return Ok(None);
            }
            ops::load(&sla, after, until, WINDOW_MAX).await.map(Some)
        });
        self.loading = Some(Loading {
            task: AbortOnDropHandle::new(task),
            until,
            whole,
        });
    }

    /// Takes a stretch in.
    fn accept(&mut self, (loaded, until, whole): Arrival) {
        let Some(loaded) = loaded else {
            self.queue.clear();
            self.reach = Position::START;
            self.looks = vec![Instant::now() + POLL / 5];
            return;
        };
        if !whole && loaded.calendar != self.calendar {
            // What is in memory stands by an older calendar.
            return self.forget();
        }
        if whole {
            self.queue.clear();
            self.calendar = loaded.calendar;
        }
        let end = Position {
            at: until,
            id: Uuid::max(),
        };
        let last = loaded
            .clocks
            .last()
            .and_then(Position::of)
            .filter(|_| loaded.more);
        self.reach = last.unwrap_or(end);
        let placed = loaded
            .clocks
            .into_iter()
            .filter_map(|clock| Some((Position::of(&clock)?, clock)));
        self.queue.extend(placed);
        if let Some(version) = loaded.unfinished {
            self.sweep(version);
        }
    }

    /// Carries an interrupted recomputation on, beside the firing.
    fn sweep(&mut self, version: i32) {
        if self.sweeping.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        let sla = Arc::clone(&self.sla);
        let task = tokio::spawn(async move {
            if let Err(fault) = ops::recompute_all(&sla, version).await {
                tracing::warn!(%fault, version, "the recomputation will be carried on");
            }
        });
        self.sweeping = Some(AbortOnDropHandle::new(task));
    }
}

/// Writes the events of batches and commits them, one after the other.
async fn end_fire(sla: &Sla, batches: Vec<Firing>) -> Result<(Vec<Clock>, usize), Fault> {
    let (mut running, mut left_out) = (Vec::new(), 0);
    for firing in batches {
        let (go_on, left) = ops::end_fire(sla, firing).await?;
        running.extend(go_on);
        left_out += left;
    }
    Ok((running, left_out))
}

/// A stretch, its end, and whether it is the whole; no stretch while the clocks differ.
type Arrival = (Option<Loaded>, DateTime<Utc>, bool);

/// Waits for the stretch on its way.
async fn arrival(loading: &mut Option<Loading>) -> Result<Arrival, Fault> {
    let Some(Loading { task, until, whole }) = loading else {
        return std::future::pending().await;
    };
    let (until, whole) = (*until, *whole);
    let loaded = task.await;
    *loading = None;
    let loaded =
        loaded.map_err(|error| Fault::Retry(anyhow::Error::new(error).context("load the next clocks")))?;
    Ok((loaded?, until, whole))
}

/// Whether the machine's clock and the database's tell the same time; a virtual clock answers to nobody.
async fn clocks_agree(sla: &Sla) -> Result<bool, Fault> {
    let clock = sla.bus.clock();
    if clock.is_virtual() {
        return Ok(true);
    }
    let skew_us = clock_skew_us(sla.bus.pool(), clock).await?;
    let agree = skew_us.abs() <= SKEW_MAX.num_microseconds().unwrap_or(i64::MAX);
    if !agree {
        tracing::error!(
            skew_us,
            "本机时钟与数据库相差超过 2 秒，暂停计时；请校时（NTP）后自动恢复 / no clock fires: this machine and the \
             database differ by more than 2 s; synchronise both (NTP), and firing goes on by itself"
        );
    }
    Ok(agree)
}
