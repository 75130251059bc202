//! SQL of the audit. Readers set the schema by `search_path`, as the services' own connections have it.

use chrono::{DateTime, Utc};
use hotline_proto::audit::v1::AuditHeadSigned;
use hotline_runtime::audit::Record;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{FromRow, PgConnection, Postgres};
use uuid::Uuid;

use super::hash::{Entry, Head};
use crate::batch::{Columns, insert_batches};
use crate::tx::Pending;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Heads of one answer at most.
const HEADS_MAX: i64 = 200;

/// Full name of the event that tells a head.
const TOLD: &str = "hotline.audit.v1.AuditHeadSigned";

#[derive(FromRow)]
struct RecordRow {
    at: DateTime<Utc>,
    subject: String,
    roles: String,
    unit: String,
    method: String,
    root: Option<Uuid>,
    what: String,
    outcome: String,
    reason: String,
    address: String,
    trace: String,
}

/// The entries of one transaction, as they wait.
#[derive(FromRow)]
struct WaitingRow {
    id: i64,
    at: Vec<DateTime<Utc>>,
    subject: Vec<String>,
    roles: Vec<String>,
    unit: Vec<String>,
    method: Vec<String>,
    root: Vec<Option<Uuid>>,
    what: Vec<String>,
    outcome: Vec<String>,
    reason: Vec<String>,
    address: Vec<String>,
    trace: Vec<String>,
}

#[derive(FromRow)]
struct EntryRow {
    seq: i64,
    id: i64,
    prev_hash: Vec<u8>,
    entry_hash: Vec<u8>,
    #[sqlx(flatten)]
    record: RecordRow,
}

#[derive(FromRow)]
struct HeadRow {
    seq: i64,
    hash: Vec<u8>,
    at: DateTime<Utc>,
    key: String,
    signature: Vec<u8>,
}

impl From<RecordRow> for Record {
    fn from(row: RecordRow) -> Self {
        Self {
            at: row.at,
            subject: row.subject,
            roles: row.roles,
            unit: row.unit,
            method: row.method,
            root: row.root,
            what: row.what,
            outcome: row.outcome,
            reason: row.reason,
            address: row.address,
            trace: row.trace,
        }
    }
}

impl WaitingRow {
    fn into_records(self) -> impl Iterator<Item = (i64, Record)> {
        let who = self.subject.into_iter().zip(self.roles).zip(self.unit);
        let what = self.method.into_iter().zip(self.root).zip(self.what);
        let how = self.outcome.into_iter().zip(self.reason);
        let from = self.address.into_iter().zip(self.trace);
        let told = self.at.into_iter().zip(who).zip(what).zip(how).zip(from);
        told.map(
            move |((((at, who), what), (outcome, reason)), (address, trace))| {
                let ((subject, roles), unit) = who;
                let ((method, root), what) = what;
                let record = Record {
                    at,
                    subject,
                    roles,
                    unit,
                    method,
                    root,
                    what,
                    outcome,
                    reason,
                    address,
                    trace,
                };
                (self.id, record)
            },
        )
    }
}

impl From<EntryRow> for Entry {
    fn from(row: EntryRow) -> Self {
        Self {
            seq: row.seq,
            id: row.id,
            record: row.record.into(),
            prev_hash: row.prev_hash,
            entry_hash: row.entry_hash,
        }
    }
}

impl HeadRow {
    fn of(self, service: &str) -> Head {
        Head {
            service: service.to_owned(),
            seq: self.seq,
            hash: self.hash,
            at: self.at,
            key: self.key,
            signature: self.signature,
        }
    }
}

/// Binds the columns of entries, in order, as arrays.
macro_rules! bound {
    ($query:expr, $records:expr, $($column:ident),+) => {
        $query$(.bind($records.iter().map(|record| &record.$column).collect::<Vec<_>>()))+
    };
    ($query:expr, $records:expr) => {
        bound!($query, $records, at, subject, roles, unit, method, root, what, outcome, reason, address, trace)
    };
}

/// Binds entries to the eleven parameters that follow.
pub(crate) fn bind<'q>(query: Statement<'q>, records: &'q [Record]) -> Statement<'q> {
    bound!(query, records)
}

