//! Inside a unit and between units: levels of approval, coordination, guidance, whose duty it is, written opinions.

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{then, when};
use hotline_proto::routing::v1::{
    AddCoHandlersRequest, CoordinateLegRequest, DecideReplyInUnitRequest, GetWrittenOpinionRequest,
    GuideLegRequest, HandUpOrderRequest, IssueWrittenOpinionRequest, ListOrdersRequest,
    RecordDeterminationRequest, ReplyLegRequest, RequestDeterminationRequest, RequestWrittenOpinionRequest,
};
use hotline_tests::support::callers::Person;
use hotline_tests::support::steps::unit_of;

use super::appeal::reply;
use super::order::units;
use crate::world::Rules;

/// Somebody of the unit that a leg is sent to, by the post inside it.
async fn inside(world: &Rules, unit: &str, post: &str) -> Result<(Person, String, String)> {
    let leg = world.leg(unit).await?;
    let unit = unit_of(&leg);
    let role = match post {
        "经办人" => "unit_clerk",
        "科室负责人" => "unit_section",
        "分管领导" => "unit_leader",
        _ => anyhow::bail!("单位里没有岗位“{post}”"),
    };
    let person = world
        .stage()?
        .somebody(&format!("u-{role}-{unit}"), &[role], &unit)?;
    let facts = leg.facts.context("a leg has facts")?;
    Ok((person, world.id()?, facts.leg_id))
}

/// The clerk of a unit that need not have a leg.
fn clerk_of(world: &Rules, unit: &str) -> Result<(Person, String)> {
    let unit = world.stage()?.unit(unit)?;
    Ok((world.callers()?.clerk(&unit)?, unit))
}

/// Only submits; the levels of the unit are left to other steps.
#[when(regex = r#"^(?:承办单位|"([^"]+)")(经办人|科室负责人|分管领导)提交答复$"#)]
async fn submits(world: &mut Rules, unit: String, post: String, step: &Step) -> Result<()> {
    let (person, order_id, leg_id) = inside(world, &unit, &post).await?;
    let request = ReplyLegRequest {
        order_id,
        leg_id,
        version: 0,
        reply: Some(reply(step)?),
    };
    let answer = person.routing().reply_leg(request).await;
    world.settle(answer).await.map(drop)
}

