//! What the clocks hear of the other services: each event becomes a signal.

mod noted;

use hotline_bus::{Fault, Handle, Handlers, Settle, Tx};
use hotline_proto::{callback, common, intake, routing};
use std::sync::Arc;
use std::time::Duration;

use crate::contract::{self, instant};
use crate::domain::{Signal, What};
use crate::ops::{self, Sla};

/// How routing names the closing by the approval of the reply alone: the call-back is still to come.
const CLOSED_BY_ANSWER: &str = "answered";

/// The shortest limit is counted in minutes.
const PACE: Duration = Duration::from_millis(15);

/// Everything that is heard.
#[must_use]
pub fn handlers(sla: Arc<Sla>) -> Handlers<Sla> {
    Handlers::new(sla)
        .paced(PACE)
        .settling()
        .on::<intake::v1::AppealRegistered>()
        .on::<intake::v1::AppealTransferred>()
        .on::<intake::v1::AppealAccepted>()
        .on::<intake::v1::AppealRejected>()
        .on::<intake::v1::AppealAnswered>()
        .on::<intake::v1::AppealMerged>()
        .on::<intake::v1::AppealUnmerged>()
        .on::<intake::v1::AppealWithdrawn>()
        .on::<intake::v1::AppealUrged>()
        .on::<routing::v1::OrderOpened>()
        .on::<routing::v1::OrderDispatched>()
        .on::<routing::v1::DepartmentLegDispatched>()
        .on::<routing::v1::EnterpriseLegDispatched>()
        .on::<routing::v1::LegAcknowledged>()
        .on::<routing::v1::LegSigned>()
        .on::<routing::v1::AppellantContacted>()
        .on::<routing::v1::ReturnRequested>()
        .on::<routing::v1::ReturnDecided>()
        .on::<routing::v1::ExtensionRequested>()
        .on::<routing::v1::ExtensionDecided>()
        .on::<routing::v1::LegReplied>()
        .on::<routing::v1::ReplyApproved>()
        .on::<routing::v1::ReplySentBack>()
        .on::<routing::v1::OrderSettled>()
        .on::<routing::v1::OrderRedone>()
        .on::<routing::v1::OrderEscalated>()
        .on::<routing::v1::OrderClosed>()
        .on::<routing::v1::OrderArchived>()
        .on::<routing::v1::OrderWithdrawn>()
        .on::<callback::v1::CallbackCompleted>()
        .on::<callback::v1::CallbackUnreached>()
        .on::<callback::v1::BadAnswerJudged>()
}

impl Settle for Sla {
    async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        ops::settle(self, tx).await
    }
}

/// Hears `$event` as the signal that `$signal` makes of it.
///
/// A word behind it says what supervision notes of the event, before its clocks change.
macro_rules! hear {
    ($event:ty, |$name:ident, $tx:ident| $signal:expr, $note:ident) => {
        impl Handle<$event> for Sla {
            async fn handle(&self, $name: $event, $tx: &mut Tx) -> Result<(), Fault> {
                noted::$note(self, &$name, $tx).await?;
                let signal: Signal = $signal;
                ops::apply(self, &signal, $tx).await
            }
        }
    };
    ($event:ty, |$name:ident, $tx:ident| $signal:expr) => {
        impl Handle<$event> for Sla {
            async fn handle(&self, $name: $event, $tx: &mut Tx) -> Result<(), Fault> {
                let signal: Signal = $signal;
                ops::apply(self, &signal, $tx).await
            }
        }
    };
}

type Facts = Option<common::v1::OrderFacts>;
type LegFacts = Option<common::v1::LegFacts>;

/// A signal about the order.
fn of_order(what: What, facts: &Facts, tx: &Tx) -> Result<Signal, Fault> {
    Ok(Signal {
        what,
        at: tx.event().map_or_else(|| tx.now(), |event| event.occurred_at),
        order: contract::order(facts.as_ref())?,
        leg: None,
        cause: String::new(),
        due_at: None,
        amount: None,
        calendar: 0,
        platform_late: false,
    })
}

/// A signal about one of its legs.
fn of_leg(what: What, facts: &Facts, leg: &LegFacts, tx: &Tx) -> Result<Signal, Fault> {
    Ok(Signal {
        leg: Some(contract::leg(leg.as_ref())?),
        ..of_order(what, facts, tx)?
    })
}

/// A signal about a request or a reply on a leg.
fn of_matter(what: What, facts: &Facts, leg: &LegFacts, cause: String, tx: &Tx) -> Result<Signal, Fault> {
    Ok(Signal {
        cause,
        ..of_leg(what, facts, leg, tx)?
    })
}

impl Handle<intake::v1::AppealRegistered> for Sla {
    async fn handle(&self, event: intake::v1::AppealRegistered, tx: &mut Tx) -> Result<(), Fault> {
        let emergency = event.facts.as_ref().map(common::v1::OrderFacts::urgency);
        if emergency != Some(common::v1::Urgency::Emergency) {
            return Ok(());
        }
        ops::apply(self, &of_order(What::EmergencyRegistered, &event.facts, tx)?, tx).await
    }
}

