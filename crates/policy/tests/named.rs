//! A category or a division that a condition names and nobody has is told with its line: its row would never apply.

use hotline_policy::{Library, SourceFile};

const BASE: &str = include_str!("../../../deploy/cities/jiangsu/policy.toml");
const UNITS: &str = include_str!("../../../deploy/cities/xuzhou/units.toml");
const CATALOGUE: &str = include_str!("../../../deploy/cities/xuzhou/catalogue.toml");
const DIVISIONS: &str = include_str!("../../../deploy/cities/xuzhou/divisions.csv");

const CHILD: &str = "[policy]\nid = \"child\"\nparent = \"jiangsu-2020\"\ntitle = \"t\"\ndocument = \"d\"\n\
                     division = \"320300\"\neffective_from = 2021-01-01\n\
                     office_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n";

/// A row on what `when` says, which stands in its fifth line.
fn row(when: &str) -> String {
    format!(
        "[[clock]]\nsource = \"operator\"\nobligation = \"archive\"\nwithin = \"2 hours\"\nwhen = {{ {when} }}\n"
    )
}

fn problems(base: &str, child: &str, catalogue: &str) -> Vec<String> {
    let file = |city: &str, name: &str, text: &str| SourceFile {
        city: city.to_owned(),
        name: name.to_owned(),
        path: format!("{city}/{name}"),
        text: text.to_owned(),
    };
    let mut files = vec![
        file("base", "policy.toml", base),
        file("child", "policy.toml", child),
    ];
    if !catalogue.is_empty() {
        files.push(file("child", "units.toml", UNITS));
        files.push(file("child", "catalogue.toml", catalogue));
        files.push(file("child", "divisions.csv", DIVISIONS));
    }
    let problems = Library::from_files(&files).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_policy_names_categories_and_divisions_of_its_city() {
    let rows = row("category = \"urban.propery\"") + &row("division = \"320399\", type = \"help\"");
    let child = format!("{CHILD}{rows}");
    let begins = CHILD.lines().count();
    assert_eq!(
        problems(BASE, &child, CATALOGUE),
        [
            format!(
                "child/policy.toml:{}: unknown category: urban.propery",
                begins + 5
            ),
            format!("child/policy.toml:{}: unknown division: 320399", begins + 10),
        ]
    );
    assert_eq!(
        problems(BASE, &child, ""),
        [""; 0],
        "without a city there is nothing to hold it to"
    );
}

#[test]
fn a_base_names_what_some_city_has_that_rests_on_it() {
    let with = |when: &str| BASE.replacen("\n[[clock]]", &format!("\n{}[[clock]]", row(when)), 1);
    let known = with("category = \"urban\", division = \"320302\"");
    assert_eq!(problems(&known, CHILD, CATALOGUE), [""; 0]);
    let misspelt = with("category = \"urbn\"");
    let line = misspelt
        .lines()
        .position(|line| line.contains("urbn"))
        .expect("is there")
        + 1;
    assert_eq!(
        problems(&misspelt, CHILD, CATALOGUE),
        [format!("base/policy.toml:{line}: unknown category: urbn")]
    );
}

#[test]
fn a_duty_list_names_categories_and_divisions_of_its_city() {
    let duty = "\n[[duty]]\nlist = \"county\"\nline = \"xz-housing\"\nwhen = { category = [\"urban\", \"urbn\"], division = \"1\" }\n";
    let line = CATALOGUE.lines().count() + 5;
    assert_eq!(
        problems(BASE, CHILD, &format!("{CATALOGUE}{duty}")),
        [
            format!("child/catalogue.toml:{line}: unknown category: urbn"),
            format!("child/catalogue.toml:{line}: unknown division: 1"),
        ]
    );
}
