//! `hotline doctor`: numbered checks, each with its cure where something is wrong.

use std::process::ExitCode;

use crate::cli::Global;
use crate::doctor::{Check, Grade, examine};
use crate::render;

/// Checks everything; the exit code says whether something is wrong.
///
/// # Errors
/// Nobody reads it any more.
pub async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let checks = examine(global).await;
    let good = checks.iter().all(|check| check.grade != Grade::Bad);
    if global.json {
        render::out_json(&serde_json::json!({"ok": good, "checks": serde_json::to_value(&checks)?}))?;
    } else {
        for (index, check) in checks.iter().enumerate() {
            print(global, index + 1, check)?;
        }
        let verdict = if good {
            global.say("没有问题", "nothing wrong")
        } else {
            global.say("有问题,见 ✗", "something is wrong, see ✗")
        };
        render::out(verdict)?;
    }
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(global: &Global, number: usize, check: &Check) -> anyhow::Result<()> {
    let mark = match check.grade {
        Grade::Good => '✓',
        Grade::Warning => '!',
        Grade::Bad => '✗',
        Grade::Skipped => '-',
    };
    render::out(format_args!(
        "{number:>2} {mark} {}: {}",
        global.say(check.zh, check.en),
        check.found
    ))?;
    if !check.cure.is_empty() {
        render::out(format_args!(
            "      {} {}",
            global.say("办法:", "cure:"),
            check.cure
        ))?;
    }
    Ok(())
}
