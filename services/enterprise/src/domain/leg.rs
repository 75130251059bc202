//! What is known of an enterprise leg: the matter, which never changes, and its standing, which does.

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Channel, Desk, Urgency};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the order is about, as the dispatch told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The order; the same identifier as its appeal.
    pub order: Uuid,
    /// Number that people read.
    pub number: String,
    /// Policy of the order.
    pub policy_id: String,
    /// Content hash of that policy.
    pub policy_version: String,
    /// Kind of appeal.
    pub appeal_type: AppealType,
    /// Channel it came by.
    pub channel: Channel,
    /// Desk it belongs to.
    pub desk: Desk,
    /// Urgency.
    pub urgency: Urgency,
    /// Category code.
    pub category: String,
    /// Division code.
    pub division: String,
    /// Labels.
    pub labels: Vec<String>,
}

/// An enterprise, as the register of companies names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enterprise {
    /// Registered name.
    pub name: String,
    /// Unified social credit code; may be empty.
    pub credit_code: String,
}

/// What was sent; written once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// What the order is about.
    pub facts: Facts,
    /// The leg.
    pub leg: Uuid,
    /// Unit of the enterprise platform, which received the leg.
    pub unit: String,
    /// Round of the order in which it was sent, from 1.
    pub round: i32,
    /// The enterprise; nothing when the appellant named none.
    pub enterprise: Option<Enterprise>,
    /// Title.
    pub title: String,
    /// Content, numbers masked.
    pub content: String,
}

/// How far the department is with a leg that is in its hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Sent, not signed.
    Received,
    /// Signed.
    Signed,
    /// The department spoke with the enterprise (Xuzhou art. 12(3)).
    Contacted,
    /// To be handled once more, not signed again.
    Redo,
}

/// Where the handling stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// In the department's hands.
    Handling {
        /// How far.
        stage: Stage,
    },
    /// Replied, under review.
    Replied {
        /// Where a reply that is sent back leads.
        from: Stage,
    },
    /// Every leg that counts is approved.
    Settled {
        /// What the enterprise is told.
        public_text: String,
    },
    /// The order is closed.
    Closed {
        /// What the enterprise was told; empty when it was closed unsettled.
        public_text: String,
    },
    /// The appellant withdrew.
    Withdrawn,
    /// Back at the platform, to be dispatched again.
    Returned,
}

/// How content the enterprise is, in five levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意.
    Fair,
    /// 不满意.
    Dissatisfied,
    /// 非常不满意.
    VeryDissatisfied,
}

impl Satisfaction {
    /// Whether it is a bad rating, which needs words.
    #[must_use]
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Dissatisfied | Self::VeryDissatisfied)
    }
}

/// What changes in the life of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where the handling stands.
    pub state: State,
    /// Unit that leads it.
    pub lead_unit: String,
    /// Round of the order, from 1.
    pub round: i32,
    /// When the leg was received.
    pub received_at: DateTime<Utc>,
    /// When the progress last changed.
    pub progressed_at: DateTime<Utc>,
    /// Times that the desk pressed.
    pub urges: i32,
    /// Clocks of the department that ran out.
    pub breaches: i32,
    /// The last word on how content the enterprise is: the desk's evaluation, or before it the answer to a call-back.
    pub satisfaction: Option<Satisfaction>,
    /// Round of the desk's last evaluation; 0 before the first.
    pub evaluated_round: i32,
    /// How many events made it, from 1.
    pub version: i64,
}

/// An enterprise leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// What was sent.
    pub matter: Matter,
    /// Where it stands.
    pub standing: Standing,
}

impl Standing {
    /// The standing of a leg received at `now`, led by `lead_unit` in `round`.
    #[must_use]
    pub fn received(lead_unit: String, round: i32, now: DateTime<Utc>) -> Self {
        Self {
            state: State::Handling {
                stage: Stage::Received,
            },
            lead_unit,
            round,
            received_at: now,
            progressed_at: now,
            urges: 0,
            breaches: 0,
            satisfaction: None,
            evaluated_round: 0,
            version: 1,
        }
    }
}

/// Where a leg stands, in one word for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Received.
    Received,
    /// Signed by the department.
    Signed,
    /// The department spoke with the enterprise.
    Contacted,
    /// Replied, under review.
    Replied,
    /// Settled.
    Settled,
    /// Closed.
    Closed,
    /// Withdrawn.
    Withdrawn,
    /// Back at the platform.
    Returned,
    /// Handled once more.
    Redo,
}

impl Progress {
    /// The word that tables write.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Signed => "signed",
            Self::Contacted => "contacted",
            Self::Replied => "replied",
            Self::Settled => "settled",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Returned => "returned",
            Self::Redo => "redo",
        }
    }
}

impl State {
    /// In one word.
    #[must_use]
    pub fn progress(&self) -> Progress {
        match self {
            Self::Handling {
                stage: Stage::Received,
            } => Progress::Received,
            Self::Handling { stage: Stage::Signed } => Progress::Signed,
            Self::Handling {
                stage: Stage::Contacted,
            } => Progress::Contacted,
            Self::Handling { stage: Stage::Redo } => Progress::Redo,
            Self::Replied { .. } => Progress::Replied,
            Self::Settled { .. } => Progress::Settled,
            Self::Closed { .. } => Progress::Closed,
            Self::Withdrawn => Progress::Withdrawn,
            Self::Returned => Progress::Returned,
        }
    }

    /// Whether a department has it in hand.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Handling { .. } | Self::Replied { .. })
    }

    /// What the enterprise is told; empty before the settling.
    #[must_use]
    pub fn public_text(&self) -> &str {
        match self {
            Self::Settled { public_text } | Self::Closed { public_text } => public_text,
            _ => "",
        }
    }
}
