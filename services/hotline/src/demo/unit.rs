//! The units' clerks: acknowledge, sign, speak with the appellant, ask, pass down, reply; and the reviewer who reads it.

use anyhow::Context;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{
    AcknowledgeLegRequest, DecideExtensionRequest, DecideReturnRequest, DelegateLegRequest, Leg, LegState,
    Order, RecordContactRequest, Reply, ReplyLegRequest, RequestExtensionRequest, RequestReturnRequest,
    ReviewReplyRequest, SignLegRequest,
};

use super::dispatch::{To, id, kind, open_legs, send, unit};
use super::sheet::Script;
use super::{Case, Stage};
use crate::client::told;
use crate::render;

/// Handles every open leg of the order's round to the approval of its reply, as the script says.
///
/// # Errors
/// A rule says no.
pub async fn handle(stage: &Stage, case: &Case<'_>, order: Order, reply: &Reply) -> anyhow::Result<()> {
    let order = if case.row.script == Script::Return {
        give_back(stage, case, order).await?
    } else {
        order
    };
    for leg in open_legs(&order) {
        sign(stage, case, &leg).await?;
        contact(stage, case, &leg).await?;
        if kind(&leg) == LegKind::Lead {
            lead_only(stage, case, &leg, reply).await?;
        }
        answer(stage, case, &leg, reply).await?;
        review(stage, case, &leg, None).await?;
    }
    Ok(())
}

/// What only the lead does before its reply.
async fn lead_only(stage: &Stage, case: &Case<'_>, leg: &Leg, reply: &Reply) -> anyhow::Result<()> {
    match case.row.script {
        Script::Extend => extend(stage, case, leg).await,
        Script::Delegate => delegate(stage, case, leg, reply).await,
        Script::SendBack => first_try(stage, case, leg, reply).await,
        _ => Ok(()),
    }
}

/// Confirms that the leg arrived, and signs for it.
///
/// # Errors
/// A rule says no.
pub async fn sign(stage: &Stage, case: &Case<'_>, leg: &Leg) -> anyhow::Result<()> {
    if leg.state() != LegState::ToSign {
        return Ok(());
    }
    stage.pause().await;
    let mut clerk = stage.cast.clerk(unit(leg))?.routing();
    let (order_id, leg_id) = (case.id.clone(), id(leg).to_owned());
    let request = AcknowledgeLegRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
    };
    clerk
        .acknowledge_leg(request)
        .await
        .map_err(told)
        .context("acknowledge")?;
    let request = SignLegRequest {
        order_id,
        leg_id,
        version: 0,
    };
    clerk.sign_leg(request).await.map_err(told).context("sign")?;
    Ok(())
}

async fn contact(stage: &Stage, case: &Case<'_>, leg: &Leg) -> anyhow::Result<()> {
    let request = RecordContactRequest {
        order_id: case.id.clone(),
        leg_id: id(leg).to_owned(),
        version: 0,
        note: stage.lines.contact(case.row, case.turn).to_owned(),
    };
    stage
        .cast
        .clerk(unit(leg))?
        .routing()
        .record_contact(request)
        .await
        .map_err(told)
        .context("contact")?;
    Ok(())
}

async fn answer(stage: &Stage, case: &Case<'_>, leg: &Leg, reply: &Reply) -> anyhow::Result<()> {
    stage.pause().await;
    let request = ReplyLegRequest {
        order_id: case.id.clone(),
        leg_id: id(leg).to_owned(),
        version: 0,
        reply: Some(reply.clone()),
    };
    stage
        .cast
        .clerk(unit(leg))?
        .routing()
        .reply_leg(request)
        .await
        .map_err(told)
        .context("reply")?;
    Ok(())
}

/// Approves the reply, or sends it back with faults and a reason.
async fn review(
    stage: &Stage,
    case: &Case<'_>,
    leg: &Leg,
    faults: Option<(&[String], &str)>,
) -> anyhow::Result<()> {
    let (found, reason) = faults.unwrap_or_default();
    let request = ReviewReplyRequest {
        order_id: case.id.clone(),
        leg_id: id(leg).to_owned(),
        version: 0,
        approved: faults.is_none(),
        faults: found.to_vec(),
        reason: reason.to_owned(),
    };
    stage
        .cast
        .reviewer
        .routing()
        .review_reply(request)
        .await
        .map_err(told)
        .context("review")?;
    Ok(())
}

