//! How each event is read: one table. Most say the same in the same place; texts are skipped, not decoded.

use std::collections::HashMap;
use std::sync::LazyLock;

use hotline_policy::{AppealType, Channel};
use hotline_proto::common::v1::{LegFacts, OrderFacts, Satisfaction};
use hotline_proto::sla::v1::{
    ClockArmed, ClockBreached, ClockFacts, ClockMarked, ClockMoved, ClockStopped, ClocksChanged,
};
use hotline_proto::{callback::v1 as callback, enterprise::v1 as enterprise, intake::v1 as intake};
use hotline_proto::{routing::v1 as routing, sla::v1 as sla};
use prost::{DecodeError, Message, Name};
use uuid::Uuid;

use crate::domain::{Happening, Keys, What};

/// Reads a payload: the event, whose name is filled in by the caller, and its parts that count for themselves.
pub(super) type Reader = Box<dyn Fn(&[u8]) -> Result<Vec<Happening>, DecodeError> + Send + Sync>;

/// The obligation whose being done in time is a measure of its own.
const SIGN: &str = "sign";

/// Readers by full name of the event.
pub(super) static READERS: LazyLock<HashMap<String, Reader>> = LazyLock::new(|| {
    let mut table = Table::default();
    intake_events(&mut table);
    routing_events(&mut table);
    clock_events(&mut table);
    callback_events(&mut table);
    enterprise_events(&mut table);
    table.0
});

/// What every event about an order begins with.
#[derive(Clone, PartialEq, Message)]
struct AboutOrder {
    #[prost(message, optional, tag = "1")]
    facts: Option<OrderFacts>,
}

/// What every event about a leg begins with.
#[derive(Clone, PartialEq, Message)]
struct AboutLeg {
    #[prost(message, optional, tag = "1")]
    facts: Option<OrderFacts>,
    #[prost(message, optional, tag = "2")]
    leg: Option<LegFacts>,
}

/// What every event about a clock begins with.
#[derive(Clone, PartialEq, Message)]
struct AboutClock {
    #[prost(message, optional, tag = "1")]
    facts: Option<OrderFacts>,
    #[prost(message, optional, tag = "2")]
    clock: Option<ClockFacts>,
}

#[derive(Default)]
struct Table(HashMap<String, Reader>);

impl Table {
    /// Reads `E` through the message `M`, which has those fields of it that are counted.
    fn through<E: Name, M: Message + Default + 'static>(&mut self, say: fn(M) -> Happening) -> &mut Self {
        self.0.insert(
            E::full_name(),
            Box::new(move |payload| M::decode(payload).map(|event| vec![say(event)])),
        );
        self
    }

    fn whole<E: Name + Default + 'static>(&mut self, say: fn(E) -> Happening) -> &mut Self {
        self.through::<E, E>(say)
    }

    fn order<E: Name>(&mut self) -> &mut Self {
        self.through::<E, AboutOrder>(|event| about(event.facts))
    }

    fn leg<E: Name>(&mut self) -> &mut Self {
        self.through::<E, AboutLeg>(|event| about(event.facts).of(event.leg.map(|leg| leg.unit_id)))
    }

    fn clock<E: Name>(&mut self) -> &mut Self {
        self.through::<E, AboutClock>(|event| about(event.facts).of(event.clock.map(|clock| clock.unit_id)))
    }
}

impl Happening {
    /// The same, of a unit.
    fn of(mut self, unit: impl Into<Option<String>>) -> Self {
        self.keys.unit = unit.into();
        self
    }

    /// The same, with more to count.
    fn and(mut self, what: What) -> Self {
        self.what = what;
        self
    }
}

