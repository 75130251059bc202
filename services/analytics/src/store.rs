//! SQL of the totals; functions take the connection first.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Dimension, Tally, Window};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Adds a tally to the totals of a slot, in one statement and in the order of cells.
///
/// # Errors
/// The database.
pub async fn add(sql: &mut PgConnection, slot: i32, tally: &Tally) -> Result<()> {
    if tally.cells.is_empty() {
        return Ok(());
    }
    let cells: Vec<_> = tally.cells.keys().collect();
    sqlx::query(
        "INSERT INTO total AS t (slot, last_at, dimension, day, key, measure, count) \
         SELECT $1, $2, u.dimension, u.day, u.key, u.measure, u.count \
         FROM unnest($3::smallint[], $4::date[], $5::text[], $6::text[], $7::bigint[]) \
             AS u(dimension, day, key, measure, count) \
         ON CONFLICT (dimension, day, key, measure, slot) DO UPDATE \
         SET count = t.count + excluded.count, last_at = greatest(t.last_at, excluded.last_at)",
    )
    .bind(slot)
    .bind(tally.last_at)
    .bind(
        cells
            .iter()
            .map(|cell| cell.dimension.number())
            .collect::<Vec<_>>(),
    )
    .bind(cells.iter().map(|cell| cell.day).collect::<Vec<_>>())
    .bind(cells.iter().map(|cell| cell.key.as_str()).collect::<Vec<_>>())
    .bind(cells.iter().map(|cell| cell.measure.as_str()).collect::<Vec<_>>())
    .bind(tally.cells.values().copied().collect::<Vec<_>>())
    .execute(sql)
    .await?;
    Ok(())
}

/// Remembers an order whose closing a redo can undo.
///
/// # Errors
/// The database.
pub async fn remember_closed(sql: &mut PgConnection, order: Uuid) -> Result<()> {
    let query = sqlx::query("INSERT INTO reopenable (order_id) VALUES ($1) ON CONFLICT DO NOTHING");
    query.bind(order).execute(sql).await?;
    Ok(())
}

/// Forgets it; `false` when it was not remembered.
///
/// # Errors
/// The database.
pub async fn forget_closed(sql: &mut PgConnection, order: Uuid) -> Result<bool> {
    let done = sqlx::query("DELETE FROM reopenable WHERE order_id = $1")
        .bind(order)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A running total.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Running {
    /// What is counted.
    pub measure: String,
    /// How often.
    pub count: i64,
    /// When it happened last.
    pub last_at: DateTime<Utc>,
}

/// All running totals.
///
/// # Errors
/// The database.
pub async fn running(pool: &PgPool) -> Result<Vec<Running>> {
    sqlx::query_as(
        "SELECT measure, sum(count)::bigint AS count, max(last_at) AS last_at FROM total WHERE dimension = $1 \
         GROUP BY measure ORDER BY measure",
    )
    .bind(Dimension::Ever.number())
    .fetch_all(pool)
    .await
}

/// One total.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Total {
    /// Local day.
    pub day: NaiveDate,
    /// Key of the dimension; empty for the whole platform.
    pub key: String,
    /// What is counted.
    pub measure: String,
    /// How often.
    pub count: i64,
}

/// At most `rows` totals of a dimension by day, key and measure, from just after the place `after`.
///
/// # Errors
/// The database.
pub async fn totals(
    pool: &PgPool,
    dimension: Dimension,
    window: Window,
    measure: Option<&str>,
    after: (NaiveDate, &str, &str),
    rows: usize,
) -> Result<Vec<Total>> {
    sqlx::query_as(
        "SELECT day, key, measure, sum(count)::bigint AS count FROM total \
         WHERE dimension = $1 AND day BETWEEN $2 AND $3 AND ($4::text IS NULL OR measure = $4) \
             AND (day, key, measure) > ($5, $6, $7) \
         GROUP BY day, key, measure ORDER BY day, key, measure LIMIT $8",
    )
    .bind(dimension.number())
    .bind(window.from)
    .bind(window.to)
    .bind(measure)
    .bind(after.0)
    .bind(after.1)
    .bind(after.2)
    .bind(i64::try_from(rows).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await
}
