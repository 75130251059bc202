//! Which event starts and stops which obligation. The amounts are the policy's; this table is all that is code.

use hotline_policy::Obligation;

use super::clock::{Clock, LegKind};
use super::signal::What;
use What::{
    AnsweredBadly, AppealDisposed, AppealEnded, AppealTransferred, AppellantContacted, CalledBack,
    EmergencyRegistered, EnterpriseLegDispatched, ExtensionGranted, ExtensionRefused, ExtensionRequested,
    Judged, LegAcknowledged, LegDispatched, LegReplied, LegSigned, OrderArchived, OrderClosed,
    OrderClosedBeforeCallback, OrderDispatched, OrderOpened, OrderRedone, OrderSettled, ReplyApproved,
    ReturnAgreed, ReturnRefused, ReturnRequested, SentBackOnNewClock, SentBackOnSameClock,
};

/// What a clock is about: two signals concern the same clock when they agree in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The order.
    Order,
    /// A leg.
    Leg,
    /// One request or reply on a leg.
    Matter,
}

/// Who is held to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debtor {
    /// The hotline's own desk.
    Platform,
    /// The leg's unit.
    Unit,
}

/// What it means when the time comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// A duty was missed.
    Breach,
    /// A window closed; nobody missed anything.
    Lapse,
}

/// An obligation: what starts it, what does it, what it is about, whose it is and how it expires.
#[derive(Debug)]
pub struct Row {
    /// The obligation.
    pub obligation: Obligation,
    /// What starts the clock.
    pub starts: &'static [What],
    /// What does the duty.
    pub stops: &'static [What],
    /// What it is about.
    pub subject: Subject,
    /// Legs that have it; for a duty on the order, legs whose event starts it, where it is a leg's.
    pub legs: &'static [LegKind],
    /// Whose it is.
    pub debtor: Debtor,
    /// How it expires.
    pub expiry: Expiry,
}

const NONE: &[LegKind] = &[];
const LEAD: &[LegKind] = &[LegKind::Lead];
const UNITS: &[LegKind] = &[LegKind::Lead, LegKind::CoHandle, LegKind::Delegated];
const FIRST_HAND: &[LegKind] = &[LegKind::Lead, LegKind::CoHandle];
const ENTERPRISE: &[LegKind] = &[LegKind::Enterprise];
const EVERY: &[LegKind] = &[
    LegKind::Lead,
    LegKind::CoHandle,
    LegKind::Delegated,
    LegKind::Enterprise,
];

/// Every obligation that is kept. The enterprise desk answers for the whole order, so its answer has a row of its own.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    on_order(Obligation::HandOver,    &[EmergencyRegistered],  &[AppealTransferred]),
    on_order(Obligation::PreReview,   &[OrderOpened],          &[OrderDispatched]),
    after_return(Obligation::Redispatch, &[ReturnAgreed],      &[OrderDispatched]),
    on_order(Obligation::Callback,    &[OrderSettled],         &[CalledBack, AnsweredBadly]),
    on_order(Obligation::RedoDispatch, &[AnsweredBadly],       &[Judged]),
    on_order(Obligation::Difficult,   &[OrderOpened],          &[OrderSettled]),
    on_order(Obligation::Archive,     &[OrderClosed, OrderClosedBeforeCallback], &[OrderArchived]),

    on_leg(Obligation::Acknowledge, EVERY,      &[LegDispatched, EnterpriseLegDispatched], &[LegAcknowledged, LegSigned]),
    on_leg(Obligation::Sign,        UNITS,      &[LegDispatched],                          &[LegSigned]),
    on_leg(Obligation::Contact,     UNITS,      &[LegDispatched],                          &[AppellantContacted]),
    on_leg(Obligation::Answer,      UNITS,      &[LegDispatched, SentBackOnNewClock],      &[LegReplied]),
    on_leg(Obligation::Settle,      FIRST_HAND, &[LegDispatched],                          &[LegReplied]),
    on_leg(Obligation::UrgentFeedback, LEAD,    &[LegDispatched],                          &[LegReplied]),
    on_leg(Obligation::Answer,      ENTERPRISE, &[EnterpriseLegDispatched],                &[OrderSettled]),
    on_leg(Obligation::AfterSupervision, UNITS, &[],                                       &[LegReplied]),
    window(Obligation::ReturnWindow, FIRST_HAND, &[LegDispatched],                         &[ReturnRequested]),

    decision(Obligation::ReturnDecision,    UNITS,      &[ReturnRequested],    &[ReturnAgreed, ReturnRefused]),
    decision(Obligation::ExtensionDecision, UNITS,      &[ExtensionRequested], &[ExtensionGranted, ExtensionRefused]),
    decision(Obligation::ReplyReview,       FIRST_HAND, &[LegReplied],         &[ReplyApproved, SentBackOnSameClock, SentBackOnNewClock]),
];

