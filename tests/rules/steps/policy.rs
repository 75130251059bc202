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
