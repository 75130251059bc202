//! What a unit asks for: to give its leg back, and more time; and what is decided.

use anyhow::Result;
use cucumber::gherkin::Step;
use cucumber::when;
use hotline_proto::routing::v1::{
    Attachment, DecideExtensionRequest, DecideReturnRequest, RequestExtensionRequest, RequestReturnRequest,
};

use super::platform::limit;
use crate::table::Fields;
use crate::words;
use crate::world::Rules;

#[when(regex = r#"^(?:承办单位|"([^"]+)")申请退回$"#)]
async fn requests_return(world: &mut Rules, unit: String, step: &Step) -> Result<()> {
    let mut fields = Fields::of(step)?;
    let proposed = fields
        .read("拟办单位", |name| world.stage()?.unit(name))?
        .unwrap_or_default();
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = RequestReturnRequest {
        order_id,
        leg_id,
        version: 0,
        basis: fields
            .take("依据")
            .unwrap_or_else(|| "该事项不属于本单位职责".into()),
        suggestion: fields
            .take("建议")
            .unwrap_or_else(|| "建议转由主管部门办理".into()),
        proposed_unit_id: proposed,
        explanation: fields.take("说明").unwrap_or_default(),
        signed_by: fields.take("签字").unwrap_or_default(),
        sealed: fields.read("盖章", words::flag)?.unwrap_or_default(),
        evidence: fields.take("佐证").map(attachments).unwrap_or_default(),
    };
    fields.end()?;
    let answer = clerk.routing().request_return(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(派单员|审核员|督查员|专班)(不?同意)(?:承办单位|"([^"]+)")退回(?:[,,]理由"([^"]*)")?$"#)]
async fn decides_return(
    world: &mut Rules,
    post: String,
    how: String,
    unit: String,
    reason: String,
    step: &Step,
) -> Result<()> {
    let (_, order_id, leg_id) = world.clerk(&unit).await?;
    let request = DecideReturnRequest {
        order_id,
        leg_id,
        version: 0,
        agreed: how == "同意",
        reason: reason_of(step, reason),
    };
    let answer = world
        .stage()?
        .person(&post)?
        .routing()
        .decide_return(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(?:承办单位|"([^"]+)")申请延期"([^"]+)"(?:[,,]理由"([^"]*)")?$"#)]
async fn requests_extension(
    world: &mut Rules,
    unit: String,
    amount: String,
    reason: String,
    step: &Step,
) -> Result<()> {
    let mut fields = Fields::of(step)?;
    let (clerk, order_id, leg_id) = world.clerk(&unit).await?;
    let request = RequestExtensionRequest {
        order_id,
        leg_id,
        version: 0,
        reason: reason_of(step, reason),
        amount: limit(&amount)?.to_string(),
        basis: fields.take("依据").unwrap_or_default(),
        explanation: fields.take("说明").unwrap_or_default(),
        signed_by: fields.take("签字").unwrap_or_default(),
        sealed: fields.read("盖章", words::flag)?.unwrap_or_default(),
        told: fields.take("告知").unwrap_or_default(),
    };
    fields.end()?;
    let answer = clerk.routing().request_extension(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(派单员|审核员|督查员|专班)(不?同意)(?:承办单位|"([^"]+)")延期(?:[,,]理由"([^"]*)")?$"#)]
async fn decides_extension(
    world: &mut Rules,
    post: String,
    how: String,
    unit: String,
    reason: String,
    step: &Step,
) -> Result<()> {
    let (_, order_id, leg_id) = world.clerk(&unit).await?;
    let request = DecideExtensionRequest {
        order_id,
        leg_id,
        version: 0,
        granted: how == "同意",
        reason: reason_of(step, reason),
    };
    let answer = world
        .stage()?
        .person(&post)?
        .routing()
        .decide_extension(request)
        .await;
    world.settle(answer).await.map(drop)
}

/// Attachments named one after another.
pub fn attachments(names: String) -> Vec<Attachment> {
    let named = |name: &str| Attachment {
        name: name.to_owned(),
        reference: format!("evidence/{name}"),
    };
    names
        .split('、')
        .filter(|name| !name.is_empty())
        .map(named)
        .collect()
}

/// The reason that a step gives, an ordinary one where it gives none; an empty one stays empty.
fn reason_of(step: &Step, reason: String) -> String {
    if step.value.contains("理由") {
        reason
    } else {
        "客观原因,经核实属实".to_owned()
    }
}
