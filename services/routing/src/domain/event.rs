//! What happened to an order: facts in the past tense, enough to evolve it.

use chrono::{DateTime, Utc};
use hotline_policy::{ApprovalLevel, Obligation};
use hotline_worktime::Limit;
use uuid::Uuid;

use crate::domain::dossier::{
    Acceptance, Disposition, Filed, Finding, Meeting, Opinion, Question, StatementKind, Whistle,
};
use crate::domain::leg::{Due, ExtensionRequest, Note, Reply, ReplyFault, ReturnRequest, UnitApproval};
use crate::domain::{Decision, Leg, LegId, Outcome, OwnLimit, UnitChoice, UnitId};

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It was opened.
    Opened,
    /// A dispatcher took it.
    Claimed {
        /// Who.
        by: String,
    },
    /// It went back into the pool.
    Released,
    /// It was sent out; its legs follow.
    Dispatched {
        /// Lead unit.
        lead: UnitId,
        /// All co-handlers that stand.
        co_handlers: Vec<UnitId>,
        /// Whether the second send went with it.
        second_send: SecondSend,
        /// Why this unit.
        basis: String,
        /// Whether its unit may give it back.
        unit_choice: UnitChoice,
        /// A limit for the answer over the policy's, where one is set now.
        own_limit: Option<OwnLimit>,
        /// How it is disposed of.
        disposition: Disposition,
    },
    /// A leg went to a unit.
    LegSent(Box<Leg>),
    /// The second send went to the enterprise platform.
    EnterpriseLegSent(Box<Leg>),
    /// A leg arrived.
    LegAcknowledged(LegId),
    /// A unit signed.
    LegSigned(LegId),
    /// A unit spoke with the appellant.
    Contacted {
        /// The leg.
        leg: LegId,
        /// What was said.
        note: String,
    },
    /// A unit asked to give a leg back.
    ReturnRequested {
        /// The leg.
        leg: LegId,
        /// The request.
        request: ReturnRequest,
    },
    /// The platform decided on a return.
    ReturnDecided {
        /// The leg.
        leg: LegId,
        /// The request.
        request: Uuid,
        /// What follows.
        then: AfterReturn,
        /// Why.
        reason: String,
        /// The decision came after the leg's own limit.
        platform_late: Lateness,
        /// Article that it rests on; empty where the operator or nobody decides.
        article: String,
    },
    /// A unit asked for more time.
    ExtensionRequested {
        /// The leg.
        leg: LegId,
        /// The request.
        request: ExtensionRequest,
    },
    /// More time was granted.
    ExtensionGranted {
        /// The leg.
        leg: LegId,
        /// The request.
        request: Uuid,
        /// How much more.
        amount: Limit,
        /// Due time before.
        before: DateTime<Utc>,
        /// Due time now.
        after: DateTime<Utc>,
        /// Why.
        reason: String,
        /// Article that allows it; empty where the operator does.
        article: String,
        /// The clock whose due time moves.
        obligation: Obligation,
        /// Whether the appellant is told.
        notice: Notice,
    },
    /// More time was refused.
    ExtensionRefused {
        /// The leg.
        leg: LegId,
        /// The request.
        request: Uuid,
        /// Why.
        reason: String,
        /// Article that it rests on; empty where the operator or nobody decides.
        article: String,
        /// Whether the appellant is told.
        notice: Notice,
    },
    /// A reply was submitted and waits for a level inside the unit.
    ReplySubmitted {
        /// The leg.
        leg: LegId,
        /// The reply.
        reply: Box<Reply>,
        /// The level.
        awaits: ApprovalLevel,
        /// Who submitted it.
        by: String,
    },
    /// A level inside the unit passed a reply on.
    ReplyPassedOn {
        /// The leg.
        leg: LegId,
        /// The reply.
        reply: Uuid,
        /// What the level said.
        approval: UnitApproval,
        /// The next level; absent when the reply leaves the unit.
        awaits: Option<ApprovalLevel>,
    },
    /// A level inside the unit withheld a reply.
    ReplyWithheld {
        /// The leg.
        leg: LegId,
        /// The reply.
        reply: Uuid,
        /// What the level said.
        approval: UnitApproval,
    },
    /// A unit replied.
    LegReplied {
        /// The leg.
        leg: LegId,
        /// The reply.
        reply: Box<Reply>,
    },
    /// A reply was approved.
    ReplyApproved {
        /// The leg.
        leg: LegId,
        /// The reply.
        reply: Uuid,
    },
    /// A reply was sent back.
    ReplySentBack {
        /// The leg.
        leg: LegId,
        /// The reply.
        reply: Uuid,
        /// What is wrong.
        faults: Vec<ReplyFault>,
        /// In words.
        reason: String,
        /// The new limit; absent when the running clock goes on.
        new_due: Option<Due>,
        /// The new due time where others cannot work it out from the policy's review.
        told_due: Option<DateTime<Utc>>,
        /// Article; empty where the operator decides.
        article: String,
    },
    /// Every leg that counts is approved.
    Settled,
    /// It is handled once more; its legs follow.
    Redone {
        /// Why.
        reason: String,
        /// Unit that handles it.
        lead: UnitId,
    },
    /// It goes one level up; its leg follows.
    Escalated {
        /// Unit that reviews.
        unit: UnitId,
        /// Why.
        reason: String,
    },
    /// It is closed.
    Closed {
        /// How.
        outcome: Outcome,
        /// Why.
        reason: String,
    },
    /// It is in the archive.
    Archived {
        /// Kept at least until.
        keep_until: DateTime<Utc>,
    },
    /// The appellant withdrew.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The appellant pressed; told by the register, so not told again.
    Urged {
        /// How often by now.
        count: u32,
    },
    /// The appellant added something; told by the register, so not told again.
    Supplemented {
        /// What.
        text: String,
    },
    /// A call-back had a bad answer; told by the call-back, so not told again.
    BadAnswerNoted,
    /// Units were called in to help; their legs follow.
    CoHandlersJoined {
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        reason: String,
    },
    /// The lead coordinated, or a unit above guided.
    Noted {
        /// The leg.
        leg: LegId,
        /// The note.
        note: Note,
    },
    /// A deciding body was asked whose duty it is.
    DutyAsked(Question),
    /// A body or a joint meeting said whose duty it is.
    DutyFound(Finding),
    /// The appellant asked for a written opinion.
    OpinionAsked {
        /// In words.
        note: String,
    },
    /// The written opinion was issued.
    OpinionIssued(Opinion),
    /// The lead asked to call others together.
    WhistleBlown(Whistle),
    /// A whistle was agreed to or refused.
    WhistleDecided {
        /// Unit that blew it.
        unit: UnitId,
        /// What was decided.
        decision: Decision,
    },
    /// The meeting fixed duties; new legs follow.
    WhistleMet {
        /// Unit that blew it.
        unit: UnitId,
        /// What it fixed.
        meeting: Meeting,
    },
    /// The acceptor looked at the result of several units.
    Inspected(Box<Acceptance>),
    /// A unit owes a statement.
    StatementDemanded {
        /// The unit.
        unit: UnitId,
        /// Why.
        kind: StatementKind,
    },
    /// A unit handed in its statement.
    StatementFiled {
        /// The unit.
        unit: UnitId,
        /// Why it was owed.
        kind: StatementKind,
        /// The statement.
        filed: Filed,
    },
}

/// Whether the appellant is told of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The policy does not ask for it.
    None,
    /// The policy has the appellant told.
    Appellant,
}

/// Whether the second send goes with a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondSend {
    /// It goes now.
    Sent,
    /// It is not due, or went before.
    None,
}

/// What follows a decision on a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterReturn {
    /// Refused: the leg goes on.
    GoesOn,
    /// Agreed: the leg ends.
    Returned,
    /// Agreed, once too often: a supervisor fixes the unit.
    FinalDetermination,
}

/// Whether the platform caused a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// Decided while the leg was in time.
    InTime,
    /// Decided after the leg's own limit.
    Late,
}
