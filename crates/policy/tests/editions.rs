//! Several policies of one city: each day has one in force, and every version stays at hand.

use chrono::NaiveDate;
use hotline_policy::{Library, SourceFile};

const BASE: &str = include_str!("../../../deploy/cities/jiangsu/policy.toml");
const UNITS: &str = include_str!("../../../deploy/cities/xuzhou/units.toml");
const CATALOGUE: &str = include_str!("../../../deploy/cities/xuzhou/catalogue.toml");
const DIVISIONS: &str = include_str!("../../../deploy/cities/xuzhou/divisions.csv");

fn edition(id: &str, from: &str) -> String {
    format!(
        "[policy]\nid = \"{id}\"\nparent = \"jiangsu-2020\"\ntitle = \"t\"\ndocument = \"d\"\ndivision = \"320300\"\n\
         effective_from = {from}\noffice_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n"
    )
}

fn file(city: &str, name: &str, text: &str) -> SourceFile {
    SourceFile {
        city: city.to_owned(),
        name: name.to_owned(),
        path: format!("{city}/{name}"),
        text: text.to_owned(),
    }
}

fn city(editions: &[(&str, &str, &str)]) -> Result<Library, Vec<String>> {
    let mut files = vec![
        file("base", "policy.toml", BASE),
        file("here", "units.toml", UNITS),
        file("here", "catalogue.toml", CATALOGUE),
        file("here", "divisions.csv", DIVISIONS),
    ];
    files.extend(
        editions
            .iter()
            .map(|(name, id, from)| file("here", name, &edition(id, from))),
    );
    Library::from_files(&files).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn each_day_has_the_edition_that_began_last() {
    let library = city(&[
        ("policy.toml", "here-2026", "2026-07-01"),
        ("policy-2020.toml", "here-2020", "2020-10-12"),
        ("policy-2028.toml", "here-2028", "2028-01-01"),
    ])
    .expect("it is sound");
    let here = library.city("here").expect("it is complete");
    let on = |text: &str| here.policy_on(day(text)).id.clone();
    assert_eq!(
        on("2019-01-01"),
        "here-2020",
        "before the first of all, the first"
    );
    assert_eq!(on("2026-06-30"), "here-2020");
    assert_eq!(on("2026-07-01"), "here-2026");
    assert_eq!(on("2027-12-31"), "here-2026");
    assert_eq!(on("2028-01-01"), "here-2028");
    for edition in &here.editions {
        assert_eq!(library.version(&edition.version), Some(edition), "{}", edition.id);
        assert_eq!(
            here.edition(&edition.version, ""),
            Some(edition),
            "{}",
            edition.id
        );
        assert_eq!(here.edition("changed since", &edition.id), Some(edition));
    }
    assert_eq!(here.edition("unknown", "elsewhere"), None);
}

#[test]
fn two_editions_do_not_begin_on_one_day() {
    let told = city(&[
        ("policy.toml", "here-b", "2026-07-01"),
        ("policy-a.toml", "here-a", "2026-07-01"),
    ])
    .err()
    .unwrap_or_default();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("here-a and here-b are both in force from 2026-07-01"),
        "{told:?}"
    );
}
