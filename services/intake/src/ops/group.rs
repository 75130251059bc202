//! Registrations that are ready at the same time are inserted together: one statement, one commit for all.
//!
//! While one group is being committed the next gathers. Invariant: each waiting
//! registration is answered exactly once, and its events are published if and only if its rows are inserted.

use std::collections::HashMap;
use std::sync::Arc;

use hotline_bus::{Bus, Done, Fault, OneStatement, Turned, Waiting};
use hotline_policy::Refusal;
use hotline_proto::intake::v1::{AppealAccepted, AppealRegistered};
use hotline_runtime::audit::Call;
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
    /// The call, for its audit entry.
    pub call: Option<Arc<Call>>,
}

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Inserted, with the count of earlier appeals and whether the caller is marked.
    Inserted(Inserted),
    /// Its key or its source is taken.
    Taken,
}

impl Done for Inserted {
    fn root(&self) -> Uuid {
        self.id
    }
}

type Answer = Result<Outcome, Fault>;

/// The registrations of this process that wait for their group.
#[derive(Clone)]
pub(super) struct Group {
    waiting: hotline_bus::Group<Ready, Answer>,
    statement: Arc<OneStatement>,
}

impl Group {
    pub(super) fn new(bus: Bus) -> Self {
        Self {
            waiting: hotline_bus::Group::new(GROUP_MAX, QUEUE_MAX),
            statement: Arc::new(OneStatement::new(bus, store::INSERT, store::INSERTED)),
        }
    }

    /// Inserts a registration together with those that are ready at the same time.
    pub(super) async fn submit(&self, ready: Ready) -> Answer {
        let statement = Arc::clone(&self.statement);
        let work = move |group| answer(Arc::clone(&statement), group);
        match self.waiting.submit(ready, work).await {
            Ok(answer) => answer,
            Err(Turned::Away) => Err(Refusal::new(&refusals::QUEUE_FULL).into()),
            Err(turned) => Err(Fault::retry(turned.to_string())),
        }
    }
}

/// Inserts a group and answers everybody in it.
async fn answer(statement: Arc<OneStatement>, group: Vec<Waiting<Ready, Answer>>) {
    metrics::histogram!("hotline_intake_group_size").record(u32::try_from(group.len()).unwrap_or(u32::MAX));
    let ready: Vec<&Ready> = group.iter().map(|waiting| &waiting.item).collect();
    match insert(&statement, &ready).await {
        Ok(inserted) => {
            for waiting in group {
                // A caller that gave up finds with the same key what was inserted.
                let outcome = outcome_of(&inserted, waiting.item.new.case.id);
                waiting.answer(Ok(outcome));
            }
        }
        // One of them is a defect: the others must not suffer for it.
        Err(Fault::Poison(_)) if group.len() > 1 => {
            for waiting in group {
                let inserted = insert(&statement, &[&waiting.item]).await;
                let outcome = inserted.map(|ids| outcome_of(&ids, waiting.item.new.case.id));
                waiting.answer(outcome);
            }
        }
        Err(fault) => {
            let told = fault.to_string();
            for waiting in group {
                let same = match fault {
                    Fault::Poison(_) => Fault::poison(told.clone()),
                    _ => Fault::retry(told.clone()),
                };
                waiting.answer(Err(same));
            }
        }
    }
}

fn outcome_of(inserted: &HashMap<Uuid, Inserted>, id: Uuid) -> Outcome {
    inserted
        .get(&id)
        .map_or(Outcome::Taken, |row| Outcome::Inserted(*row))
}

/// One statement: what is free is inserted and its events are published; gives the inserted.
async fn insert(statement: &OneStatement, group: &[&Ready]) -> Result<HashMap<Uuid, Inserted>, Fault> {
    let mut said = statement.say();
    for ready in group {
        let root = ready.new.case.id;
        if let Some(call) = &ready.call {
            said.carries_out(call, root);
        }
        ready.span.in_scope(|| {
            said.publish(root, &ready.registered);
            if let Some(accepted) = &ready.accepted {
                said.publish(root, accepted);
            }
        });
    }
    let new: Vec<&NewAppeal> = group.iter().map(|ready| &ready.new).collect();
    let rows: Vec<Inserted> = statement
        .carry_out(said, |arguments| store::bind_new(arguments, &new))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
