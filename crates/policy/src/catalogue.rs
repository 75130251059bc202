//! The catalogue: the tree of categories, and which unit leads on which matter.
//!
//! Invariant: every matter finds a lead; the first row that matches and whose lead exists wins.

use std::collections::BTreeMap;

use crate::divisions::Divisions;
use crate::file::File;
use crate::lint::{self, Candidate, Coverage};
use crate::matter::{Condition, Matter};
use crate::problem::At;
use crate::read::{Layered, Table};
use crate::tree;
use crate::units::{Unit, Units};
use crate::vocabulary::Level;

/// A category of matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Dotted code (`urban.property`); what stands before the last dot is its parent.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The article that names it, where one does.
    pub article: Option<String>,
    /// Its place in the file.
    pub at: At,
}

impl Category {
    fn read(table: &Table<'_, '_>) -> Option<Self> {
        let code = table.need_text("code");
        let name = table.need_text("name");
        let article = table.text("article");
        table.finish();
        Some(Self {
            code: code?,
            name: name?,
            article,
            at: table.at(),
        })
    }

    /// The code of the group that it belongs to.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.code.rsplit_once('.').map(|(parent, _)| parent)
    }
}

/// Who leads: a unit, or the government of the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// This unit.
    Unit(String),
    /// The government, at this level, of the division that the matter lies in.
    Territorial(Level),
}

impl std::str::FromStr for Lead {
    type Err = crate::vocabulary::UnknownWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix('@') {
            Some(level) => level.parse().map(Self::Territorial),
            None => Ok(Self::Unit(text.to_owned())),
        }
    }
}

/// A row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchRow {
    /// The matters that it holds for.
    pub when: Condition,
    /// Who leads.
    pub lead: Lead,
    /// Who handles besides.
    pub co_handlers: Vec<Lead>,
    /// Why, for the clerk who sees the suggestion.
    pub reason: String,
    /// Its place in the file.
    pub at: At,
}

impl DispatchRow {
    fn read(table: &Table<'_, '_>) -> Option<Self> {
        let when = Condition::read(table);
        let lead = table.need_word("lead");
        let co_handlers = table.words("co_handlers");
        let reason = table.text("reason").unwrap_or_default();
        table.finish();
        Some(Self {
            when,
            lead: lead?,
            co_handlers,
            reason,
            at: table.at(),
        })
    }
}

/// A row of the duty lists: whose list a matter stands on, and the line of business that reviews it one level up
/// (NC-31-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyRow {
    /// The matters that stand on the list.
    pub when: Condition,
    /// Whose list: the towns' or the counties'.
    pub list: Level,
    /// The city's department of this line; from a town's list the matter goes to its counterpart of the county.
    pub line: String,
    /// Its place in the file.
    pub at: At,
}

impl DutyRow {
    fn read(table: &Table<'_, '_>) -> Option<Self> {
        let when = Condition::read(table);
        let list = table.need_word("list");
        let line = table.need_text("line");
        if list.is_some_and(|list| !matches!(list, Level::Town | Level::County)) {
            table.problem_at("list", "\"list\" of [[duty]] is town or county");
        }
        table.finish();
        Some(Self {
            when,
            list: list?,
            line: line?,
            at: table.at(),
        })
    }
}

/// Who handles a matter, and the row that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch<'c> {
    /// Who answers for the whole.
    pub lead: &'c Unit,
    /// Who handles besides, each once, the lead not among them.
    pub co_handlers: Vec<&'c Unit>,
    /// The row that matched.
    pub row: &'c DispatchRow,
}

/// The catalogue of a city.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    categories: BTreeMap<String, Category>,
    rows: Vec<DispatchRow>,
    duties: Vec<DutyRow>,
}

