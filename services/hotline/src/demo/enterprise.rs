//! The enterprise desk: sees the second send arrive, follows it, presses now and then, and evaluates at the end.

use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::enterprise::v1::{
    EvaluateLegRequest, GetEnterpriseLegRequest, Progress, SupplementLegRequest, UrgeDepartmentRequest,
};
use tonic::Code;

use super::cast::until;
use super::dispatch::{kind, order_when};
use super::{Case, Stage};
use crate::client::told;

/// One enterprise matter in so many is pressed for.
const URGED_ONE_IN: usize = 4;

/// Waits until the second send arrived and routing knows, then follows it.
///
/// # Errors
/// It does not arrive in time, or a rule says no.
pub async fn follow(stage: &Stage, case: &Case<'_>) -> anyhow::Result<()> {
    received(stage, case, |_| true).await?;
    order_when(stage, case, "second send confirmed", |order| {
        let second = order.legs.iter().find(|leg| kind(leg) == LegKind::Enterprise);
        second.is_some_and(|leg| leg.acknowledged_at.is_some())
    })
    .await?;
    stage.board.step(
        &case.row.key,
        "企服平台已接收并确认",
        "the enterprise platform received and confirmed it",
    );
    let mut desk = stage.cast.enterprise_desk.enterprise();
    let note = stage.lines.enterprise("follow").to_owned();
    let request = SupplementLegRequest {
        order_id: case.id.clone(),
        version: 0,
        note,
    };
    desk.supplement_leg(request).await.map_err(told)?;
    if case.turn.is_multiple_of(URGED_ONE_IN) {
        let note = stage.lines.enterprise("urge").to_owned();
        let request = UrgeDepartmentRequest {
            order_id: case.id.clone(),
            version: 0,
            note,
        };
        desk.urge_department(request).await.map_err(told)?;
    }
    Ok(())
}

/// Evaluates the handling once the desk knows that it is settled.
///
/// # Errors
/// The desk does not learn of it in time, or a rule says no.
pub async fn evaluate(stage: &Stage, case: &Case<'_>) -> anyhow::Result<()> {
    received(stage, case, |progress| {
        matches!(progress, Progress::Settled | Progress::Closed)
    })
    .await?;
    let request = EvaluateLegRequest {
        order_id: case.id.clone(),
        version: 0,
        satisfaction: Satisfaction::VerySatisfied.into(),
        note: stage.lines.enterprise("evaluate").to_owned(),
    };
    stage
        .cast
        .enterprise_desk
        .enterprise()
        .evaluate_leg(request)
        .await
        .map_err(told)?;
    Ok(())
}

async fn received(stage: &Stage, case: &Case<'_>, ready: impl Fn(Progress) -> bool) -> anyhow::Result<()> {
    until("second send at the enterprise platform", async || {
        let request = GetEnterpriseLegRequest {
            order_id: case.id.clone(),
        };
        match stage
            .cast
            .enterprise_desk
            .enterprise()
            .get_enterprise_leg(request)
            .await
        {
            Ok(answer) => Ok(answer
                .into_inner()
                .leg
                .filter(|leg| ready(leg.progress()))
                .map(drop)),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(told(status)),
        }
    })
    .await
}
