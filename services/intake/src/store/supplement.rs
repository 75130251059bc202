//! What appellants added to their appeals: each request once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Something that an appellant added; its words stand on the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    /// Identifier.
    pub id: Uuid,
    /// Appeal.
    pub appeal_id: Uuid,
    /// Names the request for ever.
    pub request_key: String,
    /// Digest of the request.
    pub request_digest: Vec<u8>,
    /// Who recorded it.
    pub actor: String,
}

/// Records a supplement; `false` when its key was used before.
///
/// # Errors
/// The database.
pub async fn insert_supplement(
    sql: &mut PgConnection,
    supplement: &Supplement,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO supplement (id, appeal_id, request_key, request_digest, actor, at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (request_key) DO NOTHING",
    )
    .bind(supplement.id)
    .bind(supplement.appeal_id)
    .bind(&supplement.request_key)
    .bind(&supplement.request_digest)
    .bind(&supplement.actor)
    .bind(at)
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The appeal that a key was used for, and the digest of that request.
///
/// # Errors
/// The database.
pub async fn supplement_of_key(
    sql: &mut PgConnection,
    key: &str,
) -> Result<Option<(Uuid, Vec<u8>)>, sqlx::Error> {
    let query = sqlx::query_as("SELECT appeal_id, request_digest FROM supplement WHERE request_key = $1");
    query.bind(key).fetch_optional(sql).await
}
