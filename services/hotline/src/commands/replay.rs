//! `hotline policy replay`: past orders judged under another policy, beside the one that they were handled under.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use hotline_policy::{
    City, Lang, Library, Matter, Obligation, PastOrder, Policy, ReplayChange, ReplayOutcome, ReplayTotal,
    ReplayVerdict, replay, replay_changes, replay_totals,
};
use hotline_runtime::Clock;
use hotline_worktime::{Calendar, date_of};
use serde_json::json;

use super::compare::unknown;
use super::policy::{load, parse_instant};
use crate::cli::{Global, ReplayArgs};
use crate::export::past::COLUMNS;
use crate::export::plain;
use crate::import::sheet::Sheet;
use crate::{calendars, render};

/// How many of [`COLUMNS`] a file cannot be without.
const NEEDED: usize = 5;

/// How many orders a line of changes names of each kind.
const EXAMPLES: usize = 3;

/// Whose rules orders are judged by.
enum Judge {
    /// A city's: each order's by the policy in force on the day that it was sent.
    City(Arc<City>),
    /// One policy for all.
    Policy(Arc<Policy>),
}

/// What a judge said of the orders.
struct Judged {
    /// The versions that were applied, joined by spaces.
    versions: String,
    orders: usize,
    verdicts: Vec<ReplayVerdict>,
}

