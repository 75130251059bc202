//! What units do together: co-handlers, units below, and a reply that does not pass.

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{DelegateLegRequest, LegState, OrderState, RequestReturnRequest};
use hotline_proto::sla::v1::ClockState;
use hotline_tests::support::steps::{full_reply, leg_id, order_id, unit_of};
use hotline_tests::support::{appeals, clocks, refused};
use tonic::Code;

use crate::on_monday;

#[tokio::test]
async fn an_order_settles_only_when_its_lead_and_every_co_handler_are_approved() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::lamps("co-handled")).await?;
    let order = callers
        .dispatch(&order_id(&order), appeals::LAMPS_UNIT, &["xz-gulou", "xz-power"])
        .await?;
    let id = order_id(&order);
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    let others: Vec<_> = clocks::legs(&order, LegKind::CoHandle)
        .into_iter()
        .cloned()
        .collect();
    ensure!(others.len() == 2, "{order:?}");
    callers.sign(&id, &lead).await?;
    callers.reply(&id, &lead, full_reply("路灯已修复。")).await?;
    let order = callers.approve(&id, &lead).await?;
    ensure!(
        order.state() == OrderState::Handling,
        "the lead alone settles nothing: {order:?}"
    );
    let (first, second) = (&others[0], &others[1]);
    callers.sign(&id, first).await?;
    callers.reply(&id, first, full_reply("已配合。")).await?;
    let order = callers.approve(&id, first).await?;
    ensure!(
        order.state() == OrderState::Handling,
        "one co-handler is still at work: {order:?}"
    );
    // A co-handler's leg that goes back does not take the order with it.
    let ask = RequestReturnRequest {
        order_id: id.clone(),
        leg_id: leg_id(second),
        basis: "不涉及供电设施".into(),
        suggestion: "由主办单位办理".into(),
        ..Default::default()
    };
    callers
        .clerk(&unit_of(second))?
        .routing()
        .request_return(ask)
        .await?;
    let decide = hotline_proto::routing::v1::DecideReturnRequest {
        order_id: id.clone(),
        leg_id: leg_id(second),
        agreed: true,
        reason: "同意".into(),
        ..Default::default()
    };
    let order = callers
        .dispatcher
        .routing()
        .decide_return(decide)
        .await?
        .into_inner()
        .order
        .context("an order")?;
    ensure!(
        order.state() == OrderState::Settled,
        "nobody is at work any more: {order:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_county_passes_a_leg_down_with_a_shorter_limit_and_answers_for_it() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::alone("delegated")).await?;
    let order = callers.dispatch(&order_id(&order), "xz-gulou", &[]).await?;
    let id = order_id(&order);
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    callers.sign(&id, &lead).await?;
    let delegate = |unit: &str, due: &str| -> Result<DelegateLegRequest> {
        Ok(DelegateLegRequest {
            order_id: id.clone(),
            leg_id: leg_id(&lead),
            version: 0,
            unit_id: unit.to_owned(),
            due_at: Some(clocks::timestamp(due)?),
        })
    };
    let county = callers.clerk("xz-gulou")?;
    let elsewhere = county
        .routing()
        .delegate_leg(delegate("xz-yunlong-pengcheng", "2026-03-04 17:30")?)
        .await;
    ensure!(refused::expect(elsewhere, Code::InvalidArgument, "delegate.unit_not_below")?.field == "unit_id");
    let late = county
        .routing()
        .delegate_leg(delegate("xz-gulou-huancheng", "2026-03-09 17:30")?)
        .await;
    ensure!(refused::expect(late, Code::InvalidArgument, "delegate.due_not_before")?.field == "due_at");
    let order = county
        .routing()
        .delegate_leg(delegate("xz-gulou-huancheng", "2026-03-04 17:30")?)
        .await?;
    let order = order.into_inner().order.context("an order")?;
    let child = clocks::legs(&order, LegKind::Delegated)[0].clone();
    ensure!(
        child
            .facts
            .as_ref()
            .is_some_and(|facts| facts.parent_leg_id == leg_id(&lead)),
        "{child:?}"
    );
    let clock = clocks::wait(&callers, &id, &leg_id(&child), "answer", ClockState::Armed).await?;
    ensure!(clocks::beijing(&clock.facts.context("facts")?.due_at.context("due")?)? == "2026-03-04 17:30");

    let early = callers.reply(&id, &lead, full_reply("已转街道办理。")).await;
    let status = early.err().context("a unit that waits cannot reply")?;
    let status = status.downcast_ref::<tonic::Status>().context("a status")?;
    ensure!(
        refused::Refused::of(status).reason == "reply.delegated_open",
        "{status:?}"
    );
    callers.sign(&id, &child).await?;
    callers.reply(&id, &child, full_reply("街道已整改。")).await?;
    let order = callers
        .reply(&id, &lead, full_reply("已督促街道整改到位。"))
        .await?;
    let child = clocks::legs(&order, LegKind::Delegated)[0].clone();
    ensure!(
        child.state() == LegState::Approved,
        "the unit above answers for it: {child:?}"
    );
    ensure!(callers.approve(&id, &lead).await?.state() == OrderState::Settled);
    Ok(())
}

#[tokio::test]
async fn a_reply_that_is_sent_back_is_completed_inside_the_running_clock() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::question("sent-back")).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    let id = order_id(&order);
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    callers.sign(&id, &lead).await?;
    let armed = clocks::wait(&callers, &id, &leg_id(&lead), "answer", ClockState::Armed).await?;
    callers.reply(&id, &lead, full_reply("正在办理。")).await?;
    clocks::wait(&callers, &id, &leg_id(&lead), "answer", ClockState::Met).await?;
    let order = callers.send_back(&id, &lead, "not_concrete").await?;
    let back = clocks::legs(&order, LegKind::Lead)[0].clone();
    ensure!(
        back.state() == LegState::SentBack && back.due_at == lead.due_at,
        "{back:?}"
    );
    let again = clocks::wait(&callers, &id, &leg_id(&lead), "answer", ClockState::Armed).await?;
    ensure!(again.facts == armed.facts, "the same clock goes on: {again:?}");
    callers
        .reply(&id, &lead, full_reply("已责令三日内退还多收费用。"))
        .await?;
    ensure!(callers.approve(&id, &lead).await?.state() == OrderState::Settled);
    clocks::wait(&callers, &id, &leg_id(&lead), "answer", ClockState::Met).await?;
    Ok(())
}
