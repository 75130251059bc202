//! Commands: the one road by which people change an order.

use std::sync::Arc;

use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use hotline_runtime::audit;
use tokio::sync::SemaphorePermit;
use tracing::Span;

use crate::domain::{self, Actor, Command, Event, Order, OrderId};
use crate::ops::group::Ask;
use crate::ops::{Routing, not_found, tell};
use crate::store::{self, Loaded};

impl Routing {
    /// Does what `command` asks of an order, together with the commands that are ready at the same time; `seen` is the
    /// version that the caller saw, 0 for any.
    ///
    /// # Errors
    /// The refusal of the rule that says no; a fault of the database.
    pub async fn act(
        self: &Arc<Self>,
        id: OrderId,
        seen: u64,
        actor: Actor,
        command: Command,
    ) -> Result<Order, Fault> {
        let ask = Ask {
            id,
            seen,
            actor,
            command,
            span: Span::current(),
            call: audit::current(),
        };
        self.groups.submit(self, ask).await
    }

    /// Does one command in a transaction of its own.
    pub(super) async fn act_alone(&self, ask: &Ask) -> Result<Order, Fault> {
        let _turn = self.turn().await?;
        self.keep_up().await?;
        let mut tx = self.begin().await?;
        let found = store::load(tx.sql(), ask.id).await?;
        let mut loaded = found.ok_or_else(|| not_found(ask.id))?;
        loaded.order = self.caught_up(loaded.order);
        let events = self.decide(&loaded, ask, &tx)?;
        if let Some(call) = &ask.call {
            tx.carries_out(call, ask.id.0);
        }
        if !events.is_empty() {
            evolve(&mut tx, &mut loaded, &events);
            store::save(tx.sql(), &loaded).await?;
            tell_all(&mut tx, &loaded, &events, &ask.actor.name);
        }
        tx.commit().await?;
        Ok(loaded.order)
    }

    /// Waits for the turn to hold a connection. Nobody takes the turns away; a caller waits until its deadline.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, Fault> {
        let turn = self.alone.acquire().await;
        turn.map_err(|closed| Fault::retry(closed.to_string()))
    }

    /// What a command makes of an order.
    pub(super) fn decide(&self, loaded: &Loaded, ask: &Ask, tx: &Tx) -> Result<Vec<Event>, Refusal> {
        loaded.order.require_version(ask.seen)?;
        self.ask(&loaded.order.facts, tx.now(), &ask.actor, |rules, moment| {
            domain::decide(&loaded.order, &ask.command, rules, moment)
        })
    }
}

/// Applies events to the order in memory.
pub(super) fn evolve(tx: &mut Tx, loaded: &mut Loaded, events: &[Event]) {
    let now = tx.now();
    for event in events {
        loaded.order.evolve(event, now);
    }
    loaded.order.version += 1;
}

/// Publishes what events mean to others.
pub(super) fn tell_all(tx: &mut Tx, loaded: &Loaded, events: &[Event], by: &str) {
    for event in events {
        tell::publish(tx, &loaded.order, event, by);
    }
}
