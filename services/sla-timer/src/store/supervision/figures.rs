//! The ledger's and the clocks' own figures over a period.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

/// A period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// First instant.
    pub from: DateTime<Utc>,
    /// The instant after it.
    pub until: DateTime<Utc>,
}

/// Clocks read at once.
const BATCH: i64 = 5_000;

#[derive(FromRow)]
struct ClockRow {
    id: Uuid,
    due_at: DateTime<Utc>,
    unit_id: String,
    state: i16,
    facts: Vec<u8>,
}

/// A batch of units' clocks that came to their end in a period, after a place: the unit, whether it was kept, the facts
/// of the order; and the place of the last, `None` at the end.
///
/// # Errors
/// The database failed.
pub async fn clock_facts_between(
    pool: &PgPool,
    scope: Scope,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> Result<(Vec<(String, bool, Vec<u8>)>, Option<(DateTime<Utc>, Uuid)>), sqlx::Error> {
    let (at, id) = after.unwrap_or((scope.from, Uuid::nil()));
    let rows: Vec<ClockRow> = sqlx::query_as(
        "SELECT id, due_at, unit_id, state, facts FROM clock WHERE state IN (2, 3, 4) AND unit_id <> '' \
             AND (due_at, id) > ($1, $2) AND due_at >= $3 AND due_at < $4 ORDER BY due_at, id LIMIT $5",
    )
    .bind(at)
    .bind(id)
    .bind(scope.from)
    .bind(scope.until)
    .bind(BATCH)
    .fetch_all(pool)
    .await?;
    let more = i64::try_from(rows.len()).unwrap_or(0) == BATCH;
    let place = rows.last().filter(|_| more).map(|row| (row.due_at, row.id));
    let clocks = rows
        .into_iter()
        .map(|row| (row.unit_id, row.state == 2, row.facts))
        .collect();
    Ok((clocks, place))
}

/// Cases opened in a period under one of these policies, by unit.
///
/// # Errors
/// The database failed.
pub async fn case_figures(
    pool: &PgPool,
    policies: &[String],
    scope: Scope,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT unit_id, count(*) FROM supervision_case WHERE policy_id = ANY ($1) AND opened_at >= $2 AND opened_at < $3 \
         GROUP BY unit_id",
    )
    .bind(policies)
    .bind(scope.from)
    .bind(scope.until)
    .fetch_all(pool)
    .await
}

/// Cards issued in a period under one of these policies, by unit.
///
/// # Errors
/// The database failed.
pub async fn card_figures(
    pool: &PgPool,
    policies: &[String],
    scope: Scope,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT k.unit_id, count(*) FROM supervision_card k JOIN supervision_case c ON c.id = k.case_id \
         WHERE c.policy_id = ANY ($1) AND k.issued_at >= $2 AND k.issued_at < $3 GROUP BY k.unit_id",
    )
    .bind(policies)
    .bind(scope.from)
    .bind(scope.until)
    .fetch_all(pool)
    .await
}

/// Answers that were sent back in a period, by unit: who, and the order.
///
/// # Errors
/// The database failed.
pub async fn redo_marks(pool: &PgPool, scope: Scope) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    sqlx::query_as("SELECT key, order_id FROM supervision_mark WHERE class = '' AND at >= $1 AND at < $2")
        .bind(scope.from)
        .bind(scope.until)
        .fetch_all(pool)
        .await
}

/// The platform's own clocks of an order that ran out: obligation and due time.
///
/// # Errors
/// The database failed.
pub async fn platform_breaches(
    sql: &mut PgConnection,
    order: Uuid,
) -> Result<Vec<(String, DateTime<Utc>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT obligation, due_at FROM clock WHERE order_id = $1 AND unit_id = '' AND state IN (3, 4) \
             AND obligation NOT IN ('callback', 'archive') ORDER BY due_at",
    )
    .bind(order)
    .fetch_all(sql)
    .await
}
