//! Use cases of the enterprise desk: receive the second send, follow the department, press, add, evaluate, show.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Tx};
use hotline_policy::Refusal;
use hotline_runtime::page;
use hotline_vault::redact::redact;
use tracing::Span;
use uuid::Uuid;

use crate::contract;
use crate::domain::refusals::NOT_FOUND;
use crate::domain::{Command, Event, Heard, Leg, Matter, Standing, decide, hear};
use crate::store::{self, Key, Totals};

pub use crate::store::Filter;

/// Takes the second send of an order, in memory until [`settle`] stores and confirms it; a second one for the order changes
/// nothing.
pub fn receive(tx: &mut Tx, matter: Matter, lead_unit: String) {
    let standing = Standing::received(lead_unit, matter.round, tx.now());
    let leg = Leg { matter, standing };
    tx.keep::<Sheet>().received.push((leg, Span::current()));
}

/// Stores the second sends that came, and confirms them.
async fn store_received(tx: &mut Tx) -> Result<(), Fault> {
    let received = std::mem::take(&mut tx.keep::<Sheet>().received);
    let legs: Vec<&Leg> = received.iter().map(|(leg, _)| leg).collect();
    let stored = store::insert(tx.sql(), &legs).await?;
    for (leg, span) in received {
        let order = leg.matter.facts.order;
        if stored.contains(&leg.matter.leg) {
            span.in_scope(|| tx.publish(order, &contract::leg_received(&leg)));
            let read = Some((leg.standing, leg.matter.unit));
            tx.keep::<Sheet>().read.insert(order, read);
        } else {
            tracing::warn!(%order, leg = %leg.matter.leg, "the order has an enterprise leg already; this one is not kept");
        }
    }
    Ok(())
}

/// The legs of one transaction, in memory until [`settle`] writes those that came or moved.
#[derive(Default)]
struct Sheet {
    /// To be stored before anything is asked about their orders, each with the span in which it is told of.
    received: Vec<(Leg, Span)>,
    /// By order, with the unit of the enterprise platform; nothing where the order has no enterprise leg.
    read: HashMap<Uuid, Option<(Standing, String)>>,
    moved: BTreeSet<Uuid>,
}

/// Follows what others did with an order, in memory until [`settle`]; an order without an enterprise leg is passed over.
///
/// # Errors
/// The database.
pub async fn follow(tx: &mut Tx, order: Uuid, heard: &Heard) -> Result<(), Fault> {
    read(tx, order).await?;
    let at = happened_at(tx);
    let sheet = tx.keep::<Sheet>();
    let Some(Some((standing, platform_unit))) = sheet.read.get_mut(&order) else {
        return Ok(());
    };
    if let Some(event) = hear(standing, platform_unit, heard) {
        standing.evolve(&event, at);
        sheet.moved.insert(order);
    }
    Ok(())
}

/// Reads where the leg of an order stands, locked, and with it those of every order that the transaction is about.
async fn read(tx: &mut Tx, order: Uuid) -> Result<(), Fault> {
    let received = &tx.keep::<Sheet>().received;
    if received.iter().any(|(leg, _)| leg.matter.facts.order == order) {
        store_received(tx).await?;
    }
    let mut orders = tx.roots().to_vec();
    orders.push(order);
    let known = &tx.keep::<Sheet>().read;
    if known.contains_key(&order) {
        return Ok(());
    }
    orders.retain(|order| !known.contains_key(order));
    let mut found = store::lock_standings(tx.sql(), &orders).await?;
    let known = &mut tx.keep::<Sheet>().read;
    for order in orders {
        // Asked twice, an order is found once.
        known.entry(order).or_insert_with(|| found.remove(&order));
    }
    Ok(())
}

