//! What others did: orders are opened, and those that it moves are written together, once a transaction.

use std::collections::{BTreeSet, HashMap};

use hotline_bus::{Fault, Tx};

use super::act::{evolve, tell_all};
use crate::domain::{self, Actor, Event, Facts, Heard, Order, OrderId, Post, Standing, Subject};
use crate::ops::{Routing, tell};
use crate::store::{self, Loaded};

/// The orders of one transaction as they stand by now, in memory until [`Routing::write_heard`] writes those that moved.
#[derive(Default)]
struct Sheet {
    /// Nothing where there is no such order.
    read: HashMap<OrderId, Option<Loaded>>,
    moved: BTreeSet<OrderId>,
}

impl Routing {
    /// Opens the order of an accepted appeal; the same one a second time changes nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn open(&self, tx: &mut Tx, id: OrderId, facts: Facts, subject: Subject) -> Result<(), Fault> {
        let order = Order::opened(id, facts, subject, tx.now());
        if store::open(tx.sql(), &order).await? {
            tell::publish(tx, &order, &Event::Opened, domain::SERVICE);
        }
        // Whoever asks from here on finds it.
        tx.keep::<Sheet>().read.remove(&id);
        Ok(())
    }

    /// Applies what another service told, in memory until [`Routing::write_heard`]; an order that is not there, or has moved
    /// on, is left alone.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn hear(&self, tx: &mut Tx, id: OrderId, heard: &Heard, by: &str) -> Result<(), Fault> {
        self.read(tx, id).await?;
        let now = tx.now();
        let Some(Some(mut loaded)) = tx.keep::<Sheet>().read.remove(&id) else {
            return Ok(());
        };
        let name = if by.is_empty() { domain::SERVICE } else { by };
        let actor = Actor {
            name: name.to_owned(),
            standing: Standing::Service,
            posts: vec![Post::Platform],
        };
        let events = self.ask(&loaded.order.facts, now, &actor, |rules, moment| {
            domain::hear(&loaded.order, heard, rules, moment)
        });
        if !events.is_empty() {
            evolve(tx, &mut loaded, &events);
            tell_all(tx, &loaded, &events, &actor.name);
            tx.keep::<Sheet>().moved.insert(id);
        }
        tx.keep::<Sheet>().read.insert(id, Some(loaded));
        Ok(())
    }

    /// Reads an order, locked, and with it every order that the transaction is about.
    async fn read(&self, tx: &mut Tx, id: OrderId) -> Result<(), Fault> {
        let mut ids: Vec<OrderId> = tx.roots().iter().copied().map(OrderId).collect();
        ids.push(id);
        let known = &tx.keep::<Sheet>().read;
        if known.contains_key(&id) {
            return Ok(());
        }
        ids.retain(|id| !known.contains_key(id));
        let found = store::load_all(tx.sql(), &ids).await?;
        let known = &mut tx.keep::<Sheet>().read;
        known.extend(ids.into_iter().map(|id| (id, None)));
        for mut loaded in found {
            loaded.order = self.caught_up(loaded.order);
            known.insert(loaded.order.id, Some(loaded));
        }
        Ok(())
    }

    /// Writes the orders that moved.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn write_heard(&self, tx: &mut Tx) -> Result<(), Fault> {
        let Sheet { read, moved } = std::mem::take(tx.keep());
        let moved: Vec<&Loaded> = moved.iter().filter_map(|id| read.get(id)?.as_ref()).collect();
        Ok(store::save_all(tx.sql(), &moved).await?)
    }
}
