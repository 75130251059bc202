//! `hotline supervision export`: the ledger as a spreadsheet, streamed into a file.

use std::io::Write;
use std::process::ExitCode;

use hotline_proto::sla::v1::{CaseState, ExportLedgerRequest};
use serde_json::json;

use super::policy::parse_day;
use crate::cli::{Global, LedgerExportArgs, LedgerState, SupervisionCommand};
use crate::client::{Client, told};
use crate::export::{Output, Received};
use crate::render;

/// Exports the ledger.
///
/// # Errors
/// A time that is none, a file that is there already or cannot be written, a platform that does not answer.
pub async fn run(global: &Global, command: &SupervisionCommand) -> anyhow::Result<ExitCode> {
    let SupervisionCommand::Export(args) = command;
    let request = request(args)?;
    let client = Client::connect(global, &["operator"]).await?;
    let mut output = Output::create(&args.out, args.force)?;
    let mut progress = Received::start(global, "字节", "bytes");
    let mut pieces = client
        .supervision()
        .export_ledger(request)
        .await
        .map_err(told)?
        .into_inner();
    while let Some(piece) = pieces.message().await.map_err(told)? {
        output.write_all(&piece.content)?;
        progress.advance(u64::try_from(piece.content.len()).unwrap_or(0));
    }
    progress.finish();
    let bytes = output.finish()?;
    let path = args.out.display();
    if global.json {
        render::out_json(&json!({"file": path.to_string(), "bytes": bytes}))?;
    } else {
        let words = global.say("字节,写入", "bytes, written to");
        render::out(format_args!("{bytes} {words} {path}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn request(args: &LedgerExportArgs) -> anyhow::Result<ExportLedgerRequest> {
    let instant = |flag: &str, text: &Option<String>| {
        let text = text.as_deref();
        let at = text.map(|text| parse_day(flag, text)).transpose()?;
        anyhow::Ok(at.map(render::timestamp))
    };
    let state = match args.state {
        None => CaseState::Unspecified,
        Some(LedgerState::Open) => CaseState::Open,
        Some(LedgerState::Listed) => CaseState::Listed,
        Some(LedgerState::Closed) => CaseState::Closed,
    };
    Ok(ExportLedgerRequest {
        unit_id: args.unit.clone(),
        class: args.class.clone(),
        state: state.into(),
        opened_from: instant("--from", &args.from)?,
        opened_before: instant("--to", &args.to)?,
    })
}
