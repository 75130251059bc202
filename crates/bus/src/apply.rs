//! Applies a batch of events in one transaction with its cursors; reads what is missing from the journals first.
//!
//! Invariant: cursors move exactly with effects; a batch applied in part leaves a causal prefix.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tracing::Instrument as _;
use uuid::Uuid;

use crate::envelope::{Entry, parse_causes};
use crate::handler::Table;
use crate::inject::Step;
use crate::{Bus, EventMeta, Fault, Tx, store};

/// Entries asked from a journal at once.
const PAGE: i32 = 512;
/// Events of one transaction, repairs included: a long repair commits in parts.
const ROUND_MAX: usize = 1_024;
/// Causes that are remembered as applied: a few for each producer.
const LEVEL_MAX: usize = 16;

/// How a batch is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All or nothing: the quick way.
    Together,
    /// Each event in a savepoint of its own; the named one, and whatever is poison, is set aside.
    Apart {
        /// Producer's number of the event that failed again and again.
        culprit: i64,
        /// How often it was tried.
        attempts: i32,
    },
}

/// What one transaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Events whose handlers ran.
    pub events: usize,
    /// Events read from journals because the broker had not brought them.
    pub repaired: usize,
    /// Events set aside.
    pub dead: usize,
    /// The whole batch is applied; otherwise the rest must be offered again.
    pub complete: bool,
}

/// Why a batch was not applied, and at which event if one is to blame.
#[derive(Debug)]
pub(crate) struct Failure {
    pub fault: Fault,
    pub at: Option<(String, i64)>,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { fault, at: None }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

/// What a worker remembers of its partition from its last commit; true as long as nobody counted its version up since.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    version: i64,
    cursors: HashMap<String, i64>,
    held: HashSet<Uuid>,
}

/// What one partition brings into a transaction: its entries in order, and what its worker remembers, if anything.
pub(crate) struct Part<'a> {
    pub partition: i32,
    pub entries: &'a [Arc<Entry>],
    pub known: &'a mut Option<Known>,
}

