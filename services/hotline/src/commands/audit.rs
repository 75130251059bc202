//! `hotline audit`: holds the audit chains to their signed heads, shows entries, and writes heads to keep elsewhere.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Utc};
use hotline_bus::audit::{Entry, Filter, Finding, Kind, Report, list};
use hotline_runtime::{Clock, Settings};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::cli::{AuditCommand, AuditShowArgs, AuditVerifyArgs, Global};
use crate::services::{self, Service};
use crate::{audits, render};

/// Looks at the audit.
///
/// # Errors
/// A database that does not answer, a file that cannot be read or written.
pub async fn run(global: &Global, command: &AuditCommand) -> anyhow::Result<ExitCode> {
    let settings = global.settings()?;
    let mut sql = audits::connect(&settings).await?;
    match command {
        AuditCommand::Verify(args) => verify(global, &settings, &mut sql, args).await,
        AuditCommand::Show(args) => show(global, &mut sql, args).await,
        AuditCommand::Heads { service, out } => {
            let chosen = services::select(service)?;
            heads(global, &mut sql, &chosen, out.as_deref()).await
        }
    }
}

async fn verify(
    global: &Global,
    settings: &Settings,
    sql: &mut PgConnection,
    args: &AuditVerifyArgs,
) -> anyhow::Result<ExitCode> {
    let chosen = services::select(&args.service)?;
    let keys = audits::keys(settings, &args.key)?;
    let mut kept = Vec::new();
    for file in &args.heads {
        kept.extend(audits::kept(file)?);
    }
    let reports = audits::verify_all(sql, &chosen, &kept, &keys).await?;
    let good = reports.iter().all(|report| report.findings.is_empty());
    if global.json {
        render::out_json(&json!({"ok": good, "chains": serde_json::to_value(&reports)?}))?;
    } else {
        for report in &reports {
            tell(global, report)?;
        }
        render::out(if good {
            global.say("审计链完好", "the audit chains stand")
        } else {
            global.say("审计链被改动,见 ✗", "the audit was tampered with, see ✗")
        })?;
    }
    Ok(ExitCode::from(u8::from(!good)))
}

fn tell(global: &Global, report: &Report) -> anyhow::Result<()> {
    let mark = if report.findings.is_empty() { '✓' } else { '✗' };
    let (service, last, sealed) = (&report.service, report.last, report.sealed);
    let (heads, waiting) = (report.heads, report.waiting);
    render::out(match global.say("zh", "en") {
        "zh" => format!("{mark} {service}: {last} 条,{heads} 个链头相符,已封存至 {sealed},待入链 {waiting}"),
        _ => format!(
            "{mark} {service}: {last} entries, {heads} heads agree, sealed up to {sealed}, {waiting} waiting"
        ),
    })?;
    for finding in &report.findings {
        render::out(format_args!("    ✗ {}", words(global, finding)))?;
    }
    Ok(())
}

fn words(global: &Global, finding: &Finding) -> String {
    let (zh, en) = match finding.kind {
        Kind::Changed => ("内容被改", "was changed"),
        Kind::Removed => ("被删除", "was removed"),
        Kind::Moved => ("位置被换", "was moved"),
        Kind::Unbound => ("与前一条不相接", "is not bound to the one before"),
        Kind::Cut => ("链尾被截,链头曾到此", "was cut off; a head was signed behind it"),
        Kind::Rewritten => (
            "链被重写,与已签链头不符",
            "differs from the signed head: the chain was written anew",
        ),
        Kind::Forged => ("链头签名无效", "has a head that no known key signed"),
        Kind::HeadGone => ("链头记录被删", "had a head that is gone from the service's table"),
    };
    let place = if finding.until > finding.seq {
        format!("{}–{}", finding.seq, finding.until)
    } else {
        finding.seq.to_string()
    };
    format!("#{place} {}", global.say(zh, en))
}

