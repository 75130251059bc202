//! Between the contract's messages and the clocks of the domain.

use std::collections::HashMap;
pub mod supervision;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::{AppealType, Channel, Desk, Matter, Urgency};
use hotline_proto::common::v1 as common;
use hotline_proto::sla::v1 as proto;
use prost::Message;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::domain::{Clock, Event, Leg, LegKind, Order, OwnLimit, SentLeg, State};
use crate::store::Year;

/// The root of what is told of the calendar: no appeal's.
const CALENDAR: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001);

/// An order, from the facts that its events carry.
///
/// # Errors
/// [`Fault::Poison`] when the facts are absent, name no order, or hold a value of no meaning.
pub fn order(facts: Option<&common::OrderFacts>) -> Result<Order, Fault> {
    let facts = facts.ok_or_else(|| Fault::poison("the event carries no facts"))?;
    Ok(Order {
        id: uuid("facts.order_id", &facts.order_id)?,
        policy_id: facts.policy_id.clone(),
        policy_version: facts.policy_version.clone(),
        matter: matter(facts)?,
        own_limit: own_limit(facts)?,
        facts: Arc::from(facts.encode_to_vec()),
    })
}

/// An order, from the facts kept with its clocks.
///
/// # Errors
/// As [`order`].
pub fn order_of(clock: &Clock) -> Result<Order, Fault> {
    order(Some(&facts_of(clock)?))
}

/// The facts kept with a clock.
///
/// # Errors
/// [`Fault::Poison`] when they do not decode.
pub fn facts_of(clock: &Clock) -> Result<common::OrderFacts, Fault> {
    common::OrderFacts::decode(clock.facts.as_ref())
        .map_err(|error| Fault::poison(format!("the facts of clock {} do not decode: {error}", clock.id)))
}

/// A leg with its unit.
///
/// # Errors
/// [`Fault::Poison`] when the leg is absent or holds a value of no meaning.
pub fn leg(leg: Option<&common::LegFacts>) -> Result<SentLeg, Fault> {
    let leg = leg.ok_or_else(|| Fault::poison("the event carries no leg"))?;
    let kind = match leg.kind() {
        common::LegKind::Lead => LegKind::Lead,
        common::LegKind::CoHandle => LegKind::CoHandle,
        common::LegKind::Delegated => LegKind::Delegated,
        common::LegKind::Enterprise => LegKind::Enterprise,
        common::LegKind::Unspecified => {
            return Err(Fault::poison(format!("leg {} is of no kind", leg.leg_id)));
        }
    };
    let parent = if leg.parent_leg_id.is_empty() {
        None
    } else {
        Some(uuid("leg.parent_leg_id", &leg.parent_leg_id)?)
    };
    Ok(SentLeg {
        leg: Leg {
            id: uuid("leg.leg_id", &leg.leg_id)?,
            kind,
            parent,
        },
        unit: leg.unit_id.clone(),
    })
}

/// An identifier.
///
/// # Errors
/// [`Fault::Poison`] when it is none.
pub fn uuid(field: &str, text: &str) -> Result<Uuid, Fault> {
    Uuid::parse_str(text)
        .map_err(|error| Fault::poison(format!("{field} \"{text}\" is no identifier: {error}")))
}

