//! Checks of the audit: whether entries find their place in the chain, and whether the newest stretch of it stands.

use chrono::TimeDelta;
use hotline_bus::audit::waiting;
use hotline_runtime::{Clock, Settings};

use super::Check;
use crate::audits;
use crate::services::SERVICES;

/// An entry that waits for longer says that its chainer does not work.
const WAIT_MAX: TimeDelta = TimeDelta::minutes(1);

const AUDIT: (&str, &str) = ("审计链", "audit chains");

pub(super) async fn examine(settings: &Settings) -> Vec<Check> {
    if settings.database.url.is_empty() {
        return vec![Check::skipped(AUDIT, "平台未运行 / not running")];
    }
    match look(settings).await {
        Ok(check) => vec![check],
        Err(error) => {
            let cure =
                "检查数据库与 keys 目录中的 audit.ed25519.pub.pem / check the database and the audit key";
            vec![Check::bad(AUDIT, format!("{error:#}"), cure)]
        }
    }
}

async fn look(settings: &Settings) -> anyhow::Result<Check> {
    let mut sql = audits::connect(settings).await?;
    let services: Vec<_> = SERVICES.iter().collect();
    let now = Clock::system().now();
    let mut stuck = Vec::new();
    for service in &services {
        if audits::turn_to(&mut sql, service).await?
            && let (count, Some(since)) = waiting(&mut sql).await?
            && now - since > WAIT_MAX
        {
            stuck.push(format!("{} {count}", service.name));
        }
    }
    let reports = audits::verify_all(&mut sql, &services, &[], &audits::keys(settings, &[])?).await?;
    let broken: Vec<_> = reports
        .iter()
        .flat_map(|report| report.findings.iter().map(move |found| (&report.service, found)))
        .map(|(service, found)| format!("{service}#{} {:?}", found.seq, found.kind))
        .collect();
    if !broken.is_empty() {
        let cure = "立即保全数据库与外存链头;hotline audit verify --heads 文件 / secure the database; compare with heads kept elsewhere";
        return Ok(Check::bad(AUDIT, broken.join(", "), cure));
    }
    if !stuck.is_empty() {
        let found = format!("待入链 / waiting: {}", stuck.join(", "));
        return Ok(Check::warning(
            AUDIT,
            found,
            "启动平台,查看日志中的 audit / start the platform, look for audit in its log",
        ));
    }
    let entries: i64 = reports.iter().map(|report| report.last).sum();
    Ok(Check::good(
        AUDIT,
        format!("{entries} 条 / entries, {} 条链 / chains", reports.len()),
    ))
}
