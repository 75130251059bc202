//! What people ask of an order, what other services told, and the moment at which it happens.

use chrono::{DateTime, Utc};
use hotline_worktime::Limit;
use uuid::Uuid;

use crate::domain::leg::{ReplyFault, ReplyResult};
use crate::domain::{LegId, Outcome, OwnLimit, UnitId};

/// When, by whom, and with which fresh identifiers.
pub struct Moment<'a> {
    /// The instant.
    pub now: DateTime<Utc>,
    /// Who acts.
    pub actor: &'a Actor,
    /// Makes an identifier.
    pub new_id: &'a dyn Fn() -> Uuid,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Stable name of the account.
    pub name: String,
    /// On whose behalf.
    pub standing: Standing,
}

/// On whose behalf somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The platform: dispatchers, reviewers, supervisors.
    Platform,
    /// The platform, and the orders of a whole shift.
    TeamLeader,
    /// A member unit.
    Unit(UnitId),
    /// The installation itself.
    Service,
}

/// What people ask of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take it from the pool.
    Claim,
    /// Put it back into the pool.
    Release,
    /// Send it out.
    Dispatch(Dispatch),
    /// Fix its unit for good.
    Determine(Dispatch),
    /// Something about one of its legs.
    Leg(LegId, LegCommand),
    /// Have it handled once more.
    Redo {
        /// Why.
        reason: String,
    },
    /// Close it by hand.
    Close {
        /// Excluded or final.
        outcome: Outcome,
        /// Why.
        reason: String,
    },
    /// Put it into the archive.
    Archive,
}

/// Where to send an order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dispatch {
    /// Lead unit; the catalogue's when absent.
    pub lead: Option<UnitId>,
    /// Co-handlers; with the catalogue's lead and none named, the catalogue's.
    pub co_handlers: Vec<UnitId>,
    /// Why, in words; may be empty when the catalogue chose.
    pub basis: String,
    /// A limit for the answer that a law or the order's channel sets.
    pub own_limit: Option<OwnLimit>,
}

/// What people ask of a leg.
#[derive(Debug, Clone, PartialEq)]
pub enum LegCommand {
    /// Confirm that it arrived.
    Acknowledge,
    /// Sign for it.
    Sign,
    /// Record that the unit spoke with the appellant.
    RecordContact {
        /// What was said.
        note: String,
    },
    /// Pass it down.
    Delegate {
        /// Unit below.
        unit: UnitId,
        /// When that unit must reply.
        due_at: DateTime<Utc>,
    },
    /// Ask to give it back.
    RequestReturn(ReturnDraft),
    /// Decide on a return.
    DecideReturn(Decision),
    /// Ask for more time.
    RequestExtension {
        /// Why.
        reason: String,
        /// How much more.
        amount: Limit,
    },
    /// Decide on an extension.
    DecideExtension(Decision),
    /// Reply.
    Reply(Box<ReplyDraft>),
    /// Review the reply.
    Review(Findings),
}

/// A request to give a leg back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReturnDraft {
    /// On what basis.
    pub basis: String,
    /// How the unit suggests that it be handled.
    pub suggestion: String,
    /// The unit that it proposes instead.
    pub proposed: Option<UnitId>,
}

/// The platform's decision on a request, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Agreed, or granted.
    Agree(String),
    /// Refused.
    Refuse(String),
}

/// A reply before it has an identifier.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReplyDraft {
    /// What was done.
    pub action: String,
    /// Office.
    pub office: String,
    /// Post of the person.
    pub handler: String,
    /// What came of it; absent when the unit did not say.
    pub result: Option<ReplyResult>,
    /// Legal basis.
    pub legal_basis: String,
    /// How the appellant was told.
    pub told: String,
    /// Words for the platform.
    pub internal_text: String,
    /// Words for the appellant.
    pub public_text: String,
}

/// What the review found.
#[derive(Debug, Clone, PartialEq)]
pub enum Findings {
    /// Nothing to object to.
    Approve,
    /// To be completed.
    SendBack {
        /// What is wrong; at least one.
        faults: Vec<ReplyFault>,
        /// In words.
        reason: String,
    },
}

/// What other services told about an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// The enterprise platform received its leg.
    EnterpriseReceived {
        /// The leg.
        leg: LegId,
    },
    /// The appellant withdrew, or the appeal was joined to another.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The appellant pressed.
    Urged {
        /// How often by now.
        count: u32,
    },
    /// The call-back of a round had a good answer.
    AnsweredWell {
        /// The round.
        round: u32,
    },
    /// The call-back of a round had a bad answer; a judgement follows.
    AnsweredBadly {
        /// The round.
        round: u32,
    },
    /// Nobody was reached in a round.
    Unreached {
        /// The round.
        round: u32,
        /// What silence counts as.
        outcome: Outcome,
    },
    /// A bad answer was judged.
    Judged {
        /// The round.
        round: u32,
        /// What follows.
        verdict: Verdict,
        /// Why.
        reason: String,
    },
}

/// What a bad answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The unit's fault: handled once more.
    Redo,
    /// Nothing more can lawfully be done.
    Excluded,
    /// Reviewed one level up.
    Escalate,
}

impl Decision {
    /// The reason.
    pub fn reason(&self) -> &str {
        match self {
            Self::Agree(reason) | Self::Refuse(reason) => reason,
        }
    }
}