hear!(intake::v1::AppealTransferred, |e, tx| of_order(
    What::AppealTransferred,
    &e.facts,
    tx
)?);
hear!(intake::v1::AppealAccepted, |e, tx| of_order(
    What::AppealDisposed,
    &e.facts,
    tx
)?);
hear!(intake::v1::AppealRejected, |e, tx| of_order(
    What::AppealDisposed,
    &e.facts,
    tx
)?);
hear!(intake::v1::AppealAnswered, |e, tx| of_order(
    What::AppealDisposed,
    &e.facts,
    tx
)?);
hear!(intake::v1::AppealMerged, |e, tx| of_order(
    What::AppealEnded,
    &e.facts,
    tx
)?);
hear!(intake::v1::AppealUnmerged, |e, tx| of_order(
    What::AppealUnmerged,
    &e.facts,
    tx
)?);
hear!(intake::v1::AppealWithdrawn, |e, tx| of_order(
    What::AppealEnded,
    &e.facts,
    tx
)?);

hear!(routing::v1::OrderOpened, |e, tx| of_order(
    What::OrderOpened,
    &e.facts,
    tx
)?);
hear!(
    routing::v1::OrderDispatched,
    |e, tx| of_order(What::OrderDispatched, &e.facts, tx)?,
    order_dispatched
);
hear!(
    routing::v1::DepartmentLegDispatched,
    |e, tx| Signal {
        due_at: instant(e.due_at.as_ref()),
        ..of_leg(What::LegDispatched, &e.facts, &e.leg, tx)?
    },
    leg_dispatched
);
hear!(routing::v1::EnterpriseLegDispatched, |e, tx| of_leg(
    What::EnterpriseLegDispatched,
    &e.facts,
    &e.leg,
    tx
)?);
hear!(routing::v1::LegAcknowledged, |e, tx| of_leg(
    What::LegAcknowledged,
    &e.facts,
    &e.leg,
    tx
)?);
hear!(routing::v1::LegSigned, |e, tx| of_leg(
    What::LegSigned,
    &e.facts,
    &e.leg,
    tx
)?);
hear!(routing::v1::AppellantContacted, |e, tx| of_leg(
    What::AppellantContacted,
    &e.facts,
    &e.leg,
    tx
)?);
hear!(routing::v1::ReturnRequested, |e, tx| {
    of_matter(What::ReturnRequested, &e.facts, &e.leg, e.request_id, tx)?
});
hear!(
    routing::v1::ReturnDecided,
    |e, tx| {
        let what = if e.agreed {
            What::ReturnAgreed
        } else {
            What::ReturnRefused
        };
        Signal {
            platform_late: e.platform_late,
            ..of_matter(what, &e.facts, &e.leg, e.request_id, tx)?
        }
    },
    return_decided
);
hear!(routing::v1::ExtensionRequested, |e, tx| {
    of_matter(What::ExtensionRequested, &e.facts, &e.leg, e.request_id, tx)?
});
hear!(routing::v1::ExtensionDecided, |e, tx| {
    let what = if e.granted {
        What::ExtensionGranted
    } else {
        What::ExtensionRefused
    };
    Signal {
        due_at: instant(e.due_at.as_ref()),
        amount: e.amount.parse().ok(),
        calendar: e.calendar,
        ..of_matter(what, &e.facts, &e.leg, e.request_id, tx)?
    }
});
hear!(routing::v1::LegReplied, |e, tx| of_matter(
    What::LegReplied,
    &e.facts,
    &e.leg,
    e.reply_id,
    tx
)?);
hear!(routing::v1::ReplyApproved, |e, tx| of_matter(
    What::ReplyApproved,
    &e.facts,
    &e.leg,
    e.reply_id,
    tx
)?);
hear!(
    routing::v1::ReplySentBack,
    |e, tx| {
        let what = if e.keep_clock {
            What::SentBackOnSameClock
        } else {
            What::SentBackOnNewClock
        };
        Signal {
            due_at: instant(e.due_at.as_ref()),
            ..of_matter(what, &e.facts, &e.leg, e.reply_id, tx)?
        }
    },
    sent_back
);
hear!(
    routing::v1::OrderSettled,
    |e, tx| of_order(What::OrderSettled, &e.facts, tx)?,
    settled
);
hear!(
    routing::v1::OrderRedone,
    |e, tx| of_order(What::OrderRedone, &e.facts, tx)?,
    redone
);
hear!(routing::v1::OrderEscalated, |e, tx| of_order(
    What::OrderRedone,
    &e.facts,
    tx
)?);
hear!(
    routing::v1::OrderClosed,
    |e, tx| {
        let before = e.outcome == CLOSED_BY_ANSWER;
        let what = if before {
            What::OrderClosedBeforeCallback
        } else {
            What::OrderClosed
        };
        of_order(what, &e.facts, tx)?
    },
    closed
);
hear!(routing::v1::OrderArchived, |e, tx| of_order(
    What::OrderArchived,
    &e.facts,
    tx
)?);
hear!(
    routing::v1::OrderWithdrawn,
    |e, tx| of_order(What::AppealEnded, &e.facts, tx)?,
    withdrawn
);

hear!(
    callback::v1::CallbackCompleted,
    |e, tx| {
        let what = if e.bad {
            What::AnsweredBadly
        } else {
            What::CalledBack
        };
        of_order(what, &e.facts, tx)?
    },
    called_back
);
hear!(callback::v1::BadAnswerJudged, |e, tx| of_order(
    What::Judged,
    &e.facts,
    tx
)?);
hear!(callback::v1::CallbackUnreached, |e, tx| of_order(
    What::CalledBack,
    &e.facts,
    tx
)?);

impl Handle<intake::v1::AppealUrged> for Sla {
    async fn handle(&self, event: intake::v1::AppealUrged, tx: &mut Tx) -> Result<(), Fault> {
        noted::urged(self, &event, tx).await
    }
}
