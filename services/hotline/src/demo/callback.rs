//! The call-back agents, and the reviewer who judges a bad answer.

use anyhow::Context;
use hotline_proto::callback::v1::{
    Callback, CallbackState, ClaimCallbackRequest, CompleteCallbackRequest, JudgeBadAnswerRequest,
    ListCallbacksRequest, RecordAttemptRequest, Verdict,
};
use hotline_proto::common::v1::Satisfaction;
use tonic::Code;

use super::cast::until;
use super::{Case, Stage};
use crate::client::told;

/// Rounds of one order fit on one page.
const PAGE: i32 = 50;

/// Waits for the call-back of a round and takes it.
async fn claim(stage: &Stage, case: &Case<'_>, round: i32) -> anyhow::Result<Callback> {
    let request = ListCallbacksRequest {
        page_size: PAGE,
        order_id: case.id.clone(),
        state: CallbackState::Scheduled.into(),
        ..ListCallbacksRequest::default()
    };
    let of_round = |callback: &Callback| callback.facts.as_ref().is_some_and(|facts| facts.round == round);
    let found = until("call-back scheduled", async || {
        let answer = stage
            .cast
            .caller
            .callback()
            .list_callbacks(request.clone())
            .await
            .map_err(told)?;
        Ok(answer.into_inner().callbacks.into_iter().find(of_round))
    })
    .await?;
    stage.pause().await;
    let request = ClaimCallbackRequest {
        callback_id: found.callback_id.clone(),
        version: 0,
    };
    stage
        .cast
        .caller
        .callback()
        .claim_callback(request)
        .await
        .map_err(told)
        .context("claim the call-back")?;
    Ok(found)
}

/// The appellant is content.
///
/// # Errors
/// No call-back in time, or a rule says no.
pub async fn good(stage: &Stage, case: &Case<'_>, round: i32) -> anyhow::Result<()> {
    let found = claim(stage, case, round).await?;
    let line = stage.lines.callback(case.row, case.turn)?;
    let request = CompleteCallbackRequest {
        callback_id: found.callback_id,
        version: 0,
        satisfaction: line.satisfaction().into(),
        solved: Some(line.solved),
        contacted: Some(true),
        reason: line.words.clone(),
        ..CompleteCallbackRequest::default()
    };
    stage
        .cast
        .caller
        .callback()
        .complete_callback(request)
        .await
        .map_err(told)
        .context("complete the call-back")?;
    Ok(())
}

/// The appellant is not content, and the reviewer judges.
///
/// # Errors
/// No call-back in time, or a rule says no.
pub async fn bad(
    stage: &Stage,
    case: &Case<'_>,
    round: i32,
    words: &str,
    verdict: (Verdict, &str),
) -> anyhow::Result<()> {
    let found = claim(stage, case, round).await?;
    let request = CompleteCallbackRequest {
        callback_id: found.callback_id.clone(),
        version: 0,
        satisfaction: Satisfaction::Dissatisfied.into(),
        solved: Some(false),
        contacted: Some(true),
        reason: words.to_owned(),
        ..CompleteCallbackRequest::default()
    };
    stage
        .cast
        .caller
        .callback()
        .complete_callback(request)
        .await
        .map_err(told)
        .context("complete the call-back")?;
    stage.board.step(
        &case.row.key,
        &format!("回访不满意:{words}"),
        "call-back: dissatisfied",
    );
    stage.pause().await;
    let request = JudgeBadAnswerRequest {
        callback_id: found.callback_id,
        version: 0,
        verdict: verdict.0.into(),
        reason: verdict.1.to_owned(),
        ..JudgeBadAnswerRequest::default()
    };
    stage
        .cast
        .reviewer
        .callback()
        .judge_bad_answer(request)
        .await
        .map_err(told)
        .context("judge the bad answer")?;
    Ok(())
}

/// Nobody answers: attempts are recorded until the policy's spacing asks to wait for the next.
///
/// # Errors
/// No call-back in time, or the first attempt cannot be recorded.
pub async fn unreached(stage: &Stage, case: &Case<'_>, round: i32) -> anyhow::Result<()> {
    let found = claim(stage, case, round).await?;
    let line = stage.lines.unreached(case.row)?;
    let mut made = 0;
    for attempt in &line.attempts {
        let request = RecordAttemptRequest {
            callback_id: found.callback_id.clone(),
            version: 0,
            result: result_of(attempt).to_owned(),
        };
        match stage.cast.caller.callback().record_attempt(request).await {
            Ok(_) => made += 1,
            Err(status) if made > 0 && status.code() == Code::FailedPrecondition => break,
            Err(status) => return Err(told(status).context("record the attempt")),
        }
    }
    let (zh, en) = (
        format!("回访未接通,已试 {made} 次"),
        format!("call-back: nobody reached in {made} attempts"),
    );
    stage.board.step(&case.row.key, &zh, &en);
    Ok(())
}

/// The contract's word for what happened.
fn result_of(words: &str) -> &'static str {
    if words.contains("关机") {
        "switched_off"
    } else if words.contains("正在通话") {
        "busy"
    } else {
        "no_answer"
    }
}
