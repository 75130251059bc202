//! Every mistake in a city's files is told with its file and line, all at once.

use hotline_policy::{AppealType, Channel, Desk, Fill, Library, Matter, Obligation, SourceFile};

const BASE: &str = include_str!("../../../deploy/cities/jiangsu/policy.toml");
const UNITS: &str = include_str!("../../../deploy/cities/xuzhou/units.toml");
const CATALOGUE: &str = include_str!("../../../deploy/cities/xuzhou/catalogue.toml");
const DIVISIONS: &str = include_str!("../../../deploy/cities/xuzhou/divisions.csv");

/// A child with a header of ten lines; its rows begin at line 11.
const HEADER: &str = "[policy]\nid = \"child\"\nparent = \"jiangsu-2020\"\ntitle = \"t\"\ndocument = \"d\"\n\
                      division = \"320300\"\neffective_from = 2021-01-01\n\
                      office_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n\n\n";

fn file(city: &str, name: &str, text: &str) -> SourceFile {
    let path = format!("{city}/{name}");
    SourceFile {
        city: city.to_owned(),
        name: name.to_owned(),
        path,
        text: text.to_owned(),
    }
}

fn load(files: &[SourceFile]) -> Result<Library, Vec<String>> {
    Library::from_files(files).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn child(rows: &str) -> Vec<SourceFile> {
    vec![
        file("base", "policy.toml", BASE),
        file("child", "policy.toml", &format!("{HEADER}{rows}")),
    ]
}

fn city(units: &str, catalogue: &str, divisions: &str) -> Vec<SourceFile> {
    let mut files = child("");
    files.push(file("child", "units.toml", units));
    files.push(file("child", "catalogue.toml", catalogue));
    files.push(file("child", "divisions.csv", divisions));
    files
}

/// Asserts that loading tells exactly these problems, each by how it begins and a part of it.
#[track_caller]
fn tells(files: &[SourceFile], expected: &[(&str, &str)]) {
    let problems = load(files).err().unwrap_or_default();
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, (start, part)) in problems.iter().zip(expected) {
        assert!(
            problem.starts_with(start) && problem.contains(part),
            "{problem}\nis not {start} … {part}"
        );
    }
}

#[test]
fn a_child_without_rows_of_its_own_is_sound() {
    tells(&child(""), &[]);
    tells(&city(UNITS, CATALOGUE, DIVISIONS), &[]);
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let rows = "[[clock]]\nsource = \"operator\"\nobligation = \"archive\"\nwhithin = \"3 working days\"\nwithin = \"2 hours\"\n";
    tells(
        &child(rows),
        &[("child/policy.toml:14: ", "unknown key \"whithin\" in [[clock]]")],
    );
    tells(
        &child("[[clocks]]\n"),
        &[("child/policy.toml:11: ", "unknown key \"clocks\"")],
    );
    let when = "[[clock]]\nsource = \"operator\"\nobligation = \"archive\"\nwithin = \"2 hours\"\nwhen = { kind = \"help\" }\n";
    tells(
        &child(when),
        &[("child/policy.toml:15: ", "unknown key \"kind\" in [when]")],
    );
}

#[test]
fn several_mistakes_are_told_at_once() {
    let rows = "[[clock]]\nobligation = \"archve\"\nwithin = \"3 days\"\n[review]\nrequired = [\"acton\"]\n[close]\nevent = 3\n";
    tells(
        &child(rows),
        &[
            ("child/policy.toml:11: ", "no article"),
            ("child/policy.toml:12: ", "\"archve\" is not an obligation"),
            ("child/policy.toml:13: ", "unknown unit \"days\""),
            ("child/policy.toml:15: ", "\"acton\" is not a reply part"),
            ("child/policy.toml:17: ", "must be a text"),
        ],
    );
}

#[test]
fn a_row_names_an_article_or_the_operator_and_not_both() {
    let rows =
        "[[clock]]\narticle = \"1\"\nsource = \"operator\"\nobligation = \"archive\"\nwithin = \"2 hours\"\n";
    tells(&child(rows), &[("child/policy.toml:11: ", "both an article")]);
    let names = "[[clock]]\narticle = \"1\"\noperator = [\"limit\"]\nobligation = \"archive\"\nwithin = \"2 hours\"\n";
    tells(
        &child(names),
        &[("child/policy.toml:13: ", "operator names \"limit\"")],
    );
}

