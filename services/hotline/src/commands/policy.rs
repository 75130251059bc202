//! `hotline policy`: checks the files of the cities, explains the limits of a matter, lists the policies.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use hotline_policy::{City, ClockExplanation, Library, Matter, Policy, Source, explain};
use hotline_runtime::Clock;
use hotline_worktime::{at_local, date_of};
use serde_json::json;

use super::{compare, replay};
use crate::cli::{ExplainArgs, Global, PolicyCommand};
use crate::platform::fills;
use crate::{calendars, render, words};

/// Forms of a local time, with and without seconds.
const TIME_FORMS: [&str; 4] = [
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
];

/// Checks, explains or lists.
///
/// # Errors
/// Files that cannot be read, or words that nobody knows.
pub fn run(global: &Global, command: &PolicyCommand) -> anyhow::Result<ExitCode> {
    match command {
        PolicyCommand::Check { path } => check(global, path.as_deref()),
        PolicyCommand::Explain(args) => explain_matter(global, args),
        PolicyCommand::List => list(global),
        PolicyCommand::Diff(args) => compare::diff(global, args),
        PolicyCommand::Replay(args) => replay::run(global, args),
    }
}

fn cities_dir(global: &Global) -> anyhow::Result<PathBuf> {
    Ok(global.settings()?.deploy_dir.join("cities"))
}

/// Every policy and city of the installation, lost numbers filled in.
///
/// # Errors
/// Everything that is wrong with the files.
pub(super) fn load(global: &Global) -> anyhow::Result<Library> {
    let fills = fills(&global.settings()?)?;
    Library::load_with(&cities_dir(global)?, &fills).map_err(|problems| anyhow::anyhow!("{problems}"))
}

