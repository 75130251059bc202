//! Applies a signal to the clocks of its order.

use std::collections::HashMap;

use hotline_bus::{Fault, Tx};
use uuid::Uuid;

use super::Sla;
use crate::domain::{Clock, Event, Needs, Signal, decide};
use crate::{contract, store};

/// Starts, stops and moves clocks, and publishes what happened to them.
///
/// # Errors
/// [`Fault::Retry`] when the database failed, or a newer calendar has just come: the same again uses it.
pub async fn apply(sla: &Sla, signal: &Signal, tx: &mut Tx) -> Result<(), Fault> {
    let clocks = match signal.what.needs() {
        Needs::Nothing => Vec::new(),
        Needs::Open => store::open_of_order(tx.sql(), signal.order.id).await?,
        Needs::All => store::of_order(tx.sql(), signal.order.id).await?,
    };
    let rules = sla.rules();
    let events = decide(&clocks, signal, &rules, tx.now());
    let changed = last_of_each(&events);
    if changed.is_empty() {
        return Ok(());
    }
    let saved = store::save(tx.sql(), &changed).await?;
    if saved.calendar != rules.version() {
        sla.refresh().await?;
        return Err(Fault::retry("a newer calendar has come"));
    }
    let written = events
        .iter()
        .filter(|event| saved.ids.contains(&event.clock().id));
    contract::publish(tx, written)?;
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
