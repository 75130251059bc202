//! The messages that wait: the call-backs themselves, by the time of their next send or of their silence.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Delivery;

/// A message whose time has come.
#[derive(Debug, FromRow)]
pub struct Waiting {
    /// The call-back.
    pub id: Uuid,
    /// Its order.
    pub order_id: Uuid,
    /// Way.
    pub way: String,
    /// Attempts that reached nobody, which name the message.
    pub attempts: i32,
    /// Version of the call-back.
    pub version: i64,
    /// Queued, or sent and silent.
    pub delivery: String,
    /// Sends so far.
    pub send_tries: i32,
    /// Order's facts.
    pub facts: Vec<u8>,
}

/// Messages whose time has come, soonest first.
///
/// # Errors
/// The database failed.
pub async fn due(pool: &PgPool, now: DateTime<Utc>, limit: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, order_id, way, attempts, version, delivery, send_tries, facts FROM callback \
         WHERE state = 1 AND send_at IS NOT NULL AND send_at <= $1 ORDER BY send_at, id LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Notes how a message stands, unless the call-back has changed meanwhile.
///
/// # Errors
/// The database failed.
pub async fn note(
    sql: &mut PgConnection,
    message: &Waiting,
    delivery: Delivery,
    next: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE callback SET delivery = $3, send_at = $4, send_tries = send_tries + 1 \
         WHERE id = $1 AND version = $2 AND state = 1",
    )
    .bind(message.id)
    .bind(message.version)
    .bind(delivery.as_str())
    .bind(next)
    .execute(sql)
    .await?;
    Ok(())
}

/// Notes a receipt for the message of an attempt; one that failed is queued no more.
///
/// # Errors
/// The database failed.
pub async fn receipt(
    sql: &mut PgConnection,
    id: Uuid,
    attempts: i32,
    delivery: Delivery,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE callback SET delivery = $3, send_at = CASE WHEN $3 = 'failed' THEN NULL ELSE send_at END \
         WHERE id = $1 AND attempts = $2 AND state = 1 AND delivery IN ('queued', 'sent', 'delivered')",
    )
    .bind(id)
    .bind(attempts)
    .bind(delivery.as_str())
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}
