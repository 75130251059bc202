//! What stands beside the register: blocks of numbers, urges, disclosures, attempts to track.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Rows of past minutes that a new minute removes.
const SWEEP_MAX: i64 = 32;

/// The next block of sequence numbers.
///
/// # Errors
/// The database.
pub async fn next_block(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT nextval('number_block')")
        .fetch_one(pool)
        .await
}

/// One time that an appellant pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urge {
    /// Identifier.
    pub id: Uuid,
    /// Appeal.
    pub appeal_id: Uuid,
    /// Names the request for ever.
    pub request_key: String,
    /// Digest of the request.
    pub request_digest: Vec<u8>,
    /// What was said, numbers masked.
    pub note: String,
    /// Who recorded it.
    pub actor: String,
}

/// Records an urge; `false` when its key was used before.
///
/// # Errors
/// The database.
pub async fn insert_urge(
    sql: &mut PgConnection,
    urge: &Urge,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO urge (id, appeal_id, request_key, request_digest, note, actor, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (request_key) DO NOTHING",
    )
    .bind(urge.id)
    .bind(urge.appeal_id)
    .bind(&urge.request_key)
    .bind(&urge.request_digest)
    .bind(&urge.note)
    .bind(&urge.actor)
    .bind(at)
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The appeal that an urge's key was used for, and the digest of that request.
///
/// # Errors
/// The database.
pub async fn urge_of_key(sql: &mut PgConnection, key: &str) -> Result<Option<(Uuid, Vec<u8>)>, sqlx::Error> {
    let query = sqlx::query_as("SELECT appeal_id, request_digest FROM urge WHERE request_key = $1");
    query.bind(key).fetch_optional(sql).await
}

/// Records that personal data was shown.
///
/// # Errors
/// The database.
pub async fn insert_reveal(
    sql: &mut PgConnection,
    id: Uuid,
    appeal: Uuid,
    actor: &str,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO reveal (id, appeal_id, actor, reason, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(appeal)
        .bind(actor)
        .bind(reason)
        .bind(at)
        .execute(sql)
        .await?;
    Ok(())
}

/// Counts a disclosure to `actor` and gives how many there were in the window, this one among them.
///
/// # Errors
/// The database.
pub async fn count_reveal(
    sql: &mut PgConnection,
    actor: &str,
    now: DateTime<Utc>,
    window: TimeDelta,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO reveal_count AS c (actor, since, shown) VALUES ($1, $2, 1) \
         ON CONFLICT (actor) DO UPDATE SET \
             shown = CASE WHEN c.since <= $3 THEN 1 ELSE least(c.shown, 1000000) + 1 END, \
             since = CASE WHEN c.since <= $3 THEN $2 ELSE c.since END \
         RETURNING shown",
    )
    .bind(actor)
    .bind(now)
    .bind(now - window)
    .fetch_one(sql)
    .await
}

/// Counts an attempt to track `number` and gives how many there were in its minute. Numbers that do not exist are
/// counted too, so that a throttled answer tells nothing.
///
/// # Errors
/// The database.
pub async fn attempt(
    pool: &PgPool,
    number: &str,
    now: DateTime<Utc>,
    window: TimeDelta,
) -> Result<i32, sqlx::Error> {
    let attempts: i32 = sqlx::query_scalar(
        "INSERT INTO track_attempt AS t (number, since, attempts) VALUES ($1, $2, 1) \
         ON CONFLICT (number) DO UPDATE SET \
             attempts = CASE WHEN t.since <= $3 THEN 1 ELSE least(t.attempts, 1000000) + 1 END, \
             since = CASE WHEN t.since <= $3 THEN $2 ELSE t.since END \
         RETURNING attempts",
    )
    .bind(number)
    .bind(now)
    .bind(now - window)
    .fetch_one(pool)
    .await?;
    if attempts == 1 {
        sweep(pool, now - window).await?;
    }
    Ok(attempts)
}

/// Gives an attempt back: it was no guess.
///
/// # Errors
/// The database.
pub async fn forgive(pool: &PgPool, number: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE track_attempt SET attempts = attempts - 1 WHERE number = $1 AND attempts > 0")
        .bind(number)
        .execute(pool)
        .await?;
    Ok(())
}

async fn sweep(pool: &PgPool, before: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM track_attempt WHERE number IN \
         (SELECT number FROM track_attempt WHERE since < $1 ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)",
    )
    .bind(before)
    .bind(SWEEP_MAX)
    .execute(pool)
    .await?;
    Ok(())
}
