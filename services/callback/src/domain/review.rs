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

    /// A new state does not compile until it is here.
    fn number(state: State) -> usize {
        match state {
            State::Good => 0,
            State::ToVerify => 1,
            State::ToRectify => 2,
            State::ToConfirm => 3,
            State::Rectified => 4,
            State::Unfounded => 5,
        }
    }

    /// A new step does not compile until it is here.
    fn name(step: &Step) -> &'static str {
        match step {
            Step::Verify(true, _) => "found true",
            Step::Verify(false, _) => "found untrue",
            Step::Rectify(_) => "rectify",
            Step::Confirm(true, _) => "confirm",
            Step::Confirm(false, _) => "send back",
        }
    }

    /// The columns.
    const STATES: [State; 6] = [
        State::Good,
        State::ToVerify,
        State::ToRectify,
        State::ToConfirm,
        State::Rectified,
        State::Unfounded,
    ];

    /// The people: the platform's reviewer, the unit's clerk, another unit's.
    const PEOPLE: [Option<&str>; 3] = [None, Some("u"), Some("v")];

    /// What a cell stands for: the number of the state that follows, or a refusal.
    fn legend(cell: char) -> String {
        match cell {
            's' => "callback.review_state".into(),
            'u' => "callback.paper_not_yours".into(),
            'w' => "callback.text_missing words".into(),
            number => number.to_string(),
        }
    }

    fn told(answer: Result<Review, Refusal>) -> String {
        match answer {
            Ok(review) => number(review.state).to_string(),
            Err(refusal) => {
                let field = refusal.field.as_deref().unwrap_or_default();
                format!("{} {field}", refusal.code.id).trim_end().to_owned()
            }
        }
    }

    #[test]
    fn every_step_in_every_state_by_everybody_leads_where_its_row_says() {
        let said = || "说明".to_owned();
        let (none, barred) = (String::new, "uuuuuu");
        let rows = [
            (Step::Verify(true, said()), ["s2ssss"; 3]),
            (Step::Verify(false, said()), ["s5ssss"; 3]),
            (Step::Verify(true, none()), ["swssss"; 3]),
            (Step::Rectify(said()), [barred, "ss3sss", barred]),
            (Step::Rectify(none()), [barred, "sswsss", barred]),
            (Step::Confirm(true, said()), ["sss4ss"; 3]),
            (Step::Confirm(true, none()), ["sss4ss"; 3]),
            (Step::Confirm(false, said()), ["sss2ss"; 3]),
            (Step::Confirm(false, none()), ["ssswss"; 3]),
        ];
        for (step, lines) in &rows {
            for (unit, line) in PEOPLE.into_iter().zip(lines) {
                assert_eq!(line.len(), STATES.len(), "{}", name(step));
                for (state, cell) in STATES.into_iter().zip(line.chars()) {
                    let of = Review {
                        state,
                        ..review(Satisfaction::Dissatisfied)
                    };
                    let at = format!("{} by {unit:?} in {}", name(step), state.as_str());
                    let found = of.after(step, "who", unit);
                    if let Ok(after) = &found {
                        let again = after.clone().after(step, "who", unit);
                        assert!(again.is_err(), "{at}: a second time");
                    }
                    assert_eq!(told(found), legend(cell), "{at}");
                }
            }
        }
        let named: std::collections::BTreeSet<_> = rows.iter().map(|(step, _)| name(step)).collect();
        assert_eq!(named.len(), 5);
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
