//! The closed lists of the contract and of the domain, matched word by word.

use hotline_policy::{AppealType, Channel, Desk, Urgency};
use hotline_proto::common::v1 as common;
use hotline_proto::routing::v1;

use crate::domain::{LegKind, LegState, State};

/// Two functions between a list of the domain and one of the contract.
macro_rules! words {
    ($domain:ident, $to:ident, $from:ident { $($word:ident = $wire:ident),+ $(,)? }) => {
        /// The contract's value.
        pub fn $to(word: $domain) -> common::$domain {
            match word { $($domain::$word => common::$domain::$wire,)+ }
        }

        /// The domain's word; nothing when it is not given.
        pub fn $from(value: common::$domain) -> Option<$domain> {
            match value {
                common::$domain::Unspecified => None,
                $(common::$domain::$wire => Some($domain::$word),)+
            }
        }
    };
}

words!(AppealType, appeal_type, appeal_type_word {
    Consult = Consult,
    Help = Help,
    Complaint = Complaint,
    Report = Report,
    Suggestion = Suggestion,
    Praise = Praise,
});

words!(Channel, channel, channel_word {
    Telephone = Telephone,
    EnterpriseSeat = EnterpriseSeat,
    Web = Web,
    App = App,
    Wechat = Wechat,
    MiniProgram = MiniProgram,
    Weibo = Weibo,
    Mailbox = Mailbox,
    Counter = Counter,
    CoBuilt = CoBuilt,
    Regional = Regional,
    National = National,
    Provincial = Provincial,
    LeaderBoard = LeaderBoard,
});

words!(Desk, desk, known_desk {
    Hotline = Hotline,
    Enterprise = Enterprise,
});

words!(Urgency, urgency, known_urgency {
    Normal = Normal,
    Urgent = Urgent,
    Emergency = Emergency,
});

/// The domain's desk; the hotline's when it is not given.
pub fn desk_word(value: common::Desk) -> Desk {
    known_desk(value).unwrap_or(Desk::Hotline)
}

/// The domain's urgency; normal when it is not given.
pub fn urgency_word(value: common::Urgency) -> Urgency {
    known_urgency(value).unwrap_or(Urgency::Normal)
}

/// The contract's kind of a leg.
pub fn leg_kind(kind: LegKind) -> common::LegKind {
    match kind {
        LegKind::Lead => common::LegKind::Lead,
        LegKind::CoHandle => common::LegKind::CoHandle,
        LegKind::Delegated { .. } => common::LegKind::Delegated,
        LegKind::Enterprise => common::LegKind::Enterprise,
    }
}

/// The contract's state of an order.
pub fn order_state(state: &State) -> v1::OrderState {
    match state {
        State::PreReview { .. } => v1::OrderState::PreReview,
        State::Handling => v1::OrderState::Handling,
        State::Disputed { .. } => v1::OrderState::Disputed,
        State::Escalated { .. } => v1::OrderState::Escalated,
        State::Settled => v1::OrderState::Settled,
        State::Closed { .. } => v1::OrderState::Closed,
        State::Archived { .. } => v1::OrderState::Archived,
        State::Withdrawn => v1::OrderState::Withdrawn,
    }
}

/// The contract's state of a leg.
pub fn leg_state(state: &LegState) -> v1::LegState {
    match state {
        LegState::ToSign => v1::LegState::ToSign,
        LegState::Signed => v1::LegState::Signed,
        LegState::Submitted { .. } => v1::LegState::Submitted,
        LegState::Replied(_) => v1::LegState::Replied,
        LegState::SentBack(_) => v1::LegState::SentBack,
        LegState::Approved(_) => v1::LegState::Approved,
        LegState::Returned => v1::LegState::Returned,
        LegState::Withdrawn => v1::LegState::Withdrawn,
        LegState::Following => v1::LegState::Following,
    }
}

/// The word by which tables call a state; nothing for "any".
pub fn order_state_word(value: v1::OrderState) -> Option<&'static str> {
    match value {
        v1::OrderState::Unspecified => None,
        v1::OrderState::PreReview => Some("pre_review"),
        v1::OrderState::Handling => Some("handling"),
        v1::OrderState::Disputed => Some("disputed"),
        v1::OrderState::Settled => Some("settled"),
        v1::OrderState::Escalated => Some("escalated"),
        v1::OrderState::Closed => Some("closed"),
        v1::OrderState::Archived => Some("archived"),
        v1::OrderState::Withdrawn => Some("withdrawn"),
    }
}

/// The word by which tables call a leg's state; nothing for "any".
pub fn leg_state_word(value: v1::LegState) -> Option<&'static str> {
    match value {
        v1::LegState::Unspecified => None,
        v1::LegState::ToSign => Some("to_sign"),
        v1::LegState::Signed => Some("signed"),
        v1::LegState::Submitted => Some("submitted"),
        v1::LegState::Replied => Some("replied"),
        v1::LegState::SentBack => Some("sent_back"),
        v1::LegState::Approved => Some("approved"),
        v1::LegState::Returned => Some("returned"),
        v1::LegState::Withdrawn => Some("withdrawn"),
        v1::LegState::Following => Some("following"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_policy_has_its_value_in_the_contract() {
        for word in AppealType::ALL {
            assert_eq!(appeal_type_word(appeal_type(*word)), Some(*word));
        }
        for word in Channel::ALL {
            assert_eq!(channel_word(channel(*word)), Some(*word));
        }
        for word in Urgency::ALL {
            assert_eq!(urgency_word(urgency(*word)), *word);
        }
        for word in Desk::ALL {
            assert_eq!(desk_word(desk(*word)), *word);
        }
    }

    #[test]
    fn what_is_not_given_is_told_apart() {
        assert_eq!(appeal_type_word(common::AppealType::Unspecified), None);
        assert_eq!(order_state_word(v1::OrderState::Unspecified), None);
        assert_eq!(
            order_state_word(v1::OrderState::Settled),
            Some(State::Settled.as_str())
        );
        assert_eq!(
            leg_state_word(v1::LegState::Following),
            Some(LegState::Following.as_str())
        );
    }
}
