//! Between the contract's messages and the call-backs of the domain.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::rules::Satisfaction;
use hotline_policy::{AppealType, Channel, Desk, Matter, Urgency};
use hotline_proto::callback::v1 as proto;
use hotline_proto::common::v1 as common;
use hotline_proto::routing::v1::OrderSettled;
use prost::Message;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::domain::{Answer, Callback, Event, Settled, State, Verdict};
use crate::store;

/// What is known of a settled order.
///
/// # Errors
/// [`Fault::Poison`] when the event carries no facts, or they name no order.
pub fn settled(event: &OrderSettled) -> Result<Settled, Fault> {
    let facts = facts(event.facts.as_ref())?;
    Ok(Settled {
        order: order(facts)?,
        round: round(facts),
        unit: event.lead_unit_id.clone(),
        public_text: event.public_text.clone(),
        facts: Arc::from(facts.encode_to_vec()),
    })
}

/// The facts that every event about an order carries.
///
/// # Errors
/// [`Fault::Poison`] when there are none.
pub fn facts(facts: Option<&common::OrderFacts>) -> Result<&common::OrderFacts, Fault> {
    facts.ok_or_else(|| Fault::poison("the event carries no facts"))
}

/// The order that facts are about.
///
/// # Errors
/// [`Fault::Poison`] when its identifier is none.
pub fn order(facts: &common::OrderFacts) -> Result<Uuid, Fault> {
    let id = &facts.order_id;
    Uuid::parse_str(id).map_err(|error| Fault::poison(format!("order \"{id}\" is no identifier: {error}")))
}

/// The round that facts are about.
#[must_use]
pub fn round(facts: &common::OrderFacts) -> u32 {
    u32::try_from(facts.round).unwrap_or(1).max(1)
}

/// The facts kept with a call-back.
///
/// # Errors
/// [`Fault::Poison`] when they do not decode.
pub fn facts_of(callback: &Callback) -> Result<common::OrderFacts, Fault> {
    common::OrderFacts::decode(callback.settled.facts.as_ref()).map_err(|error| {
        Fault::poison(format!(
            "the facts of call-back {} do not decode: {error}",
            callback.id
        ))
    })
}

/// The matter as the rules see it.
///
/// # Errors
/// [`Fault::Poison`] when the order is of no type.
pub fn matter(facts: &common::OrderFacts) -> Result<Matter, Fault> {
    let appeal_type: Option<AppealType> = word(facts.r#type().as_str_name(), "APPEAL_TYPE_");
    Ok(Matter {
        appeal_type: appeal_type
            .ok_or_else(|| Fault::poison(format!("order {} is of no type", facts.order_id)))?,
        desk: word(facts.desk().as_str_name(), "DESK_").unwrap_or(Desk::Hotline),
        channel: word(facts.channel().as_str_name(), "CHANNEL_").unwrap_or(Channel::Telephone),
        urgency: word(facts.urgency().as_str_name(), "URGENCY_").unwrap_or(Urgency::Normal),
        category: facts.category.clone(),
        division: facts.division.clone(),
        level: None,
        labels: facts.labels.iter().cloned().collect(),
        round: round(facts),
        source: Some(facts.source.clone()).filter(|source| !source.is_empty()),
    })
}

/// The policy's word for a value of the contract, which is the same word in another case.
fn word<T: std::str::FromStr>(name: &str, prefix: &str) -> Option<T> {
    name.strip_prefix(prefix)?.to_lowercase().parse().ok()
}

fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

/// How content; `None` when it was not given.
#[must_use]
pub fn satisfaction(given: common::Satisfaction) -> Option<Satisfaction> {
    match given {
        common::Satisfaction::Unspecified => None,
        common::Satisfaction::VerySatisfied => Some(Satisfaction::VerySatisfied),
        common::Satisfaction::Satisfied => Some(Satisfaction::Satisfied),
        common::Satisfaction::Fair => Some(Satisfaction::Neutral),
        common::Satisfaction::Dissatisfied => Some(Satisfaction::Dissatisfied),
        common::Satisfaction::VeryDissatisfied => Some(Satisfaction::VeryDissatisfied),
    }
}

fn satisfaction_told(satisfaction: Satisfaction) -> common::Satisfaction {
    match satisfaction {
        Satisfaction::VerySatisfied => common::Satisfaction::VerySatisfied,
        Satisfaction::Satisfied => common::Satisfaction::Satisfied,
        Satisfaction::Neutral => common::Satisfaction::Fair,
        Satisfaction::Dissatisfied => common::Satisfaction::Dissatisfied,
        Satisfaction::VeryDissatisfied => common::Satisfaction::VeryDissatisfied,
    }
}

/// A verdict; `None` when it was not given.
#[must_use]
pub fn verdict(given: proto::Verdict) -> Option<Verdict> {
    match given {
        proto::Verdict::Unspecified => None,
        proto::Verdict::Redo => Some(Verdict::Redo),
        proto::Verdict::Excluded => Some(Verdict::Excluded),
        proto::Verdict::Escalate => Some(Verdict::Escalate),
    }
}

fn verdict_told(verdict: Verdict) -> proto::Verdict {
    match verdict {
        Verdict::Redo => proto::Verdict::Redo,
        Verdict::Excluded => proto::Verdict::Excluded,
        Verdict::Escalate => proto::Verdict::Escalate,
    }
}

/// A call-back as lists show it at `now`.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn callback(callback: &Callback, now: DateTime<Utc>) -> Result<proto::Callback, Fault> {
    let answer = match &callback.state {
        State::Completed(answer) | State::ToJudge(answer) | State::Judged { answer, .. } => Some(answer),
        State::Scheduled(_) | State::Unreached | State::Cancelled => None,
    };
    let verdict = match &callback.state {
        State::Judged { verdict, .. } => verdict_told(*verdict),
        _ => proto::Verdict::Unspecified,
    };
    let content = answer.map_or(common::Satisfaction::Unspecified, |answer| {
        satisfaction_told(answer.satisfaction)
    });
    Ok(proto::Callback {
        callback_id: callback.id.to_string(),
        facts: Some(facts_of(callback)?),
        state: i32::from(store::state_number(&callback.state)),
        unit_id: callback.settled.unit.clone(),
        way: callback.way.as_str().to_owned(),
        not_before: Some(timestamp(callback.not_before)),
        attempts: i32::try_from(callback.attempts).unwrap_or(i32::MAX),
        claimed_by: callback
            .claim(now)
            .map(|claim| claim.by.clone())
            .unwrap_or_default(),
        satisfaction: content.into(),
        solved: answer.is_some_and(|answer| answer.solved),
        reason: answer.map(|answer| answer.reason.clone()).unwrap_or_default(),
        verdict: verdict.into(),
        version: callback.version,
        public_text: callback.settled.public_text.clone(),
    })
}