/// The word with a number of the contract: both lists stand in the same order, the contract's from 1.
fn word<T: Copy>(all: &[T], number: i32) -> Option<T> {
    all.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

fn about(facts: Option<OrderFacts>) -> Happening {
    let Some(facts) = facts else {
        return Happening::default();
    };
    let keys = Keys {
        unit: None,
        appeal_type: word(AppealType::ALL, facts.r#type),
        channel: word(Channel::ALL, facts.channel),
        division: Some(facts.division),
        category: Some(facts.category),
    };
    Happening {
        order: Uuid::parse_str(&facts.order_id).ok(),
        keys,
        ..Happening::default()
    }
}

fn intake_events(table: &mut Table) {
    table
        .order::<intake::AppealRegistered>()
        .order::<intake::AppealAccepted>()
        .order::<intake::AppealRejected>()
        .order::<intake::AppealReferred>()
        .order::<intake::AppealAnswered>()
        .order::<intake::AppealTransferred>()
        .order::<intake::AppealMerged>()
        .order::<intake::AppealUnmerged>()
        .order::<intake::AppealWithdrawn>()
        .order::<intake::AppealUrged>()
        .order::<intake::AppealSupplemented>()
        .order::<intake::AppealSubmitted>()
        .whole::<intake::CallerMarked>(|_| Happening::default())
        .whole::<intake::CallerMarkDecided>(|_| Happening::default())
        .order::<intake::AppealFileAttached>()
        .whole::<intake::CallRinging>(|_| Happening::default())
        .whole::<intake::CallAnswered>(|_| Happening::default())
        .whole::<intake::CallEnded>(|_| Happening::default())
        .whole::<intake::CallRecordingReady>(|_| Happening::default())
        .whole::<intake::CallerShown>(|_| Happening::default())
        .whole::<intake::AppellantRevealed>(|_| Happening::default());
}

fn routing_events(table: &mut Table) {
    table
        .order::<routing::OrderOpened>()
        .order::<routing::OrderClaimed>()
        .order::<routing::OrderReleased>()
        .whole::<routing::OrderDispatched>(|event| about(event.facts).of(event.lead_unit_id))
        .leg::<routing::DepartmentLegDispatched>()
        .leg::<routing::EnterpriseLegDispatched>()
        .leg::<routing::LegAcknowledged>()
        .leg::<routing::LegSigned>()
        .leg::<routing::AppellantContacted>()
        .leg::<routing::ReturnRequested>()
        .leg::<routing::ReturnDecided>()
        .leg::<routing::ExtensionRequested>()
        .leg::<routing::ExtensionDecided>()
        .leg::<routing::LegReplied>()
        .leg::<routing::ReplyApproved>()
        .leg::<routing::ReplySentBack>()
        .whole::<routing::OrderSettled>(|event| about(event.facts).of(event.lead_unit_id))
        .whole::<routing::OrderRedone>(|event| about(event.facts).of(event.lead_unit_id).and(What::OnceMore))
        .whole::<routing::OrderEscalated>(|event| about(event.facts).of(event.unit_id).and(What::OnceMore))
        .whole::<routing::OrderClosed>(|event| {
            about(event.facts).of(event.lead_unit_id).and(What::Closed {
                outcome: event.outcome,
            })
        })
        .whole::<routing::OrderArchived>(|event| about(event.facts).and(What::Archived))
        .order::<routing::OrderWithdrawn>();
    duty_events(table);
}

/// What units do inside and between them before an order is settled.
fn duty_events(table: &mut Table) {
    table
        .leg::<routing::ReplySubmitted>()
        .leg::<routing::ReplyDecidedInUnit>()
        .order::<routing::CoHandlersAdded>()
        .leg::<routing::LegCoordinated>()
        .leg::<routing::LegGuided>()
        .order::<routing::DeterminationRequested>()
        .whole::<routing::DeterminationRecorded>(|event| about(event.facts).of(event.lead_unit_id))
        .order::<routing::WrittenOpinionRequested>()
        .whole::<routing::WrittenOpinionIssued>(|event| about(event.facts).of(event.unit_id))
        .whole::<routing::WhistleBlown>(|event| about(event.facts).of(event.unit_id))
        .whole::<routing::WhistleDecided>(|event| about(event.facts).of(event.unit_id))
        .whole::<routing::WhistleMet>(|event| about(event.facts).of(event.unit_id))
        .order::<routing::ResultAccepted>()
        .whole::<routing::StatementDemanded>(|event| about(event.facts).of(event.unit_id))
        .whole::<routing::StatementFiled>(|event| about(event.facts).of(event.unit_id));
}

fn clock_events(table: &mut Table) {
    table
        .clock::<sla::ReminderDue>()
        .whole::<ClockBreached>(breached)
        .whole::<sla::CalendarImported>(|_| Happening::default());
    let read = |payload: &[u8]| ClocksChanged::decode(payload).map(changed);
    table.0.insert(ClocksChanged::full_name(), Box::new(read));
}

/// The change, and each clock of it by what became of it.
fn changed(event: ClocksChanged) -> Vec<Happening> {
    let order = about(event.facts);
    let part = |name: &str, clock: &Option<ClockFacts>| Happening {
        event: name.to_owned(),
        ..order
            .clone()
            .of(clock.as_ref().map(|clock| clock.unit_id.clone()))
    };
    let stopped = event.stopped.iter();
    let stopped = stopped.map(|stop| part(ClockStopped::NAME, &stop.clock).and(stopping(stop)));
    let moved = event
        .moved
        .iter()
        .map(|moved| part(ClockMoved::NAME, &moved.clock));
    let armed = event
        .armed
        .iter()
        .map(|armed| part(ClockArmed::NAME, &armed.clock));
    let marked = event
        .marked
        .iter()
        .map(|marked| part(ClockMarked::NAME, &marked.clock));
    let parts: Vec<_> = stopped.chain(moved).chain(armed).chain(marked).collect();
    std::iter::once(order).chain(parts).collect()
}

fn stopping(stop: &ClockStopped) -> What {
    let obligation = stop.clock.as_ref().map_or("", |clock| clock.obligation.as_str());
    match (obligation, stop.cancelled, stop.in_time) {
        (SIGN, false, true) => What::SignedInTime,
        (SIGN, false, false) => What::SignedLate,
        _ => What::Plain,
    }
}

fn breached(event: ClockBreached) -> Happening {
    let clock = event.clock.unwrap_or_default();
    about(event.facts).of(clock.unit_id).and(What::Breached {
        obligation: clock.obligation,
    })
}

fn callback_events(table: &mut Table) {
    table
        .whole::<callback::CallbackScheduled>(|event| about(event.facts).of(event.unit_id))
        .order::<callback::CallbackAttempted>()
        .whole::<callback::CallbackCompleted>(completed)
        .whole::<callback::CallbackUnreached>(|event| about(event.facts).of(event.unit_id))
        .whole::<callback::BadAnswerJudged>(|event| about(event.facts).of(event.unit_id));
}

fn completed(event: callback::CallbackCompleted) -> Happening {
    let what = match event.satisfaction() {
        Satisfaction::Unspecified => What::Plain,
        Satisfaction::VerySatisfied | Satisfaction::Satisfied | Satisfaction::Fair => What::Satisfied,
        Satisfaction::Dissatisfied | Satisfaction::VeryDissatisfied => What::Dissatisfied,
    };
    about(event.facts).of(event.unit_id).and(what)
}

fn enterprise_events(table: &mut Table) {
    table
        .leg::<enterprise::EnterpriseLegReceived>()
        .whole::<enterprise::DepartmentUrged>(|event| about(event.facts).of(event.unit_id))
        .leg::<enterprise::EnterpriseLegSupplemented>()
        .leg::<enterprise::EnterpriseLegEvaluated>();
}

#[cfg(test)]
mod tests;
