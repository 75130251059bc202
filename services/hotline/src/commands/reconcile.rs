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
        shown(counts.accepted),
        global.say("开单", "opened"),
        shown(counts.opened),
        global.say("工单", "orders"),
        shown(counts.orders),
        global.say("企业标签", "labelled"),
        shown(counts.labelled),
        global.say("企服派送", "enterprise legs sent"),
        shown(counts.enterprise_sent),
        global.say("企服接收", "received"),
        shown(counts.enterprise_received),
    ))?;
    for finding in &report.findings {
        render::out(format_args!("✗ {}", global.say(&finding.zh, &finding.en)))?;
    }
    for words in &report.not_compared {
        render::out(format_args!("- {}", global.say(&words.zh, &words.en)))?;
    }
    render::out(verdict(global, report))?;
    Ok(())
}

/// A number; a dash where the service that counts it does not run.
fn shown<T: ToString>(count: Option<T>) -> String {
    count.map_or_else(|| "–".to_owned(), |count| count.to_string())
}

fn verdict(global: &Global, report: &Report) -> String {
    let left_out = report.left_out.join(", ");
    match (report.is_good(), left_out.is_empty()) {
        (true, true) => global
            .say(
                "✓ 相符:一件不少,一件不重",
                "✓ agrees: nothing lost, nothing doubled",
            )
            .to_owned(),
        (true, false) => format!(
            "{}{left_out}",
            global.say(
                "✓ 已查部分相符;未在此运行、未查:",
                "✓ what was asked agrees; not running here, not asked: ",
            )
        ),
        (false, true) => global
            .say("✗ 不符,见上", "✗ does not agree, see above")
            .to_owned(),
        (false, false) => format!(
            "{}{left_out}",
            global.say(
                "✗ 不符,见上;未在此运行、未查:",
                "✗ does not agree, see above; not running here, not asked: ",
            )
        ),
    }
}