/// Publishes what others may know of what happened; `callback` as it stands afterwards.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn publish(tx: &mut Tx, callback: &Callback, events: &[Event]) -> Result<(), Fault> {
    let root = callback.settled.order;
    let callback_id = callback.id.to_string();
    let unit_id = callback.settled.unit.clone();
    for event in events {
        let (facts, callback_id, unit_id) = (Some(facts_of(callback)?), callback_id.clone(), unit_id.clone());
        match event {
            Event::Scheduled { way, not_before } => {
                let (way, not_before) = (way.as_str().to_owned(), Some(timestamp(*not_before)));
                tx.publish(
                    root,
                    &proto::CallbackScheduled {
                        facts,
                        callback_id,
                        way,
                        not_before,
                        unit_id,
                    },
                );
            }
            Event::Attempted {
                result,
                next_at,
                actor,
            } => {
                let attempt = i32::try_from(callback.attempts).unwrap_or(i32::MAX);
                let (result, next_at, actor) = ((*result).to_owned(), next_at.map(timestamp), actor.clone());
                tx.publish(
                    root,
                    &proto::CallbackAttempted {
                        facts,
                        callback_id,
                        attempt,
                        result,
                        next_at,
                        actor,
                    },
                );
            }
            Event::Completed { answer, bad, actor } => {
                tx.publish(root, &completed(facts, callback_id, unit_id, answer, *bad, actor));
            }
            Event::Unreached { counts_as } => {
                let attempts = i32::try_from(callback.attempts).unwrap_or(i32::MAX);
                let counts_as = counts_as.as_str().to_owned();
                tx.publish(
                    root,
                    &proto::CallbackUnreached {
                        facts,
                        callback_id,
                        attempts,
                        counts_as,
                        unit_id,
                    },
                );
            }
            Event::Judged {
                verdict,
                reason,
                actor,
            } => {
                let (verdict, reason, actor) = (verdict_told(*verdict).into(), reason.clone(), actor.clone());
                tx.publish(
                    root,
                    &proto::BadAnswerJudged {
                        facts,
                        callback_id,
                        verdict,
                        reason,
                        unit_id,
                        actor,
                    },
                );
            }
            Event::Claimed(_) | Event::Cancelled => {}
        }
    }
    Ok(())
}

fn completed(
    facts: Option<common::OrderFacts>,
    callback_id: String,
    unit_id: String,
    answer: &Answer,
    bad: bool,
    actor: &str,
) -> proto::CallbackCompleted {
    proto::CallbackCompleted {
        facts,
        callback_id,
        satisfaction: satisfaction_told(answer.satisfaction).into(),
        solved: answer.solved,
        contacted: answer.contacted,
        reason: answer.reason.clone(),
        unit_id,
        bad,
        actor: actor.to_owned(),
    }
}
