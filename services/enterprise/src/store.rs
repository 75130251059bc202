//! SQL and rows of enterprise legs; functions take the connection first and give domain types.

mod list;
mod row;

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Leg, Standing};
use row::{Document, LegRow, StandingRow, select};

pub use list::{Filter, Key, list};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Stores a new leg; `false` when its order has one already.
///
/// # Errors
/// The database.
pub async fn insert(sql: &mut PgConnection, leg: &Leg) -> Result<bool> {
    let (matter, standing) = (&leg.matter, &leg.standing);
    let enterprise = matter.enterprise.as_ref();
    let done = sqlx::query(
        "WITH sent AS (INSERT INTO leg (order_id, leg_id, unit, round, facts, enterprise_name, credit_code, title, \
             content, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (order_id) DO NOTHING RETURNING order_id) \
         INSERT INTO standing (order_id, progress, document, lead_unit, round, urges, evaluated_round, version, \
             received_at, progressed_at) \
         SELECT order_id, $11, $12, $13, $4, $14, $15, $16, $10, $17 FROM sent",
    )
    .bind(matter.facts.order)
    .bind(matter.leg)
    .bind(&matter.unit)
    .bind(matter.round)
    .bind(Json(&matter.facts))
    .bind(enterprise.map(|enterprise| enterprise.name.as_str()))
    .bind(enterprise.map_or("", |enterprise| enterprise.credit_code.as_str()))
    .bind(&matter.title)
    .bind(&matter.content)
    .bind(standing.received_at)
    .bind(standing.state.progress().as_str())
    .bind(Json(Document::of(standing)))
    .bind(&standing.lead_unit)
    .bind(standing.urges)
    .bind(standing.evaluated_round)
    .bind(standing.version)
    .bind(standing.progressed_at)
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The leg of an order, locked until the transaction ends.
///
/// # Errors
/// The database.
pub async fn lock(sql: &mut PgConnection, order: Uuid) -> Result<Option<Leg>> {
    let row: Option<LegRow> = sqlx::query_as(select!("WHERE s.order_id = $1 FOR UPDATE OF s"))
        .bind(order)
        .fetch_optional(sql)
        .await?;
    Ok(row.map(LegRow::into_leg))
}

/// Where the leg of an order stands, locked, and the unit of the enterprise platform that received it.
///
/// # Errors
/// The database.
pub async fn lock_standing(sql: &mut PgConnection, order: Uuid) -> Result<Option<(Standing, String)>> {
    let row: Option<StandingRow> = sqlx::query_as(
        "SELECT s.*, l.unit FROM standing s JOIN leg l USING (order_id) WHERE s.order_id = $1 FOR UPDATE OF s",
    )
    .bind(order)
    .fetch_optional(sql)
    .await?;
    Ok(row.map(StandingRow::into_standing))
}

/// Writes where a locked leg stands now.
///
/// # Errors
/// The database.
pub async fn save(sql: &mut PgConnection, order: Uuid, standing: &Standing) -> Result<()> {
    sqlx::query(
        "UPDATE standing SET progress = $2, document = $3, lead_unit = $4, round = $5, urges = $6, \
             evaluated_round = $7, version = $8, progressed_at = $9 WHERE order_id = $1",
    )
    .bind(order)
    .bind(standing.state.progress().as_str())
    .bind(Json(Document::of(standing)))
    .bind(&standing.lead_unit)
    .bind(standing.round)
    .bind(standing.urges)
    .bind(standing.evaluated_round)
    .bind(standing.version)
    .bind(standing.progressed_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// The leg of an order.
///
/// # Errors
/// The database.
pub async fn find(pool: &PgPool, order: Uuid) -> Result<Option<Leg>> {
    let row: Option<LegRow> = sqlx::query_as(select!("WHERE s.order_id = $1"))
        .bind(order)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(LegRow::into_leg))
}

/// Counts over all legs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Totals {
    /// Legs received.
    pub received: i64,
    /// Settled or closed.
    pub settled: i64,
    /// Evaluated at least once.
    pub evaluated: i64,
    /// Times that the desk pressed.
    pub urges: i64,
}

/// Counts the legs. Reads every standing: for the reconciliation, not for a screen.
///
/// # Errors
/// The database.
pub async fn totals(pool: &PgPool) -> Result<Totals> {
    sqlx::query_as(
        "SELECT count(*) AS received, count(*) FILTER (WHERE progress IN ('settled', 'closed')) AS settled, \
             count(*) FILTER (WHERE evaluated_round > 0) AS evaluated, coalesce(sum(urges), 0) AS urges FROM standing",
    )
    .fetch_one(pool)
    .await
}
