//! The years' arrangements that were imported, and how far each recomputation has come.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::rows::{ClockRow, clocks, columns};
use crate::domain::{Clock, Import};

/// An import with its text.
#[derive(Clone, Debug)]
pub struct Year {
    /// Version, year and span.
    pub import: Import,
    /// The text of the file.
    pub toml: String,
    /// Whether every clock that it may move was worked out anew.
    pub finished: bool,
    /// Who imported it.
    pub actor: String,
}

/// The last clock that a recomputation has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Place {
    /// Number of the state that the walk is in: 1 armed, then 3 breached.
    #[sqlx(rename = "after_state")]
    pub state: i16,
    /// Its due time.
    #[sqlx(rename = "after_due")]
    pub due: DateTime<Utc>,
    /// The clock.
    #[sqlx(rename = "after_id")]
    pub id: Uuid,
}

/// How far a recomputation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Progress {
    /// Clocks looked at.
    pub examined: i64,
    /// Clocks that moved.
    pub moved: i64,
    /// The last of them.
    #[sqlx(flatten)]
    pub place: Place,
    /// When it was finished.
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct YearRow {
    version: i32,
    year: i32,
    toml: String,
    span_from: DateTime<Utc>,
    span_until: DateTime<Utc>,
    finished: bool,
    actor: String,
}

impl From<YearRow> for Year {
    fn from(row: YearRow) -> Self {
        Self {
            import: Import {
                version: row.version,
                year: row.year,
                from: row.span_from,
                until: row.span_until,
            },
            toml: row.toml,
            finished: row.finished,
            actor: row.actor,
        }
    }
}

/// Every import, oldest first.
///
/// # Errors
/// The database failed.
pub async fn years(sql: &mut PgConnection) -> Result<Vec<Year>, sqlx::Error> {
    let rows: Vec<YearRow> = sqlx::query_as(
        "SELECT version, year, toml, span_from, span_until, finished_at IS NOT NULL AS finished, actor \
         FROM calendar_year ORDER BY version",
    )
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Year::from).collect())
}

/// The imports that nobody was told of, oldest first, from now on marked as told.
///
/// # Errors
/// The database failed.
pub async fn untold(sql: &mut PgConnection) -> Result<Vec<Year>, sqlx::Error> {
    let rows: Vec<YearRow> = sqlx::query_as(
        "WITH marked AS (UPDATE calendar_year SET told = true WHERE NOT told \
             RETURNING version, year, toml, span_from, span_until, finished_at IS NOT NULL AS finished, actor) \
         SELECT * FROM marked ORDER BY version",
    )
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Year::from).collect())
}

/// The newest version; 0 before the first import.
///
/// # Errors
/// The database failed.
pub async fn newest_version(sql: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM calendar_year")
        .fetch_one(sql)
        .await
}

/// The oldest import whose recomputation is not finished.
///
/// # Errors
/// The database failed.
pub async fn unfinished(sql: &mut PgConnection) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar("SELECT min(version) FROM calendar_year WHERE finished_at IS NULL")
        .fetch_one(sql)
        .await
}

/// Adds an import, one at a time; returns its version.
///
/// # Errors
/// The database failed.
pub async fn add_year(
    sql: &mut PgConnection,
    (year, toml, actor): (i32, &str, &str),
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    at: DateTime<Utc>,
) -> Result<i32, sqlx::Error> {
    sqlx::query("LOCK TABLE calendar_year IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *sql)
        .await?;
    sqlx::query_scalar(
        "INSERT INTO calendar_year (version, year, toml, span_from, span_until, imported_at, actor, after_due) \
         SELECT coalesce(max(version), 0) + 1, $1, $2, $3, $4, $5, $6, $3 FROM calendar_year RETURNING version",
    )
    .bind(year)
    .bind(toml)
    .bind(from)
    .bind(until)
    .bind(at)
    .bind(actor)
    .fetch_one(sql)
    .await
}

/// How far a recomputation has come.
///
/// # Errors
/// The database failed, or the version does not exist.
pub async fn progress(sql: &mut PgConnection, version: i32) -> Result<Progress, sqlx::Error> {
    sqlx::query_as(
        "SELECT examined, moved, after_state, after_due, after_id, finished_at FROM calendar_year WHERE version = $1",
    )
    .bind(version)
    .fetch_one(sql)
    .await
}

/// Writes that a walk has come to a place, with so many clocks more that were looked at and that moved. The place is where
/// the next walk begins; that nothing is left out is for [`finish`] to see.
///
/// # Errors
/// The database failed.
pub async fn advance(
    sql: &mut PgConnection,
    version: i32,
    place: Place,
    (examined, moved): (i64, i64),
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE calendar_year SET examined = examined + $2, moved = moved + $3, after_state = $4, after_due = $5, \
             after_id = $6 WHERE version = $1",
    )
    .bind(version)
    .bind(examined)
    .bind(moved)
    .bind(place.state)
    .bind(place.due)
    .bind(place.id)
    .execute(sql)
    .await?;
    Ok(())
}

