//! The first row that matches wins, and the check of a table agrees with trying every matter.

use std::collections::BTreeSet;

use hotline_policy::{AppealType, Condition, Desk, Level, Library, Matter, Obligation, SourceFile, Urgency};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const BASE: &str = include_str!("../../../deploy/cities/jiangsu/policy.toml");
const ARCHIVE: &str =
    "[[clock]]\nsource     = \"operator\"\nobligation = \"archive\"\nwithin     = \"5 working days\"\n";

/// How a condition is written, beside what it means.
fn written(when: &Condition) -> String {
    let mut keys = Vec::new();
    let mut list = |key: &str, words: Vec<String>| {
        if !words.is_empty() {
            keys.push(format!("{key} = {words:?}"));
        }
    };
    list("type", when.types.iter().map(ToString::to_string).collect());
    list("desk", when.desks.iter().map(ToString::to_string).collect());
    list(
        "urgency",
        when.urgencies.iter().map(ToString::to_string).collect(),
    );
    list("category", when.categories.clone());
    list("division", when.divisions.clone());
    list("level", when.levels.iter().map(ToString::to_string).collect());
    list("label", when.labels.clone());
    list("source", when.sources.clone());
    keys.extend(when.round_from.map(|from| format!("round_from = {from}")));
    format!("{{ {} }}", keys.join(", "))
}

fn some<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Vec<T>> {
    let most = values.len();
    prop_oneof![3 => Just(Vec::new()), 2 => subsequence(values, 1..=most)]
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn condition() -> impl Strategy<Value = Condition> {
    let closed = (
        some(vec![AppealType::Consult, AppealType::Help, AppealType::Report]),
        some(Desk::ALL.to_vec()),
        some(vec![Urgency::Urgent, Urgency::Emergency]),
        some(vec![Level::City, Level::County]),
    );
    let open = (
        some(texts(&["a", "a.b", "d"])),
        some(texts(&["320300", "320302", "320000"])),
        some(texts(&["x", "y"])),
        some(texts(&["s"])),
        prop_oneof![3 => Just(None), 1 => select(vec![Some(2), Some(3)])],
    );
    (closed, open).prop_map(
        |((types, desks, urgencies, levels), (categories, divisions, labels, sources, round_from))| {
            Condition {
                types,
                desks,
                urgencies,
                levels,
                categories,
                divisions,
                labels,
                sources,
                round_from,
                ..Condition::default()
            }
        },
    )
}

/// Every matter that differs in anything the conditions can see.
fn every_matter() -> Vec<Matter> {
    let mut matters = vec![Matter::new(AppealType::Consult, Desk::Hotline, "", "")];
    let mut vary = |values: usize, set: &dyn Fn(&mut Matter, usize)| {
        let copies = matters
            .iter()
            .flat_map(|matter| std::iter::repeat_n(matter, values).enumerate());
        matters = copies
            .map(|(index, matter)| {
                let mut matter = matter.clone();
                set(&mut matter, index);
                matter
            })
            .collect();
    };
    vary(4, &|matter, index| matter.appeal_type = AppealType::ALL[index]);
    vary(2, &|matter, index| matter.desk = Desk::ALL[index]);
    vary(3, &|matter, index| matter.urgency = Urgency::ALL[index]);
    vary(5, &|matter, index| {
        matter.category = ["", "a", "a.b", "a.c", "d.e"][index].to_owned()
    });
    vary(5, &|matter, index| {
        matter.division = ["", "320302001", "320303", "320682", "110000"][index].to_owned()
    });
    vary(3, &|matter, index| {
        matter.level = [None, Some(Level::City), Some(Level::County)][index]
    });
    vary(4, &|matter, index| {
        let labels = ["x", "y"]
            .iter()
            .enumerate()
            .filter(|(bit, _)| index & (1 << bit) != 0);
        matter.labels = labels.map(|(_, label)| (*label).to_owned()).collect();
    });
    vary(2, &|matter, index| {
        matter.source = (index == 1).then(|| "s".to_owned())
    });
    vary(3, &|matter, index| {
        matter.round = 1 + u32::try_from(index).expect("three rounds")
    });
    matters
}

/// The base policy with these rows for `archive`; row n has the limit of n + 1 hours.
fn policy_file(rows: &[Condition]) -> (SourceFile, usize) {
    let mut text = BASE.replace(ARCHIVE, "");
    let first_line = text.lines().count() + 1;
    for (index, when) in rows.iter().enumerate() {
        let limit = index + 1;
        text += &format!(
            "[[clock]]\nsource = \"operator\"\nobligation = \"archive\"\nwithin = \"{limit} hours\"\nwhen = {}\n",
            written(when)
        );
    }
    let path = "policy.toml".to_owned();
    (
        SourceFile {
            city: "base".to_owned(),
            name: path.clone(),
            path,
            text,
        },
        first_line,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_check_agrees_with_trying_every_matter(rows in prop::collection::vec(condition(), 1..7)) {
        let matters = every_matter();
        let first = |matter: &Matter| rows.iter().position(|when| when.matches(matter));
        let firsts: Vec<_> = matters.iter().map(first).collect();
        let reached: BTreeSet<usize> = firsts.iter().flatten().copied().collect();
        let dead = rows.len() - reached.len();
        let open = usize::from(firsts.contains(&None));

        let (file, first_line) = policy_file(&rows);
        let problems = Library::from_files(&[file]).err().unwrap_or_default();
        prop_assert_eq!(problems.len(), dead + open, "{}", problems);
        for (index, _) in rows.iter().enumerate().filter(|(index, _)| !reached.contains(index)) {
            let line = u32::try_from(first_line + 5 * index).expect("a short file");
            prop_assert!(
                problems.iter().any(|problem| problem.at.line == line && problem.text.starts_with("unreachable")),
                "line {}: {}", line, problems
            );
        }
    }

    #[test]
    fn the_first_row_that_matches_wins(rows in prop::collection::vec(condition(), 1..7)) {
        let mut kept: Vec<Condition> = Vec::new();
        let matters = every_matter();
        for when in rows.into_iter().chain([Condition::default()]) {
            let new = |matter: &Matter| when.matches(matter) && !kept.iter().any(|other| other.matches(matter));
            if matters.iter().any(new) {
                kept.push(when);
            }
        }
        let (file, _) = policy_file(&kept);
        let library = Library::from_files(&[file]).map_err(|problems| TestCaseError::fail(problems.to_string()))?;
        let policy = library.policy("jiangsu-2020").expect("it is there");
        for matter in matters.iter().step_by(7) {
            let first = kept.iter().position(|when| when.matches(matter)).expect("the last row matches");
            let clock = policy.clock(Obligation::Archive, matter).expect("every row sets a clock");
            prop_assert_eq!(clock.within.amount as usize, first + 1);
            let told = policy.limits(Obligation::Archive);
            let told = told.iter().find(|row| row.when.matches(matter)).and_then(|row| row.clock);
            prop_assert_eq!(told, Some(clock), "the rows that people read say the same");
        }
    }
}
