//! What happened to accounts and sessions; the service's role can only add to it.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::Result;

/// One thing that happened.
#[derive(Clone, Debug, FromRow)]
pub struct Entry {
    /// Id, by time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: String,
    /// Account that it happened to.
    pub account_id: Option<i64>,
    /// Who did it.
    pub actor: String,
    /// Network address.
    pub address: String,
    /// More of it.
    pub detail: String,
}

/// Records it.
///
/// # Errors
/// The database.
pub async fn record(sql: &mut PgConnection, entry: &Entry) -> Result<()> {
    sqlx::query(
        "INSERT INTO account_event (id, at, kind, account_id, actor, address, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(entry.id)
    .bind(entry.at)
    .bind(&entry.kind)
    .bind(entry.account_id)
    .bind(&entry.actor)
    .bind(&entry.address)
    .bind(&entry.detail)
    .execute(sql)
    .await?;
    Ok(())
}

/// At most `rows` entries, the latest first, before the entry `before`.
///
/// # Errors
/// The database.
pub async fn entries(
    pool: &PgPool,
    account: Option<i64>,
    before: Option<Uuid>,
    rows: usize,
) -> Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT id, at, kind, account_id, actor, address, detail FROM account_event \
         WHERE ($1::bigint IS NULL OR account_id = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
    )
    .bind(account)
    .bind(before)
    .bind(i64::try_from(rows).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await
}
