//! How events are stored: in batches. A batch is what one transaction published in one partition, or a part of it, as one row
//! whose columns are arrays. The outbox and the journal hold the same rows; in the journal a batch has the number of its
//! last event.
//!
//! Invariant: the events of a batch are consecutive, in the outbox as in the journal.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{FromRow, PgConnection, Postgres};
use uuid::Uuid;

use crate::envelope::Entry;
use crate::tx::Pending;

#[cfg(test)]
mod tests;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Bytes of a batch, beyond which it takes no further event: two share a page of PostgreSQL.
const CONTENT_MAX: usize = 4_000;
/// Bytes of an event besides its payload: identifiers, type, trace, and what arrays add.
const FRAME: usize = 160;

/// Stands in its statement: with a limit that is bound PostgreSQL would plan it anew each time, which takes as long as to do it.
macro_rules! batches_max {
    () => {
        256
    };
}

/// The outbox's half of a statement: its parameters are the first nine, as [`Columns::bind`] binds them.
macro_rules! insert_batches {
    () => {
        "INSERT INTO outbox_batch (partition, events, occurred_at, event_id, type, root, traceparent, payload) \
         SELECT b.partition, b.until - b.since + 1, $4, ($5::uuid[])[b.since:b.until], ($6::text[])[b.since:b.until], \
                ($7::uuid[])[b.since:b.until], ($8::text[])[b.since:b.until], ($9::bytea[])[b.since:b.until] \
         FROM unnest($1::int[], $2::int[], $3::int[]) WITH ORDINALITY AS b (partition, since, until, place) \
         ORDER BY b.place"
    };
}
pub(crate) use insert_batches;

/// Events as the arrays of a statement, those of a partition side by side, and where each batch begins and ends.
#[derive(Default)]
pub(crate) struct Columns<'e> {
    partition: Vec<i32>,
    since: Vec<i32>,
    until: Vec<i32>,
    event_id: Vec<Uuid>,
    type_name: Vec<&'e str>,
    root: Vec<Uuid>,
    traceparent: Vec<&'e str>,
    payload: Vec<&'e [u8]>,
}

impl<'e> Columns<'e> {
    pub(crate) fn of(events: &'e [Pending]) -> Self {
        let mut sorted: Vec<&Pending> = events.iter().collect();
        sorted.sort_by_key(|event| event.partition);
        let mut columns = Self::default();
        let mut room = 0;
        for (place, event) in (1..).zip(sorted) {
            let size = event.payload.len() + FRAME;
            match columns.until.last_mut() {
                Some(until) if size <= room && columns.partition.last() == Some(&event.partition) => {
                    *until = place;
                    room -= size;
                }
                _ => {
                    columns.partition.push(event.partition);
                    columns.since.push(place);
                    columns.until.push(place);
                    room = CONTENT_MAX.saturating_sub(size);
                }
            }
            columns.event_id.push(event.event_id);
            columns.type_name.push(&event.type_name);
            columns.root.push(event.root);
            columns.traceparent.push(&event.traceparent);
            columns.payload.push(&event.payload);
        }
        columns
    }

    /// Binds the first nine parameters of a statement with [`insert_batches!`] in it.
    pub(crate) fn bind<'q>(
        self,
        query: Query<'q, Postgres, PgArguments>,
        at: DateTime<Utc>,
    ) -> Query<'q, Postgres, PgArguments>
    where
        'e: 'q,
    {
        query
            .bind(self.partition)
            .bind(self.since)
            .bind(self.until)
            .bind(at)
            .bind(self.event_id)
            .bind(self.type_name)
            .bind(self.root)
            .bind(self.traceparent)
            .bind(self.payload)
    }
}

/// Writes events that wait for their numbers.
pub(crate) async fn insert(sql: &mut PgConnection, events: &[Pending], at: DateTime<Utc>) -> Result<()> {
    let query = sqlx::query(insert_batches!());
    Columns::of(events).bind(query, at).execute(sql).await?;
    Ok(())
}

/// Whether anything waits to be numbered.
pub(crate) async fn any_waits(sql: &mut PgConnection) -> Result<bool> {
    let oldest: Option<i64> = sqlx::query_scalar("SELECT id FROM outbox_batch ORDER BY id LIMIT 1")
        .fetch_optional(sql)
        .await?;
    Ok(oldest.is_some())
}

