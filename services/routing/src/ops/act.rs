//! Commands and what was heard: the one road by which an order changes.

use std::sync::Arc;

use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use hotline_runtime::audit;
use tracing::Span;

use crate::domain::{self, Actor, Command, Event, Facts, Heard, Order, OrderId, Post, Standing, Subject};
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
        if ask
            .call
            .as_ref()
            .is_some_and(|call| call.caller.is_held_to_a_unit())
        {
            // In the call's own task, whose transaction the database holds to the unit's rows.
            return self.act_alone(&ask).await;
        }
        self.group.submit(self, ask).await
    }

    /// Does one command in a transaction of its own.
    pub(super) async fn act_alone(&self, ask: &Ask) -> Result<Order, Fault> {
        // It is never closed; the call's deadline ends the waiting.
        let _turn = self
            .alone
            .acquire()
            .await
            .map_err(|closed| Fault::retry(closed.to_string()))?;
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

    /// What a command makes of an order.
    pub(super) fn decide(&self, loaded: &Loaded, ask: &Ask, tx: &Tx) -> Result<Vec<Event>, Refusal> {
        loaded.order.require_version(ask.seen)?;
        self.ask(&loaded.order.facts, tx.now(), &ask.actor, |rules, moment| {
            domain::decide(&loaded.order, &ask.command, rules, moment)
        })
    }

    /// Opens the order of an accepted appeal; the same one a second time changes nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn open(&self, tx: &mut Tx, id: OrderId, facts: Facts, subject: Subject) -> Result<(), Fault> {
        let order = Order::opened(id, facts, subject, tx.now());
        if store::open(tx.sql(), &order).await? {
            tell::publish(tx, &order, &Event::Opened, domain::SERVICE);
        }
        Ok(())
    }

    /// Applies what another service told; an order that is not there, or has moved on, is left alone.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn hear(&self, tx: &mut Tx, id: OrderId, heard: &Heard, by: &str) -> Result<(), Fault> {
        let Some(mut loaded) = store::load(tx.sql(), id).await? else {
            return Ok(());
        };
        loaded.order = self.caught_up(loaded.order);
        let name = if by.is_empty() { domain::SERVICE } else { by };
        let actor = Actor {
            name: name.to_owned(),
            standing: Standing::Service,
            posts: vec![Post::Platform],
        };
        let events = self.ask(&loaded.order.facts, tx.now(), &actor, |rules, moment| {
            domain::hear(&loaded.order, heard, rules, moment)
        });
        if events.is_empty() {
            return Ok(());
        }
        evolve(tx, &mut loaded, &events);
        store::save(tx.sql(), &loaded).await?;
        tell_all(tx, &loaded, &events, &actor.name);
        Ok(())
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