/// The unit asks to give the lead leg back; agreed, the order goes to the unit that it proposed.
async fn give_back(stage: &Stage, case: &Case<'_>, order: Order) -> anyhow::Result<Order> {
    let line = stage.lines.r#return(case.row)?;
    let leg = open_legs(&order)
        .into_iter()
        .find(|leg| kind(leg) == LegKind::Lead)
        .context("no lead leg")?;
    let (order_id, leg_id) = (case.id.clone(), id(&leg).to_owned());
    sign(stage, case, &leg).await?;
    let request = RequestReturnRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
        basis: line.basis.clone(),
        suggestion: line.suggestion.clone(),
        proposed_unit_id: line.proposed_unit.clone(),
        ..RequestReturnRequest::default()
    };
    stage
        .cast
        .clerk(unit(&leg))?
        .routing()
        .request_return(request)
        .await
        .map_err(told)
        .context("ask to return")?;
    let request = DecideReturnRequest {
        order_id,
        leg_id,
        version: 0,
        agreed: line.agreed,
        reason: line.reason.clone(),
    };
    let decided = stage
        .cast
        .dispatcher
        .routing()
        .decide_return(request)
        .await
        .map_err(told)
        .context("decide return")?;
    let order = decided.into_inner().order.context("no order in the answer")?;
    if !line.agreed {
        stage
            .board
            .step(&case.row.key, "退回申请未获同意", "return refused");
        return Ok(order);
    }
    stage
        .board
        .step(&case.row.key, "退回,改派", "returned, sent elsewhere");
    let basis = line.reason.clone();
    send(
        stage,
        case,
        To {
            lead: line.proposed_unit.clone(),
            co_handlers: Vec::new(),
            basis,
        },
    )
    .await
}

async fn extend(stage: &Stage, case: &Case<'_>, leg: &Leg) -> anyhow::Result<()> {
    let line = stage.lines.extension(case.row)?;
    let (order_id, leg_id) = (case.id.clone(), id(leg).to_owned());
    let request = RequestExtensionRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
        reason: line.reason.clone(),
        amount: line.amount.clone(),
        ..RequestExtensionRequest::default()
    };
    let asked = stage
        .cast
        .clerk(unit(leg))?
        .routing()
        .request_extension(request)
        .await;
    asked.map_err(told).context("ask for time")?;
    let request = DecideExtensionRequest {
        order_id,
        leg_id,
        version: 0,
        granted: line.granted,
        reason: line.answer.clone(),
    };
    stage
        .cast
        .dispatcher
        .routing()
        .decide_extension(request)
        .await
        .map_err(told)
        .context("decide extension")?;
    let (zh, en) = if line.granted {
        ("同意延时", "more time granted")
    } else {
        ("不同意延时", "more time refused")
    };
    stage.board.step(
        &case.row.key,
        &format!("{zh}:{}", line.amount),
        &format!("{en}: {}", line.amount),
    );
    Ok(())
}

/// Passes the leg down with half of its time, and lets the unit below answer it.
async fn delegate(stage: &Stage, case: &Case<'_>, leg: &Leg, reply: &Reply) -> anyhow::Result<()> {
    let line = stage.lines.delegate(case.row)?;
    let due = leg
        .due_at
        .as_ref()
        .and_then(render::instant)
        .context("the leg has no due time")?;
    let now = stage.clock.now();
    let request = DelegateLegRequest {
        order_id: case.id.clone(),
        leg_id: id(leg).to_owned(),
        version: 0,
        unit_id: line.unit.clone(),
        due_at: Some(render::timestamp(now + (due - now) / 2)),
    };
    let answer = stage
        .cast
        .clerk(unit(leg))?
        .routing()
        .delegate_leg(request)
        .await
        .map_err(told)
        .context("delegate")?;
    let order = answer.into_inner().order.context("no order in the answer")?;
    let child = open_legs(&order)
        .into_iter()
        .find(|child| kind(child) == LegKind::Delegated)
        .context("no child leg")?;
    stage.board.step(
        &case.row.key,
        &format!("下派 → {}:{}", child.unit_name, line.note),
        &format!("delegated → {}", child.unit_name),
    );
    sign(stage, case, &child).await?;
    answer_child(stage, case, &child, reply).await
}

async fn answer_child(stage: &Stage, case: &Case<'_>, child: &Leg, reply: &Reply) -> anyhow::Result<()> {
    contact(stage, case, child).await?;
    answer(stage, case, child, reply).await
}

/// A reply that does not pass.
async fn first_try(stage: &Stage, case: &Case<'_>, leg: &Leg, reply: &Reply) -> anyhow::Result<()> {
    let line = stage.lines.send_back(case.row)?;
    let poor = Reply {
        public_text: line.first_reply.clone(),
        ..reply.clone()
    };
    answer(stage, case, leg, &poor).await?;
    review(stage, case, leg, Some((&line.faults, &line.reason))).await?;
    let faults = line.faults.join(", ");
    stage.board.step(
        &case.row.key,
        &format!("答复发回:{faults}"),
        &format!("reply sent back: {faults}"),
    );
    Ok(())
}
