//! Everything that stands on a timeline: the register's own events and those that it hears of others.

use hotline_proto::common::v1::{LegFacts, LegKind, OrderFacts};
use hotline_proto::{callback, enterprise, intake, routing, sla};
use prost::Name;
use uuid::Uuid;

use crate::domain::{Holding, Progress, UnitLeg};

/// Declares the union over the events, and what is the same for each of them.
macro_rules! told {
    ($($package:ident: $($name:ident)+;)+) => {
        /// An event that gets a line.
        #[derive(Debug, Clone, Copy)]
        pub enum Told<'e> {
            $($(#[doc = concat!("`hotline.", stringify!($package), ".v1.", stringify!($name), "`.")]
            $name(&'e $package::v1::$name),)+)+
        }

        impl Told<'_> {
            /// Protobuf full name of the event, or of the part of one that has a line of its own.
            #[must_use]
            pub fn kind(&self) -> String {
                match self { $($(Self::$name(_) => $package::v1::$name::full_name(),)+)+ }
            }
        }

        $($(impl Tells for $package::v1::$name {
            fn told(&self) -> Told<'_> {
                Told::$name(self)
            }
        })+)+
    };
}

/// An event that gets a line.
pub trait Tells: Name + Default + 'static {
    /// The event as one of all.
    fn told(&self) -> Told<'_>;
}

/// An event of another service: it says which appeal it is about.
pub trait Heard: Tells {
    /// What it is about.
    fn facts(&self) -> Option<&OrderFacts>;

    /// The appeal that it is about, if it says so.
    fn appeal(&self) -> Option<Uuid> {
        appeal_of(self.facts())
    }
}

told! {
    intake: AppealRegistered AppealAccepted AppealRejected AppealReferred AppealAnswered AppealTransferred
        AppealMerged AppealUnmerged AppealWithdrawn AppealUrged AppealSupplemented AppellantRevealed AppealSubmitted CallerMarked
        CallerMarkDecided AppealFileAttached CallRecordingReady;
    routing: OrderOpened OrderClaimed OrderReleased OrderDispatched DepartmentLegDispatched EnterpriseLegDispatched
        LegAcknowledged LegSigned AppellantContacted ReturnRequested ReturnDecided ExtensionRequested ExtensionDecided
        LegReplied ReplyApproved ReplySentBack OrderSettled OrderRedone OrderEscalated OrderClosed OrderArchived
        OrderWithdrawn ReplySubmitted ReplyDecidedInUnit CoHandlersAdded LegCoordinated LegGuided
        DeterminationRequested DeterminationRecorded WrittenOpinionRequested WrittenOpinionIssued WhistleBlown
        WhistleDecided WhistleMet ResultAccepted StatementDemanded StatementFiled;
    callback: CallbackScheduled CallbackAttempted CallbackCompleted CallbackUnreached BadAnswerJudged;
    sla: ClockArmed ClockStopped ClockMoved ReminderDue ClockBreached ClockMarked SupervisionOpened SupervisionInstrumentIssued
        SupervisionInstrumentReplied SupervisionReplyDecided SupervisionCardIssued SupervisionCoordinated
        SupervisionVerified SupervisionDelayFound SupervisionAccountabilityRaised SupervisionMeasuresDecided
        SupervisionExempted SupervisionHandedOver SupervisionClosed;
    enterprise: EnterpriseLegReceived DepartmentUrged EnterpriseLegSupplemented EnterpriseLegEvaluated;
}

/// Declares that the events carry facts, and the list of what this service hears.
macro_rules! heard {
    ($($package:ident: $($name:ident)+;)+) => {
        $($(impl Heard for $package::v1::$name {
            fn facts(&self) -> Option<&OrderFacts> {
                self.facts.as_ref()
            }
        })+)+

        /// The handlers of everything that is heard; [`ClocksChanged`](sla::v1::ClocksChanged) is many lines.
        pub(crate) fn hear_all<H>(handlers: hotline_bus::Handlers<H>) -> hotline_bus::Handlers<H>
        where
            H: Send + Sync + 'static,
            H: hotline_bus::Handle<sla::v1::ClocksChanged>,
            $($(H: hotline_bus::Handle<$package::v1::$name>,)+)+
        {
            handlers.on::<sla::v1::ClocksChanged>()$($(.on::<$package::v1::$name>())+)+
        }
    };
}

