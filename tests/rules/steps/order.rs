//! The platform's hand on an order: claim, dispatch, determination, review, redo, close, archive; and where it stands.

use anyhow::{Result, ensure};
use cucumber::{then, when};
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{
    ArchiveOrderRequest, ClaimOrderRequest, CloseOrderRequest, DetermineOrderRequest, DispatchOrderRequest,
    RedoOrderRequest, ReleaseOrderRequest, ReviewReplyRequest, SuggestDispatchRequest,
};
use hotline_tests::support::clocks;
use hotline_tests::support::steps::unit_of;

use crate::words;
use crate::world::Rules;

/// The identifiers of units named one after another.
pub fn units(world: &Rules, names: &str) -> Result<Vec<String>> {
    let stage = world.stage()?;
    names
        .split('、')
        .filter(|name| !name.is_empty())
        .map(|name| stage.unit(name))
        .collect()
}

#[when("派单员认领")]
async fn claims(world: &mut Rules) -> Result<()> {
    let request = ClaimOrderRequest {
        order_id: world.id()?,
        version: 0,
    };
    let answer = world.callers()?.dispatcher.routing().claim_order(request).await;
    world.settle(answer).await.map(drop)
}

#[when("派单员放回")]
async fn releases(world: &mut Rules) -> Result<()> {
    let request = ReleaseOrderRequest {
        order_id: world.id()?,
        version: 0,
    };
    let answer = world.callers()?.dispatcher.routing().release_order(request).await;
    world.settle(answer).await.map(drop)
}

/// Claims an unclaimed order on the way.
#[when(regex = r#"^派单员(?:按目录派单|派单给"([^"]+)")(?:[,,]协办"([^"]+)")?(?:[,,]理由"([^"]+)")?$"#)]
async fn dispatches(world: &mut Rules, lead: String, co_handlers: String, basis: String) -> Result<()> {
    send(world, &lead, &co_handlers, basis, ["", "", ""]).await
}

/// A special seat or window linked in, or a special service, instead of an ordinary order (Xuzhou art. 12(2)).
#[when(regex = r#"^派单员按目录派单[,,]处置方式"([^"]*)"$"#)]
async fn dispatches_by(world: &mut Rules, way: String) -> Result<()> {
    let way = words::disposition(&way)?;
    send(world, "", "", String::new(), ["", "", way]).await
}

/// The limit that a law or the order's channel sets stands above the city's.
#[when(regex = r#"^派单员按目录派单[,,]法定期限"([^"]*)"[,,]期限依据"([^"]*)"$"#)]
async fn dispatches_within(world: &mut Rules, limit: String, basis: String) -> Result<()> {
    let limit = super::platform::limit(&limit)?.to_string();
    send(world, "", "", String::new(), [&limit, &basis, ""]).await
}

/// The desk has spoken with the unit before (Nanchang art. 15).
#[when(regex = r#"^派单员先与承办单位沟通"([^"]*)"[,,]再按目录派单$"#)]
async fn dispatches_after(world: &mut Rules, spoken: String) -> Result<()> {
    send_after(world, "", "", String::new(), ["", "", "", &spoken]).await
}

async fn send(
    world: &mut Rules,
    lead: &str,
    co_handlers: &str,
    basis: String,
    [limit, limit_basis, disposition]: [&str; 3],
) -> Result<()> {
    send_after(
        world,
        lead,
        co_handlers,
        basis,
        [limit, limit_basis, disposition, ""],
    )
    .await
}

async fn send_after(
    world: &mut Rules,
    lead: &str,
    co_handlers: &str,
    basis: String,
    [limit, limit_basis, disposition, spoken]: [&str; 4],
) -> Result<()> {
    let (id, order) = (world.id()?, world.order().await?);
    let lead_unit_id = units(world, lead)?.pop().unwrap_or_default();
    let co_handler_unit_ids = units(world, co_handlers)?;
    let request = DispatchOrderRequest {
        order_id: id.clone(),
        version: 0,
        lead_unit_id,
        co_handler_unit_ids,
        basis,
        limit: limit.to_owned(),
        limit_basis: limit_basis.to_owned(),
        disposition: disposition.to_owned(),
        spoken: spoken.to_owned(),
    };
    let callers = world.callers()?;
    if order.claimed_by.is_empty() && order.state() == hotline_proto::routing::v1::OrderState::PreReview {
        callers.claim(&id).await?;
    }
    let answer = callers.dispatcher.routing().dispatch_order(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员审定给"([^"]+)"(?:[,,]协办"([^"]+)")?[,,]理由"([^"]*)"$"#)]
