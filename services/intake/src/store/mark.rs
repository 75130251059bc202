//! Marks of callers: written, decided, listed, and found by the telephone of a new appeal.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::{Mark, MarkState};

/// Most marks that one list gives.
const LIST_MAX: i64 = 200;

/// Columns of a mark with the number of its appeal; `tail` is the condition.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT m.id, m.appeal_id, a.number, m.state, m.evidence, m.reference, m.marked_by, m.marked_at, \
             m.reviewed_by, m.review_note, m.expires_at FROM caller_mark m JOIN appeal a ON a.id = m.appeal_id ",
            $tail
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    appeal_id: Uuid,
    number: String,
    state: String,
    evidence: String,
    reference: Vec<String>,
    marked_by: String,
    marked_at: DateTime<Utc>,
    reviewed_by: String,
    review_note: String,
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Mark {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let unknown = || sqlx::Error::Decode(format!("state {} of a mark is unknown", row.state).into());
        Ok(Self {
            state: MarkState::parse(&row.state).ok_or_else(unknown)?,
            id: row.id,
            appeal_id: row.appeal_id,
            number: row.number,
            evidence: row.evidence,
            references: row.reference,
            marked_by: row.marked_by,
            marked_at: row.marked_at,
            reviewed_by: row.reviewed_by,
            review_note: row.review_note,
            expires_at: row.expires_at,
        })
    }
}

/// Writes a new mark.
///
/// # Errors
/// The database.
pub async fn insert_mark(sql: &mut PgConnection, mark: &Mark) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO caller_mark (id, appeal_id, state, evidence, reference, marked_by, marked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(mark.id)
    .bind(mark.appeal_id)
    .bind(mark.state.as_str())
    .bind(&mark.evidence)
    .bind(&mark.references)
    .bind(&mark.marked_by)
    .bind(mark.marked_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// The mark of this identifier, locked.
///
/// # Errors
/// The database.
pub async fn lock_mark(sql: &mut PgConnection, id: Uuid) -> Result<Option<Mark>, sqlx::Error> {
    let query = sqlx::query_as::<_, Row>(select!("WHERE m.id = $1 FOR UPDATE OF m"));
    let row = query.bind(id).fetch_optional(sql).await?;
    row.map(Mark::try_from).transpose()
}

/// Saves what was decided on a locked mark.
///
/// # Errors
/// The database.
pub async fn save_mark(sql: &mut PgConnection, mark: &Mark) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE caller_mark SET state = $2, reviewed_by = $3, review_note = $4, expires_at = $5 WHERE id = $1",
    )
    .bind(mark.id)
    .bind(mark.state.as_str())
    .bind(&mark.reviewed_by)
    .bind(&mark.review_note)
    .bind(mark.expires_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// The newest marks.
///
/// # Errors
/// The database.
pub async fn marks<'e>(sql: impl PgExecutor<'e>) -> Result<Vec<Mark>, sqlx::Error> {
    let query = sqlx::query_as::<_, Row>(select!("ORDER BY m.marked_at DESC, m.id DESC LIMIT $1"));
    let rows = query.bind(LIST_MAX).fetch_all(sql).await?;
    rows.into_iter().map(Mark::try_from).collect()
}

/// The confirmed mark, the longest to come, of any appeal with one of these telephone indexes.
///
/// # Errors
/// The database.
pub async fn mark_of_telephone<'e>(
    sql: impl PgExecutor<'e>,
    telephones: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<Option<Mark>, sqlx::Error> {
    let query = sqlx::query_as::<_, Row>(select!(
        "JOIN appellant p ON p.appeal_id = m.appeal_id \
         WHERE p.telephone_index = ANY($1) AND m.state = 'confirmed' AND m.expires_at > $2 \
         ORDER BY m.expires_at DESC LIMIT 1"
    ));
    let row = query.bind(telephones).bind(now).fetch_optional(sql).await?;
    row.map(Mark::try_from).transpose()
}
