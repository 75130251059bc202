//! What units ask for: to give a leg back, and more time; who decides, how often, and what the clocks do meanwhile.

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{
    DecideExtensionRequest, DecideReturnRequest, DetermineOrderRequest, Leg, LegState, Order, OrderState,
    RequestExtensionRequest, RequestReturnRequest,
};
use hotline_proto::sla::v1::ClockState;
use hotline_tests::support::steps::{leg_id, order_id, unit_of};
use hotline_tests::support::{Callers, appeals, clocks, refused};
use tonic::Code;

use crate::on_monday;

fn lead(order: &Order) -> Result<Leg> {
    clocks::legs(order, LegKind::Lead)
        .first()
        .map(|leg| (*leg).clone())
        .context("a lead leg")
}

fn ask_return(order: &Order, leg: &Leg, proposed: &str) -> RequestReturnRequest {
    RequestReturnRequest {
        order_id: order_id(order),
        leg_id: leg_id(leg),
        version: 0,
        basis: "停车场由城市管理部门审批".into(),
        suggestion: "转由城市管理部门办理".into(),
        proposed_unit_id: proposed.to_owned(),
        ..RequestReturnRequest::default()
    }
}

fn decide_return(order: &Order, leg: &Leg, agreed: bool) -> DecideReturnRequest {
    let reason = "经核对职责清单".into();
    DecideReturnRequest {
        order_id: order_id(order),
        leg_id: leg_id(leg),
        version: 0,
        agreed,
        reason,
    }
}

/// The lead unit asks to give its leg back, and the platform agrees.
async fn returned(callers: &Callers, order: &Order, proposed: &str) -> Result<Order> {
    let leg = lead(order)?;
    let clerk = callers.clerk(&unit_of(&leg))?;
    clerk
        .routing()
        .request_return(ask_return(order, &leg, proposed))
        .await?;
    let decided = callers
        .dispatcher
        .routing()
        .decide_return(decide_return(order, &leg, true))
        .await?;
    decided.into_inner().order.context("an order")
}

#[tokio::test]
async fn an_order_that_circles_too_often_goes_to_final_determination_and_stays_where_it_is_sent() -> Result<()>
{
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::enterprise_question("returned")).await?;
    let id = order_id(&order);
    let first = callers.dispatch(&id, "", &[]).await?;
    let first_leg = lead(&first)?;
    let order = returned(&callers, &first, "xz-urban-management").await?;
    ensure!(
        order.state() == OrderState::PreReview && order.proposed_unit_id == "xz-urban-management",
        "{order:?}"
    );
    ensure!(
        clocks::legs(&order, LegKind::Lead).is_empty(),
        "the returned leg stands: {order:?}"
    );
    let redispatch = clocks::wait(&callers, &id, "", "redispatch", ClockState::Armed).await?;
    clocks::check_due(&redispatch, "2026-03-02 15:00", "operator")?;
    clocks::wait(
        &callers,
        &id,
        &leg_id(&first_leg),
        "answer",
        ClockState::Cancelled,
    )
    .await?;
    clocks::wait(
        &callers,
        &id,
        &leg_id(&first_leg),
        "return_decision",
        ClockState::Met,
    )
    .await?;

    let order = callers.dispatch(&id, "xz-urban-management", &[]).await?;
    ensure!(
        order.dispatch_count == 2 && unit_of(&lead(&order)?) == "xz-urban-management",
        "{order:?}"
    );
    ensure!(
        clocks::legs(&order, LegKind::Enterprise).len() == 1,
        "the second send goes out once: {order:?}"
    );
    clocks::wait(&callers, &id, "", "redispatch", ClockState::Met).await?;
    let order = returned(&callers, &order, appeals::ALONE_UNIT).await?;
    ensure!(
        order.state() == OrderState::Disputed,
        "after two returns nobody circles: {order:?}"
    );

    let mut determine = DetermineOrderRequest {
        order_id: id.clone(),
        lead_unit_id: appeals::ALONE_UNIT.into(),
        ..Default::default()
    };
    let without = callers
        .supervisor
        .routing()
        .determine_order(determine.clone())
        .await;
    ensure!(refused::expect(without, Code::InvalidArgument, "text.missing")?.field == "reason");
    determine.reason = "联席会议审定".into();
    let order = callers
        .supervisor
        .routing()
        .determine_order(determine)
        .await?
        .into_inner()
        .order
        .context("an order")?;
    ensure!(
        order.state() == OrderState::Handling && order.dispatch_count == 3,
        "{order:?}"
    );
    let leg = lead(&order)?;
    let clerk = callers.clerk(appeals::ALONE_UNIT)?;
    let barred = clerk.routing().request_return(ask_return(&order, &leg, "")).await;
    refused::expect(barred, Code::FailedPrecondition, "return.barred")?;
    let order = callers.handle(&order).await?;
    ensure!(order.state() == OrderState::Settled, "{order:?}");
    Ok(())
}