/// An instant; `None` for one that is absent or beyond every calendar.
#[must_use]
pub fn instant(at: Option<&Timestamp>) -> Option<DateTime<Utc>> {
    let at = at?;
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

/// An instant of the contract.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

/// The limit that the order carries with it, if any.
fn own_limit(facts: &common::OrderFacts) -> Result<Option<OwnLimit>, Fault> {
    if facts.limit.is_empty() {
        return Ok(None);
    }
    let within = facts
        .limit
        .parse()
        .map_err(|error| Fault::poison(format!("the limit of order {}: {error}", facts.order_id)))?;
    let basis = facts.limit_basis.clone();
    Ok(Some(OwnLimit { within, basis }))
}

fn matter(facts: &common::OrderFacts) -> Result<Matter, Fault> {
    Ok(Matter {
        appeal_type: appeal_type(facts)?,
        desk: match facts.desk() {
            common::Desk::Enterprise => Desk::Enterprise,
            common::Desk::Hotline | common::Desk::Unspecified => Desk::Hotline,
        },
        channel: word(facts.channel().as_str_name(), "CHANNEL_").unwrap_or(Channel::Telephone),
        urgency: word(facts.urgency().as_str_name(), "URGENCY_").unwrap_or(Urgency::Normal),
        category: facts.category.clone(),
        division: facts.division.clone(),
        level: None,
        labels: facts.labels.iter().cloned().collect(),
        round: u32::try_from(facts.round).unwrap_or(1).max(1),
        source: Some(facts.source.clone()).filter(|source| !source.is_empty()),
    })
}

fn appeal_type(facts: &common::OrderFacts) -> Result<AppealType, Fault> {
    appeal_type_word(facts.r#type())
        .ok_or_else(|| Fault::poison(format!("order {} is of no type", facts.order_id)))
}

/// The policy's word for a kind of appeal; none for one that was not given.
#[must_use]
pub fn appeal_type_word(kind: common::AppealType) -> Option<AppealType> {
    word(kind.as_str_name(), "APPEAL_TYPE_")
}

/// The policy's word for a value of the contract, which is the same word in another case.
fn word<T: std::str::FromStr>(name: &str, prefix: &str) -> Option<T> {
    name.strip_prefix(prefix)?.to_lowercase().parse().ok()
}

/// What every event says of a clock.
#[must_use]
pub fn clock_facts(clock: &Clock) -> proto::ClockFacts {
    proto::ClockFacts {
        clock_id: clock.id.to_string(),
        obligation: clock.obligation.as_str().to_owned(),
        leg_id: clock.leg.map(|leg| leg.id.to_string()).unwrap_or_default(),
        unit_id: clock.unit.clone(),
        started_at: Some(timestamp(clock.started_at)),
        due_at: Some(timestamp(clock.due_at)),
        limit: clock.basis.to_string(),
        article: clock.article.clone(),
        provisional: clock.provisional,
        platform_caused: clock.platform_caused,
    }
}

/// A clock as lists show it.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn clock(clock: &Clock) -> Result<proto::Clock, Fault> {
    let state = match clock.state {
        State::Armed(_) => proto::ClockState::Armed,
        State::Breached => proto::ClockState::Breached,
        State::Met(_) => proto::ClockState::Met,
        State::Late(_) => proto::ClockState::Late,
        State::Cancelled(_) => proto::ClockState::Cancelled,
    };
    Ok(proto::Clock {
        order: Some(facts_of(clock)?),
        facts: Some(clock_facts(clock)),
        state: state.into(),
        stopped_at: clock.stopped_at().map(timestamp),
    })
}

/// Publishes what happened to clocks: what a clock says when its time comes as an event of its own, and all that became
/// of an order's clocks otherwise in one.
///
/// # Errors
/// [`Fault::Poison`] when the facts of a clock do not decode.
pub fn publish<'e>(tx: &mut Tx, events: impl IntoIterator<Item = &'e Event>) -> Result<(), Fault> {
    let mut changes: Vec<(Uuid, proto::ClocksChanged)> = Vec::new();
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    for event in events {
        let clock = event.clock();
        let root = clock.order;
        let told = Some(clock_facts(clock));
        match event {
            Event::Reminded { before, .. } => {
                let (facts, before) = (Some(facts_of(clock)?), before.to_string());
                tx.publish(
                    root,
                    &proto::ReminderDue {
                        facts,
                        clock: told,
                        before,
                    },
                );
            }
            Event::Breached { detected_at, .. } => {
                let (facts, detected_at) = (Some(facts_of(clock)?), Some(timestamp(*detected_at)));
                tx.publish(
                    root,
                    &proto::ClockBreached {
                        facts,
                        clock: told,
                        detected_at,
                    },
                );
            }
            Event::Armed(_)
            | Event::Stopped(_)
            | Event::Cancelled(_)
            | Event::Moved { .. }
            | Event::Marked(_) => {
                let place = *places.entry(root).or_insert(changes.len());
                if place == changes.len() {
                    let facts = Some(facts_of(clock)?);
                    changes.push((
                        root,
                        proto::ClocksChanged {
                            facts,
                            ..Default::default()
                        },
                    ));
                }
                if let Some((_, changed)) = changes.get_mut(place) {
                    add(changed, event, told);
                }
            }
        }
    }
    for (root, changed) in &changes {
        tx.publish(*root, changed);
    }
    Ok(())
}

/// Publishes that a year's arrangement was taken in.
pub fn publish_year(tx: &mut Tx, year: &Year) {
    let imported = proto::CalendarImported {
        version: year.import.version,
        year: year.import.year,
        toml: year.toml.clone(),
        actor: year.actor.clone(),
    };
    tx.publish(CALENDAR, &imported);
}

/// Adds a clock to what changed.
fn add(changed: &mut proto::ClocksChanged, event: &Event, clock: Option<proto::ClockFacts>) {
    match event {
        Event::Armed(_) => changed.armed.push(proto::ClockArmed { clock }),
        Event::Marked(_) => changed.marked.push(proto::ClockMarked { clock }),
        Event::Stopped(stopped) => changed.stopped.push(proto::ClockStopped {
            clock,
            in_time: matches!(stopped.state, State::Met(_)),
            cancelled: false,
        }),
        Event::Cancelled(_) => changed.stopped.push(proto::ClockStopped {
            clock,
            in_time: false,
            cancelled: true,
        }),
        Event::Moved {
            due_before, reason, ..
        } => changed.moved.push(proto::ClockMoved {
            clock,
            due_before: Some(timestamp(*due_before)),
            reason: reason.as_str().to_owned(),
        }),
        Event::Reminded { .. } | Event::Breached { .. } => {}
    }
}
