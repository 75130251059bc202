//! Turns a chain of policy files, the child first, into one frozen policy.

use chrono::NaiveDate;
use hotline_worktime::{Convention, OfficeHours};
use sha2::{Digest, Sha256};

use crate::file::File;
use crate::matter::Condition;
use crate::policy::Policy;
use crate::read::Table;
use crate::rules::{
    Close, Delegation, DispatchRule, Identity, IntakeRules, Retention, Review, Row, WhistleRule,
    operator_keys,
};
use crate::tables::Rows;

/// Working minutes of a day while the office hours cannot be read: only messages depend on it.
const DAY_MINUTES: u32 = 480;

/// Reads the policy of `chain[0]` over its parents; problems are noted in the files.
///
/// `None` when something that a policy cannot be without was missing or wrong.
pub(crate) fn resolve(chain: &[&File<'_>], parents: Vec<String>) -> Option<Policy> {
    let root = Table::stacked(chain);
    let header = Header::read(&Table::of(chain[0]));
    root.table("policy");
    let day_minutes = header
        .as_ref()
        .map_or(DAY_MINUTES, |header| header.office_hours.day_minutes());
    let rows = Rows::read(&root, day_minutes);
    rows.lint(&root, chain[0]);
    let review = single(&root, "review", Review::read);
    let close = single(&root, "close", Close::read);
    let identity = single(&root, "identity", Identity::read);
    let retention = single(&root, "retention", Retention::read);
    let delegation = root
        .table("delegation")
        .and_then(|table| Delegation::read(&table));
    if let Some(review) = &review {
        rows.lint_send_backs(review, &root, chain[0]);
    }
    let dispatch = root.table("dispatch");
    let dispatch = dispatch.and_then(|table| DispatchRule::read(&table));
    let whistle = root.table("whistle").and_then(|table| WhistleRule::read(&table));
    let intake = IntakeRules {
        accepts: scoped(rows.accepts),
        real_names: scoped(rows.real_names),
        ..IntakeRules::read(&root)
    };
    root.finish();
    chain[0].finish_fills();
    let header = header?;
    Some(Policy {
        version: version(&header.id, chain),
        id: header.id,
        title: header.title,
        document: header.document,
        division: header.division,
        effective_from: header.effective_from,
        parents,
        rests_on: header.rests_on,
        convention: header.convention,
        office_hours: header.office_hours,
        clocks: rows.clocks,
        returns: rows.returns,
        extensions: rows.extensions,
        callbacks: rows.callbacks,
        exclusions: rows.exclusions,
        redos: rows.redos,
        ladder: rows.ladder,
        rejects: rows.rejects,
        redirects: rows.redirects,
        send_backs: rows.send_backs,
        flows: rows.flows,
        raises: rows.raises,
        metrics: rows.metrics,
        reports: rows.reports,
        delegation,
        dispatch,
        whistle,
        supervision: rows.supervision,
        review: review?,
        close: close?,
        identity: identity?,
        intake,
        retention: retention?,
    })
}

/// Rows as their conditions and rules alone.
fn scoped<T>(rows: Vec<Row<T>>) -> Vec<(Condition, T)> {
    rows.into_iter().map(|row| (row.when, row.rule)).collect()
}

fn single<T>(
    root: &Table<'_, '_>,
    key: &'static str,
    read: impl Fn(&Table<'_, '_>) -> Option<T>,
) -> Option<T> {
    match root.table(key) {
        Some(table) => read(&table),
        None => {
            root.problem(format!("missing table [{key}]"));
            None
        }
    }
}

/// `id@` and the first 12 hex digits of SHA-256 over the content of the chain, layout left out.
fn version(id: &str, chain: &[&File<'_>]) -> String {
    let mut hash = Sha256::new();
    for file in chain {
        hash.update(file.canonical());
    }
    let digest = hash.finalize();
    let digits: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{id}@{digits}")
}

struct Header {
    id: String,
    title: String,
    document: String,
    division: String,
    effective_from: NaiveDate,
    convention: Convention,
    office_hours: OfficeHours,
    rests_on: Vec<String>,
}

impl Header {
    fn read(file: &Table<'_, '_>) -> Option<Self> {
        let Some(table) = file.table("policy") else {
            file.problem("missing table [policy]");
            return None;
        };
        let id = table.need_text("id");
        table.text("parent");
        let title = table.need_text("title");
        let document = table.need_text("document");
        let division = table.need_text("division");
        let effective_from = table.need_date("effective_from");
        let convention = table.convention("convention").unwrap_or_default();
        let office_hours = table.hours("office_hours");
        let rests_on = table.words("rests_on");
        operator_keys(&table);
        table.finish();
        Some(Self {
            id: id?,
            title: title?,
            document: document?,
            division: division?,
            effective_from: effective_from?,
            convention,
            office_hours: office_hours?,
            rests_on,
        })
    }
}
