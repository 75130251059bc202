//! What people ask of an order, what other services told, and the moment at which it happens.

use chrono::{DateTime, Utc};
use hotline_policy::{AcceptanceWay, Decider, Origin, Refusal};
use hotline_worktime::Limit;
use uuid::Uuid;

use crate::domain::dossier::{AcceptanceVerdict, Attachment, Disposition};
use crate::domain::duty::named;
use crate::domain::leg::{Proof, ReplyFault, ReplyResult, ToldBy};
use crate::domain::refusals::DECIDER_NOT_YOURS;
use crate::domain::rules::cited;
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
    /// What they may decide on, and where they stand in their unit.
    pub posts: Vec<Post>,
}

/// A post that decides something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Post {
    /// The platform's own desk.
    Platform,
    /// An inspector (督查人员).
    Inspector,
    /// The special team (工作专班).
    SpecialTeam,
    /// The leading group.
    LeadingGroup,
    /// Head of a section of a unit.
    Section,
    /// Leader of a unit.
    Leader,
}

impl Actor {
    /// Whether the actor has the post.
    pub fn has(&self, post: Post) -> bool {
        self.posts.contains(&post)
    }

    /// Refuses whoever is not the decider that the policy names.
    ///
    /// # Errors
    /// `decider.not_yours`, with the article.
    pub(super) fn require(&self, decider: Decider, origin: &Origin) -> Result<(), Refusal> {
        let post = match decider {
            Decider::Platform | Decider::Automatic => Post::Platform,
            Decider::Inspector => Post::Inspector,
            Decider::SpecialTeam => Post::SpecialTeam,
            Decider::LeadingGroup => Post::LeadingGroup,
        };
        if self.has(post) {
            return Ok(());
        }
        Err(cited(
            Refusal::new(&DECIDER_NOT_YOURS).detail(named(decider)),
            origin,
        ))
    }
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
    /// Call further units in to help.
    Join {
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        reason: String,
    },
    /// Ask a deciding body whose duty it is.
    AskDuty {
        /// The body.
        body: UnitId,
        /// The question.
        question: String,
    },
    /// Record what a body or a joint meeting found.
    RecordDuty(FindingDraft),
    /// Give it back to the platform above.
    HandUp {
        /// Why.
        reason: String,
    },
    /// Record that the appellant asks for a written opinion.
    AskOpinion {
        /// In words.
        note: String,
    },
    /// Agree to a whistle or refuse it.
    DecideWhistle(Decision),
    /// Record what the meeting of a whistle fixed.
    MeetWhistle {
        /// Minutes.
        minutes: String,
        /// Duty of each unit.
        duties: Vec<(UnitId, String)>,
    },
    /// Pass the result of several units, or send it back.
    Accept(AcceptanceDraft),
    /// Hand in a statement.
    FileStatement(StatementDraft),
}

/// What a body or a joint meeting found, before it is recorded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FindingDraft {
    /// Units at the joint meeting; empty when a body was asked.
    pub participants: Vec<UnitId>,
    /// Unit that must lead.
    pub lead: Option<UnitId>,
    /// The opinion, or the minutes.
    pub words: String,
}

/// What the acceptor found, before it is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptanceDraft {
    /// Whether it passes.
    pub verdict: AcceptanceVerdict,
    /// How it was looked at.
    pub ways: Vec<AcceptanceWay>,
    /// In words.
    pub words: String,
    /// What was looked at.
    pub evidence: Vec<Attachment>,
}

/// A statement, before it is handed in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatementDraft {
    /// In words.
    pub text: String,
    /// Leader who signed it.
    pub signed_by: String,
    /// Whether it bears the seal.
    pub sealed: bool,
    /// The document itself.
    pub document: Option<Attachment>,
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
    /// How it is disposed of; as an order to a unit when absent.
    pub disposition: Option<Disposition>,
    /// What the desk said to the unit before; may be empty where the policy does not ask for it.
    pub spoken: String,
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
        /// When that unit must reply; as late as it may when absent.
        due_at: Option<DateTime<Utc>>,
    },
    /// Ask to give it back.
    RequestReturn(ReturnDraft),
    /// Decide on a return.
    DecideReturn(Decision),
    /// Ask for more time.
    RequestExtension(Box<ExtensionDraft>),
    /// Decide on an extension.
    DecideExtension(Decision),
    /// Reply.
    Reply(Box<ReplyDraft>),
    /// Pass a submitted reply on inside the unit, or withhold it.
    DecideInside(Decision),
    /// Review the reply.
    Review(Findings),
    /// Record how the lead coordinates.
    Coordinate {
        /// In words.
        note: String,
    },
    /// Guide or urge the unit of the leg, from above.
    Guide {
        /// In words.
        note: String,
    },
    /// Issue the written opinion.
    IssueOpinion {
        /// The opinion.
        words: String,
    },
    /// Ask to call other units together.
    BlowWhistle {
        /// What it is about.
        matter: String,
        /// The units.
        units: Vec<UnitId>,
    },
}

/// A request for more time.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtensionDraft {
    /// Why.
    pub reason: String,
    /// How much more.
    pub amount: Limit,
    /// Legal basis.
    pub basis: String,
    /// What the appellant was told of it.
    pub told: String,
    /// What it brings besides.
    pub proof: Proof,
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
    /// What it brings besides.
    pub proof: Proof,
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
    /// What the appellant was told.
    pub told: String,
    /// Words for the platform.
    pub internal_text: String,
    /// Words for the appellant.
    pub public_text: String,
    /// When it was handled.
    pub handled_at: Option<DateTime<Utc>>,
    /// How the office can be reached.
    pub contact: String,
    /// How the appellant was told.
    pub told_by: Option<ToldBy>,
    /// What proves it.
    pub evidence: Vec<Attachment>,
    /// The written opinion.
    pub opinion: String,
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
    /// The appellant added something.
    Supplemented {
        /// What.
        text: String,
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
    /// The platform verified a matter whose appellant stays dissatisfied (Yicheng 3(4)2).
    Verified {
        /// The round.
        round: u32,
        /// By when it is put right; absent when the handling was right.
        fix_by: Option<DateTime<Utc>>,
        /// Why.
        reason: String,
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
