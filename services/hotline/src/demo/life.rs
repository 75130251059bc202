//! One order's life, from the pool to the archive, as its script says.

use hotline_proto::callback::v1::Verdict;
use hotline_proto::intake::v1::{AppealState, GetAppealRequest, UrgeAppealRequest, WithdrawAppealRequest};
use hotline_proto::routing::v1::{ArchiveOrderRequest, Order, OrderState, Reply};

use super::cast::until;
use super::dispatch::{first, open_legs, order_when, round};
use super::sheet::Script;
use super::{Case, Stage, callback, enterprise, unit};
use crate::client::told;

/// Takes an accepted appeal to its end.
///
/// # Errors
/// A rule says no where the script expects yes, or an effect does not come in time.
pub async fn live(stage: &Stage, case: &Case<'_>) -> anyhow::Result<()> {
    let order = first(stage, case).await?;
    if case.row.is_enterprise() {
        enterprise::follow(stage, case).await?;
    }
    match case.row.script {
        Script::Withdraw => return withdraw(stage, case, &order).await,
        Script::Urge => urge(stage, case).await?,
        _ => {}
    }
    let reply = stage.lines.reply(case.row, stage.clock.now())?;
    unit::handle(stage, case, order, &reply).await?;
    let last = match case.row.script {
        Script::Redo => redo(stage, case, &reply).await?,
        Script::Escalate => escalate(stage, case, &reply).await?,
        _ => 1,
    };
    settled(stage, case, last).await?;
    if case.row.is_enterprise() {
        enterprise::evaluate(stage, case).await?;
    }
    if case.row.script == Script::Unreached {
        return callback::unreached(stage, case, last).await;
    }
    callback::good(stage, case, last).await?;
    archive(stage, case).await
}

/// Waits until every reply of a round is approved.
async fn settled(stage: &Stage, case: &Case<'_>, of_round: i32) -> anyhow::Result<Order> {
    order_when(stage, case, "order settled", |order| {
        round(order) == of_round && matches!(order.state(), OrderState::Settled | OrderState::Closed)
    })
    .await
}

/// Waits for the legs of the next round.
async fn next_round(stage: &Stage, case: &Case<'_>, expected: i32) -> anyhow::Result<Order> {
    order_when(stage, case, "next round", |order| {
        round(order) == expected && !open_legs(order).is_empty()
    })
    .await
}

/// A bad answer, the unit's fault: handled once more. Returns the last round.
async fn redo(stage: &Stage, case: &Case<'_>, reply: &Reply) -> anyhow::Result<i32> {
    let line = stage.lines.redo(case.row)?;
    settled(stage, case, 1).await?;
    let reason = format!("{}{}", line.verdict, line.requirement);
    callback::bad(stage, case, 1, &line.dissatisfied, (Verdict::Redo, &reason)).await?;
    let order = next_round(stage, case, 2).await?;
    stage
        .board
        .step(&case.row.key, "发回重办,第 2 轮", "handled once more, round 2");
    let better = Reply {
        public_text: line.second_public.clone(),
        ..reply.clone()
    };
    unit::handle(stage, case, order, &better).await?;
    Ok(2)
}

/// Two bad answers: once more, then one level up. Returns the last round.
async fn escalate(stage: &Stage, case: &Case<'_>, reply: &Reply) -> anyhow::Result<i32> {
    let line = stage.lines.escalate(case.row)?;
    let words = |turn: usize| line.dissatisfied.get(turn).map_or("不满意", String::as_str);
    settled(stage, case, 1).await?;
    callback::bad(stage, case, 1, words(0), (Verdict::Redo, &line.requirement)).await?;
    let order = next_round(stage, case, 2).await?;
    let better = Reply {
        public_text: line.second_public.clone(),
        ..reply.clone()
    };
    unit::handle(stage, case, order, &better).await?;
    settled(stage, case, 2).await?;
    callback::bad(stage, case, 2, words(1), (Verdict::Escalate, &line.requirement)).await?;
    let order = next_round(stage, case, 3).await?;
    let unit = open_legs(&order)
        .first()
        .map_or_else(String::new, |leg| leg.unit_name.clone());
    stage.board.step(
        &case.row.key,
        &format!("提级复核 → {unit}"),
        &format!("escalated review → {unit}"),
    );
    let review = Reply {
        public_text: line.review.clone(),
        ..reply.clone()
    };
    unit::handle(stage, case, order, &review).await?;
    Ok(3)
}

async fn urge(stage: &Stage, case: &Case<'_>) -> anyhow::Result<()> {
    let request = UrgeAppealRequest {
        appeal_id: case.id.clone(),
        idempotency_key: format!("{}-{}-urge", stage.run, case.row.key),
        note: stage.lines.urge(case.row)?.note.clone(),
    };
    stage
        .cast
        .agent
        .intake()
        .urge_appeal(request)
        .await
        .map_err(told)?;
    order_when(stage, case, "urge heard", |order| order.urge_count > 0).await?;
    stage
        .board
        .step(&case.row.key, "诉求人催办", "the appellant presses");
    Ok(())
}

/// The appellant withdraws after the unit signed.
async fn withdraw(stage: &Stage, case: &Case<'_>, order: &Order) -> anyhow::Result<()> {
    for leg in open_legs(order) {
        unit::sign(stage, case, &leg).await?;
    }
    let reason = stage.lines.withdraw(case.row)?.reason.clone();
    let request = WithdrawAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
        reason,
    };
    stage
        .cast
        .agent
        .intake()
        .withdraw_appeal(request)
        .await
        .map_err(told)?;
    order_when(stage, case, "order withdrawn", |order| {
        order.state() == OrderState::Withdrawn
    })
    .await?;
    stage.board.step(&case.row.key, "诉求人撤回", "withdrawn");
    Ok(())
}

/// Puts the closed order into the archive, and waits until the register knows.
async fn archive(stage: &Stage, case: &Case<'_>) -> anyhow::Result<()> {
    order_when(stage, case, "order closed", |order| {
        order.state() == OrderState::Closed
    })
    .await?;
    let request = ArchiveOrderRequest {
        order_id: case.id.clone(),
        version: 0,
    };
    stage
        .cast
        .reviewer
        .routing()
        .archive_order(request)
        .await
        .map_err(told)?;
    until("archived in the register", async || {
        let request = GetAppealRequest {
            appeal: case.id.clone(),
        };
        let appeal = stage
            .cast
            .operator
            .intake()
            .get_appeal(request)
            .await
            .map_err(told)?
            .into_inner()
            .appeal;
        Ok(appeal
            .filter(|appeal| appeal.state() == AppealState::Archived)
            .map(drop))
    })
    .await?;
    stage
        .board
        .step(&case.row.key, "回访、结案、归档", "called back, closed, archived");
    Ok(())
}
