//! The administrative divisions of a city: GB/T 2260 down to counties, and streets and towns below.
//!
//! Invariant: one root; every other division has its parent in the list, without loops.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::problem::{At, Problems};
use crate::tree;
use crate::vocabulary::Level;

/// A division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Adcode: six digits, or nine for a street or town.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// The division that it lies in; `None` for the root.
    pub parent: Option<String>,
    /// Its place in the file.
    pub at: At,
}

/// The divisions of a city.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Divisions {
    by_code: BTreeMap<String, Division>,
}

/// A line of `divisions.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: String,
    name: String,
    level: Level,
    parent: String,
}

impl Divisions {
    /// Reads a CSV with the columns `code,name,level,parent`.
    pub(crate) fn parse(name: &str, text: &str, problems: &mut Problems) -> Self {
        let file: Arc<str> = name.into();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut by_code = BTreeMap::new();
        let headers = reader.headers().cloned().unwrap_or_default();
        for record in reader.into_records() {
            match record
                .and_then(|record| Ok((line_of(record.position()), record.deserialize(Some(&headers))?)))
            {
                Ok((line, row)) => add(
                    &mut by_code,
                    row,
                    At {
                        file: Arc::clone(&file),
                        line,
                    },
                    problems,
                ),
                Err(error) => {
                    let at = At {
                        file: Arc::clone(&file),
                        line: line_of(error.position()),
                    };
                    problems.add(at, format!("not a division: {error}"));
                }
            }
        }
        let divisions = Self { by_code };
        divisions.check(&file, problems);
        divisions
    }

    fn check(&self, file: &Arc<str>, problems: &mut Problems) {
        let start = At {
            file: Arc::clone(file),
            line: 1,
        };
        let roots = self
            .by_code
            .values()
            .filter(|division| division.parent.is_none())
            .count();
        if roots != 1 {
            problems.add(
                start,
                format!("{roots} divisions without a parent; there must be one, the city"),
            );
        }
        tree::check(self.by_code.values().map(|division| tree::Node {
            id: &division.code,
            parent: division.parent.as_deref(),
            at: &division.at,
        }))
        .into_iter()
        .for_each(|problem| problems.extend([problem]));
    }

    /// The division of this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Division> {
        self.by_code.get(code)
    }

    /// Every division, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        self.by_code.values()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_code.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }

    /// The division itself, what it lies in, and so on up to the root.
    pub fn path<'d>(&'d self, code: &str) -> impl Iterator<Item = &'d Division> {
        std::iter::successors(self.get(code), |division| self.get(division.parent.as_deref()?))
    }

    /// The division of `level` that `code` is or lies in.
    #[must_use]
    pub fn at_level(&self, code: &str, level: Level) -> Option<&Division> {
        self.path(code).find(|division| division.level == level)
    }

    /// The name with those above it, from the city down: `徐州市鼓楼区黄楼街道`.
    #[must_use]
    pub fn full_name(&self, code: &str) -> String {
        let mut names: Vec<_> = self.path(code).map(|division| division.name.as_str()).collect();
        names.reverse();
        names.concat()
    }
}

fn line_of(position: Option<&csv::Position>) -> u32 {
    position.map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX))
}

fn add(divisions: &mut BTreeMap<String, Division>, row: Line, at: At, problems: &mut Problems) {
    let digits = matches!(row.code.len(), 6 | 9) && row.code.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        problems.add(
            at.clone(),
            format!("\"{}\" is not an adcode of six or nine digits", row.code),
        );
    }
    if let Some(other) = divisions.get(&row.code) {
        problems.add(
            at,
            format!("division {} stands at line {} already", row.code, other.at.line),
        );
        return;
    }
    let parent = (!row.parent.is_empty()).then_some(row.parent);
    divisions.insert(
        row.code.clone(),
        Division {
            code: row.code,
            name: row.name,
            level: row.level,
            parent,
            at,
        },
    );
}
