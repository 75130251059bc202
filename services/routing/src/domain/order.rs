//! An order: the one workflow record of an accepted appeal, and what can be asked of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Channel, Desk, Matter, Urgency};
use hotline_worktime::Limit;
use serde::{Deserialize, Serialize};

use crate::domain::dossier::Dossier;
use crate::domain::{Leg, LegId, LegKind, LegState, OrderId, UnitId};

/// The label that calls for the second send (Xuzhou art. 2).
pub const ENTERPRISE_LABEL: &str = "enterprise";

/// The one workflow record of an accepted appeal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Identifier; that of the appeal.
    pub id: OrderId,
    /// What the rules look at; never changes.
    pub facts: Facts,
    /// What it is about, in words; never changes, so it is kept apart from what does.
    #[serde(skip)]
    pub subject: Subject,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Commands applied so far, for stale writes.
    #[serde(skip)]
    pub version: u64,
    /// Round of handling, from 1; a redo adds one.
    pub round: u32,
    /// Where it stands.
    pub state: State,
    /// Whether its unit may still give it back.
    pub unit_choice: UnitChoice,
    /// Legs of all rounds, oldest first.
    pub legs: Vec<Leg>,
    /// Times it was sent out.
    pub dispatch_count: u32,
    /// Returns of the lead leg that were agreed.
    pub return_count: u32,
    /// Bad answers at call-backs.
    pub bad_answers: u32,
    /// Times the appellant pressed.
    pub urge_count: u32,
    /// A limit that a law or its channel sets for the answer, over the policy's.
    #[serde(default)]
    pub own_limit: Option<OwnLimit>,
    /// What it gathers beside its legs.
    #[serde(default)]
    pub dossier: Dossier,
}

/// A limit that an order carries with it (Xuzhou art. 12(6), Jiangsu art. 11, Nanchang art. 15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLimit {
    /// How long.
    pub within: Limit,
    /// What sets it, in words.
    pub basis: String,
}

/// What the rules look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Number that people read.
    pub number: String,
    /// Policy under which it is handled to its end.
    pub policy_id: String,
    /// Content hash of that policy.
    pub policy_version: String,
    /// Kind.
    pub appeal_type: AppealType,
    /// Way in.
    pub channel: Channel,
    /// Desk that it belongs to.
    pub desk: Desk,
    /// Urgency.
    pub urgency: Urgency,
    /// Category code.
    pub category: String,
    /// Division code.
    pub division: String,
    /// Labels.
    pub labels: BTreeSet<String>,
    /// Platform that passed it on.
    #[serde(default)]
    pub source: Option<String>,
}

/// What an order is about, in words, numbers masked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subject {
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
    /// The enterprise, where one speaks.
    pub enterprise: Option<Enterprise>,
    /// The unit must not learn who appealed.
    pub confidential: bool,
}

/// An enterprise, as the register of companies names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    /// Registered name.
    pub name: String,
    /// Unified social credit code; may be empty.
    pub credit_code: String,
}

/// Where an order stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits to be sent out: in the pool, or claimed.
    PreReview {
        /// Dispatcher who claimed it.
        claimed_by: Option<String>,
        /// Unit that the last agreed return proposed.
        proposed: Option<UnitId>,
    },
    /// With the units.
    Handling,
    /// Circled too often: a supervisor fixes its unit.
    Disputed {
        /// Unit that the last agreed return proposed.
        proposed: Option<UnitId>,
    },
    /// Handled once more, one level up.
    Escalated {
        /// Unit that reviews it.
        unit: UnitId,
    },
    /// Every leg that counts is approved; call-back follows.
    Settled,
    /// Closed.
    Closed {
        /// How.
        outcome: Outcome,
    },
    /// In the archive.
    Archived {
        /// How it was closed.
        outcome: Outcome,
        /// Kept at least until.
        keep_until: DateTime<Utc>,
    },
    /// Ended by the appellant.
    Withdrawn,
}

/// How an order was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The appellant is content.
    Satisfied,
    /// Nobody was reached.
    Unreached,
    /// Nothing more can lawfully be done.
    Excluded,
    /// Closed with the approval of the reply.
    Answered,
    /// The end of all rounds.
    Final,
    /// Nobody's here: given back to the platform above.
    HandedUp,
}

/// Whether the unit of an order may still give it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitChoice {
    /// Chosen by a dispatcher.
    Open,
    /// Fixed by final determination.
    Determined,
}

impl Facts {
    /// The matter as the rules see it in this round.
    pub fn matter(&self, round: u32) -> Matter {
        Matter {
            channel: self.channel,
            urgency: self.urgency,
            labels: self.labels.clone(),
            source: self.source.clone(),
            round,
            ..Matter::new(self.appeal_type, self.desk, &self.category, &self.division)
        }
    }