/// Closes a recomputation unless a clock of its span is left that was worked out before it; true when it is closed.
/// A clock can be left because another transaction held it as the walk went by.
///
/// # Errors
/// The database failed.
pub async fn finish(sql: &mut PgConnection, import: &Import, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let closed = sqlx::query(
        "UPDATE calendar_year SET finished_at = $2 WHERE version = $1 AND NOT EXISTS ( \
             SELECT 1 FROM clock WHERE state IN (1, 3) AND due_at >= $3 AND started_at < $4 AND calendar < $1)",
    )
    .bind(import.version)
    .bind(at)
    .bind(import.from)
    .bind(import.until)
    .execute(sql)
    .await?;
    Ok(closed.rows_affected() > 0)
}

/// The orders of the next clocks of the walk that were worked out before the import, at most `limit` clocks, and the last
/// of these; none at the end of the state's clocks.
///
/// # Errors
/// The database failed.
pub async fn next_orders(
    sql: &mut PgConnection,
    import: &Import,
    place: Place,
    limit: i64,
) -> Result<Option<(Vec<Uuid>, Place)>, sqlx::Error> {
    let rows: Vec<(Uuid, DateTime<Utc>, Uuid)> = sqlx::query_as(
        "SELECT order_id, due_at, id FROM clock \
         WHERE state = $1 AND (due_at, id) > ($2, $3) AND started_at < $4 AND calendar < $5 \
         ORDER BY due_at, id LIMIT $6",
    )
    .bind(place.state)
    .bind(place.due)
    .bind(place.id)
    .bind(import.until)
    .bind(import.version)
    .bind(limit)
    .fetch_all(sql)
    .await?;
    let Some((_, due, id)) = rows.last().copied() else {
        return Ok(None);
    };
    let mut orders: Vec<Uuid> = rows.into_iter().map(|(order, ..)| order).collect();
    orders.sort_unstable();
    orders.dedup();
    Ok(Some((orders, Place { due, id, ..place })))
}

/// The open clocks of some orders that were worked out before the import and that nobody holds, locked.
///
/// # Errors
/// The database failed.
pub async fn candidates(
    sql: &mut PgConnection,
    import: &Import,
    orders: &[Uuid],
) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE order_id = ANY ($1) AND state IN (1, 3) AND due_at >= $2 AND started_at < $3 \
         AND calendar < $4 FOR UPDATE SKIP LOCKED"
    );
    let rows = sqlx::query_as::<_, ClockRow>(statement)
        .bind(orders)
        .bind(import.from)
        .bind(import.until)
        .bind(import.version)
        .fetch_all(sql)
        .await?;
    clocks(rows)
}

/// Those of `clocks` that stand as they were read and that nobody holds, locked.
///
/// # Errors
/// The database failed.
pub async fn still_so(sql: &mut PgConnection, seen: &[Clock]) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE (order_id, id, generation) IN ( \
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[])) FOR UPDATE SKIP LOCKED"
    );
    let rows = sqlx::query_as::<_, ClockRow>(statement)
        .bind(seen.iter().map(|clock| clock.order).collect::<Vec<_>>())
        .bind(seen.iter().map(|clock| clock.id).collect::<Vec<_>>())
        .bind(seen.iter().map(|clock| clock.generation).collect::<Vec<_>>())
        .fetch_all(sql)
        .await?;
    clocks(rows)
}
