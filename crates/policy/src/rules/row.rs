//! A row of any first-match table: its condition, its rule, and where it stands.

use crate::matter::{Condition, Matter};
use crate::problem::At;
use crate::read::{Layered, Table};

/// A rule with the matters that it holds for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row<T> {
    pub(crate) when: Condition,
    pub(crate) rule: T,
    pub(crate) at: At,
    pub(crate) layered: Layered,
}

impl<T> Row<T> {
    /// Reads every `[[key]]` with `rule`; rows that cannot be read have their problems noted.
    pub(crate) fn read_all(
        root: &Table<'_, '_>,
        key: &'static str,
        rule: impl Fn(&Table<'_, '_>) -> Option<T>,
    ) -> Vec<Self> {
        let rows = root.rows(key);
        rows.iter()
            .filter_map(|(table, layered)| Self::read(table, *layered, &rule))
            .collect()
    }

    fn read(
        table: &Table<'_, '_>,
        layered: Layered,
        rule: impl Fn(&Table<'_, '_>) -> Option<T>,
    ) -> Option<Self> {
        let when = Condition::read(table);
        let rule = rule(table);
        table.finish();
        Some(Self {
            when,
            rule: rule?,
            at: table.at(),
            layered,
        })
    }

    /// The first rule of `rows` that holds for `matter`.
    pub(crate) fn first<'r>(rows: &'r [Self], matter: &Matter) -> Option<&'r T> {
        rows.iter()
            .find(|row| row.when.matches(matter))
            .map(|row| &row.rule)
    }
}
