//! Divisions and categories as options: what the city's own lists hold.

use hotline_policy::{Category, City, Division};

use super::field::Group;

/// The divisions right below the city.
pub fn areas(city: &City) -> Vec<&Division> {
    below(city, &city.policy.division)
}

/// The divisions right below `code`.
fn below<'c>(city: &'c City, code: &str) -> Vec<&'c Division> {
    let inside = |division: &&Division| division.parent.as_deref() == Some(code);
    city.divisions.iter().filter(inside).collect()
}

/// Every division two steps below the city, in groups of the ones above.
pub fn towns(city: &City) -> Vec<Group<'_>> {
    let groups = areas(city).into_iter().map(|area| Group {
        code: &area.code,
        name: &area.name,
        options: pairs(below(city, &area.code)),
    });
    groups.filter(|group| !group.options.is_empty()).collect()
}

/// Code and name of each.
pub fn pairs(divisions: Vec<&Division>) -> Vec<(&str, &str)> {
    divisions
        .into_iter()
        .map(|division| (division.code.as_str(), division.name.as_str()))
        .collect()
}

/// The groups of categories, in the order of the city's file.
pub fn groups(city: &City) -> Vec<&Category> {
    in_order(city, |category| category.parent().is_none())
}

/// The categories of a group, in the order of the city's file.
pub fn topics<'c>(city: &'c City, group: &str) -> Vec<&'c Category> {
    in_order(city, |category| category.parent() == Some(group))
}

fn in_order(city: &City, wanted: impl Fn(&Category) -> bool) -> Vec<&Category> {
    let mut found: Vec<&Category> = city
        .catalogue
        .categories()
        .filter(|category| wanted(category))
        .collect();
    found.sort_by_key(|category| category.at.line);
    found
}

/// The name of a category with its group's: 城乡建设 / 物业管理.
pub fn category_name(city: &City, code: &str) -> String {
    let name = |code: &str| {
        city.catalogue
            .category(code)
            .map_or(String::new(), |known| known.name.clone())
    };
    match code.split_once('.') {
        Some((group, _)) => format!("{} / {}", name(group), name(code)),
        None => name(code),
    }
}
