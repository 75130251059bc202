//! `hotline calendar`: runs case files, looks over calendar files, sends a year to the running platform.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use hotline_proto::sla::v1::ImportCalendarRequest;
use hotline_worktime::{Calendar, YearArrangement, cases, lint};
use serde_json::json;

use crate::calendars::Folder;
use crate::cli::{CalendarCommand, Global};
use crate::client::{Client, told};
use crate::{json, render};

/// Checks, lints or imports.
///
/// # Errors
/// A file that cannot be read, or a platform that does not answer.
pub async fn run(global: &Global, command: &CalendarCommand) -> anyhow::Result<ExitCode> {
    match command {
        CalendarCommand::Check { file } => check(global, file),
        CalendarCommand::Lint { dir } => {
            let dir = match dir {
                Some(dir) => dir.clone(),
                None => global.settings()?.deploy_dir.join("calendars"),
            };
            look_over(global, &dir)
        }
        CalendarCommand::Import { file } => import(global, file).await,
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("无法读取 {0} / cannot read {0}", file.display()))
}

fn check(global: &Global, file: &Path) -> anyhow::Result<ExitCode> {
    let report = cases::check(&read(file)?)?;
    if global.json {
        render::out_json(&serde_json::to_value(&report)?)?;
    } else {
        for case in &report.differences {
            render::out(format_args!(
                "✗ {}  {} {} {} ({})  {} {}  {} {}  {}",
                case.id,
                case.start,
                case.rule,
                case.n,
                case.shift,
                global.say("应为", "expected"),
                case.expected,
                global.say("算得", "found"),
                case.found,
                case.why,
            ))?;
        }
        let (total, wrong) = (report.total, report.differences.len());
        render::out(format_args!(
            "{} {total},{} {},{} {wrong}",
            global.say("案例", "cases"),
            global.say("相符", "agree"),
            total - wrong,
            global.say("不符", "differ")
        ))?;
    }
    Ok(if report.differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn look_over(global: &Global, dir: &Path) -> anyhow::Result<ExitCode> {
    let folder = Folder::read(dir)?;
    let problems = folder.problems();
    let warnings = lint(&folder.arrangements());
    if global.json {
        let years: Vec<_> = folder.years.iter().map(|file| file.year.year).collect();
        let told =
            json!({"years": years, "problems": problems, "warnings": serde_json::to_value(&warnings)?});
        render::out_json(&told)?;
    } else {
        problems
            .iter()
            .try_for_each(|problem| render::out(format_args!("✗ {problem}")))?;
        for warning in &warnings {
            let line = warning.line.map(|line| format!(":{line}")).unwrap_or_default();
            let text = global.say(&warning.zh, &warning.en);
            render::out(format_args!(
                "! {}{line}  {text}  [{}]",
                warning.year, warning.code
            ))?;
        }
        render::out(format_args!(
            "{} {},{} {},{} {}",
            global.say("年份", "years"),
            folder.years.len(),
            global.say("错误", "problems"),
            problems.len(),
            global.say("提醒", "warnings"),
            warnings.len()
        ))?;
    }
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn import(global: &Global, file: &Path) -> anyhow::Result<ExitCode> {
    let text = read(file)?;
    let year = YearArrangement::parse(&text)?;
    if let Err(errors) = Calendar::new(vec![year.clone()]) {
        let list: Vec<_> = errors.iter().map(ToString::to_string).collect();
        anyhow::bail!("{}:\n  {}", file.display(), list.join("\n  "));
    }
    for warning in lint(&[year]) {
        render::note(format_args!("! {warning}"));
    }
    let client = Client::connect(global, &["operator"]).await?;
    let answer = client
        .sla()
        .import_calendar(ImportCalendarRequest { toml: text })
        .await
        .map_err(told)?
        .into_inner();
    if global.json {
        render::out_json(&json::of(&answer)?)?;
    } else {
        render::out(format_args!(
            "{} {};{} {},{} {}",
            global.say("已载入年份", "year in force"),
            answer.year,
            global.say("重算时限", "clocks looked at"),
            answer.examined,
            global.say("其中变动", "moved"),
            answer.moved
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
