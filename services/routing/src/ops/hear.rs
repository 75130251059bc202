//! What others did: the orders that it opens and those that it moves are written together, once a transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hotline_bus::{Fault, Tx};
use tracing::Span;

use super::act::{evolve, tell_all};
use crate::domain::{self, Actor, Event, Facts, Heard, Order, OrderId, Post, Standing, Subject};
use crate::ops::{Routing, tell};
use crate::store::{self, Loaded};

/// The orders of one transaction as they stand by now, in memory until [`Routing::write_heard`] writes those that moved.
#[derive(Default)]
struct Sheet {
    /// To be written before anything is asked about them, each with the span in which it is told of.
    opening: BTreeMap<OrderId, (Order, Span)>,
    /// Nothing where there is no such order.
    read: HashMap<OrderId, Option<Loaded>>,
    moved: BTreeSet<OrderId>,
}

impl Routing {
    /// Opens the order of an accepted appeal, in memory until [`Routing::write_heard`]; the same one a second time changes
    /// nothing.
    pub fn open(&self, tx: &mut Tx, id: OrderId, facts: Facts, subject: Subject) {
        let order = Order::opened(id, facts, subject, tx.now());
        let opening = &mut tx.keep::<Sheet>().opening;
        opening.entry(id).or_insert_with(|| (order, Span::current()));
    }

    /// Writes the orders that are opened.
    async fn write_opened(&self, tx: &mut Tx) -> Result<(), Fault> {
        let opening = std::mem::take(&mut tx.keep::<Sheet>().opening);
        let orders: Vec<&Order> = opening.values().map(|(order, _)| order).collect();
        let opened = store::open(tx.sql(), &orders).await?;
        for (id, (order, span)) in &opening {
            if opened.contains(&id.0) {
                // Whoever asks from here on finds it.
                tx.keep::<Sheet>().read.remove(id);
                span.in_scope(|| tell::publish(tx, order, &Event::Opened, domain::SERVICE));
            }
        }
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
        if tx.keep::<Sheet>().opening.contains_key(&id) {
            self.write_opened(tx).await?;
        }
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

    /// Writes the orders that were opened, and those that moved.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn write_heard(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.write_opened(tx).await?;
        let Sheet { read, moved, .. } = std::mem::take(tx.keep());
        let moved: Vec<&Loaded> = moved.iter().filter_map(|id| read.get(id)?.as_ref()).collect();
        Ok(store::save_all(tx.sql(), &moved).await?)
    }
}
