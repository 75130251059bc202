//! Several calls about one matter, and the appellant who presses or withdraws.

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::LegKind;
use hotline_proto::intake::v1::{
    AcceptAppealRequest, AppealState, MergeAppealRequest, TrackAppealRequest, UnmergeAppealRequest,
    UrgeAppealRequest, WithdrawAppealRequest,
};
use hotline_proto::routing::v1::{LegState, OrderState};
use hotline_proto::sla::v1::ClockState;
use hotline_tests::support::callers::nobody;
use hotline_tests::support::steps::leg_id;
use hotline_tests::support::{appeals, clocks, refused, until};
use tonic::Code;

use crate::on_monday;

#[tokio::test]
async fn a_second_call_about_one_matter_is_joined_follows_it_and_can_be_parted_again() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let main = callers.open(appeals::lamps("main")).await?;
    let main_id = main.facts.clone().context("facts")?.order_id;
    let second = callers.register(appeals::lamps("second")).await?;
    let (code, second) = (second.tracking_code, second.appeal.context("an appeal")?);
    let merge = |from: &str, into: &str| MergeAppealRequest {
        appeal_id: from.to_owned(),
        version: 0,
        into_appeal_id: into.to_owned(),
    };
    let itself = callers
        .agent
        .intake()
        .merge_appeal(merge(&second.appeal_id, &second.appeal_id))
        .await;
    ensure!(refused::expect(itself, Code::InvalidArgument, "appeal.merge_self")?.field == "into_appeal_id");
    let joined = callers
        .agent
        .intake()
        .merge_appeal(merge(&second.appeal_id, &main_id))
        .await?
        .into_inner();
    let joined = joined.appeal.context("an appeal")?;
    ensure!(
        joined.state() == AppealState::Merged && joined.merged_into == main_id,
        "{joined:?}"
    );
    ensure!(
        callers.find_order(&second.appeal_id).await?.is_none(),
        "a joined appeal has no order of its own"
    );
    let third = callers
        .register(appeals::lamps("third"))
        .await?
        .appeal
        .context("an appeal")?;
    let chain = callers
        .agent
        .intake()
        .merge_appeal(merge(&third.appeal_id, &second.appeal_id))
        .await;
    refused::expect(chain, Code::FailedPrecondition, "appeal.merge_chain")?;

    callers.dispatch(&main_id, "", &[]).await?;
    let follows = until("the joined appellant follows the matter", || async {
        let track = TrackAppealRequest {
            number: second.number.clone(),
            tracking_code: code.clone(),
        };
        let tracked = nobody(&platform)?
            .intake()
            .track_appeal(track)
            .await?
            .into_inner();
        let sent = tracked
            .entries
            .iter()
            .any(|line| line.r#type.starts_with("hotline.routing."));
        Ok(Some(tracked).filter(|tracked| sent && tracked.state() == AppealState::InProgress))
    });
    follows.await?;

    let unmerge = || UnmergeAppealRequest {
        appeal_id: second.appeal_id.clone(),
        version: 0,
    };
    let parted = callers
        .agent
        .intake()
        .unmerge_appeal(unmerge())
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(
        parted.state() == AppealState::Registered && parted.merged_into.is_empty(),
        "{parted:?}"
    );
    let again = callers.agent.intake().unmerge_appeal(unmerge()).await;
    refused::expect(again, Code::FailedPrecondition, "appeal.not_merged")?;
    let accept = AcceptAppealRequest {
        appeal_id: second.appeal_id.clone(),
        version: parted.version,
    };
    callers.agent.intake().accept_appeal(accept).await?;
    callers
        .wait_order(&second.appeal_id, OrderState::PreReview)
        .await?;
    Ok(())
}

#[tokio::test]
async fn an_urge_is_counted_once_and_a_withdrawal_ends_every_leg_and_clock() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::enterprise_question("withdrawn")).await?;
    let id = order.facts.clone().context("facts")?.order_id;
    callers.dispatch(&id, "", &[]).await?;
    let urge = |note: &str| UrgeAppealRequest {
        appeal_id: id.clone(),
        idempotency_key: "urge-1".into(),
        note: note.to_owned(),
    };
    for _repeated in 0..2 {
        let appeal = callers
            .agent
            .intake()
            .urge_appeal(urge("请尽快答复"))
            .await?
            .into_inner()
            .appeal;
        ensure!(
            appeal.context("an appeal")?.urge_count == 1,
            "the same urge counts once"
        );
    }
    let other = callers.agent.intake().urge_appeal(urge("另一番话")).await;
    ensure!(
        refused::expect(other, Code::AlreadyExists, "appeal.idempotency_key_reused")?.field
            == "idempotency_key"
    );
    callers
        .wait_order_that(&id, "the urge is counted", |order| order.urge_count == 1)
        .await?;

    let withdraw = || WithdrawAppealRequest {
        appeal_id: id.clone(),
        version: 0,
        reason: "已自行解决".into(),
    };
    let appeal = callers
        .agent
        .intake()
        .withdraw_appeal(withdraw())
        .await?
        .into_inner()
        .appeal
        .context("an appeal")?;
    ensure!(appeal.state() == AppealState::Withdrawn, "{appeal:?}");
    let order = callers.wait_order(&id, OrderState::Withdrawn).await?;
    ensure!(
        order.legs.len() == 2 && order.legs.iter().all(|leg| leg.state() == LegState::Withdrawn),
        "{order:?}"
    );
    let lead = order.legs.iter().find(|leg| {
        leg.facts
            .as_ref()
            .is_some_and(|facts| facts.kind() == LegKind::Lead)
    });
    clocks::wait(
        &callers,
        &id,
        &leg_id(lead.context("a lead leg")?),
        "answer",
        ClockState::Cancelled,
    )
    .await?;
    until("no clock runs any more", || async {
        let clocks = clocks::of_order(&callers, &id).await?;
        Ok(clocks
            .iter()
            .all(|clock| clock.state() != ClockState::Armed)
            .then_some(()))
    })
    .await?;
    let again = callers.agent.intake().withdraw_appeal(withdraw()).await;
    refused::expect(again, Code::FailedPrecondition, "appeal.not_open")?;
    Ok(())
}
