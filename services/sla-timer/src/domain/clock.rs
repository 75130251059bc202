//! One clock: what is owed, by whom, until when, and how it stands.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Matter, Obligation};
use hotline_worktime::{Limit, LimitError};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Separates a limit from the extensions granted to it.
const THEN: &str = " + ";

/// Label of an enterprise's order.
const ENTERPRISE: &str = "enterprise";

/// How a due time reads that a person or another limit set.
const FIXED: &str = "fixed date";

/// The order that a clock is about, as its events tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Order; the same as its appeal.
    pub id: Uuid,
    /// Policy under which it is handled to its end.
    pub policy_id: String,
    /// Content version of that policy.
    pub policy_version: String,
    /// What the rules look at.
    pub matter: Matter,
    /// A limit for the answer that the order carries with it, over the policy's.
    pub own_limit: Option<OwnLimit>,
    /// The facts as the contract encodes them; opaque here.
    pub facts: Arc<[u8]>,
}

/// A limit that a law or a channel sets for one order (Xuzhou art. 12(6), Jiangsu art. 11, Nanchang art. 15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLimit {
    /// How long.
    pub within: Limit,
    /// What sets it, in words.
    pub basis: String,
}

/// Which send a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegKind {
    /// To the first receiver, who answers for the whole.
    Lead,
    /// To a co-handler.
    CoHandle,
    /// From a unit to a unit below it.
    Delegated,
    /// To the enterprise-service platform (Xuzhou art. 2).
    Enterprise,
}

/// What lists of clocks filter an order by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorts {
    /// What the appellant wants; `None` where it was never written down.
    pub appeal_type: Option<AppealType>,
    /// It is an enterprise's.
    pub enterprise: bool,
    /// Division code of the place.
    pub division: String,
}

impl From<&Matter> for Sorts {
    fn from(matter: &Matter) -> Self {
        Self {
            appeal_type: Some(matter.appeal_type),
            enterprise: matter.labels.contains(ENTERPRISE),
            division: matter.division.clone(),
        }
    }
}

/// The leg that a clock runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The leg.
    pub id: Uuid,
    /// Its kind.
    pub kind: LegKind,
    /// The leg that delegated it.
    pub parent: Option<Uuid>,
}

/// What a due time rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The policy's limit, and after it every extension, each from the end of the one before.
    Limits(Vec<Limit>),
    /// An instant that was set; no calendar moves it.
    Fixed,
}

/// A reminder that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// When.
    pub at: DateTime<Utc>,
    /// How long before the due time that is.
    pub before: Limit,
}

/// How a clock stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs; the reminders to come, earliest first.
    Armed(Vec<Reminder>),
    /// It ran out, and the duty is open.
    Breached,
    /// The duty was done in time.
    Met(DateTime<Utc>),
    /// The duty was done after the due time.
    Late(DateTime<Utc>),
    /// The duty fell away.
    Cancelled(DateTime<Utc>),
}

/// A clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Made from what it is about (see [`identity`]), so that nothing is armed twice.
    pub id: Uuid,
    /// The order.
    pub order: Uuid,
    /// The leg; `None` for a duty on the order.
    pub leg: Option<Leg>,
    /// Unit that is held to it; empty for the platform.
    pub unit: String,
    /// What is owed.
    pub obligation: Obligation,
    /// How it stands.
    pub state: State,
    /// Counts the changes, from 1.
    pub generation: i32,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// The last instant in time.
    pub due_at: DateTime<Utc>,
    /// What the due time rests on.
    pub basis: Basis,
    /// Article, or `operator`.
    pub article: String,
    /// It walked over a year without published arrangement.
    pub provisional: bool,
    /// Version of the calendar by which it was worked out.
    pub calendar: i32,
    /// The platform decided late on a request about it: the delay is not its unit's.
    pub platform_caused: bool,
    /// What lists filter its order by, as the order was when it was armed.
    pub sorts: Sorts,
    /// The order's facts, as the contract encodes them.
    pub facts: Arc<[u8]>,
}

/// What happened to a clock; each carries the clock as it stands afterwards.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It began to run, or runs on after a reply was sent back.
    Armed(Clock),
    /// Its duty was done, in time or not.
    Stopped(Clock),
    /// Its duty fell away.
    Cancelled(Clock),
    /// Its due time moved.
    Moved {
        /// The clock.
        clock: Clock,
        /// Due time before.
        due_before: DateTime<Utc>,
        /// Why.
        reason: MoveReason,
    },
    /// It will soon be due.
    Reminded {
        /// The clock.
        clock: Clock,
        /// How long before.
        before: Limit,
    },
    /// It ran out.
    Breached {
        /// The clock.
        clock: Clock,
        /// When that was noticed.
        detected_at: DateTime<Utc>,
    },
    /// It was marked: the platform decided late.
    Marked(Clock),
}

/// Why a due time moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveReason {
    /// More time was granted.
    Extension,
    /// A year's arrangement came.
    Calendar,
}

impl MoveReason {
    /// The word in the event.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Calendar => "calendar",
        }
    }
}

impl Event {
    /// The clock as it stands afterwards.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        match self {
            Self::Armed(clock) | Self::Stopped(clock) | Self::Cancelled(clock) | Self::Marked(clock) => clock,
            Self::Moved { clock, .. } | Self::Reminded { clock, .. } | Self::Breached { clock, .. } => clock,
        }
    }
}

impl Event {
    /// The same event with its clock marked as delayed by the platform.
    #[must_use]
    pub(super) fn marked(mut self) -> Self {
        match &mut self {
            Self::Armed(clock) | Self::Stopped(clock) | Self::Cancelled(clock) | Self::Marked(clock) => clock,
            Self::Moved { clock, .. } | Self::Reminded { clock, .. } | Self::Breached { clock, .. } => clock,
        }
        .platform_caused = true;
        self
    }
}

impl Clock {
    /// Whether the duty is still owed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Armed(_) | State::Breached)
    }

    /// When the clock next has something to say: a reminder or its due time; `None` once it does not run.
    #[must_use]
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        match &self.state {
            State::Armed(reminders) => Some(reminders.first().map_or(self.due_at, |next| next.at)),
            _ => None,
        }
    }

    /// When it stopped.
    #[must_use]
    pub fn stopped_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            State::Met(at) | State::Late(at) | State::Cancelled(at) => Some(at),
            State::Armed(_) | State::Breached => None,
        }
    }

    /// The same clock in another state, one change later.
    #[must_use]
    pub fn into_state(mut self, state: State) -> Self {
        self.state = state;
        self.generation += 1;
        self
    }
}

/// The id of the clock for a duty: the same duty always gives the same id. `cause` is the request or reply that the
/// duty is about, and empty for a duty on a leg or an order.
#[must_use]
pub fn identity(order: Uuid, obligation: Obligation, leg: Option<Uuid>, round: u32, cause: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(order.as_bytes());
    hash.update(leg.unwrap_or(Uuid::nil()).as_bytes());
    hash.update(round.to_be_bytes());
    hash.update(obligation.as_str());
    hash.update([0]);
    hash.update(cause);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed => f.write_str(FIXED),
            Self::Limits(limits) => {
                let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
                f.write_str(&limits.join(THEN))
            }
        }
    }
}

impl FromStr for Basis {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        if text == FIXED {
            return Ok(Self::Fixed);
        }
        text.split(THEN)
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self::Limits)
    }
}
