//! Three talking services and a broker that loses, repeats, cuts, wipes and reorders what it was given.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hotline_proto::bus::v1::ReadRequest;
use hotline_runtime::Clock;
use hotline_runtime::testing;
use prost::{Message, Name};
use sqlx::PgPool;

use crate::apply::{Known, Mode, Part, apply};
use crate::bus::ReadJournal;
use crate::envelope::{Entry, parse_causes};
use crate::feed::Feed;
use crate::handler::{HandleAny, Handlers, Table};
use crate::sequencer::Sequencer;
use crate::{Bus, Fault, Injector, Tx, batch, store};

/// The table in which a test's service writes down what it applied.
static APPLIED: sqlx::migrate::Migrator = sqlx::migrate!("tests/migrations");

const PARTITIONS: i32 = 2;
const PLACES: usize = 2;
const DEPTH_MAX: i64 = 4;
const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

macro_rules! said {
    ($name:ident, $package:literal) => {
        #[derive(Clone, PartialEq, Message)]
        struct $name {
            #[prost(int64, tag = "1")]
            depth: i64,
        }
        impl Name for $name {
            const NAME: &'static str = "Said";
            const PACKAGE: &'static str = $package;
        }
    };
}
said!(AlphaSaid, "hotline.alpha.v1");
said!(BetaSaid, "hotline.beta.v1");
said!(GammaSaid, "hotline.gamma.v1");

/// A service that writes down what it applies, and answers as the sketch's services do.
struct Talker(&'static str);

impl HandleAny for Talker {
    async fn handle_any(&self, _type_name: &str, payload: &[u8], tx: &mut Tx) -> Result<(), Fault> {
        let event = tx.event().cloned().ok_or_else(|| Fault::poison("no event"))?;
        // The key makes a second application fail, so a pass proves that there was none.
        sqlx::query("INSERT INTO applied (producer, partition, seq, root) VALUES ($1, $2, $3, $4)")
            .bind(&event.producer)
            .bind(event.partition)
            .bind(event.seq)
            .bind(event.root)
            .execute(tx.sql())
            .await?;
        let depth = AlphaSaid::decode(payload)
            .map_err(|error| Fault::poison(error.to_string()))?
            .depth;
        if depth < DEPTH_MAX {
            match (event.producer.as_str(), self.0) {
                ("alpha" | "gamma", "beta") => tx.publish(event.root, &BetaSaid { depth: depth + 1 }),
                ("beta", "gamma") => tx.publish(event.root, &GammaSaid { depth: depth + 1 }),
                _ => {}
            }
        }
        Ok(())
    }
}

pub(super) struct Actor {
    pub(super) bus: Bus,
    table: Table,
    pub(super) sequencer: Sequencer,
    published: HashMap<i32, i64>,
    pub(super) position: usize,
    /// What its worker, and a second one, remember of each partition.
    known: [[Option<Known>; PLACES]; 2],
}

pub(super) struct World {
    _runtime: testing::TestRuntime,
    pub(super) rng: Rng,
    clock: Clock,
    pub(super) actors: Vec<Actor>,
    pub(super) injector: Injector,
    /// (producer, partition, seq) in the broker's order.
    pub(super) stream: Vec<(usize, i32, i64)>,
    pub(super) faults: bool,
}

/// SplitMix64.
pub(super) struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).expect("small")).expect("small")
    }

    pub(super) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

