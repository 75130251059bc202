//! Between the contract's messages and the call-backs of the domain.

mod reviews;
mod told;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::rules::{ExclusionRule, Satisfaction};
use hotline_policy::{AppealType, Channel, Desk, Matter, Urgency};
use hotline_proto::callback::v1 as proto;
use hotline_proto::common::v1 as common;
use hotline_proto::routing::v1::OrderSettled;
use prost::Message;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::domain::{Callback, Given, Paper, PaperKind, Settled, State, Verdict};
use crate::store;

pub use reviews::{review, review_state};
pub use told::publish;

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

pub(crate) fn timestamp(at: DateTime<Utc>) -> Timestamp {
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

pub(crate) fn satisfaction_told(satisfaction: Satisfaction) -> common::Satisfaction {
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
        proto::Verdict::Compliant => Some(Verdict::Compliant),
        proto::Verdict::Fix => Some(Verdict::Fix),
    }
}

pub(crate) fn verdict_told(verdict: Verdict) -> proto::Verdict {
    match verdict {
        Verdict::Redo => proto::Verdict::Redo,
        Verdict::Excluded => proto::Verdict::Excluded,
        Verdict::Escalate => proto::Verdict::Escalate,
        Verdict::Compliant => proto::Verdict::Compliant,
        Verdict::Fix => proto::Verdict::Fix,
    }
}

/// A reason of the policy's list, as a judgement may name it.
#[must_use]
pub fn exclusion(rule: &ExclusionRule) -> proto::Exclusion {
    proto::Exclusion {
        code: rule.code.clone(),
        name: rule.name.clone(),
        name_en: rule.name_en.clone(),
        needs_statement: rule.statement,
    }
}

/// A call-back as lists show it at `now`, without what its policy asks and allows; `awaits_form` is the policy's word on it.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn callback(
    callback: &Callback,
    awaits_form: bool,
    now: DateTime<Utc>,
) -> Result<proto::Callback, Fault> {
    let answer = callback.answer();
    let judged = match &callback.state {
        State::Judged(_, judgement) => Some(judgement),
        _ => None,
    };
    let verdict = judged.map_or(proto::Verdict::Unspecified, |judged| verdict_told(judged.verdict));
    let grounds = judged.map(|judged| judged.grounds.clone()).unwrap_or_default();
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
        solved: answer.and_then(|answer| answer.solved),
        reason: answer.map(|answer| answer.reason.clone()).unwrap_or_default(),
        verdict: verdict.into(),
        version: callback.version,
        public_text: callback.settled.public_text.clone(),
        suggestion: answer.map(|answer| answer.suggestion.clone()).unwrap_or_default(),
        untruthful: answer.is_some_and(|answer| answer.untruthful),
        earlier: callback.earlier.iter().map(given).collect(),
        bad_answers: callback.bad_answers().cast_signed(),
        awaits_form,
        paper: callback.paper.as_ref().map(paper_told),
        exclusion: judged.map(|judged| judged.exclusion.clone()).unwrap_or_default(),
        evidence: judged.map(|judged| judged.evidence.clone()).unwrap_or_default(),
        delivery: callback.delivery.as_str().to_owned(),
        contacted: answer.and_then(|answer| answer.contacted),
        questions: Vec::new(),
        exclusions: Vec::new(),
        exclusion_name: grounds.exclusion,
        exclusion_name_en: grounds.exclusion_en,
        article: grounds.article,
        verdict_reason: judged.map(|judged| judged.reason.clone()).unwrap_or_default(),
    })
}

fn given(given: &Given) -> proto::GivenAnswer {
    proto::GivenAnswer {
        way: given.way.as_str().to_owned(),
        satisfaction: satisfaction_told(given.answer.satisfaction).into(),
        reason: given.answer.reason.clone(),
        at: Some(timestamp(given.at)),
    }
}

fn paper_told(paper: &Paper) -> proto::Paper {
    proto::Paper {
        kind: paper.kind.as_str().to_owned(),
        text: paper.text.clone(),
        signed_by: paper.signed_by.clone(),
        sealed: paper.sealed,
        reference: paper.reference.clone(),
        filed_by: paper.by.clone(),
        filed_at: Some(timestamp(paper.at)),
    }
}

/// The kind of a paper; `None` for an unknown word.
#[must_use]
pub fn paper_kind(word: &str) -> Option<PaperKind> {
    [PaperKind::AuditForm, PaperKind::DutyStatement]
        .into_iter()
        .find(|kind| kind.as_str() == word)
}

/// How content the appellant of an order was, at first and at last.
#[must_use]
pub fn satisfaction_of(callbacks: &[Callback]) -> proto::GetSatisfactionResponse {
    let first = callbacks.iter().find_map(|callback| {
        let given = callback.earlier.first().map(|given| &given.answer);
        given.or_else(|| callback.answer())
    });
    let last = callbacks.iter().rev().find_map(Callback::answer);
    let level = |answer: Option<&crate::domain::Answer>| {
        let told = answer.map(|answer| satisfaction_told(answer.satisfaction));
        i32::from(told.unwrap_or(common::Satisfaction::Unspecified))
    };
    let newest = callbacks
        .iter()
        .rev()
        .find(|callback| callback.answer().is_some());
    let exclusion = newest.and_then(|callback| match &callback.state {
        State::Judged(_, judgement) if !judgement.counts() => Some(judgement.exclusion.clone()),
        _ => None,
    });
    proto::GetSatisfactionResponse {
        first: level(first),
        last: level(last),
        first_solved: first.and_then(|answer| answer.solved),
        last_solved: last.and_then(|answer| answer.solved),
        callbacks: i32::try_from(callbacks.len()).unwrap_or(i32::MAX),
        bad_answers: newest.map_or(0, |callback| callback.bad_answers().cast_signed()),
        excluded: exclusion.is_some(),
        exclusion: exclusion.unwrap_or_default(),
    }
}
