//! One thing that happened, reduced to what is counted of it.

use hotline_policy::{AppealType, Channel};
use uuid::Uuid;

/// What totals are broken down by; a part that is not known is not counted under any key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Unit that did it, or that it happened to.
    pub unit: Option<String>,
    /// Kind of appeal.
    pub appeal_type: Option<AppealType>,
    /// Channel.
    pub channel: Option<Channel>,
    /// Division code.
    pub division: Option<String>,
    /// Category code.
    pub category: Option<String>,
}

/// What else is to be counted of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum What {
    /// Nothing but the event itself.
    #[default]
    Plain,
    /// The duty to sign was done in time.
    SignedInTime,
    /// The duty to sign was done late.
    SignedLate,
    /// A clock ran out.
    Breached {
        /// What was owed.
        obligation: String,
    },
    /// An appellant was content.
    Satisfied,
    /// An appellant was not.
    Dissatisfied,
    /// An order was closed.
    Closed {
        /// How.
        outcome: String,
    },
    /// An order is handled once more, or reviewed one level up, before it was closed.
    OnceMore,
    /// As [`What::OnceMore`], of an order that was closed already.
    Reopened,
    /// An order is in the archive, where nothing reopens it.
    Archived,
}

/// Outcome of an order that the approval of the reply closed.
const ANSWERED: &str = "answered";

impl What {
    /// Whether it is a closing that a redo can undo.
    #[must_use]
    pub fn can_be_reopened(&self) -> bool {
        matches!(self, Self::Closed { outcome } if outcome == ANSWERED)
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Happening {
    /// Name of the event without its package, `LegSigned`.
    pub event: String,
    /// The order, where it is about one.
    pub order: Option<Uuid>,
    /// What else is to be counted.
    pub what: What,
    /// What it is broken down by.
    pub keys: Keys,
}
