//! Every state that an order and a leg can have: the scenes must show them all.

use crate::domain::tests::world::{GULOU, monday};
use crate::domain::{LegState, Outcome, Reply, State, UnitId};

/// One state of each kind that an order can have; a new one does not compile until it is here.
pub(super) fn order_states() -> Vec<State> {
    let first = State::PreReview {
        claimed_by: None,
        proposed: None,
    };
    let next = |state: &State| match state {
        State::PreReview { .. } => Some(State::Handling),
        State::Handling => Some(State::Disputed { proposed: None }),
        State::Disputed { .. } => Some(State::Escalated {
            unit: UnitId::new(GULOU),
        }),
        State::Escalated { .. } => Some(State::Settled),
        State::Settled => Some(State::Closed {
            outcome: Outcome::Final,
        }),
        State::Closed { outcome } => Some(State::Archived {
            outcome: *outcome,
            keep_until: monday("09:00"),
        }),
        State::Archived { .. } => Some(State::Withdrawn),
        State::Withdrawn => None,
    };
    std::iter::successors(Some(first), next).collect()
}

/// The word of each state that a leg can have; a new one does not compile until it is here.
pub(super) fn leg_states() -> Vec<&'static str> {
    let reply = || {
        let text = serde_json::json!({"id": uuid::Uuid::nil(), "action": "", "office": "", "handler": "",
            "result": "solved", "legal_basis": "", "told": "", "internal_text": "", "public_text": ""});
        serde_json::from_value::<Reply>(text).expect("a reply")
    };
    let next = |state: &LegState| match state {
        LegState::ToSign => Some(LegState::Signed),
        LegState::Signed => Some(LegState::Submitted {
            reply: reply(),
            awaits: hotline_policy::ApprovalLevel::Section,
            by: String::new(),
        }),
        LegState::Submitted { .. } => Some(LegState::Replied(reply())),
        LegState::Replied(_) => Some(LegState::SentBack(reply())),
        LegState::SentBack(_) => Some(LegState::Approved(reply())),
        LegState::Approved(_) => Some(LegState::Returned),
        LegState::Returned => Some(LegState::Withdrawn),
        LegState::Withdrawn => Some(LegState::Following),
        LegState::Following => None,
    };
    let all = std::iter::successors(Some(LegState::ToSign), next);
    all.map(|state| state.as_str()).collect()
}
