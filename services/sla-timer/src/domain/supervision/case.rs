//! What a case holds, and what can happen to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::why::Why;

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Open.
    Open,
    /// Open and listed (挂牌督办).
    Listed,
    /// Closed.
    Closed,
}

/// The order that a case is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderOf {
    /// The order.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its round when the case was opened.
    pub round: u32,
}

/// A case of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Identifier.
    pub id: Uuid,
    /// Number that people read.
    pub number: String,
    /// Policy under which it is handled.
    pub policy_id: String,
    /// Content version of that policy.
    pub policy_version: String,
    /// The order, where it is about one.
    pub order: Option<OrderOf>,
    /// Class of matter, a code of the policy.
    pub class: String,
    /// What people call it.
    pub class_name: String,
    /// What the class counts by.
    pub key: String,
    /// Kind of oversight, a code of the policy; `rule` for one opened by rule.
    pub source: String,
    /// Unit that is supervised.
    pub unit: String,
    /// Other units concerned.
    pub others: Vec<String>,
    /// Title.
    pub title: String,
    /// Reason.
    pub reason: String,
    /// Article.
    pub article: String,
    /// Why it was opened.
    pub why: Why,
    /// Who is told, words of the policy.
    pub to: Vec<String>,
    /// How it stands.
    pub state: CaseState,
    /// How it ended, and why; empty while open.
    pub outcome: (String, String),
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who opened it.
    pub opened_by: String,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Documents, oldest first.
    pub instruments: Vec<Instrument>,
    /// Cards, oldest first.
    pub cards: Vec<Card>,
    /// Coordination meetings, oldest first.
    pub meetings: Vec<Meeting>,
    /// Verifications, oldest first.
    pub verifications: Vec<Verification>,
    /// Types of accountability raised, oldest first.
    pub causes: Vec<Cause>,
    /// Measures decided, oldest first.
    pub measures: Vec<Measure>,
    /// The finding that spares accountability.
    pub exemption: Option<Exemption>,
    /// Material handed over, oldest first.
    pub hand_overs: Vec<HandOver>,
    /// Whether the platform caused the delay, and why, once that was looked into.
    pub platform: Option<(bool, String)>,
    /// Version of the record.
    pub version: i64,
}

/// A document of supervision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Identifier.
    pub id: Uuid,
    /// Its kind, a code of the policy.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its number; a pattern until it is given.
    pub number: String,
    /// Unit that it went to.
    pub unit: String,
    /// The body.
    pub text: String,
    /// Article.
    pub article: String,
    /// Who signs it; empty for the platform.
    pub signer: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The unit answers by then.
    pub due_at: Option<DateTime<Utc>>,
    /// The due time that it follows, so that nothing is issued twice for it.
    pub about: Option<DateTime<Utc>>,
    /// The clock that runs for the answer.
    pub clock: Option<Uuid>,
    /// Answers, oldest first.
    pub replies: Vec<Reply>,
    /// The answer was due and had not come.
    pub overdue: bool,
    /// Why it went out.
    pub why: Why,
    /// Who issued it.
    pub actor: String,
}

/// A unit's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The answer.
    pub text: String,
    /// Names of what is attached.
    pub attachments: Vec<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What was decided on it.
    pub decision: Option<ReplyDecision>,
}

/// A decision on an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyDecision {
    /// Accepted; otherwise sent back.
    pub accepted: bool,
    /// Why.
    pub reason: String,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Identifier.
    pub id: Uuid,
    /// Case.
    pub case: Uuid,
    /// Number of the order.
    pub order_number: String,
    /// Unit.
    pub unit: String,
    /// `yellow` or `red`.
    pub colour: String,
    /// The clock that was missed.
    pub obligation: String,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Article.
    pub article: String,
    /// Why.
    pub why: Why,
    /// Which card of its series it is, from 1.
    pub series: u32,
    /// It completed a series.
    pub led_on: bool,
}

