//! Who may be shown an appellant in clear, and what of the appellant.

use hotline_policy::Refusal;
use uuid::Uuid;

use super::appeal::{Appeal, Secrecy, State};
use super::refusals;

/// As whom somebody asks for an appellant in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// The installation itself, for the messages that it sends.
    Installation,
    /// Somebody of the platform.
    Platform {
        /// May be shown who reported.
        cleared: bool,
    },
    /// Somebody of this unit, for a matter that it holds.
    Unit(String),
}

impl Asker {
    /// Whether the disclosures are counted: people's are, the installation's own calls are its work.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        !matches!(self, Self::Installation)
    }

    /// Whether the identity number is left out: a unit speaks with the appellant and needs name, number and place.
    #[must_use]
    pub const fn without_identity(&self) -> bool {
        matches!(self, Self::Unit(_))
    }
}

/// Whether the appellant of `appeal` may be shown to `asker`; `holds` says whether a leg of the asker's unit stands.
///
/// # Errors
/// `appeal.not_found` for a unit without a leg, as if there were none; `appellant.report_secret`,
/// `appellant.unit_secrecy`, `appellant.unit_ended`.
pub fn may_be_shown(appeal: &Appeal, asker: &Asker, holds: bool) -> Result<(), Refusal> {
    let secrecy = appeal.case.secrecy();
    let refused = match asker {
        Asker::Installation | Asker::Platform { cleared: true } => None,
        Asker::Platform { cleared: false } => {
            (secrecy == Secrecy::Report).then_some(&refusals::REPORT_SECRET)
        }
        Asker::Unit(_) if !holds => {
            return Err(Refusal::new(&refusals::NOT_FOUND_APPEAL).field("appeal_id"));
        }
        Asker::Unit(_) if secrecy == Secrecy::Report => Some(&refusals::REPORT_SECRET),
        Asker::Unit(_) if secrecy == Secrecy::Confidential || appeal.case.anonymous => {
            Some(&refusals::UNIT_SECRECY)
        }
        Asker::Unit(_) => (appeal.state != State::InProgress).then_some(&refusals::UNIT_ENDED),
    };
    refused.map_or(Ok(()), |code| Err(Refusal::new(code)))
}

/// A leg of an order with a unit: lead, co-handler or delegated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitLeg {
    /// The leg.
    pub id: Uuid,
    /// The appeal, and its order.
    pub appeal: Uuid,
    /// The unit.
    pub unit: String,
    /// Round of the order, from 1.
    pub round: i32,
    /// Neither given back nor of a round that is over.
    pub stands: bool,
}

/// What an event of an order says of the units that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holding {
    /// A leg, and whether it stands.
    Leg(UnitLeg),
    /// A new round began: the legs of earlier ones stand no more.
    Round {
        /// The appeal, and its order.
        appeal: Uuid,
        /// The new round.
        round: i32,
    },
}
