//! Words that several messages share: facts of an order, satisfaction, identifiers, instants.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::{AppealType, Channel, Desk, Urgency};
use hotline_proto::common::v1 as common;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::domain::{Facts, Satisfaction};

/// A part of a message that every sender sets.
pub(super) fn required<T>(name: &str, part: Option<T>) -> Result<T, Fault> {
    part.ok_or_else(|| Fault::poison(format!("the event has no {name}")))
}

/// An identifier in an event.
///
/// # Errors
/// Poison: it is none.
pub fn id(name: &str, text: &str) -> Result<Uuid, Fault> {
    Uuid::parse_str(text).map_err(|_| Fault::poison(format!("{name} \"{text}\" is not a UUID")))
}

/// The word with a number of the contract: both lists stand in the same order, the contract's from 1.
fn word<T: Copy>(name: &str, all: &[T], number: i32) -> Result<T, Fault> {
    let index = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    let found = index.and_then(|index| all.get(index)).copied();
    found.ok_or_else(|| Fault::poison(format!("{name} {number} is not in the contract")))
}

/// The contract's number of a word.
fn number<T: PartialEq>(all: &[T], word: &T) -> i32 {
    let index = all.iter().position(|known| known == word);
    index.and_then(|index| i32::try_from(index + 1).ok()).unwrap_or(0)
}

pub(super) fn facts(facts: common::OrderFacts) -> Result<Facts, Fault> {
    Ok(Facts {
        order: id("facts.order_id", &facts.order_id)?,
        appeal_type: word("facts.type", AppealType::ALL, facts.r#type)?,
        channel: word("facts.channel", Channel::ALL, facts.channel)?,
        // What is not given reads as the first, by the contract.
        desk: word("facts.desk", Desk::ALL, facts.desk.max(1))?,
        urgency: word("facts.urgency", Urgency::ALL, facts.urgency.max(1))?,
        number: facts.number,
        policy_id: facts.policy_id,
        policy_version: facts.policy_version,
        category: facts.category,
        division: facts.division,
        labels: facts.labels,
    })
}

pub(super) fn facts_message(facts: &Facts, round: i32) -> common::OrderFacts {
    common::OrderFacts {
        order_id: facts.order.to_string(),
        number: facts.number.clone(),
        policy_id: facts.policy_id.clone(),
        policy_version: facts.policy_version.clone(),
        r#type: number(AppealType::ALL, &facts.appeal_type),
        channel: number(Channel::ALL, &facts.channel),
        desk: number(Desk::ALL, &facts.desk),
        urgency: number(Urgency::ALL, &facts.urgency),
        category: facts.category.clone(),
        division: facts.division.clone(),
        labels: facts.labels.clone(),
        round,
        ..common::OrderFacts::default()
    }
}

/// The satisfaction with a number of the contract; nothing when it is not given or unknown.
pub fn satisfaction(number: i32) -> Option<Satisfaction> {
    match common::Satisfaction::try_from(number).ok()? {
        common::Satisfaction::Unspecified => None,
        common::Satisfaction::VerySatisfied => Some(Satisfaction::VerySatisfied),
        common::Satisfaction::Satisfied => Some(Satisfaction::Satisfied),
        common::Satisfaction::Fair => Some(Satisfaction::Fair),
        common::Satisfaction::Dissatisfied => Some(Satisfaction::Dissatisfied),
        common::Satisfaction::VeryDissatisfied => Some(Satisfaction::VeryDissatisfied),
    }
}

pub(super) fn satisfaction_message(satisfaction: Option<Satisfaction>) -> common::Satisfaction {
    match satisfaction {
        None => common::Satisfaction::Unspecified,
        Some(Satisfaction::VerySatisfied) => common::Satisfaction::VerySatisfied,
        Some(Satisfaction::Satisfied) => common::Satisfaction::Satisfied,
        Some(Satisfaction::Fair) => common::Satisfaction::Fair,
        Some(Satisfaction::Dissatisfied) => common::Satisfaction::Dissatisfied,
        Some(Satisfaction::VeryDissatisfied) => common::Satisfaction::VeryDissatisfied,
    }
}

pub(super) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both lists name the same things in the same order.
    #[track_caller]
    fn check<T: Copy + ToString>(all: &[T], prefix: &str, name_of: impl Fn(i32) -> Option<&'static str>) {
        for (number, word) in (1..).zip(all) {
            let expected = format!("{prefix}_{}", word.to_string().to_uppercase());
            assert_eq!(name_of(number), Some(expected.as_str()));
        }
        assert_eq!(name_of(i32::try_from(all.len()).expect("short") + 1), None);
    }

    #[test]
    fn the_contract_lists_the_words_in_their_order() {
        check(AppealType::ALL, "APPEAL_TYPE", |number| {
            common::AppealType::try_from(number)
                .ok()
                .map(|it| it.as_str_name())
        });
        check(Channel::ALL, "CHANNEL", |number| {
            common::Channel::try_from(number).ok().map(|it| it.as_str_name())
        });
        check(Desk::ALL, "DESK", |number| {
            common::Desk::try_from(number).ok().map(|it| it.as_str_name())
        });
        check(Urgency::ALL, "URGENCY", |number| {
            common::Urgency::try_from(number).ok().map(|it| it.as_str_name())
        });
    }

    #[test]
    fn every_satisfaction_comes_back() {
        for number in 1..=5 {
            assert_eq!(i32::from(satisfaction_message(satisfaction(number))), number);
        }
        assert_eq!((satisfaction(0), satisfaction(6)), (None, None));
    }
}