impl Catalogue {
    /// Reads `catalogue.toml`; problems are noted in the file.
    pub(crate) fn read(file: &File<'_>) -> Self {
        let root = Table::of(file);
        let mut categories: BTreeMap<String, Category> = BTreeMap::new();
        for (table, _) in root.rows("category") {
            let Some(category) = Category::read(&table) else {
                continue;
            };
            if let Some(other) = categories.get(&category.code) {
                table.problem(format!(
                    "category {} stands at line {} already",
                    category.code, other.at.line
                ));
                continue;
            }
            categories.insert(category.code.clone(), category);
        }
        let rows = root.rows("dispatch");
        let rows = rows
            .iter()
            .filter_map(|(table, _)| DispatchRow::read(table))
            .collect();
        let duties = root.rows("duty");
        let duties = duties
            .iter()
            .filter_map(|(table, _)| DutyRow::read(table))
            .collect();
        root.finish();
        let catalogue = Self {
            categories,
            rows,
            duties,
        };
        catalogue.check(file, &root);
        catalogue
    }

    fn check(&self, file: &File<'_>, root: &Table<'_, '_>) {
        let nodes = self.categories().map(|category| tree::Node {
            id: &category.code,
            parent: category.parent(),
            at: &category.at,
        });
        file.add_all(tree::check(nodes));
        let candidates: Vec<_> = self.rows.iter().map(candidate).collect();
        file.add_all(lint::check(
            "[[dispatch]]",
            &candidates,
            Coverage::Total,
            &root.at(),
        ));
    }

    /// Reports units that the rows name and that do not exist.
    pub(crate) fn cross_check(&self, file: &File<'_>, units: &Units) {
        for row in self.duties.iter().filter(|row| units.get(&row.line).is_none()) {
            file.problem_near(&row.at, format!("unknown unit: {}", row.line));
        }
        for row in &self.rows {
            for lead in std::iter::once(&row.lead).chain(&row.co_handlers) {
                match lead {
                    Lead::Unit(id) if units.get(id).is_none() => {
                        file.problem_near(&row.at, format!("unknown unit: {id}"));
                    }
                    Lead::Unit(_) | Lead::Territorial(_) => {}
                }
            }
        }
    }

    /// The category of this code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.get(code)
    }

    /// Every category, by code.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.values()
    }

    /// The rows in order.
    #[must_use]
    pub fn rows(&self) -> &[DispatchRow] {
        &self.rows
    }

    /// The duty lists in order.
    #[must_use]
    pub fn duties(&self) -> &[DutyRow] {
        &self.duties
    }

    /// The row of the duty lists that `matter` stands on; `None` when it stands on none (NC-31-1).
    #[must_use]
    pub fn duty(&self, matter: &Matter) -> Option<&DutyRow> {
        self.duties.iter().find(|row| row.when.matches(matter))
    }

    /// Who handles `matter`.
    #[must_use]
    pub fn dispatch<'c>(
        &'c self,
        matter: &Matter,
        units: &'c Units,
        divisions: &Divisions,
    ) -> Option<Dispatch<'c>> {
        let unit = |lead: &Lead| resolve(lead, matter, units, divisions);
        self.rows
            .iter()
            .filter(|row| row.when.matches(matter))
            .find_map(|row| {
                let lead = unit(&row.lead)?;
                let mut co_handlers: Vec<&Unit> = Vec::new();
                for other in row.co_handlers.iter().filter_map(unit) {
                    if other.id != lead.id && !co_handlers.contains(&other) {
                        co_handlers.push(other);
                    }
                }
                Some(Dispatch {
                    lead,
                    co_handlers,
                    row,
                })
            })
    }
}

fn resolve<'c>(lead: &Lead, matter: &Matter, units: &'c Units, divisions: &Divisions) -> Option<&'c Unit> {
    match lead {
        Lead::Unit(id) => units.get(id),
        Lead::Territorial(level) => {
            let division = divisions.at_level(&matter.division, *level)?;
            units.territorial(&division.code)
        }
    }
}

/// A row whose lead depends on the place may find none, and then leaves the matter to later rows.
fn candidate(row: &DispatchRow) -> Candidate<'_> {
    let certain = matches!(row.lead, Lead::Unit(_));
    Candidate {
        when: &row.when,
        at: &row.at,
        layered: Layered::Own,
        certain,
    }
}
