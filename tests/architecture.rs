//! Holds the workspace to its own rules: who imports whom, how files look, what the contract and the docs promise.
//!
//! Each test collects every violation as "file:line: what", so that one run tells all of them. Each checker is
//! itself checked against small texts that violate its rules.

#[path = "architecture/contract.rs"]
mod contract;
#[path = "architecture/dead_data.rs"]
mod dead_data;
#[path = "architecture/files.rs"]
mod files;
#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/invariants.rs"]
mod invariants;
#[path = "architecture/layers.rs"]
mod layers;
#[path = "architecture/pages.rs"]
mod pages;
#[path = "architecture/source.rs"]
mod source;

use std::fs;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, ensure};
use hotline_tests::workspace_root;
use source::Source;

/// Every Rust file of the workspace, read once.
static SOURCES: LazyLock<Vec<Source>> =
    LazyLock::new(|| source::read_all(&workspace_root()).expect("the workspace can be read"));

/// Fails with the whole list when a rule is broken anywhere.
fn none(violations: Vec<String>) -> Result<()> {
    ensure!(
        violations.is_empty(),
        "{} violations:\n{}",
        violations.len(),
        violations.join("\n")
    );
    Ok(())
}

#[test]
fn packages_import_only_the_layers_below_them() -> Result<()> {
    none(layers::violations(&layers::packages(&workspace_root())?))
}

#[test]
fn no_file_names_a_crate_of_ours_above_its_layer() -> Result<()> {
    let packages = layers::packages(&workspace_root())?;
    none(
        SOURCES
            .iter()
            .flat_map(|file| layers::violations_in(file, &packages))
            .collect(),
    )
}

#[test]
fn pure_crates_do_no_input_or_output_and_nothing_asynchronous() -> Result<()> {
    let pure: Vec<_> = SOURCES
        .iter()
        .filter(|file| layers::is_pure(&file.path))
        .collect();
    ensure!(!pure.is_empty(), "no file of a pure crate found");
    none(pure.into_iter().flat_map(files::impurities).collect())
}

#[test]
fn every_key_of_the_policies_is_read_by_somebody() -> Result<()> {
    none(dead_data::violations(&SOURCES))
}

#[test]
fn inside_a_service_each_file_keeps_to_its_own_business() -> Result<()> {
    let packages = layers::packages(&workspace_root())?;
    let mut violations = Vec::new();
    for role in files::ROLES {
        let of_role: Vec<_> = SOURCES
            .iter()
            .filter(|file| files::has_role(&file.path, role.name))
            .collect();
        ensure!(!of_role.is_empty(), "no service has a {}", role.name);
        for file in of_role {
            let crates = layers::crates_named_in(&file.path, &packages)?;
            violations.extend(files::violations(file, role, &crates));
        }
    }
    none(violations)
}

#[test]
fn every_file_opens_with_what_it_is_for_and_stays_short_and_finished() -> Result<()> {
    ensure!(SOURCES.len() > 20, "only {} Rust files found", SOURCES.len());
    none(SOURCES.iter().flat_map(house::violations).collect())
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() -> Result<()> {
    none(house::packages_without_lints(&layers::packages(
        &workspace_root(),
    )?)?)
}

#[test]
fn every_call_says_who_may_make_it_and_every_name_has_a_comment() -> Result<()> {
    let files = contract::read_all(&workspace_root().join("proto"))?;
    ensure!(!files.is_empty(), "no .proto file under proto/");
    none(
        files
            .iter()
            .flat_map(|(path, text)| contract::violations(path, text))
            .collect(),
    )
}

#[test]
fn every_invariant_of_the_architecture_page_names_a_test_that_exists() -> Result<()> {
    let tests = invariants::tests_in(&SOURCES);
    let mut found = Vec::new();
    for (path, lines_max) in pages::ARCHITECTURE {
        let text = page(path)?;
        ensure!(text.contains("Invariant:"), "{path} states no invariant");
        found.extend(invariants::violations(path, &text, &tests));
        found.extend(pages::too_long(path, &text, *lines_max));
    }
    none(found)
}

#[test]
fn both_readmes_name_the_same_commands() -> Result<()> {
    let (english, chinese) = (page("README.md")?, page("README.zh-CN.md")?);
    none(pages::differing_commands(&english, &chinese))
}

#[test]
fn the_operations_page_names_every_role_and_every_metric() -> Result<()> {
    let text = page("docs/operations.md")?;
    let contract = contract::read_all(&workspace_root().join("proto"))?;
    let roles = pages::roles(contract.iter().map(|(_, text)| text.as_str()));
    let metrics = pages::metrics(&SOURCES);
    ensure!(roles.len() > 15 && metrics.len() > 10, "{roles:?} {metrics:?}");
    none(pages::absent_rows(
        "docs/operations.md",
        &text,
        roles.union(&metrics),
    ))
}

fn page(path: &str) -> Result<String> {
    let file = workspace_root().join(path);
    fs::read_to_string(&file).with_context(|| file.display().to_string())
}
