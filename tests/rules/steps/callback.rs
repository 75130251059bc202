//! Call-backs: attempts, answers, judgements.

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{then, when};
use hotline_proto::callback::v1::{
    Callback, CompleteCallbackRequest, JudgeBadAnswerRequest, RecordAttemptRequest,
};
use hotline_proto::common::v1::Satisfaction;

use crate::table::Fields;
use crate::words;
use crate::world::Rules;

impl Rules {
    /// The call-back of the order's present round.
    ///
    /// # Errors
    /// There is none.
    pub async fn callback(&self) -> Result<Callback> {
        let found = self.callers()?.callbacks(&self.id()?).await?;
        let round = |callback: &Callback| callback.facts.as_ref().map_or(0, |facts| facts.round);
        found.into_iter().max_by_key(round).context("没有回访任务")
    }
}

#[when(regex = r#"^回访员未接通(?:[,,]结果"([^"]*)")?$"#)]
async fn reaches_nobody(world: &mut Rules, result: String) -> Result<()> {
    let request = RecordAttemptRequest {
        callback_id: world.callback().await?.callback_id,
        version: 0,
        result: if result.is_empty() {
            "no_answer".into()
        } else {
            result
        },
    };
    let answer = world.callers()?.callback.callback().record_attempt(request).await;
    world.settle(answer).await.map(drop)
}

/// Fields: 解决 (是/否), 联系过 (是/否), 原因.
#[when(regex = r#"^回访员回访[,,]诉求人"([^"]+)"$"#)]
async fn calls_back(world: &mut Rules, satisfaction: String, step: &Step) -> Result<()> {
    let satisfaction = words::satisfaction(&satisfaction)?;
    let bad = [Satisfaction::Dissatisfied, Satisfaction::VeryDissatisfied].contains(&satisfaction);
    let mut fields = Fields::of(step)?;
    let usual = if bad { "问题没有解决" } else { "" };
    let request = CompleteCallbackRequest {
        callback_id: world.callback().await?.callback_id,
        version: 0,
        satisfaction: satisfaction.into(),
        solved: fields.read("解决", words::flag)?.unwrap_or(!bad),
        contacted: fields.read("联系过", words::flag)?.unwrap_or(true),
        reason: fields.take("原因").unwrap_or_else(|| usual.to_owned()),
        ..CompleteCallbackRequest::default()
    };
    fields.end()?;
    let answer = world
        .callers()?
        .callback
        .callback()
        .complete_callback(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(审核员|督查员)判定差评"([^"]+)"(?:[,,]理由"([^"]*)")?$"#)]
async fn judges(world: &mut Rules, post: String, verdict: String, reason: String, step: &Step) -> Result<()> {
    let said = step.value.contains("理由");
    let request = JudgeBadAnswerRequest {
        callback_id: world.callback().await?.callback_id,
        version: 0,
        verdict: words::verdict(&verdict)?.into(),
        reason: if said {
            reason
        } else {
            "现场复核照片与缴费记录".into()
        },
        ..JudgeBadAnswerRequest::default()
    };
    let answer = world
        .stage()?
        .person(&post)?
        .callback()
        .judge_bad_answer(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^回访状态为"([^"]*)"$"#)]
async fn callback_stands(world: &mut Rules, state: String) -> Result<()> {
    let (expected, found) = (words::callback_state(&state)?, world.callback().await?);
    ensure!(
        found.state() == expected,
        "回访是 {},不是“{state}”",
        found.state().as_str_name()
    );
    Ok(())
}
