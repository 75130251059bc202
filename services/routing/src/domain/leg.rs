//! A leg: one send of an order to one receiver, and what became of it.

use chrono::{DateTime, Utc};
use hotline_policy::Obligation;
use hotline_worktime::Limit;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{LegId, UnitId};

/// One send of an order to one receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// Identifier.
    pub id: LegId,
    /// Why it was sent.
    pub kind: LegKind,
    /// Receiver.
    pub unit: UnitId,
    /// Round of handling, from 1.
    pub round: u32,
    /// Where it stands.
    pub state: LegState,
    /// When what happened.
    pub times: Times,
    /// When the answer is due.
    pub due: Due,
    /// The open request to give the leg back.
    pub return_request: Option<ReturnRequest>,
    /// The open request for more time.
    pub extension_request: Option<ExtensionRequest>,
    /// Extensions granted.
    pub extensions: u32,
}

/// Why a leg was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegKind {
    /// To the first receiver, who answers for the whole.
    Lead,
    /// To a co-handler.
    CoHandle,
    /// Passed down by the unit of another leg.
    Delegated {
        /// The leg that was passed down.
        parent: LegId,
    },
    /// The second send, to the enterprise-service platform (Xuzhou art. 2): followed, never handled.
    Enterprise,
}

/// Where a leg stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Sent, not yet signed.
    ToSign,
    /// Signed: being handled.
    Signed,
    /// Replied; the review (or the unit above) decides.
    Replied(Reply),
    /// The reply was sent back to be completed.
    SentBack(Reply),
    /// The reply was approved.
    Approved(Reply),
    /// Given back to the platform.
    Returned,
    /// Ended with its order.
    Withdrawn,
    /// The enterprise leg's only working state.
    Following,
}

/// When what happened to a leg; absent before it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Sent.
    pub dispatched: DateTime<Utc>,
    /// Arrival confirmed.
    pub acknowledged: Option<DateTime<Utc>>,
    /// Signed.
    pub signed: Option<DateTime<Utc>>,
    /// First spoken with the appellant.
    pub contacted: Option<DateTime<Utc>>,
    /// Last replied.
    pub replied: Option<DateTime<Utc>>,
}

/// When the answer of a leg is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// No limit is set.
    Open,
    /// Set by the unit that delegated the leg.
    Set {
        /// Due time.
        at: DateTime<Utc>,
    },
    /// Set by the policy.
    Ruled {
        /// Due time, extensions included.
        at: DateTime<Utc>,
        /// Due time before any extension.
        original: DateTime<Utc>,
        /// The limit that it came from.
        within: Limit,
        /// The clock: answer, or redo.
        obligation: Obligation,
    },
}

impl Due {
    /// The due time, where there is one.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Open => None,
            Self::Set { at } | Self::Ruled { at, .. } => Some(*at),
        }
    }

    /// The same limit with another due time.
    #[must_use]
    pub fn moved_to(&self, to: DateTime<Utc>) -> Self {
        match self {
            Self::Open => Self::Open,
            Self::Set { .. } => Self::Set { at: to },
            Self::Ruled {
                original,
                within,
                obligation,
                ..
            } => Self::Ruled {
                at: to,
                original: *original,
                within: *within,
                obligation: *obligation,
            },
        }
    }
}

/// An open request to give a leg back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnRequest {
    /// Identifier.
    pub id: Uuid,
    /// On what basis.
    pub basis: String,
    /// How the unit suggests that it be handled.
    pub suggestion: String,
    /// The unit that it proposes instead.
    pub proposed: Option<UnitId>,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// An open request for more time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtensionRequest {
    /// Identifier.
    pub id: Uuid,
    /// Why.
    pub reason: String,
    /// How much more.
    pub amount: Limit,
    /// When it was made.
    pub at: DateTime<Utc>,
}

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
    /// How the appellant was told.
    pub told: String,
    /// Words for the platform.
    pub internal_text: String,
    /// Words for the appellant.
    pub public_text: String,
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
}

impl ReplyResult {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Explained => "explained",
            Self::NotSolvable => "not_solvable",
        }
    }

    /// The result that the contract's word names.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Solved, Self::Explained, Self::NotSolvable]
            .into_iter()
            .find(|result| result.as_str() == word)
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

impl Leg {
    /// A leg as it leaves the platform.
    pub fn sent(id: LegId, kind: LegKind, unit: UnitId, round: u32, at: DateTime<Utc>, due: Due) -> Self {
        let state = if kind == LegKind::Enterprise {
            LegState::Following
        } else {
            LegState::ToSign
        };
        let times = Times {
            dispatched: at,
            acknowledged: None,
            signed: None,
            contacted: None,
            replied: None,
        };
        Self {
            id,
            kind,
            unit,
            round,
            state,
            times,
            due,
            return_request: None,
            extension_request: None,
            extensions: 0,
        }
    }

    /// Whether the leg still counts: neither given back nor withdrawn.
    pub fn stands(&self) -> bool {
        !matches!(self.state, LegState::Returned | LegState::Withdrawn)
    }

    /// Whether the unit still has work to do on it.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            LegState::ToSign | LegState::Signed | LegState::SentBack(_)
        )
    }

    /// Whether somebody waits for the platform's decision.
    pub fn awaits_decision(&self) -> bool {
        self.return_request.is_some() || self.extension_request.is_some()
    }

    /// The last reply, where there is one.
    pub fn reply(&self) -> Option<&Reply> {
        match &self.state {
            LegState::Replied(reply) | LegState::SentBack(reply) | LegState::Approved(reply) => Some(reply),
            _ => None,
        }
    }

    /// The leg that delegated it.
    pub fn parent(&self) -> Option<LegId> {
        match self.kind {
            LegKind::Delegated { parent } => Some(parent),
            _ => None,
        }
    }
}

impl LegKind {
    /// The word that tables and messages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::CoHandle => "co_handle",
            Self::Delegated { .. } => "delegated",
            Self::Enterprise => "enterprise",
        }
    }
}

/// The states that a leg may have while units work on its order.
const OPEN_LEGS: &[&str] = &[
    "to_sign",
    "signed",
    "replied",
    "sent_back",
    "approved",
    "returned",
    "following",
];

/// The states that a leg may have once its order is settled.
const SETTLED_LEGS: &[&str] = &["approved", "returned", "following"];

/// The states that a leg may have once its order is withdrawn.
const WITHDRAWN_LEGS: &[&str] = &["approved", "returned", "withdrawn"];

impl LegState {
    /// The word that tables and messages use.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ToSign => "to_sign",
            Self::Signed => "signed",
            Self::Replied(_) => "replied",
            Self::SentBack(_) => "sent_back",
            Self::Approved(_) => "approved",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
            Self::Following => "following",
        }
    }

    /// The words of the states that a leg may have while its order is in the state of this word; lists rely on it.
    pub fn possible_in(order_state: &str) -> &'static [&'static str] {
        match order_state {
            "settled" | "closed" | "archived" => SETTLED_LEGS,
            "withdrawn" => WITHDRAWN_LEGS,
            _ => OPEN_LEGS,
        }
    }
}
