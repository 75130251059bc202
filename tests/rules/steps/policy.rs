//! Under which policy an order is judged.

use anyhow::{Context, Result, ensure};
use cucumber::then;

use crate::world::Rules;

#[then(regex = r#"^工单按政策"([^"]+)"办理$"#)]
async fn order_is_under(world: &mut Rules, policy: String) -> Result<()> {
    let facts = world.order().await?.facts.context("an order has facts")?;
    let version = format!("{policy}@");
    ensure!(
        facts.policy_id == policy && facts.policy_version.starts_with(&version),
        "工单按 {} ({}) 办理",
        facts.policy_id,
        facts.policy_version
    );
    Ok(())
}

/// What the order's policy says that it rests on.
#[then(regex = r#"^政策的依据包含"([^"]+)"$"#)]
async fn policy_rests_on(world: &mut Rules, document: String) -> Result<()> {
    let facts = world.order().await?.facts.context("an order has facts")?;
    let editions = &world.stage()?.city.editions;
    let policy = editions
        .iter()
        .find(|policy| policy.version == facts.policy_version);
    let policy = policy.context("工单的政策版本不在政策库中")?;
    ensure!(
        policy.rests_on.contains(&document),
        "依据是 {:?}",
        policy.rests_on
    );
    Ok(())
}
