//! The page of all rules, and the table of counts.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::requirements::{DOCUMENTS, Requirement, Requirements};
use super::run::{Proof, Run};

/// What the page says of itself.
const HEAD: &str = "# The regulations, rule by rule\n\n\
Written by `make rules`; never edited by hand, and `make test` checks that it is what a run finds. Every scenario that \
is named here passes, on the real services.\n\n\
T: **T** time limit, **R** rule, **F** form or record, **O** organisation, **M** metric, **P** report, **C** channel. \
E: **S** the software enforces it, **D** it is data, **O** the organisation does it.\n";

/// How the rules of one document and owner stand.
#[derive(Clone, Copy, Default)]
struct Count {
    rules: usize,
    passing: usize,
    failing: usize,
    none: usize,
}

/// `docs/regulations.md`.
pub fn page(requirements: &Requirements, run: &Run) -> String {
    let proofs = run.proofs();
    let mut page = HEAD.to_owned();
    page.push_str("\n## How far it is\n\n");
    page.push_str(&summary(requirements, run));
    for (letters, title) in DOCUMENTS {
        let _ = write!(page, "\n## {title}\n\n");
        page.push_str("| id | 条 | 规则 | T | E | owner | rule | where it lives | scenarios |\n");
        page.push_str("|---|---|---|---|---|---|---|---|---|\n");
        for rule in requirements.all.iter().filter(|rule| rule.document == *letters) {
            let Requirement {
                id,
                name,
                r#type,
                enforcement,
                owner,
                rule: text,
                ..
            } = rule;
            let scenarios = proofs.get(id.as_str()).map_or_else(String::new, scenarios);
            let (place, home) = (rule.place(), rule.home());
            let text = text.replace('|', "\\|");
            let _ = writeln!(
                page,
                "| {id} | {place} | {name} | {type} | {enforcement} | {owner} | {text} | {home} | {scenarios} |"
            );
        }
    }
    page
}

/// The passing scenarios of a rule, by file.
fn scenarios(proofs: &BTreeMap<Proof, bool>) -> String {
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (proof, _) in proofs.iter().filter(|(_, passed)| **passed) {
        by_file.entry(&proof.file).or_default().push(&proof.name);
    }
    let told = by_file
        .iter()
        .map(|(file, names)| format!("[{file}](../tests/features/{file}): {}", names.join("; ")));
    told.collect::<Vec<_>>().join("<br>").replace('|', "\\|")
}

/// Counts by document and owner, of what software or data must hold.
pub fn summary(requirements: &Requirements, run: &Run) -> String {
    let proofs = run.proofs();
    let mut counts: Vec<((&str, &str), Count)> = Vec::new();
    let mut total = Count::default();
    for (letters, _) in DOCUMENTS {
        for rule in requirements
            .all
            .iter()
            .filter(|rule| rule.document == *letters && rule.is_ours())
        {
            let key = (*letters, rule.owner.as_str());
            let place = counts
                .iter()
                .position(|(known, _)| *known == key)
                .unwrap_or_else(|| {
                    counts.push((key, Count::default()));
                    counts.len() - 1
                });
            let Some((_, count)) = counts.get_mut(place) else {
                continue;
            };
            let proof = proofs.get(rule.id.as_str());
            for count in [count, &mut total] {
                count.add(proof);
            }
        }
    }
    let mut table =
        "| document | owner | rules (S, D) | passing | failing | none |\n|---|---|---:|---:|---:|---:|\n"
            .to_owned();
    for ((document, owner), count) in &counts {
        count.write(&mut table, document, owner);
    }
    total.write(&mut table, "all", "");
    table
}

impl Count {
    fn add(&mut self, proofs: Option<&BTreeMap<Proof, bool>>) {
        self.rules += 1;
        match proofs {
            None => self.none += 1,
            Some(proofs) if proofs.values().any(|passed| *passed) => self.passing += 1,
            Some(_) => self.failing += 1,
        }
    }

    fn write(self, table: &mut String, document: &str, owner: &str) {
        let Self {
            rules,
            passing,
            failing,
            none,
        } = self;
        let _ = writeln!(
            table,
            "| {document} | {owner} | {rules} | {passing} | {failing} | {none} |"
        );
    }
}