async fn determines(world: &mut Rules, lead: String, co_handlers: String, reason: String) -> Result<()> {
    let request = DetermineOrderRequest {
        order_id: world.id()?,
        version: 0,
        lead_unit_id: world.stage()?.unit(&lead)?,
        co_handler_unit_ids: units(world, &co_handlers)?,
        reason,
    };
    let answer = world
        .callers()?
        .supervisor
        .routing()
        .determine_order(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^审核员通过(?:承办单位|"([^"]+)")的答复$"#)]
async fn approves(world: &mut Rules, unit: String) -> Result<()> {
    let (_, order_id, leg_id) = world.clerk(&unit).await?;
    let request = ReviewReplyRequest {
        order_id,
        leg_id,
        approved: true,
        ..Default::default()
    };
    let answer = world.callers()?.reviewer.routing().review_reply(request).await;
    world.settle(answer).await.map(drop)
}

/// Faults: not_standard, not_concrete, not_complete.
#[when(regex = r#"^审核员发回(?:承办单位|"([^"]+)")的答复[,,]问题"([^"]*)"[,,]理由"([^"]*)"$"#)]
async fn sends_back(world: &mut Rules, unit: String, faults: String, reason: String) -> Result<()> {
    let (_, order_id, leg_id) = world.clerk(&unit).await?;
    let faults = faults
        .split('、')
        .filter(|fault| !fault.is_empty())
        .map(str::to_owned);
    let request = ReviewReplyRequest {
        order_id,
        leg_id,
        faults: faults.collect(),
        reason,
        ..Default::default()
    };
    let answer = world.callers()?.reviewer.routing().review_reply(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(审核员|督查员)要求重办[,,]理由"([^"]*)"$"#)]
async fn redoes(world: &mut Rules, post: String, reason: String) -> Result<()> {
    let request = RedoOrderRequest {
        order_id: world.id()?,
        version: 0,
        reason,
    };
    let answer = world.stage()?.person(&post)?.routing().redo_order(request).await;
    world.settle(answer).await.map(drop)
}

/// Outcomes: excluded, final.
#[when(regex = r#"^(审核员|督查员)结案[,,]结果"([^"]*)"[,,]理由"([^"]*)"$"#)]
async fn closes(world: &mut Rules, post: String, outcome: String, reason: String) -> Result<()> {
    let request = CloseOrderRequest {
        order_id: world.id()?,
        version: 0,
        outcome,
        reason,
    };
    let answer = world.stage()?.person(&post)?.routing().close_order(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r"^(审核员|督查员)归档$")]
async fn archives(world: &mut Rules, post: String) -> Result<()> {
    let request = ArchiveOrderRequest {
        order_id: world.id()?,
        version: 0,
    };
    let answer = world
        .stage()?
        .person(&post)?
        .routing()
        .archive_order(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^工单状态为"([^"]*)"$"#)]
async fn order_stands(world: &mut Rules, state: String) -> Result<()> {
    let (expected, order) = (words::order_state(&state)?, world.order().await?);
    ensure!(
        order.state() == expected,
        "工单是 {},不是“{state}”",
        order.state().as_str_name()
    );
    Ok(())
}

#[then(regex = r#"^(?:承办单位|"([^"]+)")的派送状态为"([^"]*)"$"#)]
async fn leg_stands(world: &mut Rules, unit: String, state: String) -> Result<()> {
    let (expected, leg) = (words::leg_state(&state)?, world.leg(&unit).await?);
    ensure!(
        leg.state() == expected,
        "派送是 {},不是“{state}”",
        leg.state().as_str_name()
    );
    Ok(())
}

#[then(regex = r#"^工单由"([^"]+)"承办(?:[,,]"([^"]+)"协办)?$"#)]
async fn order_is_with(world: &mut Rules, lead: String, co_handlers: String) -> Result<()> {
    let order = world.order().await?;
    let of = |kind| {
        clocks::legs(&order, kind)
            .into_iter()
            .map(unit_of)
            .collect::<Vec<_>>()
    };
    let (leads, co) = (of(LegKind::Lead), of(LegKind::CoHandle));
    ensure!(leads == [world.stage()?.unit(&lead)?], "主办是 {leads:?}");
    ensure!(co == units(world, &co_handlers)?, "协办是 {co:?}");
    Ok(())
}

#[then(regex = r"^工单在第 ?(\d+) ?轮$")]
async fn order_is_in_round(world: &mut Rules, round: i32) -> Result<()> {
    let order = world.order().await?;
    let found = order.facts.map_or(0, |facts| facts.round);
    ensure!(found == round, "工单在第 {found} 轮");
    Ok(())
}

#[then(regex = r"^企服平台的派送有 ?(\d+) ?路$")]
async fn enterprise_legs(world: &mut Rules, count: usize) -> Result<()> {
    let order = world.order().await?;
    let found = clocks::legs(&order, LegKind::Enterprise).len();
    ensure!(found == count, "企服平台的派送有 {found} 路");
    Ok(())
}

#[then(regex = r#"^派单建议为"([^"]+)"(?:[,,]协办"([^"]+)")?$"#)]
async fn suggestion_is(world: &mut Rules, lead: String, co_handlers: String) -> Result<()> {
    let request = SuggestDispatchRequest {
        order_id: world.id()?,
    };
    let found = world
        .callers()?
        .dispatcher
        .routing()
        .suggest_dispatch(request)
        .await?;
    let found = found.into_inner();
    ensure!(
        found.lead_unit_id == world.stage()?.unit(&lead)?,
        "建议 {found:?}"
    );
    ensure!(
        found.co_handler_unit_ids == units(world, &co_handlers)?,
        "建议 {found:?}"
    );
    Ok(())
}
