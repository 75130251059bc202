//! One worker a service: takes what the process's feed has for its partitions and applies it together.
//!
//! What the service does not hear opens no transaction: it waits a moment for an event that is heard, and the cursor
//! moves over both. Where much comes, transactions begin a service's pace apart, so that each applies more.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::apply::{Applied, Failure, Known, Mode, Part, apply};
use crate::envelope::Entry;
use crate::feed::Hearing;
use crate::handler::Table;
use crate::lease::Lease;
use crate::pace::Pace;
use crate::{Bus, Fault, store};

/// Events applied together at most.
const BATCH_MAX: usize = 512;
/// How long events that nobody hears wait for one that is heard.
const UNHEARD_MAX: Duration = Duration::from_millis(500);
/// Silence after which producers' journals are asked whether the broker kept something back.
const IDLE: Duration = Duration::from_secs(10);
/// Entries asked from a journal at once.
const PAGE: i32 = 512;
/// First and longest pause after a failure.
const BACKOFF_MIN: Duration = Duration::from_millis(50);
const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// Failures at one event, the environment's included, before it is tried apart and set aside.
const STRIKES_MAX: i32 = 8;

pub(crate) struct Consumer {
    bus: Bus,
    table: Table,
    /// By partition.
    places: Vec<Place>,
    strikes: HashMap<(i32, String, i64), i32>,
    waiting: Waiting,
    /// How far apart transactions begin.
    pace: Pace,
}

/// Where the worker stands in one partition.
struct Place {
    partition: i32,
    lease: Lease,
    known: Option<Known>,
    /// What came and is not applied yet.
    entries: Vec<Arc<Entry>>,
}

/// What waits in all partitions.
#[derive(Default)]
struct Waiting {
    events: usize,
    /// One of the events is heard.
    heard: bool,
    /// When the first of them came.
    since: Option<Instant>,
}

impl Consumer {
    pub(crate) fn new(bus: Bus, table: Table, partitions: i32) -> Self {
        let place = |partition| Place {
            partition,
            lease: bus.lease(&format!("consumer-p{partition}")),
            known: None,
            entries: Vec::new(),
        };
        let places = (0..partitions).map(place).collect();
        let pace = Pace::new(table.pace());
        Self {
            bus,
            table,
            places,
            strikes: HashMap::new(),
            waiting: Waiting::default(),
            pace,
        }
    }

