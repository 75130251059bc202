//! Numbers, visits and notices.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::supervision::{Bulletin, Visit};

/// The next number of a scope in a year, from 1, without gaps.
///
/// # Errors
/// The database failed.
pub async fn serial(sql: &mut PgConnection, scope: &str, year: i32) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO supervision_serial (scope, year, last) VALUES ($1, $2, 1) \
         ON CONFLICT (scope, year) DO UPDATE SET last = supervision_serial.last + 1 RETURNING last",
    )
    .bind(scope)
    .bind(year)
    .fetch_one(sql)
    .await
}

/// Writes a visit.
///
/// # Errors
/// The database failed.
pub async fn insert_visit(sql: &mut PgConnection, visit: &Visit) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO supervision_visit (id, unit_id, visited_at, doc) VALUES ($1, $2, $3, $4)")
        .bind(visit.id)
        .bind(&visit.unit)
        .bind(visit.at)
        .bind(Json(visit))
        .execute(sql)
        .await?;
    Ok(())
}

/// A page of visits before a place, newest first; of one unit where one is named.
///
/// # Errors
/// The database failed.
pub async fn visits(
    pool: &PgPool,
    unit: Option<&str>,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Visit>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("SELECT doc FROM supervision_visit WHERE true");
    if let Some(unit) = unit {
        query.push(" AND unit_id = ").push_bind(unit);
    }
    if let Some((at, id)) = before {
        query.push(" AND (visited_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query
        .push(" ORDER BY visited_at DESC, id DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<(Json<Visit>,)> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(Json(visit),)| visit).collect())
}

/// Writes a notice.
///
/// # Errors
/// The database failed.
pub async fn insert_bulletin(sql: &mut PgConnection, bulletin: &Bulletin) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO supervision_bulletin (id, city, issued_at, doc) VALUES ($1, $2, $3, $4)")
        .bind(bulletin.id)
        .bind(&bulletin.city)
        .bind(bulletin.issued_at)
        .bind(Json(bulletin))
        .execute(sql)
        .await?;
    Ok(())
}

/// A page of notices before a place, newest first; of one city where one is named.
///
/// # Errors
/// The database failed.
pub async fn bulletins(
    pool: &PgPool,
    city: Option<&str>,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Bulletin>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("SELECT doc FROM supervision_bulletin WHERE true");
    if let Some(city) = city {
        query.push(" AND city = ").push_bind(city);
    }
    if let Some((at, id)) = before {
        query.push(" AND (issued_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query
        .push(" ORDER BY issued_at DESC, id DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<(Json<Bulletin>,)> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(Json(bulletin),)| bulletin).collect())
}
