//! The whistle, the acceptance of what several units did, and the statements that units owe.

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{then, when};
use hotline_proto::routing::v1::{
    AcceptResultRequest, BlowWhistleRequest, DecideWhistleRequest, FileStatementRequest,
    RecordWhistleMeetingRequest, WhistleDuty,
};

use super::order::units;
use super::requests::attachments;
use crate::table::{Fields, rows};
use crate::words;
use crate::world::Rules;

#[when(regex = r#"^(?:承办单位|"([^"]+)")吹哨[,,]事项"([^"]*)"[,,]召集"([^"]*)"$"#)]
async fn blows(world: &mut Rules, unit: String, matter: String, names: String) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = BlowWhistleRequest {
        order_id,
        leg_id,
        version: 0,
        matter,
        unit_ids: units(world, &names)?,
    };
    let answer = clerk.routing().blow_whistle(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(派单员|审核员|督查员|专班)(不?同意)吹哨[,,]理由"([^"]*)"$"#)]
async fn decides(world: &mut Rules, post: String, how: String, reason: String) -> Result<()> {
    let request = DecideWhistleRequest {
        order_id: world.id()?,
        version: 0,
        agreed: how == "同意",
        reason,
    };
    let person = world.stage()?.person(&post)?;
    let answer = person.routing().decide_whistle(request).await;
    world.settle(answer).await.map(drop)
}

/// With a table of units and their duties.
#[when(regex = r#"^(?:承办单位|"([^"]+)")召开研判会议[,,]纪要"([^"]*)"$"#)]
async fn meets(world: &mut Rules, unit: String, minutes: String, step: &Step) -> Result<()> {
    let (clerk, order_id, _) = world.clerk(&unit).await?;
    let mut duties = Vec::new();
    for row in rows(step)? {
        let unit = row.get("单位").context("数据表要有“单位”")?;
        duties.push(WhistleDuty {
            unit_id: world.stage()?.unit(unit)?,
            duty: row.get("职责").cloned().unwrap_or_default(),
        });
    }
    let request = RecordWhistleMeetingRequest {
        order_id,
        version: 0,
        minutes,
        duties,
    };
    let answer = clerk.routing().record_whistle_meeting(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^"([^"]+)"的职责为"([^"]*)"$"#)]
async fn has_duty(world: &mut Rules, unit: String, duty: String) -> Result<()> {
    let found = world.leg(&unit).await?.duty;
    ensure!(found == duty, "职责是“{found}”");
    Ok(())
}

/// With a table: 方式 意见 佐证 责任单位 配合单位.
#[when(regex = r#"^(专班|审核员|督查员)验收(不?通过)$"#)]
async fn accepts(world: &mut Rules, post: String, how: String, step: &Step) -> Result<()> {
    let mut fields = Fields::of(step)?;
    let ways = fields.take("方式").unwrap_or_else(|| "文字".into());
    let ways = ways.split('、').filter(|word| !word.is_empty());
    let request = AcceptResultRequest {
        order_id: world.id()?,
        version: 0,
        passed: how == "通过",
        ways: ways.map(words::acceptance_way).collect::<Result<_>>()?,
        words: fields
            .take("意见")
            .unwrap_or_else(|| "查看材料和现场,结论如上".into()),
        evidence: fields.take("佐证").map(attachments).unwrap_or_default(),
        responsible_unit_ids: units(world, &fields.take("责任单位").unwrap_or_default())?,
        cooperating_unit_ids: units(world, &fields.take("配合单位").unwrap_or_default())?,
    };
    fields.end()?;
    let person = world.stage()?.person(&post)?;
    let answer = person.routing().accept_result(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^工单(等待|不等待)验收$"#)]
async fn awaits(world: &mut Rules, how: String) -> Result<()> {
    let found = world.order().await?.awaits_acceptance;
    ensure!(found == (how == "等待"), "等待验收:{found}");
    Ok(())
}

/// With a table: 内容 签字 盖章.
#[when(regex = r#"^(?:承办单位|"([^"]+)")提交情况说明$"#)]
async fn files(world: &mut Rules, unit: String, step: &Step) -> Result<()> {
    let mut fields = Fields::of(step)?;
    let (clerk, order_id, _) = world.clerk(&unit).await?;
    let request = FileStatementRequest {
        order_id,
        version: 0,
        text: fields
            .take("内容")
            .unwrap_or_else(|| "现将有关情况说明如下".into()),
        signed_by: fields.take("签字").unwrap_or_default(),
        sealed: fields.read("盖章", words::flag)?.unwrap_or_default(),
        document: None,
    };
    fields.end()?;
    let answer = clerk.routing().file_statement(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^"([^"]+)"(欠|已交|没有)(验收不通过情况说明|履职情况说明)$"#)]
async fn owes(world: &mut Rules, unit: String, how: String, kind: String) -> Result<()> {
    let unit = world.stage()?.unit(&unit)?;
    let kind = if kind == "履职情况说明" {
        "duty_performance"
    } else {
        "acceptance_failed"
    };
    let statements = world.order().await?.statements;
    let mut of_unit = statements
        .iter()
        .filter(|statement| statement.unit_id == unit && statement.kind == kind);
    let found = match of_unit.next_back() {
        None => "没有",
        Some(statement) if statement.filed_at.is_some() => "已交",
        Some(_) => "欠",
    };
    ensure!(found == how, "实际是“{found}”");
    Ok(())
}
