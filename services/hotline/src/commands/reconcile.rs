//! `hotline reconcile`: waits until nothing is in flight, compares, and gives the verdict.

use std::process::ExitCode;

use crate::cli::{Global, ReconcileArgs};
use crate::client::Client;
use crate::reconcile::{Report, reconcile};
use crate::render;

/// Reconciles all orders; the exit code is the verdict.
///
/// # Errors
/// A service that does not answer.
pub async fn run(global: &Global, args: &ReconcileArgs) -> anyhow::Result<ExitCode> {
    let client = Client::connect(global, &["operator"]).await?;
    let report = reconcile(&client, args.wait).await?;
    if global.json {
        let mut told = serde_json::to_value(&report)?;
        told["ok"] = report.is_good().into();
        render::out_json(&told)?;
    } else {
        print(global, &report)?;
    }
    Ok(if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints the counts and the verdict.
///
/// # Errors
/// Nobody reads it any more.
pub fn print(global: &Global, report: &Report) -> anyhow::Result<()> {
    let header = [
        global.say("服务", "service"),
        global.say("已记录事件", "events recorded"),
        global.say("未处理", "behind"),
        global.say("未编号", "outbox"),
        global.say("搁置", "dead"),
    ];
    let rows: Vec<[String; 5]> = report
        .services
        .iter()
        .map(|s| {
            [
                s.service.to_owned(),
                s.recorded.to_string(),
                s.behind.to_string(),
                s.outbox.to_string(),
                s.dead.to_string(),
            ]
        })
        .collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    let counts = report.counts;
    render::out(format_args!(
        "{} {} → {} {} → {} {};{} {} → {} {} → {} {}",
        global.say("受理", "accepted"),
        counts.accepted,
        global.say("开单", "opened"),
        counts.opened,
        global.say("工单", "orders"),
        counts.orders,
        global.say("企业标签", "labelled"),
        counts.labelled,
        global.say("企服派送", "enterprise legs sent"),
        counts.enterprise_sent,
        global.say("企服接收", "received"),
        counts.enterprise_received,
    ))?;
    for finding in &report.findings {
        render::out(format_args!("✗ {}", global.say(&finding.zh, &finding.en)))?;
    }
    let verdict = if report.is_good() {
        global.say(
            "✓ 相符:一件不少,一件不重",
            "✓ agrees: nothing lost, nothing doubled",
        )
    } else {
        global.say("✗ 不符,见上", "✗ does not agree, see above")
    };
    render::out(verdict)?;
    Ok(())
}