fn row(obligation: &str, when: &str) -> String {
    format!(
        "[[clock]]\nsource = \"operator\"\nobligation = \"{obligation}\"\nwithin = \"2 hours\"\nwhen = {{ {when} }}\n"
    )
}

#[test]
fn an_unreachable_row_names_the_row_that_takes_everything() {
    let rows = row("archive", "type = [\"help\", \"report\"]")
        + &row("archive", "type = \"help\", desk = \"hotline\"");
    tells(
        &child(&rows),
        &[(
            "child/policy.toml:16: ",
            "the row at line 11 matches everything it does",
        )],
    );
}

#[test]
fn a_row_that_two_rows_cover_together_is_unreachable_too() {
    let rows = row("archive", "desk = \"hotline\"")
        + &row("archive", "desk = \"enterprise\"")
        + &row("archive", "type = \"help\"");
    tells(
        &child(&rows),
        &[("child/policy.toml:21: ", "the rows above together")],
    );
}

#[test]
fn a_child_may_leave_nothing_to_its_parent() {
    let rows = "[[clock]]\nsource = \"operator\"\nobligation = \"answer\"\nwithin = \"1 working day\"\n";
    tells(&child(rows), &[]);
}

#[test]
fn a_matter_without_a_row_is_told_with_an_example() {
    let text = BASE.replace(
        "[[return]]\narticle     = \"11(4)\"\nwindow ",
        "[[return]]\narticle     = \"11(4)\"\nwhen = { desk = \"hotline\" }\nwindow ",
    );
    assert_ne!(text, BASE);
    tells(
        &[file("base", "policy.toml", &text)],
        &[(
            "base/policy.toml:",
            "missing row of [[return]]: nothing applies to",
        )],
    );
}

#[test]
fn missing_tables_are_told() {
    let header = HEADER.replace("parent = \"jiangsu-2020\"\n", "\n");
    let problems = load(&[file("child", "policy.toml", &header)])
        .err()
        .unwrap_or_default()
        .join("\n");
    for part in [
        "[review]",
        "[close]",
        "[identity]",
        "[retention]",
        "[[return]]",
        "[[clock]] sign",
        "[[reject]]",
        "[[redirect]]",
    ] {
        assert!(problems.contains(part), "{part} in\n{problems}");
    }
}

#[test]
fn a_reminder_is_shorter_than_its_limit() {
    let rows = "[[clock]]\nsource = \"operator\"\nobligation = \"archive\"\nwithin = \"1 working day\"\n\
                remind_before = [\"8 working hours\"]\n";
    tells(
        &child(rows),
        &[(
            "child/policy.toml:15: ",
            "a reminder of 8 working hours is not shorter",
        )],
    );
}

#[test]
fn a_rung_that_others_leave_nothing_to_is_unreachable() {
    let rung = |obligations: &str| {
        format!(
            "[[escalate]]\nsource = \"operator\"\nstep = \"urge\"\nobligations = {obligations}\nto = [\"leader\"]\n"
        )
    };
    let rows =
        rung("[\"sign\", \"answer\"]") + &rung("[\"answer\", \"redo\"]") + &rung("[\"redo\", \"sign\"]");
    tells(
        &child(&rows),
        &[("child/policy.toml:21: ", "unreachable row of [[escalate]] urge")],
    );
}

#[test]
fn a_child_may_say_that_a_table_is_the_operators() {
    let library = load(&child("[retention]\nsource = \"operator\"\n")).expect("it is sound");
    let origin = library
        .policy("child")
        .map(|policy| policy.retention().origin.clone());
    assert_eq!(origin.map(|origin| origin.article), Some("operator".to_owned()));
}

#[test]
fn a_limit_stands_in_one_place_only() {
    let rows = "[[clock]]\nsource = \"operator\"\nobligation = \"redo\"\nwithin = \"2 hours\"\n";
    tells(
        &child(rows),
        &[("child/policy.toml:13: ", "belongs into [[redo]]")],
    );
}

