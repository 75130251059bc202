//! Good and bad reviews of services: a bad one is verified, and a founded one is put right (Xuzhou art. 16, Jiangsu art. 15).

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;
use hotline_policy::rules::Satisfaction;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusals::{PAPER_NOT_YOURS, REASON_MISSING, REVIEW_STATE, TEXT_MISSING};

/// A review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Identifier.
    pub id: Uuid,
    /// Platform that it came by.
    pub source: String,
    /// Its reference there.
    pub reference: String,
    /// Unit that was reviewed.
    pub unit: String,
    /// Matter or service.
    pub subject: String,
    /// How content.
    pub satisfaction: Satisfaction,
    /// In the reviewer's words.
    pub words: String,
    /// Where it stands.
    pub state: State,
    /// What the verification found, and who verified.
    pub verification: [String; 2],
    /// How the unit put it right, and who said so.
    pub rectification: [String; 2],
    /// Why it was sent back to the unit, the last time.
    pub remark: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// Where a review stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A good one.
    Good,
    /// A bad one to be verified.
    ToVerify,
    /// Founded: the unit must put it right.
    ToRectify,
    /// Put right, says the unit.
    ToConfirm,
    /// Put right.
    Rectified,
    /// Not founded.
    Unfounded,
}

/// What is done to a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Verify it: founded or not, and what was found.
    Verify(bool, String),
    /// Say how the unit put it right.
    Rectify(String),
    /// Confirm that, or send it back with words.
    Confirm(bool, String),
}

/// Whether a review is a bad one.
#[must_use]
pub fn is_bad(satisfaction: Satisfaction) -> bool {
    matches!(
        satisfaction,
        Satisfaction::Dissatisfied | Satisfaction::VeryDissatisfied
    )
}

impl Review {
    /// A new review; a bad one waits to be verified.
    ///
    /// # Errors
    /// A bad one without words.
    pub fn recorded(mut self) -> Result<Self, Refusal> {
        self.state = if is_bad(self.satisfaction) {
            State::ToVerify
        } else {
            State::Good
        };
        if self.state == State::ToVerify && self.words.is_empty() {
            return Err(Refusal::new(&REASON_MISSING).field("words"));
        }
        Ok(self)
    }

    /// The review after a step of `actor`, who is of `unit` where a unit acts.
    ///
    /// # Errors
    /// Another state, another's unit, or no words.
    pub fn after(mut self, step: &Step, actor: &str, unit: Option<&str>) -> Result<Self, Refusal> {
        let (expected, next) = match step {
            Step::Verify(true, _) => (State::ToVerify, State::ToRectify),
            Step::Verify(false, _) => (State::ToVerify, State::Unfounded),
            Step::Rectify(_) => (State::ToRectify, State::ToConfirm),
            Step::Confirm(true, _) => (State::ToConfirm, State::Rectified),
            Step::Confirm(false, _) => (State::ToConfirm, State::ToRectify),
        };
        if matches!(step, Step::Rectify(_)) && unit != Some(self.unit.as_str()) {
            return Err(Refusal::new(&PAPER_NOT_YOURS));
        }
        if self.state != expected {
            return Err(Refusal::new(&REVIEW_STATE).detail(self.state.as_str()));
        }
        let (Step::Verify(_, words) | Step::Rectify(words) | Step::Confirm(_, words)) = step;
        if words.is_empty() && !matches!(step, Step::Confirm(true, _)) {
            return Err(Refusal::new(&TEXT_MISSING).field("words"));
        }
        let said = [words.clone(), actor.to_owned()];
        match step {
            Step::Verify(..) => self.verification = said,
            Step::Rectify(_) => self.rectification = said,
            Step::Confirm(..) => self.remark.clone_from(words),
        }
        self.state = next;
        Ok(self)
    }
}

impl State {
    /// Every state, as the contract numbers them from 1.
    pub const ALL: [Self; 6] = [
        Self::Good,
        Self::ToVerify,
        Self::ToRectify,
        Self::ToConfirm,
        Self::Rectified,
        Self::Unfounded,
    ];

    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::ToVerify => "to_verify",
            Self::ToRectify => "to_rectify",
            Self::ToConfirm => "to_confirm",
            Self::Rectified => "rectified",
            Self::Unfounded => "unfounded",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(satisfaction: Satisfaction) -> Review {
        Review {
            id: Uuid::from_u128(3),
            source: "hcp".into(),
            reference: "1".into(),
            unit: "u".into(),
            subject: "办照".into(),
            satisfaction,
            words: "排队两小时".into(),
            state: State::Good,
            verification: Default::default(),
            rectification: Default::default(),
            remark: String::new(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_bad_review_is_verified_put_right_and_confirmed() {
        let said = || "说明".to_owned();
        let bad = review(Satisfaction::Dissatisfied)
            .recorded()
            .expect("it has words");
        let early = bad.clone().after(&Step::Rectify(said()), "c", Some("u"));
        assert_eq!(
            early.map_err(|refusal| refusal.code.id),
            Err("callback.review_state")
        );
        let founded = bad
            .after(&Step::Verify(true, said()), "r", None)
            .expect("verified");
        let other = founded.clone().after(&Step::Rectify(said()), "c", Some("v"));
        assert_eq!(
            other.map_err(|refusal| refusal.code.id),
            Err("callback.paper_not_yours")
        );
        let right = founded
            .after(&Step::Rectify(said()), "c", Some("u"))
            .expect("put right");
        let again = right
            .clone()
            .after(&Step::Confirm(false, said()), "r", None)
            .expect("back");
        assert_eq!(again.state, State::ToRectify);
        let done = right
            .after(&Step::Confirm(true, String::new()), "r", None)
            .expect("confirmed");
        assert_eq!(done.state, State::Rectified);
    }

    #[test]
    fn a_good_review_asks_for_nothing_and_a_bad_one_for_words() {
        let good = review(Satisfaction::Neutral).recorded().expect("recorded");
        assert_eq!(good.state, State::Good);
        let mut mute = review(Satisfaction::VeryDissatisfied);
        mute.words.clear();
        assert!(mute.recorded().is_err());
    }
}
