//! `hotline call`: what a telephony adapter would report, done by hand.

use std::process::ExitCode;

use hotline_proto::intake::v1::{CallReportKind, ReportCallRequest};
use hotline_runtime::Clock;
use serde_json::json;

use crate::cli::{CallCommand, Global};
use crate::client::{Client, told};
use crate::render;

/// The adapter that calls made here are reported by.
const ADAPTER: &str = "cli";

/// Lets a call ring, or reports what became of it.
///
/// # Errors
/// A service that does not answer, or a report that it refuses.
pub async fn run(global: &Global, command: &CallCommand) -> anyhow::Result<ExitCode> {
    let client = Client::connect(global, &["operator"]).await?;
    let (kind, seat, reference) = match command {
        CallCommand::Ring { seat, .. } => (CallReportKind::Ringing, seat, None),
        CallCommand::Answer { seat, reference } => (CallReportKind::Answered, seat, Some(reference)),
        CallCommand::End { seat, reference } => (CallReportKind::Ended, seat, Some(reference)),
    };
    let mut report = ReportCallRequest {
        adapter: ADAPTER.to_owned(),
        reference: reference.map_or_else(|| Clock::system().new_id().to_string(), Clone::clone),
        kind: kind.into(),
        seat: seat.clone(),
        ..ReportCallRequest::default()
    };
    if let CallCommand::Ring {
        phone, agent, line, ..
    } = command
    {
        report.telephone.clone_from(phone);
        report.agent = agent.clone().unwrap_or_default();
        report.line = line.clone().unwrap_or_default();
    }
    let answer = client.calls().report_call(report.clone()).await.map_err(told)?;
    let answer = answer.into_inner();
    if global.json {
        render::out_json(&json!({
            "call_id": answer.call_id, "reference": report.reference, "agent": answer.agent, "replayed": answer.replayed,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let agent = match answer.agent.as_str() {
        "" => global.say("(座席无人)", "(nobody sits there)"),
        agent => agent,
    };
    render::out(format_args!(
        "{} {}  {} {}  {agent}  {}{}",
        global.say("来电", "call"),
        answer.call_id,
        global.say("座席", "seat"),
        report.seat,
        global.say("引用号 ", "reference "),
        report.reference,
    ))?;
    Ok(ExitCode::SUCCESS)
}
