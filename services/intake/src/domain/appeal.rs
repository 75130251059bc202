//! An appeal: the case, which never changes once registered, and its standing, which does.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Channel, Desk, Urgency};
use uuid::Uuid;

/// The enterprise for which an appellant speaks; its name is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    /// Registered name.
    pub name: String,
    /// Unified social credit code (GB 32100); empty when not told.
    pub credit_code: String,
}

/// How secret a matter is, and with it who may learn whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// Shown on a recorded reason.
    Ordinary,
    /// The appellant asked for it: no unit learns who appealed.
    Confidential,
    /// A report of misconduct: also within the platform only who is cleared for it is shown who reported.
    Report,
}

/// What was asked, as it was registered; telephone and identity numbers in the texts are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Identifier of the appeal and, later, of its order.
    pub id: Uuid,
    /// Number that people read.
    pub number: String,
    /// Kind.
    pub appeal_type: AppealType,
    /// Channel.
    pub channel: Channel,
    /// Desk that the order will belong to.
    pub desk: Desk,
    /// Urgency.
    pub urgency: Urgency,
    /// Category code of the catalogue.
    pub category: String,
    /// Division code.
    pub division: String,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
    /// Labels, sorted, each once.
    pub labels: BTreeSet<String>,
    /// When it happened, if told.
    pub incident_time: Option<DateTime<Utc>>,
    /// Touches stability or threats.
    pub sensitive: bool,
    /// The unit must not learn who appealed.
    pub confidential: bool,
    /// The appellant gave no name.
    pub anonymous: bool,
    /// The enterprise, for an enterprise appellant.
    pub enterprise: Option<Enterprise>,
    /// Platform that passed it on and its reference there.
    pub source: Option<(String, String)>,
    /// Policy under which it is handled to its end.
    pub policy_id: String,
    /// Version of that policy.
    pub policy_version: String,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// Earlier appeals by the same telephone, at registration.
    pub earlier_appeals: i32,
    /// Hotline number that was dialled; empty for 12345's own.
    pub line: String,
    /// Seat that took it; may be empty.
    pub seat: String,
    /// When the appellant raised it.
    pub raised_at: DateTime<Utc>,
    /// Who registered it.
    pub registered_by: String,
    /// The caller was on the list of harassing callers.
    pub caller_marked: bool,
    /// Call that it was registered from.
    pub call_id: Option<Uuid>,
}

impl Case {
    /// Its label; a report is one whatever its appellant asked for.
    #[must_use]
    pub fn secrecy(&self) -> Secrecy {
        match (self.appeal_type, self.confidential) {
            (AppealType::Report, _) => Secrecy::Report,
            (_, true) => Secrecy::Confidential,
            (_, false) => Secrecy::Ordinary,
        }
    }
}

/// The level that stands for a specialist where a merge remembers what was before it.
pub const LEVEL_SPECIALIST: i32 = -1;

/// Where an appeal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Registered, not yet disposed of.
    Registered,
    /// A leader decides on scope; level from 1.
    Referred {
        /// Level that decides.
        level: i32,
    },
    /// Refused as out of scope.
    Rejected {
        /// Reason code of the policy.
        code: String,
    },
    /// Answered at once.
    Answered,
    /// Handed to an emergency or utility service.
    Transferred,
    /// Joined to another.
    Merged {
        /// Appeal that it was joined to.
        into: Uuid,
        /// Level of referral at that moment, 0 when it was merely registered, [`LEVEL_SPECIALIST`] with a specialist.
        level: i32,
    },
    /// Accepted, its order is being opened.
    Accepted,
    /// An order is being handled.
    InProgress,
    /// Replies are approved.
    Settled,
    /// Closed.
    Closed,
    /// Archived.
    Archived,
    /// Withdrawn by the appellant.
    Withdrawn,
    /// A specialist decides on a difficult appeal (Nanchang art. 14(1)).
    WithSpecialist,
}

/// The name of a state, without what it holds: the word of tables and filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateName {
    /// Registered.
    Registered,
    /// Rejected.
    Rejected,
    /// Referred.
    Referred,
    /// Answered.
    Answered,
    /// Transferred.
    Transferred,
    /// Merged.
    Merged,
    /// Accepted.
    Accepted,
    /// In progress.
    InProgress,
    /// Settled.
    Settled,
    /// Closed.
    Closed,
    /// Archived.
    Archived,
    /// Withdrawn.
    Withdrawn,
    /// With a specialist.
    WithSpecialist,
}

impl StateName {
    /// Every name, in the order of the contract.
    pub const ALL: [Self; 13] = [
        Self::Registered,
        Self::Rejected,
        Self::Referred,
        Self::Answered,
        Self::Transferred,
        Self::Merged,
        Self::Accepted,
        Self::InProgress,
        Self::Settled,
        Self::Closed,
        Self::Archived,
        Self::Withdrawn,
        Self::WithSpecialist,
    ];

    /// The word that tables hold.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Rejected => "rejected",
            Self::Referred => "referred",
            Self::Answered => "answered",
            Self::Transferred => "transferred",
            Self::Merged => "merged",
            Self::Accepted => "accepted",
            Self::InProgress => "in_progress",
            Self::Settled => "settled",
            Self::Closed => "closed",
            Self::Archived => "archived",
            Self::Withdrawn => "withdrawn",
            Self::WithSpecialist => "with_specialist",
        }
    }

    /// The name that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == word)
    }
}

impl State {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> StateName {
        match self {
            Self::Registered => StateName::Registered,
            Self::Referred { .. } => StateName::Referred,
            Self::Rejected { .. } => StateName::Rejected,
            Self::Answered => StateName::Answered,
            Self::Transferred => StateName::Transferred,
            Self::Merged { .. } => StateName::Merged,
            Self::Accepted => StateName::Accepted,
            Self::InProgress => StateName::InProgress,
            Self::Settled => StateName::Settled,
            Self::Closed => StateName::Closed,
            Self::Archived => StateName::Archived,
            Self::Withdrawn => StateName::Withdrawn,
            Self::WithSpecialist => StateName::WithSpecialist,
        }
    }

    /// True while somebody still owes the appellant something.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Registered
                | Self::Referred { .. }
                | Self::WithSpecialist
                | Self::Accepted
                | Self::InProgress
                | Self::Settled
        )
    }
}

/// An appeal as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// What was asked.
    pub case: Case,
    /// Where it stands.
    pub state: State,
    /// Counts every change of the standing, from 1.
    pub version: i64,
    /// How often the appellant pressed.
    pub urges: i32,
    /// How many others are joined to it.
    pub joined: i64,
    /// Words that explain the disposition; empty while there is none.
    pub disposition: String,
    /// What the disposition rests on: a knowledge item, an earlier appeal's number, a way of transfer; may be empty.
    pub rests_on: String,
}