#[tokio::test]
async fn a_return_that_is_refused_changes_nothing_and_no_clock_stood_still_meanwhile() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::question("kept")).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    let (id, leg) = (order_id(&order), lead(&order)?);
    let clerk = callers.clerk(appeals::ALONE_UNIT)?;
    let mut incomplete = ask_return(&order, &leg, "");
    incomplete.suggestion.clear();
    let refused = refused::expect(
        clerk.routing().request_return(incomplete).await,
        Code::InvalidArgument,
        "text.missing",
    )?;
    ensure!(
        (refused.field.as_str(), refused.article.as_str()) == ("suggestion", "12(4)"),
        "{refused:?}"
    );
    clerk
        .routing()
        .request_return(ask_return(&order, &leg, ""))
        .await?;
    let twice = clerk.routing().request_return(ask_return(&order, &leg, "")).await;
    refused::expect(twice, Code::FailedPrecondition, "return.pending")?;
    let waiting = callers.order(&id).await?;
    ensure!(lead(&waiting)?.return_request.is_some(), "{waiting:?}");
    let answer = clocks::wait(&callers, &id, &leg_id(&leg), "answer", ClockState::Armed).await?;
    clocks::check_due(&answer, "2026-03-05 17:30", "12(3)")?;

    let decided = callers
        .dispatcher
        .routing()
        .decide_return(decide_return(&order, &leg, false))
        .await?;
    let order = decided.into_inner().order.context("an order")?;
    let kept = lead(&order)?;
    ensure!(
        order.state() == OrderState::Handling && kept.return_request.is_none(),
        "{order:?}"
    );
    ensure!(
        kept.due_at == leg.due_at && kept.state() == LegState::ToSign,
        "{kept:?}"
    );
    let nothing = callers
        .dispatcher
        .routing()
        .decide_return(decide_return(&order, &leg, false))
        .await;
    refused::expect(nothing, Code::FailedPrecondition, "return.absent")?;
    ensure!(callers.handle(&order).await?.state() == OrderState::Settled);
    Ok(())
}

#[tokio::test]
async fn an_extension_moves_the_due_time_of_the_running_clock_once_and_within_the_ceiling() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::alone("extended")).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    let (id, leg) = (order_id(&order), lead(&order)?);
    callers.sign(&id, &leg).await?;
    let ask = |amount: &str| RequestExtensionRequest {
        order_id: id.clone(),
        leg_id: leg_id(&leg),
        version: 0,
        reason: "需等待检定报告".into(),
        amount: amount.to_owned(),
        ..RequestExtensionRequest::default()
    };
    let clerk = callers.clerk(appeals::ALONE_UNIT)?;
    let vague = clerk.routing().request_extension(ask("3 days")).await;
    ensure!(refused::expect(vague, Code::InvalidArgument, "value.unknown")?.field == "amount");
    let long = clerk.routing().request_extension(ask("6 working days")).await;
    let refused = refused::expect(long, Code::ResourceExhausted, "extension.ceiling")?;
    ensure!(
        (refused.field.as_str(), refused.article.as_str()) == ("amount", "12(4)"),
        "{refused:?}"
    );
    clerk.routing().request_extension(ask("3 working days")).await?;
    clocks::wait(
        &callers,
        &id,
        &leg_id(&leg),
        "extension_decision",
        ClockState::Armed,
    )
    .await?;

    let decide = DecideExtensionRequest {
        order_id: id.clone(),
        leg_id: leg_id(&leg),
        version: 0,
        granted: true,
        reason: "理由成立".into(),
    };
    let before = clocks::wait(&callers, &id, &leg_id(&leg), "answer", ClockState::Armed).await?;
    clocks::check_due(&before, "2026-03-09 17:30", "12(3)")?;
    let order = callers
        .dispatcher
        .routing()
        .decide_extension(decide)
        .await?
        .into_inner()
        .order
        .context("an order")?;
    let extended = lead(&order)?;
    ensure!(extended.extension_count == 1, "{extended:?}");
    ensure!(
        clocks::beijing(extended.due_at.as_ref().context("due")?)? == "2026-03-12 17:30",
        "{extended:?}"
    );
    clocks::wait(
        &callers,
        &id,
        &leg_id(&leg),
        "extension_decision",
        ClockState::Met,
    )
    .await?;
    let moved = clocks::of_order(&callers, &id).await?.into_iter().find(|clock| {
        let facts = |clock: &hotline_proto::sla::v1::Clock| clock.facts.clone().unwrap_or_default();
        facts(clock).clock_id == facts(&before).clock_id
    });
    clocks::check_due(
        &moved.context("the clock is still there")?,
        "2026-03-12 17:30",
        "12(3)",
    )?;
    let again = clerk.routing().request_extension(ask("1 working day")).await;
    refused::expect(again, Code::ResourceExhausted, "extension.count")?;
    Ok(())
}
