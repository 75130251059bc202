//! What each file inside a service may name: `domain` knows no SQL and no wire, `grpc` knows no SQL, and so on.

use std::collections::BTreeSet;

use crate::source::{self, Named, Source};

/// A file of a service (`domain.rs`), or a folder of files (`domain/`), and what it may name.
pub struct Role {
    /// The file's name without `.rs`.
    pub name: &'static str,
    /// Foreign crates.
    crates: Crates,
    /// Modules of the same service.
    modules: Crates,
    /// Whether it is held to what a pure library is held to.
    pure: bool,
}

/// Which names may stand first in a path.
enum Crates {
    Only(&'static [&'static str]),
    Never(&'static [&'static str]),
}

/// The table of "Inside a service".
pub const ROLES: &[Role] = &[
    Role {
        name: "domain",
        crates: Crates::Only(&[
            "chrono",
            "hotline_policy",
            "hotline_worktime",
            "serde",
            "sha2",
            "thiserror",
            "uuid",
        ]),
        modules: Crates::Only(&["domain"]),
        pure: true,
    },
    Role {
        name: "store",
        crates: Crates::Never(&[
            "hotline_bus",
            "hotline_proto",
            "prost",
            "prost_types",
            "tonic",
            "tonic_prost",
            "tonic_types",
            "axum",
        ]),
        modules: Crates::Never(&["ops", "events", "grpc"]),
        pure: false,
    },
    Role {
        name: "ops",
        crates: Crates::Never(&["tonic", "tonic_prost", "tonic_types", "axum"]),
        modules: Crates::Never(&["events", "grpc"]),
        pure: false,
    },
    Role {
        name: "events",
        crates: Crates::Never(&["sqlx"]),
        modules: Crates::Never(&["store", "grpc"]),
        pure: false,
    },
    Role {
        name: "grpc",
        crates: Crates::Never(&["sqlx"]),
        modules: Crates::Never(&["store", "events"]),
        pure: false,
    },
];

/// What reaches outside the process or reads its clock.
const IMPURE_PATHS: &[&[&str]] = &[
    &["std", "env"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
];

/// Words that make code asynchronous.
const ASYNCHRONOUS: &[&str] = &["async", "await"];

impl Crates {
    fn allow(&self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(&name),
            Self::Never(names) => !names.contains(&name),
        }
    }
}

