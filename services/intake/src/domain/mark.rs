//! The list of callers who harass the hotline: proposed with evidence, decided by a second person, shown for a time.

use chrono::{DateTime, Days, Utc};
use hotline_policy::{CallerControl, Refusal};
use uuid::Uuid;

use super::authority::Authority;
use super::refusals;

/// Where a mark stands in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkState {
    /// Waits for a second person.
    Proposed,
    /// Shown until it expires.
    Confirmed,
    /// The second person did not agree.
    Refused,
    /// Lifted before its time.
    Lifted,
    /// Its time is over; never stored, it follows from the clock.
    Expired,
}

impl MarkState {
    /// Every state, in the order of the contract.
    pub const ALL: [Self; 5] = [
        Self::Proposed,
        Self::Confirmed,
        Self::Refused,
        Self::Lifted,
        Self::Expired,
    ];

    /// The word that tables and events hold.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Lifted => "lifted",
            Self::Expired => "expired",
        }
    }

    /// The state that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Identifier.
    pub id: Uuid,
    /// Appeal whose caller it is.
    pub appeal_id: Uuid,
    /// Number of that appeal.
    pub number: String,
    /// Where it stands.
    pub state: MarkState,
    /// What was done; numbers masked.
    pub evidence: String,
    /// Recordings and orders that prove it.
    pub references: Vec<String>,
    /// Who proposed it.
    pub marked_by: String,
    /// When.
    pub marked_at: DateTime<Utc>,
    /// Who decided last; empty while nobody has.
    pub reviewed_by: String,
    /// The reason of that decision.
    pub review_note: String,
    /// When it stops being shown, once confirmed.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Mark {
    /// Where it stands at `now`.
    #[must_use]
    pub fn state_at(&self, now: DateTime<Utc>) -> MarkState {
        match (self.state, self.expires_at) {
            (MarkState::Confirmed, Some(until)) if until <= now => MarkState::Expired,
            (state, _) => state,
        }
    }
}

/// What a second person makes of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Confirm,
    /// It is not.
    Refuse,
    /// It was right, and is not needed any more.
    Lift,
}

/// The mark after the decision of `actor`.
///
/// # Errors
/// `caller_mark.state` in a wrong state, `caller_mark.second_person` for the proposer, `caller_mark.reviewer` for a
/// lower post than the policy's.
pub fn decide_mark(
    mut mark: Mark,
    verdict: Verdict,
    (actor, authority): (&str, &Authority),
    note: String,
    (rule, now): (&CallerControl, DateTime<Utc>),
) -> Result<Mark, Refusal> {
    let refused = |code, detail: String| {
        let refusal = Refusal::new(code).field("mark_id").detail(detail);
        Err(refusal.article(rule.origin.article.clone()))
    };
    let state = mark.state_at(now);
    let next = match (state, verdict) {
        (MarkState::Proposed, Verdict::Confirm) => MarkState::Confirmed,
        (MarkState::Proposed, Verdict::Refuse) => MarkState::Refused,
        (MarkState::Confirmed, Verdict::Lift) => MarkState::Lifted,
        _ => return refused(&refusals::MARK_STATE, format!("the mark is {}", state.as_str())),
    };
    if !authority.reaches(rule.reviewer) {
        return refused(&refusals::MARK_REVIEWER, rule.reviewer.zh().to_owned());
    }
    if verdict != Verdict::Lift && mark.marked_by == actor {
        return refused(&refusals::MARK_SECOND_PERSON, String::new());
    }
    mark.state = next;
    actor.clone_into(&mut mark.reviewed_by);
    mark.review_note = note;
    if next == MarkState::Confirmed {
        mark.expires_at = now.checked_add_days(Days::new(rule.days.into()));
    }
    Ok(mark)
}
