//! One order, two sends: an enterprise's matter goes to the department and to the enterprise platform, which follows it.

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::{Desk, LegKind, Satisfaction};
use hotline_proto::enterprise::v1::{
    EnterpriseLeg, EvaluateLegRequest, GetEnterpriseLegRequest, GetEnterpriseTotalsRequest, Progress,
    SupplementLegRequest, UrgeDepartmentRequest,
};
use hotline_proto::routing::v1::{GetReconciliationRequest, LegState, OrderState, SignLegRequest};
use hotline_proto::sla::v1::ClockState;
use hotline_tests::support::steps::leg_id;
use hotline_tests::support::{Callers, appeals, clocks, refused, until};
use tonic::Code;

use crate::on_monday;

async fn followed(callers: &Callers, id: &str, progress: Progress) -> Result<EnterpriseLeg> {
    until(
        &format!("the enterprise leg is {}", progress.as_str_name()),
        || async {
            let request = GetEnterpriseLegRequest {
                order_id: id.to_owned(),
            };
            match callers.enterprise.enterprise().get_enterprise_leg(request).await {
                Ok(answer) => Ok(answer.into_inner().leg.filter(|leg| leg.progress() == progress)),
                Err(status) if status.code() == Code::NotFound => Ok(None),
                Err(status) => Err(status.into()),
            }
        },
    )
    .await
}

#[tokio::test]
async fn an_enterprises_order_is_sent_twice_each_send_arrives_and_the_second_is_followed_not_handled()
-> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::enterprise_question("two-sends")).await?;
    let facts = order.facts.clone().context("facts")?;
    ensure!(
        facts.labels.contains(&"enterprise".to_owned()),
        "the label follows by itself: {facts:?}"
    );
    let id = facts.order_id.as_str();
    let order = callers.dispatch(id, "", &[]).await?;
    ensure!(order.legs.len() == 2, "two sends: {:?}", order.legs);
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    let second = clocks::legs(&order, LegKind::Enterprise)[0].clone();
    ensure!(second.state() == LegState::Following, "{second:?}");

    let leg = followed(&callers, id, Progress::Received).await?;
    ensure!(
        leg.lead_unit_id == appeals::ALONE_UNIT && leg.leg == second.facts,
        "{leg:?}"
    );
    let order = callers
        .wait_order_that(id, "the second send is acknowledged", |order| {
            clocks::legs(order, LegKind::Enterprise)[0]
                .acknowledged_at
                .is_some()
        })
        .await?;
    ensure!(
        clocks::legs(&order, LegKind::Lead)[0].acknowledged_at.is_none(),
        "each send has a receipt of its own"
    );
    twin_clocks(&callers, id, &leg_id(&lead), &leg_id(&second)).await?;

    let sign = SignLegRequest {
        order_id: id.to_owned(),
        leg_id: leg_id(&second),
        version: 0,
    };
    let handled = callers
        .clerk("xz-enterprise-platform")?
        .routing()
        .sign_leg(sign)
        .await;
    refused::expect(handled, Code::FailedPrecondition, "leg.followed_only")?;
    urged_supplemented_and_settled(&callers, id).await?;
    evaluated(&callers, id).await
}

/// The two sends run on clocks of their own: three working days on the hotline's side, one on the enterprise's.
async fn twin_clocks(callers: &Callers, id: &str, lead: &str, second: &str) -> Result<()> {
    let department = clocks::wait(callers, id, lead, "answer", ClockState::Armed).await?;
    clocks::check_due(&department, "2026-03-05 17:30", "12(3)")?;
    let platform = clocks::wait(callers, id, second, "answer", ClockState::Armed).await?;
    clocks::check_due(&platform, "2026-03-03 17:30", "12(3)")?;
    ensure!(
        platform
            .order
            .as_ref()
            .is_some_and(|facts| facts.desk() == Desk::Enterprise),
        "{platform:?}"
    );
    clocks::wait(callers, id, second, "acknowledge", ClockState::Met).await?;
    Ok(())
}

