//! Policy keys that nobody reads: data that changes nothing must not exist.
//!
//! A key of the schema is a public field of a struct in `crates/policy/src/rules`. It is read when a service, or a
//! question that the policy crate answers to services, names it as a field. The reading of files and the words of
//! `policy diff` do not count: they treat every key alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, is_test};

/// Where the schema is written down.
const SCHEMA: &str = "crates/policy/src/rules/";

/// Files of the policy crate that answer questions of services.
const ANSWERS: [&str; 7] = [
    "crates/policy/src/city.rs",
    "crates/policy/src/explain.rs",
    "crates/policy/src/policy.rs",
    "crates/policy/src/questions.rs",
    "crates/policy/src/reminders.rs",
    "crates/policy/src/replay.rs",
    "crates/policy/src/rules/origin.rs",
];

/// Keys that wait for the part of the product that will read them, and why they are written down already.
const WAITING: [(&str, &str); 9] = [
    ("audit_years", "the audit trail has no end of retention yet"),
    (
        "denominator",
        "measures are counted by kind, not yet by the policy's own formula",
    ),
    ("minutes_years", "minutes have no end of retention yet"),
    ("node", "measures of the province's node are not counted yet"),
    (
        "numerator",
        "measures are counted by kind, not yet by the policy's own formula",
    ),
    ("objection", "objections to figures are not taken yet"),
    ("periods", "reports are not made yet"),
    ("recording_years", "recordings are not taken in yet"),
    (
        "without_excluded",
        "measures are counted by kind, not yet by the policy's own formula",
    ),
];

/// Every key of the schema with its structs.
fn keys(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources.iter().filter(|file| file.path.starts_with(SCHEMA)) {
        let mut owner = None;
        for line in file.text.lines() {
            if let Some(rest) = line.strip_prefix("pub struct ") {
                let name = rest.split(|c: char| !c.is_alphanumeric()).next();
                owner = name.filter(|_| rest.ends_with('{')).map(str::to_owned);
            }
            if line == "}" {
                owner = None;
            }
            let field = line
                .strip_prefix("    pub ")
                .and_then(|rest| rest.split_once(": "));
            if let (Some(owner), Some((field, _))) = (&owner, field) {
                keys.entry(field.to_owned()).or_default().insert(owner.clone());
            }
        }
    }
    keys
}

/// Whether a file may be the reader of a key.
fn may_read(path: &str) -> bool {
    let of_service = path.starts_with("services/") && path.contains("/src/") && !is_test(path);
    of_service || ANSWERS.contains(&path)
}

/// Every name that is taken as a field where keys are read: `.name`, and no call.
fn fields_read(sources: &[Source]) -> BTreeSet<String> {
    let mut read = BTreeSet::new();
    for file in sources.iter().filter(|file| may_read(&file.path)) {
        for three in file.tokens_outside_tests().windows(3) {
            if three[0].text == "." && three[2].text != "(" {
                read.insert(three[1].text.clone());
            }
        }
    }
    read
}

/// The keys that nobody reads and that do not wait for a reader; and those that wait no more.
pub fn violations(sources: &[Source]) -> Vec<String> {
    let (keys, read) = (keys(sources), fields_read(sources));
    let waits = |key: &str| WAITING.iter().any(|(known, _)| *known == key);
    let mut found = Vec::new();
    for (key, owners) in &keys {
        if !read.contains(key) && !waits(key) {
            let owners: Vec<_> = owners.iter().map(String::as_str).collect();
            found.push(format!("{SCHEMA}: no service reads {}.{key}", owners.join(", ")));
        }
    }
    for (key, why) in WAITING {
        if !keys.contains_key(key) {
            found.push(format!("{SCHEMA}: {key} waits for a reader and is no key"));
        } else if read.contains(key) {
            found.push(format!(
                "{SCHEMA}: {key} is read by now, and waits no more ({why})"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_service_names_is_found_and_one_in_a_test_counts_for_nothing() {
        let schema = "pub struct FlowRule {\n    /// x\n    pub contact_first: bool,\n    pub report_to: Vec<Who>,\n}\n";
        let reader = "fn f(rule: &FlowRule) -> bool { rule.contact_first && !rule.report_to() }";
        let sources = [
            Source::new("crates/policy/src/rules/flow.rs", schema),
            Source::new("services/routing/src/domain/dispatch.rs", reader),
            Source::new(
                "services/routing/src/domain/tests/x.rs",
                "fn t() { rule.report_to; }",
            ),
        ];
        let found: Vec<_> = violations(&sources)
            .into_iter()
            .filter(|line| line.contains("reads"))
            .collect();
        assert_eq!(
            found,
            ["crates/policy/src/rules/: no service reads FlowRule.report_to"]
        );
    }
}