fn check(global: &Global, path: Option<&Path>) -> anyhow::Result<ExitCode> {
    let (dir, only) = match path {
        None => (cities_dir(global)?, None),
        Some(path) if path.is_file() => (folder_of_cities(path)?, Some(path.display().to_string())),
        Some(path) => (path.to_path_buf(), None),
    };
    let concerns = |file: &str| only.as_deref().is_none_or(|only| file == only);
    let (mut problems, library) = match Library::load_with(&dir, &fills(&global.settings()?)?) {
        Ok(library) => (Vec::new(), Some(library)),
        Err(problems) => {
            let ours = problems.iter().filter(|problem| concerns(&problem.at.file));
            (ours.map(ToString::to_string).collect(), None)
        }
    };
    if path.is_none() {
        // Limits are counted on them: without a path the whole installation is looked at.
        let calendars = global.settings()?.deploy_dir.join("calendars");
        problems.extend(calendars::Folder::read(&calendars)?.problems());
    }
    let inactive = library.as_ref().map(lost_limits).unwrap_or_default();
    if global.json {
        render::out_json(&json!({"ok": problems.is_empty(), "problems": problems, "inactive": inactive}))?;
    } else {
        problems
            .iter()
            .try_for_each(|problem| render::out(format_args!("✗ {problem}")))?;
        inactive
            .iter()
            .try_for_each(|refusal| render::out(format_args!("! {refusal}")))?;
        if let Some(library) = library.filter(|_| problems.is_empty()) {
            library
                .cities()
                .try_for_each(|city| render::out(summary(global, city)))?;
            render::out(global.say("✓ 没有错误", "✓ nothing wrong"))?;
        }
    }
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The folder of cities that `<cities>/<city>/policy.toml` lies in: its parents are looked up there.
fn folder_of_cities(file: &Path) -> anyhow::Result<PathBuf> {
    let city = file.parent().filter(|city| !city.as_os_str().is_empty());
    let cities = city
        .and_then(Path::parent)
        .filter(|cities| !cities.as_os_str().is_empty());
    cities.map(Path::to_path_buf).with_context(|| {
        format!(
            "{0} 应位于 <目录>/<城市>/ 下 / {0} must lie in <folder>/<city>/",
            file.display()
        )
    })
}

/// Policies that are sound and cannot be put in force before a lost number is filled in.
fn lost_limits(library: &Library) -> Vec<String> {
    library
        .policies()
        .filter_map(|policy| policy.activate().err())
        .map(|refusal| refusal.to_string())
        .collect()
}

fn summary(global: &Global, city: &City) -> String {
    format!(
        "{}: {} {} {},{} {},{} {},{} {}",
        city.id,
        city.policy.version,
        global.say("单位", "units"),
        city.units.len(),
        global.say("分类", "categories"),
        city.catalogue.categories().count(),
        global.say("派单规则", "dispatch rows"),
        city.catalogue.rows().len(),
        global.say("区划", "divisions"),
        city.divisions.len(),
    )
}

fn list(global: &Global) -> anyhow::Result<ExitCode> {
    let library = load(global)?;
    if global.json {
        let one = |policy: &Arc<hotline_policy::Policy>| {
            json!({
                "id": policy.id, "version": policy.version, "title": policy.title, "document": policy.document,
                "division": policy.division, "effective_from": policy.effective_from.to_string(),
                "parents": policy.parents,
            })
        };
        render::out_json(&library.policies().map(one).collect())?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = ["政策", "版本", "名称", "文号", "施行", "上位"];
    let header_en = ["policy", "version", "title", "document", "in force", "parents"];
    let header = if global.lang() == hotline_policy::Lang::En {
        header_en
    } else {
        header
    };
    let row = |policy: &Arc<hotline_policy::Policy>| {
        [
            policy.id.clone(),
            policy.version.clone(),
            policy.title.clone(),
            policy.document.clone(),
            policy.effective_from.to_string(),
            policy.parents.join(" → "),
        ]
    };
    let rows: Vec<[String; 6]> = library.policies().map(row).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    Ok(ExitCode::SUCCESS)
}

fn explain_matter(global: &Global, args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let settings = global.settings()?;
    let library = load(global)?;
    let calendar = calendars::load(&settings.deploy_dir.join("calendars"))?;
    let name = args.city.as_deref().unwrap_or(&settings.city);
    let city = library.city(name).with_context(|| {
        let known: Vec<_> = library.cities().map(|city| city.id.clone()).collect();
        format!(
            "没有城市 {name},可用:{0} / no city is called {name}; use {0}",
            known.join(", ")
        )
    })?;
    let at = match &args.at {
        Some(text) => parse_instant(text)?,
        None => Clock::system().now(),
    };
    let matter = matter(args, &city)?;
    let policy = city.policy_on(date_of(at));
    let clocks = explain(policy, &policy.work_clock(&calendar), &matter, at);
    if global.json {
        render::out_json(&clocks.iter().map(clock_json).collect())?;
    } else {
        print(global, policy, &matter, at, &clocks)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn matter(args: &ExplainArgs, city: &City) -> anyhow::Result<Matter> {
    let division = args
        .division
        .clone()
        .unwrap_or_else(|| city.policy.division.clone());
    if city.divisions.get(&division).is_none() {
        anyhow::bail!(
            "{0} 没有区划 {division} / {0} has no division {division}",
            city.id
        );
    }
    if city.catalogue.category(&args.category).is_none() {
        anyhow::bail!(
            "{0} 没有分类 {1} / {0} has no category {1}",
            city.id,
            args.category
        );
    }
    Ok(Matter {
        channel: args.channel.parse()?,
        urgency: args.urgency.parse()?,
        labels: args.labels.iter().cloned().collect(),
        ..Matter::new(
            args.appeal_type.parse()?,
            args.desk.parse()?,
            &args.category,
            &division,
        )
    })
}

/// Reads a local (Beijing) time, or an instant with an offset.
///
/// # Errors
/// It is neither.
pub(super) fn parse_instant(text: &str) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let local = TIME_FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let local = local.with_context(|| {
        format!("--at {text}: 应如 2026-09-30T16:50 / --at {text}: write 2026-09-30T16:50")
    })?;
    Ok(at_local(local))
}

/// Reads a day, which begins at midnight in Beijing, or an instant.
pub(super) fn parse_day(flag: &str, text: &str) -> anyhow::Result<DateTime<Utc>> {
    let midnight = text
        .parse::<NaiveDate>()
        .ok()
        .map(|day| at_local(day.and_time(NaiveTime::MIN)));
    let at = midnight.or_else(|| parse_instant(text).ok());
    at.with_context(|| format!("{flag} {text}: 应如 2026-03-01 / {flag} {text}: write 2026-03-01"))
}

fn clock_json(clock: &ClockExplanation) -> serde_json::Value {
    json!({
        "obligation": clock.obligation.as_str(), "within": clock.within.to_string(), "due": clock.due,
        "due_local": render::minute(clock.due), "provisional": clock.provisional, "remind_at": clock.remind_at,
        "article": clock.article, "source": clock.source.as_str(), "cite": clock.cite, "zh": clock.zh, "en": clock.en,
    })
}

fn print(
    global: &Global,
    policy: &Policy,
    matter: &Matter,
    at: DateTime<Utc>,
    clocks: &[ClockExplanation],
) -> anyhow::Result<()> {
    let say = |zh: &'static str, en: &'static str| global.say(zh, en).replace('_', " ");
    render::out(format_args!(
        "{}  {}  {}·{}·{}·{}  {} {}",
        policy.title,
        policy.version,
        say(matter.appeal_type.zh(), matter.appeal_type.as_str()),
        say(matter.desk.zh(), matter.desk.as_str()),
        say(matter.channel.zh(), matter.channel.as_str()),
        say(matter.urgency.zh(), matter.urgency.as_str()),
        global.say("起算", "from"),
        render::minute(at)
    ))?;
    let header = ["时限", "期限", "到期", "提醒", "依据"];
    let header_en = ["obligation", "within", "due", "reminders", "article"];
    let header = if global.lang() == hotline_policy::Lang::En {
        header_en
    } else {
        header
    };
    let rows: Vec<[String; 5]> = clocks.iter().map(|clock| row(global, clock)).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    for clock in clocks {
        let name = words::obligation(clock.obligation.as_str(), global.lang());
        render::out(format_args!("\n● {name}  {}", cite(global, clock)))?;
        for line in global.say(&clock.zh, &clock.en).lines() {
            render::out(format_args!("    {line}"))?;
        }
    }
    Ok(())
}

/// The document and article; where they are silent, that the operator set the limit.
fn cite(global: &Global, clock: &ClockExplanation) -> String {
    match clock.source {
        Source::Document => clock.cite.clone(),
        Source::Operator => global.say(&clock.cite, "set by the operator").to_owned(),
    }
}

fn row(global: &Global, clock: &ClockExplanation) -> [String; 5] {
    let provisional = if clock.provisional {
        global.say("(暂定)", " (provisional)")
    } else {
        ""
    };
    let within = clock.within;
    let reminders: Vec<_> = clock.remind_at.iter().map(|at| render::minute(*at)).collect();
    [
        words::obligation(clock.obligation.as_str(), global.lang()),
        if global.lang() == hotline_policy::Lang::Zh {
            within.zh()
        } else {
            within.to_string()
        },
        format!("{}{provisional}", render::minute(clock.due)),
        reminders.join("\n"),
        cite(global, clock),
    ]
}
