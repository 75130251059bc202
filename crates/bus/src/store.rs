//! SQL of the spine: heads, cursors, dead letters, leases; [`batch`](crate::batch) has outbox and journal. Every statement
//! is one round trip.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::envelope::Entry;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Makes the rows that a partition needs: its head, and the row that locks it.
pub(crate) async fn seed(sql: &mut PgConnection, partitions: i32) -> Result<()> {
    sqlx::query(
        "WITH p AS (SELECT generate_series(0, $1 - 1) AS partition), \
         c AS (INSERT INTO cursor SELECT '', partition, 0 FROM p ON CONFLICT DO NOTHING) \
         INSERT INTO journal_head SELECT partition, 0 FROM p ON CONFLICT DO NOTHING",
    )
    .bind(partitions)
    .execute(sql)
    .await?;
    Ok(())
}

/// Partitions that were fixed at installation; 0 before the first start.
pub(crate) async fn partitions(sql: &mut PgConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM journal_head")
        .fetch_one(sql)
        .await
}

pub(crate) async fn heads(sql: &mut PgConnection) -> Result<Vec<(i32, i64)>> {
    sqlx::query_as("SELECT partition, last_seq FROM journal_head ORDER BY partition")
        .fetch_all(sql)
        .await
}

pub(crate) async fn cursors(sql: &mut PgConnection) -> Result<Vec<(String, i32, i64)>> {
    sqlx::query_as("SELECT producer, partition, last_seq FROM cursor WHERE producer <> '' ORDER BY 1, 2")
        .fetch_all(sql)
        .await
}

