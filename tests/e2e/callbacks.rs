//! After the closing: bad answers and what they lead to, and appellants whom nobody reaches.

use anyhow::{Context, Result, ensure};
use hotline_proto::callback::v1::{
    CallbackState, CompleteCallbackRequest, JudgeBadAnswerRequest, RecordAttemptRequest, Verdict,
};
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::intake::v1::AppealState;
use hotline_proto::routing::v1::{CloseOrderRequest, Order, OrderState};
use hotline_proto::sla::v1::ClockState;
use hotline_tests::support::steps::{leg_id, order_id, unit_of};
use hotline_tests::support::{Callers, appeals, clocks, refused};
use tonic::Code;

use crate::on_monday;

/// An order whose first round is settled.
async fn settled(callers: &Callers, key: &str) -> Result<String> {
    let order = callers.open(appeals::question(key)).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    let order = callers.handle(&order).await?;
    ensure!(order.state() == OrderState::Settled, "{order:?}");
    Ok(order_id(&order))
}

/// A bad answer of a round, judged.
async fn bad_answer(callers: &Callers, id: &str, round: i32, verdict: Verdict) -> Result<()> {
    let callback = callers.call_back(id, round, Satisfaction::Dissatisfied).await?;
    ensure!(callback.state() == CallbackState::ToJudge, "{callback:?}");
    let judged = callers.judge(&callback.callback_id, verdict).await?;
    ensure!(
        judged.state() == CallbackState::Judged && judged.verdict() == verdict,
        "{judged:?}"
    );
    Ok(())
}

fn round_of(order: &Order) -> i32 {
    order.facts.as_ref().map_or(0, |facts| facts.round)
}

#[tokio::test]
async fn a_bad_answer_that_is_the_units_fault_is_handled_once_more_and_ends_content() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let id = settled(&callers, "redone").await?;
    let due = callers.wait_callback(&id, 1, CallbackState::Scheduled).await?;
    let without = CompleteCallbackRequest {
        callback_id: due.callback_id.clone(),
        satisfaction: Satisfaction::Dissatisfied.into(),
        ..Default::default()
    };
    let answer = callers.callback.callback().complete_callback(without).await;
    let status = answer.err().context("a bad answer needs a reason")?;
    let refused = refused::Refused::of(&status);
    ensure!(
        refused.code == Code::InvalidArgument && refused.field == "reason",
        "{refused:?}"
    );
    bad_answer(&callers, &id, 1, Verdict::Redo).await?;

    let order = callers
        .wait_order_that(&id, "a second round", |order| round_of(order) == 2)
        .await?;
    ensure!(order.state() == OrderState::Handling, "{order:?}");
    callers.wait_appeal(&id, AppealState::InProgress).await?;
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    ensure!(
        unit_of(&lead) == appeals::ALONE_UNIT,
        "the same unit handles it: {lead:?}"
    );
    let clock = clocks::wait(&callers, &id, &leg_id(&lead), "answer", ClockState::Armed).await?;
    clocks::check_due(&clock, "2026-03-05 17:30", "operator")?;
    callers.handle(&order).await?;
    let callback = callers.call_back(&id, 2, Satisfaction::Satisfied).await?;
    ensure!(callback.state() == CallbackState::Completed, "{callback:?}");
    ensure!(callers.archive(&id).await?.state() == OrderState::Archived);
    let both: Vec<_> = callers
        .callbacks(&id)
        .await?
        .iter()
        .map(|callback| callback.satisfaction())
        .collect();
    ensure!(
        both.contains(&Satisfaction::Dissatisfied)
            && both.contains(&Satisfaction::Satisfied)
            && both.len() == 2,
        "first and final satisfaction are kept apart: {both:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_second_bad_answer_goes_one_level_up_and_a_third_ends_the_order() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let id = settled(&callers, "raised").await?;
    bad_answer(&callers, &id, 1, Verdict::Redo).await?;
    let order = callers
        .wait_order_that(&id, "a second round", |order| round_of(order) == 2)
        .await?;
    callers.handle(&order).await?;
    bad_answer(&callers, &id, 2, Verdict::Redo).await?;
    let order = callers.wait_order(&id, OrderState::Escalated).await?;
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    ensure!(
        round_of(&order) == 3 && unit_of(&lead) == "xz-authority",
        "one level above the unit: {order:?}"
    );
    callers.handle(&order).await?;
    bad_answer(&callers, &id, 3, Verdict::Redo).await?;
    let order = callers.wait_order(&id, OrderState::Closed).await?;
    ensure!(order.outcome == "final" && round_of(&order) == 3, "{order:?}");
    Ok(())
}

