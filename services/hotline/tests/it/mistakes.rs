//! Calendars that contradict, policies whose parents go round, catalogues with orphans, conditions that name nothing, units
//! without a duty person: all of them told at once, each with its file and line, wherever rules are loaded.

use std::fs;
use std::path::Path;

use hotline_runtime::testing;

use crate::support::hotline;

/// Copies the shipped rules, so that a test may spoil them.
fn shipped(to: &Path) {
    for folder in ["calendars", "cities"] {
        let from = testing::workspace_dir().join("deploy").join(folder);
        for entry in walk(&from) {
            let target = to.join(folder).join(entry.strip_prefix(&from).expect("inside"));
            fs::create_dir_all(target.parent().expect("a folder")).expect("makes it");
            fs::copy(&entry, target).expect("copies");
        }
    }
}

fn walk(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .collect()
}

/// Changes a file by `spoil`, and gives the place of the first line with `mark` afterwards.
fn spoilt(dir: &Path, file: &str, mark: &str, spoil: impl Fn(&str) -> String) -> String {
    let path = dir.join(file);
    let text = spoil(&fs::read_to_string(&path).unwrap_or_default());
    fs::write(&path, &text).expect("writes");
    let line = text.lines().position(|line| line.contains(mark)).expect(mark);
    format!("{}:{}: ", path.display(), line + 1)
}

#[test]
fn every_mistake_in_the_rules_is_told_at_once_with_its_file_and_line() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    shipped(dir);
    let end = |more: &'static str| move |text: &str| format!("{text}{more}");
    let year = fs::read_to_string(dir.join("calendars/2026.toml")).expect("is shipped");
    let expected = [
        (
            spoilt(dir, "calendars/2026b.toml", "year = 2026", |_| year.clone()),
            "a year arranged twice",
            "year 2026 has two arrangements",
        ),
        (
            spoilt(
                dir,
                "calendars/2025.toml",
                "2025-07-07",
                end("\n[[festival]]\nname = \"x\"\nworkdays = [\n  2025-07-07,\n]\n"),
            ),
            "a day that contradicts",
            "make-up workday 2025-07-07 is not on a weekend",
        ),
        (
            spoilt(dir, "cities/jiangsu/policy.toml", "[policy]", |text| {
                text.replacen("[policy]", "[policy]\nparent = \"rugao-2021\"", 1)
            }),
            "a policy above itself",
            "is its own ancestor",
        ),
        (
            spoilt(
                dir,
                "cities/nanchang/policy.toml",
                "nc.misspelt",
                end(
                    "\n[[clock]]\nsource = \"operator\"\nobligation = \"archive\"\nwithin = \"2 hours\"\nwhen = { category = \"nc.misspelt\" }\n",
                ),
            ),
            "a condition on nothing",
            "unknown category: nc.misspelt",
        ),
        (
            spoilt(
                dir,
                "cities/nanchang/catalogue.toml",
                "# an orphan",
                end("\n[[category]] # an orphan\ncode = \"nowhere.at_all\"\nname = \"x\"\n"),
            ),
            "an orphan",
            "unknown parent: nowhere",
        ),
        (
            spoilt(
                dir,
                "cities/nanchang/catalogue.toml",
                "division = \"999999\"",
                end("\n[[duty]]\nlist = \"county\"\nline = \"nobody\"\nwhen = { division = \"999999\" }\n"),
            ),
            "a duty of nowhere",
            "unknown division: 999999",
        ),
        (
            spoilt(
                dir,
                "cities/nanchang/units.toml",
                "# nobody answers",
                end(
                    "\n[[unit]] # nobody answers\nid = \"nc-nobody\"\nname = \"x\"\nkind = \"department\"\nlevel = \"city\"\n\
                 division = \"360100\"\nleader = \"l\"\nsection = \"s\"\noff_hours = \"none\"\n",
                ),
            ),
            "a unit without a duty person",
            "needs \"responsible\"",
        ),
    ];
    let deploy = format!("deploy_dir={}", dir.display());
    for command in [vec!["policy", "check"], vec!["run", "--check"]] {
        let ran = hotline(&[command.as_slice(), &["--set", deploy.as_str()]].concat());
        assert_eq!(ran.code, Some(1), "{command:?}: {}", ran.err);
        for (place, what, words) in &expected {
            let told = ran
                .out
                .lines()
                .any(|line| line.contains(place) && line.contains(words));
            assert!(
                told,
                "{command:?}: {what} is not told at {place}{words}:\n{}",
                ran.out
            );
        }
    }
    // A platform that starts reads the same, and binds nothing.
    let ran = hotline(&["run", "--set", &deploy]);
    assert_ne!(ran.code, Some(0));
    for (place, what, _) in &expected {
        assert!(
            ran.err.contains(place),
            "{what} is not told at {place}:\n{}",
            ran.err
        );
    }
}
