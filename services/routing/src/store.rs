//! Orders in PostgreSQL: opened, loaded under a lock, saved with their legs in one statement.
//!
//! The document is JSON kept as text: nothing asks the database what is in it, and PostgreSQL would take it apart at every
//! change. What anything is found by stands in columns.
//!
//! Invariant: the columns and the `leg` and `label` rows say what the document says; they change in one statement.

mod calendar;
mod list;
mod many;
mod reconcile;

use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use chrono::{DateTime, Utc};

use crate::domain::{Enterprise, Leg, Order, OrderId, State, Subject};

pub use calendar::{add_year, years_beyond};
pub use list::{Filter, Key, count, list};
pub use many::{open, save_all};
pub use reconcile::{Reconciliation, reconcile};

/// An order with what its rows said when it was loaded.
pub struct Loaded {
    /// The order.
    pub order: Order,
    /// Its state in the rows.
    state: &'static str,
    /// Its legs in the rows.
    legs: Vec<LegRow>,
}

/// What a row of `leg` says that changes.
#[derive(PartialEq)]
struct LegRow {
    id: Uuid,
    state: &'static str,
    acknowledged_at: Option<DateTime<Utc>>,
}

/// A row of `orders` with its `subject`.
#[derive(FromRow)]
struct OrderRow {
    #[sqlx(try_from = "String")]
    doc: Doc,
    version: i64,
    title: String,
    content: String,
    enterprise_name: Option<String>,
    credit_code: Option<String>,
    confidential: bool,
}

/// An order's document.
struct Doc(Order);

impl TryFrom<String> for Doc {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        serde_json::from_str(&text).map(Self)
    }
}

fn document(order: &Order) -> Result<String, sqlx::Error> {
    serde_json::to_string(order).map_err(|error| sqlx::Error::Encode(error.into()))
}

impl From<OrderRow> for Order {
    fn from(row: OrderRow) -> Self {
        let enterprise = row.enterprise_name.map(|name| Enterprise {
            name,
            credit_code: row.credit_code.unwrap_or_default(),
        });
        let subject = Subject {
            title: row.title,
            content: row.content,
            enterprise,
            confidential: row.confidential,
        };
        Self {
            subject,
            version: row.version.unsigned_abs(),
            ..row.doc.0
        }
    }
}

impl From<&Leg> for LegRow {
    fn from(leg: &Leg) -> Self {
        Self {
            id: leg.id.0,
            state: leg.state.as_str(),
            acknowledged_at: leg.times.acknowledged,
        }
    }
}

/// The order, locked until the transaction ends.
pub async fn load(sql: &mut PgConnection, id: OrderId) -> Result<Option<Loaded>, sqlx::Error> {
    let row: Option<OrderRow> = sqlx::query_as(
        "SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
         FROM orders o JOIN subject s ON s.order_id = o.id WHERE o.id = $1 FOR UPDATE OF o",
    )
    .bind(id.0)
    .fetch_optional(sql)
    .await?;
    Ok(row.map(Loaded::from))
}

/// The orders, locked until the transaction ends, in an order that is everybody's.
pub async fn load_all(sql: &mut PgConnection, ids: &[OrderId]) -> Result<Vec<Loaded>, sqlx::Error> {
    let rows: Vec<OrderRow> = sqlx::query_as(
        "SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
         FROM orders o JOIN subject s ON s.order_id = o.id WHERE o.id = ANY ($1) ORDER BY o.id FOR UPDATE OF o",
    )
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Loaded::from).collect())
}

/// The orders that nobody holds, locked until the transaction ends.
pub async fn load_free(sql: &mut PgConnection, ids: &[OrderId]) -> Result<Vec<Loaded>, sqlx::Error> {
    let rows: Vec<OrderRow> = sqlx::query_as(
        "SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
         FROM orders o JOIN subject s ON s.order_id = o.id WHERE o.id = ANY ($1) FOR UPDATE OF o SKIP LOCKED",
    )
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Loaded::from).collect())
}

/// The order with this identifier or number, unlocked.
pub async fn find(sql: &mut PgConnection, key: &str) -> Result<Option<Order>, sqlx::Error> {
    let row: Option<OrderRow> = match Uuid::parse_str(key) {
        Ok(id) => sqlx::query_as(
            "SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
                 FROM orders o JOIN subject s ON s.order_id = o.id WHERE o.id = $1",
        )
        .bind(id)
        .fetch_optional(sql)
        .await?,
        Err(_) => sqlx::query_as(
            "SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
                 FROM orders o JOIN subject s ON s.order_id = o.id WHERE o.number = $1",
        )
        .bind(key)
        .fetch_optional(sql)
        .await?,
    };
    Ok(row.map(Order::from))
}

