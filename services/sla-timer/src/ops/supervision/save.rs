//! Writes what happened to a case: numbers, clocks for answers, cards, the row, the events.

use std::sync::Arc;

use chrono::Datelike;
use hotline_bus::{Fault, Tx};
use hotline_policy::Obligation;
use hotline_worktime::local_time;
use uuid::Uuid;

use super::{Bench, order_of};
use crate::contract;
use crate::domain::supervision::{Event, Instrument, evolve, numbered};
use crate::domain::{Basis, Clock, Event as ClockEvent, Sorts, State, identity};
use crate::ops::Sla;
use crate::store::supervision::{self as store, Due, Kept};
use crate::store::{self as clocks};

/// Writes events about a case, and the case after them.
pub(super) async fn save(
    sla: &Sla,
    kept: &mut Kept,
    mut events: Vec<Event>,
    bench: &Bench<'_>,
    tx: &mut Tx,
) -> Result<(), Fault> {
    if events.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    for event in &mut events {
        match event {
            Event::Issued(instrument) => {
                number(instrument, bench, tx).await?;
                instrument.clock = await_answer(sla, kept, instrument, 0, tx).await?;
            }
            Event::Replied(id, _) => stop(sla, kept, *id, true, tx).await?,
            Event::Carded(card) => store::insert_card(tx.sql(), card, card.led_on).await?,
            _ => {}
        }
        evolve(&mut kept.case, event, now);
        match event {
            Event::Decided(id, _, Some(_), _) => again(sla, kept, *id, tx).await?,
            Event::Closed(..) => {
                for id in kept
                    .case
                    .instruments
                    .iter()
                    .map(|known| known.id)
                    .collect::<Vec<_>>()
                {
                    stop(sla, kept, id, false, tx).await?;
                }
            }
            _ => {}
        }
    }
    store::update(tx.sql(), &mut kept.case).await?;
    contract::supervision::publish(tx, kept, &events)
}

/// Gives a document its number.
async fn number(instrument: &mut Instrument, bench: &Bench<'_>, tx: &mut Tx) -> Result<(), Fault> {
    let year = local_time(instrument.issued_at).year();
    let scope = format!("{}:{}", bench.policy.id, instrument.number);
    let serial = store::serial(tx.sql(), &scope, year).await?;
    instrument.number = numbered(&instrument.number, instrument.issued_at, serial);
    instrument.text = instrument.text.replace("{number}", &instrument.number);
    Ok(())
}

/// Lets the time for an answer run: as a clock on the unit's leg or, where there is none, as a thing to look at.
async fn await_answer(
    sla: &Sla,
    kept: &Kept,
    instrument: &Instrument,
    turn: usize,
    tx: &mut Tx,
) -> Result<Option<Uuid>, Fault> {
    let Some(due_at) = instrument.due_at else {
        return Ok(None);
    };
    let order = order_of(&kept.facts)?;
    let leg = match &order {
        Some(order) => store::leg_of(tx.sql(), order.id, &instrument.unit).await?,
        None => None,
    };
    let (Some(order), Some(leg)) = (order, leg) else {
        let due = Due {
            id: tx.new_id(),
            due_at,
            kind: "answer".to_owned(),
            order_id: None,
            subject: Some(kept.case.id),
            what: instrument.id.to_string(),
            unit_id: instrument.unit.clone(),
            amount: 0,
            facts: Vec::new(),
        };
        store::insert_due(tx.sql(), &[due]).await?;
        sla.supervise.notify_one();
        return Ok(None);
    };
    let rules = sla.rules();
    let cause = format!("{}/{turn}", instrument.id);
    let terms = rules.terms(&order, Obligation::AfterSupervision);
    let reminders = terms
        .as_ref()
        .map_or_else(Vec::new, |terms| terms.reminders(tx.now(), due_at));
    let basis = terms.as_ref().map_or(Basis::Fixed, crate::domain::Terms::basis);
    let own = rules
        .office(&order.policy_version, &order.policy_id)
        .and_then(|(policy, _)| policy.supervision().instrument(&instrument.code))
        .and_then(|rule| rule.within);
    let clock = Clock {
        id: identity(
            order.id,
            Obligation::AfterSupervision,
            Some(leg.leg.id),
            order.matter.round,
            &cause,
        ),
        order: order.id,
        leg: Some(leg.leg),
        unit: instrument.unit.clone(),
        obligation: Obligation::AfterSupervision,
        state: State::Armed(reminders),
        generation: 1,
        started_at: tx.now(),
        due_at,
        basis: own.map_or(basis, |limit| Basis::Limits(vec![limit])),
        article: instrument.article.clone(),
        provisional: false,
        calendar: rules.version(),
        platform_caused: false,
        sorts: Sorts::from(&order.matter),
        facts: Arc::from(kept.facts.as_slice()),
    };
    clocks::save(tx.sql(), &[&clock], &[]).await?;
    contract::publish(tx, std::iter::once(&ClockEvent::Armed(clock.clone())))?;
    sla.wake_for(&[&clock]);
    Ok(Some(clock.id))
}

/// Lets the time run anew after an answer was sent back.
async fn again(sla: &Sla, kept: &mut Kept, id: Uuid, tx: &mut Tx) -> Result<(), Fault> {
    let Some(instrument) = kept.case.instrument(id).cloned() else {
        return Ok(());
    };
    let clock = await_answer(sla, kept, &instrument, instrument.replies.len(), tx).await?;
    if let Some(known) = kept.case.instruments.iter_mut().find(|known| known.id == id) {
        known.clock = clock;
    }
    Ok(())
}

/// Stops the clock of a document: answered, or fallen away.
async fn stop(sla: &Sla, kept: &Kept, id: Uuid, answered: bool, tx: &mut Tx) -> Result<(), Fault> {
    let clock = kept.case.instrument(id).and_then(|known| known.clock);
    let (Some(clock), Some(order)) = (clock, kept.case.order.as_ref()) else {
        return Ok(());
    };
    let Some(clock) = store::lock_clock(tx.sql(), order.id, clock).await? else {
        return Ok(());
    };
    if !clock.is_open() {
        return Ok(());
    }
    let (now, read) = (tx.now(), clock.generation);
    let event = if !answered {
        ClockEvent::Cancelled(clock.into_state(State::Cancelled(now)))
    } else if now <= clock.due_at {
        ClockEvent::Stopped(clock.into_state(State::Met(now)))
    } else {
        ClockEvent::Stopped(clock.into_state(State::Late(now)))
    };
    let clock = event.clock();
    if clocks::update(tx.sql(), &[clocks::Changed { clock, read }])
        .await?
        .is_none()
    {
        return Err(Fault::retry("a clock changed although it was locked"));
    }
    contract::publish(tx, std::iter::once(&event))?;
    sla.wake_for(&[event.clock()]);
    Ok(())
}
