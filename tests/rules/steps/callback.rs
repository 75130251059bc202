//! Call-backs: attempts, answers, judgements.

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{then, when};
use hotline_proto::callback::v1::{
    Callback, ChooseWayRequest, CompleteCallbackRequest, ConfirmRectificationRequest, FilePaperRequest,
    GetSatisfactionRequest, JudgeBadAnswerRequest, ListReviewsRequest, Paper, RecordAttemptRequest,
    RecordMessageRequest, RecordReviewRequest, RectifyReviewRequest, Review, VerifyReviewRequest,
};
use hotline_proto::common::v1::Satisfaction;
use hotline_tests::support::clocks;
use hotline_tests::support::steps::unit_of;

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

/// Fields: 解决 (是/否), 联系过 (是/否), 属实 (是/否), 原因, 建议.
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
        solved: fields.read("解决", words::flag)?,
        contacted: fields.read("联系过", words::flag)?,
        reason: fields.take("原因").unwrap_or_else(|| usual.to_owned()),
        suggestion: fields.take("建议").unwrap_or_default(),
        untruthful: !fields.read("属实", words::flag)?.unwrap_or(true),
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

/// Fields: 情形 (code of the exclusion), 佐证 (references, joined by 、), 限期 (a Beijing time).
#[when(regex = r#"^(审核员|督查员)判定差评"([^"]+)"(?:[,,]理由"([^"]*)")?$"#)]
async fn judges(world: &mut Rules, post: String, verdict: String, reason: String, step: &Step) -> Result<()> {
    let said = step.value.contains("理由");
    let mut fields = Fields::of(step)?;
    let fix_by = fields.read("限期", clocks::at)?;
    let request = JudgeBadAnswerRequest {
        callback_id: world.callback().await?.callback_id,
        version: 0,
        verdict: words::verdict(&verdict)?.into(),
        reason: if said {
            reason
        } else {
            "现场复核照片与缴费记录".into()
        },
        exclusion: fields.take("情形").unwrap_or_default(),
        evidence: list(fields.take("佐证")),
        fix_by: fix_by.map(|at| prost_types::Timestamp {
            seconds: at.timestamp(),
            nanos: 0,
        }),
    };
    fields.end()?;
    let answer = world
        .stage()?
        .person(&post)?
        .callback()
        .judge_bad_answer(request)
        .await;
    world.settle(answer).await.map(drop)
}

