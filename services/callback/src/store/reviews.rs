//! The table of the good and bad reviews.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::review::Review;

/// Keeps a new review; false when its reference at its source is there already.
///
/// # Errors
/// The database failed.
pub async fn insert(sql: &mut PgConnection, review: &Review) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO review (id, source, reference, unit_id, state, at, doc) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT DO NOTHING",
    )
    .bind(review.id)
    .bind(&review.source)
    .bind(&review.reference)
    .bind(&review.unit)
    .bind(review.state.as_str())
    .bind(review.at)
    .bind(Json(review))
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The review with this reference at its source.
///
/// # Errors
/// The database failed.
pub async fn of_source(
    sql: &mut PgConnection,
    source: &str,
    reference: &str,
) -> Result<Option<Review>, sqlx::Error> {
    let found: Option<Json<Review>> =
        sqlx::query_scalar("SELECT doc FROM review WHERE source = $1 AND reference = $2")
            .bind(source)
            .bind(reference)
            .fetch_optional(sql)
            .await?;
    Ok(found.map(|Json(review)| review))
}

/// A review, locked.
///
/// # Errors
/// The database failed.
pub async fn lock(sql: &mut PgConnection, id: Uuid) -> Result<Option<Review>, sqlx::Error> {
    let found: Option<Json<Review>> = sqlx::query_scalar("SELECT doc FROM review WHERE id = $1 FOR UPDATE")
        .bind(id)
        .fetch_optional(sql)
        .await?;
    Ok(found.map(|Json(review)| review))
}

/// Writes a locked review as it stands now.
///
/// # Errors
/// The database failed.
pub async fn update(sql: &mut PgConnection, review: &Review) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE review SET state = $2, doc = $3 WHERE id = $1")
        .bind(review.id)
        .bind(review.state.as_str())
        .bind(Json(review))
        .execute(sql)
        .await?;
    Ok(())
}

/// A page of reviews before a place, newest first.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    unit: Option<&str>,
    state: Option<&str>,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Review>, sqlx::Error> {
    let found: Vec<Json<Review>> = sqlx::query_scalar(
        "SELECT doc FROM review WHERE ($1::text IS NULL OR unit_id = $1) AND ($2::text IS NULL OR state = $2) \
             AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4)) ORDER BY at DESC, id DESC LIMIT $5",
    )
    .bind(unit)
    .bind(state)
    .bind(before.map(|place| place.0))
    .bind(before.map(|place| place.1))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().map(|Json(review)| review).collect())
}
