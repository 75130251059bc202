//! `hotline order`: one order with its legs; why it stands as it does, and past orders as a file, stand next to it.

use std::process::ExitCode;

use hotline_proto::intake::v1::{Appeal, GetAppealRequest};
use hotline_proto::routing::v1::{GetOrderRequest, Leg, Order};
use serde_json::json;
use tonic::Code;

use super::{order_explain, order_export};
use crate::cli::{Global, OrderCommand};
use crate::client::{Client, told};
use crate::{json, render, words};

/// Shows, explains or exports orders.
///
/// # Errors
/// A service that does not answer, or an order that nobody knows.
pub async fn run(global: &Global, command: &OrderCommand) -> anyhow::Result<ExitCode> {
    let client = Client::connect(global, &["operator"]).await?;
    match command {
        OrderCommand::Show { order } => show(global, &client, order).await?,
        OrderCommand::Explain { order } => order_explain::run(global, &client, order).await?,
        OrderCommand::Export(args) => order_export::run(global, &client, args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(global: &Global, client: &Client, name: &str) -> anyhow::Result<()> {
    let appeal = appeal(client, name).await?;
    let order = order(client, name).await?;
    if global.json {
        let order = order.as_ref().map(json::of).transpose()?;
        render::out_json(&json!({"appeal": json::of(&appeal)?, "order": order}))?;
        return Ok(());
    }
    print_appeal(global, &appeal)?;
    match order {
        Some(order) => print_order(global, &order),
        None => Ok(render::out(global.say("(没有工单)", "(no order)"))?),
    }
}

/// The appeal of a number or an identifier.
pub(super) async fn appeal(client: &Client, name: &str) -> anyhow::Result<Appeal> {
    let request = GetAppealRequest {
        appeal: name.to_owned(),
    };
    let answer = client
        .intake()
        .get_appeal(request)
        .await
        .map_err(told)?
        .into_inner();
    Ok(answer.appeal.unwrap_or_default())
}

/// The order, where one was opened.
async fn order(client: &Client, name: &str) -> anyhow::Result<Option<Order>> {
    match client
        .routing()
        .get_order(GetOrderRequest {
            order: name.to_owned(),
        })
        .await
    {
        Ok(answer) => Ok(answer.into_inner().order),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(told(status)),
    }
}

/// The appeal in a few lines.
pub(super) fn print_appeal(global: &Global, appeal: &Appeal) -> anyhow::Result<()> {
    let state = words::appeal_state(appeal.state(), global.lang());
    render::out(format_args!("{}  {state}  {}", appeal.number, appeal.title))?;
    render::out(format_args!(
        "{} {}  {} {}  {} {}  {} {}",
        global.say("登记", "registered"),
        render::when(appeal.registered_at.as_ref()),
        global.say("分类", "category"),
        appeal.category,
        global.say("区划", "division"),
        appeal.division,
        global.say("标签", "labels"),
        appeal.labels.join(","),
    ))?;
    if !appeal.disposition.is_empty() {
        render::out(&appeal.disposition)?;
    }
    Ok(())
}

fn print_order(global: &Global, order: &Order) -> anyhow::Result<()> {
    let state = words::order_state(order.state(), global.lang());
    let round = order.facts.as_ref().map_or(0, |facts| facts.round);
    render::out(format_args!(
        "{}:{state} {}  {} {round}  {} {}  {} {}",
        global.say("工单", "order"),
        order.outcome,
        global.say("轮次", "round"),
        global.say("派单次数", "dispatches"),
        order.dispatch_count,
        global.say("催办", "urged"),
        order.urge_count,
    ))?;
    let header = [
        "派送", "单位", "状态", "派出", "确认", "签收", "联系", "答复", "到期",
    ];
    let header_en = [
        "leg",
        "unit",
        "state",
        "sent",
        "confirmed",
        "signed",
        "contacted",
        "replied",
        "due",
    ];
    let header = if global.lang() == hotline_policy::Lang::En {
        header_en
    } else {
        header
    };
    let rows: Vec<[String; 9]> = order.legs.iter().map(|leg| leg_row(global, leg)).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    Ok(())
}

fn leg_row(global: &Global, leg: &Leg) -> [String; 9] {
    let facts = leg.facts.clone().unwrap_or_default();
    let kind = words::leg_kind(facts.kind(), global.lang());
    let name = if leg.unit_name.is_empty() {
        facts.unit_id.clone()
    } else {
        leg.unit_name.clone()
    };
    [
        format!("{kind} {}", facts.round),
        name,
        words::leg_state(leg.state(), global.lang()).to_owned(),
        render::when(leg.dispatched_at.as_ref()),
        render::when(leg.acknowledged_at.as_ref()),
        render::when(leg.signed_at.as_ref()),
        render::when(leg.contacted_at.as_ref()),
        render::when(leg.replied_at.as_ref()),
        render::when(leg.due_at.as_ref()),
    ]
}