/// Writes a changed order, the legs that changed with it, and its labels when its state did: one statement.
pub async fn save(sql: &mut PgConnection, loaded: &Loaded) -> Result<(), sqlx::Error> {
    let order = &loaded.order;
    let changed: Vec<(&Leg, bool)> = loaded.changed_legs().collect();
    let query = if changed.is_empty() && !loaded.has_moved() {
        bind_order(sqlx::query(UPDATE_ORDER), order)?
    } else {
        bind_legs(bind_order(sqlx::query(UPDATE_ALL), order)?, order, &changed)
    };
    query.execute(sql).await?;
    Ok(())
}

impl From<OrderRow> for Loaded {
    fn from(row: OrderRow) -> Self {
        let order = Order::from(row);
        Self {
            state: order.state.as_str(),
            legs: order.legs.iter().map(LegRow::from).collect(),
            order,
        }
    }
}

impl Loaded {
    /// Whether the order's state is another than in the rows.
    fn has_moved(&self) -> bool {
        self.order.state.as_str() != self.state
    }

    /// Legs whose rows are to be written, and whether each has one.
    fn changed_legs(&self) -> impl Iterator<Item = (&Leg, bool)> {
        let moved = self.has_moved();
        self.order.legs.iter().filter_map(move |leg| {
            let row = self.legs.iter().find(|row| row.id == leg.id.0);
            let changed = moved || row != Some(&LegRow::from(leg));
            changed.then_some((leg, row.is_some()))
        })
    }
}

const UPDATE_ORDER: &str = "UPDATE orders SET state = $2, claimed_by = $3, awaiting_decision = $4, dispatched = $5, \
    round = $6, version = $7, doc = $8, units = $9 WHERE id = $1";

const UPDATE_ALL: &str = "WITH saved AS ( \
        UPDATE orders SET state = $2, claimed_by = $3, awaiting_decision = $4, dispatched = $5, round = $6, \
            version = $7, doc = $8, units = $9 WHERE id = $1), \
    labelled AS (UPDATE label SET order_state = $2 WHERE order_id = $1 AND order_state <> $2), \
    t AS MATERIALIZED (SELECT * FROM unnest($14::uuid[], $15::int[], $16::text[], $17::text[], $18::text[], \
        $19::timestamptz[], $20::timestamptz[], $21::bool[]) \
        AS t (leg_id, round, kind, unit_id, state, dispatched_at, acknowledged_at, has_row)), \
    moved AS (UPDATE leg l SET order_state = $2, state = t.state, acknowledged_at = t.acknowledged_at \
        FROM t WHERE t.has_row AND l.leg_id = t.leg_id) \
    INSERT INTO leg (leg_id, order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, \
        state, dispatched_at, acknowledged_at) \
    SELECT leg_id, $1, $10, $2, $11, $12, $13, round, kind, unit_id, state, dispatched_at, acknowledged_at \
    FROM t WHERE NOT has_row";

type Query = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn bind_order(query: Query, order: &Order) -> Result<Query, sqlx::Error> {
    Ok(query
        .bind(order.id.0)
        .bind(order.state.as_str())
        .bind(claimed_by(order))
        .bind(order.awaits_decision())
        .bind(order.dispatch_count > 0)
        .bind(order.round.cast_signed())
        .bind(order.version.cast_signed())
        .bind(document(order)?)
        .bind(units(order)))
}

fn claimed_by(order: &Order) -> Option<String> {
    match &order.state {
        State::PreReview { claimed_by, .. } => claimed_by.clone(),
        _ => None,
    }
}

fn bind_legs(query: Query, order: &Order, legs: &[(&Leg, bool)]) -> Query {
    let has_row: Vec<bool> = legs.iter().map(|(_, has_row)| *has_row).collect();
    let legs = || legs.iter().map(|(leg, _)| *leg);
    query
        .bind(order.opened_at)
        .bind(order.facts.appeal_type.as_str())
        .bind(labels(order))
        .bind(order.facts.is_enterprise())
        .bind(legs().map(|leg| leg.id.0).collect::<Vec<_>>())
        .bind(legs().map(|leg| leg.round.cast_signed()).collect::<Vec<_>>())
        .bind(legs().map(|leg| leg.kind.as_str()).collect::<Vec<_>>())
        .bind(legs().map(|leg| leg.unit.0.clone()).collect::<Vec<_>>())
        .bind(legs().map(|leg| leg.state.as_str()).collect::<Vec<_>>())
        .bind(legs().map(|leg| leg.times.dispatched).collect::<Vec<_>>())
        .bind(legs().map(|leg| leg.times.acknowledged).collect::<Vec<_>>())
        .bind(has_row)
}

/// The units whose staff the second wall lets see the order.
fn units(order: &Order) -> Vec<String> {
    order.units().into_iter().map(|unit| unit.0.clone()).collect()
}

fn labels(order: &Order) -> Vec<String> {
    order.facts.labels.iter().cloned().collect()
}