    /// Whether the second send is due (Xuzhou art. 2).
    pub fn is_enterprise(&self) -> bool {
        self.labels.contains(ENTERPRISE_LABEL)
    }
}

impl Order {
    /// An order in the pool, opened for an accepted appeal.
    pub fn opened(id: OrderId, facts: Facts, subject: Subject, at: DateTime<Utc>) -> Self {
        Self {
            id,
            facts,
            subject,
            opened_at: at,
            version: 1,
            round: 1,
            state: State::PreReview {
                claimed_by: None,
                proposed: None,
            },
            unit_choice: UnitChoice::Open,
            legs: Vec::new(),
            dispatch_count: 0,
            return_count: 0,
            bad_answers: 0,
            urge_count: 0,
            own_limit: None,
            dossier: Dossier::default(),
        }
    }

    /// The leg with this id.
    pub fn leg(&self, id: LegId) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.id == id)
    }

    /// The standing lead leg of the present round.
    pub fn lead(&self) -> Option<&Leg> {
        self.standing().find(|leg| leg.kind == LegKind::Lead)
    }

    /// The standing co-handlers' legs of the present round.
    pub fn co_handlers(&self) -> impl Iterator<Item = &Leg> {
        self.standing().filter(|leg| leg.kind == LegKind::CoHandle)
    }

    /// The standing legs that were delegated from `parent`.
    pub fn children(&self, parent: LegId) -> impl Iterator<Item = &Leg> {
        self.legs
            .iter()
            .filter(move |leg| leg.parent() == Some(parent) && leg.stands())
    }

    /// The enterprise leg, of whatever round.
    pub fn enterprise_leg(&self) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.kind == LegKind::Enterprise)
    }

    /// Every unit that the order concerns: those that have or had a leg of it, and those that were asked about it. Their
    /// staff see it, and no other unit's.
    pub fn units(&self) -> BTreeSet<&UnitId> {
        let with_legs = self.legs.iter().map(|leg| &leg.unit);
        with_legs.chain(self.dossier.units()).collect()
    }

    /// The unit that leads the handling, or led it last.
    pub fn lead_unit(&self) -> Option<&UnitId> {
        self.legs
            .iter()
            .rev()
            .find(|leg| leg.kind == LegKind::Lead)
            .map(|leg| &leg.unit)
    }

    /// Whether units may work on its legs: after a return co-handlers go on while the lead is sought.
    pub fn is_worked_on(&self) -> bool {
        match self.state {
            State::Handling | State::Escalated { .. } | State::Disputed { .. } => true,
            State::PreReview { .. } => self.dispatch_count > 0,
            _ => false,
        }
    }

    /// Whether it has come to its end.
    pub fn is_ended(&self) -> bool {
        matches!(
            self.state,
            State::Closed { .. } | State::Archived { .. } | State::Withdrawn
        )
    }

    /// Whether a request waits for the platform's decision.
    pub fn awaits_decision(&self) -> bool {
        self.legs.iter().any(Leg::awaits_decision)
    }

    /// Whether every leg that counts would be approved once `approved` is.
    pub fn would_settle(&self, approved: Option<LegId>) -> bool {
        let done = |leg: &Leg| Some(leg.id) == approved || matches!(leg.state, LegState::Approved(_));
        self.lead().is_some_and(done) && self.co_handlers().all(done)
    }

    /// Whether every reply is approved and the result waits for its acceptor: several units handle it.
    pub fn awaits_acceptance(&self) -> bool {
        self.state == State::Handling && self.is_of_several() && self.would_settle(None)
    }

    /// Whether it has co-handlers in this round.
    pub fn is_of_several(&self) -> bool {
        self.co_handlers().next().is_some()
    }

    /// How it was closed, once it is.
    pub fn outcome(&self) -> Option<Outcome> {
        match self.state {
            State::Closed { outcome } | State::Archived { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    fn standing(&self) -> impl Iterator<Item = &Leg> {
        self.legs
            .iter()
            .filter(|leg| leg.round == self.round && leg.stands())
    }
}

impl State {
    /// The word that tables and messages use.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::PreReview { .. } => "pre_review",
            Self::Handling => "handling",
            Self::Disputed { .. } => "disputed",
            Self::Escalated { .. } => "escalated",
            Self::Settled => "settled",
            Self::Closed { .. } => "closed",
            Self::Archived { .. } => "archived",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Outcome {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Unreached => "unreached",
            Self::Excluded => "excluded",
            Self::Answered => "answered",
            Self::Final => "final",
            Self::HandedUp => "handed_up",
        }
    }
}