fn list(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split('、')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[when(regex = r#"^回访员选择回访方式"([^"]*)"$"#)]
async fn chooses(world: &mut Rules, way: String) -> Result<()> {
    let request = ChooseWayRequest {
        callback_id: world.callback().await?.callback_id,
        version: 0,
        way: way_of(&way)?.to_owned(),
    };
    let answer = world.callers()?.callback.callback().choose_way(request).await;
    world.settle(answer).await.map(drop)
}

/// The product's word for a way: 短信回访, 电话回访, 网络回访, 智能外呼.
fn way_of(word: &str) -> Result<&'static str> {
    let known = hotline_policy::Way::ALL.iter().find(|way| way.zh() == word);
    Ok(known.with_context(|| format!("没有回访方式“{word}”"))?.as_str())
}

#[when(regex = r#"^诉求人回复短信"([^"]*)"$"#)]
async fn writes_back(world: &mut Rules, text: String) -> Result<()> {
    let request = RecordMessageRequest {
        callback_id: world.callback().await?.callback_id,
        text,
    };
    let answer = world.callers()?.service.callback().record_message(request).await;
    world.settle(answer).await.map(drop)
}

/// Fields: 内容, 签字, 盖章 (是/否), 上传编号. 单位: whose clerk files it; the lead's where none is named.
#[when(regex = r#"^(?:"([^"]+)"|承办单位)提交(不满意诉求审核反馈表|履职情况说明)$"#)]
async fn files(world: &mut Rules, unit: String, kind: String, step: &Step) -> Result<()> {
    let mut fields = Fields::of(step)?;
    let kind = if kind == "履职情况说明" {
        "duty_statement"
    } else {
        "audit_form"
    };
    let paper = Paper {
        kind: kind.into(),
        text: fields
            .take("内容")
            .unwrap_or_else(|| "已依法办理并两次答复".into()),
        signed_by: fields.take("签字").unwrap_or_else(|| "主要负责人".into()),
        sealed: fields.read("盖章", words::flag)?.unwrap_or(true),
        reference: fields.take("上传编号").unwrap_or_else(|| "FK-2026-001".into()),
        ..Paper::default()
    };
    fields.end()?;
    let unit = if unit.is_empty() {
        unit_of(&world.leg("").await?)
    } else {
        world.stage()?.unit(&unit)?
    };
    let request = FilePaperRequest {
        order_id: world.id()?,
        paper: Some(paper),
    };
    let answer = world
        .callers()?
        .clerk(&unit)?
        .callback()
        .file_paper(request)
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

#[then(regex = r#"^(?:(第一|第二|第三)轮)?回访方式为"([^"]*)"$"#)]
async fn is_asked_by(world: &mut Rules, _round: String, way: String) -> Result<()> {
    let (expected, found) = (way_of(&way)?, world.callback().await?.way);
    ensure!(found == expected, "回访方式是 {found}");
    Ok(())
}

/// What a call-back shows, by its Chinese name.
fn shown(callback: &Callback, field: &str) -> Result<String> {
    let paper = callback.paper.clone().unwrap_or_default();
    let yes = |flag: bool| if flag { "是" } else { "否" }.to_owned();
    let asked = |flag: Option<bool>| flag.map_or_else(|| "未问".to_owned(), yes);
    Ok(match field {
        "满意度" => words::satisfaction_zh(callback.satisfaction()).to_owned(),
        "解决" => asked(callback.solved),
        "联系过" => asked(callback.contacted),
        "属实" => yes(!callback.untruthful),
        "原因" => callback.reason.clone(),
        "建议" => callback.suggestion.clone(),
        "情形" => callback.exclusion.clone(),
        "可选情形" => callback
            .exclusions
            .iter()
            .map(|listed| listed.name.as_str())
            .collect::<Vec<_>>()
            .join("、"),
        "情形名称" => callback.exclusion_name.clone(),
        "依据" => callback.article.clone(),
        "佐证" => callback.evidence.join("、"),
        "发送" => callback.delivery.clone(),
        "不满意次数" => callback.bad_answers.to_string(),
        "待反馈表" => yes(callback.awaits_form),
        "反馈表签字" => paper.signed_by,
        "反馈表盖章" => yes(paper.sealed),
        "反馈表编号" => paper.reference,
        "先前答复" => callback
            .earlier
            .iter()
            .map(|given| format!("{}:{}", given.way, words::satisfaction_zh(given.satisfaction())))
            .collect::<Vec<_>>()
            .join("、"),
        other => anyhow::bail!("回访没有“{other}”"),
    })
}

#[then(regex = r#"^回访的"([^"]+)"为"([^"]*)"$"#)]
async fn callback_has(world: &mut Rules, field: String, expected: String) -> Result<()> {
    let found = shown(&world.callback().await?, &field)?;
    ensure!(found == expected, "回访的{field}是“{found}”");
    Ok(())
}

#[then(regex = r#"^首次满意度为"([^"]*)"[,,]最终满意度为"([^"]*)"$"#)]
async fn first_and_last(world: &mut Rules, first: String, last: String) -> Result<()> {
    let request = GetSatisfactionRequest {
        order_id: world.id()?,
    };
    let mut desk = world.callers()?.callback.callback();
    let answer = desk.get_satisfaction(request).await?.into_inner();
    let found = [answer.first(), answer.last()].map(words::satisfaction_zh);
    ensure!(
        found == [first.as_str(), last.as_str()],
        "首次“{}”,最终“{}”",
        found[0],
        found[1]
    );
    Ok(())
}

#[then(regex = r#"^该评价(不纳入|纳入)回访评价考核(?:[,,]情形"([^"]*)")?$"#)]
async fn counts(world: &mut Rules, whether: String, exclusion: String) -> Result<()> {
    let request = GetSatisfactionRequest {
        order_id: world.id()?,
    };
    let mut desk = world.callers()?.callback.callback();
    let answer = desk.get_satisfaction(request).await?.into_inner();
    ensure!(answer.excluded == (whether == "不纳入"), "{answer:?}");
    ensure!(answer.exclusion == exclusion, "情形是“{}”", answer.exclusion);
    Ok(())
}

#[then(regex = r"^共回访 (\d+) 次$")]
async fn called_back(world: &mut Rules, count: usize) -> Result<()> {
    let found = world.callers()?.callbacks(&world.id()?).await?.len();
    ensure!(found == count, "回访任务有 {found} 个");
    Ok(())
}

/// Fields: 来源, 编号, 内容.
#[when(
    regex = r#"^(坐席|回访员|企服专员|系统)登记好差评[,,]单位"([^"]+)"[,,]事项"([^"]*)"[,,]评价"([^"]*)"$"#
)]
async fn reviews(
    world: &mut Rules,
    post: String,
    unit: String,
    subject: String,
    satisfaction: String,
    step: &Step,
) -> Result<()> {
    let mut fields = Fields::of(step)?;
    let request = RecordReviewRequest {
        source: fields.take("来源").unwrap_or_else(|| "hcp".into()),
        source_reference: fields.take("编号").unwrap_or_default(),
        unit_id: world.stage()?.unit(&unit)?,
        subject,
        satisfaction: words::satisfaction(&satisfaction)?.into(),
        words: fields.take("内容").unwrap_or_default(),
    };
    fields.end()?;
    let answer = world
        .stage()?
        .person(&post)?
        .callback()
        .record_review(request)
        .await;
    let answer = world.settle(answer).await?;
    if let Some(review) = answer.and_then(|answer| answer.into_inner().review) {
        world.notes.insert("好差评".into(), review.review_id);
    }
    Ok(())
}

fn review_id(world: &Rules) -> Result<String> {
    world.notes.get("好差评").cloned().context("没有登记好差评")
}

#[when(regex = r#"^审核员核实差评(属实|不属实)[,,]说明"([^"]*)"$"#)]
async fn verifies(world: &mut Rules, founded: String, words: String) -> Result<()> {
    let request = VerifyReviewRequest {
        review_id: review_id(world)?,
        founded: founded == "属实",
        words,
    };
    let answer = world.callers()?.reviewer.callback().verify_review(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^"([^"]+)"整改差评[,,]说明"([^"]*)"$"#)]
async fn rectifies(world: &mut Rules, unit: String, words: String) -> Result<()> {
    let unit = world.stage()?.unit(&unit)?;
    let request = RectifyReviewRequest {
        review_id: review_id(world)?,
        words,
    };
    let clerk = world.callers()?.clerk(&unit)?;
    let answer = clerk.callback().rectify_review(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^审核员(认可|退回)差评整改(?:[,,]说明"([^"]*)")?$"#)]
async fn confirms(world: &mut Rules, whether: String, words: String) -> Result<()> {
    let request = ConfirmRectificationRequest {
        review_id: review_id(world)?,
        confirmed: whether == "认可",
        words,
    };
    let answer = world
        .callers()?
        .reviewer
        .callback()
        .confirm_rectification(request)
        .await;
    world.settle(answer).await.map(drop)
}

/// States: 好评 待核实 待整改 待确认 已整改 不属实.
#[then(regex = r#"^好差评状态为"([^"]*)"$"#)]
async fn review_stands(world: &mut Rules, state: String) -> Result<()> {
    let id = review_id(world)?;
    let mut desk = world.callers()?.reviewer.callback();
    let answer = desk.list_reviews(ListReviewsRequest::default()).await?;
    let reviews = answer.into_inner().reviews;
    let found = reviews.iter().find(|review| review.review_id == id);
    let found = review_state(found.context("列表里没有这条评价")?);
    ensure!(found == state, "好差评是“{found}”");
    Ok(())
}

fn review_state(review: &Review) -> &'static str {
    use hotline_proto::callback::v1::ReviewState;
    match review.state() {
        ReviewState::Unspecified => "",
        ReviewState::Good => "好评",
        ReviewState::ToVerify => "待核实",
        ReviewState::ToRectify => "待整改",
        ReviewState::ToConfirm => "待确认",
        ReviewState::Rectified => "已整改",
        ReviewState::Unfounded => "不属实",
    }
}
