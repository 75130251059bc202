//! A telephone call at a seat: what the exchange reports of it, each kind once and in any order.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// The agent whose call it is sees the number for so long after it rang: a working day at a seat.
const CLEAR_FOR: TimeDelta = TimeDelta::hours(12);

/// A recording in the recording system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its reference there.
    pub reference: String,
    /// Its length.
    pub seconds: i32,
}

/// What the exchange reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallReport {
    /// It rings at a seat.
    Ringing,
    /// The agent answered.
    Answered,
    /// It is over.
    Ended,
    /// Its recording can be played.
    RecordingReady(Recording),
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// Rings.
    Ringing,
    /// Was answered and goes on.
    Answered,
    /// Is over after it was answered.
    Ended,
    /// Is over and nobody answered.
    Missed,
}

impl CallState {
    /// Every state, in the order of the contract.
    pub const ALL: [Self; 4] = [Self::Ringing, Self::Answered, Self::Ended, Self::Missed];
}

/// A call; the number itself is sealed beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Identifier.
    pub id: Uuid,
    /// Seat that it rang at.
    pub seat: String,
    /// Agent whose call it is; empty when nobody sat there.
    pub agent: String,
    /// Hotline number that was dialled; empty for 12345's own.
    pub line: String,
    /// Number of the caller, masked; empty when it was withheld.
    pub masked_number: String,
    /// Tells callers apart and nothing else; empty when the number was withheld.
    pub caller_reference: String,
    /// When it rang, or when it was first heard of.
    pub rang_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its recording.
    pub recording: Option<Recording>,
    /// When its agent first saw the number.
    pub shown_at: Option<DateTime<Utc>>,
}

impl Call {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> CallState {
        match (self.answered_at, self.ended_at) {
            (None, None) => CallState::Ringing,
            (Some(_), None) => CallState::Answered,
            (Some(_), Some(_)) => CallState::Ended,
            (None, Some(_)) => CallState::Missed,
        }
    }

    /// Takes in what was reported of a known call at `at`; true where it is news. That it rings is news only of a call
    /// that nobody knows, so never here.
    pub fn take(&mut self, report: CallReport, at: DateTime<Utc>) -> bool {
        match report {
            CallReport::Ringing => false,
            CallReport::Answered => once(&mut self.answered_at, at),
            CallReport::Ended => once(&mut self.ended_at, at),
            CallReport::RecordingReady(recording) => once(&mut self.recording, recording),
        }
    }

    /// Whether `actor` may see the number in clear at `now`.
    #[must_use]
    pub fn is_clear_for(&self, actor: &str, now: DateTime<Utc>) -> bool {
        self.is_of(actor) && now < self.rang_at + CLEAR_FOR
    }

    /// Whether it is the call of `actor`.
    #[must_use]
    pub fn is_of(&self, actor: &str) -> bool {
        !actor.is_empty() && self.agent == actor
    }
}

/// Fills what is empty; true where it was.
fn once<T>(place: &mut Option<T>, value: T) -> bool {
    let is_news = place.is_none();
    place.get_or_insert(value);
    is_news
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn call() -> Call {
        Call {
            id: Uuid::from_u128(1),
            seat: "8001".into(),
            agent: "u-1".into(),
            line: String::new(),
            masked_number: "138****5678".into(),
            caller_reference: "r".into(),
            rang_at: DateTime::UNIX_EPOCH,
            answered_at: None,
            ended_at: None,
            recording: None,
            shown_at: None,
        }
    }

    fn report(kind: u8) -> CallReport {
        match kind {
            0 => CallReport::Ringing,
            1 => CallReport::Answered,
            2 => CallReport::Ended,
            _ => CallReport::RecordingReady(Recording {
                reference: "r".into(),
                seconds: 3,
            }),
        }
    }

    proptest! {
        #[test]
        fn each_kind_counts_once_in_whatever_order_it_comes(kinds in proptest::collection::vec(0..4_u8, 0..12)) {
            let mut call = call();
            let mut known = std::collections::BTreeSet::from([0]);
            for (second, kind) in (1..).zip(kinds) {
                let before = call.clone();
                let news = call.take(report(kind), DateTime::UNIX_EPOCH + TimeDelta::seconds(second));
                prop_assert_eq!(news, known.insert(kind));
                prop_assert!(news || call == before);
            }
            let expected = match (known.contains(&1), known.contains(&2)) {
                (false, false) => CallState::Ringing,
                (true, false) => CallState::Answered,
                (true, true) => CallState::Ended,
                (false, true) => CallState::Missed,
            };
            prop_assert_eq!(call.state(), expected);
        }
    }

    #[test]
    fn the_number_is_clear_for_its_own_agent_and_for_a_time() {
        let (call, rang) = (call(), DateTime::UNIX_EPOCH);
        assert!(call.is_clear_for("u-1", rang));
        assert!(!call.is_clear_for("u-2", rang) && !call.is_clear_for("u-1", rang + CLEAR_FOR));
        let nobodys = Call {
            agent: String::new(),
            ..call
        };
        assert!(!nobodys.is_clear_for("", rang), "nobody is not somebody");
    }
}
