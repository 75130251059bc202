//! What the worker must look at, and what is counted.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// Something to look at when its time has come.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Due {
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub due_at: DateTime<Utc>,
    /// `breach`, `rung`, `happened`, `answer` or `ended`.
    pub kind: String,
    /// The order.
    pub order_id: Option<Uuid>,
    /// The clock, or the case.
    pub subject: Option<Uuid>,
    /// The step, the happening, or the instrument.
    pub what: String,
    /// The unit; empty for none.
    pub unit_id: String,
    /// How many, where that is told.
    pub amount: i32,
    /// The order's facts, as the contract encodes them.
    pub facts: Vec<u8>,
}

/// Puts things to look at.
///
/// # Errors
/// The database failed.
pub async fn insert_due(sql: &mut PgConnection, dues: &[Due]) -> Result<(), sqlx::Error> {
    if dues.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO supervision_due (id, due_at, kind, order_id, subject, what, unit_id, amount, facts) \
         SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], \
             $8::integer[], $9::bytea[])",
    )
    .bind(dues.iter().map(|due| due.id).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.due_at).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.kind.as_str()).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.order_id).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.subject).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.what.as_str()).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.unit_id.as_str()).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.amount).collect::<Vec<_>>())
    .bind(dues.iter().map(|due| due.facts.as_slice()).collect::<Vec<_>>())
    .execute(sql)
    .await?;
    Ok(())
}

/// What is due at an instant, in order.
///
/// # Errors
/// The database failed.
pub async fn due_after(
    sql: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, due_at, kind, order_id, subject, what, unit_id, amount, facts FROM supervision_due \
         WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(sql)
    .await
}

/// When the next thing is due.
///
/// # Errors
/// The database failed.
pub async fn next_due(sql: &mut PgConnection) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar("SELECT min(due_at) FROM supervision_due")
        .fetch_one(sql)
        .await
}

/// Takes a thing away that was looked at; false when somebody did before.
///
/// # Errors
/// The database failed.
pub async fn done(sql: &mut PgConnection, id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM supervision_due WHERE id = $1")
        .bind(id)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a happening for a class.
///
/// # Errors
/// The database failed.
pub async fn mark(
    sql: &mut PgConnection,
    (class, key): (&str, &str),
    at: DateTime<Utc>,
    order: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO supervision_mark (class, key, at, order_id) VALUES ($1, $2, $3, $4)")
        .bind(class)
        .bind(key)
        .bind(at)
        .bind(order)
        .execute(sql)
        .await?;
    Ok(())
}

/// How many happenings of a class were counted after an instant.
///
/// # Errors
/// The database failed.
pub async fn count_marks(
    sql: &mut PgConnection,
    (class, key): (&str, &str),
    after: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM supervision_mark WHERE class = $1 AND key = $2 AND at > $3")
        .bind(class)
        .bind(key)
        .bind(after)
        .fetch_one(sql)
        .await
}

/// Counts a happening that most orders have, and puts something to look at only when the count may be reached and no
/// case is open: one statement, and never more rows read than the count.
///
/// # Errors
/// The database failed.
pub async fn mark_and_enqueue(
    sql: &mut PgConnection,
    (class, key): (&str, &str),
    (after, count): (DateTime<Utc>, i64),
    due: &Due,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "WITH marked AS (INSERT INTO supervision_mark (class, key, at, order_id) VALUES ($1, $2, $3, $4)) \
         INSERT INTO supervision_due (id, due_at, kind, order_id, subject, what, unit_id, amount, facts) \
         SELECT $5, $3, $6, $4, NULL, $7, $8, 0, $9 \
         WHERE (SELECT count(*) FROM (SELECT 1 FROM supervision_mark WHERE class = $1 AND key = $2 AND at > $10 \
                LIMIT $11) m) + 1 >= $11 \
           AND NOT EXISTS (SELECT 1 FROM supervision_case WHERE class = $1 AND key = $2 AND state <> 3)",
    )
    .bind(class)
    .bind(key)
    .bind(due.due_at)
    .bind(due.order_id)
    .bind(due.id)
    .bind(&due.kind)
    .bind(&due.what)
    .bind(&due.unit_id)
    .bind(&due.facts)
    .bind(after)
    .bind(count)
    .execute(sql)
    .await?;
    Ok(())
}

/// The newest facts of an order that its clocks keep.
///
/// # Errors
/// The database failed.
pub async fn facts_of_order(sql: &mut PgConnection, order: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar("SELECT facts FROM clock WHERE order_id = $1 ORDER BY started_at DESC LIMIT 1")
        .bind(order)
        .fetch_optional(sql)
        .await
}
