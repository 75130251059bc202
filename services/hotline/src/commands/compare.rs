//! `hotline policy diff` and `replay`: two policies side by side, and past orders judged under another one.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use hotline_policy::{
    City, Difference, Fact, Lang, Library, Matter, PastOrder, Policy, ReplayTotal, ReplayVerdict, compare,
    replay, replay_totals,
};
use hotline_runtime::Clock;
use serde_json::json;

use super::policy::{load, parse_instant};
use crate::cli::{DiffArgs, Global, ReplayArgs};
use crate::export::past::COLUMNS;
use crate::export::plain;
use crate::import::sheet::Sheet;
use crate::{calendars, render};

/// How many of [`COLUMNS`] a file cannot be without.
const NEEDED: usize = 5;

/// Two policies side by side: `--json`, or a table with their articles.
///
/// # Errors
/// Files that are wrong, or a name that no city and no policy has.
pub fn diff(global: &Global, args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let library = load(global)?;
    let (left, right) = (named(&library, &args.left)?, named(&library, &args.right)?);
    let found = compare(&left, &right);
    if global.json {
        let rows: Vec<_> = found.iter().map(difference_json).collect();
        render::out_json(&json!({"left": left.version, "right": right.version, "differences": rows}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let item = global.say("事项", "item");
    let header = [item, left.id.as_str(), right.id.as_str()];
    let row = |one: &Difference| [one.item.clone(), side(&one.left), side(&one.right)];
    let rows: Vec<[String; 3]> = found.iter().map(row).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    render::out(format_args!(
        "{} {}",
        found.len(),
        global.say("项不同", "items differ")
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The policy of a city's folder name, or of its own name.
fn named(library: &Library, name: &str) -> anyhow::Result<Arc<Policy>> {
    let city = library.city(name).map(|city| Arc::clone(&city.policy));
    let found = city.or_else(|| library.policy(name).map(Arc::clone));
    found.with_context(|| {
        let known: Vec<_> = library.policies().map(|policy| policy.id.as_str()).collect();
        format!(
            "没有城市或政策 {name},政策有:{0} / no city and no policy is called {name}; the policies are {0}",
            known.join(", ")
        )
    })
}

fn side(facts: &[Fact]) -> String {
    if facts.is_empty() {
        return "—".to_owned();
    }
    let line = |fact: &Fact| {
        let when = if fact.when.is_empty() {
            String::new()
        } else {
            format!("{}:", fact.when)
        };
        let article = if fact.article.is_empty() {
            String::new()
        } else {
            format!(" [{}]", fact.article)
        };
        format!("{when}{}{article}", fact.value)
    };
    facts.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn difference_json(one: &Difference) -> serde_json::Value {
    let facts = |facts: &[Fact]| -> Vec<_> {
        let fact = |fact: &Fact| json!({"when": fact.when, "value": fact.value, "article": fact.article});
        facts.iter().map(fact).collect()
    };
    json!({"item": one.item, "left": facts(&one.left), "right": facts(&one.right)})
}

/// Judges the orders of a file under a city's policy.
///
/// # Errors
/// A file that cannot be read: every line that is wrong, with its column.
pub fn replay_file(global: &Global, args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let library = load(global)?;
    let settings = global.settings()?;
    let name = args.city.as_deref().unwrap_or(&settings.city);
    let policy = named(&library, name)?;
    policy
        .activate()
        .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let calendar = calendars::load(&settings.deploy_dir.join("calendars"))?;
    let orders = read(&args.file, library.city(name).as_deref())?;
    let until = match &args.until {
        Some(text) => parse_instant(text)?,
        None => Clock::system().now(),
    };
    let verdicts = replay(&policy, &policy.work_clock(&calendar), &orders, until);
    let totals = replay_totals(&verdicts);
    if global.json {
        let verdicts: Vec<_> = verdicts.iter().map(verdict_json).collect();
        let totals: Vec<_> = totals.iter().map(total_json).collect();
        let policy = &policy.version;
        render::out_json(
            &json!({"policy": policy, "orders": orders.len(), "totals": totals, "verdicts": verdicts}),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let touched: BTreeSet<_> = verdicts.iter().map(|verdict| verdict.number.as_str()).collect();
    render::out(format_args!(
        "{}  {} {},{} {}",
        policy.version,
        global.say("工单", "orders"),
        orders.len(),
        global.say("其中有结论的", "with a verdict"),
        touched.len()
    ))?;
    let header = if global.lang() == Lang::En {
        ["outcome", "duty", "article", "orders", "examples"]
    } else {
        ["结论", "义务", "依据", "工单数", "例"]
    };
    let rows: Vec<[String; 5]> = totals.iter().map(|total| row(global, total)).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    Ok(ExitCode::SUCCESS)
}

fn row(global: &Global, total: &ReplayTotal) -> [String; 5] {
    let zh = global.lang() == Lang::Zh;
    let outcome = if zh {
        total.outcome.zh()
    } else {
        total.outcome.as_str()
    };
    let duty = if zh {
        total.obligation.zh()
    } else {
        total.obligation.as_str()
    };
    [
        outcome.to_owned(),
        duty.to_owned(),
        total.article.clone(),
        total.orders.to_string(),
        total.examples.join(" "),
    ]
}

fn verdict_json(verdict: &ReplayVerdict) -> serde_json::Value {
    json!({
        "number": verdict.number, "outcome": verdict.outcome.as_str(), "obligation": verdict.obligation.as_str(),
        "article": verdict.article, "due": verdict.due, "done": verdict.done,
    })
}

fn total_json(total: &ReplayTotal) -> serde_json::Value {
    json!({
        "outcome": total.outcome.as_str(), "obligation": total.obligation.as_str(), "article": total.article,
        "orders": total.orders, "examples": total.examples,
    })
}

/// The orders of a file; places that the city does not know are judged as the city's own.
fn read(path: &Path, city: Option<&City>) -> anyhow::Result<Vec<PastOrder>> {
    let sheet = Sheet::read(path, "utf-8")?;
    let header: Vec<&str> = sheet.header.iter().map(str::trim).collect();
    let missing: Vec<_> = COLUMNS[..NEEDED]
        .iter()
        .filter(|name| !header.contains(name))
        .collect();
    let unknown: Vec<_> = header.iter().filter(|name| !COLUMNS.contains(name)).collect();
    if !missing.is_empty() || !unknown.is_empty() {
        bail!(
            "缺少的列 {missing:?},不认识的列 {unknown:?};列名有 {0} / columns missing and unknown; they are {0}",
            COLUMNS.join(",")
        );
    }
    let mut orders = Vec::new();
    let mut wrong = Vec::new();
    for line in &sheet.lines {
        let cell = |name: &str| {
            let at = header.iter().position(|column| *column == name);
            plain(at.and_then(|at| line.fields.get(at)).unwrap_or_default().trim())
        };
        match order(cell, city) {
            Ok(order) => orders.push(order),
            Err(error) => wrong.push(format!("{}:{}: {error:#}", path.display(), line.number)),
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(orders)
}

fn order<'c>(cell: impl Fn(&str) -> &'c str, city: Option<&City>) -> anyhow::Result<PastOrder> {
    let or = |name: &str, default: &'static str| match cell(name) {
        "" => default,
        text => text,
    };
    let instant = |name: &str| -> anyhow::Result<Option<DateTime<Utc>>> {
        let text = cell(name);
        let read = || parse_instant(text).with_context(|| name.to_owned());
        if text.is_empty() {
            Ok(None)
        } else {
            read().map(Some)
        }
    };
    if cell("number").is_empty() {
        bail!("number");
    }
    let place = cell("division");
    let known = city.is_none_or(|city| city.divisions.get(place).is_some());
    let division = match city {
        Some(city) if !known => city.policy.division.as_str(),
        _ => place,
    };
    let plain = Matter::new(
        cell("type").parse().context("type")?,
        or("desk", "hotline").parse().context("desk")?,
        cell("category"),
        division,
    );
    Ok(PastOrder {
        number: cell("number").to_owned(),
        matter: Matter {
            channel: or("channel", "telephone").parse().context("channel")?,
            urgency: or("urgency", "normal").parse().context("urgency")?,
            labels: cell("labels").split_whitespace().map(str::to_owned).collect(),
            source: Some(cell("source").to_owned()).filter(|source| !source.is_empty()),
            ..plain
        },
        dispatched: instant("dispatched_at")?.context("dispatched_at")?,
        signed: instant("signed_at")?,
        contacted: instant("contacted_at")?,
        replied: instant("replied_at")?,
        settled: instant("settled_at")?,
        return_asked: instant("return_asked_at")?,
        bad_answers: or("bad_answers", "0").parse().context("bad_answers")?,
    })
}
