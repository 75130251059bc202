//! What the pages of docs/ and the READMEs must say, held against the code that they speak of.

use std::collections::BTreeSet;

use crate::source::{Source, is_test};

/// The pages whose lines "Invariant: …" name tests, and the most lines that each may have.
pub const ARCHITECTURE: &[(&str, usize)] = &[("docs/architecture.md", 300), ("docs/gateway.md", 300)];

/// Where the gateway names the roles that accounts may hold.
const ACCOUNT_ROLES: &str = "services/gateway/src/domain/roles.rs";

/// What the names of our metrics begin with.
const METRIC: &str = "hotline_";

/// A page that is longer than it may be.
pub fn too_long(path: &str, text: &str, lines_max: usize) -> Option<String> {
    let lines = text.lines().count();
    (lines > lines_max).then(|| format!("{path}:{lines}: longer than {lines_max} lines"))
}

/// Commands that one README shows and the other does not.
pub fn differing_commands(english: &str, chinese: &str) -> Vec<String> {
    let (english, chinese) = (commands(english), commands(chinese));
    let missing = |from: &str, path: &str| format!("{path}: lacks `{from}`");
    let first = english.difference(&chinese);
    let second = chinese.difference(&english);
    first
        .map(|command| missing(command, "README.zh-CN.md"))
        .chain(second.map(|command| missing(command, "README.md")))
        .collect()
}

/// The lines of code fences that run something of ours, without their comments.
fn commands(text: &str) -> BTreeSet<String> {
    let fenced = text.split("```").skip(1).step_by(2);
    let lines = fenced
        .flat_map(str::lines)
        .map(|line| match line.split_once(" #") {
            Some((command, _)) => command.trim(),
            None => line.trim(),
        });
    lines
        .filter(|line| line.starts_with("hotline ") || line.starts_with("make "))
        .map(str::to_owned)
        .collect()
}

/// Every role of the contract's access options, and every one that an account may hold.
pub fn roles<'t>(contract: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    let lists = contract.flat_map(|text| text.split("roles: [").skip(1));
    let mut found: BTreeSet<String> = lists
        .filter_map(|rest| rest.split(']').next())
        .flat_map(quoted)
        .collect();
    let accounts = crate::SOURCES.iter().find(|file| file.path == ACCOUNT_ROLES);
    let lines = accounts
        .into_iter()
        .flat_map(|file| file.text.lines())
        .map(str::trim);
    let named = lines.filter(|line| line.starts_with("role(\"") || line.starts_with("of_unit(\""));
    found.extend(named.filter_map(|line| quoted(line).into_iter().next()));
    found
}

/// The names of the metrics that services and crates count.
pub fn metrics(sources: &[Source]) -> BTreeSet<String> {
    let shipped = |file: &&Source| {
        let ours = file.path.starts_with("services/") || file.path.starts_with("crates/");
        ours && !is_test(&file.path) && file.text.contains("metrics::")
    };
    let texts = sources.iter().filter(shipped).flat_map(|file| quoted(&file.text));
    texts.filter(|text| is_metric(text)).collect()
}

fn is_metric(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    text.starts_with(METRIC) && text.bytes().all(plain)
}

/// The texts between pairs of quotes on each line.
fn quoted(text: &str) -> Vec<String> {
    let lines = text.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
    lines.map(str::to_owned).collect()
}

/// Names that no row of a table of the page begins with.
pub fn absent_rows<'n>(path: &str, text: &str, names: impl Iterator<Item = &'n String>) -> Vec<String> {
    let firsts: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|rest| rest.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.trim_matches('`'))
        .collect();
    let absent = names.filter(|name| !firsts.contains(name.as_str()));
    absent
        .map(|name| format!("{path}: no row for `{name}`"))
        .collect()
}

#[test]
fn a_page_that_says_less_than_the_code_is_told() {
    let text = "a\n```sh\nhotline doctor   # looks\nmake run\n```\nhotline nothing\n";
    assert_eq!(
        commands(text).into_iter().collect::<Vec<_>>(),
        ["hotline doctor", "make run"]
    );
    let told = differing_commands(text, "```sh\nmake run # 运行\nhotline new\n```");
    assert_eq!(
        told,
        [
            "README.zh-CN.md: lacks `hotline doctor`",
            "README.md: lacks `hotline new`"
        ]
    );

    let proto = "roles: [\"clerk\", \"editor\"]\n  roles: [\"agent\"]";
    let found = roles(std::iter::once(proto));
    assert!(
        ["clerk", "agent", "security_admin", "unit_section"]
            .iter()
            .all(|role| found.contains(*role))
    );
    let code = "metrics::counter!(\"hotline_a_total\", \"state\" => x); const OF: &str = \"hotline-b\";";
    let found = metrics(&[
        Source::new("crates/bus/src/a.rs", code),
        Source::new("tests/e2e/a.rs", code),
    ]);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["hotline_a_total"]);

    let names: BTreeSet<String> = ["a", "b", "c"].map(str::to_owned).into();
    let page = "| name | x |\n| `a`, `b` | one |\nand `c` is named | in passing |\n";
    assert_eq!(absent_rows("p.md", page, names.iter()), ["p.md: no row for `c`"]);
    assert_eq!(
        too_long("p.md", "a\nb\n", 1),
        Some("p.md:2: longer than 1 lines".to_owned())
    );
}
