//! Failures by address.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Result;

/// Until when an address waits, if it does.
///
/// # Errors
/// The database.
pub async fn address_waits(
    sql: &mut PgConnection,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar("SELECT waits_until FROM address_failure WHERE address = $1 AND waits_until > $2")
        .bind(address)
        .bind(now)
        .fetch_optional(sql)
        .await
}

/// Counts a failure of an address, from one again if it was quiet since `quiet`; `waits` says until when each count
/// keeps waiting.
///
/// # Errors
/// The database.
pub async fn address_failed(
    sql: &mut PgConnection,
    address: &str,
    now: DateTime<Utc>,
    quiet: DateTime<Utc>,
    waits: impl Fn(i32) -> Option<DateTime<Utc>>,
) -> Result<()> {
    let failures: i32 = sqlx::query_scalar(
        "INSERT INTO address_failure AS f (address, failures, last_at) VALUES ($1, 1, $2) \
         ON CONFLICT (address) DO UPDATE SET failures = CASE WHEN f.last_at < $3 THEN 1 ELSE f.failures + 1 END, \
             last_at = $2 RETURNING failures",
    )
    .bind(address)
    .bind(now)
    .bind(quiet)
    .fetch_one(&mut *sql)
    .await?;
    if let Some(until) = waits(failures) {
        sqlx::query("UPDATE address_failure SET waits_until = $2 WHERE address = $1")
            .bind(address)
            .bind(until)
            .execute(sql)
            .await?;
    }
    Ok(())
}