/// Entries by partition with what a worker remembers of each.
fn parts<'a>(entries: &'a [Vec<Arc<Entry>>], known: &'a mut [Option<Known>]) -> Vec<Part<'a>> {
    let part = |((partition, entries), known): ((i32, &'a Vec<Arc<Entry>>), &'a mut Option<Known>)| Part {
        partition,
        entries,
        known,
    };
    (0..PARTITIONS).zip(entries).zip(known).map(part).collect()
}

fn journals(pools: HashMap<&'static str, PgPool>) -> ReadJournal {
    let pools = Arc::new(pools);
    Arc::new(move |request: ReadRequest| {
        let pools = Arc::clone(&pools);
        Box::pin(async move {
            let pool = &pools[request.producer.as_str()];
            let mut sql = pool.acquire().await?;
            let limit = i64::from(request.limit);
            Ok(batch::read_journal(
                &mut sql,
                &request.producer,
                request.partition,
                request.after_seq,
                limit,
            )
            .await?)
        })
    })
}

impl World {
    pub(super) async fn new(seed: u64) -> Self {
        let clock = Clock::system();
        let runtime = testing::runtime(clock.clone()).await;
        let injector = Injector::seeded(seed, 12);
        let mut pools = HashMap::new();
        for name in NAMES {
            let pool = runtime
                .database(name, &[Bus::migrator(), &APPLIED])
                .await
                .expect("a schema");
            store::seed(&mut pool.acquire().await.expect("a connection"), PARTITIONS)
                .await
                .expect("seeds");
            pools.insert(name, pool);
        }
        let read = journals(pools.clone());
        let mut actors = Vec::new();
        for name in NAMES {
            let bus = Bus::alone(
                name,
                pools[name].clone(),
                clock.clone(),
                PARTITIONS,
                (Arc::clone(&read), Feed::of(&runtime)),
                injector.clone(),
                runtime.audit_key.clone(),
            );
            let table = Handlers::new(Arc::new(Talker(name))).on_any().into_table();
            let mut sequencer = Sequencer::new(bus.clone());
            let keeper = bus.keeper().clone();
            tokio::spawn(keeper.run(bus.pool().clone(), bus.shutdown().clone()));
            sequencer.wait_for_lease().await;
            actors.push(Actor {
                bus,
                table,
                sequencer,
                published: HashMap::new(),
                position: 0,
                known: Default::default(),
            });
        }
        Self {
            _runtime: runtime,
            rng: Rng(seed),
            clock,
            actors,
            injector,
            stream: Vec::new(),
            faults: true,
        }
    }

    pub(super) async fn command(&mut self) {
        let root = self.clock.new_id();
        let outcome: Result<(), Fault> = async {
            let mut tx = self.actors[0].bus.begin().await?;
            tx.publish(root, &AlphaSaid { depth: 0 });
            tx.commit().await
        }
        .await;
        self.survives(outcome);
    }

    /// A death is expected; anything else is a defect.
    fn survives<T>(&self, outcome: Result<T, Fault>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(Fault::Retry(error)) if self.faults && error.to_string().starts_with("killed") => None,
            Err(fault) => panic!("{fault}"),
        }
    }

    /// After a restart, a reconnect, an error, and now and then: believe the stream, not memory.
    pub(super) fn resync(&mut self, who: usize) {
        self.actors[who].published = (0..PARTITIONS)
            .map(|partition| {
                let ours = self
                    .stream
                    .iter()
                    .filter(|(p, part, _)| *p == who && *part == partition);
                (partition, ours.map(|(_, _, seq)| *seq).max().unwrap_or(0))
            })
            .collect();
    }

    pub(super) async fn publish(&mut self, who: usize) {
        for partition in 0..PARTITIONS {
            let after = self.actors[who].published.get(&partition).copied().unwrap_or(0);
            let bus = &self.actors[who].bus;
            let mut sql = bus.pool().acquire().await.expect("a connection");
            let limit = i64::try_from(1 + self.rng.below(5)).expect("small");
            let window = batch::read_journal(&mut sql, NAMES[who], partition, after, limit)
                .await
                .expect("reads");
            for entry in window {
                let fate = if self.faults { self.rng.below(4) } else { 0 };
                if fate < 3 {
                    self.stream.push((who, partition, entry.seq));
                }
                if fate < 2 {
                    let published = self.actors[who].published.entry(partition).or_default();
                    *published = (*published).max(entry.seq);
                }
            }
        }
    }

    async fn entry(&self, (who, partition, seq): (usize, i32, i64)) -> Entry {
        let mut sql = self.actors[who].bus.pool().acquire().await.expect("a connection");
        let page = batch::read_journal(&mut sql, NAMES[who], partition, seq - 1, 1)
            .await
            .expect("reads");
        page.into_iter()
            .next()
            .expect("what is in the stream is in its journal")
    }

    /// Applies the next messages; with `zombie`, a second worker applies the same ones at the same time.
    pub(super) async fn consume(&mut self, who: usize, zombie: bool) {
        let from = self.actors[who].position.min(self.stream.len());
        let upto = self.stream.len().min(from + 1 + self.rng.below(6));
        let batch: Vec<_> = self.stream[from..upto].to_vec();
        let mut entries = vec![Vec::new(); PLACES];
        for at in &batch {
            entries[usize::try_from(at.1).expect("small")].push(Arc::new(self.entry(*at).await));
        }
        let actor = &mut self.actors[who];
        let (bus, table) = (&actor.bus, &actor.table);
        let [first, second] = &mut actor.known;
        let mut first = parts(&entries, first);
        let mut second = parts(&entries, second);
        let one = apply(bus, table, Mode::Together, &mut first);
        let (one, two) = if zombie {
            let two = apply(bus, table, Mode::Together, &mut second);
            tokio::join!(one, two)
        } else {
            (one.await, Ok(Default::default()))
        };
        for outcome in [one, two] {
            if self.survives(outcome.map_err(|failure| failure.fault)).is_none() {
                return; // killed: the next begins where the cursors stand
            }
        }
        if !self.faults || !self.rng.one_in(10) {
            self.actors[who].position = upto;
        }
    }

    pub(super) async fn step(&mut self) {
        let who = self.rng.below(3);
        match self.rng.below(9) {
            0 if self.faults => self.command().await,
            1 => {
                let outcome = self.actors[who].sequencer.sequence().await;
                self.survives(outcome);
            }
            2 => self.publish(who).await,
            3 | 4 => self.consume(who, false).await,
            5 => self.consume(who, true).await,
            6 => self.resync(who),
            _ => {
                for actor in &mut self.actors {
                    if actor.position > self.stream.len() {
                        actor.position = 0; // a feed that is ahead of its stream begins anew
                    }
                }
            }
        }
    }

    pub(super) fn break_something(&mut self) {
        let who = self.rng.below(3);
        let len = self.stream.len();
        match self.rng.below(6) {
            0 => self.stream.clear(),
            1 => self.stream.truncate(self.rng.below(len + 1)),
            2 => self.actors[who].position = self.rng.below(len + 1),
            3 => self.actors[who].position = len + self.rng.below(3),
            4 => self.resync(who),
            _ if len > 0 => {
                let message = self.stream[self.rng.below(len)];
                self.stream.insert(self.rng.below(len + 1), message);
            }
            _ => {}
        }
    }

    pub(super) async fn check(&self) {
        for actor in &self.actors {
            let applied: Vec<(String, i32, i64)> =
                sqlx::query_as("SELECT producer, partition, seq FROM applied ORDER BY n")
                    .fetch_all(actor.bus.pool())
                    .await
                    .expect("reads");
            let mut seen = HashSet::new();
            for (producer, partition, seq) in &applied {
                let who = NAMES
                    .iter()
                    .position(|name| name == producer)
                    .expect("a known producer");
                let entry = self.entry((who, *partition, *seq)).await;
                for cause in parse_causes(&entry.causes) {
                    let (cause, upto) = cause.expect("well formed");
                    let met = cause == actor.bus.service()
                        || upto == 0
                        || seen.contains(&(cause.to_owned(), *partition, upto));
                    assert!(
                        met,
                        "{} applied {producer} {seq} before its cause {cause} {upto}",
                        actor.bus.service()
                    );
                }
                assert!(
                    *seq == 1 || seen.contains(&(producer.clone(), *partition, seq - 1)),
                    "{} skipped before {producer} {seq}",
                    actor.bus.service()
                );
                seen.insert((producer.clone(), *partition, *seq));
            }
            for other in self
                .actors
                .iter()
                .filter(|other| other.bus.service() != actor.bus.service())
            {
                let mut sql = other.bus.pool().acquire().await.expect("a connection");
                for (partition, head) in store::heads(&mut sql).await.expect("reads") {
                    let got = applied
                        .iter()
                        .filter(|(p, part, _)| p == other.bus.service() && *part == partition);
                    assert_eq!(
                        i64::try_from(got.count()).expect("small"),
                        head,
                        "events were lost"
                    );
                }
            }
        }
    }
}

impl World {
    /// Publishes once more if the stream is behind the journal.
    pub(super) async fn level_once(&mut self, who: usize) -> bool {
        let before = self.stream.len();
        self.publish(who).await;
        self.stream.len() > before
    }

    /// Events recorded and applied so far.
    pub(super) async fn total(&self) -> i64 {
        let mut total = 0;
        for actor in &self.actors {
            let sql = "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM applied)";
            let count: i64 = sqlx::query_scalar(sql)
                .fetch_one(actor.bus.pool())
                .await
                .expect("reads");
            total += count;
        }
        total
    }
}
