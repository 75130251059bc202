//! The list of callers who harass the hotline.

use anyhow::{Context, Result, ensure};
use cucumber::{then, when};
use hotline_proto::intake::v1::{
    CallerMark, CallerMarkState, LiftCallerMarkRequest, ListCallerMarksRequest, MarkCallerRequest,
    ReviewCallerMarkRequest,
};

use super::appeal::MARK_SHOWN;
use crate::world::Rules;

/// The newest mark.
async fn newest(world: &Rules) -> Result<CallerMark> {
    let request = ListCallerMarksRequest { state: 0 };
    let answer = world
        .callers()?
        .leader
        .intake()
        .list_caller_marks(request)
        .await?;
    answer
        .into_inner()
        .marks
        .into_iter()
        .next()
        .context("没有来电标记")
}

#[when(regex = r#"^(坐席|班长)标记来电人[,,]情形"([^"]*)"[,,]证据"([^"]*)"$"#)]
async fn marks(world: &mut Rules, role: String, evidence: String, references: String) -> Result<()> {
    let references = references.split('、').filter(|text| !text.is_empty());
    let request = MarkCallerRequest {
        appeal_id: world.id()?,
        evidence,
        references: references.map(str::to_owned).collect(),
    };
    let answer = world.stage()?.person(&role)?.intake().mark_caller(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(班长|督查员)(不予)?确认来电标记[,,]理由"([^"]*)"$"#)]
async fn reviews(world: &mut Rules, role: String, not: String, note: String) -> Result<()> {
    let request = ReviewCallerMarkRequest {
        mark_id: newest(world).await?.mark_id,
        confirm: not.is_empty(),
        note,
    };
    let answer = world
        .stage()?
        .person(&role)?
        .intake()
        .review_caller_mark(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(班长|督查员)解除来电标记[,,]理由"([^"]*)"$"#)]
async fn lifts(world: &mut Rules, role: String, note: String) -> Result<()> {
    let request = LiftCallerMarkRequest {
        mark_id: newest(world).await?.mark_id,
        note,
    };
    let answer = world
        .stage()?
        .person(&role)?
        .intake()
        .lift_caller_mark(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^来电标记为"([^"]+)"$"#)]
async fn mark_stands(world: &mut Rules, state: String) -> Result<()> {
    let found = match newest(world).await?.state() {
        CallerMarkState::Proposed => "待复核",
        CallerMarkState::Confirmed => "已确认",
        CallerMarkState::Refused => "未确认",
        CallerMarkState::Lifted => "已解除",
        CallerMarkState::Expired => "已到期",
        CallerMarkState::Unspecified => "",
    };
    ensure!(found == state, "来电标记是{found}");
    Ok(())
}

#[then(regex = r#"^登记时提示来电标记"([^"]+)"$"#)]
async fn mark_is_shown(world: &mut Rules, evidence: String) -> Result<()> {
    world.stage()?;
    let shown = world.notes.get(MARK_SHOWN).map_or("", String::as_str);
    ensure!(shown.contains(&evidence), "登记时的提示是“{shown}”");
    Ok(())
}

#[then("登记时没有来电标记提示")]
async fn no_mark_is_shown(world: &mut Rules) -> Result<()> {
    world.stage()?;
    let shown = world.notes.get(MARK_SHOWN).context("还没有登记诉求")?;
    ensure!(shown.is_empty(), "登记时的提示是“{shown}”");
    Ok(())
}
