//! `hotline keys`: shows which keys seal personal data, and puts new ones in their place.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Utc};
use hotline_runtime::Clock;
use hotline_vault::{Keyring, Ring};
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::{Global, KeysCommand};
use crate::render;

/// Lists or rotates.
///
/// # Errors
/// Keys that cannot be read, or not be replaced.
pub fn run(global: &Global, command: &KeysCommand) -> anyhow::Result<ExitCode> {
    let dir = global.settings()?.keys_dir();
    match command {
        KeysCommand::List => show(global, &open(&dir)?)?,
        KeysCommand::Rotate { suite } => {
            let mut keyring = open(&dir)?;
            rotate(&mut keyring, (*suite).map(Into::into), Clock::system().now());
            keyring
                .save(&dir)
                .with_context(|| format!("无法写入 {0} / cannot write {0}", dir.display()))?;
            show(global, &keyring)?;
            render::note(global.say(
                "新密钥已启用:请重启全部进程;随后 intake 会把旧数据逐步换用新密钥,并在日志中报告完成",
                "the new keys are active: restart every process; intake then puts old data under them and logs when it is done",
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn open(dir: &Path) -> anyhow::Result<Keyring> {
    Keyring::load(dir).with_context(|| {
        format!(
            "{0} 中没有可用的密钥:先用 hotline run 启动一次 / no usable keys in {0}: start once with hotline run",
            dir.display()
        )
    })
}

/// A key that seals and a key that indexes, of the same family; those of before stay readable.
fn rotate(keyring: &mut Keyring, suite: Option<hotline_vault::Suite>, now: DateTime<Utc>) {
    let suite = suite.unwrap_or(keyring.data().active().suite());
    keyring.rotate(suite, now);
    keyring.rotate_index(suite.index_suite(), now);
}

fn show(global: &Global, keyring: &Keyring) -> anyhow::Result<()> {
    let (seal, index) = (rows("seal", keyring.data())?, rows("index", keyring.index())?);
    let rows = [seal, index].concat();
    if global.json {
        return Ok(render::out_json(&Value::Array(rows))?);
    }
    let header = ["for", "id", "suite", "state", "created"];
    let cells = |row: &Value| -> Vec<String> { header.iter().map(|name| plain(&row[*name])).collect() };
    let cells: Vec<_> = rows.iter().map(cells).collect();
    let titles = match global.say("zh", "en") {
        "zh" => ["用途", "编号", "算法", "状态", "生成时间"],
        _ => header,
    };
    Ok(render::out(render::table(
        &titles,
        cells.iter().map(Vec::as_slice),
    ))?)
}

/// The keys of a ring without their secrets, the active one first.
fn rows<S: Copy + Serialize>(purpose: &str, ring: &Ring<S>) -> anyhow::Result<Vec<Value>> {
    let active = ring.active().id();
    let row = |key: &hotline_vault::Key<S>| {
        let state = if key.id() == active { "active" } else { "readable" };
        Ok(json!({
            "for": purpose, "id": key.id(), "suite": serde_json::to_value(key.suite())?, "state": state,
            "created": key.created().to_rfc3339(),
        }))
    };
    ring.keys().map(row).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
