//! What the conditions of a file name: a category or a division that no city of the file has would silently never apply.

use crate::city::Parts;
use crate::file::File;
use crate::problem::At;

/// The names in one condition.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) at: At,
    pub(crate) categories: Vec<String>,
    pub(crate) divisions: Vec<String>,
}

/// Reports what the conditions of `file` name and none of `cities` has; without a city there is nothing to hold it to.
pub(crate) fn check(file: &File<'_>, cities: &[&Parts]) {
    let known = |has: &dyn Fn(&Parts) -> bool| cities.is_empty() || cities.iter().any(|city| has(city));
    for named in file.named() {
        for code in &named.categories {
            // A catalogue without any category could not be read, and says so itself.
            let has = |city: &Parts| {
                city.catalogue.categories().next().is_none() || city.catalogue.category(code).is_some()
            };
            if !known(&has) {
                file.problem_near(&named.at, format!("unknown category: {code}"));
            }
        }
        for code in &named.divisions {
            let has = |city: &Parts| city.divisions.is_empty() || city.divisions.get(code).is_some();
            if !known(&has) {
                file.problem_near(&named.at, format!("unknown division: {code}"));
            }
        }
    }
}
