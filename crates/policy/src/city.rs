//! A city: its policy, its units, its catalogue and its divisions, checked against one another.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalogue::{Catalogue, Dispatch, Lead};
use crate::divisions::Divisions;
use crate::file::File;
use crate::matter::Matter;
use crate::policy::Policy;
use crate::problem::Problems;
use crate::units::{Unit, Units};
use crate::vocabulary::Level;

/// Everything that a deployment knows about a city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// The name of its folder (`xuzhou`).
    pub id: String,
    /// The policy of `policy.toml`.
    pub policy: Arc<Policy>,
    /// Every policy of the folder, the earliest in force first.
    pub editions: Vec<Arc<Policy>>,
    /// Its units.
    pub units: Units,
    /// Its categories, and who leads on them.
    pub catalogue: Catalogue,
    /// Its divisions.
    pub divisions: Divisions,
}

impl City {
    /// The policy in force on a day, by `effective_from`: orders opened that day are handled under it to the end.
    ///
    /// Before the first day of all, the first.
    #[must_use]
    pub fn policy_on(&self, day: NaiveDate) -> &Arc<Policy> {
        let begun = self.editions.iter().rfind(|policy| policy.effective_from <= day);
        begun.or(self.editions.first()).unwrap_or(&self.policy)
    }

    /// The edition that an order was opened under: of this version, or, where its very version is not at hand any
    /// more, of this id.
    #[must_use]
    pub fn edition(&self, version: &str, id: &str) -> Option<&Arc<Policy>> {
        let by_version = self.editions.iter().find(|policy| policy.version == version);
        by_version.or_else(|| self.editions.iter().find(|policy| policy.id == id))
    }

    /// Who handles `matter`; a checked catalogue always has an answer.
    #[must_use]
    pub fn dispatch(&self, matter: &Matter) -> Option<Dispatch<'_>> {
        self.catalogue.dispatch(matter, &self.units, &self.divisions)
    }

    /// Who reviews `matter` when it is raised to `level` in this line of business: the county's unit of the line where
    /// the matter lies, or the line's own.
    #[must_use]
    pub fn raised_to(&self, matter: &Matter, line: &str, level: Level) -> Option<&Unit> {
        if level != Level::County {
            return self.units.get(line);
        }
        let county = self.divisions.at_level(&matter.division, level)?;
        self.units.in_line(line, level, &county.code)
    }
}

/// The three files of a city besides its policy, read.
pub(crate) struct Parts {
    pub(crate) units: Units,
    pub(crate) catalogue: Catalogue,
    pub(crate) divisions: Divisions,
}

impl Parts {
    /// Checks the three files against one another.
    pub(crate) fn check(&self, catalogue_file: &File<'_>, problems: &mut Problems) {
        let (units, divisions) = (&self.units, &self.divisions);
        self.catalogue.cross_check(catalogue_file, units);
        for unit in units
            .iter()
            .filter(|unit| divisions.get(&unit.division).is_none())
        {
            problems.add(
                unit.at.clone(),
                format!("unit {} serves an unknown division: {}", unit.id, unit.division),
            );
        }
        check_territory(units, &self.catalogue, divisions, problems);
    }
}

/// A row that leads by county needs a government in every county.
fn check_territory(units: &Units, catalogue: &Catalogue, divisions: &Divisions, problems: &mut Problems) {
    let by_county = Lead::Territorial(Level::County);
    if !catalogue.rows().iter().any(|row| row.lead == by_county) {
        return;
    }
    let counties = divisions
        .iter()
        .filter(|division| division.level == Level::County);
    for county in counties.filter(|county| units.territorial(&county.code).is_none()) {
        let text = format!(
            "no unit governs {} {}, and the catalogue leads by county",
            county.code, county.name
        );
        problems.add(county.at.clone(), text);
    }
}

/// Reports editions of one city that begin on one day: which of them would hold?
pub(crate) fn check_editions(editions: &[Arc<Policy>], file: &File<'_>) {
    for pair in editions.windows(2) {
        if let [one, other] = pair
            && one.effective_from == other.effective_from
        {
            let text = format!(
                "{} and {} are both in force from {}: one of them needs a day of its own",
                one.id, other.id, one.effective_from
            );
            file.problem(0, text);
        }
    }
}

/// Reports that the policy is for a division that the city does not have.
pub(crate) fn check_policy(policy: &Policy, divisions: &Divisions, file: &File<'_>) {
    if divisions.get(&policy.division).is_none() {
        let text = format!(
            "the policy is for division {}, which divisions.csv does not have",
            policy.division
        );
        file.problem(0, text);
    }
}
