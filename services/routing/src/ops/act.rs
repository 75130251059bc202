//! Commands and what was heard: the one road by which an order changes.

use hotline_bus::{Fault, Tx};

use crate::domain::{self, Actor, Command, Event, Facts, Heard, Order, OrderId, Post, Standing, Subject};
use crate::ops::{Routing, not_found, tell};
use crate::store::{self, Loaded};

impl Routing {
    /// Does what `command` asks of an order, in a transaction of its own; `seen` is the version that the caller saw, 0
    /// for any.
    ///
    /// # Errors
    /// The refusal of the rule that says no; a fault of the database.
    pub async fn act(
        &self,
        id: OrderId,
        seen: u64,
        actor: &Actor,
        command: &Command,
    ) -> Result<Order, Fault> {
        let mut tx = self.begin().await?;
        let mut loaded = store::load(tx.sql(), id).await?.ok_or_else(|| not_found(id))?;
        loaded.order.require_version(seen)?;
        let events = self.ask(&loaded.order.facts, tx.now(), actor, |rules, moment| {
            domain::decide(&loaded.order, command, rules, moment)
        })?;
        self.apply(&mut tx, &mut loaded, &events, &actor.name).await?;
        tx.commit().await?;
        Ok(loaded.order)
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
        let name = if by.is_empty() { domain::SERVICE } else { by };
        let actor = Actor {
            name: name.to_owned(),
            standing: Standing::Service,
            posts: vec![Post::Platform],
        };
        let events = self.ask(&loaded.order.facts, tx.now(), &actor, |rules, moment| {
            domain::hear(&loaded.order, heard, rules, moment)
        });
        self.apply(tx, &mut loaded, &events, &actor.name).await
    }

    /// Evolves, saves and publishes; no events, no write.
    async fn apply(&self, tx: &mut Tx, loaded: &mut Loaded, events: &[Event], by: &str) -> Result<(), Fault> {
        if events.is_empty() {
            return Ok(());
        }
        let now = tx.now();
        for event in events {
            loaded.order.evolve(event, now);
        }
        loaded.order.version += 1;
        store::save(tx.sql(), loaded).await?;
        for event in events {
            tell::publish(tx, &loaded.order, event, by);
        }
        Ok(())
    }
}
