//! What the portals keep for a while: drafts, and which appeals a browser has opened. Sealed, and gone after a day.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_vault::{Field, Vault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgPool;

/// Drafts of one browser at once.
const DRAFTS_MAX: i64 = 5;
/// Expired rows that a new one removes.
const SWEEP_MAX: i64 = 50;

/// A table of sealed rows by browser and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Reports being written, by handle.
    Draft,
    /// Opened appeals, by number.
    Pass,
}

impl Table {
    const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Pass => "pass",
        }
    }
}

/// Whose row it is, and which.
#[derive(Clone, Debug)]
pub struct Key {
    /// Table.
    pub table: Table,
    /// Digest of the browser's secret.
    pub owner: Vec<u8>,
    /// Handle or number.
    pub name: String,
}

impl Key {
    /// What a sealed value is bound to.
    fn row(&self) -> Vec<u8> {
        [
            &self.owner[..],
            self.table.word().as_bytes(),
            self.name.as_bytes(),
        ]
        .concat()
    }
}

/// The value of a row; nothing where there is none, it has expired, or its key is gone.
///
/// # Errors
/// The database.
pub async fn load<T: DeserializeOwned>(
    pool: &PgPool,
    vault: &Vault,
    key: &Key,
    now: DateTime<Utc>,
) -> Result<Option<T>, sqlx::Error> {
    let sealed: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT sealed FROM portal_row WHERE owner = $1 AND kind = $2 AND name = $3 AND expires_at > $4",
    )
    .bind(&key.owner)
    .bind(key.table.word())
    .bind(&key.name)
    .bind(now)
    .fetch_optional(pool)
    .await?;
    let opened = sealed.and_then(|sealed| vault.open_sealed(Field::Content, &key.row(), &sealed).ok());
    Ok(opened.and_then(|text| serde_json::from_str(text.expose()).ok()))
}

/// Writes a row, for as long as `life` from now.
///
/// # Errors
/// The database; a value that cannot be written as text.
pub async fn save<T: Serialize>(
    pool: &PgPool,
    vault: &Vault,
    key: &Key,
    value: &T,
    (now, life): (DateTime<Utc>, TimeDelta),
) -> anyhow::Result<()> {
    let text = serde_json::to_string(value)?;
    let sealed = vault.seal(Field::Content, &key.row(), &text);
    sqlx::query(
        "INSERT INTO portal_row (owner, kind, name, sealed, saved_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (owner, kind, name) DO UPDATE \
         SET sealed = excluded.sealed, saved_at = excluded.saved_at, expires_at = excluded.expires_at",
    )
    .bind(&key.owner)
    .bind(key.table.word())
    .bind(&key.name)
    .bind(sealed.as_bytes())
    .bind(now)
    .bind(now + life)
    .execute(pool)
    .await?;
    Ok(())
}

/// Removes a row.
///
/// # Errors
/// The database.
pub async fn remove(pool: &PgPool, key: &Key) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM portal_row WHERE owner = $1 AND kind = $2 AND name = $3")
        .bind(&key.owner)
        .bind(key.table.word())
        .bind(&key.name)
        .execute(pool)
        .await?;
    Ok(())
}

/// Names of a browser's live rows, the one saved last in front.
///
/// # Errors
/// The database.
pub async fn names(
    pool: &PgPool,
    owner: &[u8],
    table: Table,
    now: DateTime<Utc>,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT name FROM portal_row WHERE owner = $1 AND kind = $2 AND expires_at > $3 \
         ORDER BY saved_at DESC, name LIMIT 20",
    )
    .bind(owner)
    .bind(table.word())
    .bind(now)
    .fetch_all(pool)
    .await
}

/// Makes room: what has expired goes, and of one browser's drafts all but the newest few.
///
/// # Errors
/// The database.
pub async fn sweep(pool: &PgPool, owner: &[u8], now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM portal_row WHERE (owner, kind, name) IN \
         (SELECT owner, kind, name FROM portal_row WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
    )
    .bind(now)
    .bind(SWEEP_MAX)
    .execute(pool)
    .await?;
    sqlx::query(
        "DELETE FROM portal_row WHERE owner = $1 AND kind = 'draft' AND name IN \
         (SELECT name FROM portal_row WHERE owner = $1 AND kind = 'draft' ORDER BY saved_at DESC OFFSET $2)",
    )
    .bind(owner)
    .bind(DRAFTS_MAX - 1)
    .execute(pool)
    .await?;
    Ok(())
}
