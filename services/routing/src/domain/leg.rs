//! A leg: one send of an order to one receiver, and what became of it.

use chrono::{DateTime, Utc};
use hotline_policy::{ApprovalLevel, Obligation};
use hotline_worktime::{Convention, Limit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::dossier::Attachment;
use crate::domain::{LegId, UnitId};

pub use crate::domain::reply::{
    Note, NoteKind, Reply, ReplyFault, ReplyResult, SendBack, ToldBy, UnitApproval,
};

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
    /// What levels inside the unit said of its replies, oldest first.
    #[serde(default)]
    pub approvals: Vec<UnitApproval>,
    /// What the meeting of a whistle fixed as its duty; may be empty.
    #[serde(default)]
    pub duty: String,
    /// Notes of coordination and guidance, oldest first.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Replies that the platform sent back, oldest first.
    #[serde(default)]
    pub send_backs: Vec<SendBack>,
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
    /// A reply waits for a level inside the unit.
    Submitted {
        /// The reply.
        reply: Reply,
        /// Level whose approval it waits for.
        awaits: ApprovalLevel,
        /// Who submitted it.
        by: String,
    },
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// No limit is set.
    #[default]
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
        /// What it is worked out from; absent where it was told, and no calendar moves it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Basis>,
    },
}

/// What a due time is worked out from: the limit, and after it every extension, each from the end of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// When the limit began to run.
    pub from: DateTime<Utc>,
    /// How its days are counted.
    pub convention: Convention,
    /// The extensions.
    pub more: Vec<Limit>,
    /// Version of the calendar by which it was last worked out.
    pub calendar: i32,
}

impl Due {
    /// The due time, where there is one.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Open => None,
            Self::Set { at } | Self::Ruled { at, .. } => Some(*at),
        }
    }

    /// The version of the calendar by which it was worked out; 0 for what no calendar moves.
    pub fn calendar(&self) -> i32 {
        match self {
            Self::Ruled {
                basis: Some(basis), ..
            } => basis.calendar,
            _ => 0,
        }
    }

    /// Moves it to `to`, by `amount` more.
    pub fn extend(&mut self, to: DateTime<Utc>, amount: Limit) {
        match self {
            Self::Open => {}
            Self::Set { at } => *at = to,
            Self::Ruled { at, basis, .. } => {
                *at = to;
                if let Some(basis) = basis {
                    basis.more.push(amount);
                }
            }
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
    /// What it brings besides.
    #[serde(default)]
    pub proof: Proof,
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
    /// Legal basis; may be empty.
    #[serde(default)]
    pub basis: String,
    /// What the appellant was told of it; may be empty.
    #[serde(default)]
    pub told: String,
    /// What it brings besides.
    #[serde(default)]
    pub proof: Proof,
}

/// What a request brings besides its reason: explanation, signature, seal, attachments.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Proof {
    /// Written explanation.
    pub explanation: String,
    /// Leader who signed it.
    pub signed_by: String,
    /// Whether it bears the seal of the unit.
    pub sealed: bool,
    /// What proves it.
    pub evidence: Vec<Attachment>,
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
            approvals: Vec::new(),
            duty: String::new(),
            notes: Vec::new(),
            send_backs: Vec::new(),
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
            LegState::ToSign | LegState::Signed | LegState::Submitted { .. } | LegState::SentBack(_)
        )
    }

    /// Whether somebody waits for the platform's decision.
    pub fn awaits_decision(&self) -> bool {
        self.return_request.is_some() || self.extension_request.is_some()
    }

    /// The last reply, where there is one.
    pub fn reply(&self) -> Option<&Reply> {
        match &self.state {
            LegState::Submitted { reply, .. }
            | LegState::Replied(reply)
            | LegState::SentBack(reply)
            | LegState::Approved(reply) => Some(reply),
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
    "submitted",
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
            Self::Submitted { .. } => "submitted",
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
