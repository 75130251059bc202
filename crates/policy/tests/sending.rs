//! What a policy says of sending, and what the lists of duties raise: read from a city written for the test.

use hotline_policy::{
    AppealType, ApprovalLevel, City, Decider, Desk, Join, Level, Library, Matter, ReplyCode, SourceFile,
};
use std::path::Path;
use std::sync::Arc;

const TABLES: &str = r#"
[dispatch]
article   = "14(2)"
lowest    = "county"

[whistle]
article     = "3(1)"
decider     = "platform"
acceptor    = "special_team"
ways        = ["text", "on_site"]
redo_within = "5 working days"
statement   = ["signature", "seal"]
operator    = ["redo_within"]

[review]
article    = "14(6)"
levels     = ["section", "leader"]
results    = ["solved", "no_legal_basis", "no_room"]
join       = "lead_last"
"#;

const UNITS: &str = r#"
[[unit]]
id = "t-county-urban"
name = "区城管局"
kind = "department"
level = "county"
parent = "xz-gulou"
line = "xz-urban-management"
decides_duty = true
division = "320302"
leader = "分管副局长"
section = "办公室"
responsible = "专员"
off_hours = "on_call"
"#;

const DUTIES: &str = r#"
[[duty]]
when = { category = "urban.city_appearance" }
list = "town"
line = "xz-urban-management"

[[duty]]
when = { category = "urban" }
list = "county"
line = "xz-housing"
"#;

fn city() -> Arc<City> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/cities");
    let read =
        |city: &str, name: &str| std::fs::read_to_string(root.join(city).join(name)).expect("a shipped file");
    let head = "[policy]\nid = \"trial\"\nparent = \"jiangsu-2020\"\ntitle = \"t\"\ndocument = \"d\"\n\
        division = \"320300\"\neffective_from = 2020-10-12\noffice_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n\
        convention = \"civil\"\n";
    let file = |city: &str, name: &str, text: String| SourceFile {
        city: city.into(),
        name: name.into(),
        path: name.into(),
        text,
    };
    let files = [
        file("jiangsu", "policy.toml", read("jiangsu", "policy.toml")),
        file("trial", "policy.toml", format!("{head}{TABLES}")),
        file("trial", "units.toml", read("xuzhou", "units.toml") + UNITS),
        file(
            "trial",
            "catalogue.toml",
            read("xuzhou", "catalogue.toml") + DUTIES,
        ),
        file("trial", "divisions.csv", read("xuzhou", "divisions.csv")),
    ];
    let library = Library::from_files(&files).unwrap_or_else(|problems| panic!("{problems}"));
    library.city("trial").expect("the city")
}

fn matter(appeal_type: AppealType, category: &str) -> Matter {
    Matter::new(appeal_type, Desk::Hotline, category, "320302001")
}

#[test]
fn a_policy_says_how_far_down_it_sends_and_who_accepts() {
    let city = city();
    let dispatch = city.policy.dispatch_rule().expect("[dispatch]");
    assert_eq!(dispatch.lowest, Some(Level::County));
    let whistle = city.policy.whistle().expect("[whistle]");
    assert_eq!(whistle.acceptor, Decider::SpecialTeam);
    let review = city.policy.review();
    assert_eq!(review.levels, [ApprovalLevel::Section, ApprovalLevel::Leader]);
    assert_eq!(review.results.last(), Some(&ReplyCode::NoRoom));
    assert_eq!(review.join, Join::LeadLast);
}

#[test]
fn the_lists_name_the_line_and_the_place_finds_its_unit() {
    let city = city();
    for (category, list, to) in [
        ("urban.city_appearance", Level::Town, "t-county-urban"),
        ("urban.property", Level::County, "xz-housing"),
    ] {
        let matter = matter(AppealType::Help, category);
        let duty = city.catalogue.duty(&matter).expect("it stands on a list");
        assert_eq!(duty.list, list);
        let level = if list == Level::Town {
            Level::County
        } else {
            Level::City
        };
        let unit = city.raised_to(&matter, &duty.line, level).expect("a unit");
        assert_eq!(unit.id, to, "{category}");
    }
    assert!(
        city.catalogue
            .duty(&matter(AppealType::Help, "transport.bus"))
            .is_none()
    );
}

#[test]
fn a_unit_guides_those_below_it_and_those_of_its_line() {
    let city = city();
    let below = |id: &str| -> Vec<String> {
        let units = city.units.subordinates(id);
        units.iter().map(|unit| unit.id.clone()).collect()
    };
    assert_eq!(below("xz-urban-management"), ["t-county-urban"]);
    assert!(below("xz-gulou").contains(&"t-county-urban".to_owned()));
}
