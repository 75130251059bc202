//! The unit's hand on its leg: acknowledge, sign, contact, delegate, reply; and a whole handling in one step.

use anyhow::Result;
use cucumber::gherkin::Step;
use cucumber::when;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{
    AcknowledgeLegRequest, DecideReplyInUnitRequest, DelegateLegRequest, Leg, LegState, RecordContactRequest,
    ReplyLegRequest, SignLegRequest,
};
use hotline_tests::support::clocks;
use hotline_tests::support::steps::{full_reply, unit_of};

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
    if world.settle(answer).await?.is_some() {
        pass_inside(world, &world.leg(&unit).await?).await?;
    }
    world.quiet_unless_refused().await
}

/// Passes a submitted reply through every level of its unit, where the city has such.
async fn pass_inside(world: &Rules, leg: &Leg) -> Result<()> {
    let unit = unit_of(leg);
    let facts = leg.facts.clone().unwrap_or_default();
    let mut waits = leg.awaits_level.clone();
    while !waits.is_empty() {
        let role = format!("unit_{waits}");
        let person = world
            .stage()?
            .somebody(&format!("u-{role}-{unit}"), &[&role], &unit)?;
        let request = DecideReplyInUnitRequest {
            order_id: world.id()?,
            leg_id: facts.leg_id.clone(),
            version: 0,
            approved: true,
            reason: String::new(),
        };
        let order = person
            .routing()
            .decide_reply_in_unit(request)
            .await?
            .into_inner()
            .order;
        let legs = order.map(|order| order.legs).unwrap_or_default();
        let same = |leg: &&Leg| leg.facts.as_ref().is_some_and(|of| of.leg_id == facts.leg_id);
        waits = legs
            .iter()
            .find(same)
            .map(|leg| leg.awaits_level.clone())
            .unwrap_or_default();
    }
    Ok(())
}

/// Signs, contacts, replies and approves, whatever of it is left to do, on every working leg of the round.
#[when("承办单位办结")]
async fn handles(world: &mut Rules) -> Result<()> {
    for kind in [LegKind::CoHandle, LegKind::Lead] {
        let order = world.order().await?;
        for leg in clocks::legs(&order, kind) {
            finish(world, leg).await?;
        }
    }
    world.stage()?.quiet().await
}

async fn finish(world: &Rules, leg: &Leg) -> Result<()> {
    let (id, callers) = (world.id()?, world.callers()?);
    if leg.state() == LegState::ToSign {
        callers.sign(&id, leg).await?;
    }
    if leg.contacted_at.is_none() && leg.state() != LegState::Approved {
        callers.contact(&id, leg, NOTE).await?;
    }
    let facts = leg.facts.clone().unwrap_or_default();
    if [LegState::ToSign, LegState::Signed, LegState::SentBack].contains(&leg.state()) {
        let request = ReplyLegRequest {
            order_id: id.clone(),
            leg_id: facts.leg_id.clone(),
            version: 0,
            reply: Some(full_reply("经核查情况属实,已责令改正,感谢您的监督。")),
        };
        let clerk = callers.clerk(&unit_of(leg))?;
        let order = clerk.routing().reply_leg(request).await?.into_inner().order;
        let legs = order.map(|order| order.legs).unwrap_or_default();
        let same = |leg: &&Leg| leg.facts.as_ref().is_some_and(|of| of.leg_id == facts.leg_id);
        if let Some(submitted) = legs.iter().find(same) {
            pass_inside(world, submitted).await?;
        }
    }
    if leg.state() != LegState::Approved {
        callers.approve(&id, leg).await?;
    }
    Ok(())
}