/// Stores the legs that came, and writes where those that moved stand now.
///
/// # Errors
/// The database.
pub async fn settle(tx: &mut Tx) -> Result<(), Fault> {
    store_received(tx).await?;
    let Sheet { read, moved, .. } = std::mem::take(tx.keep());
    let moved = moved
        .iter()
        .filter_map(|order| Some((*order, &read.get(order)?.as_ref()?.0)));
    let moved: Vec<_> = moved.collect();
    if !moved.is_empty() {
        store::save_all(tx.sql(), &moved).await?;
    }
    Ok(())
}

/// When the event being applied happened.
fn happened_at(tx: &Tx) -> DateTime<Utc> {
    tx.event().map_or_else(|| tx.now(), |event| event.occurred_at)
}

/// Carries out a command of `actor`, who saw `version` (0 for any).
///
/// # Errors
/// `enterprise.not_found`, the refusals of [`decide`], or the database.
pub async fn act(bus: &Bus, order: Uuid, version: i64, command: Command, actor: &str) -> Result<Leg, Fault> {
    let command = masked(command);
    let mut tx = bus.begin().await?;
    let mut leg = store::lock(tx.sql(), order)
        .await?
        .ok_or_else(|| not_found(order))?;
    let event = decide(&leg.standing, version, &command)?;
    leg.standing.evolve(&event, tx.now());
    store::save_all(tx.sql(), &[(order, &leg.standing)]).await?;
    tell(&mut tx, &leg, &event, actor);
    tx.commit().await?;
    Ok(leg)
}

/// The command with telephone and identity numbers masked in its words.
fn masked(command: Command) -> Command {
    match command {
        Command::Urge { note } => Command::Urge {
            note: redact(&note).0,
        },
        Command::Supplement { note } => Command::Supplement {
            note: redact(&note).0,
        },
        Command::Evaluate { satisfaction, note } => Command::Evaluate {
            satisfaction,
            note: redact(&note).0,
        },
    }
}

/// Publishes what others need to know; the rest of what happened came from them.
fn tell(tx: &mut Tx, leg: &Leg, event: &Event, actor: &str) {
    let order = leg.matter.facts.order;
    match event {
        Event::Urged { unit, note } => tx.publish(order, &contract::urged(leg, unit, note, actor)),
        Event::Supplemented { note } => tx.publish(order, &contract::supplemented(leg, note, actor)),
        Event::Evaluated { satisfaction, note } => {
            tx.publish(order, &contract::evaluated(leg, *satisfaction, note, actor));
        }
        _ => {}
    }
}

/// The leg of an order.
///
/// # Errors
/// `enterprise.not_found`, or the database.
pub async fn get(bus: &Bus, order: Uuid) -> Result<Leg, Fault> {
    Ok(store::find(bus.pool(), order)
        .await?
        .ok_or_else(|| not_found(order))?)
}

/// One page of legs, newest first, and the token of the next; empty at the end. `size` 0 means the default.
///
/// # Errors
/// `page.size_invalid`, `page.token_invalid`, or the database.
pub async fn list(bus: &Bus, filter: &Filter, size: i32, token: &str) -> Result<(Vec<Leg>, String), Fault> {
    let size = page::size(size)?;
    let after: Option<Key> = page::decode(token, filter)?;
    let mut legs = store::list(bus.pool(), filter, after, size + 1).await?;
    let more = legs.len() > size;
    legs.truncate(size);
    let next = legs
        .last()
        .filter(|_| more)
        .map(|leg| page::encode(&key(leg), filter));
    Ok((legs, next.unwrap_or_default()))
}

fn key(leg: &Leg) -> Key {
    Key {
        received_at: leg.standing.received_at,
        order: leg.matter.facts.order,
    }
}

/// Counts over all legs.
///
/// # Errors
/// The database.
pub async fn totals(bus: &Bus) -> Result<Totals, Fault> {
    Ok(store::totals(bus.pool()).await?)
}

fn not_found(order: Uuid) -> Refusal {
    Refusal::new(&NOT_FOUND)
        .field("order_id")
        .detail(order.to_string())
}
