//! Lists by keyset, soonest due first, and the totals.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::due::Position;
use super::rows::{ClockRow, clocks, columns};
use crate::domain::Clock;

/// Every state's number.
const ALL_STATES: [i16; 5] = [1, 2, 3, 4, 5];

/// Which clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this order.
    pub order: Option<Uuid>,
    /// Owed by this unit.
    pub unit: Option<String>,
    /// In the state of this number.
    pub state: Option<i16>,
}

impl Filter {
    fn states(&self) -> Vec<i16> {
        self.state
            .map_or_else(|| ALL_STATES.to_vec(), |state| vec![state])
    }
}

/// A page of clocks after a place, soonest due first. Each state is read by its own index range, and the ranges merged.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Position,
    limit: i64,
) -> Result<Vec<Clock>, sqlx::Error> {
    let rows = match (&filter.order, &filter.unit) {
        (Some(order), unit) => {
            let statement = concat!(
                "SELECT ",
                columns!(),
                " FROM clock WHERE order_id = $5 AND ($6::text IS NULL OR unit_id = $6) AND state = ANY($1) \
                 AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4"
            );
            let query = page(statement, filter, after, limit)
                .bind(order)
                .bind(unit.as_deref());
            query.fetch_all(pool).await?
        }
        (None, Some(unit)) => {
            let statement = concat!(
                "SELECT c.* FROM unnest($1::smallint[]) AS s(wanted) CROSS JOIN LATERAL (SELECT ",
                columns!(),
                " FROM clock WHERE unit_id = $5 AND state = s.wanted AND (due_at, id) > ($2, $3) \
                 ORDER BY due_at, id LIMIT $4) c ORDER BY c.due_at, c.id LIMIT $4"
            );
            page(statement, filter, after, limit)
                .bind(unit)
                .fetch_all(pool)
                .await?
        }
        (None, None) => {
            let statement = concat!(
                "SELECT c.* FROM unnest($1::smallint[]) AS s(wanted) CROSS JOIN LATERAL (SELECT ",
                columns!(),
                " FROM clock WHERE state = s.wanted AND (due_at, id) > ($2, $3) \
                 ORDER BY due_at, id LIMIT $4) c ORDER BY c.due_at, c.id LIMIT $4"
            );
            page(statement, filter, after, limit).fetch_all(pool).await?
        }
    };
    clocks(rows)
}

type Page<'q> = sqlx::query::QueryAs<'q, sqlx::Postgres, ClockRow, sqlx::postgres::PgArguments>;

/// The arguments that every list has: states, place, length.
fn page<'q>(statement: &'static str, filter: &Filter, after: Position, limit: i64) -> Page<'q> {
    sqlx::query_as::<_, ClockRow>(statement)
        .bind(filter.states())
        .bind(after.at)
        .bind(after.id)
        .bind(limit)
}

/// Every clock of an order, oldest first; of one unit where one is named.
///
/// # Errors
/// The database failed.
pub async fn of_order_oldest_first(
    pool: &PgPool,
    order: Uuid,
    unit: Option<&str>,
) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE order_id = $1 AND ($2::text IS NULL OR unit_id = $2) ORDER BY started_at, due_at, id"
    );
    clocks(
        sqlx::query_as::<_, ClockRow>(statement)
            .bind(order)
            .bind(unit)
            .fetch_all(pool)
            .await?,
    )
}

/// How many open clocks stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct OpenTotals {
    /// Running.
    pub armed: i64,
    /// Ran out, duty open.
    pub breached: i64,
    /// Sign clocks among those that ran out.
    pub unsigned: i64,
    /// When a running clock, or the supervision, next has something to say.
    pub next_at: Option<DateTime<Utc>>,
}

/// Counts the clocks whose duty is open: by index, however many have ended.
///
/// # Errors
/// The database failed.
pub async fn open_totals(sql: &mut PgConnection) -> Result<OpenTotals, sqlx::Error> {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM clock WHERE state = 1) AS armed, count(*) AS breached, \
                count(*) FILTER (WHERE obligation = 'sign') AS unsigned, \
                least((SELECT min(next_at) FROM clock WHERE state = 1), (SELECT min(due_at) FROM supervision_due)) AS next_at \
         FROM clock WHERE state = 3",
    )
    .fetch_one(sql)
    .await
}

/// How many ended clocks stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct EndedTotals {
    /// Done in time.
    pub met: i64,
    /// Done late.
    pub late: i64,
    /// Fell away.
    pub cancelled: i64,
    /// Sign clocks done in time.
    pub signed_in_time: i64,
    /// Sign clocks done late.
    pub signed_late: i64,
}

impl EndedTotals {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> i64 {
        self.met + self.late + self.cancelled
    }
}

/// Counts the clocks that have ended: goes through all that there ever were.
///
/// # Errors
/// The database failed.
pub async fn ended_totals(sql: &mut PgConnection) -> Result<EndedTotals, sqlx::Error> {
    sqlx::query_as(
        "SELECT count(*) FILTER (WHERE state = 2) AS met, count(*) FILTER (WHERE state = 4) AS late, \
                count(*) FILTER (WHERE state = 5) AS cancelled, \
                count(*) FILTER (WHERE state = 2 AND obligation = 'sign') AS signed_in_time, \
                count(*) FILTER (WHERE state = 4 AND obligation = 'sign') AS signed_late \
         FROM clock WHERE state IN (2, 4, 5)",
    )
    .fetch_one(sql)
    .await
}

impl From<(DateTime<Utc>, Uuid)> for Position {
    fn from((at, id): (DateTime<Utc>, Uuid)) -> Self {
        Self { at, id }
    }
}
