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

/// Writes lines, each of an appeal, in their order and in one statement.
///
/// # Errors
/// The database.
pub async fn insert_lines(
    sql: &mut PgConnection,
    lines: &[(Uuid, Line, DateTime<Utc>)],
) -> Result<(), sqlx::Error> {
    let all = |field: fn(&Line) -> &str| lines.iter().map(|(_, line, _)| field(line)).collect::<Vec<_>>();
    let public = |which: usize| {
        let words = lines.iter().map(|(_, line, _)| public_of(line)[which]);
        words.collect::<Vec<_>>()
    };
    sqlx::query(
        "INSERT INTO timeline (appeal_id, at, type, text, text_en, public_text, public_text_en, actor, article) \
         SELECT i, a, k, t, e, p, q, w, r FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], \
             $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) \
             WITH ORDINALITY AS u(i, a, k, t, e, p, q, w, r, n) ORDER BY n",
    )
    .bind(lines.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind(lines.iter().map(|(_, _, at)| *at).collect::<Vec<_>>())
    .bind(all(|line| &line.kind))
    .bind(all(|line| &line.text))
    .bind(all(|line| &line.text_en))
    .bind(public(0))
    .bind(public(1))
    .bind(all(|line| &line.actor))
    .bind(all(|line| &line.article))
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