type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// Writes entries that wait for their place.
pub(crate) async fn insert(sql: &mut PgConnection, records: &[Record]) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO audit_waiting_batch (at, subject, roles, unit, method, root, what, outcome, reason, address, trace) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    );
    bind(query, records).execute(sql).await?;
    Ok(())
}

/// Writes entries and the events of the commands that they tell of, in one statement.
pub(crate) async fn insert_with_outbox(
    sql: &mut PgConnection,
    records: &[Record],
    events: &[Pending],
    at: DateTime<Utc>,
) -> Result<()> {
    let query = sqlx::query(concat!(
        "WITH told AS (INSERT INTO audit_waiting_batch \
             (at, subject, roles, unit, method, root, what, outcome, reason, address, trace) \
             VALUES ($10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)) ",
        insert_batches!()
    ));
    let query = Columns::of(events).bind(query, at);
    bind(query, records).execute(sql).await?;
    Ok(())
}

/// Whether anything waits.
pub(super) async fn any_waits(sql: &mut PgConnection) -> Result<bool> {
    let oldest: Option<i64> = sqlx::query_scalar("SELECT id FROM audit_waiting_batch ORDER BY id LIMIT 1")
        .fetch_optional(sql)
        .await?;
    Ok(oldest.is_some())
}

/// The entries of the oldest transactions that wait, each with the number of its transaction's row.
pub(super) async fn take(sql: &mut PgConnection, limit: i64) -> Result<Vec<(i64, Record)>> {
    let rows: Vec<WaitingRow> = sqlx::query_as("SELECT * FROM audit_waiting_batch ORDER BY id LIMIT $1")
        .bind(limit)
        .fetch_all(sql)
        .await?;
    Ok(rows.into_iter().flat_map(WaitingRow::into_records).collect())
}

/// Number and hash of the chain's end.
pub(super) async fn tail(sql: &mut PgConnection) -> Result<Option<(i64, Vec<u8>)>> {
    sqlx::query_as("SELECT seq, entry_hash FROM audit ORDER BY seq DESC LIMIT 1")
        .fetch_optional(sql)
        .await
}

