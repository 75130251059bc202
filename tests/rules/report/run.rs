//! The scenarios of a run, and how each ended.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use hotline_tests::support::tell;
use serde::Serialize;

use super::requirements::Requirements;

/// One scenario, or one example of an outline.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Its file, from `tests/features`.
    pub file: String,
    /// Line of the file.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Its tags, its feature's among them.
    pub tags: BTreeSet<String>,
    /// Why it failed; absent when it passed.
    pub failure: Option<String>,
    /// How long it took, milliseconds.
    pub millis: u128,
}

/// A finished run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Every scenario, by file and line.
    pub outcomes: Vec<Outcome>,
    /// Features that cannot be read.
    pub unread: Vec<String>,
}

/// A scenario that proves a rule; an outline counts once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proof {
    /// Its file, from `tests/features`.
    pub file: String,
    /// Its name.
    pub name: String,
}

impl Run {
    /// Whether there were scenarios, and all passed.
    pub fn is_good(&self) -> bool {
        let passed = |outcome: &Outcome| outcome.failure.is_none();
        self.unread.is_empty() && !self.outcomes.is_empty() && self.outcomes.iter().all(passed)
    }

    /// The scenarios of every tag, and whether each passed with all its examples.
    pub fn proofs(&self) -> BTreeMap<&str, BTreeMap<Proof, bool>> {
        let mut proofs: BTreeMap<&str, BTreeMap<Proof, bool>> = BTreeMap::new();
        for outcome in &self.outcomes {
            let proof = Proof {
                file: outcome.file.clone(),
                name: outcome.name.clone(),
            };
            for tag in &outcome.tags {
                let passed = proofs
                    .entry(tag)
                    .or_default()
                    .entry(proof.clone())
                    .or_insert(true);
                *passed &= outcome.failure.is_none();
            }
        }
        proofs
    }

    /// Prints what failed, and counts.
    pub fn tell_failures(&self) {
        for outcome in &self.outcomes {
            if let Some(failure) = &outcome.failure {
                tell(format_args!(
                    "\n✗ {}:{} {}\n  {}",
                    outcome.file,
                    outcome.line,
                    outcome.name,
                    failure.replace('\n', "\n  ")
                ));
            }
        }
        self.unread
            .iter()
            .for_each(|error| tell(format_args!("\n✗ {error}")));
        let failed = self
            .outcomes
            .iter()
            .filter(|outcome| outcome.failure.is_some())
            .count();
        let scenarios = self.outcomes.len();
        tell(format_args!(
            "\n{scenarios} 个场景,通过 {},失败 {failed}",
            scenarios - failed
        ));
    }

    /// Tags that name no rule, scenarios that name none, rules that only failing scenarios name.
    pub fn problems(&self, requirements: &Requirements, whole: bool) -> Vec<String> {
        let mut problems = BTreeSet::new();
        for outcome in &self.outcomes {
            let unknown = outcome.tags.iter().filter(|tag| !requirements.has(tag));
            problems.extend(unknown.map(|tag| format!("{}:标签 @{tag} 不是规则编号", outcome.file)));
            if outcome.tags.is_empty() {
                problems.insert(format!("{}:{} 场景没有规则编号", outcome.file, outcome.line));
            }
        }
        for (tag, proofs) in self.proofs() {
            if whole && !proofs.values().any(|passed| *passed) {
                problems.insert(format!("规则 {tag} 没有通过的场景"));
            }
        }
        problems.into_iter().collect()
    }

    /// As JSON, for other tools.
    ///
    /// # Errors
    /// None in practice.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.outcomes)?)
    }
}
