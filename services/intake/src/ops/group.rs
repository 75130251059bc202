//! Registrations that are ready at the same time are inserted together: one transaction, one commit for all.
//!
//! While one group is being committed the next gathers; nobody waits for company. Invariant: each waiting
//! registration is answered exactly once, and its events are published if and only if its rows are inserted.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hotline_bus::{Bus, Fault};
use hotline_policy::Refusal;
use hotline_proto::intake::v1::{AppealAccepted, AppealRegistered};
use tokio::sync::oneshot;
use tracing::Span;
use uuid::Uuid;

use crate::domain::refusals;
use crate::store::{self, Inserted, NewAppeal};

/// Registrations of one transaction: beyond it a larger group saves nothing measurable and only waits longer.
const GROUP_MAX: usize = 64;
/// Registrations that wait: as many as the server serves calls at once by default.
const QUEUE_MAX: usize = 1_024;

/// A registration ready to be inserted, with its events.
pub(super) struct Ready {
    pub new: NewAppeal,
    pub registered: AppealRegistered,
    pub accepted: Option<AppealAccepted>,
    /// The caller's span: its events belong to its trace, not to that of the group.
    pub span: Span,
}

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Inserted, with the count of earlier appeals and whether the caller is marked.
    Inserted(Inserted),
    /// Its key or its source is taken.
    Taken,
}

type Answer = Result<Outcome, Fault>;

struct Waiting {
    ready: Ready,
    answer: oneshot::Sender<Answer>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    running: bool,
}

/// The registrations of this process that wait for their group.
#[derive(Clone, Default)]
pub(super) struct Group(Arc<Mutex<Queue>>);

impl Group {
    /// Inserts a registration together with those that are ready at the same time.
    pub(super) async fn submit(&self, bus: &Bus, ready: Ready) -> Answer {
        let (answer, answered) = oneshot::channel();
        if self.enqueue(Waiting { ready, answer })? {
            // A task of its own: a caller that gives up does not take its group with it.
            tokio::spawn(self.clone().run(bus.clone()));
        }
        answered
            .await
            .unwrap_or_else(|_| Err(Fault::retry("the group of a registration was given up")))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a registration into the queue; true when nobody works on the queue yet.
    fn enqueue(&self, waiting: Waiting) -> Result<bool, Fault> {
        let mut queue = self.queue();
        if queue.waiting.len() >= QUEUE_MAX {
            return Err(Refusal::new(&refusals::QUEUE_FULL).into());
        }
        queue.waiting.push_back(waiting);
        Ok(!std::mem::replace(&mut queue.running, true))
    }

    fn take(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let count = queue.waiting.len().min(GROUP_MAX);
        queue.running = count > 0;
        queue.waiting.drain(..count).collect()
    }

    async fn run(self, bus: Bus) {
        let _stopped = Stopped(&self);
        loop {
            let group = self.take();
            if group.is_empty() {
                return;
            }
            metrics::histogram!("hotline_intake_group_size")
                .record(u32::try_from(group.len()).unwrap_or(u32::MAX));
            answer(&bus, group).await;
        }
    }
}

/// Lets the next registration start the work anew, should a group panic.
struct Stopped<'g>(&'g Group);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue().running = false;
        }
    }
}

/// Inserts a group and answers everybody in it.
async fn answer(bus: &Bus, group: Vec<Waiting>) {
    let ready: Vec<&Ready> = group.iter().map(|waiting| &waiting.ready).collect();
    match insert(bus, &ready).await {
        Ok(inserted) => {
            for waiting in group {
                let outcome = outcome_of(&inserted, waiting.ready.new.case.id);
                // Nobody listens when the caller gave up; the same key will find what was inserted.
                let _ = waiting.answer.send(Ok(outcome));
            }
        }
        // One of them is a defect: the others must not suffer for it.
        Err(Fault::Poison(_)) if group.len() > 1 => {
            for waiting in group {
                let inserted = insert(bus, &[&waiting.ready]).await;
                let outcome = inserted.map(|ids| outcome_of(&ids, waiting.ready.new.case.id));
                let _ = waiting.answer.send(outcome);
            }
        }
        Err(fault) => {
            let told = fault.to_string();
            for waiting in group {
                let same = match fault {
                    Fault::Poison(_) => Fault::poison(told.clone()),
                    _ => Fault::retry(told.clone()),
                };
                let _ = waiting.answer.send(Err(same));
            }
        }
    }
}

fn outcome_of(inserted: &HashMap<Uuid, Inserted>, id: Uuid) -> Outcome {
    inserted
        .get(&id)
        .map_or(Outcome::Taken, |row| Outcome::Inserted(*row))
}

/// One transaction: what is free is inserted and its events are published; gives the inserted.
async fn insert(bus: &Bus, group: &[&Ready]) -> Result<HashMap<Uuid, Inserted>, Fault> {
    let mut tx = bus.begin().await?;
    let new: Vec<&NewAppeal> = group.iter().map(|ready| &ready.new).collect();
    let rows = store::insert_many(tx.sql(), &new).await?;
    let inserted: HashMap<Uuid, Inserted> = rows.into_iter().map(|row| (row.id, row)).collect();
    for ready in group
        .iter()
        .filter(|ready| inserted.contains_key(&ready.new.case.id))
    {
        let root = ready.new.case.id;
        ready.span.in_scope(|| {
            tx.publish(root, &ready.registered);
            if let Some(accepted) = &ready.accepted {
                tx.publish(root, accepted);
            }
        });
    }
    tx.commit().await?;
    Ok(inserted)
}