heard! {
    routing: OrderOpened OrderClaimed OrderReleased OrderDispatched DepartmentLegDispatched EnterpriseLegDispatched
        LegAcknowledged LegSigned AppellantContacted ReturnRequested ReturnDecided ExtensionRequested ExtensionDecided
        LegReplied ReplyApproved ReplySentBack OrderSettled OrderRedone OrderEscalated OrderClosed OrderArchived
        OrderWithdrawn ReplySubmitted ReplyDecidedInUnit CoHandlersAdded LegCoordinated LegGuided
        DeterminationRequested DeterminationRecorded WrittenOpinionRequested WrittenOpinionIssued WhistleBlown
        WhistleDecided WhistleMet ResultAccepted StatementDemanded StatementFiled;
    callback: CallbackScheduled CallbackAttempted CallbackCompleted CallbackUnreached BadAnswerJudged;
    sla: ReminderDue ClockBreached SupervisionOpened SupervisionInstrumentIssued
        SupervisionInstrumentReplied SupervisionReplyDecided SupervisionCardIssued SupervisionCoordinated
        SupervisionVerified SupervisionDelayFound SupervisionAccountabilityRaised SupervisionMeasuresDecided
        SupervisionExempted SupervisionHandedOver SupervisionClosed;
    enterprise: EnterpriseLegReceived DepartmentUrged EnterpriseLegSupplemented EnterpriseLegEvaluated;
}

/// The appeal that facts name, if they do.
pub fn appeal_of(facts: Option<&OrderFacts>) -> Option<Uuid> {
    facts?.order_id.parse().ok()
}

impl Told<'_> {
    /// How the event moves the appeal; most move nothing.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        match self {
            Self::OrderOpened(_) => Some(Progress::Opened),
            Self::OrderSettled(_) => Some(Progress::Settled),
            Self::OrderRedone(_) | Self::OrderEscalated(_) => Some(Progress::Reopened),
            Self::OrderClosed(_) => Some(Progress::Closed),
            Self::OrderArchived(_) => Some(Progress::Archived),
            Self::OrderWithdrawn(_) => Some(Progress::Withdrawn),
            _ => None,
        }
    }
    /// What the event says of the units that hold the order; most say nothing.
    #[must_use]
    pub fn holding(&self) -> Option<Holding> {
        match self {
            Self::DepartmentLegDispatched(e) => leg_of(e.facts.as_ref(), e.leg.as_ref(), true),
            Self::LegSigned(e) => leg_of(e.facts.as_ref(), e.leg.as_ref(), true),
            Self::AppellantContacted(e) => leg_of(e.facts.as_ref(), e.leg.as_ref(), true),
            Self::ReplySentBack(e) => leg_of(e.facts.as_ref(), e.leg.as_ref(), true),
            Self::ReturnDecided(e) => leg_of(e.facts.as_ref(), e.leg.as_ref(), !e.agreed),
            Self::OrderRedone(e) => round_of(e.facts.as_ref()),
            Self::OrderEscalated(e) => round_of(e.facts.as_ref()),
            _ => None,
        }
    }
}

/// The leg, where it is one that a unit handles.
fn leg_of(facts: Option<&OrderFacts>, leg: Option<&LegFacts>, stands: bool) -> Option<Holding> {
    let (appeal, leg) = (appeal_of(facts)?, leg?);
    let handled = matches!(leg.kind(), LegKind::Lead | LegKind::CoHandle | LegKind::Delegated);
    handled.then_some(Holding::Leg(UnitLeg {
        id: leg.leg_id.parse().ok()?,
        appeal,
        unit: leg.unit_id.clone(),
        round: leg.round,
        stands,
    }))
}

fn round_of(facts: Option<&OrderFacts>) -> Option<Holding> {
    Some(Holding::Round {
        appeal: appeal_of(facts)?,
        round: facts?.round,
    })
}
