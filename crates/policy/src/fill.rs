//! Numbers that a document demands and the text at hand has lost: named in the policy, filled in from outside.
//!
//! They come from a `policy.local.toml` beside the policy, or from `nanchang-2022.provincial_limit=15 natural days`.

use std::collections::BTreeMap;

use crate::file::File;
use crate::problem::{At, Problem};

/// A value for a lost number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// The policy (`nanchang-2022`).
    pub policy: String,
    /// The name that the policy gives the number (`lost = "provincial_limit"`).
    pub name: String,
    /// The limit in words.
    pub value: String,
    /// Where it was said.
    pub at: At,
}

impl std::str::FromStr for Fill {
    type Err = String;

    /// Reads `nanchang-2022.provincial_limit=15 natural days`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "“{text}” 应如 nanchang-2022.provincial_limit=15 natural days \
                 (\"{text}\": write <policy>.<name>=<limit>)"
            )
        };
        let (key, value) = text.split_once('=').ok_or_else(wrong)?;
        let (policy, name) = key.trim().split_once('.').ok_or_else(wrong)?;
        if policy.is_empty() || name.is_empty() || value.trim().is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            policy: policy.to_owned(),
            name: name.to_owned(),
            value: value.trim().to_owned(),
            at: At {
                file: format!("--set {text}").into(),
                line: 1,
            },
        })
    }
}

/// Reads a `policy.local.toml`: a table for each policy, a limit for each name.
pub(crate) fn read(file: &File<'_>) -> Vec<Fill> {
    let mut fills = Vec::new();
    for (policy, value) in &file.root {
        let Some(table) = value.get_ref().as_table() else {
            file.problem(
                value.span().start,
                format!("\"{}\" must be a table named after a policy", policy.get_ref()),
            );
            continue;
        };
        for (name, value) in table {
            match value.get_ref().as_str() {
                Some(limit) => fills.push(Fill {
                    policy: policy.get_ref().to_string(),
                    name: name.get_ref().to_string(),
                    value: limit.to_owned(),
                    at: file.at(value.span().start),
                }),
                None => file.problem(
                    value.span().start,
                    format!("\"{}\" must be a limit in words", name.get_ref()),
                ),
            }
        }
    }
    fills
}

/// The values for one policy, by name; the last said wins.
pub(crate) fn of(fills: &[Fill], policy: &str) -> BTreeMap<String, Fill> {
    let ours = fills.iter().filter(|fill| fill.policy == policy);
    ours.map(|fill| (fill.name.clone(), fill.clone())).collect()
}

/// Values for policies that do not exist.
pub(crate) fn strangers(fills: &[Fill], known: &[&str]) -> Vec<Problem> {
    let unknown = fills.iter().filter(|fill| !known.contains(&fill.policy.as_str()));
    let problem = |fill: &Fill| Problem {
        at: fill.at.clone(),
        text: format!("no policy is called {}; use {}", fill.policy, known.join(", ")),
    };
    unknown.map(problem).collect()
}
