//! The years' arrangements that were imported, as the clocks' service tells them, and the call-backs that wait by them.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// Keeps an arrangement; one that is there stays as it is.
///
/// # Errors
/// The database failed.
pub async fn add_year(
    sql: &mut PgConnection,
    version: i32,
    year: i32,
    toml: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO calendar_year (version, year, toml) VALUES ($1, $2, $3) ON CONFLICT (version) DO NOTHING",
    )
    .bind(version)
    .bind(year)
    .bind(toml)
    .execute(sql)
    .await?;
    Ok(())
}

/// Every arrangement, its version and its text, oldest first; nothing when `known` is the newest.
///
/// # Errors
/// The database failed.
pub async fn years_beyond(sql: &mut PgConnection, known: i32) -> Result<Vec<(i32, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT version, toml FROM calendar_year \
         WHERE EXISTS (SELECT 1 FROM calendar_year WHERE version > $1) ORDER BY version",
    )
    .bind(known)
    .fetch_all(sql)
    .await
}

/// A call-back that waits for its next attempt.
#[derive(Debug, FromRow)]
pub struct Spaced {
    /// The call-back.
    pub id: Uuid,
    /// When the last attempt was made.
    pub tried_at: DateTime<Utc>,
    /// When the next is due.
    pub not_before: DateTime<Utc>,
    /// Order's facts.
    pub facts: Vec<u8>,
}

/// The call-backs whose next attempt is still to come at `now`, locked.
///
/// # Errors
/// The database failed.
pub async fn spaced(sql: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Spaced>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, tried_at, not_before, facts FROM callback \
         WHERE state = 1 AND not_before > $1 AND tried_at IS NOT NULL ORDER BY not_before, id FOR UPDATE",
    )
    .bind(now)
    .fetch_all(sql)
    .await
}

/// Moves next attempts to other instants, and the messages that wait for them.
///
/// # Errors
/// The database failed.
pub async fn space(sql: &mut PgConnection, moved: &[(Uuid, DateTime<Utc>)]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE callback c SET not_before = t.at, send_at = CASE WHEN c.send_at = c.not_before THEN t.at ELSE c.send_at END \
         FROM unnest($1::uuid[], $2::timestamptz[]) AS t (id, at) WHERE c.id = t.id",
    )
    .bind(moved.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(moved.iter().map(|(_, at)| *at).collect::<Vec<_>>())
    .execute(sql)
    .await?;
    Ok(())
}
