//! Ties the architecture page to the tests: each "Invariant: …" names the tests that hold it, `(test: name)`.

use std::collections::BTreeSet;

use crate::source::{Source, Token, matches};

/// What introduces an invariant.
const INVARIANT: &str = "Invariant:";

/// What introduces the tests that hold it: `(test: a)` or `(test: a, b)`.
const TEST: &str = "(test:";

/// The names of all test functions: those whose attributes name `test` (`#[test]`, `#[tokio::test]`).
pub fn tests_in(sources: &[Source]) -> BTreeSet<String> {
    sources.iter().flat_map(|file| functions(&file.tokens)).collect()
}

fn functions(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_test = false;
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        if matches(rest, &["#", "["]) {
            let attribute = rest
                .iter()
                .take_while(|token| token.text != "]" && token.text != "(");
            is_test |= attribute.last().is_some_and(|token| token.text == "test");
        } else if matches(rest, &["fn"]) {
            found.extend(rest.get(1).filter(|_| is_test).map(|token| token.text.clone()));
            is_test = false;
        }
    }
    found
}

/// Every invariant of a page that names no test, or one that does not exist.
pub fn violations(path: &str, text: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(INVARIANT))
    {
        let names = named_tests(line);
        if names.is_empty() {
            found.push(format!("{path}:{}: names no test", index + 1));
        }
        let missing = names.into_iter().filter(|name| !tests.contains(name));
        found.extend(missing.map(|name| format!("{path}:{}: there is no test {name}", index + 1)));
    }
    found
}

fn named_tests(line: &str) -> Vec<String> {
    let groups = line.split(TEST).skip(1).filter_map(|rest| rest.split(')').next());
    let names = groups.flat_map(|group| group.split(','));
    names
        .map(|name| {
            name.trim_matches(|c: char| c.is_whitespace() || c == '`')
                .to_owned()
        })
        .collect()
}

#[test]
fn an_invariant_without_its_test_is_told() {
    let code =
        "#[test] fn a() {} fn b() {} #[tokio::test(flavor = \"x\")] async fn c() {} // #[test] fn d() {}";
    let tests = tests_in(&[Source::new("a.rs", code)]);
    assert_eq!(tests, BTreeSet::from(["a".to_owned(), "c".to_owned()]));
    let cases = [
        ("Some text.", 0),
        ("Invariant: it holds (test: a).", 0),
        ("* Invariant: it holds (test: `a`, `c`).", 0),
        ("Invariant: it holds.", 1),
        ("Invariant: it holds (test: b).", 1),
        ("Invariant: it holds (test: a) and (test: d).", 1),
    ];
    for (text, count) in cases {
        let found = violations("a.md", text, &tests);
        assert_eq!(found.len(), count, "{text}: {found:?}");
    }
}
