//! What supervision notes of events and of clocks that ran out: things to look at, put beside the change itself.

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::rules::{CountedBy, Happening, SuperviseRule};
use hotline_policy::{Matter, Obligation, Step};
use hotline_proto::common::v1::OrderFacts;
use prost::Message;
use uuid::Uuid;

use crate::contract;
use crate::domain::supervision::{Event, SYSTEM, evolve};
use crate::domain::{Clock, LegKind};
use crate::ops::{Sla, apply};
use crate::store::supervision::{self as store, Due};

/// What an event tells supervision.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// What happened.
    pub what: Happening,
    /// The order.
    pub facts: Option<&'a OrderFacts>,
    /// The unit whose doing it was; empty where it was nobody's.
    pub unit: &'a str,
    /// How many units, for `many_units`.
    pub amount: usize,
}

/// The word of a leg's kind, as policies write it.
pub(super) fn leg_word(kind: LegKind) -> &'static str {
    match kind {
        LegKind::Lead => "lead",
        LegKind::CoHandle => "co_handle",
        LegKind::Delegated => "delegated",
        LegKind::Enterprise => "enterprise",
    }
}

/// What a class counts by.
pub(super) fn key_of(rule: &SuperviseRule, order: Uuid, unit: &str, matter: &Matter) -> String {
    match rule.per {
        CountedBy::Order => order.to_string(),
        CountedBy::Unit => unit.to_owned(),
        CountedBy::Place => format!("{}|{}", matter.division, matter.category),
    }
}

/// Notes a happening: for every class of the order's policy that it counts for, something to look at.
///
/// # Errors
/// The event means nothing, or the database failed.
pub async fn note(sla: &Sla, noted: Noted<'_>, tx: &mut Tx) -> Result<(), Fault> {
    let Some(facts) = noted.facts else {
        return Ok(());
    };
    let order = contract::order(Some(facts))?;
    let rules = sla.rules();
    let Some((policy, work)) = rules.office(&order.policy_version, &order.policy_id) else {
        return Ok(());
    };
    let at = tx.event().map_or_else(|| tx.now(), |event| event.occurred_at);
    if noted.what == Happening::SentBack {
        store::mark(tx.sql(), ("", noted.unit), at, order.id).await?;
    }
    if noted.what == Happening::FalseContact && !store::is_contact_done(tx.sql(), order.id).await? {
        return Ok(());
    }
    let mut dues = Vec::new();
    for rule in policy.supervision().triggered(noted.what, &order.matter) {
        if noted.what == Happening::ManyUnits && noted.amount < rule.count as usize {
            continue;
        }
        let due = Due {
            id: tx.new_id(),
            due_at: at,
            kind: "happened".to_owned(),
            order_id: Some(order.id),
            subject: None,
            what: rule.code.clone(),
            unit_id: noted.unit.to_owned(),
            amount: i32::try_from(noted.amount).unwrap_or(i32::MAX),
            facts: facts.encode_to_vec(),
        };
        if noted.what == Happening::Dispatched && rule.count > 1 {
            let key = key_of(rule, order.id, noted.unit, &order.matter);
            let after = rule
                .window
                .map_or(DateTime::UNIX_EPOCH, |window| work.before(at, window));
            let counted = (after, i64::from(rule.count));
            store::mark_and_enqueue(tx.sql(), (&rule.code, &key), counted, &due).await?;
        } else {
            dues.push(due);
        }
    }
    store::insert_due(tx.sql(), &dues).await?;
    sla.supervise.notify_one();
    Ok(())
}

/// Notes clocks that ran out: every rung of the ladder at its time, and the classes that breaches count for.
///
/// # Errors
/// A clock's facts do not decode, or the database failed.
pub async fn breached(sla: &Sla, clocks: &[&Clock], tx: &mut Tx) -> Result<(), Fault> {
    let rules = sla.rules();
    let mut dues = Vec::new();
    for clock in clocks.iter().filter(|clock| is_supervised(clock)) {
        let order = contract::order_of(clock)?;
        let Some((policy, work)) = rules.office(&order.policy_version, &order.policy_id) else {
            continue;
        };
        let due = |kind: &str, what: &str, due_at: DateTime<Utc>| Due {
            id: tx.new_id(),
            due_at,
            kind: kind.to_owned(),
            order_id: Some(order.id),
            subject: Some(clock.id),
            what: what.to_owned(),
            unit_id: clock.unit.clone(),
            amount: 0,
            facts: clock.facts.to_vec(),
        };
        if clock.obligation == Obligation::AfterSupervision {
            dues.push(due("answer", "", clock.due_at));
        }
        for rung in policy.ladder(clock.obligation, &order.matter) {
            if rung.by_hand || rung.step == Step::Breach || rung.instrument.is_none() {
                continue;
            }
            let at = rung
                .after
                .map_or(clock.due_at, |after| work.deadline(clock.due_at, after).at);
            dues.push(due("rung", rung.step.as_str(), at));
        }
        let leg = clock.leg.map_or("", |leg| leg_word(leg.kind));
        for rule in policy.supervision().triggered(Happening::Breach, &order.matter) {
            if rule.concerns_clock(clock.obligation, leg) {
                dues.push(due("happened", &rule.code, clock.due_at));
            }
        }
    }
    if !dues.is_empty() {
        store::insert_due(tx.sql(), &dues).await?;
        sla.supervise.notify_one();
    }
    Ok(())
}

/// Units' clocks are supervised; the platform's own and the second send are not.
fn is_supervised(clock: &Clock) -> bool {
    !clock.unit.is_empty() && clock.leg.is_some_and(|leg| leg.kind != LegKind::Enterprise)
}

/// Notes that an order is settled or ended.
///
/// # Errors
/// It has no identifier.
pub fn ended(facts: Option<&OrderFacts>, tx: &mut Tx) -> Result<(), Fault> {
    if let Some(facts) = facts {
        apply::ended(contract::uuid("facts.order_id", &facts.order_id)?, tx);
    }
    Ok(())
}

/// Closes what the platform opened for lateness alone on orders that are settled or ended.
pub(in crate::ops) async fn close_ended(orders: &[Uuid], tx: &mut Tx) -> Result<(), Fault> {
    if orders.is_empty() {
        return Ok(());
    }
    for mut kept in store::open_of_orders(tx.sql(), orders).await? {
        let case = &mut kept.case;
        let by_rule = case.opened_by == SYSTEM && case.class == super::open::OVERDUE;
        if !by_rule || case.is_to_account() || case.is_to_verify() {
            continue;
        }
        let closed = Event::Closed("resolved".to_owned(), "工单已办结".to_owned(), SYSTEM.to_owned());
        let at = tx.now();
        evolve(case, &closed, at);
        store::update(tx.sql(), case).await?;
        contract::supervision::publish(tx, &kept, &[closed])?;
    }
    Ok(())
}