#[test]
fn a_parent_must_exist_and_not_be_a_descendant() {
    tells(
        &[file("child", "policy.toml", HEADER)],
        &[(
            "child/policy.toml:1: ",
            "child has an unknown parent: jiangsu-2020",
        )],
    );
    let ring = BASE.replace(
        "id             = \"jiangsu-2020\"",
        "id = \"jiangsu-2020\"\nparent = \"child\"",
    );
    let files = [
        file("base", "policy.toml", &ring),
        file("child", "policy.toml", HEADER),
    ];
    tells(
        &files,
        &[(
            "child/policy.toml:1: ",
            "child is its own ancestor: child → jiangsu-2020 → child",
        )],
    );
}

#[test]
fn a_syntax_error_has_its_line() {
    let problems = load(&child("[review\n")).err().unwrap_or_default();
    assert!(
        problems
            .iter()
            .any(|problem| problem.starts_with("child/policy.toml:11: ")),
        "{problems:?}"
    );
}

#[test]
fn a_lost_number_loads_and_keeps_the_policy_out_of_force() {
    let rows = "[[clock]]\narticle = \"15\"\nobligation = \"answer\"\nwhen = { channel = \"provincial\" }\nlost = \"provincial_limit\"\n";
    let library = load(&child(rows)).expect("a lost number is no mistake");
    let refusal = library
        .policy("child")
        .and_then(|policy| policy.activate().err())
        .expect("it is refused");
    assert_eq!(refusal.code.id, "policy.lost_limit");
    assert!(refusal.detail.contains("child/policy.toml:11"), "{refusal}");
    assert_eq!(refusal.field.as_deref(), Some("child.provincial_limit"));
    assert_eq!(refusal.article.as_deref(), Some("15"));
    let silent = "[[clock]]\narticle = \"15\"\nobligation = \"answer\"\n";
    tells(&child(silent), &[("child/policy.toml:11: ", "needs \"within\"")]);
}

/// The limit of a provincial order's answer after `files` were loaded with `set`.
fn provincial(files: &[SourceFile], set: &[Fill]) -> Result<(String, String), Vec<String>> {
    let told =
        |problems: hotline_policy::Problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let library = Library::with(files, set).map_err(told)?;
    let policy = library.policy("child").expect("it is there");
    policy.activate().map_err(|refusal| vec![refusal.to_string()])?;
    let matter = Matter {
        channel: Channel::Provincial,
        ..Matter::new(AppealType::Help, Desk::Hotline, "", "320300")
    };
    let clock = policy
        .clock(Obligation::Answer, &matter)
        .expect("an answer is owed");
    Ok((clock.within.to_string(), clock.article.clone()))
}

#[test]
fn a_lost_number_is_filled_in_beside_the_policy_or_by_set() {
    let rows = "[[clock]]\narticle = \"15\"\nobligation = \"answer\"\nwhen = { channel = \"provincial\" }\nlost = \"limit\"\n";
    let filled = Ok(("15 natural days".to_owned(), "15".to_owned()));
    let set: Fill = "child.limit=15 natural days".parse().expect("it is well formed");
    assert_eq!(provincial(&child(rows), &[set]), filled);
    let mut files = child(rows);
    files.push(file(
        "child",
        "policy.local.toml",
        "[child]\nlimit = \"15 natural days\"\n",
    ));
    assert_eq!(provincial(&files, &[]), filled);
    assert!(provincial(&child(rows), &[]).is_err_and(|told| told[0].starts_with("policy.lost_limit")));
}

#[test]
fn a_value_for_a_number_that_is_not_lost_is_refused_where_it_was_said() {
    let rows = "[[clock]]\narticle = \"15\"\nobligation = \"answer\"\nlost = \"limit\"\n";
    let with = |text: &str| {
        let mut files = child(rows);
        files.push(file("child", "policy.local.toml", text));
        files
    };
    let place = "child/policy.local.toml:2: ";
    tells(
        &with("[child]\nlimits = \"1 month\"\n"),
        &[(place, "child has no lost number called limits; it has limit")],
    );
    tells(
        &with("[child]\nlimit = \"3 days\"\n"),
        &[(place, "unknown unit \"days\"")],
    );
    tells(
        &with("[kid]\nlimit = \"1 month\"\n"),
        &[(place, "no policy is called kid; use jiangsu-2020, child")],
    );
    tells(
        &with("[child]\nlimit = 15\n"),
        &[(place, "must be a limit in words")],
    );
    assert!("child=1 month".parse::<Fill>().is_err());
}

