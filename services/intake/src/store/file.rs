//! Files of appeals: written once, listed with their appeal.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::{AppealFile, FILES_MAX};

#[derive(FromRow)]
struct Row {
    file_id: Uuid,
    name: String,
    media_type: String,
    size_bytes: i64,
    sha256: String,
    from_appellant: bool,
    attached_by: String,
    attached_at: DateTime<Utc>,
}

impl From<Row> for AppealFile {
    fn from(row: Row) -> Self {
        Self {
            id: row.file_id,
            name: row.name,
            media_type: row.media_type,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            from_appellant: row.from_appellant,
            attached_by: row.attached_by,
            attached_at: row.attached_at,
        }
    }
}

/// Puts a file with an appeal; gives the appeal that it is with already where it is.
///
/// # Errors
/// The database.
pub async fn insert_file(
    sql: &mut PgConnection,
    appeal: Uuid,
    file: &AppealFile,
) -> Result<Option<Uuid>, sqlx::Error> {
    let written = sqlx::query(
        "INSERT INTO appeal_file (file_id, appeal_id, name, media_type, size_bytes, sha256, from_appellant, attached_by, \
             attached_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (file_id) DO NOTHING",
    )
    .bind(file.id)
    .bind(appeal)
    .bind(&file.name)
    .bind(&file.media_type)
    .bind(file.size_bytes)
    .bind(&file.sha256)
    .bind(file.from_appellant)
    .bind(&file.attached_by)
    .bind(file.attached_at)
    .execute(&mut *sql)
    .await?;
    if written.rows_affected() == 1 {
        return Ok(None);
    }
    let query = sqlx::query_scalar("SELECT appeal_id FROM appeal_file WHERE file_id = $1");
    query.bind(file.id).fetch_optional(sql).await
}

/// The files of an appeal, oldest first.
///
/// # Errors
/// The database.
pub async fn files<'e>(sql: impl PgExecutor<'e>, appeal: Uuid) -> Result<Vec<AppealFile>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT file_id, name, media_type, size_bytes, sha256, from_appellant, attached_by, attached_at \
         FROM appeal_file WHERE appeal_id = $1 ORDER BY attached_at, file_id LIMIT $2",
    )
    .bind(appeal)
    .bind(i64::try_from(FILES_MAX).unwrap_or(i64::MAX))
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(AppealFile::from).collect())
}

/// How many files an appeal has.
///
/// # Errors
/// The database.
pub async fn count_files(sql: &mut PgConnection, appeal: Uuid) -> Result<usize, sqlx::Error> {
    let query = sqlx::query_scalar("SELECT count(*) FROM appeal_file WHERE appeal_id = $1");
    let count: i64 = query.bind(appeal).fetch_one(sql).await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}