/// A coordination meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Code of the body.
    pub body: String,
    /// Its name.
    pub body_name: String,
    /// Units that took part.
    pub units: Vec<String>,
    /// Unit that leads from then on.
    pub lead: Option<String>,
    /// Minutes.
    pub minutes: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who recorded it.
    pub actor: String,
    /// Article.
    pub article: String,
}

/// A verification by call-back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// When it became due.
    pub opened_at: DateTime<Utc>,
    /// When its finding was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// The finding; empty until then.
    pub outcome: String,
    /// The appellant says that the unit had contacted him.
    pub contacted: bool,
    /// The appellant says that it is solved.
    pub solved: bool,
    /// What was said and checked.
    pub note: String,
    /// Who verified.
    pub actor: String,
    /// Article.
    pub article: String,
}

/// A type of accountability that was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// A code of the policy.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Article.
    pub article: String,
    /// Why.
    pub why: String,
    /// A rule raised it.
    pub by_rule: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// A code of the policy.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// `person` or `unit`.
    pub holds: String,
    /// Post of the person, or the unit.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who decided.
    pub actor: String,
    /// Article.
    pub article: String,
}

/// A finding that spares accountability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// Its name.
    pub name: String,
    /// What was found.
    pub reason: String,
    /// Article.
    pub article: String,
    /// Who found it.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Material that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// A code of the policy.
    pub recipient: String,
    /// Who receives it.
    pub name: String,
    /// Article.
    pub article: String,
    /// Names of the documents.
    pub documents: Vec<String>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who handed it over.
    pub actor: String,
}

/// An unannounced visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Identifier.
    pub id: Uuid,
    /// City.
    pub city: String,
    /// Code of the body that visited.
    pub body: String,
    /// Unit that was visited.
    pub unit: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What was found.
    pub findings: String,
    /// Case that leads were taken into.
    pub case: Option<Uuid>,
    /// Who recorded it.
    pub actor: String,
}

/// What happened to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A document went out.
    Issued(Instrument),
    /// A unit answered a document.
    Replied(Uuid, Reply),
    /// An answer was decided on; sent back, with a new due time.
    Decided(Uuid, ReplyDecision, Option<DateTime<Utc>>, String),
    /// The answer to a document was due and had not come.
    Overdue(Uuid),
    /// A card was issued.
    Carded(Card),
    /// Units were coordinated.
    Met(Meeting),
    /// A verification became due.
    VerificationOpened(Verification),
    /// A verification found something.
    Verified(Verification),
    /// Whether the platform caused the delay, why, and who looked into it.
    DelayFound(bool, String, String),
    /// Accountability was raised.
    Raised(Vec<Cause>, String),
    /// Measures were decided.
    Measured(Vec<Measure>),
    /// A finding spares accountability.
    Exempted(Exemption),
    /// Material was handed over.
    HandedOver(HandOver),
    /// The case was listed.
    Listed,
    /// The case was closed: outcome, reason, who.
    Closed(String, String, String),
}

impl Case {
    /// True until it is closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != CaseState::Closed
    }

    /// True while a verification is due.
    #[must_use]
    pub fn is_to_verify(&self) -> bool {
        self.verifications
            .last()
            .is_some_and(|last| last.recorded_at.is_none())
    }

    /// True while accountability was raised and neither measures nor an exemption stand.
    #[must_use]
    pub fn is_to_account(&self) -> bool {
        !self.causes.is_empty() && self.measures.is_empty() && self.exemption.is_none()
    }

    /// The document of this identifier.
    #[must_use]
    pub fn instrument(&self, id: Uuid) -> Option<&Instrument> {
        self.instruments.iter().find(|instrument| instrument.id == id)
    }
}

impl Instrument {
    /// The newest answer that was not sent back.
    #[must_use]
    pub fn standing_reply(&self) -> Option<&Reply> {
        self.replies
            .last()
            .filter(|reply| reply.decision.as_ref().is_none_or(|decision| decision.accepted))
    }

    /// True while the unit owes an answer.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        self.due_at.is_some() && self.standing_reply().is_none()
    }
}
