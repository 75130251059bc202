//! What an appellant sees with a number and a tracking code in hand.
//!
//! Invariant: a number that does not exist and a code that does not fit are answered alike, throttling included.

use chrono::TimeDelta;
use hotline_bus::Fault;
use hotline_policy::Refusal;
use uuid::Uuid;

use super::register::normal_code;
use super::{Intake, unopened};
use crate::domain::{Case, Entry, State, StateName, is_number, refusals};
use crate::seal;
use crate::store::{self, Name, Record};

/// Attempts a number has in one window: enough for slips, too few to guess 40 bits.
const ATTEMPTS_MAX: i32 = 10;
/// The window of attempts.
const WINDOW: TimeDelta = TimeDelta::minutes(1);
/// Events that tell how the matter goes on, whoever of several appellants asked.
const PROGRESS: &str = "hotline.routing.";

/// What an appellant sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// The appeal itself.
    pub case: Case,
    /// Where the matter stands; of a joined appeal, where the other one does.
    pub state: StateName,
    /// The appeal whose order the matter is handled under.
    pub order: Uuid,
    /// Times the appellant pressed.
    pub urges: i32,
    /// Reason code of a refusal; empty otherwise.
    pub reject_code: String,
    /// Lines; only those with public words are shown.
    pub entries: Vec<Entry>,
}

impl Intake {
    /// The public timeline of the appeal with this number, for whoever has its code.
    ///
    /// # Errors
    /// `appeal.not_tracked` for a wrong number or a wrong code, `appeal.track_throttled`.
    pub async fn track(&self, number: &str, code: &str) -> Result<Tracked, Fault> {
        let refused = || Fault::from(Refusal::new(&refusals::NOT_TRACKED));
        if !is_number(number) {
            return Err(refused());
        }
        let pool = self.bus.pool();
        if store::attempt(pool, number, self.bus.now(), WINDOW).await? > ATTEMPTS_MAX {
            return Err(Refusal::new(&refusals::TRACK_THROTTLED).into());
        }
        let found = store::find(pool, Name::Number(number)).await?;
        let expected = match &found {
            Some(record) => {
                let id = record.appeal.case.id;
                seal::open_code(&self.vault, id, &record.person).map_err(|error| unopened(&error))?
            }
            None => String::new(),
        };
        match found {
            Some(record) if same(&normal_code(code), &expected) => {
                // Whoever knows the code may look as often as they like: only guesses are used up.
                store::forgive(pool, number).await?;
                self.tracked(record).await
            }
            _ => Err(refused()),
        }
    }

    /// A joined appeal goes on under the other: its appellant follows the matter there, in words that are about
    /// the matter alone.
    async fn tracked(&self, record: Record) -> Result<Tracked, Fault> {
        let pool = self.bus.pool();
        let case = record.appeal.case;
        let mut entries = store::entries(pool, case.id).await?;
        let (mut state, mut order) = (record.appeal.state, case.id);
        let mut urges = record.appeal.urges;
        if let State::Merged { into, .. } = state {
            order = into;
            let of_matter = |entry: &Entry| entry.line.kind.starts_with(PROGRESS);
            entries.extend(store::entries(pool, into).await?.into_iter().filter(of_matter));
            entries.sort_by_key(|entry| entry.at);
            if let Some(main) = store::find(pool, Name::Id(into)).await? {
                (state, urges) = (main.appeal.state, main.appeal.urges);
            }
        }
        Ok(Tracked {
            reject_code: match &state {
                State::Rejected { code } => code.clone(),
                _ => String::new(),
            },
            state: state.name(),
            case,
            order,
            urges,
            entries,
        })
    }
}

/// Whether two codes are the same, in a time that does not tell how far they agree.
fn same(given: &str, expected: &str) -> bool {
    let (given, expected) = (given.as_bytes(), expected.as_bytes());
    if expected.is_empty() || given.len() != expected.len() {
        return false;
    }
    let differs = given
        .iter()
        .zip(expected)
        .fold(0, |differs, (a, b)| differs | (a ^ b));
    std::hint::black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn only_the_whole_code_is_the_same() {
        assert!(same("ABCD1234", "ABCD1234"));
        for other in ["", "ABCD1235", "BBCD1234", "ABCD123", "ABCD12345"] {
            assert!(!same(other, "ABCD1234"), "{other}");
        }
        assert!(!same("", ""));
    }
}
