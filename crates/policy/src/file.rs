//! One TOML file: its content, its lines, and the problems found in it.
//!
//! Invariant: a file that could be read only in part keeps what was read, and says what was not.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::fill::Fill;
use crate::named::Named;
use crate::problem::{At, Problem, Problems};

/// One file, parsed, with the problems found in it so far.
pub(crate) struct File<'a> {
    name: Arc<str>,
    /// The document that its articles belong to; empty but in policies.
    pub(crate) document: Arc<str>,
    /// What was read of it.
    pub(crate) root: DeTable<'a>,
    line_starts: Vec<usize>,
    problems: RefCell<Problems>,
    /// Values for its lost numbers, by name.
    fills: BTreeMap<String, Fill>,
    /// The names of lost numbers that were met.
    lost: RefCell<BTreeSet<String>>,
    /// What its conditions name.
    named: RefCell<Vec<Named>>,
}

impl<'a> File<'a> {
    /// Parses `text`; syntax errors become problems and what could be read is kept.
    pub(crate) fn parse(name: &str, text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(index, _)| index + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        let (root, errors) = DeTable::parse_recoverable(text);
        let root = root.into_inner();
        let document = document_of(&root).into();
        let file = Self {
            name: name.into(),
            document,
            root,
            line_starts,
            problems: RefCell::default(),
            fills: BTreeMap::new(),
            lost: RefCell::default(),
            named: RefCell::default(),
        };
        for error in errors {
            let start = error.span().map_or(0, |span| span.start);
            file.problem(start, error.message());
        }
        file
    }

    /// Gives values for lost numbers.
    pub(crate) fn set(&mut self, fills: BTreeMap<String, Fill>) {
        self.fills = fills;
    }

    /// The value for the lost number `name`, where one was given.
    pub(crate) fn fill(&self, name: &str) -> Option<&Fill> {
        self.lost.borrow_mut().insert(name.to_owned());
        self.fills.get(name)
    }

    /// Reports values for names that the file does not have.
    pub(crate) fn finish_fills(&self) {
        let lost = self.lost.borrow();
        for fill in self.fills.values().filter(|fill| !lost.contains(&fill.name)) {
            let names: Vec<_> = lost.iter().map(String::as_str).collect();
            let known = if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            };
            let text = format!(
                "{} has no lost number called {}; it has {known}",
                fill.policy, fill.name
            );
            self.problem_near(&fill.at, text);
        }
    }

    /// Notes what a condition names; a parent is read once more for each child.
    pub(crate) fn note_named(&self, named: Named) {
        self.named.borrow_mut().push(named);
    }

    /// What its conditions name.
    pub(crate) fn named(&self) -> Vec<Named> {
        self.named.borrow().clone()
    }

    /// The place of the byte at `offset`.
    pub(crate) fn at(&self, offset: usize) -> At {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        At {
            file: Arc::clone(&self.name),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    /// Notes a problem at `offset`.
    pub(crate) fn problem(&self, offset: usize, text: impl Into<String>) {
        self.problems.borrow_mut().add(self.at(offset), text);
    }

    /// Notes a problem at a place of this file.
    pub(crate) fn problem_near(&self, at: &At, text: impl Into<String>) {
        self.problems.borrow_mut().add(at.clone(), text);
    }

    /// The id and the parent that `[policy]` names, and its place; nothing is reported.
    pub(crate) fn head(&self) -> Option<(String, Option<String>, At)> {
        let policy = self.root.get("policy")?;
        let text = |key: &str| policy.get_ref().get(key)?.get_ref().as_str().map(str::to_owned);
        Some((text("id")?, text("parent"), self.at(policy.span().start)))
    }

    /// Takes over problems that were found by a check.
    pub(crate) fn add_all(&self, problems: Vec<Problem>) {
        self.problems.borrow_mut().extend(problems);
    }

    /// The problems found so far.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        self.problems.borrow().iter().cloned().collect()
    }

    /// The content without layout and comments: equal for files that say the same.
    pub(crate) fn canonical(&self) -> String {
        let mut text = String::new();
        write_table(&self.root, &mut text);
        for fill in self.fills.values() {
            text.push_str(&format!("{:?}={:?};", fill.name, fill.value));
        }
        text
    }
}

/// The document that a policy file gives the articles of; empty in other files.
fn document_of(root: &DeTable<'_>) -> String {
    let policy = root
        .get("policy")
        .and_then(|value| value.get_ref().get("document"));
    policy
        .and_then(|value| value.get_ref().as_str())
        .unwrap_or_default()
        .to_owned()
}

fn write_table(table: &DeTable<'_>, text: &mut String) {
    text.push('{');
    for (key, value) in table {
        text.push_str(&format!("{:?}:", key.get_ref()));
        write_value(value.get_ref(), text);
        text.push(';');
    }
    text.push('}');
}

fn write_value(value: &DeValue<'_>, text: &mut String) {
    match value {
        DeValue::String(value) => text.push_str(&format!("{value:?}")),
        DeValue::Integer(value) => text.push_str(&value.to_string()),
        DeValue::Float(value) => text.push_str(&value.to_string()),
        DeValue::Boolean(value) => text.push_str(&value.to_string()),
        DeValue::Datetime(value) => text.push_str(&value.to_string()),
        DeValue::Table(value) => write_table(value, text),
        DeValue::Array(items) => {
            text.push('[');
            for item in items {
                write_value(item.get_ref(), text);
                text.push(';');
            }
            text.push(']');
        }
    }
}
