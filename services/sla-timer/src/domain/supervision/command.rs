//! What a person commands about a case.

use hotline_policy::rules::{Bearer, Finding};
use uuid::Uuid;

/// A measure to decide on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureDraft {
    /// A code of the policy.
    pub code: String,
    /// Whom it is for.
    pub holds: Bearer,
    /// Post of the person, or the unit.
    pub subject: String,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Issue a document of this kind, to this unit or the unit of the case, by a body above the platform or by it.
    Issue {
        /// Kind of document.
        code: String,
        /// Unit; `None`: that of the case.
        unit: Option<String>,
        /// Why.
        reason: String,
        /// Body that issues it.
        body: Option<String>,
    },
    /// Answer a document, in the name of a unit.
    Reply {
        /// Document.
        instrument: Uuid,
        /// Answer.
        text: String,
        /// Names of what is attached.
        attachments: Vec<String>,
        /// Unit that answers.
        unit: String,
    },
    /// Decide on an answer.
    DecideReply {
        /// Document.
        instrument: Uuid,
        /// Accepted.
        accepted: bool,
        /// Why.
        reason: String,
    },
    /// Record a coordination meeting.
    Coordinate {
        /// Body that convened it.
        body: String,
        /// Units that took part.
        units: Vec<String>,
        /// Unit that leads from then on.
        lead: Option<String>,
        /// Minutes.
        minutes: String,
    },
    /// Make a verification due.
    OpenVerification,
    /// Record what a verification found.
    Verify {
        /// The finding.
        finding: Finding,
        /// The unit had contacted the appellant.
        contacted: bool,
        /// It is solved.
        solved: bool,
        /// What was said and checked.
        note: String,
    },
    /// Record whether the platform caused the delay, and why.
    FindDelay(bool, String),
    /// Raise accountability of these types, and why.
    Raise(Vec<String>, String),
    /// Decide on measures, and why.
    Measure(Vec<MeasureDraft>, String),
    /// Record a finding that spares accountability: its code, the conditions found, the words.
    Exempt(String, Vec<String>, String),
    /// Hand material over: recipient, body that does it, why.
    HandOver(String, Option<String>, String),
    /// Close the case: outcome, why.
    Close(String, String),
}