    /// Consumes until shutdown.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let leases: Vec<Lease> = self.places.iter().map(|place| place.lease.clone()).collect();
        loop {
            let held = held(&leases);
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = until_others(&leases, &held) => {}
                outcome = self.listen(&held), if !held.is_empty() => if let Err(fault) = outcome {
                    tracing::debug!(service = self.bus.service(), error = %fault,
                        "consuming stopped, will start again");
                    tokio::time::sleep(BACKOFF_MIN * 10).await;
                },
            }
        }
    }

    /// Applies what the feed brings while the leases are held.
    async fn listen(&mut self, held: &[usize]) -> Result<(), Fault> {
        // Another may have worked here since.
        self.waiting = Waiting::default();
        for place in &mut self.places {
            place.known = None;
            place.entries.clear();
        }
        // Before the journals are asked: nothing falls between the two.
        let partitions = held.iter().map(|index| self.places[*index].partition).collect();
        let hearing = self.bus.feed().hear(self.bus.service(), partitions);
        self.ask_journals(held).await?;
        loop {
            tokio::select! {
                () = hearing.came() => {
                    self.gather(&hearing).await;
                    self.apply_waiting().await?;
                    if hearing.fell_behind() {
                        self.ask_journals(held).await?;
                    }
                }
                () = tokio::time::sleep(IDLE) => self.ask_journals(held).await?,
            }
        }
    }

    /// Takes what came, and what comes until it is time to apply it.
    async fn gather(&mut self, hearing: &Hearing) {
        let bus = self.bus.clone();
        loop {
            self.take(hearing);
            let patience = self.patience();
            if patience.is_zero() {
                return;
            }
            // Once an event is heard, nothing that comes changes when it is applied.
            tokio::select! {
                () = tokio::time::sleep(patience) => {}
                () = hearing.came(), if !self.waiting.heard => {}
                () = bus.asked().notified() => {
                    self.take(hearing);
                    return;
                }
            }
        }
    }

    /// How long to wait for more before what waits is applied.
    fn patience(&self) -> Duration {
        match self.waiting.since {
            Some(since) if self.waiting.events < BATCH_MAX => match self.waiting.heard {
                true => self.pace.rest(),
                false => UNHEARD_MAX.saturating_sub(since.elapsed()),
            },
            _ => Duration::ZERO,
        }
    }

    /// Takes what the feed has, as far as it may be applied together.
    fn take(&mut self, hearing: &Hearing) {
        let waiting = &mut self.waiting;
        for entry in hearing.take(BATCH_MAX.saturating_sub(waiting.events)) {
            let place = usize::try_from(entry.partition).ok();
            if let Some(place) = place.and_then(|index| self.places.get_mut(index)) {
                waiting.since.get_or_insert_with(Instant::now);
                waiting.events += 1;
                waiting.heard = waiting.heard || self.table.hears(&entry.type_name);
                place.entries.push(entry);
            }
        }
    }

    /// Applies what waits.
    async fn apply_waiting(&mut self) -> Result<(), Fault> {
        self.waiting = Waiting::default();
        let places = self.places.iter_mut().enumerate();
        let taken = places.map(|(index, place)| (index, std::mem::take(&mut place.entries)));
        let taken: Vec<_> = taken.filter(|(_, entries)| !entries.is_empty()).collect();
        if !taken.is_empty() {
            self.pace.begin();
            self.apply(&taken).await?;
            self.pace.end();
        }
        Ok(())
    }

    /// Applies entries of some partitions: together, and each partition for itself where that fails.
    async fn apply(&mut self, taken: &[(usize, Vec<Arc<Entry>>)]) -> Result<(), Fault> {
        if taken.len() > 1 {
            loop {
                match self.apply_once(taken, Mode::Together).await {
                    Ok(applied) if applied.complete => return Ok(()),
                    Ok(_) => {}
                    Err(failure) => {
                        tracing::debug!(service = self.bus.service(), error = %failure.fault,
                            "partitions are applied one by one");
                        break;
                    }
                }
            }
        }
        for one in taken {
            self.apply_alone(std::slice::from_ref(one)).await?;
        }
        Ok(())
    }

    /// Applies entries of one partition until they are applied or set aside, however long the environment takes.
    async fn apply_alone(&mut self, taken: &[(usize, Vec<Arc<Entry>>)]) -> Result<(), Fault> {
        let partition = taken
            .first()
            .map_or(0, |(index, _)| self.places[*index].partition);
        let mut mode = Mode::Together;
        let mut pause = BACKOFF_MIN;
        loop {
            if taken
                .iter()
                .any(|(index, _)| self.places[*index].lease.token().is_none())
            {
                return Err(Fault::retry("the partition's lease was lost"));
            }
            match self.apply_once(taken, mode).await {
                Ok(applied) if applied.complete => return Ok(()),
                Ok(_) => {}
                Err(failure) => {
                    mode = self.after(partition, failure);
                    if mode == Mode::Together {
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(BACKOFF_MAX);
                    }
                }
            }
        }
    }

    /// One transaction.
    async fn apply_once(
        &mut self,
        taken: &[(usize, Vec<Arc<Entry>>)],
        mode: Mode,
    ) -> Result<Applied, Failure> {
        let mut entries: HashMap<usize, &[Arc<Entry>]> = taken
            .iter()
            .map(|(index, entries)| (*index, entries.as_slice()))
            .collect();
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(taken.len());
        for (index, place) in self.places.iter_mut().enumerate() {
            if let Some(entries) = entries.remove(&index) {
                parts.push(Part {
                    partition: place.partition,
                    entries,
                    known: &mut place.known,
                });
            }
        }
        let applied = apply(&self.bus, &self.table, mode, &mut parts).await?;
        self.count(applied);
        Ok(applied)
    }

    /// Chooses how to go on after a failure: again together, or each apart with the culprit set aside.
    fn after(&mut self, partition: i32, failure: Failure) -> Mode {
        tracing::warn!(service = self.bus.service(), partition, at = ?failure.at,
            error = %failure.fault, "a batch was not applied");
        let Some((producer, seq)) = failure.at else {
            return Mode::Together;
        };
        let at = (partition, producer, seq);
        let strikes = self.strikes.entry(at.clone()).or_default();
        *strikes += 1;
        let attempts = *strikes;
        if matches!(failure.fault, Fault::Retry(_)) && attempts < STRIKES_MAX {
            return Mode::Together;
        }
        self.strikes.remove(&at);
        Mode::Apart {
            culprit: if attempts >= STRIKES_MAX { seq } else { 0 },
            attempts,
        }
    }

    /// Reads on in every known producer's journal: silence may be a broker that lost something.
    async fn ask_journals(&mut self, held: &[usize]) -> Result<(), Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let cursors = store::cursors(&mut sql).await?;
        drop(sql);
        for (producer, partition, heard) in cursors {
            let place = held
                .iter()
                .find(|index| self.places[**index].partition == partition);
            if let Some(index) = place {
                self.read_on(*index, &producer, heard).await?;
            }
        }
        Ok(())
    }

    /// Reads a producer's journal to its end.
    async fn read_on(&mut self, index: usize, producer: &str, mut heard: i64) -> Result<(), Fault> {
        let partition = self.places[index].partition;
        loop {
            match self.bus.read_journal(producer, partition, heard, PAGE).await {
                Ok(entries) => {
                    let Some(last) = entries.last() else {
                        return Ok(());
                    };
                    heard = last.seq;
                    let full = i32::try_from(entries.len()).unwrap_or(PAGE) >= PAGE;
                    let entries = entries.into_iter().map(Arc::new).collect();
                    self.apply_alone(&[(index, entries)]).await?;
                    if !full {
                        return Ok(());
                    }
                }
                Err(fault) => {
                    tracing::debug!(%producer, error = %fault, "a journal cannot be asked now");
                    return Ok(());
                }
            }
        }
    }

    fn count(&self, applied: Applied) {
        let service = self.bus.service();
        let count = |number: usize| u64::try_from(number).unwrap_or(0);
        metrics::counter!("hotline_bus_applied_total", "service" => service).increment(count(applied.events));
        if applied.dead > 0 {
            metrics::counter!("hotline_bus_dead_total", "service" => service).increment(count(applied.dead));
        }
    }
}

/// Partitions whose lease this process holds.
fn held(leases: &[Lease]) -> Vec<usize> {
    let held = leases
        .iter()
        .enumerate()
        .filter(|(_, lease)| lease.token().is_some());
    held.map(|(index, _)| index).collect()
}

/// Waits until the partitions held are others than these.
async fn until_others(leases: &[Lease], these: &[usize]) {
    let Some(mut any) = leases.first().cloned() else {
        return std::future::pending().await;
    };
    while held(leases) == these {
        any.changed().await;
    }
}
