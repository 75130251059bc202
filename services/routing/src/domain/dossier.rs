//! What an order gathers beside its legs: questions of duty, a whistle, its acceptance, written opinions, statements.

use chrono::{DateTime, Utc};
use hotline_policy::AcceptanceWay;
use serde::{Deserialize, Serialize};

use crate::domain::UnitId;

/// Everything that an order gathers beside its legs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Dossier {
    /// How it was disposed of when it was sent out last.
    pub disposition: Option<Disposition>,
    /// Open question to a deciding body.
    pub question: Option<Question>,
    /// What bodies and joint meetings found, oldest first.
    pub findings: Vec<Finding>,
    /// When a written opinion was asked for.
    pub opinion_asked: Option<DateTime<Utc>>,
    /// The written opinion, once issued.
    pub opinion: Option<Opinion>,
    /// The whistle of the present round.
    pub whistle: Option<Whistle>,
    /// What the acceptor found, oldest first.
    pub acceptances: Vec<Acceptance>,
    /// Statements owed and handed in, oldest first.
    pub statements: Vec<Statement>,
    /// What the appellant added, oldest first.
    pub supplements: Vec<Supplement>,
}

/// Something that the appellant added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// When.
    pub at: DateTime<Utc>,
    /// What, numbers masked.
    pub text: String,
}

/// A way of disposing of what cannot be answered at once (Xuzhou art. 12(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// As an order to a unit.
    Dispatch,
    /// By a special seat or window that is linked in.
    SeatLinkage,
    /// By a special service.
    SpecialService,
}

/// A question to a deciding body (Nanchang art. 14(2)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The body.
    pub body: UnitId,
    /// In words.
    pub words: String,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// Who asked.
    pub by: String,
}

/// What a body or a joint meeting found; kept as minutes (Yangzhou 3(3)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Who found it.
    pub finder: Finder,
    /// Unit that must lead.
    pub lead: UnitId,
    /// The opinion, or the minutes.
    pub words: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who recorded it.
    pub by: String,
    /// Whether the order was sent out by it.
    pub followed: Followed,
}

/// Who finds whose duty a matter is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finder {
    /// A deciding body.
    Body(UnitId),
    /// A joint meeting of these units.
    Meeting(Vec<UnitId>),
}

/// Whether a finding has been followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Followed {
    /// The next sending out must follow it.
    Binding,
    /// The order was sent out by it.
    Done,
}

/// A written opinion (Xuzhou art. 12(6)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    /// Number of the document.
    pub number: String,
    /// Unit that issued it.
    pub unit: UnitId,
    /// The opinion.
    pub words: String,
    /// Legal basis; may be empty.
    pub basis: String,
    /// When it was issued.
    pub at: DateTime<Utc>,
}

/// A whistle (Yicheng 3(1)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Whistle {
    /// Round in which it was blown.
    pub round: u32,
    /// Unit that blew it.
    pub unit: UnitId,
    /// What it is about.
    pub matter: String,
    /// Units that it calls.
    pub called: Vec<UnitId>,
    /// Where it stands.
    pub state: WhistleState,
}

/// Where a whistle stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhistleState {
    /// Waits for a decision.
    Requested,
    /// Agreed, with the reason: the meeting follows.
    Agreed(String),
    /// Refused, with the reason.
    Refused(String),
    /// The meeting fixed the duties.
    Met(Meeting),
}

/// What the meeting of a whistle fixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// Why it was agreed to.
    pub reason: String,
    /// Minutes.
    pub minutes: String,
    /// Duty of each unit.
    pub duties: Vec<(UnitId, String)>,
}

/// What the acceptor found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Round of handling.
    pub round: u32,
    /// What was found.
    pub verdict: AcceptanceVerdict,
    /// How it was looked at.
    pub ways: Vec<AcceptanceWay>,
    /// In words.
    pub words: String,
    /// What was looked at.
    pub evidence: Vec<Attachment>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
}

/// Whether a result passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptanceVerdict {
    /// It passes.
    Passed,
    /// It does not: units must do it again.
    Failed {
        /// Units at fault.
        responsible: Vec<UnitId>,
        /// Units that do it again with them.
        cooperating: Vec<UnitId>,
    },
}

/// A statement that a unit owes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Unit.
    pub unit: UnitId,
    /// Why it is owed.
    pub kind: StatementKind,
    /// Round of handling.
    pub round: u32,
    /// When it was demanded.
    pub demanded: DateTime<Utc>,
    /// What was handed in; absent before.
    pub filed: Option<Filed>,
}

/// Why a statement is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// The result was not accepted (Yicheng 3(1)).
    AcceptanceFailed,
    /// The appellant was dissatisfied to the end (Nanchang art. 31).
    DutyPerformance,
}

/// A statement as it was handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    /// In words.
    pub text: String,
    /// Leader who signed it; may be empty.
    pub signed_by: String,
    /// Whether it bears the seal.
    pub sealed: bool,
    /// The document itself.
    pub document: Option<Attachment>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A reference to something kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What people call it.
    pub name: String,
    /// Where it is kept.
    pub reference: String,
}

impl Dossier {
    /// The units that have a part in it without a leg.
    pub fn units(&self) -> impl Iterator<Item = &UnitId> {
        let asked = self.question.iter().map(|question| &question.body);
        let found = self.findings.iter().flat_map(|finding| match &finding.finder {
            Finder::Body(body) => std::slice::from_ref(body),
            Finder::Meeting(units) => units.as_slice(),
        });
        asked.chain(found)
    }

    /// The finding that the next sending out must follow.
    pub fn binding(&self) -> Option<&Finding> {
        let last = self.findings.last()?;
        (last.followed == Followed::Binding).then_some(last)
    }

    /// Whether the acceptor passed the result of the round after everything that was sent back in it.
    pub fn passed(&self, round: u32) -> bool {
        let last = self.acceptances.iter().rev().find(|found| found.round == round);
        last.is_some_and(|found| found.verdict == AcceptanceVerdict::Passed)
    }

    /// The first statement that the unit still owes.
    pub fn owed_by(&self, unit: &UnitId) -> Option<&Statement> {
        self.owed().find(|statement| statement.unit == *unit)
    }

    /// Statements that are still owed.
    pub fn owed(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.filed.is_none())
    }
}

impl Whistle {
    /// What the meeting fixed, once it was held.
    pub fn meeting(&self) -> Option<&Meeting> {
        match &self.state {
            WhistleState::Met(meeting) => Some(meeting),
            _ => None,
        }
    }
}

impl WhistleState {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Agreed(_) => "agreed",
            Self::Refused(_) => "refused",
            Self::Met(_) => "met",
        }
    }
}

impl Disposition {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch",
            Self::SeatLinkage => "seat_linkage",
            Self::SpecialService => "special_service",
        }
    }

    /// The disposition that the contract's word names; an order to a unit when it is empty.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "" | "dispatch" => Some(Self::Dispatch),
            "seat_linkage" => Some(Self::SeatLinkage),
            "special_service" => Some(Self::SpecialService),
            _ => None,
        }
    }
}

impl StatementKind {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AcceptanceFailed => "acceptance_failed",
            Self::DutyPerformance => "duty_performance",
        }
    }
}
