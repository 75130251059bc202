//! Between the contract's reviews and those of the domain.

use hotline_proto::callback::v1 as proto;

use super::{satisfaction_told, timestamp};
use crate::domain::review::{Review, State};

/// A review as lists show it.
#[must_use]
pub fn review(review: &Review) -> proto::Review {
    let [verification, verified_by] = review.verification.clone();
    let [rectification, rectified_by] = review.rectification.clone();
    proto::Review {
        review_id: review.id.to_string(),
        source: review.source.clone(),
        source_reference: review.reference.clone(),
        unit_id: review.unit.clone(),
        subject: review.subject.clone(),
        satisfaction: satisfaction_told(review.satisfaction).into(),
        words: review.words.clone(),
        state: state_told(review.state).into(),
        verification,
        verified_by,
        rectification,
        rectified_by,
        remark: review.remark.clone(),
        recorded_at: Some(timestamp(review.at)),
    }
}

fn state_told(state: State) -> proto::ReviewState {
    match state {
        State::Good => proto::ReviewState::Good,
        State::ToVerify => proto::ReviewState::ToVerify,
        State::ToRectify => proto::ReviewState::ToRectify,
        State::ToConfirm => proto::ReviewState::ToConfirm,
        State::Rectified => proto::ReviewState::Rectified,
        State::Unfounded => proto::ReviewState::Unfounded,
    }
}

/// The state of the contract; `None` when it is not given.
#[must_use]
pub fn review_state(given: proto::ReviewState) -> Option<State> {
    State::ALL.into_iter().find(|state| state_told(*state) == given)
}
