//! The audit chains of an installation, read from its database: where they are, what heads they have, whether they stand.

use std::path::{Path, PathBuf};

use anyhow::Context;
use hotline_bus::audit::{Head, Report, heads, heads_told, verify};
use hotline_runtime::Settings;
use hotline_runtime::audit::AuditVerifier;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::run_file::RunFile;
use crate::services::Service;

/// A connection to the installation's database, as its administrator.
///
/// # Errors
/// No database is named and no platform runs here, or it does not answer.
pub async fn connect(settings: &Settings) -> anyhow::Result<PgConnection> {
    let running = RunFile::read(&settings.data_dir).filter(RunFile::is_alive);
    let url = running.map_or_else(|| settings.database.url.clone(), |run| run.database_url);
    anyhow::ensure!(
        !url.is_empty(),
        "平台未运行,也未配置 database.url / the platform does not run here and database.url is not set"
    );
    let connection = PgConnection::connect(&url).await;
    connection.context("无法连接数据库 / cannot connect to the database")
}

/// Turns to the schema of a service; false where the service was never installed here.
///
/// # Errors
/// The database does not answer.
pub async fn turn_to(sql: &mut PgConnection, service: &Service) -> anyhow::Result<bool> {
    let (found,): (bool,) = sqlx::query_as("SELECT to_regclass($1 || '.audit') IS NOT NULL")
        .bind(service.producer)
        .fetch_one(&mut *sql)
        .await?;
    if found {
        let statement = format!("SET search_path = {}", service.producer);
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(sql).await?;
    }
    Ok(found)
}

/// The keys that may have signed heads: those named, or the installation's own.
///
/// # Errors
/// A file that holds no public key.
pub fn keys(settings: &Settings, named: &[PathBuf]) -> anyhow::Result<Vec<AuditVerifier>> {
    if named.is_empty() {
        return Ok(vec![AuditVerifier::of_installation(&settings.keys_dir())?]);
    }
    named.iter().map(|file| AuditVerifier::read(file)).collect()
}

/// Heads that were kept in a file, one a line, as `hotline audit heads` writes them.
///
/// # Errors
/// A file that cannot be read, or a line that is no head.
pub fn kept(file: &Path) -> anyhow::Result<Vec<Head>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("无法读取 {0} / cannot read {0}", file.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty()).enumerate();
    let head = |(at, line): (usize, &str)| {
        serde_json::from_str(line)
            .with_context(|| format!("{}:{}: 不是链头 / is no head", file.display(), at + 1))
    };
    lines.map(head).collect()
}

/// Every head that the database knows of `services`: those in its tables, and those told on the bus that are not.
///
/// # Errors
/// The database does not answer.
pub async fn all_heads(sql: &mut PgConnection, services: &[&'static Service]) -> anyhow::Result<Vec<Head>> {
    let mut all = Vec::new();
    for service in services {
        if !turn_to(sql, service).await? {
            continue;
        }
        all.extend(heads(sql, service.producer).await?);
        for told in heads_told(sql, service.producer).await? {
            if !all.contains(&told) {
                all.push(told);
            }
        }
    }
    Ok(all)
}

/// Holds the chains of `services` to their heads.
///
/// # Errors
/// The database does not answer.
pub async fn verify_all(
    sql: &mut PgConnection,
    services: &[&'static Service],
    kept: &[Head],
    keys: &[AuditVerifier],
) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for service in services {
        if turn_to(sql, service).await? {
            // One snapshot: what is chained meanwhile is not half seen.
            let mut tx = sql
                .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                .await?;
            reports.push(verify(&mut tx, service.producer, kept, keys).await?);
            tx.rollback().await?;
        }
    }
    Ok(reports)
}
