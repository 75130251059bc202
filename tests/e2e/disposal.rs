//! Appeals that open no order: refused, referred upwards, answered at once, handed over to an emergency service.

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::Urgency;
use hotline_proto::intake::v1::{
    AcceptAppealRequest, AnswerAppealRequest, AppealState, ReferAppealRequest, RejectAppealRequest,
    TransferAppealRequest,
};
use hotline_proto::routing::v1::OrderState;
use hotline_proto::sla::v1::ClockState;
use hotline_tests::support::{Callers, appeals, clocks, journal, refused, wait};
use tonic::Code;

use crate::on_monday;

async fn registered(callers: &Callers, key: &str) -> Result<String> {
    Ok(callers
        .register(appeals::question(key))
        .await?
        .appeal
        .context("an appeal")?
        .appeal_id)
}

#[tokio::test]
async fn an_appeal_out_of_scope_is_refused_by_article_and_one_answered_at_once_needs_no_order() -> Result<()>
{
    let (_platform, callers) = on_monday().await?;
    let id = registered(&callers, "rejected").await?;
    let mut request = RejectAppealRequest {
        appeal_id: id.clone(),
        code: "not_a_code".into(),
        explanation: "已说明事项不在本市管辖范围".into(),
        ..Default::default()
    };
    let unknown = callers.agent.intake().reject_appeal(request.clone()).await;
    ensure!(refused::expect(unknown, Code::InvalidArgument, "appeal.reject_code")?.field == "code");
    request.code = "emergency".into();
    let merely = callers.agent.intake().reject_appeal(request.clone()).await;
    ensure!(refused::expect(merely, Code::FailedPrecondition, "appeal.hand_over")?.article == "10(5)");
    request.code = "outside_jurisdiction".into();
    let appeal = callers
        .agent
        .intake()
        .reject_appeal(request.clone())
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(
        appeal.state() == AppealState::Rejected && appeal.reject_code == "outside_jurisdiction",
        "{appeal:?}"
    );
    ensure!(
        appeal.disposition.contains("12345"),
        "the policy's own guidance is given: {}",
        appeal.disposition
    );
    let again = callers.agent.intake().reject_appeal(request).await;
    refused::expect(again, Code::FailedPrecondition, "appeal.disposed")?;

    let answered = registered(&callers, "answered").await?;
    let request = AnswerAppealRequest {
        appeal_id: answered.clone(),
        answer: "应按公示的每小时三元收取。".into(),
        basis: "knowledge".into(),
        reference: "停车收费标准".into(),
        ..Default::default()
    };
    let appeal = callers
        .agent
        .intake()
        .answer_appeal(request)
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(
        appeal.state() == AppealState::Answered && appeal.disposition.contains("三元"),
        "{appeal:?}"
    );

    journal::settled(&callers.operator, wait::SOON).await?;
    for id in [&id, &answered] {
        ensure!(
            callers.find_order(id).await?.is_none(),
            "an order was opened for a disposed appeal"
        );
        ensure!(
            clocks::of_order(&callers, id).await?.is_empty(),
            "a clock runs for a disposed appeal"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_question_of_scope_goes_up_and_only_the_leader_decides_it() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let id = registered(&callers, "referred").await?;
    let refer = || ReferAppealRequest {
        appeal_id: id.clone(),
        question: "是否属于本市价格主管部门职责".into(),
        ..Default::default()
    };
    let appeal = callers
        .agent
        .intake()
        .refer_appeal(refer())
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(appeal.state() == AppealState::Referred, "{appeal:?}");
    let accept = || AcceptAppealRequest {
        appeal_id: id.clone(),
        version: 0,
    };
    let by_agent = callers.agent.intake().accept_appeal(accept()).await;
    refused::expect(by_agent, Code::PermissionDenied, "appeal.leader_decides")?;
    callers.leader.intake().refer_appeal(refer()).await?;
    let below = callers.leader.intake().refer_appeal(refer()).await;
    refused::expect(below, Code::PermissionDenied, "appeal.leader_decides")?;
    callers.supervisor.intake().refer_appeal(refer()).await?;
    let above = callers.authority.intake().refer_appeal(refer()).await;
    refused::expect(above, Code::FailedPrecondition, "appeal.level")?;
    let appeal = callers
        .authority
        .intake()
        .accept_appeal(accept())
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(appeal.state() == AppealState::Accepted, "{appeal:?}");
    callers.wait_order(&id, OrderState::PreReview).await?;
    Ok(())
}

#[tokio::test]
async fn an_emergency_is_never_accepted_and_is_handed_over_within_its_clock() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let mut request = appeals::lamps("emergency");
    request.urgency = Urgency::Emergency.into();
    request.title = "路灯杆倒伏带电，有人触电".into();
    let at_once = callers
        .agent
        .intake()
        .register_appeal(appeals::accepted(request.clone()))
        .await;
    refused::expect(at_once, Code::FailedPrecondition, "appeal.emergency")?;
    let id = callers
        .register(request)
        .await?
        .appeal
        .context("an appeal")?
        .appeal_id;
    let clock = clocks::wait(&callers, &id, "", "hand_over", ClockState::Armed).await?;
    clocks::check_due(&clock, "2026-03-02 10:00", "operator")?;
    let accept = callers
        .agent
        .intake()
        .accept_appeal(AcceptAppealRequest {
            appeal_id: id.clone(),
            version: 0,
        })
        .await;
    refused::expect(accept, Code::FailedPrecondition, "appeal.emergency")?;

    let mut transfer = TransferAppealRequest {
        appeal_id: id.clone(),
        target: "999".into(),
        note: "地点、人数、现场情况已告知".into(),
        ..Default::default()
    };
    let nowhere = callers.agent.intake().transfer_appeal(transfer.clone()).await;
    ensure!(refused::expect(nowhere, Code::InvalidArgument, "appeal.target")?.field == "target");
    transfer.target = "120".into();
    let appeal = callers
        .agent
        .intake()
        .transfer_appeal(transfer)
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(
        appeal.state() == AppealState::Transferred && appeal.disposition.contains("120"),
        "{appeal:?}"
    );
    clocks::wait(&callers, &id, "", "hand_over", ClockState::Met).await?;
    ensure!(
        callers.find_order(&id).await?.is_none(),
        "an order was opened for an emergency"
    );
    Ok(())
}
