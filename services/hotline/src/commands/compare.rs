//! `hotline policy diff`: two policies side by side.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use hotline_policy::{Difference, Fact, Library, Policy, compare};
use hotline_runtime::Clock;
use hotline_worktime::date_of;
use serde_json::json;

use super::policy::load;
use crate::cli::{DiffArgs, Global};
use crate::render;

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

/// The policy in force today of a city's folder name, or the policy of its own name.
fn named(library: &Library, name: &str) -> anyhow::Result<Arc<Policy>> {
    let today = date_of(Clock::system().now());
    let city = library.city(name).map(|city| Arc::clone(city.policy_on(today)));
    let found = city.or_else(|| library.policy(name).map(Arc::clone));
    found.with_context(|| unknown(library, name))
}

/// That neither a city nor a policy has this name.
pub(super) fn unknown(library: &Library, name: &str) -> String {
    let known: Vec<_> = library.policies().map(|policy| policy.id.as_str()).collect();
    format!(
        "没有城市或政策 {name},政策有:{0} / no city and no policy is called {name}; the policies are {0}",
        known.join(", ")
    )
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
