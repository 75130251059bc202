//! What the enterprise desk hears: the second send, and what departments, clocks and the call-back do afterwards.

use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Fault, Handle, Handlers, Settle, Tx};
use hotline_proto::callback::v1::CallbackCompleted;
use hotline_proto::common::v1::{LegFacts, LegKind, OrderFacts};
use hotline_proto::routing::v1::{
    AppellantContacted, DepartmentLegDispatched, EnterpriseLegDispatched, LegReplied, LegSigned, OrderClosed,
    OrderRedone, OrderSettled, OrderWithdrawn, ReplySentBack, ReturnDecided,
};
use hotline_proto::sla::v1::ClockBreached;

use crate::contract;
use crate::domain::Heard;
use crate::ops;

/// Hears for the desk.
pub struct Ear;

/// The second send is read by people.
const PACE: Duration = Duration::from_millis(15);

/// The table of what is heard.
pub fn handlers() -> Handlers<Ear> {
    Handlers::new(Arc::new(Ear))
        .paced(PACE)
        .settling()
        .on::<EnterpriseLegDispatched>()
        .on::<DepartmentLegDispatched>()
        .on::<LegSigned>()
        .on::<AppellantContacted>()
        .on::<LegReplied>()
        .on::<ReplySentBack>()
        .on::<ReturnDecided>()
        .on::<OrderSettled>()
        .on::<OrderRedone>()
        .on::<OrderClosed>()
        .on::<OrderWithdrawn>()
        .on::<ClockBreached>()
        .on::<CallbackCompleted>()
}

impl Settle for Ear {
    async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        ops::settle(tx).await
    }
}

/// Follows what was heard of the order that `facts` name.
async fn follow(tx: &mut Tx, facts: Option<OrderFacts>, heard: Heard) -> Result<(), Fault> {
    let facts = facts.ok_or_else(|| Fault::poison("the event has no facts"))?;
    let order = contract::id("facts.order_id", &facts.order_id)?;
    ops::follow(tx, order, &heard).await
}

/// As [`follow`], if the event is about the lead leg.
async fn follow_lead(
    tx: &mut Tx,
    facts: Option<OrderFacts>,
    leg: Option<LegFacts>,
    heard: impl FnOnce(LegFacts) -> Heard,
) -> Result<(), Fault> {
    match leg.filter(|leg| leg.kind() == LegKind::Lead) {
        Some(leg) => follow(tx, facts, heard(leg)).await,
        None => Ok(()),
    }
}

impl Handle<EnterpriseLegDispatched> for Ear {
    async fn handle(&self, event: EnterpriseLegDispatched, tx: &mut Tx) -> Result<(), Fault> {
        let (matter, lead_unit) = contract::matter(event)?;
        ops::receive(tx, matter, lead_unit);
        Ok(())
    }
}

impl Handle<DepartmentLegDispatched> for Ear {
    async fn handle(&self, event: DepartmentLegDispatched, tx: &mut Tx) -> Result<(), Fault> {
        let sent = |leg: LegFacts| Heard::LeadSent {
            unit: leg.unit_id,
            round: leg.round,
        };
        follow_lead(tx, event.facts, event.leg, sent).await
    }
}

impl Handle<LegSigned> for Ear {
    async fn handle(&self, event: LegSigned, tx: &mut Tx) -> Result<(), Fault> {
        follow_lead(tx, event.facts, event.leg, |leg| Heard::Signed {
            round: leg.round,
        })
        .await
    }
}

impl Handle<AppellantContacted> for Ear {
    /// Any department may have spoken with the enterprise for all of them.
    async fn handle(&self, event: AppellantContacted, tx: &mut Tx) -> Result<(), Fault> {
        let round = event.leg.map_or(0, |leg| leg.round);
        follow(tx, event.facts, Heard::Contacted { round }).await
    }
}

impl Handle<LegReplied> for Ear {
    async fn handle(&self, event: LegReplied, tx: &mut Tx) -> Result<(), Fault> {
        follow_lead(tx, event.facts, event.leg, |leg| Heard::Replied {
            round: leg.round,
        })
        .await
    }
}

impl Handle<ReplySentBack> for Ear {
    async fn handle(&self, event: ReplySentBack, tx: &mut Tx) -> Result<(), Fault> {
        follow_lead(tx, event.facts, event.leg, |leg| Heard::SentBack {
            round: leg.round,
        })
        .await
    }
}

impl Handle<ReturnDecided> for Ear {
    async fn handle(&self, event: ReturnDecided, tx: &mut Tx) -> Result<(), Fault> {
        if !event.agreed {
            return Ok(());
        }
        follow_lead(tx, event.facts, event.leg, |leg| Heard::ReturnAgreed {
            round: leg.round,
        })
        .await
    }
}

impl Handle<OrderSettled> for Ear {
    async fn handle(&self, event: OrderSettled, tx: &mut Tx) -> Result<(), Fault> {
        let heard = Heard::Settled {
            lead_unit: event.lead_unit_id,
            public_text: event.public_text,
        };
        follow(tx, event.facts, heard).await
    }
}

impl Handle<OrderRedone> for Ear {
    async fn handle(&self, event: OrderRedone, tx: &mut Tx) -> Result<(), Fault> {
        let round = event.facts.as_ref().map_or(0, |facts| facts.round);
        follow(
            tx,
            event.facts,
            Heard::Redone {
                lead_unit: event.lead_unit_id,
                round,
            },
        )
        .await
    }
}

impl Handle<OrderClosed> for Ear {
    async fn handle(&self, event: OrderClosed, tx: &mut Tx) -> Result<(), Fault> {
        follow(tx, event.facts, Heard::Closed).await
    }
}

impl Handle<OrderWithdrawn> for Ear {
    async fn handle(&self, event: OrderWithdrawn, tx: &mut Tx) -> Result<(), Fault> {
        follow(tx, event.facts, Heard::Withdrawn).await
    }
}

impl Handle<ClockBreached> for Ear {
    async fn handle(&self, event: ClockBreached, tx: &mut Tx) -> Result<(), Fault> {
        let unit = event.clock.map_or_else(String::new, |clock| clock.unit_id);
        follow(tx, event.facts, Heard::Breached { unit }).await
    }
}

impl Handle<CallbackCompleted> for Ear {
    async fn handle(&self, event: CallbackCompleted, tx: &mut Tx) -> Result<(), Fault> {
        match contract::satisfaction(event.satisfaction) {
            Some(satisfaction) => follow(tx, event.facts, Heard::Answered { satisfaction }).await,
            None => Ok(()),
        }
    }
}
