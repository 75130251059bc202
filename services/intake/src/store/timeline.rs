//! Lines of timelines: written by commands and hearings, read oldest first.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::{Entry, Line};

/// Most lines that one reading gives: far beyond any honest life, and a bound all the same.
const LINES_MAX: i64 = 2_000;

#[derive(FromRow)]
struct Row {
    at: DateTime<Utc>,
    r#type: String,
    text: String,
    text_en: String,
    public_text: Option<String>,
    public_text_en: Option<String>,
    actor: String,
    article: String,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let public = row.public_text.zip(row.public_text_en).map(|(zh, en)| [zh, en]);
        let Row {
            at,
            r#type: kind,
            text,
            text_en,
            actor,
            article,
            ..
        } = row;
        Self {
            at,
            line: Line {
                kind,
                text,
                text_en,
                public,
                actor,
                article,
            },
        }
    }
}

/// The public words of a line as two columns.
pub(super) fn public_of(line: &Line) -> [Option<&str>; 2] {
    match &line.public {
        Some([zh, en]) => [Some(zh), Some(en)],
        None => [None, None],
    }
}

/// Writes a line.
///
/// # Errors
/// The database.
pub async fn insert_line(
    sql: &mut PgConnection,
    appeal: Uuid,
    line: &Line,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let [public, public_en] = public_of(line);
    sqlx::query(
        "INSERT INTO timeline (appeal_id, at, type, text, text_en, public_text, public_text_en, actor, article) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(appeal)
    .bind(at)
    .bind(&line.kind)
    .bind(&line.text)
    .bind(&line.text_en)
    .bind(public)
    .bind(public_en)
    .bind(&line.actor)
    .bind(&line.article)
    .execute(sql)
    .await?;
    Ok(())
}

/// The lines of an appeal, oldest first.
///
/// # Errors
/// The database.
pub async fn entries<'e>(sql: impl PgExecutor<'e>, appeal: Uuid) -> Result<Vec<Entry>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT at, type, text, text_en, public_text, public_text_en, actor, article \
         FROM timeline WHERE appeal_id = $1 ORDER BY seq LIMIT $2",
    )
    .bind(appeal)
    .bind(LINES_MAX)
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}
