//! Checks of PostgreSQL and NATS: reachable, new enough, on time, with the stream and consumers that should be there.

use std::time::Duration;

use anyhow::Context;
use async_nats::connection::State;
use async_nats::jetstream;
use chrono::{DateTime, Utc};
use hotline_runtime::{Clock, Settings};
use sqlx::{Connection, PgConnection};

use super::Check;
use crate::run_file::RunFile;

/// Oldest server that is used: 15, as `server_version_num` writes it.
const POSTGRES_MIN: i32 = 150_000;
/// Oldest nats-server.
const NATS_MIN: (u32, u32) = (2, 12);
/// Largest difference of clocks at which anything fires, milliseconds.
const SKEW_MAX_MS: i64 = 2_000;
/// Longest wait for a server.
const WAIT_MAX: Duration = Duration::from_secs(5);

const POSTGRES: (&str, &str) = ("PostgreSQL", "PostgreSQL");
const CLOCKS: (&str, &str) = ("时钟偏差", "clock difference");
const NATS: (&str, &str) = ("NATS", "NATS");
const STREAM: (&str, &str) = ("消息流", "stream and consumers");

const PRIVATE: &str = "由 hotline run 自行启动,当前未运行 / private, started by hotline run, not running now";

pub(super) async fn examine(settings: &Settings, running: Option<&RunFile>) -> Vec<Check> {
    let mut checks = postgres(&settings.database.url).await;
    checks.extend(nats(settings, running).await);
    checks
}

async fn postgres(url: &str) -> Vec<Check> {
    if url.is_empty() {
        return vec![Check::skipped(POSTGRES, PRIVATE), Check::skipped(CLOCKS, PRIVATE)];
    }
    match within(look_at_postgres(url)).await {
        Ok((version, skew_ms)) => vec![version_check(version), skew_check(skew_ms)],
        Err(error) => {
            let cure = "检查 database.url 与服务器是否运行 / check database.url and that the server runs";
            vec![
                Check::bad(POSTGRES, format!("{error:#}"), cure),
                Check::skipped(CLOCKS, "PostgreSQL ✗"),
            ]
        }
    }
}

async fn within<T>(look: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::time::timeout(WAIT_MAX, look)
        .await
        .context("没有应答 / no answer")?
}

/// Version, and by how much this machine's clock is ahead of the database's.
async fn look_at_postgres(url: &str) -> anyhow::Result<(i32, i64)> {
    let mut connection = PgConnection::connect(url).await?;
    let (version,): (i32,) = sqlx::query_as("SELECT current_setting('server_version_num')::int")
        .fetch_one(&mut connection)
        .await?;
    let clock = Clock::system();
    let before = clock.now();
    let (theirs,): (DateTime<Utc>,) = sqlx::query_as("SELECT clock_timestamp()")
        .fetch_one(&mut connection)
        .await?;
    let ours = before + (clock.now() - before) / 2;
    connection.close().await?;
    Ok((version, (ours - theirs).num_milliseconds()))
}

fn version_check(version: i32) -> Check {
    let found = format!("{}.{}", version / 10_000, version % 10_000);
    if version < POSTGRES_MIN {
        return Check::bad(POSTGRES, found, "升级到 15 或更新 / upgrade to 15 or newer");
    }
    Check::good(POSTGRES, found)
}

fn skew_check(skew_ms: i64) -> Check {
    let found = format!("{skew_ms} ms");
    if skew_ms.abs() > SKEW_MAX_MS {
        let cure = "两台机器都启用 NTP;偏差超过 2 秒时不触发任何时限 / run NTP on both machines; no clock fires meanwhile";
        return Check::bad(CLOCKS, found, cure);
    }
    Check::good(CLOCKS, found)
}

async fn nats(settings: &Settings, running: Option<&RunFile>) -> Vec<Check> {
    let nats = &settings.nats;
    if nats.url.is_empty() {
        return vec![Check::skipped(NATS, PRIVATE), Check::skipped(STREAM, PRIVATE)];
    }
    let url = if nats.admin_url.is_empty() {
        &nats.url
    } else {
        &nats.admin_url
    };
    let client = match hotline_bus::connect(url, "hotline-doctor").await {
        Ok(client) => client,
        Err(error) => return unreachable(&format!("{error:#}")),
    };
    let context = jetstream::new(client.clone());
    let account = within(async { Ok(context.query_account().await?) })
        .await
        .map(drop);
    if client.connection_state() != State::Connected {
        return unreachable("没有应答 / no answer");
    }
    let version = client.server_info().version;
    vec![
        server_check(&version, account),
        stream_check(settings, running, &context).await,
    ]
}

fn unreachable(found: &str) -> Vec<Check> {
    let cure = "检查 nats.url 与服务器是否运行 / check nats.url and that the server runs";
    vec![Check::bad(NATS, found, cure), Check::skipped(STREAM, "NATS ✗")]
}

fn server_check(version: &str, account: anyhow::Result<()>) -> Check {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NATS_MIN {
        return Check::bad(NATS, version, "升级到 2.12 或更新 / upgrade to 2.12 or newer");
    }
    if let Err(error) = account {
        let cure = "在服务器配置中启用 jetstream / enable jetstream in the server's configuration";
        return Check::bad(NATS, format!("{version}, JetStream: {error:#}"), cure);
    }
    Check::good(NATS, format!("{version}, JetStream"))
}

async fn stream_check(settings: &Settings, running: Option<&RunFile>, context: &jetstream::Context) -> Check {
    let name = settings.nats.stream.as_str();
    // A process that runs reads each partition, or another does that has its lease.
    let wanted = running.map_or(0, |_| usize::from(settings.nats.partitions));
    let cure = "启动平台(一个进程不带 --no-topology)即自动重建 / start the platform, one process without --no-topology: they are made anew";
    let info = within(async { Ok(context.get_stream(name).await?.get_info().await?) }).await;
    match info {
        Ok(info) if info.state.consumer_count < wanted => {
            let found = format!(
                "{name}: {} 个消费者,应有 {wanted} / consumers of {wanted}",
                info.state.consumer_count
            );
            Check::bad(STREAM, found, cure)
        }
        Ok(info) => {
            let (count, messages) = (info.state.consumer_count, info.state.messages);
            Check::good(
                STREAM,
                format!("{name}: {count} 个消费者 / consumers, {messages} 条消息 / messages"),
            )
        }
        Err(error) => Check::bad(STREAM, format!("{name}: {error:#}"), cure),
    }
}
