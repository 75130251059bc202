//! What supervision notes of the events that the clocks hear.

use hotline_bus::{Fault, Tx};
use hotline_policy::rules::Happening;
use hotline_proto::common::v1::LegKind;
use hotline_proto::{callback, intake, routing};

use crate::ops::Sla;
use crate::ops::supervision::{Noted, ended, note};

/// How many units an order went to.
pub(super) async fn order_dispatched(
    sla: &Sla,
    event: &routing::v1::OrderDispatched,
    tx: &mut Tx,
) -> Result<(), Fault> {
    let noted = Noted {
        what: Happening::ManyUnits,
        facts: event.facts.as_ref(),
        unit: &event.lead_unit_id,
        amount: event.co_handler_unit_ids.len() + 1,
    };
    note(sla, noted, tx).await
}

/// An order went to its lead for the first time.
pub(super) async fn leg_dispatched(
    sla: &Sla,
    event: &routing::v1::DepartmentLegDispatched,
    tx: &mut Tx,
) -> Result<(), Fault> {
    let lead = event
        .leg
        .as_ref()
        .is_some_and(|leg| leg.kind() == LegKind::Lead && leg.round <= 1);
    if !lead {
        return Ok(());
    }
    let noted = Noted {
        what: Happening::Dispatched,
        facts: event.facts.as_ref(),
        unit: event.leg.as_ref().map_or("", |leg| leg.unit_id.as_str()),
        amount: 0,
    };
    note(sla, noted, tx).await
}

/// A return was agreed or refused.
pub(super) async fn return_decided(
    sla: &Sla,
    event: &routing::v1::ReturnDecided,
    tx: &mut Tx,
) -> Result<(), Fault> {
    let what = if event.agreed {
        Happening::Returned
    } else {
        Happening::ReturnRefused
    };
    let noted = Noted {
        what,
        facts: event.facts.as_ref(),
        unit: event.leg.as_ref().map_or("", |leg| leg.unit_id.as_str()),
        amount: 0,
    };
    note(sla, noted, tx).await
}

/// A reply was sent back.
pub(super) async fn sent_back(
    sla: &Sla,
    event: &routing::v1::ReplySentBack,
    tx: &mut Tx,
) -> Result<(), Fault> {
    let noted = Noted {
        what: Happening::SentBack,
        facts: event.facts.as_ref(),
        unit: event.leg.as_ref().map_or("", |leg| leg.unit_id.as_str()),
        amount: 0,
    };
    note(sla, noted, tx).await
}

/// An order is handled once more.
pub(super) async fn redone(sla: &Sla, event: &routing::v1::OrderRedone, tx: &mut Tx) -> Result<(), Fault> {
    let noted = Noted {
        what: Happening::Redo,
        facts: event.facts.as_ref(),
        unit: &event.lead_unit_id,
        amount: 0,
    };
    note(sla, noted, tx).await
}

/// An order was settled.
pub(super) async fn settled(_: &Sla, event: &routing::v1::OrderSettled, tx: &mut Tx) -> Result<(), Fault> {
    ended(event.facts.as_ref(), tx)
}

/// An order was closed.
pub(super) async fn closed(_: &Sla, event: &routing::v1::OrderClosed, tx: &mut Tx) -> Result<(), Fault> {
    ended(event.facts.as_ref(), tx)
}

/// An order was withdrawn.
pub(super) async fn withdrawn(
    _: &Sla,
    event: &routing::v1::OrderWithdrawn,
    tx: &mut Tx,
) -> Result<(), Fault> {
    ended(event.facts.as_ref(), tx)
}

/// The appellant answered badly, and perhaps, when asked, that nobody had contacted him.
pub(super) async fn called_back(
    sla: &Sla,
    event: &callback::v1::CallbackCompleted,
    tx: &mut Tx,
) -> Result<(), Fault> {
    if !event.bad {
        return Ok(());
    }
    let bad = Noted {
        what: Happening::BadCallback,
        facts: event.facts.as_ref(),
        unit: &event.unit_id,
        amount: 0,
    };
    note(sla, bad, tx).await?;
    if event.contacted != Some(false) {
        return Ok(());
    }
    let false_contact = Noted {
        what: Happening::FalseContact,
        ..bad
    };
    note(sla, false_contact, tx).await
}

/// The appellant pressed for an answer.
pub(super) async fn urged(sla: &Sla, event: &intake::v1::AppealUrged, tx: &mut Tx) -> Result<(), Fault> {
    let noted = Noted {
        what: Happening::Urged,
        facts: event.facts.as_ref(),
        unit: "",
        amount: 0,
    };
    note(sla, noted, tx).await
}
