//! Applies signals to the clocks of their orders: those of one transaction are read together and written together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use hotline_bus::{Fault, Tx};
use uuid::Uuid;

use super::{Sla, supervision};
use crate::domain::{Clock, Event, Needs, Rules, Signal, decide};
use crate::{contract, store};

/// The clocks of one transaction, in memory until [`settle`] writes them.
#[derive(Default)]
struct Sheet {
    /// By order, as they were read: those whose duty is open, or all.
    read: HashMap<Uuid, (Needs, Vec<Clock>)>,
    /// By order and id, as they stand after what was decided.
    changed: BTreeMap<Uuid, BTreeMap<Uuid, Clock>>,
    events: Vec<Event>,
    /// Orders that were settled or ended.
    ended: BTreeSet<Uuid>,
    /// The same from the first signal to the last.
    rules: Option<Arc<Rules>>,
}

impl Sheet {
    /// The clocks of an order as they stand now.
    fn clocks(&self, order: Uuid) -> Vec<Clock> {
        let changed = self.changed.get(&order);
        let is_changed = |clock: &&Clock| changed.is_some_and(|changed| changed.contains_key(&clock.id));
        let read = self.read.get(&order).map_or(&[][..], |(_, clocks)| clocks);
        let read = read.iter().filter(|clock| !is_changed(clock));
        read.chain(changed.into_iter().flat_map(BTreeMap::values))
            .cloned()
            .collect()
    }

    fn has_read(&self, order: Uuid, needs: Needs) -> bool {
        let read = self.read.get(&order).map(|(read, _)| *read);
        needs == Needs::Nothing || read == Some(Needs::All) || read == Some(needs)
    }
}

/// Starts, stops and moves clocks, in memory until [`settle`].
///
/// # Errors
/// The database failed.
pub async fn apply(sla: &Sla, signal: &Signal, tx: &mut Tx) -> Result<(), Fault> {
    read(signal.order.id, signal.what.needs(), tx).await?;
    let now = tx.now();
    let sheet = tx.keep::<Sheet>();
    let rules = Arc::clone(sheet.rules.get_or_insert_with(|| sla.rules()));
    let events = decide(&sheet.clocks(signal.order.id), signal, &rules, now);
    for clock in last_of_each(&events) {
        let changed = sheet.changed.entry(clock.order).or_default();
        changed.insert(clock.id, clock.clone());
    }
    sheet.events.extend(events);
    Ok(())
}

/// Notes that an order was settled or ended, until [`settle`] closes what was open for its lateness.
pub(super) fn ended(order: Uuid, tx: &mut Tx) {
    tx.keep::<Sheet>().ended.insert(order);
}

/// Reads the clocks of an order, and with them the open ones of every order that the transaction is about.
async fn read(order: Uuid, needs: Needs, tx: &mut Tx) -> Result<(), Fault> {
    if tx.keep::<Sheet>().has_read(order, needs) {
        return Ok(());
    }
    if needs == Needs::All {
        let clocks = store::of_order(tx.sql(), order).await?;
        tx.keep::<Sheet>().read.insert(order, (needs, clocks));
        return Ok(());
    }
    let mut orders = tx.roots().to_vec();
    orders.push(order);
    let sheet = tx.keep::<Sheet>();
    orders.retain(|order| !sheet.has_read(*order, needs));
    let clocks = store::open_of_orders(tx.sql(), &orders).await?;
    let sheet = tx.keep::<Sheet>();
    for order in orders {
        sheet.read.insert(order, (needs, Vec::new()));
    }
    for clock in clocks {
        if let Some((_, read)) = sheet.read.get_mut(&clock.order) {
            read.push(clock);
        }
    }
    Ok(())
}

/// Closes what ended orders no longer need, writes the clocks that changed and publishes what happened to them. A clock that
/// was to be armed and is there already stays as it is, and nothing is told of it.
///
/// # Errors
/// [`Fault::Retry`] when the database failed, a clock changed since it was read, or a newer calendar has just come: the same
/// again finds how things stand now.
pub async fn settle(sla: &Sla, tx: &mut Tx) -> Result<(), Fault> {
    let Sheet {
        read,
        changed,
        events,
        ended,
        rules,
    } = std::mem::take(tx.keep::<Sheet>());
    let ended: Vec<Uuid> = ended.into_iter().collect();
    supervision::close_ended(&ended, tx).await?;
    let changed: Vec<&Clock> = changed.values().flat_map(BTreeMap::values).collect();
    let Some(rules) = rules.filter(|_| !changed.is_empty()) else {
        return Ok(());
    };
    let read: HashMap<Uuid, i32> = read
        .values()
        .flat_map(|(_, clocks)| clocks)
        .map(|clock| (clock.id, clock.generation))
        .collect();
    let (mut new, mut there) = (Vec::new(), Vec::new());
    for clock in &changed {
        match read.get(&clock.id) {
            Some(&read) => there.push(store::Changed { clock, read }),
            None => new.push(*clock),
        }
    }
    let saved = store::save(tx.sql(), &new, &there).await?;
    let Some(saved) = saved else {
        return Err(Fault::retry("a clock changed since it was read"));
    };
    if saved.calendar != rules.version() {
        sla.refresh().await?;
        return Err(Fault::retry("a newer calendar has come"));
    }
    let written = events
        .iter()
        .filter(|event| saved.ids.contains(&event.clock().id));
    contract::publish(tx, written)?;
    let ran_out: Vec<_> = events
        .iter()
        .filter(|event| matches!(event, Event::Breached { .. }) && saved.ids.contains(&event.clock().id))
        .map(Event::clock)
        .collect();
    supervision::breached(sla, &ran_out, tx).await?;
    sla.wake_for(&changed);
    Ok(())
}

/// The clocks as they stand after all events, each once.
pub(super) fn last_of_each(events: &[Event]) -> Vec<&Clock> {
    let last: HashMap<Uuid, &Clock> = events
        .iter()
        .map(|event| (event.clock().id, event.clock()))
        .collect();
    let mut clocks: Vec<_> = last.into_values().collect();
    clocks.sort_by_key(|clock| (clock.order, clock.id));
    clocks
}