#[tokio::test]
async fn a_bad_answer_is_excluded_with_evidence_or_escalated_at_once_and_judged_only_once() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let excluded = settled(&callers, "excluded").await?;
    let callback = callers
        .call_back(&excluded, 1, Satisfaction::VeryDissatisfied)
        .await?;
    let judge = |verdict: Verdict, reason: &str| JudgeBadAnswerRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
        verdict: verdict.into(),
        reason: reason.to_owned(),
        ..JudgeBadAnswerRequest::default()
    };
    for (request, field) in [
        (judge(Verdict::Unspecified, "依据"), "verdict"),
        (judge(Verdict::Excluded, ""), "reason"),
    ] {
        let answer = callers.reviewer.callback().judge_bad_answer(request).await;
        let refused = refused::Refused::of(&answer.err().context("refused")?);
        ensure!(
            refused.code == Code::InvalidArgument && refused.field == field,
            "{refused:?}"
        );
    }
    callers.judge(&callback.callback_id, Verdict::Excluded).await?;
    let (explained, good) = platform.json(&["order", "explain", &excluded]).await?;
    let told = &explained["callbacks"][0];
    ensure!(
        good && told["verdict"] == "VERDICT_EXCLUDED" && told["article"] == "12(5)",
        "{explained:#}"
    );
    let text = platform.command(&["order", "explain", &excluded]).await?;
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    ensure!(
        text.contains("依规剔除:") && text.contains("依据 12(5)"),
        "{text}"
    );
    let again = callers
        .reviewer
        .callback()
        .judge_bad_answer(judge(Verdict::Redo, "再判"))
        .await;
    let refused = refused::Refused::of(&again.err().context("refused")?);
    ensure!(refused.code == Code::FailedPrecondition, "{refused:?}");

    let escalated = settled(&callers, "escalated").await?;
    bad_answer(&callers, &escalated, 1, Verdict::Escalate).await?;
    let order = callers.wait_order(&escalated, OrderState::Escalated).await?;
    ensure!(
        unit_of(clocks::legs(&order, LegKind::Lead)[0]) == "xz-authority",
        "{order:?}"
    );
    let order = callers.wait_order(&excluded, OrderState::Closed).await?;
    ensure!(order.outcome == "excluded" && round_of(&order) == 1, "{order:?}");
    ensure!(callers.archive(&excluded).await?.state() == OrderState::Archived);
    Ok(())
}

#[tokio::test]
async fn an_order_closed_by_hand_is_called_back_no_more() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let id = settled(&callers, "by hand").await?;
    let callback = callers.wait_callback(&id, 1, CallbackState::Scheduled).await?;
    let close = |reason: &str| CloseOrderRequest {
        order_id: id.clone(),
        version: 0,
        outcome: "final".into(),
        reason: reason.to_owned(),
    };
    let silent = callers.supervisor.routing().close_order(close("")).await;
    ensure!(refused::expect(silent, Code::InvalidArgument, "text.missing")?.field == "reason");
    let order = callers
        .supervisor
        .routing()
        .close_order(close("诉求人来电表示不必回访"))
        .await?;
    let order = order.into_inner().order.context("an order")?;
    ensure!(
        (order.state(), order.outcome.as_str()) == (OrderState::Closed, "final"),
        "{order:?}"
    );
    callers.wait_callback(&id, 1, CallbackState::Cancelled).await?;
    let late = CompleteCallbackRequest {
        callback_id: callback.callback_id,
        satisfaction: Satisfaction::Satisfied.into(),
        ..Default::default()
    };
    let late = callers.callback.callback().complete_callback(late).await;
    refused::expect(late, Code::FailedPrecondition, "callback.state_wrong")?;
    clocks::wait(&callers, &id, "", "callback", ClockState::Cancelled).await?;
    Ok(())
}

#[tokio::test]
async fn an_appellant_whom_nobody_reaches_in_all_tries_is_recorded_as_unreached() -> Result<()> {
    let (mut platform, callers) = on_monday().await?;
    let id = settled(&callers, "unreached").await?;
    let callback = callers.wait_callback(&id, 1, CallbackState::Scheduled).await?;
    let attempt = |result: &str| RecordAttemptRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
        result: result.to_owned(),
    };
    let unknown = callers.callback.callback().record_attempt(attempt("shrug")).await;
    let refused = refused::Refused::of(&unknown.err().context("refused")?);
    ensure!(
        refused.code == Code::InvalidArgument && refused.field == "result",
        "{refused:?}"
    );
    // Each further try is due four working hours after the one before it: on the next morning, at the latest.
    for (number, (result, next)) in [
        ("no_answer", "2026-03-03 09:30"),
        ("busy", "2026-03-04 09:30"),
        ("switched_off", "2026-03-05 09:30"),
    ]
    .into_iter()
    .enumerate()
    {
        let made = callers
            .callback
            .callback()
            .record_attempt(attempt(result))
            .await?
            .into_inner();
        let made = made.callback.context("a call-back")?;
        ensure!(usize::try_from(made.attempts)? == number + 1, "{made:?}");
        let again = callers.callback.callback().record_attempt(attempt(result)).await;
        let refused = refused::Refused::of(&again.err().context("refused")?);
        let expected = if number == 2 {
            "callback.state_wrong"
        } else {
            "callback.not_due"
        };
        ensure!(refused.reason == expected, "{refused:?}");
        platform.stop().await?;
        platform.set_clock(&clocks::setting(next)?);
        platform.run().await?;
    }
    let found = callers.wait_callback(&id, 1, CallbackState::Unreached).await?;
    ensure!(
        found.satisfaction() == Satisfaction::Unspecified,
        "silence is no answer: {found:?}"
    );
    clocks::wait(&callers, &id, "", "callback", ClockState::Met).await?;
    ensure!(callers.wait_order(&id, OrderState::Closed).await?.outcome == "unreached");
    ensure!(callers.archive(&id).await?.state() == OrderState::Archived);
    Ok(())
}