/// Whether a file has this role in a service; files of tests have none.
pub fn has_role(path: &str, role: &str) -> bool {
    let mut parts = path.split('/');
    let (Some("services"), Some(service), Some("src"), Some(next)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    service != "hotline" && next.strip_suffix(".rs").unwrap_or(next) == role && !source::is_test(path)
}

/// Every path in a file that its role does not allow. `crates` are the foreign crates that the service depends on.
pub fn violations(file: &Source, role: &Role, crates: &BTreeSet<String>) -> Vec<String> {
    let wrong = |named: &Named| {
        let (kind, name) = match first(named, &file.path) {
            First::Module(name) if !role.modules.allow(&name) => ("module", name),
            First::Foreign(name) if crates.contains(&name) && !role.crates.allow(&name) => ("crate", name),
            _ => return None,
        };
        Some(format!(
            "{}:{}: {} names {kind} {name}",
            file.path, named.line, role.name
        ))
    };
    let mut found: Vec<_> = source::named(&file.tokens_outside_tests())
        .iter()
        .filter_map(wrong)
        .collect();
    if role.pure {
        found.extend(impurities(file));
    }
    found
}

/// Everything in a file that reads or writes outside the process, waits, or takes the time.
pub fn impurities(file: &Source) -> Vec<String> {
    let tokens = file.tokens_outside_tests();
    let words = tokens
        .iter()
        .filter(|token| ASYNCHRONOUS.contains(&token.text.as_str()));
    let mut found: Vec<_> = words
        .map(|token| format!("{}:{}: pure code uses {}", file.path, token.line, token.text))
        .collect();
    for named in source::named(&tokens) {
        if IMPURE_PATHS.iter().any(|path| {
            named
                .segments
                .iter()
                .map(String::as_str)
                .take(path.len())
                .eq(path.iter().copied())
        }) {
            found.push(format!(
                "{}:{}: pure code names {}",
                file.path,
                named.line,
                named.segments.join("::")
            ));
        }
    }
    found
}

/// What a path begins with, seen from the crate's root.
enum First {
    /// A module of the same crate.
    Module(String),
    /// A foreign crate, or a name of this file.
    Foreign(String),
}

/// Resolves `crate::` and `super::`; inside an inline module `super` is taken for the file's, which only widens it.
fn first(named: &Named, path: &str) -> First {
    let depth = named
        .segments
        .iter()
        .take_while(|segment| *segment == "super")
        .count();
    let own = module_of(path);
    let module = match named.segments.first().map(String::as_str) {
        Some("crate") => named.segments.get(1),
        Some("super") if depth < own.len() => own.first(),
        Some("super") => named.segments.get(depth),
        Some("self") => own.first(),
        Some(name) => return First::Foreign(name.to_owned()),
        None => None,
    };
    First::Module(module.cloned().unwrap_or_default())
}

/// The module path of a file from its crate's root: `services/x/src/domain/state.rs` is `domain`, `state`.
fn module_of(path: &str) -> Vec<String> {
    let mut parts: Vec<_> = path
        .split('/')
        .skip(3)
        .map(|part| part.strip_suffix(".rs").unwrap_or(part).to_owned())
        .collect();
    parts.pop_if(|last| last == "mod");
    parts
}

#[test]
fn a_wrong_name_inside_a_service_is_told() {
    let crates: BTreeSet<_> = [
        "axum",
        "chrono",
        "hotline_bus",
        "hotline_policy",
        "hotline_proto",
        "hotline_runtime",
        "prost",
        "serde",
        "sqlx",
        "tokio",
        "tonic",
        "tracing",
    ]
    .map(str::to_owned)
    .into();
    let cases = [
        (
            "domain.rs",
            "use std::fmt; use chrono::Utc; use serde::Serialize; use super::domain::X; use self::y::Z;",
            0,
        ),
        (
            "domain/state.rs",
            "use super::Case; use crate::domain::event::Event; use hotline_policy::Refusal;",
            0,
        ),
        ("domain/state.rs", "use super::super::store::Row;", 1),
        ("domain.rs", "fn f() { tracing::info!(\"x\") }", 1),
        ("domain.rs", "use {sqlx::Row, hotline_runtime::Clock};", 2),
        ("domain.rs", "use crate::{domain::A, store::B, ops};", 2),
        ("domain.rs", "async fn f() { g().await }", 2),
        ("domain.rs", "fn f() { std::time::SystemTime::now(); }", 1),
        (
            "domain.rs",
            "// sqlx::query\n#[cfg(test)] mod tests { use tokio::time; }",
            0,
        ),
        ("domain/tests.rs", "use sqlx::Row;", -1),
        (
            "store.rs",
            "use crate::domain::A; use sqlx::{PgConnection, Row};",
            0,
        ),
        (
            "store/rows.rs",
            "use hotline_bus::Tx; fn f() -> tonic::Status {} use prost::Message;",
            3,
        ),
        ("ops.rs", "use crate::{domain, store}; use hotline_bus::Tx;", 0),
        ("ops.rs", "use axum::Router; use tonic::Status;", 2),
        ("events.rs", "use crate::ops; use hotline_proto::x;", 0),
        ("events.rs", "use super::store; fn f() { sqlx::query(\"\"); }", 2),
        ("grpc.rs", "use tonic::Request; use crate::ops;", 0),
        ("grpc/queries.rs", "use crate::store::load; use sqlx::PgPool;", 2),
        ("lib.rs", "use sqlx::PgPool; use tonic::Status;", -1),
    ];
    for (name, text, count) in cases {
        let file = Source::new(&format!("services/intake/src/{name}"), text);
        let role = ROLES.iter().find(|role| has_role(&file.path, role.name));
        let found = role.map(|role| violations(&file, role, &crates));
        assert_eq!(
            found.as_ref().map_or(-1, |found| found.len() as i32),
            count,
            "{name}: {text}: {found:?}"
        );
    }
    assert!(
        !has_role("services/hotline/src/events.rs", "events"),
        "the binary has commands of these names"
    );
}
