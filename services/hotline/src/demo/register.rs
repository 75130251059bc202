//! The register's desks: take every appeal, then dispose of those that do not become orders.

use anyhow::Context;
use futures::stream::{self, StreamExt, TryStreamExt};
use hotline_policy::Channel;
use hotline_proto::common::v1::Enterprise;
use hotline_proto::intake::v1::{
    AcceptAppealRequest, AnswerAppealRequest, Appeal, Appellant, MergeAppealRequest, ReferAppealRequest,
    RegisterAppealRequest, RejectAppealRequest, TransferAppealRequest, TransferWay,
};

use super::sheet::{Row, Script};
use super::{CONCURRENCY, Case, Stage};
use crate::client::{Client, told};
use crate::import::mapping::{channel_of, type_of, urgency_of};

/// Registers every row, and disposes of those that do not become orders; the cases are in the rows' order.
///
/// # Errors
/// The register refuses an appeal: without it the rest makes no sense.
pub async fn register_all<'a>(stage: &Stage, rows: &'a [Row]) -> anyhow::Result<Vec<Case<'a>>> {
    let one = |(turn, row)| register(stage, row, turn);
    let cases: Vec<_> = stream::iter(rows.iter().enumerate())
        .map(one)
        .buffered(CONCURRENCY)
        .try_collect()
        .await?;
    let disposing = stream::iter(&cases).for_each_concurrent(CONCURRENCY, async |case| {
        if let Err(error) = dispose(stage, case, &cases).await {
            stage.board.failed(&case.row.key, &error);
        }
    });
    disposing.await;
    Ok(cases)
}

/// The desk that takes an appeal of this channel.
fn desk<'s>(stage: &'s Stage, row: &Row) -> &'s Client {
    if row.channel == Channel::EnterpriseSeat {
        &stage.cast.enterprise_desk
    } else {
        &stage.cast.agent
    }
}

async fn register<'a>(stage: &Stage, row: &'a Row, turn: usize) -> anyhow::Result<Case<'a>> {
    let answer = desk(stage, row)
        .intake()
        .register_appeal(request(stage, row))
        .await;
    let answer = answer
        .map_err(told)
        .with_context(|| format!("{}: register", row.key))?
        .into_inner();
    let appeal = answer
        .appeal
        .with_context(|| format!("{}: no appeal in the answer", row.key))?;
    stage.board.registered(&row.key, &appeal.number, &row.title);
    Ok(Case {
        row,
        turn,
        id: appeal.appeal_id,
        number: appeal.number,
    })
}

fn request(stage: &Stage, row: &Row) -> RegisterAppealRequest {
    let enterprise = row.is_enterprise().then(|| Enterprise {
        name: row.enterprise_name.clone(),
        credit_code: row.credit_code.clone(),
    });
    RegisterAppealRequest {
        idempotency_key: format!("{}-{}", stage.run, row.key),
        r#type: type_of(row.appeal_type).into(),
        channel: channel_of(row.channel).into(),
        urgency: urgency_of(row.urgency).into(),
        category: row.category.clone(),
        division: row.division.clone(),
        title: row.title.clone(),
        content: row.content.clone(),
        incident_place: row.incident_place.clone(),
        appellant: Some(Appellant {
            name: row.appellant_name.clone(),
            telephone: row.telephone.clone(),
            enterprise,
            anonymous: row.anonymous,
            ..Appellant::default()
        }),
        accept: row.script.is_accepted_at_once(),
        ..RegisterAppealRequest::default()
    }
}

/// Does what the script says of an appeal that is not accepted at once.
async fn dispose(stage: &Stage, case: &Case<'_>, all: &[Case<'_>]) -> anyhow::Result<()> {
    let desk = desk(stage, case.row);
    stage.pause().await;
    match &case.row.script {
        Script::AnswerAtOnce => answer(stage, case, desk).await,
        Script::Reject(code) => reject(stage, case, desk, code).await,
        Script::Refer => refer(stage, case, desk).await,
        Script::Transfer(target) => transfer(stage, case, desk, target).await,
        Script::Merge(into) => {
            merge(stage, case, desk, all.iter().find(|other| other.row.key == *into)).await
        }
        _ => Ok(()),
    }
}

async fn answer(stage: &Stage, case: &Case<'_>, desk: &Client) -> anyhow::Result<()> {
    let line = stage.lines.answer(case.row)?;
    let request = AnswerAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
        answer: line.text.clone(),
        basis: line.basis.clone(),
        reference: format!("{}:{}", case.row.category, case.row.title),
    };
    desk.intake().answer_appeal(request).await.map_err(told)?;
    stage.board.step(&case.row.key, "直接解答", "answered at once");
    Ok(())
}

async fn reject(stage: &Stage, case: &Case<'_>, desk: &Client, code: &str) -> anyhow::Result<()> {
    let line = stage.lines.reject(case.row)?;
    let request = RejectAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
        code: code.to_owned(),
        explanation: line.explanation.clone(),
        guidance: line.guidance.clone(),
        earlier_appeal: String::new(),
    };
    desk.intake().reject_appeal(request).await.map_err(told)?;
    stage.board.step(
        &case.row.key,
        &format!("不予受理:{code}"),
        &format!("rejected: {code}"),
    );
    Ok(())
}

/// The agent asks; the shift leader accepts.
async fn refer(stage: &Stage, case: &Case<'_>, desk: &Client) -> anyhow::Result<()> {
    let line = stage.lines.refer(case.row)?;
    anyhow::ensure!(
        line.decision == "accept",
        "replies.toml: refer.decision {:?} is not played",
        line.decision
    );
    let request = ReferAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
        question: line.question.clone(),
    };
    desk.intake().refer_appeal(request).await.map_err(told)?;
    stage.pause().await;
    let request = AcceptAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
    };
    stage
        .cast
        .leader
        .intake()
        .accept_appeal(request)
        .await
        .map_err(told)?;
    let (zh, en) = (
        format!("请示 → 班长受理:{}", line.reason),
        "referred → accepted by the shift leader",
    );
    stage.board.step(&case.row.key, &zh, en);
    Ok(())
}

async fn transfer(stage: &Stage, case: &Case<'_>, desk: &Client, target: &str) -> anyhow::Result<()> {
    let line = stage.lines.transfer(case.row)?;
    let request = TransferAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
        target: target.to_owned(),
        note: line.note.clone(),
        way: TransferWay::OneKeyTransfer.into(),
    };
    desk.intake().transfer_appeal(request).await.map_err(told)?;
    stage.board.step(
        &case.row.key,
        &format!("一键转接 → {target}"),
        &format!("transferred → {target}"),
    );
    Ok(())
}

async fn merge(stage: &Stage, case: &Case<'_>, desk: &Client, into: Option<&Case<'_>>) -> anyhow::Result<()> {
    let into = into.context("the appeal to merge into is not there")?;
    let request = MergeAppealRequest {
        appeal_id: case.id.clone(),
        version: 0,
        into_appeal_id: into.id.clone(),
    };
    let merged: Option<Appeal> = desk
        .intake()
        .merge_appeal(request)
        .await
        .map_err(told)?
        .into_inner()
        .appeal;
    anyhow::ensure!(merged.is_some(), "no appeal in the answer");
    let reason = &stage.lines.merge(case.row)?.reason;
    stage.board.step(
        &case.row.key,
        &format!("并入 {}:{reason}", into.row.key),
        &format!("merged into {}", into.row.key),
    );
    Ok(())
}
