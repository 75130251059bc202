//! Between the register and its contract: enumerations, instants, requests, events and what people see.

mod call;
mod draft;
mod guide;
mod message;
mod view;

use chrono::{DateTime, SubsecRound, Utc};
use hotline_policy::{AppealType, Channel, Desk, Refusal, TransferWay, Urgency};
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1 as proto;
use prost_types::Timestamp;

pub use call::{
    call, call_answered, call_ended, caller_shown, file, file_attached, new_file, recording_ready, reported,
    ringing, seat, seen_call, taken_seat,
};
pub(crate) use draft::telephone;
pub use draft::{Received, draft};
pub use guide::guide;
pub use message::{
    accepted, answered, caller_marked, mark_decided, merged, referred, registered, rejected, revealed,
    submitted, supplemented, transferred, unmerged, urged, withdrawn,
};
pub use view::{appeal, candidate, entry, mark, revealed_person, similar, tracked};

use crate::domain::{MarkState, StateName, refusals};

/// The word at a value of the contract: the lists have the same order, and 0 is "not given".
fn word_at<T: Copy>(all: &[T], value: i32) -> Option<T> {
    let place = usize::try_from(value).ok()?.checked_sub(1)?;
    all.get(place).copied()
}

/// The contract's value of a word.
fn value_of<T: PartialEq>(all: &[T], word: &T) -> i32 {
    let place = all.iter().position(|other| other == word);
    place.and_then(|place| i32::try_from(place + 1).ok()).unwrap_or(0)
}

/// The kind of appeal of a contract's value.
#[must_use]
pub fn appeal_type_of(value: i32) -> Option<AppealType> {
    word_at(AppealType::ALL, value)
}

/// The channel of a contract's value.
#[must_use]
pub fn channel_of(value: i32) -> Option<Channel> {
    word_at(Channel::ALL, value)
}

/// The contract's values of the words of a case.
#[must_use]
pub fn values(
    appeal_type: AppealType,
    channel: Channel,
    desk: Desk,
    urgency: Urgency,
) -> (common::AppealType, common::Channel, common::Desk, common::Urgency) {
    let desk = match desk {
        Desk::Hotline => common::Desk::Hotline,
        Desk::Enterprise => common::Desk::Enterprise,
    };
    let appeal_type =
        common::AppealType::try_from(value_of(AppealType::ALL, &appeal_type)).unwrap_or_default();
    let channel = common::Channel::try_from(value_of(Channel::ALL, &channel)).unwrap_or_default();
    let urgency = common::Urgency::try_from(value_of(Urgency::ALL, &urgency)).unwrap_or_default();
    (appeal_type, channel, desk, urgency)
}

/// The contract's value of a state.
#[must_use]
pub fn state(name: StateName) -> proto::AppealState {
    proto::AppealState::try_from(value_of(&StateName::ALL, &name)).unwrap_or_default()
}

/// A value that must be given, or the refusal that names its field.
pub(crate) fn given<T>(value: Option<T>, field: &str) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::new(&refusals::ENUM).field(field))
}

/// A filter's value: 0 is any; a value that the contract does not have is refused.
fn any_or<T: Copy>(all: &[T], value: i32, field: &str) -> Result<Option<T>, Refusal> {
    if value == 0 {
        Ok(None)
    } else {
        given(word_at(all, value), field).map(Some)
    }
}

/// The state of a list's filter.
///
/// # Errors
/// A value that the contract does not have.
pub fn any_state(value: i32) -> Result<Option<StateName>, Refusal> {
    any_or(&StateName::ALL, value, "state")
}

/// The state of a list of marks.
///
/// # Errors
/// A value that the contract does not have.
pub fn any_mark_state(value: i32) -> Result<Option<MarkState>, Refusal> {
    any_or(&MarkState::ALL, value, "state")
}

/// The way of a transfer; one-key transfer when none is given.
///
/// # Errors
/// A value that the contract does not have.
pub fn way(value: i32) -> Result<TransferWay, Refusal> {
    Ok(any_or(TransferWay::ALL, value, "way")?.unwrap_or(TransferWay::OneKeyTransfer))
}

/// The kind of a list's filter.
///
/// # Errors
/// A value that the contract does not have.
pub fn any_type(value: i32) -> Result<Option<AppealType>, Refusal> {
    any_or(AppealType::ALL, value, "type")
}

/// The channel of a list's filter.
///
/// # Errors
/// A value that the contract does not have.
pub fn any_channel(value: i32) -> Result<Option<Channel>, Refusal> {
    any_or(Channel::ALL, value, "channel")
}

/// An instant as the contract writes it.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0);
    Timestamp {
        seconds: at.timestamp(),
        nanos,
    }
}

/// The instant of a timestamp, in the microseconds that tables keep; `None` outside what can be expressed.
#[must_use]
pub fn instant(at: &Timestamp) -> Option<DateTime<Utc>> {
    let nanos = u32::try_from(at.nanos).ok()?;
    DateTime::from_timestamp(at.seconds, nanos).map(|at| at.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_and_the_contract_have_one_order() {
        let same = |word: &str, name: &str, prefix: &str| {
            assert_eq!(format!("{prefix}_{}", word.to_ascii_uppercase()), name);
        };
        for word in AppealType::ALL {
            let name = values(*word, Channel::Web, Desk::Hotline, Urgency::Normal)
                .0
                .as_str_name();
            same(word.as_str(), name, "APPEAL_TYPE");
        }
        for word in Channel::ALL {
            let name = values(AppealType::Help, *word, Desk::Hotline, Urgency::Normal)
                .1
                .as_str_name();
            same(word.as_str(), name, "CHANNEL");
            assert_eq!(channel_of(value_of(Channel::ALL, word)), Some(*word));
        }
        for word in Urgency::ALL {
            let name = values(AppealType::Help, Channel::Web, Desk::Hotline, *word)
                .3
                .as_str_name();
            same(word.as_str(), name, "URGENCY");
        }
        for name in StateName::ALL {
            same(name.as_str(), state(name).as_str_name(), "APPEAL_STATE");
        }
        for word in TransferWay::ALL {
            let known = proto::TransferWay::try_from(value_of(TransferWay::ALL, word)).unwrap_or_default();
            same(word.as_str(), known.as_str_name(), "TRANSFER_WAY");
        }
        for word in MarkState::ALL {
            let known =
                proto::CallerMarkState::try_from(value_of(&MarkState::ALL, &word)).unwrap_or_default();
            same(word.as_str(), known.as_str_name(), "CALLER_MARK_STATE");
        }
    }

    #[test]
    fn what_the_contract_does_not_have_is_no_word() {
        assert_eq!(
            (appeal_type_of(0), appeal_type_of(7), appeal_type_of(-1)),
            (None, None, None)
        );
        assert_eq!(
            (channel_of(0), channel_of(15), channel_of(i32::MIN)),
            (None, None, None)
        );
    }
}
