//! Commands of the platform's staff that are ready at the same time are done together: one transaction, one commit for all.
//!
//! Each is decided by itself; a refusal changes nothing and costs the others nothing. A call-back that somebody holds, or that
//! two ask for at once, is not waited for: its command goes alone.
//!
//! Invariant: a command is answered as done if and only if its events were committed.

use std::collections::HashMap;
use std::sync::Arc;

use hotline_bus::{Fault, Tx, Waiting};
use hotline_runtime::audit::{self, Call};
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::{Callbacks, Decided};
use crate::contract;
use crate::domain::{Actor, Callback, Command};
use crate::ops::Target;
use crate::store;

/// Commands of one transaction, and that wait at most: as many as the server serves calls at once by default.
const GROUP_MAX: usize = 64;
const QUEUE_MAX: usize = 1_024;

/// A command that somebody gave.
pub(super) struct Ask {
    id: Uuid,
    seen: i64,
    command: Command,
    name: String,
    unit: Option<String>,
    inspector: bool,
    /// The caller's span: its events belong to its trace, not to that of the group.
    span: Span,
    /// The call, for its audit entry.
    call: Option<Arc<Call>>,
}

type Answer = Result<Callback, Fault>;
type Asked = Waiting<Ask, Answer>;

/// Those of this process who wait for their group.
pub(super) type Group = hotline_bus::Group<Ask, Answer>;

/// A group of nobody yet.
pub(super) fn group() -> Group {
    Group::new(GROUP_MAX, QUEUE_MAX)
}

impl Ask {
    fn actor(&self) -> Actor<'_> {
        Actor {
            name: &self.name,
            unit: self.unit.as_deref(),
            inspector: self.inspector,
        }
    }
}

impl Callbacks {
    /// Carries out a person's command together with those that are ready at the same time; `version` is the one that they
    /// saw, 0 for any. That of a unit's staff goes alone, on connections that show the rows of their unit.
    ///
    /// # Errors
    /// As [`Callbacks::command`].
    pub async fn act(
        self: &Arc<Self>,
        target: Target,
        version: i64,
        command: Command,
        actor: Actor<'_>,
    ) -> Answer {
        let call = audit::current();
        let held = call.as_ref().is_some_and(|call| call.caller.is_held_to_a_unit());
        let id = match target {
            Target::Callback(id) if !held => id,
            _ => return self.command(target, version, &command, actor).await,
        };
        let ask = Ask {
            id,
            seen: version,
            command,
            name: actor.name.to_owned(),
            unit: actor.unit.map(str::to_owned),
            inspector: actor.inspector,
            span: Span::current(),
            call,
        };
        let callbacks = Arc::clone(self);
        let work = move |group| Arc::clone(&callbacks).act_together(group);
        let answer = self.group.submit(ask, work).await;
        answer.unwrap_or_else(|turned| Err(Fault::retry(turned.to_string())))
    }

    /// Answers everybody in a group: together where that can be, else each alone and at the same time.
    async fn act_together(self: Arc<Self>, group: Vec<Asked>) {
        let alone = |asked: Asked| {
            let (callbacks, span) = (Arc::clone(&self), asked.item.span.clone());
            let alone = async move {
                let ask = &asked.item;
                let meant = (Target::Callback(ask.id), ask.seen);
                let answer = callbacks
                    .alone(meant, &ask.command, ask.actor(), ask.call.as_ref())
                    .await;
                asked.answer(answer);
            };
            tokio::spawn(alone.instrument(span));
        };
        let outcomes = self.commit_together(&group).await;
        hotline_bus::answer_all(group, outcomes, alone);
        self.wake.notify_one();
    }

    /// One transaction; gives each answer, and nothing for call-backs that are held, absent or asked for twice.
    async fn commit_together(&self, group: &[Asked]) -> Result<Vec<Option<Answer>>, Fault> {
        self.keep_up().await?;
        let mut tx = self.bus.begin().await?;
        let ids: Vec<Uuid> = group.iter().map(|asked| asked.item.id).collect();
        let free = store::lock_free(tx.sql(), &ids).await?;
        let mut free: HashMap<Uuid, Callback> =
            free.into_iter().map(|callback| (callback.id, callback)).collect();
        let outcomes: Vec<Option<Result<Decided, Fault>>> = group
            .iter()
            .map(|Waiting { item: ask, .. }| {
                let found = free.remove(&ask.id)?;
                Some(self.decide(found, ask.seen, &ask.command, ask.actor(), &tx))
            })
            .collect();
        let done: Vec<&Decided> = outcomes.iter().flatten().flatten().collect();
        store::update(
            tx.sql(),
            &done.iter().map(|done| done.saved()).collect::<Vec<_>>(),
        )
        .await?;
        for (asked, outcome) in group.iter().zip(&outcomes) {
            if let Some(Ok(decided)) = outcome {
                tell(&asked.item, decided, &mut tx)?;
            }
        }
        tx.commit().await?;
        let answer = |outcome: Result<Decided, Fault>| outcome.map(|decided| decided.callback);
        Ok(outcomes.into_iter().map(|outcome| outcome.map(answer)).collect())
    }
}

/// Publishes what one of a group did, in its call's trace and for its call's audit entry.
fn tell(ask: &Ask, decided: &Decided, tx: &mut Tx) -> Result<(), Fault> {
    if let Some(call) = &ask.call {
        tx.carries_out(call, decided.callback.settled.order);
    }
    ask.span
        .in_scope(|| contract::publish(tx, &decided.callback, &decided.events))
}