async fn urged_supplemented_and_settled(callers: &Callers, id: &str) -> Result<()> {
    let request = UrgeDepartmentRequest {
        order_id: id.to_owned(),
        version: 0,
        note: "企业急需答复".into(),
    };
    let urged = callers
        .enterprise
        .enterprise()
        .urge_department(request)
        .await?
        .into_inner()
        .leg
        .context("a leg")?;
    ensure!(urged.urge_count == 1, "{urged:?}");
    let early = EvaluateLegRequest {
        order_id: id.to_owned(),
        satisfaction: Satisfaction::Fair.into(),
        ..Default::default()
    };
    let answer = callers.enterprise.enterprise().evaluate_leg(early).await;
    refused::expect(answer, Code::FailedPrecondition, "enterprise.not_settled")?;
    let stale = SupplementLegRequest {
        order_id: id.to_owned(),
        version: 1_000,
        note: "补充缴费记录".into(),
    };
    let answer = callers.enterprise.enterprise().supplement_leg(stale).await;
    refused::expect(answer, Code::Aborted, "enterprise.stale")?;
    let request = SupplementLegRequest {
        order_id: id.to_owned(),
        version: 0,
        note: "补充缴费记录".into(),
    };
    callers.enterprise.enterprise().supplement_leg(request).await?;

    let order = callers.order(id).await?;
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    callers.sign(id, &lead).await?;
    followed(callers, id, Progress::Signed).await?;
    callers.contact(id, &lead, "已与企业联系").await?;
    followed(callers, id, Progress::Contacted).await?;
    callers
        .reply(
            id,
            &lead,
            hotline_tests::support::steps::full_reply("按每小时三元收取。"),
        )
        .await?;
    followed(callers, id, Progress::Replied).await?;
    let order = callers.approve(id, &lead).await?;
    ensure!(order.state() == OrderState::Settled, "{order:?}");
    Ok(())
}

async fn evaluated(callers: &Callers, id: &str) -> Result<()> {
    let leg = followed(callers, id, Progress::Settled).await?;
    ensure!(leg.public_text.contains("三元"), "{leg:?}");
    let bad = EvaluateLegRequest {
        order_id: id.to_owned(),
        satisfaction: Satisfaction::Dissatisfied.into(),
        ..Default::default()
    };
    let answer = callers.enterprise.enterprise().evaluate_leg(bad).await;
    let refused = refused::expect(answer, Code::InvalidArgument, "enterprise.note_required")?;
    ensure!(refused.field == "note", "{refused:?}");
    let good = || EvaluateLegRequest {
        order_id: id.to_owned(),
        satisfaction: Satisfaction::Satisfied.into(),
        ..Default::default()
    };
    let leg = callers
        .enterprise
        .enterprise()
        .evaluate_leg(good())
        .await?
        .into_inner()
        .leg
        .context("a leg")?;
    ensure!(leg.satisfaction() == Satisfaction::Satisfied, "{leg:?}");
    let twice = callers.enterprise.enterprise().evaluate_leg(good()).await;
    refused::expect(twice, Code::FailedPrecondition, "enterprise.evaluated")?;
    callers.call_back(id, 1, Satisfaction::Satisfied).await?;
    followed(callers, id, Progress::Closed).await?;
    let order = callers.archive(id).await?;
    let second = clocks::legs(&order, LegKind::Enterprise)[0].clone();
    clocks::wait(callers, id, &leg_id(&second), "answer", ClockState::Met).await?;

    let totals = callers
        .enterprise
        .enterprise()
        .get_enterprise_totals(GetEnterpriseTotalsRequest {})
        .await?;
    let totals = totals.into_inner();
    ensure!(
        (totals.received, totals.settled, totals.evaluated, totals.urges) == (1, 1, 1, 1),
        "{totals:?}"
    );
    let found = callers
        .operator
        .routing()
        .get_reconciliation(GetReconciliationRequest {})
        .await?
        .into_inner();
    ensure!(
        found.labelled == 1 && found.enterprise_legs == 1 && found.enterprise_legs_acknowledged == 1,
        "{found:?}"
    );
    ensure!(
        found.lead_violations == 0 && found.enterprise_violations == 0,
        "{found:?}"
    );
    Ok(())
}
