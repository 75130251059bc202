//! How every Rust file looks: it says what it is for, is short, and is finished.

use anyhow::Result;

use crate::layers::Package;
use crate::source::{self, Source, Token, matches};

/// A file longer than this has more than one thing to say (lines).
const LINES_MAX: usize = 450;

/// Beginnings of code that is not finished, or not run.
const UNFINISHED: &[&[&str]] = &[
    &["todo", "!"],
    &["unimplemented", "!"],
    &["dbg", "!"],
    &["#", "[", "ignore"],
];

/// Where the machine's clock may be read, and lints against it be silenced.
const CLOCK_FOLDER: &str = "crates/runtime/";

/// Everything about a file that the house does not allow.
pub fn violations(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if !file.text.lines().next().is_some_and(opens_well) {
        found.push(format!(
            "{}:1: does not open with `//! ` and a sentence",
            file.path
        ));
    }
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        found.push(format!("{}:{lines}: longer than {LINES_MAX} lines", file.path));
    }
    for at in 0..file.tokens.len() {
        let rest = &file.tokens[at..];
        found.extend(
            UNFINISHED
                .iter()
                .filter(|words| matches(rest, words))
                .map(|words| told(file, rest, words)),
        );
    }
    found.extend(silenced_clock(file));
    found
}

/// Two words at least after `//! `: a sentence, not a placeholder.
fn opens_well(line: &str) -> bool {
    line.strip_prefix("//! ")
        .is_some_and(|sentence| sentence.split_whitespace().count() > 1)
}

fn told(file: &Source, rest: &[Token], words: &[&str]) -> String {
    format!("{}:{}: {}", file.path, rest[0].line, words.concat())
}

/// Places outside the clock's own crate that silence the lint against reading the machine's clock.
fn silenced_clock(file: &Source) -> Vec<String> {
    if file.path.starts_with(CLOCK_FOLDER) {
        return Vec::new();
    }
    let silenced = source::named(&file.tokens).into_iter();
    let silenced = silenced.filter(|named| named.segments == ["clippy", "disallowed_methods"]);
    silenced
        .map(|named| {
            format!(
                "{}:{}: silences clippy::disallowed_methods",
                file.path, named.line
            )
        })
        .collect()
}

/// Packages whose Cargo.toml does not take the workspace's lints.
pub fn packages_without_lints(packages: &[Package]) -> Result<Vec<String>> {
    anyhow::ensure!(!packages.is_empty(), "the workspace has no package");
    let without = packages.iter().filter(|package| !takes_lints(&package.manifest));
    Ok(without
        .map(|package| format!("{}/Cargo.toml: no [lints] workspace = true", package.folder))
        .collect())
}

fn takes_lints(manifest: &str) -> bool {
    let mut lines = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[lints]");
    lines.nth(1) == Some("workspace = true")
}

#[test]
fn a_file_out_of_house_style_is_told() {
    // Each text is a file that the rules are tried on: nothing in them is left to do here.
    let long = "//! Says much.\n".to_owned() + &"\n".repeat(LINES_MAX);
    let cases = [
        ("//! Says what it is for.\nfn a() {}", 0),
        (
            "//! Names todo!() in a comment.\n// dbg!(x)\nconst A: &str = \"unimplemented!()\";",
            0,
        ),
        ("fn a() {}", 1),
        ("//!\nfn a() {}", 1),
        ("//! Stub\n", 1),
        (
            "//! Is not done.\nfn a() { todo!() }\nfn b() { unimplemented!(\"later\") }",
            2,
        ),
        ("//! Looks at things.\nfn a() { dbg!(1); }", 1),
        (
            "//! Tests nothing.\n#[ignore]\nfn a() {}\n#[ignore = \"slow\"]\nfn b() {}",
            2,
        ),
        (
            "//! Reads the clock.\n#[allow(clippy::disallowed_methods)]\nfn a() {}",
            1,
        ),
        (long.as_str(), 1),
    ];
    for (text, count) in cases {
        let found = violations(&Source::new("services/intake/src/ops.rs", text));
        assert_eq!(found.len(), count, "{text}: {found:?}");
    }
    assert!(takes_lints("[package]\n\n[lints]\nworkspace = true\n"));
    assert!(!takes_lints("[package]\nversion.workspace = true\n"));
}