/// Judges the orders of a file under a city's policy, and tells what that changes against another's.
///
/// # Errors
/// A file that cannot be read: every line that is wrong, with its column.
pub fn run(global: &Global, args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let library = load(global)?;
    let settings = global.settings()?;
    let calendar = calendars::load(&settings.deploy_dir.join("calendars"))?;
    let until = match &args.until {
        Some(text) => parse_instant(text)?,
        None => Clock::system().now(),
    };
    let judged = |name: &str| Judge::named(&library, name)?.judge(&args.file, &calendar, until);
    let name = args.city.as_deref().unwrap_or(&settings.city);
    let against = args.against.as_deref().unwrap_or(&settings.city);
    let after = judged(name)?;
    let before = if against == name {
        None
    } else {
        Some(judged(against).with_context(|| format!("--against {against}"))?)
    };
    if global.json {
        return print_json(&after, before.as_ref());
    }
    print_totals(global, &after)?;
    if let Some(before) = &before {
        print_changes(global, before, &after)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Judge {
    /// The city of a folder's name, or the policy of its own name.
    fn named(library: &Library, name: &str) -> anyhow::Result<Self> {
        let policy = || {
            library
                .policy(name)
                .map(|policy| Self::Policy(Arc::clone(policy)))
        };
        let found = library.city(name).map(Self::City).or_else(policy);
        found.with_context(|| unknown(library, name))
    }

    /// The policy that is asked about what was sent at an instant.
    fn policy_at(&self, at: DateTime<Utc>) -> &Arc<Policy> {
        match self {
            Self::City(city) => city.policy_on(date_of(at)),
            Self::Policy(policy) => policy,
        }
    }

    fn judge(&self, file: &Path, calendar: &Calendar, until: DateTime<Utc>) -> anyhow::Result<Judged> {
        let city = match self {
            Self::City(city) => Some(city.as_ref()),
            Self::Policy(_) => None,
        };
        let orders = read(file, city)?;
        let count = orders.len();
        let mut by_policy: BTreeMap<&str, (&Arc<Policy>, Vec<PastOrder>)> = BTreeMap::new();
        for order in orders {
            let policy = self.policy_at(order.dispatched);
            let (_, kept) = by_policy.entry(&policy.version).or_insert((policy, Vec::new()));
            kept.push(order);
        }
        let mut verdicts = Vec::new();
        for (policy, orders) in by_policy.values() {
            policy
                .activate()
                .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
            verdicts.extend(replay(policy, &policy.work_clock(calendar), orders, until));
        }
        let versions: Vec<_> = by_policy.into_keys().collect();
        Ok(Judged {
            versions: match versions[..] {
                [] => self.policy_at(until).version.clone(),
                _ => versions.join(" "),
            },
            orders: count,
            verdicts,
        })
    }
}

fn print_json(after: &Judged, before: Option<&Judged>) -> anyhow::Result<ExitCode> {
    let verdicts = |judged: &Judged| -> Vec<_> { judged.verdicts.iter().map(verdict_json).collect() };
    let totals: Vec<_> = replay_totals(&after.verdicts).iter().map(total_json).collect();
    let mut told = json!({
        "policy": after.versions, "orders": after.orders, "totals": totals, "verdicts": verdicts(after),
    });
    if let Some(before) = before {
        let changes = replay_changes(&before.verdicts, &after.verdicts);
        told["against"] = json!({"policy": before.versions, "verdicts": verdicts(before)});
        told["changes"] = changes.iter().map(change_json).collect();
    }
    render::out_json(&told)?;
    Ok(ExitCode::SUCCESS)
}

fn print_totals(global: &Global, judged: &Judged) -> anyhow::Result<()> {
    let touched: BTreeSet<_> = judged
        .verdicts
        .iter()
        .map(|verdict| verdict.number.as_str())
        .collect();
    render::out(format_args!(
        "{}  {} {},{} {}",
        judged.versions,
        global.say("工单", "orders"),
        judged.orders,
        global.say("其中有结论的", "with a verdict"),
        touched.len()
    ))?;
    let header = if global.lang() == Lang::En {
        ["outcome", "duty", "article", "orders", "examples"]
    } else {
        ["结论", "义务", "依据", "工单数", "例"]
    };
    let totals = replay_totals(&judged.verdicts);
    let rows: Vec<[String; 5]> = totals.iter().map(|total| row(global, total)).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    Ok(())
}

/// What is new, gone and the same, by outcome and duty; examples of what is new or gone.
fn print_changes(global: &Global, before: &Judged, after: &Judged) -> anyhow::Result<()> {
    render::out(format_args!(
        "\n{} {} → {}",
        global.say("变化", "what changes"),
        before.versions,
        after.versions
    ))?;
    let header = if global.lang() == Lang::En {
        ["outcome", "duty", "new", "gone", "the same", "examples"]
    } else {
        ["结论", "义务", "新增", "消失", "不变", "例"]
    };
    let changes = replay_changes(&before.verdicts, &after.verdicts);
    let row = |change: &ReplayChange| {
        let [outcome, duty] = names(global, change.outcome, change.obligation);
        let signed = |sign: &str, numbers: &[String]| -> Vec<String> {
            let some = numbers.iter().take(EXAMPLES);
            some.map(|number| format!("{sign}{number}")).collect()
        };
        let examples = [signed("+", &change.new), signed("-", &change.gone)].concat();
        [
            outcome,
            duty,
            change.new.len().to_string(),
            change.gone.len().to_string(),
            change.same.len().to_string(),
            examples.join(" "),
        ]
    };
    let rows: Vec<[String; 6]> = changes.iter().map(row).collect();
    render::out(render::table(&header, rows.iter().map(|row| row.as_slice())))?;
    Ok(())
}

fn names(global: &Global, outcome: ReplayOutcome, obligation: Obligation) -> [String; 2] {
    let say = |zh: &str, en: &str| global.say(zh, &en.replace('_', " ")).to_owned();
    [
        say(outcome.zh(), outcome.as_str()),
        say(obligation.zh(), obligation.as_str()),
    ]
}

fn change_json(change: &ReplayChange) -> serde_json::Value {
    json!({
        "outcome": change.outcome.as_str(), "obligation": change.obligation.as_str(),
        "new": change.new, "gone": change.gone, "same": change.same,
    })
}

fn row(global: &Global, total: &ReplayTotal) -> [String; 5] {
    let [outcome, duty] = names(global, total.outcome, total.obligation);
    [
        outcome,
        duty,
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
