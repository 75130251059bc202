//! The dispatcher: waits for the order, claims it, sends it out: to the department, and for an enterprise a second time.

use anyhow::Context;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{
    ClaimOrderRequest, DispatchOrderRequest, GetOrderRequest, Leg, LegState, Order, SuggestDispatchRequest,
};
use tonic::Code;

use super::cast::until;
use super::sheet::Script;
use super::{Case, Stage};
use crate::client::told;
use crate::words;
use hotline_policy::Lang;

/// Where a dispatch goes; the catalogue's choice when no lead is named.
#[derive(Default)]
pub struct To {
    /// Lead unit.
    pub lead: String,
    /// Co-handlers.
    pub co_handlers: Vec<String>,
    /// Why.
    pub basis: String,
}

/// The order of a case, once `ready` says that it is where it should be.
///
/// # Errors
/// It does not get there in time.
pub async fn order_when(
    stage: &Stage,
    case: &Case<'_>,
    what: &str,
    ready: impl Fn(&Order) -> bool,
) -> anyhow::Result<Order> {
    until(what, async || {
        match stage
            .cast
            .operator
            .routing()
            .get_order(GetOrderRequest {
                order: case.id.clone(),
            })
            .await
        {
            Ok(answer) => Ok(answer.into_inner().order.filter(|order| ready(order))),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(told(status)),
        }
    })
    .await
}

/// Sends a new order out as its script says.
///
/// # Errors
/// The order is not opened in time, or a rule says no.
pub async fn first(stage: &Stage, case: &Case<'_>) -> anyhow::Result<Order> {
    order_when(stage, case, "order opened", |_| true).await?;
    let mut to = To::default();
    if case.row.script == Script::CoHandle {
        let request = SuggestDispatchRequest {
            order_id: case.id.clone(),
        };
        let found = stage
            .cast
            .dispatcher
            .routing()
            .suggest_dispatch(request)
            .await
            .map_err(told)?
            .into_inner();
        let line = stage.lines.cohandle(case.row)?;
        let joining = line.units.iter().filter(|unit| **unit != found.lead_unit_id);
        to.co_handlers = found.co_handler_unit_ids.clone();
        to.co_handlers.extend(
            joining
                .filter(|unit| !found.co_handler_unit_ids.contains(unit))
                .cloned(),
        );
        to.lead = found.lead_unit_id;
        to.basis.clone_from(&line.note);
    }
    send(stage, case, to).await
}

/// Claims the order and sends it out.
///
/// # Errors
/// A rule says no.
pub async fn send(stage: &Stage, case: &Case<'_>, to: To) -> anyhow::Result<Order> {
    stage.pause().await;
    let mut dispatcher = stage.cast.dispatcher.routing();
    let request = ClaimOrderRequest {
        order_id: case.id.clone(),
        version: 0,
    };
    dispatcher
        .claim_order(request)
        .await
        .map_err(told)
        .context("claim")?;
    let request = DispatchOrderRequest {
        order_id: case.id.clone(),
        version: 0,
        lead_unit_id: to.lead,
        co_handler_unit_ids: to.co_handlers,
        basis: to.basis,
        ..DispatchOrderRequest::default()
    };
    let answer = dispatcher
        .dispatch_order(request)
        .await
        .map_err(told)
        .context("dispatch")?;
    let order = answer.into_inner().order.context("no order in the answer")?;
    tell(stage, case, &order);
    Ok(order)
}

/// Writes who receives the order: both sends of one order.
fn tell(stage: &Stage, case: &Case<'_>, order: &Order) {
    let sent = |lang| {
        let legs = order
            .legs
            .iter()
            .filter(|leg| leg.state() == LegState::ToSign || kind(leg) == LegKind::Enterprise);
        let name = |leg: &Leg| {
            let (mark, kind) = (
                if kind(leg) == LegKind::Enterprise {
                    "‖"
                } else {
                    "→"
                },
                kind(leg),
            );
            format!("{mark} {}({})", leg.unit_name, words::leg_kind(kind, lang))
        };
        legs.map(name).collect::<Vec<_>>().join(" ")
    };
    stage.board.step(
        &case.row.key,
        &format!("派单 {}", sent(Lang::Zh)),
        &format!("dispatched {}", sent(Lang::En)),
    );
}

/// What a leg is.
pub fn kind(leg: &Leg) -> LegKind {
    leg.facts
        .as_ref()
        .map_or(LegKind::Unspecified, |facts| facts.kind())
}

/// The unit of a leg.
pub fn unit(leg: &Leg) -> &str {
    leg.facts.as_ref().map_or("", |facts| facts.unit_id.as_str())
}

/// The identifier of a leg.
pub fn id(leg: &Leg) -> &str {
    leg.facts.as_ref().map_or("", |facts| facts.leg_id.as_str())
}

/// The round of an order.
pub fn round(order: &Order) -> i32 {
    order.facts.as_ref().map_or(0, |facts| facts.round)
}

/// The legs of the present round that units have to handle, the lead's first.
pub fn open_legs(order: &Order) -> Vec<Leg> {
    let open = |leg: &&Leg| {
        matches!(
            leg.state(),
            LegState::ToSign | LegState::Signed | LegState::SentBack
        )
    };
    let mut legs: Vec<_> = order.legs.iter().filter(open).cloned().collect();
    legs.sort_by_key(|leg| kind(leg) as i32);
    legs
}