/// What a signal makes of the clocks that are open and whose duty it does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Nothing.
    Nothing,
    /// Those of the leg, and of legs that it delegated, fall away.
    Leg,
    /// All of the order fall away.
    Order,
    /// All of the order fall away but the call-back's.
    OrderButCallback,
    /// The window for a return of the leg falls away.
    ReturnWindow,
}

/// What a signal ends.
#[must_use]
pub fn ends(what: What) -> Ends {
    match what {
        AppealDisposed | AppealEnded | OrderSettled | OrderRedone | OrderClosed => Ends::Order,
        OrderClosedBeforeCallback => Ends::OrderButCallback,
        ReturnAgreed => Ends::Leg,
        LegReplied => Ends::ReturnWindow,
        _ => Ends::Nothing,
    }
}

/// The row of a clock.
#[must_use]
pub fn row_of(clock: &Clock) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.obligation == clock.obligation && row.has(clock.leg.map(|leg| leg.kind)))
}

impl Row {
    /// Whether a duty on such a leg, or on the order, is this one's.
    #[must_use]
    pub fn has(&self, leg: Option<LegKind>) -> bool {
        match leg {
            None => self.subject == Subject::Order,
            Some(kind) => self.subject != Subject::Order && self.legs.contains(&kind),
        }
    }

    /// Whether an event of such a leg, or of the order, starts it.
    #[must_use]
    pub fn is_started_by(&self, what: What, leg: Option<LegKind>) -> bool {
        let fits = leg.map_or(self.subject == Subject::Order && self.legs.is_empty(), |kind| {
            self.legs.contains(&kind)
        });
        fits && self.starts.contains(&what)
    }
}

const fn on_order(obligation: Obligation, starts: &'static [What], stops: &'static [What]) -> Row {
    let (subject, debtor, expiry) = (Subject::Order, Debtor::Platform, Expiry::Breach);
    Row {
        obligation,
        starts,
        stops,
        subject,
        legs: NONE,
        debtor,
        expiry,
    }
}

/// A co-handler's return leaves the order where it is; only the lead's sends it back to the pool.
const fn after_return(obligation: Obligation, starts: &'static [What], stops: &'static [What]) -> Row {
    let (subject, debtor, expiry) = (Subject::Order, Debtor::Platform, Expiry::Breach);
    Row {
        obligation,
        starts,
        stops,
        subject,
        legs: LEAD,
        debtor,
        expiry,
    }
}

const fn on_leg(
    obligation: Obligation,
    legs: &'static [LegKind],
    starts: &'static [What],
    stops: &'static [What],
) -> Row {
    Row {
        obligation,
        starts,
        stops,
        subject: Subject::Leg,
        legs,
        debtor: Debtor::Unit,
        expiry: Expiry::Breach,
    }
}

const fn window(
    obligation: Obligation,
    legs: &'static [LegKind],
    starts: &'static [What],
    stops: &'static [What],
) -> Row {
    Row {
        obligation,
        starts,
        stops,
        subject: Subject::Leg,
        legs,
        debtor: Debtor::Unit,
        expiry: Expiry::Lapse,
    }
}

const fn decision(
    obligation: Obligation,
    legs: &'static [LegKind],
    starts: &'static [What],
    stops: &'static [What],
) -> Row {
    let (subject, debtor, expiry) = (Subject::Matter, Debtor::Platform, Expiry::Breach);
    Row {
        obligation,
        starts,
        stops,
        subject,
        legs,
        debtor,
        expiry,
    }
}