#[test]
fn units_are_checked_for_orphans_loops_and_divisions() {
    let unit = |id: &str, parent: &str, division: &str| {
        format!(
            "\n[[unit]]\nid = \"{id}\"\nname = \"n\"\nkind = \"department\"\nlevel = \"city\"\nparent = \"{parent}\"\n\
             division = \"{division}\"\nleader = \"l\"\nsection = \"s\"\nresponsible = \"r\"\noff_hours = \"none\"\n"
        )
    };
    let end = UNITS.lines().count();
    let more = unit("a", "b", "320300") + &unit("b", "a", "320300") + &unit("c", "nobody", "999999");
    let line = |row: usize| format!("child/units.toml:{}: ", end + 2 + 12 * row);
    let (first, third) = (line(0), line(2));
    let expected = [
        (first.as_str(), "a is its own ancestor: a → b → a"),
        (third.as_str(), "c has an unknown parent: nobody"),
        (third.as_str(), "unit c serves an unknown division: 999999"),
    ];
    tells(&city(&format!("{UNITS}{more}"), CATALOGUE, DIVISIONS), &expected);
}

#[test]
fn a_catalogue_names_only_what_exists_and_ends_with_a_catch_all() {
    let text = CATALOGUE.replace(
        "lead = \"xz-hotline\"",
        "when = { category = \"urbn\" }\nlead = \"xz-hotlin\"",
    );
    let problems = load(&city(UNITS, &text, DIVISIONS))
        .err()
        .unwrap_or_default()
        .join("\n");
    for part in [
        "unknown category: urbn",
        "unknown unit: xz-hotlin",
        "missing row of [[dispatch]]",
    ] {
        assert!(problems.contains(part), "{part} in\n{problems}");
    }
}

#[test]
fn divisions_have_one_root_and_no_orphans() {
    let text =
        format!("{DIVISIONS}320999001,某镇,town,320999\n32,甲,town,320300\n320302,鼓楼区,county,320300\n");
    let end = DIVISIONS.lines().count();
    let line = |row: usize| format!("child/divisions.csv:{}: ", end + row);
    let (first, second, third) = (line(1), line(2), line(3));
    let expected = [
        (first.as_str(), "unknown parent: 320999"),
        (second.as_str(), "not an adcode"),
        (third.as_str(), "stands at line"),
    ];
    tells(&city(UNITS, CATALOGUE, &text), &expected);
}

#[test]
fn a_city_needs_all_its_files() {
    let mut files = child("");
    files.push(file("child", "units.toml", UNITS));
    tells(
        &files,
        &[
            ("child:1: ", "no catalogue.toml"),
            ("child:1: ", "no divisions.csv"),
        ],
    );
}

#[test]
fn a_version_follows_the_content_and_not_the_layout() {
    let version = |rows: &str, base: &str| {
        let mut files = child(rows);
        base.clone_into(&mut files[0].text);
        let library = load(&files).expect("it is sound");
        library
            .policy("child")
            .map(|policy| policy.version.clone())
            .expect("it is there")
    };
    let plain = version("", BASE);
    assert_eq!(plain, version("# a remark\n\n", BASE));
    assert_ne!(plain, version(&row("archive", "type = \"help\""), BASE));
    assert_ne!(
        plain,
        version(
            "",
            &BASE.replace(
                "within     = \"3 working days\"",
                "within     = \"4 working days\""
            )
        )
    );
}

#[test]
fn a_row_that_names_what_nobody_declares_is_told() {
    let rows = "[[card]]\narticle = \"1\"\ncode = \"c\"\ncolour = \"yellow\"\nconsecutive = 2\nwindow = \"1 month\"\n\
                broken_by = \"nothing\"\nthen = \"interview\"\ninstrument = \"nosuch\"\ncause = \"nosuch\"\n";
    tells(
        &child(rows),
        &[
            ("child/policy.toml:11", "unknown accountability type: nosuch"),
            ("child/policy.toml:11", "unknown instrument: nosuch"),
        ],
    );
    let rows = "[[callback]]\nsource = \"operator\"\nwithin = \"1 working day\"\nways = [\"telephone\"]\norder = \"any_one\"\n\
                tries = 1\nspacing = \"1 hour\"\nquestions = [\"resolved\"]\nbad = [\"dissatisfied\"]\n\
                silence = \"not_counted\"\nexclusions = [\"nosuch\"]\n";
    let told = ("child/policy.toml:11: ", "unknown exclusion: nosuch");
    tells(&child(rows), &[told]);
}