/// Locks partitions against every other worker until the transaction ends, always in one order, and reads their versions:
/// the number that every transaction counts up which changes what stands there.
pub(crate) async fn lock_partitions(sql: &mut PgConnection, partitions: &[i32]) -> Result<HashMap<i32, i64>> {
    let rows: Vec<(i32, i64)> = sqlx::query_as(
        "SELECT partition, last_seq FROM cursor WHERE producer = '' AND partition = ANY ($1) ORDER BY partition FOR UPDATE",
    )
    .bind(partitions)
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Counts the version of a locked partition up: whoever remembers what stood there reads it anew.
pub(crate) async fn count_up(sql: &mut PgConnection, partition: i32) -> Result<()> {
    sqlx::query("UPDATE cursor SET last_seq = last_seq + 1 WHERE producer = '' AND partition = $1")
        .bind(partition)
        .execute(sql)
        .await?;
    Ok(())
}

/// How far a locked partition has heard each producer, and which of its appeals have an event set aside: their later
/// events wait behind it.
pub(crate) async fn standing(
    sql: &mut PgConnection,
    partition: i32,
) -> Result<(HashMap<String, i64>, HashSet<Uuid>)> {
    let rows: Vec<(String, i64, Option<Uuid>)> = sqlx::query_as(
        "SELECT producer, last_seq, NULL::uuid FROM cursor WHERE partition = $1 AND producer <> '' UNION ALL \
         SELECT DISTINCT '', 0::bigint, root FROM dead_letter WHERE partition = $1 AND replayed_at IS NULL",
    )
    .bind(partition)
    .fetch_all(sql)
    .await?;
    let (mut cursors, mut held) = (HashMap::new(), HashSet::new());
    for (producer, seq, root) in rows {
        match root {
            Some(root) => drop(held.insert(root)),
            None => drop(cursors.insert(producer, seq)),
        }
    }
    Ok((cursors, held))
}

/// Writes the cursors that moved, and each partition's next version with them.
pub(crate) async fn save_cursors(
    sql: &mut PgConnection,
    moved: &[(i32, i64, HashMap<String, i64>)],
) -> Result<()> {
    let (mut producers, mut partitions, mut seqs) = (Vec::new(), Vec::new(), Vec::new());
    for (partition, version, cursors) in moved {
        let own = std::iter::once(("", *version));
        for (producer, seq) in own.chain(cursors.iter().map(|(name, seq)| (name.as_str(), *seq))) {
            producers.push(producer);
            partitions.push(*partition);
            seqs.push(seq);
        }
    }
    sqlx::query(
        "INSERT INTO cursor (producer, partition, last_seq) \
         SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[]) \
         ON CONFLICT (producer, partition) DO UPDATE SET last_seq = excluded.last_seq",
    )
    .bind(producers)
    .bind(partitions)
    .bind(seqs)
    .execute(sql)
    .await?;
    Ok(())
}

pub(crate) async fn set_aside(
    sql: &mut PgConnection,
    entry: &Entry,
    error: &str,
    attempts: i32,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO dead_letter (producer, partition, seq, event_id, type, root, occurred_at, causes, traceparent, \
         payload, error, attempts, set_aside_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&entry.producer)
    .bind(entry.partition)
    .bind(entry.seq)
    .bind(entry.event_id)
    .bind(&entry.type_name)
    .bind(entry.root)
    .bind(entry.occurred_at)
    .bind(&entry.causes)
    .bind(&entry.traceparent)
    .bind(&entry.payload)
    .bind(error)
    .bind(attempts)
    .bind(at)
    .execute(sql)
    .await?;
    Ok(())
}

/// An event set aside, with why and when.
#[derive(FromRow)]
pub(crate) struct DeadRow {
    pub id: i64,
    pub producer: String,
    pub root: Uuid,
    pub error: String,
    pub attempts: i32,
    pub set_aside_at: DateTime<Utc>,
    partition: i32,
    seq: i64,
    event_id: Uuid,
    r#type: String,
    occurred_at: DateTime<Utc>,
    causes: String,
    traceparent: String,
    payload: Vec<u8>,
}

impl DeadRow {
    pub(crate) fn into_entry(self) -> Entry {
        Entry {
            producer: self.producer,
            partition: self.partition,
            seq: self.seq,
            event_id: self.event_id,
            type_name: self.r#type,
            root: self.root,
            occurred_at: self.occurred_at,
            causes: self.causes,
            traceparent: self.traceparent,
            payload: self.payload,
        }
    }
}

/// Events set aside and not replayed, oldest first; of one appeal, or of all.
pub(crate) async fn dead_letters(
    sql: &mut PgConnection,
    root: Option<Uuid>,
    after: i64,
    limit: i64,
) -> Result<Vec<DeadRow>> {
    sqlx::query_as(
        "SELECT * FROM dead_letter WHERE replayed_at IS NULL AND id > $1 AND ($2::uuid IS NULL OR root = $2) \
         ORDER BY id LIMIT $3",
    )
    .bind(after)
    .bind(root)
    .bind(limit)
    .fetch_all(sql)
    .await
}

pub(crate) async fn dead_count(sql: &mut PgConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM dead_letter WHERE replayed_at IS NULL")
        .fetch_one(sql)
        .await
}

pub(crate) async fn mark_replayed(sql: &mut PgConnection, id: i64, at: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query("UPDATE dead_letter SET replayed_at = $2 WHERE id = $1 AND replayed_at IS NULL")
        .bind(id)
        .bind(at)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn note_attempt(sql: &mut PgConnection, id: i64, error: &str) -> Result<()> {
    sqlx::query("UPDATE dead_letter SET attempts = attempts + 1, error = $2 WHERE id = $1")
        .bind(id)
        .bind(error)
        .execute(sql)
        .await?;
    Ok(())
}

/// Takes or renews leases that are free, expired or our own; returns the tokens of those held. Time is the database's.
pub(crate) async fn hold_leases(
    sql: &mut PgConnection,
    holder: Uuid,
    names: &[String],
    ttl_ms: i64,
) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "INSERT INTO lease (name, holder, token, expires_at) \
         SELECT n, $1, 1, clock_timestamp() + $3 * interval '1 millisecond' FROM unnest($2::text[]) AS n ORDER BY n \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at, \
             token = lease.token + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END \
         WHERE lease.holder = excluded.holder OR lease.expires_at < clock_timestamp() \
         RETURNING name, token",
    )
    .bind(holder)
    .bind(names)
    .bind(ttl_ms)
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Lets go of every lease, so that a successor need not wait.
pub(crate) async fn release_leases(sql: &mut PgConnection, holder: Uuid) -> Result<()> {
    sqlx::query("UPDATE lease SET expires_at = '-infinity' WHERE holder = $1")
        .bind(holder)
        .execute(sql)
        .await?;
    Ok(())
}

/// The fence: true while the token is the newest. Locks the lease against a take-over until the transaction ends.
pub(crate) async fn lease_stands(sql: &mut PgConnection, name: &str, token: i64) -> Result<bool> {
    let row: Option<i32> = sqlx::query_scalar(
        "SELECT 1 FROM lease WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp() FOR SHARE",
    )
    .bind(name)
    .bind(token)
    .fetch_optional(sql)
    .await?;
    Ok(row.is_some())
}
