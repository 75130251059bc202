//! The unit's hand on its leg: acknowledge, sign, contact, delegate, reply; and a whole handling in one step.

use anyhow::Result;
use cucumber::gherkin::Step;
use cucumber::when;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{
    AcknowledgeLegRequest, DelegateLegRequest, Leg, LegState, RecordContactRequest, ReplyLegRequest,
    SignLegRequest,
};
use hotline_tests::support::clocks;
use hotline_tests::support::steps::full_reply;

use super::appeal::reply;
use crate::world::Rules;

/// What a clerk says to the appellant where a scenario does not.
const NOTE: &str = "已联系诉求人,核实情况并告知办理程序和期限";

#[when(regex = r#"^(?:承办单位|"([^"]+)")确认收到$"#)]
async fn acknowledges(world: &mut Rules, unit: String) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = AcknowledgeLegRequest { order_id, leg_id };
    let answer = clerk.routing().acknowledge_leg(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")签收$"#)]
async fn signs(world: &mut Rules, unit: String) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = SignLegRequest {
        order_id,
        leg_id,
        version: 0,
    };
    let answer = clerk.routing().sign_leg(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")联系诉求人(?:[,,]说明"([^"]*)")?$"#)]
async fn contacts(world: &mut Rules, unit: String, note: String, step: &Step) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let said = step.value.contains("说明");
    let request = RecordContactRequest {
        order_id,
        leg_id,
        version: 0,
        note: if said { note } else { NOTE.to_owned() },
    };
    let answer = clerk.routing().record_contact(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")下派给"([^"]+)"[,,]期限到 (\d{4}-\d\d-\d\d \d\d:\d\d)$"#)]
async fn delegates(world: &mut Rules, unit: String, below: String, due: String) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = DelegateLegRequest {
        order_id,
        leg_id,
        version: 0,
        unit_id: world.stage()?.unit(&below)?,
        due_at: Some(clocks::timestamp(&due)?),
    };
    let answer = clerk.routing().delegate_leg(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")答复$"#)]
async fn replies(world: &mut Rules, unit: String, step: &Step) -> Result<()> {
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = ReplyLegRequest {
        order_id,
        leg_id,
        version: 0,
        reply: Some(reply(step)?),
    };
    let answer = clerk.routing().reply_leg(request).await;
    world.settle(answer).await.map(drop)
}

/// Signs, contacts, replies and approves, whatever of it is left to do, on every working leg of the round.
#[when("承办单位办结")]
async fn handles(world: &mut Rules) -> Result<()> {
    let order = world.order().await?;
    let (id, callers) = (world.id()?, world.callers()?);
    for kind in [LegKind::CoHandle, LegKind::Lead] {
        for leg in clocks::legs(&order, kind) {
            finish(callers, &id, leg).await?;
        }
    }
    world.stage()?.quiet().await
}

async fn finish(callers: &hotline_tests::support::Callers, id: &str, leg: &Leg) -> Result<()> {
    if leg.state() == LegState::ToSign {
        callers.sign(id, leg).await?;
    }
    if leg.contacted_at.is_none() && leg.state() != LegState::Approved {
        callers.contact(id, leg, NOTE).await?;
    }
    if [LegState::ToSign, LegState::Signed, LegState::SentBack].contains(&leg.state()) {
        let reply = full_reply("经核查情况属实,已责令改正,感谢您的监督。");
        callers.reply(id, leg, reply).await?;
    }
    if leg.state() != LegState::Approved {
        callers.approve(id, leg).await?;
    }
    Ok(())
}
