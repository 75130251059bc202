//! A reply and what is said of it: its parts, what it names as the result, how it was told, who approved or noted.

use chrono::{DateTime, Utc};
use hotline_policy::ApprovalLevel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::UnitId;
use crate::domain::dossier::Attachment;

/// A unit's reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Identifier.
    pub id: Uuid,
    /// What was done.
    pub action: String,
    /// Office that handled it.
    pub office: String,
    /// Post of the person who handled it.
    pub handler: String,
    /// What came of it.
    pub result: ReplyResult,
    /// Legal basis.
    pub legal_basis: String,
    /// What the appellant was told.
    pub told: String,
    /// Words for the platform.
    pub internal_text: String,
    /// Words for the appellant.
    pub public_text: String,
    /// When it was handled; absent where the policy does not ask.
    #[serde(default)]
    pub handled_at: Option<DateTime<Utc>>,
    /// How the office can be reached; may be empty.
    #[serde(default)]
    pub contact: String,
    /// How the appellant was told; absent where the policy does not ask.
    #[serde(default)]
    pub told_by: Option<ToldBy>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<Attachment>,
    /// The written opinion; empty where none was asked for.
    #[serde(default)]
    pub opinion: String,
}

/// What came of the handling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyResult {
    /// The matter is solved.
    Solved,
    /// It was explained.
    Explained,
    /// It cannot be solved.
    NotSolvable,
    /// No law or policy is a basis for it.
    NoLegalBasis,
    /// Nothing is left that could be done.
    NoRoom,
}

impl ReplyResult {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Explained => "explained",
            Self::NotSolvable => "not_solvable",
            Self::NoLegalBasis => "no_legal_basis",
            Self::NoRoom => "no_room",
        }
    }

    /// The result that the contract's word names.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Solved,
            Self::Explained,
            Self::NotSolvable,
            Self::NoLegalBasis,
            Self::NoRoom,
        ];
        all.into_iter().find(|result| result.as_str() == word)
    }
}

/// What is wrong with a reply (Xuzhou art. 12(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyFault {
    /// Not in due form.
    NotStandard,
    /// Not concrete.
    NotConcrete,
    /// Not complete.
    NotComplete,
}

impl ReplyFault {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStandard => "not_standard",
            Self::NotConcrete => "not_concrete",
            Self::NotComplete => "not_complete",
        }
    }

    /// The fault that the contract's word names.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::NotStandard, Self::NotConcrete, Self::NotComplete]
            .into_iter()
            .find(|fault| fault.as_str() == word)
    }
}

/// A reply that the platform sent back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SendBack {
    /// The reply as it was then.
    pub reply: Reply,
    /// What was wrong with it.
    pub faults: Vec<ReplyFault>,
    /// In words.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How the appellant was told (Nanchang art. 14(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    /// By telephone.
    Telephone,
    /// By a text message.
    Sms,
    /// In writing.
    Written,
    /// In person.
    Visit,
    /// Over the network.
    Network,
}

impl ToldBy {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Sms => "sms",
            Self::Written => "written",
            Self::Visit => "visit",
            Self::Network => "network",
        }
    }

    /// The way that the contract's word names.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Telephone,
            Self::Sms,
            Self::Written,
            Self::Visit,
            Self::Network,
        ];
        all.into_iter().find(|way| way.as_str() == word)
    }
}

/// What a level inside the unit said of a reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitApproval {
    /// The level.
    pub level: ApprovalLevel,
    /// Passed on, or withheld.
    pub approved: bool,
    /// In words.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
}

/// A note on a leg, by the lead or by a unit above.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Why it was written.
    pub kind: NoteKind,
    /// Unit that wrote it.
    pub unit: UnitId,
    /// In words.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
}

/// Why a note was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The lead coordinates the others.
    Coordination,
    /// A unit above guides or urges.
    Guidance,
}

impl NoteKind {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coordination => "coordination",
            Self::Guidance => "guidance",
        }
    }
}