/// How many events wait to be numbered.
pub(crate) async fn waiting(sql: &mut PgConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT coalesce(sum(events), 0) FROM outbox_batch")
        .fetch_one(sql)
        .await
}

#[derive(FromRow)]
struct NumberedRow {
    partition: i32,
    last_seq: i64,
    occurred_at: DateTime<Utc>,
    causes: String,
    event_id: Vec<Uuid>,
    r#type: Vec<String>,
    root: Vec<Uuid>,
    traceparent: Vec<String>,
    payload: Vec<Vec<u8>>,
}

impl NumberedRow {
    fn into_entries(self, producer: &str) -> impl Iterator<Item = Entry> {
        let first = self.last_seq + 1 - i64::try_from(self.event_id.len()).unwrap_or(i64::MAX);
        let (types, roots) = (self.r#type.into_iter(), self.root);
        let named = self.event_id.into_iter().zip(types).zip(roots);
        let told = self.traceparent.into_iter().zip(self.payload);
        let numbered = (first..).zip(named.zip(told));
        numbered.map(
            move |(seq, (((event_id, type_name), root), (traceparent, payload)))| Entry {
                producer: producer.to_owned(),
                partition: self.partition,
                seq,
                event_id,
                type_name,
                root,
                occurred_at: self.occurred_at,
                causes: self.causes.clone(),
                traceparent,
                payload,
            },
        )
    }
}

/// Most batches that are numbered at once: many enough to share a commit, few enough to keep publishing.
pub(crate) const BATCHES_MAX: usize = batches_max!();

/// Moves the oldest batches into the journal, numbered, and stamps what had been applied; returns how many, and their events
/// in order. Moves nothing unless `token` is the newest of the lease `name`, which it locks against a take-over until the
/// commit: one statement is one transaction, and a predecessor's last one committed before the lease could change hands.
pub(crate) async fn sequence(
    sql: &mut PgConnection,
    service: &str,
    (name, token): (&str, i64),
) -> Result<(usize, Vec<Entry>)> {
    let rows: Vec<NumberedRow> = sqlx::query_as(concat!(
        "WITH fence AS MATERIALIZED (SELECT 1 FROM lease \
                   WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp() FOR SHARE), \
         taken AS (DELETE FROM outbox_batch WHERE EXISTS (SELECT 1 FROM fence) \
                   AND ctid = ANY (ARRAY(SELECT ctid FROM outbox_batch ORDER BY id LIMIT ",
        batches_max!(),
        ")) RETURNING *), \
         heard AS (SELECT partition, string_agg(producer || '=' || last_seq, ',' ORDER BY producer) AS causes \
                   FROM cursor WHERE producer <> '' AND last_seq > 0 GROUP BY partition), \
         numbered AS (SELECT t.*, h.last_seq + sum(t.events) OVER (PARTITION BY t.partition ORDER BY t.id) AS last, \
                             coalesce(c.causes, '') AS causes \
                      FROM taken t JOIN journal_head h USING (partition) LEFT JOIN heard c USING (partition)), \
         heads AS (UPDATE journal_head h SET last_seq = m.last \
                   FROM (SELECT partition, max(last) AS last FROM numbered GROUP BY partition) m \
                   WHERE h.partition = m.partition) \
         INSERT INTO journal_batch \
             (partition, last_seq, events, occurred_at, causes, event_id, type, root, traceparent, payload) \
         SELECT partition, last, events, occurred_at, causes, event_id, type, root, traceparent, payload \
         FROM numbered ORDER BY id RETURNING *"
    ))
    .bind(name)
    .bind(token)
    .fetch_all(sql)
    .await?;
    let batches = rows.len();
    let entries = rows.into_iter().flat_map(|row| row.into_entries(service));
    Ok((batches, entries.collect()))
}

/// Entries of one partition after a number, in order.
pub(crate) async fn read_journal(
    sql: &mut PgConnection,
    service: &str,
    partition: i32,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<NumberedRow> = sqlx::query_as(
        "SELECT * FROM journal_batch WHERE partition = $1 AND last_seq > $2 ORDER BY last_seq LIMIT $3",
    )
    .bind(partition)
    .bind(after)
    .bind(limit)
    .fetch_all(sql)
    .await?;
    let entries = rows.into_iter().flat_map(|row| row.into_entries(service));
    let after = entries.skip_while(|entry| entry.seq <= after);
    Ok(after.take(usize::try_from(limit).unwrap_or(0)).collect())
}
