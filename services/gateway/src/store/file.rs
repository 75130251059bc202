//! Uploaded files: written, put with an appeal once, found, and removed while they belong to none.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgExecutor};
use uuid::Uuid;

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StoredFile {
    /// Identifier.
    pub id: Uuid,
    /// Appeal that it is with.
    pub appeal_id: Option<Uuid>,
    /// Where its bytes are in the object store.
    pub place: String,
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Account; empty for somebody at the public portal.
    pub uploaded_by: String,
    /// The appellant sent it.
    pub from_appellant: bool,
    /// When.
    pub uploaded_at: DateTime<Utc>,
}

/// Columns of a file; `tail` is the condition.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, appeal_id, place, name, media_type, size_bytes, sha256, uploaded_by, from_appellant, uploaded_at \
             FROM file ",
            $tail
        )
    };
}

/// Writes an uploaded file.
///
/// # Errors
/// The database.
pub async fn insert_file<'e>(sql: impl PgExecutor<'e>, file: &StoredFile) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO file (id, appeal_id, place, name, media_type, size_bytes, sha256, uploaded_by, from_appellant, \
             uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(file.id)
    .bind(file.appeal_id)
    .bind(&file.place)
    .bind(&file.name)
    .bind(&file.media_type)
    .bind(file.size_bytes)
    .bind(&file.sha256)
    .bind(&file.uploaded_by)
    .bind(file.from_appellant)
    .bind(file.uploaded_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// The file of this identifier.
///
/// # Errors
/// The database.
pub async fn file<'e>(sql: impl PgExecutor<'e>, id: Uuid) -> Result<Option<StoredFile>, sqlx::Error> {
    let query = sqlx::query_as(select!("WHERE id = $1"));
    query.bind(id).fetch_optional(sql).await
}

/// Notes that a file is with an appeal; false where it is with another.
///
/// # Errors
/// The database.
pub async fn settle_file<'e>(sql: impl PgExecutor<'e>, id: Uuid, appeal: Uuid) -> Result<bool, sqlx::Error> {
    let query =
        sqlx::query("UPDATE file SET appeal_id = $2 WHERE id = $1 AND (appeal_id IS NULL OR appeal_id = $2)");
    Ok(query.bind(id).bind(appeal).execute(sql).await?.rows_affected() == 1)
}

/// Files that were uploaded before `before` and belong to no appeal, some of them.
///
/// # Errors
/// The database.
pub async fn loose_files<'e>(
    sql: impl PgExecutor<'e>,
    before: DateTime<Utc>,
) -> Result<Vec<StoredFile>, sqlx::Error> {
    let query = sqlx::query_as(select!(
        "WHERE appeal_id IS NULL AND uploaded_at < $1 ORDER BY uploaded_at LIMIT 100"
    ));
    query.bind(before).fetch_all(sql).await
}

/// Removes a file that belongs to no appeal.
///
/// # Errors
/// The database.
pub async fn delete_loose<'e>(sql: impl PgExecutor<'e>, id: Uuid) -> Result<bool, sqlx::Error> {
    let query = sqlx::query("DELETE FROM file WHERE id = $1 AND appeal_id IS NULL");
    Ok(query.bind(id).execute(sql).await?.rows_affected() == 1)
}
