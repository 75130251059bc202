//! SQL and rows of enterprise legs; functions take the connection first and give domain types.

mod list;
mod row;

use std::collections::{HashMap, HashSet};

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Enterprise, Leg, Standing};
use row::{Document, LegRow, OrderStandingRow, select};

pub use list::{Filter, Key, list};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// $1 to $17: the columns of new legs, of both tables.
const INSERT: &str = "WITH n AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], \
        $5::jsonb[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::jsonb[], $13::text[], \
        $14::integer[], $15::integer[], $16::bigint[], $17::timestamptz[]) \
        AS n (order_id, leg_id, unit, round, facts, enterprise_name, credit_code, title, content, received_at, progress, \
            document, lead_unit, urges, evaluated_round, version, progressed_at)), \
    sent AS (INSERT INTO leg (order_id, leg_id, unit, round, facts, enterprise_name, credit_code, title, content, received_at) \
        SELECT order_id, leg_id, unit, round, facts, enterprise_name, credit_code, title, content, received_at FROM n \
        ON CONFLICT (order_id) DO NOTHING RETURNING leg_id), \
    stands AS (INSERT INTO standing (order_id, progress, document, lead_unit, round, urges, evaluated_round, version, \
            received_at, progressed_at) \
        SELECT order_id, progress, document, lead_unit, round, urges, evaluated_round, version, received_at, progressed_at \
        FROM n JOIN sent USING (leg_id)) \
    SELECT leg_id FROM sent";

/// Stores new legs; gives those whose orders had none.
///
/// # Errors
/// The database.
pub async fn insert(sql: &mut PgConnection, legs: &[&Leg]) -> Result<HashSet<Uuid>> {
    if legs.is_empty() {
        return Ok(HashSet::new());
    }
    let stored: Vec<Uuid> = sqlx::query_scalar(INSERT)
        .bind(each(legs, |leg| leg.matter.facts.order))
        .bind(each(legs, |leg| leg.matter.leg))
        .bind(each(legs, |leg| leg.matter.unit.as_str()))
        .bind(each(legs, |leg| leg.matter.round))
        .bind(each(legs, |leg| Json(&leg.matter.facts)))
        .bind(each(legs, |leg| enterprise(leg).map(|it| it.name.as_str())))
        .bind(each(legs, |leg| {
            enterprise(leg).map_or("", |it| it.credit_code.as_str())
        }))
        .bind(each(legs, |leg| leg.matter.title.as_str()))
        .bind(each(legs, |leg| leg.matter.content.as_str()))
        .bind(each(legs, |leg| leg.standing.received_at))
        .bind(each(legs, |leg| leg.standing.state.progress().as_str()))
        .bind(each(legs, |leg| Json(Document::of(&leg.standing))))
        .bind(each(legs, |leg| leg.standing.lead_unit.as_str()))
        .bind(each(legs, |leg| leg.standing.urges))
        .bind(each(legs, |leg| leg.standing.evaluated_round))
        .bind(each(legs, |leg| leg.standing.version))
        .bind(each(legs, |leg| leg.standing.progressed_at))
        .fetch_all(sql)
        .await?;
    Ok(stored.into_iter().collect())
}

fn enterprise(leg: &Leg) -> Option<&Enterprise> {
    leg.matter.enterprise.as_ref()
}

/// One column.
fn each<'l, T>(legs: &[&'l Leg], column: impl Fn(&'l Leg) -> T) -> Vec<T> {
    legs.iter().map(|leg| column(leg)).collect()
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

/// Where the legs of orders stand, locked, and the unit of the enterprise platform that received each.
///
/// # Errors
/// The database.
pub async fn lock_standings(
    sql: &mut PgConnection,
    orders: &[Uuid],
) -> Result<HashMap<Uuid, (Standing, String)>> {
    let rows: Vec<OrderStandingRow> = sqlx::query_as(
        "SELECT s.*, l.unit FROM standing s JOIN leg l USING (order_id) WHERE s.order_id = ANY($1) \
         ORDER BY s.order_id FOR UPDATE OF s",
    )
    .bind(orders)
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(OrderStandingRow::into_standing).collect())
}

/// Writes where locked legs stand now, by their orders, in one statement.
///
/// # Errors
/// The database.
pub async fn save_all(sql: &mut PgConnection, moved: &[(Uuid, &Standing)]) -> Result<()> {
    let all = || moved.iter().map(|(_, standing)| *standing);
    sqlx::query(
        "UPDATE standing s SET progress = m.progress, document = m.document, lead_unit = m.lead_unit, \
             round = m.round, urges = m.urges, evaluated_round = m.evaluated_round, version = m.version, \
             progressed_at = m.progressed_at \
         FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[], $5::integer[], $6::integer[], \
         $7::integer[], \
             $8::bigint[], $9::timestamptz[]) AS m(order_id, progress, document, lead_unit, round, urges, \
             evaluated_round, version, progressed_at) WHERE s.order_id = m.order_id",
    )
    .bind(moved.iter().map(|(order, _)| *order).collect::<Vec<_>>())
    .bind(
        all()
            .map(|standing| standing.state.progress().as_str())
            .collect::<Vec<_>>(),
    )
    .bind(
        all()
            .map(|standing| Json(Document::of(standing)))
            .collect::<Vec<_>>(),
    )
    .bind(
        all()
            .map(|standing| standing.lead_unit.as_str())
            .collect::<Vec<_>>(),
    )
    .bind(all().map(|standing| standing.round).collect::<Vec<_>>())
    .bind(all().map(|standing| standing.urges).collect::<Vec<_>>())
    .bind(all().map(|standing| standing.evaluated_round).collect::<Vec<_>>())
    .bind(all().map(|standing| standing.version).collect::<Vec<_>>())
    .bind(all().map(|standing| standing.progressed_at).collect::<Vec<_>>())
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
        "SELECT count(*) AS received, count(*) FILTER (WHERE progress IN ('settled', 'closed')) AS \
        settled, \
             count(*) FILTER (WHERE evaluated_round > 0) AS evaluated, coalesce(sum(urges), 0) AS urges \
             FROM standing",
    )
    .fetch_one(pool)
    .await
}
