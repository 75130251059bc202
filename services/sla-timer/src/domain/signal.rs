//! What the clocks hear: one event of the life of an order, reduced to what starts and stops a clock.

use chrono::{DateTime, Utc};
use hotline_worktime::Limit;
use uuid::Uuid;

use super::clock::{Leg, Order};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Intake registered an appeal of the urgency "emergency".
    EmergencyRegistered,
    /// Intake handed the appeal to an emergency or utility service.
    AppealTransferred,
    /// Intake disposed of the appeal otherwise: accepted, refused, answered.
    AppealDisposed,
    /// The appellant withdrew, or the appeal was joined to another.
    AppealEnded,
    /// The joining was undone: what it had ended runs on.
    AppealUnmerged,
    /// An order waits to be sent.
    OrderOpened,
    /// The order was sent out.
    OrderDispatched,
    /// A leg went to a unit: lead, co-handler or delegated.
    LegDispatched,
    /// The second send went to the enterprise-service platform.
    EnterpriseLegDispatched,
    /// The receiver confirmed that the leg arrived.
    LegAcknowledged,
    /// The unit signed.
    LegSigned,
    /// The unit spoke with the appellant.
    AppellantContacted,
    /// The unit asked to give the leg back.
    ReturnRequested,
    /// The platform agreed.
    ReturnAgreed,
    /// The platform refused.
    ReturnRefused,
    /// The unit asked for more time.
    ExtensionRequested,
    /// The platform granted it.
    ExtensionGranted,
    /// The platform refused it.
    ExtensionRefused,
    /// The unit replied.
    LegReplied,
    /// The reply passed the review.
    ReplyApproved,
    /// The reply was sent back, and the clock goes on.
    SentBackOnSameClock,
    /// The reply was sent back, and a new clock starts.
    SentBackOnNewClock,
    /// Every leg that counts is approved.
    OrderSettled,
    /// The order is handled once more, by the same units or one level up; the facts carry the new round.
    OrderRedone,
    /// The call-back had a bad answer, which waits for its judgement.
    AnsweredBadly,
    /// The bad answer was judged.
    Judged,
    /// The call-back reached the appellant, or nobody in all tries.
    CalledBack,
    /// The order is closed after its call-back.
    OrderClosed,
    /// The order is closed, and its call-back is still to come.
    OrderClosedBeforeCallback,
    /// The order is in the archive.
    OrderArchived,
}

/// A leg, and the unit that it went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLeg {
    /// The leg.
    pub leg: Leg,
    /// Its unit.
    pub unit: String,
}

/// One thing that happened to one order.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// What.
    pub what: What,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// To which order.
    pub order: Order,
    /// On which leg.
    pub leg: Option<SentLeg>,
    /// About which request or reply; empty when about none.
    pub cause: String,
    /// A due time that it sets: a delegated leg's, or the one after an extension.
    pub due_at: Option<DateTime<Utc>>,
    /// How much more time was granted.
    pub amount: Option<Limit>,
    /// The version of the calendar by which that due time was worked out.
    pub calendar: i32,
    /// The platform itself says that it decided too late.
    pub platform_late: bool,
}

/// Which clocks of the order must be at hand to decide on a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// None: it only starts clocks.
    Nothing,
    /// Those whose duty is open.
    Open,
    /// All, stopped ones among them.
    All,
}

impl What {
    /// Which clocks must be at hand.
    #[must_use]
    pub fn needs(self) -> Needs {
        match self {
            Self::EmergencyRegistered
            | Self::OrderOpened
            | Self::LegDispatched
            | Self::EnterpriseLegDispatched
            | Self::ExtensionRequested => Needs::Nothing,
            Self::SentBackOnSameClock | Self::AppealUnmerged => Needs::All,
            _ => Needs::Open,
        }
    }
}

impl Signal {
    /// Whether the platform decided on something while the clocks of the leg ran, or would have run.
    #[must_use]
    pub fn is_decision(&self) -> bool {
        matches!(
            self.what,
            What::ReturnAgreed
                | What::ReturnRefused
                | What::ExtensionGranted
                | What::ExtensionRefused
                | What::SentBackOnSameClock
        )
    }

    /// The leg's id.
    #[must_use]
    pub fn leg_id(&self) -> Option<Uuid> {
        self.leg.as_ref().map(|sent| sent.leg.id)
    }
}
