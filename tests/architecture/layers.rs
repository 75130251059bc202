//! Which package may import which: libraries below, services above, and no service beside another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::MetadataCommand;

use crate::source::{self, Source, relative};

/// What a service may import of ours.
const SERVICE: &[&str] = &[
    "hotline-bus",
    "hotline-runtime",
    "hotline-vault",
    "hotline-policy",
    "hotline-worktime",
    "hotline-proto",
];

/// What a library may import of ours. A new library gets a line here, by a decision.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("hotline-proto", &[]),
    ("hotline-worktime", &[]),
    ("hotline-policy", &["hotline-worktime"]),
    ("hotline-vault", &["hotline-proto"]),
    (
        "hotline-runtime",
        &["hotline-policy", "hotline-proto", "hotline-vault"],
    ),
    (
        "hotline-bus",
        &["hotline-runtime", "hotline-policy", "hotline-proto"],
    ),
];

/// Libraries without input, output, asynchrony or a clock.
const PURE: &[&str] = &["hotline-worktime", "hotline-policy"];

/// What would make a pure library impure, were it to depend on it.
const IMPURE: &[&str] = &[
    "tokio",
    "tokio-stream",
    "tokio-util",
    "futures",
    "async-nats",
    "sqlx",
    "tonic",
    "prost",
    "axum",
    "tower",
    "tracing",
    "getrandom",
    "metrics",
    "opentelemetry",
];

/// A package of the workspace.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name in Cargo.toml.
    pub name: String,
    /// Its folder, from the workspace's root, with slashes.
    pub folder: String,
    /// Text of its Cargo.toml.
    pub manifest: String,
    /// Names of all packages it depends on, also for tests and its build.
    pub dependencies: BTreeSet<String>,
}

/// Reads the workspace's packages.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    let read = |package: &cargo_metadata::Package| -> Result<Package> {
        let manifest = package.manifest_path.as_std_path();
        let folder = manifest.parent().context("a manifest lies in a folder")?;
        Ok(Package {
            name: package.name.to_string(),
            folder: relative(root, folder)?,
            manifest: std::fs::read_to_string(manifest)?,
            dependencies: package
                .dependencies
                .iter()
                .map(|dependency| dependency.name.clone())
                .collect(),
        })
    };
    metadata.workspace_packages().into_iter().map(read).collect()
}

/// What a package may import of ours; `None` means anything.
fn allowed(package: &Package) -> Result<Option<&'static [&'static str]>, String> {
    match package.folder.as_str() {
        "services/hotline" | "tests" | "tests/load" => Ok(None),
        folder if folder.starts_with("services/") => Ok(Some(SERVICE)),
        _ => match LIBRARIES.iter().find(|(name, _)| *name == package.name) {
            Some((_, below)) => Ok(Some(below)),
            None => Err(format!("{}: not in the table of layers", package.folder)),
        },
    }
}

/// Every dependency of a package that its layer does not allow.
pub fn violations(packages: &[Package]) -> Vec<String> {
    let ours: BTreeSet<_> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut found = Vec::new();
    for package in packages {
        match allowed(package) {
            Err(problem) => found.push(problem),
            Ok(None) => {}
            Ok(Some(below)) => {
                let wrong = package.dependencies.iter().filter(|name| {
                    ours.contains(name.as_str()) && !below.contains(&name.as_str()) && **name != package.name
                });
                found
                    .extend(wrong.map(|name| format!("{}: {} imports {name}", package.folder, package.name)));
            }
        }
        if PURE.contains(&package.name.as_str()) {
            let impure = IMPURE.iter().filter(|name| package.dependencies.contains(**name));
            found.extend(impure.map(|name| format!("{}: a pure library depends on {name}", package.folder)));
        }
    }
    found
}

/// Every path in a file that names a crate of ours which its package may not import.
pub fn violations_in(file: &Source, packages: &[Package]) -> Vec<String> {
    let Some(package) = owner(&file.path, packages) else {
        return vec![format!("{}: belongs to no package", file.path)];
    };
    let Ok(Some(below)) = allowed(package) else {
        return Vec::new();
    };
    let ours: BTreeMap<_, _> = packages
        .iter()
        .map(|other| (other.name.replace('-', "_"), &other.name))
        .collect();
    let wrong = |named: &source::Named| {
        let other = *ours.get(named.segments.first()?)?;
        let fine = *other == package.name || below.contains(&other.as_str());
        (!fine).then(|| format!("{}:{}: {} names {other}", file.path, named.line, package.name))
    };
    source::named(&file.tokens).iter().filter_map(wrong).collect()
}

/// The package that a file belongs to.
fn owner<'a>(path: &str, packages: &'a [Package]) -> Option<&'a Package> {
    let holds = |package: &&Package| {
        path.strip_prefix(package.folder.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    };
    // A package may lie in the folder of another: the inner one owns the file.
    packages
        .iter()
        .filter(holds)
        .max_by_key(|package| package.folder.len())
}

/// The one file of a pure library that reads a folder, so that everything else is given text.
const READS_FILES: &[&str] = &["crates/policy/src/load.rs"];

/// Whether a file belongs to the code of a pure library.
pub fn is_pure(path: &str) -> bool {
    let folders = PURE
        .iter()
        .map(|name| name.replace("hotline-", "crates/") + "/src/");
    !source::is_test(path)
        && !READS_FILES.contains(&path)
        && folders.into_iter().any(|folder| path.starts_with(&folder))
}

/// The crates that a file can name, as code writes them (`hotline_bus`).
pub fn crates_named_in(path: &str, packages: &[Package]) -> Result<BTreeSet<String>> {
    let package = owner(path, packages).with_context(|| format!("{path} belongs to no package"))?;
    Ok(package
        .dependencies
        .iter()
        .map(|name| name.replace('-', "_"))
        .collect())
}

#[test]
fn a_wrong_import_between_packages_is_told() {
    let package = |folder: &str, dependencies: &[&str]| Package {
        name: format!("hotline-{}", folder.rsplit('/').next().unwrap_or(folder)),
        folder: folder.to_owned(),
        dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
        ..Package::default()
    };
    let cases: [(&str, &[&str], usize); 9] = [
        ("services/intake", &["hotline-bus", "hotline-policy", "tonic"], 0),
        ("services/intake", &["hotline-routing"], 1),
        ("services/hotline", &["hotline-routing", "hotline-bus"], 0),
        ("crates/bus", &["hotline-runtime", "hotline-proto"], 0),
        ("crates/bus", &["hotline-routing", "hotline-vault"], 2),
        ("crates/policy", &["hotline-worktime", "toml"], 0),
        ("crates/policy", &["tokio", "hotline-runtime"], 2),
        ("crates/worktime", &["hotline-policy"], 1),
        ("crates/novelty", &[], 1),
    ];
    let others =
        ["services/routing", "crates/runtime", "crates/vault", "proto"].map(|folder| package(folder, &[]));
    for (folder, dependencies, count) in cases {
        let mut all = others.to_vec();
        all.push(package(folder, dependencies));
        all.extend(["crates/bus", "crates/policy", "crates/worktime"].map(|folder| package(folder, &[])));
        let found = violations(&all);
        assert_eq!(found.len(), count, "{folder} -> {dependencies:?}: {found:?}");
    }
    let all = [package("services/intake", &[]), package("services/routing", &[])];
    let file = Source::new(
        "services/intake/src/ops.rs",
        "use hotline_routing::x; // hotline_routing::y",
    );
    assert_eq!(
        violations_in(&file, &all),
        ["services/intake/src/ops.rs:1: hotline-intake names hotline-routing"]
    );
}