/// Moves the waiting entries of rows into the chain, in the order in which they were taken; returns how many were still
/// there.
pub(super) async fn chain(
    sql: &mut PgConnection,
    ids: &[i64],
    first: i64,
    prevs: &[&[u8]],
    hashes: &[&[u8]],
) -> Result<u64> {
    let done = sqlx::query(
        "WITH taken AS (DELETE FROM audit_waiting_batch WHERE id = ANY($1) RETURNING *) \
         INSERT INTO audit (seq, id, at, subject, roles, unit, method, root, what, outcome, reason, address, trace, \
                            prev_hash, entry_hash) \
         SELECT $2 + n - 1, e.id, e.at, e.subject, e.roles, e.unit, e.method, e.root, e.what, e.outcome, \
                e.reason, e.address, e.trace, h.prev, h.hash \
         FROM (SELECT row_number() OVER (ORDER BY t.id, u.place) AS n, t.id, u.* \
               FROM taken t CROSS JOIN LATERAL unnest(t.at, t.subject, t.roles, t.unit, t.method, t.root, t.what, \
                   t.outcome, t.reason, t.address, t.trace) WITH ORDINALITY \
                   AS u (at, subject, roles, unit, method, root, what, outcome, reason, address, trace, place)) e \
         JOIN unnest($3::bytea[], $4::bytea[]) WITH ORDINALITY AS h (prev, hash, n) USING (n) ORDER BY n",
    )
    .bind(ids)
    .bind(first)
    .bind(prevs)
    .bind(hashes)
    .execute(sql)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn insert_head(sql: &mut PgConnection, head: &Head) -> Result<()> {
    sqlx::query("INSERT INTO audit_head (seq, hash, at, key, signature) VALUES ($1, $2, $3, $4, $5)")
        .bind(head.seq)
        .bind(&head.hash)
        .bind(head.at)
        .bind(&head.key)
        .bind(&head.signature)
        .execute(sql)
        .await?;
    Ok(())
}

/// When the newest head was signed, and at which number.
pub(super) async fn newest_head(sql: &mut PgConnection) -> Result<Option<(i64, DateTime<Utc>)>> {
    sqlx::query_as("SELECT seq, at FROM audit_head ORDER BY seq DESC LIMIT 1")
        .fetch_optional(sql)
        .await
}

/// How many entries wait, and since when the oldest does.
///
/// # Errors
/// The database failed.
pub async fn waiting(sql: &mut PgConnection) -> Result<(i64, Option<DateTime<Utc>>)> {
    sqlx::query_as("SELECT count(*), min(at) FROM audit_waiting")
        .fetch_one(sql)
        .await
}

/// Chained entries after a number, in order.
///
/// # Errors
/// The database failed.
pub async fn entries(sql: &mut PgConnection, after: i64, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = sqlx::query_as("SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(sql)
        .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// All signed heads of `service`, oldest first.
///
/// # Errors
/// The database failed.
pub async fn heads(sql: &mut PgConnection, service: &str) -> Result<Vec<Head>> {
    let rows: Vec<HeadRow> = sqlx::query_as("SELECT * FROM audit_head ORDER BY seq")
        .fetch_all(sql)
        .await?;
    Ok(rows.into_iter().map(|row| row.of(service)).collect())
}

/// The newest heads of `service`, newest first.
pub(super) async fn newest_heads(sql: &mut PgConnection, service: &str) -> Result<Vec<Head>> {
    let rows: Vec<HeadRow> = sqlx::query_as("SELECT * FROM audit_head ORDER BY seq DESC LIMIT $1")
        .bind(HEADS_MAX)
        .fetch_all(sql)
        .await?;
    Ok(rows.into_iter().map(|row| row.of(service)).collect())
}

/// The heads that `service` has told on the bus, as its journal has them.
///
/// # Errors
/// The database failed.
pub async fn heads_told(sql: &mut PgConnection, service: &str) -> Result<Vec<Head>> {
    let rows: Vec<(Vec<u8>,)> =
        sqlx::query_as("SELECT payload FROM journal WHERE root = $1 AND type = $2 ORDER BY seq")
            .bind(super::chainer::root_of(service))
            .bind(TOLD)
            .fetch_all(sql)
            .await?;
    let told = rows.into_iter().filter_map(|(payload,)| {
        let head = AuditHeadSigned::decode(payload.as_slice()).ok()?.head?;
        Head::of_message(head)
    });
    Ok(told.collect())
}

/// Which entries to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filter {
    /// From this instant on.
    pub since: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Of this account.
    pub subject: Option<String>,
    /// About this appeal or order.
    pub root: Option<Uuid>,
    /// Only what was refused.
    pub refused_only: bool,
}

/// The place of an entry in a list: lists go back in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// When.
    pub at: DateTime<Utc>,
    /// Producer's name of the service.
    pub service: String,
    /// Number.
    pub seq: i64,
}

/// Entries of `service` that the filter lets through, newest first, after (`before` in time) a key.
///
/// # Errors
/// The database failed.
pub async fn list(
    sql: &mut PgConnection,
    service: &str,
    filter: &Filter,
    before: Option<&Key>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let mut query = sqlx::QueryBuilder::new("SELECT * FROM audit WHERE true");
    if let Some(since) = filter.since {
        query.push(" AND at >= ").push_bind(since);
    }
    if let Some(until) = filter.until {
        query.push(" AND at < ").push_bind(until);
    }
    if let Some(subject) = &filter.subject {
        query.push(" AND subject = ").push_bind(subject);
    }
    if let Some(root) = filter.root {
        query.push(" AND root = ").push_bind(root);
    }
    if filter.refused_only {
        query.push(" AND outcome <> 'ok'");
    }
    if let Some(key) = before {
        // Services are merged in the order of (at, service, seq): this service's part of what comes after the key.
        let seq = match service.cmp(key.service.as_str()) {
            std::cmp::Ordering::Less => i64::MAX,
            std::cmp::Ordering::Equal => key.seq,
            std::cmp::Ordering::Greater => 0,
        };
        query.push(" AND (at, seq) < (").push_bind(key.at);
        query.push(", ").push_bind(seq).push(")");
    }
    query.push(" ORDER BY at DESC, seq DESC LIMIT ").push_bind(limit);
    let rows: Vec<EntryRow> = query.build_query_as().fetch_all(sql).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}
