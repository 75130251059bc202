//! What the enterprise desk may do with a leg: press, add, evaluate; never handle.

use hotline_policy::Refusal;

use super::evolve::Event;
use super::leg::{Satisfaction, Standing, State};
use super::refusals::{ENDED, EVALUATED, NOT_OPEN, NOT_SETTLED, NOTE_REQUIRED, STALE};

/// The article behind the two sends.
const ARTICLE: &str = "2";

/// What the desk asks for. Notes are checked and masked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Presses the department.
    Urge {
        /// In words; required.
        note: String,
    },
    /// Adds something to the matter.
    Supplement {
        /// What; required.
        note: String,
    },
    /// Evaluates the handling.
    Evaluate {
        /// How content the enterprise is.
        satisfaction: Satisfaction,
        /// In words; required for a bad one.
        note: String,
    },
}

/// What follows from `command` on a leg that stands so, for a caller who saw `version` (0 for any).
///
/// # Errors
/// `enterprise.stale`, `enterprise.note_required`, or the state's refusal: `enterprise.not_open`, `enterprise.ended`,
/// `enterprise.not_settled`, `enterprise.evaluated`.
pub fn decide(standing: &Standing, version: i64, command: &Command) -> Result<Event, Refusal> {
    if version != 0 && version != standing.version {
        let detail = format!("version {} by now", standing.version);
        return Err(Refusal::new(&STALE).field("version").detail(detail));
    }
    match command {
        Command::Urge { note } => urge(standing, note),
        Command::Supplement { note } => supplement(standing, note),
        Command::Evaluate { satisfaction, note } => evaluate(standing, *satisfaction, note),
    }
}

fn urge(standing: &Standing, note: &str) -> Result<Event, Refusal> {
    require(note)?;
    if !standing.state.is_open() {
        return Err(Refusal::new(&NOT_OPEN)
            .article(ARTICLE)
            .detail(standing.state.progress().as_str()));
    }
    Ok(Event::Urged {
        unit: standing.lead_unit.clone(),
        note: note.to_owned(),
    })
}

fn supplement(standing: &Standing, note: &str) -> Result<Event, Refusal> {
    require(note)?;
    match standing.state {
        State::Closed { .. } | State::Withdrawn => {
            Err(Refusal::new(&ENDED).detail(standing.state.progress().as_str()))
        }
        _ => Ok(Event::Supplemented {
            note: note.to_owned(),
        }),
    }
}

fn evaluate(standing: &Standing, satisfaction: Satisfaction, note: &str) -> Result<Event, Refusal> {
    if !matches!(standing.state, State::Settled { .. } | State::Closed { .. }) {
        return Err(Refusal::new(&NOT_SETTLED).detail(standing.state.progress().as_str()));
    }
    if standing.evaluated_round == standing.round {
        return Err(Refusal::new(&EVALUATED).detail(format!("round {}", standing.round)));
    }
    if satisfaction.is_bad() {
        require(note)?;
    }
    Ok(Event::Evaluated {
        satisfaction,
        note: note.to_owned(),
    })
}

fn require(note: &str) -> Result<(), Refusal> {
    if note.is_empty() {
        return Err(Refusal::new(&NOTE_REQUIRED).field("note"));
    }
    Ok(())
}