#[when(
    regex = r#"^(?:承办单位|"([^"]+)")(经办人|科室负责人|分管领导)(审核通过|退回)答复(?:[,,]理由"([^"]*)")?$"#
)]
async fn decides_inside(
    world: &mut Rules,
    unit: String,
    post: String,
    how: String,
    reason: String,
) -> Result<()> {
    let (person, order_id, leg_id) = inside(world, &unit, &post).await?;
    let request = DecideReplyInUnitRequest {
        order_id,
        leg_id,
        version: 0,
        approved: how == "审核通过",
        reason,
    };
    let answer = person.routing().decide_reply_in_unit(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^(?:承办单位|"([^"]+)")的答复等待"([^"]+)"审核$"#)]
async fn awaits(world: &mut Rules, unit: String, level: String) -> Result<()> {
    let found = world.leg(&unit).await?.awaits_level;
    let level = match level.as_str() {
        "科室负责人" => "section",
        "分管领导" => "leader",
        other => other,
    };
    ensure!(found == level, "等待的是“{found}”");
    Ok(())
}

#[when(regex = r#"^派单员增派协办"([^"]*)"[,,]理由"([^"]*)"$"#)]
async fn joins(world: &mut Rules, names: String, reason: String) -> Result<()> {
    let request = AddCoHandlersRequest {
        order_id: world.id()?,
        version: 0,
        unit_ids: units(world, &names)?,
        reason,
    };
    let answer = world
        .callers()?
        .dispatcher
        .routing()
        .add_co_handlers(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")牵头协调[,,]说明"([^"]*)"$"#)]
async fn coordinates(world: &mut Rules, unit: String, note: String) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = CoordinateLegRequest {
        order_id,
        leg_id,
        version: 0,
        note,
    };
    let answer = clerk.routing().coordinate_leg(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^"([^"]+)"督促"([^"]+)"办理[,,]说明"([^"]*)"$"#)]
async fn guides(world: &mut Rules, above: String, below: String, note: String) -> Result<()> {
    let (clerk, _) = clerk_of(world, &above)?;
    let leg = world.leg(&below).await?;
    let request = GuideLegRequest {
        order_id: world.id()?,
        leg_id: leg.facts.context("a leg has facts")?.leg_id,
        version: 0,
        note,
    };
    let answer = clerk.routing().guide_leg(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^"([^"]+)"(能|不能)看到下级的这张工单$"#)]
async fn sees_below(world: &mut Rules, above: String, how: String) -> Result<()> {
    let (clerk, _) = clerk_of(world, &above)?;
    let request = ListOrdersRequest {
        subordinates: true,
        ..ListOrdersRequest::default()
    };
    let orders = clerk.routing().list_orders(request).await?.into_inner().orders;
    let id = world.id()?;
    let seen = orders
        .iter()
        .any(|order| order.facts.as_ref().is_some_and(|facts| facts.order_id == id));
    ensure!(seen == (how == "能"), "看到 {} 张下级工单", orders.len());
    Ok(())
}

#[when(regex = r#"^督查员提请"([^"]*)"认定职责[,,]问题"([^"]*)"$"#)]
async fn asks_duty(world: &mut Rules, body: String, question: String) -> Result<()> {
    let request = RequestDeterminationRequest {
        order_id: world.id()?,
        version: 0,
        body_unit_id: world.stage()?.unit(&body)?,
        question,
    };
    let answer = world
        .callers()?
        .supervisor
        .routing()
        .request_determination(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^"([^"]+)"出具认定意见[,,]由"([^"]*)"办理[,,]意见"([^"]*)"$"#)]
async fn finds(world: &mut Rules, body: String, lead: String, words: String) -> Result<()> {
    let (clerk, _) = clerk_of(world, &body)?;
    let request = RecordDeterminationRequest {
        order_id: world.id()?,
        version: 0,
        lead_unit_id: world.stage()?.unit(&lead)?,
        words,
        ..RecordDeterminationRequest::default()
    };
    let answer = clerk.routing().record_determination(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员会商[,,]参加"([^"]*)"[,,]由"([^"]*)"办理[,,]纪要"([^"]*)"$"#)]
async fn meets(world: &mut Rules, names: String, lead: String, words: String) -> Result<()> {
    let request = RecordDeterminationRequest {
        order_id: world.id()?,
        version: 0,
        participant_unit_ids: units(world, &names)?,
        lead_unit_id: world.stage()?.unit(&lead)?,
        words,
    };
    let answer = world
        .callers()?
        .supervisor
        .routing()
        .record_determination(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^工单保存的(?:认定意见|会商纪要)为"([^"]*)"$"#)]
async fn keeps_finding(world: &mut Rules, words: String) -> Result<()> {
    let findings = world.order().await?.findings;
    let last = findings.last().context("没有认定意见或会商纪要")?;
    ensure!(last.words == words, "保存的是“{}”", last.words);
    Ok(())
}

#[then(regex = r#"^工单的处置方式为"([^"]+)"$"#)]
async fn disposed(world: &mut Rules, way: String) -> Result<()> {
    let found = world.order().await?.disposition;
    ensure!(found == crate::words::disposition(&way)?, "处置方式是“{found}”");
    Ok(())
}

#[when(regex = r#"^专班把工单退回上级平台[,,]理由"([^"]*)"$"#)]
async fn hands_up(world: &mut Rules, reason: String) -> Result<()> {
    let request = HandUpOrderRequest {
        order_id: world.id()?,
        version: 0,
        reason,
    };
    let answer = world
        .stage()?
        .person("专班")?
        .routing()
        .hand_up_order(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^坐席登记书面办理意见要求[,,]说明"([^"]*)"$"#)]
async fn asks_opinion(world: &mut Rules, note: String) -> Result<()> {
    let request = RequestWrittenOpinionRequest {
        order_id: world.id()?,
        version: 0,
        note,
    };
    let answer = world
        .callers()?
        .agent
        .routing()
        .request_written_opinion(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")出具书面办理意见"([^"]*)"$"#)]
async fn issues_opinion(world: &mut Rules, unit: String, opinion: String) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = IssueWrittenOpinionRequest {
        order_id,
        leg_id,
        version: 0,
        opinion,
    };
    let answer = clerk.routing().issue_written_opinion(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^打印的书面办理意见包含"([^"]+)"$"#)]
async fn prints(world: &mut Rules, words: String) -> Result<()> {
    let request = GetWrittenOpinionRequest { order: world.id()? };
    let printed = world
        .callers()?
        .agent
        .routing()
        .get_written_opinion(request)
        .await?;
    let document = printed.into_inner().document;
    ensure!(document.contains(&words), "打印的是:\n{document}");
    Ok(())
}

#[then("打印的书面办理意见有工单编号")]
async fn prints_number(world: &mut Rules) -> Result<()> {
    let number = world.matter()?.number.clone();
    prints(world, number).await
}

#[when("坐席查看书面办理意见")]
async fn looks_at_opinion(world: &mut Rules) -> Result<()> {
    let request = GetWrittenOpinionRequest { order: world.id()? };
    let answer = world
        .callers()?
        .agent
        .routing()
        .get_written_opinion(request)
        .await;
    world.settle(answer).await.map(drop)
}