/// Applies the entries of some partitions in one transaction.
pub(crate) async fn apply(
    bus: &Bus,
    table: &Table,
    mode: Mode,
    parts: &mut [Part<'_>],
) -> Result<Applied, Failure> {
    // Whatever fails from here on leaves nothing remembered.
    let remembered: Vec<Option<Known>> = parts.iter_mut().map(|part| part.known.take()).collect();
    let mut tx = bus.begin_applying().await?;
    let entries = parts.iter().flat_map(|part| part.entries);
    let heard = entries.filter(|entry| table.hears(&entry.type_name));
    tx.set_roots(heard.map(|entry| entry.root));
    let mut standing = stand(&mut tx, parts, remembered).await?;
    let mut done = Applied {
        complete: true,
        ..Applied::default()
    };
    let mut moved = Vec::new();
    for (part, known) in parts.iter().zip(&mut standing) {
        let mut round = Round {
            bus,
            table,
            partition: part.partition,
            mode,
            known,
            moved: HashMap::new(),
            level: Vec::new(),
            done,
        };
        for entry in part.entries {
            if round.is_next(entry) {
                round.deliver(&mut tx, entry).await?;
            } else {
                round.offer(&mut tx, entry).await?;
            }
            if !round.done.complete {
                break;
            }
        }
        done = round.done;
        if !round.moved.is_empty() {
            round.known.version += 1;
            moved.push((part.partition, round.known.version, round.moved));
        }
        if !done.complete {
            break;
        }
    }
    settle(table, &mut tx).await?;
    if !moved.is_empty() {
        store::save_cursors(tx.sql(), &moved).await?;
    }
    bus.injector().at(Step::BeforeApplied)?;
    tx.commit().await?;
    for (part, known) in parts.iter_mut().zip(standing) {
        *part.known = Some(known);
    }
    Ok(done)
}

/// Locks the partitions and gives what stands there: as remembered, where nobody else wrote since.
async fn stand(
    tx: &mut Tx,
    parts: &[Part<'_>],
    remembered: Vec<Option<Known>>,
) -> Result<Vec<Known>, sqlx::Error> {
    let partitions: Vec<i32> = parts.iter().map(|part| part.partition).collect();
    let versions = store::lock_partitions(tx.sql(), &partitions).await?;
    let version_of = |partition: i32| versions.get(&partition).copied().unwrap_or_default();
    let mut standing: Vec<Option<Known>> = parts
        .iter()
        .zip(remembered)
        .map(|(part, known)| known.filter(|known| known.version == version_of(part.partition)))
        .collect();
    for (part, known) in parts.iter().zip(&mut standing) {
        if known.is_none() {
            // A statement of its own: it sees what was committed while the lock was waited for.
            let (cursors, held) = store::standing(tx.sql(), part.partition).await?;
            *known = Some(Known {
                version: version_of(part.partition),
                cursors,
                held,
            });
        }
    }
    Ok(standing.into_iter().flatten().collect())
}

/// Writes what the handlers kept. Which of their events is to blame for a failure is not known: tried apart, it shows.
async fn settle(table: &Table, tx: &mut Tx) -> Result<(), Failure> {
    table.settle(tx).await.map_err(|fault| Failure {
        fault,
        at: Some((String::new(), 0)),
    })
}

/// One partition's share of a transaction.
struct Round<'a> {
    bus: &'a Bus,
    table: &'a Table,
    partition: i32,
    mode: Mode,
    known: &'a mut Known,
    moved: HashMap<String, i64>,
    /// Causes of entries that were found applied already: an entry often has those of one before it.
    level: Vec<&'a str>,
    done: Applied,
}

type Offered<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

impl<'a> Round<'a> {
    fn heard(&self, producer: &str) -> i64 {
        self.known.cursors.get(producer).copied().unwrap_or(0)
    }

    /// Whether nothing must come before an entry: nearly always, and then nothing is to be read or waited for.
    fn is_next(&mut self, entry: &'a Entry) -> bool {
        entry.producer != self.bus.service()
            && entry.seq == self.heard(&entry.producer) + 1
            && self.is_level_with(&entry.causes)
    }

    fn is_level_with(&mut self, causes: &'a str) -> bool {
        if self.level.contains(&causes) {
            return true;
        }
        let heard = |cause: Result<(&str, i64), Fault>| {
            cause.is_ok_and(|(producer, seq)| producer == self.bus.service() || self.heard(producer) >= seq)
        };
        let level = parse_causes(causes).all(heard);
        if level {
            self.level.truncate(LEVEL_MAX - 1);
            self.level.insert(0, causes);
        }
        level
    }

    /// Applies an entry after everything that must come before it. Depth is bounded: causes were recorded before effects.
    fn offer<'o>(&'o mut self, tx: &'o mut Tx, entry: &'o Entry) -> Offered<'o> {
        Box::pin(async move {
            if entry.producer == self.bus.service() || entry.seq <= self.heard(&entry.producer) {
                return Ok(());
            }
            self.catch_up(tx, &entry.producer, entry.seq - 1).await?;
            for cause in parse_causes(&entry.causes) {
                let (producer, seq) = cause?;
                self.catch_up(tx, producer, seq).await?;
            }
            // Catching up on causes may have applied this very entry.
            if self.done.complete && entry.seq > self.heard(&entry.producer) {
                self.deliver(tx, entry).await?;
            }
            Ok(())
        })
    }

    /// Reads and applies a producer's journal up to `upto`.
    async fn catch_up(&mut self, tx: &mut Tx, producer: &str, upto: i64) -> Result<(), Failure> {
        while self.done.complete && producer != self.bus.service() && self.heard(producer) < upto {
            let before = self.heard(producer);
            let limit = i32::try_from(upto - before).unwrap_or(PAGE).min(PAGE);
            let page = self
                .bus
                .read_journal(producer, self.partition, before, limit)
                .await?;
            if page.is_empty() {
                let words = format!(
                    "journal of {producer} ends before {upto} in partition {}",
                    self.partition
                );
                return Err(Fault::retry(words).into());
            }
            self.done.repaired += page.len();
            metrics::counter!("hotline_bus_repaired_total", "service" => self.bus.service())
                .increment(u64::try_from(page.len()).unwrap_or(0));
            for entry in &page {
                self.offer(tx, entry).await?;
                if !self.done.complete {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Runs the handler, or sets the event aside, and moves the cursor either way.
    async fn deliver(&mut self, tx: &mut Tx, entry: &Entry) -> Result<(), Failure> {
        if self.known.held.contains(&entry.root) {
            store::set_aside(tx.sql(), entry, "", 0, self.bus.now()).await?;
            self.done.dead += 1;
        } else {
            self.run(tx, entry).await?;
        }
        for cursors in [&mut self.known.cursors, &mut self.moved] {
            match cursors.get_mut(&entry.producer) {
                Some(seq) => *seq = entry.seq,
                None => drop(cursors.insert(entry.producer.clone(), entry.seq)),
            }
        }
        if self.done.events + self.done.dead >= ROUND_MAX {
            self.done.complete = false;
        }
        Ok(())
    }

    async fn run(&mut self, tx: &mut Tx, entry: &Entry) -> Result<(), Failure> {
        let blame = |fault| Failure {
            fault,
            at: Some((entry.producer.clone(), entry.seq)),
        };
        match self.mode {
            Mode::Together => call(self.table, self.bus.service(), tx, entry)
                .await
                .map_err(blame)?,
            Mode::Apart { culprit, attempts } => {
                if let Some(fault) = call_apart(self.table, self.bus.service(), tx, entry).await? {
                    let given_up = entry.seq == culprit || !matches!(fault, Fault::Retry(_));
                    if !given_up {
                        return Err(blame(fault));
                    }
                    let error = fault.to_string();
                    tracing::error!(event = %entry.event_id, r#type = %entry.type_name, root = %entry.root, error,
                        service = self.bus.service(), "event set aside; see `hotline events dead`");
                    store::set_aside(tx.sql(), entry, &error, attempts, self.bus.now()).await?;
                    self.known.held.insert(entry.root);
                    self.done.dead += 1;
                    return Ok(());
                }
            }
        }
        self.done.events += 1;
        Ok(())
    }
}

/// Calls the handler in the trace of the event's appeal; an event that nobody hears is applied by doing nothing.
pub(crate) async fn call(table: &Table, service: &str, tx: &mut Tx, entry: &Entry) -> Result<(), Fault> {
    if !table.hears(&entry.type_name) {
        return Ok(());
    }
    tx.set_event(Some(EventMeta {
        id: entry.event_id,
        type_name: entry.type_name.clone(),
        producer: entry.producer.clone(),
        partition: entry.partition,
        seq: entry.seq,
        root: entry.root,
        occurred_at: entry.occurred_at,
    }));
    let called = table.call(&entry.type_name, &entry.payload, tx);
    let outcome = called.instrument(span_of(service, entry)).await;
    tx.set_event(None);
    outcome
}

/// What a collector reads of an event being applied.
fn span_of(service: &str, entry: &Entry) -> tracing::Span {
    let cause = (!entry.traceparent.is_empty()).then_some(entry.traceparent.as_str());
    hotline_runtime::telemetry::span_of_event(&entry.type_name, service, entry.root, cause)
}

/// Calls the handler in a savepoint and settles what it kept; a failure is returned, and its traces in the transaction
/// are undone.
pub(crate) async fn call_apart(
    table: &Table,
    service: &str,
    tx: &mut Tx,
    entry: &Entry,
) -> Result<Option<Fault>, Failure> {
    let published = tx.pending_len();
    sqlx::query("SAVEPOINT event").execute(tx.sql()).await?;
    let called = match call(table, service, tx, entry).await {
        Ok(()) => table.settle(tx).await,
        Err(fault) => Err(fault),
    };
    match called {
        Ok(()) => {
            sqlx::query("RELEASE SAVEPOINT event").execute(tx.sql()).await?;
            Ok(None)
        }
        Err(fault) => {
            tx.forget_after(published);
            sqlx::query("ROLLBACK TO SAVEPOINT event")
                .execute(tx.sql())
                .await?;
            Ok(Some(fault))
        }
    }
}
