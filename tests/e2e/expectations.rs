//! The table of expectations: who may call each method and what is written down of it, apart from the contract itself.
//!
//! A method that is added or opened to somebody is a decision; it is made twice, here and in the contract, or it fails.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use hotline_runtime::audit::{Kind, kind_of};
use hotline_tests::workspace_root;

use crate::access::rules;

/// The table, from the workspace's root.
const TABLE: &str = "tests/e2e/access.csv";

/// A method's row as the contract would have it.
fn row(path: &str, public: bool, roles: impl Iterator<Item = String>) -> (String, String) {
    let method = path.rsplit('/').next().unwrap_or_default();
    let kind = match kind_of(method) {
        Kind::Query => "question",
        Kind::Command => "command",
        Kind::Disclosure => "disclosure",
    };
    let who = if public {
        "anybody".to_owned()
    } else {
        roles.collect::<Vec<_>>().join(" ")
    };
    (
        path.trim_start_matches("/hotline.").to_owned(),
        format!("{kind},{who}"),
    )
}

#[test]
fn every_method_stands_in_the_table_of_expectations_as_in_the_contract() -> Result<()> {
    let table = std::fs::read_to_string(workspace_root().join(TABLE))?;
    let expected: BTreeMap<String, String> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(method, rest)| (method.to_owned(), rest.to_owned()))
        .collect();
    let (rules, silent) = rules()?;
    ensure!(silent.is_empty(), "closed by silence: {silent:?}");
    let found: BTreeMap<String, String> = rules
        .iter()
        .map(|rule| row(&rule.path, rule.public, rule.roles.iter().cloned()))
        .collect();
    let mut wrong: Vec<String> = Vec::new();
    for (method, rest) in &found {
        match expected.get(method) {
            Some(known) if known == rest => {}
            Some(known) => wrong.push(format!("{method},{rest}   (in the table: {known})")),
            None => wrong.push(format!("{method},{rest}   (not in the table)")),
        }
    }
    let gone = expected.keys().filter(|method| !found.contains_key(*method));
    wrong.extend(gone.map(|method| format!("{method}: not in the contract")));
    ensure!(
        wrong.is_empty(),
        "{TABLE} and the contract differ; who may call is decided in both:\n{}",
        wrong.join("\n")
    );
    Ok(())
}
