//! Between the domain and the protobuf contract: facts, words and views; unknown enum values are refused here.

mod dossier;
mod forms;
mod leg;
mod view;
mod words;

use chrono::{DateTime, Utc};
use hotline_proto::common::v1 as common;
use prost_types::Timestamp;

use crate::domain::{Enterprise, Facts, Leg, Order, Subject};

pub use dossier::{finder_words, unit_words, verdict_words};
pub use forms::forms_view;
pub use view::{order_view, units_view};
pub use words::{
    appeal_type, appeal_type_word, channel, channel_word, desk, desk_word, leg_kind, leg_state_word,
    order_state_word, urgency, urgency_word,
};

/// What every event about the order says of it.
pub fn facts(order: &Order) -> common::OrderFacts {
    let facts = &order.facts;
    common::OrderFacts {
        order_id: order.id.to_string(),
        number: facts.number.clone(),
        policy_id: facts.policy_id.clone(),
        policy_version: facts.policy_version.clone(),
        r#type: appeal_type(facts.appeal_type).into(),
        channel: channel(facts.channel).into(),
        desk: desk(facts.desk).into(),
        urgency: urgency(facts.urgency).into(),
        category: facts.category.clone(),
        division: facts.division.clone(),
        labels: facts.labels.iter().cloned().collect(),
        round: order.round.cast_signed(),
        source: facts.source.clone().unwrap_or_default(),
        limit: order
            .own_limit
            .as_ref()
            .map(|own| own.within.to_string())
            .unwrap_or_default(),
        limit_basis: order
            .own_limit
            .as_ref()
            .map(|own| own.basis.clone())
            .unwrap_or_default(),
    }
}

/// What every event about the leg says of it.
pub fn leg_facts(leg: &Leg) -> common::LegFacts {
    common::LegFacts {
        leg_id: leg.id.to_string(),
        kind: leg_kind(leg.kind).into(),
        unit_id: leg.unit.to_string(),
        parent_leg_id: leg.parent().map(|parent| parent.to_string()).unwrap_or_default(),
        round: leg.round.cast_signed(),
    }
}

/// The facts of an accepted appeal; nothing when a word of them is not given.
pub fn read_facts(facts: &common::OrderFacts) -> Option<Facts> {
    Some(Facts {
        number: facts.number.clone(),
        policy_id: facts.policy_id.clone(),
        policy_version: facts.policy_version.clone(),
        appeal_type: appeal_type_word(facts.r#type())?,
        channel: channel_word(facts.channel())?,
        desk: desk_word(facts.desk()),
        urgency: urgency_word(facts.urgency()),
        category: facts.category.clone(),
        division: facts.division.clone(),
        labels: facts.labels.iter().cloned().collect(),
        source: Some(facts.source.clone()).filter(|source| !source.is_empty()),
    })
}

/// What an accepted appeal is about.
pub fn read_subject(
    title: String,
    content: String,
    enterprise: Option<common::Enterprise>,
    confidential: bool,
) -> Subject {
    let enterprise = enterprise.map(|enterprise| Enterprise {
        name: enterprise.name,
        credit_code: enterprise.credit_code,
    });
    Subject {
        title,
        content,
        enterprise,
        confidential,
    }
}

/// The enterprise of the contract.
pub fn enterprise(subject: &Subject) -> Option<common::Enterprise> {
    let enterprise = subject.enterprise.as_ref()?;
    Some(common::Enterprise {
        name: enterprise.name.clone(),
        credit_code: enterprise.credit_code.clone(),
    })
}

/// An instant of the contract.
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: at.timestamp_subsec_nanos().cast_signed(),
    }
}

/// The instant that the contract's names; nothing when it is outside what a clock can show.
pub fn instant(at: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}