async fn heads(
    global: &Global,
    sql: &mut PgConnection,
    chosen: &[&'static Service],
    out: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let heads = audits::all_heads(sql, chosen).await?;
    let mut lines = String::new();
    for head in &heads {
        lines.push_str(&serde_json::to_string(head)?);
        lines.push('\n');
    }
    let Some(file) = out else {
        render::out(lines.trim_end())?;
        return Ok(ExitCode::SUCCESS);
    };
    // What was kept before is never written over: a head that is missing now is what the file is for.
    let told = || format!("无法写入 {0} / cannot write {0}", file.display());
    let known = if file.exists() {
        audits::kept(file)?
    } else {
        Vec::new()
    };
    let mut kept = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .with_context(told)?;
    let mut added = 0_usize;
    for head in heads.iter().filter(|head| !known.contains(head)) {
        writeln!(kept, "{}", serde_json::to_string(head)?).with_context(told)?;
        added += 1;
    }
    kept.sync_all().with_context(told)?;
    render::note(match global.say("zh", "en") {
        "zh" => format!(
            "新增 {added} 个链头,共 {}:{}",
            known.len() + added,
            file.display()
        ),
        _ => format!(
            "{added} heads added, {} in all: {}",
            known.len() + added,
            file.display()
        ),
    });
    Ok(ExitCode::SUCCESS)
}

async fn show(global: &Global, sql: &mut PgConnection, args: &AuditShowArgs) -> anyhow::Result<ExitCode> {
    let mut found: Vec<(&str, Entry)> = Vec::new();
    for service in services::select(&args.service)? {
        if !audits::turn_to(sql, service).await? {
            continue;
        }
        let Some(filter) = filter_of(sql, args).await? else {
            anyhow::bail!(
                "没有这件工单 / no order is called so: {}",
                args.order.as_deref().unwrap_or_default()
            );
        };
        let entries = list(sql, service.producer, &filter, None, args.count).await?;
        found.extend(entries.into_iter().map(|entry| (service.producer, entry)));
    }
    found.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.record.at));
    found.truncate(usize::try_from(args.count).unwrap_or(usize::MAX));
    found.reverse();
    if global.json {
        let rows: Vec<Value> = found
            .iter()
            .map(|(service, entry)| as_json(service, entry))
            .collect();
        render::out_json(&Value::Array(rows))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = match global.say("zh", "en") {
        "zh" => ["时间", "账号", "单位", "办理", "结果", "事由", "序号"],
        _ => ["time", "account", "unit", "deed", "outcome", "reason", "number"],
    };
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|(service, entry)| cells(service, entry))
        .collect();
    render::out(render::table(&header, rows.iter().map(Vec::as_slice)))?;
    Ok(ExitCode::SUCCESS)
}

/// What to show; nothing where an order is named that the register does not know.
async fn filter_of(sql: &mut PgConnection, args: &AuditShowArgs) -> anyhow::Result<Option<Filter>> {
    let root = match args.order.as_deref() {
        None => None,
        Some(order) => match order.parse::<Uuid>() {
            Ok(id) => Some(id),
            Err(_) => {
                let found: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM intake.appeal WHERE number = $1")
                    .bind(order)
                    .fetch_optional(sql)
                    .await?;
                let Some((id,)) = found else { return Ok(None) };
                Some(id)
            }
        },
    };
    Ok(Some(Filter {
        since: args.since.map(since),
        until: None,
        subject: args.subject.clone(),
        root,
        refused_only: args.refused,
    }))
}

fn since(ago: std::time::Duration) -> DateTime<Utc> {
    Clock::system().now() - ago
}

fn cells(service: &str, entry: &Entry) -> Vec<String> {
    let record = &entry.record;
    let deed = record.method.rsplit('.').next().unwrap_or(&record.method);
    vec![
        render::minute(record.at),
        record.subject.clone(),
        record.unit.clone(),
        deed.to_owned(),
        record.outcome.clone(),
        render::cut(&record.reason, 30),
        format!("{service}#{}", entry.seq),
    ]
}

fn as_json(service: &str, entry: &Entry) -> Value {
    let record = &entry.record;
    let hash: String = entry
        .entry_hash
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "service": service, "seq": entry.seq, "at": record.at.to_rfc3339(), "subject": record.subject,
        "roles": record.roles, "unit": record.unit, "method": record.method, "order_id": record.root,
        "what": record.what, "outcome": record.outcome, "reason": record.reason, "address": record.address,
        "trace": record.trace, "entry_hash": hash,
    })
}
