//! What the call-backs hear of routing, and of the calendar.

use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Fault, Handle, Handlers, Settle, Tx};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::routing::v1::{OrderClosed, OrderRedone, OrderSettled, OrderWithdrawn};
use hotline_proto::sla::v1::CalendarImported;

use crate::contract;
use crate::domain::CancelCause;
use crate::ops::Callbacks;

/// How routing names the closing by the approval of the reply alone: the appellant is still called back.
const CLOSED_BY_ANSWER: &str = "answered";

/// A call-back is made by a person.
const PACE: Duration = Duration::from_millis(10);

/// Everything that is heard.
#[must_use]
pub fn handlers(callbacks: Arc<Callbacks>) -> Handlers<Callbacks> {
    Handlers::new(callbacks)
        .paced(PACE)
        .settling()
        .on::<OrderSettled>()
        .on::<OrderRedone>()
        .on::<OrderClosed>()
        .on::<OrderWithdrawn>()
        .on::<CalendarImported>()
}

impl Settle for Callbacks {
    async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.write_scheduled(tx).await
    }
}

impl Handle<OrderSettled> for Callbacks {
    async fn handle(&self, event: OrderSettled, tx: &mut Tx) -> Result<(), Fault> {
        let at = tx.event().map_or_else(|| tx.now(), |meta| meta.occurred_at);
        self.schedule(&event, at, tx).await
    }
}

impl Handle<OrderRedone> for Callbacks {
    async fn handle(&self, event: OrderRedone, tx: &mut Tx) -> Result<(), Fault> {
        let facts = contract::facts(event.facts.as_ref())?;
        self.cancel(
            contract::order(facts)?,
            CancelCause::NewRound(contract::round(facts)),
            tx,
        )
        .await
    }
}

impl Handle<OrderClosed> for Callbacks {
    async fn handle(&self, event: OrderClosed, tx: &mut Tx) -> Result<(), Fault> {
        if event.outcome == CLOSED_BY_ANSWER {
            return Ok(());
        }
        self.end(event.facts.as_ref(), tx).await
    }
}

impl Handle<OrderWithdrawn> for Callbacks {
    async fn handle(&self, event: OrderWithdrawn, tx: &mut Tx) -> Result<(), Fault> {
        self.end(event.facts.as_ref(), tx).await
    }
}

impl Handle<CalendarImported> for Callbacks {
    async fn handle(&self, event: CalendarImported, tx: &mut Tx) -> Result<(), Fault> {
        self.keep_year(tx, event.version, event.year, &event.toml).await
    }
}

impl Callbacks {
    async fn end(&self, facts: Option<&OrderFacts>, tx: &mut Tx) -> Result<(), Fault> {
        let order = contract::order(contract::facts(facts)?)?;
        self.cancel(order, CancelCause::Ended, tx).await
    }
}
