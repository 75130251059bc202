//! Orders by the duty that is due first: one clock an order, each probe an equality prefix of one index.
//!
//! A clock is left out while another of its order, which the filter lets through as well, is due before it. So an order
//! stands where its nearest duty stands, a page needs no memory of the one before, and costs what its rows cost. Those of its
//! order are read by the order alone (`OFFSET 0` keeps the rest out): PostgreSQL would go through all that the unit owes, too.

use sqlx::{PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::due::Position;
use super::rows::{ClockRow, clocks, columns};
use crate::domain::Clock;

/// Which open clocks; every given filter must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Nearest {
    /// Of these obligations.
    pub obligations: Vec<&'static str>,
    /// Who owes it.
    pub debtor: Owed,
    /// In the states of these numbers, which are open ones.
    pub states: Vec<i16>,
    /// Orders of this kind.
    pub appeal_type: Option<&'static str>,
    /// Orders of enterprises alone.
    pub enterprise: bool,
    /// Beginning of the division code; any when empty. Digits alone.
    pub division: String,
}

/// Who owes a duty.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum Owed {
    /// Anybody.
    #[default]
    ByAnybody,
    /// The platform's own desks.
    ByPlatform,
    /// This unit.
    ByUnit(String),
}

type Builder = QueryBuilder<Postgres>;

/// Duties that many orders have at a time: those that the index of seldom ones leaves out.
const COMMON: &[&str] = &[
    "acknowledge",
    "sign",
    "contact",
    "answer",
    "settle",
    "return_window",
];

/// The index that serves a filter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    /// `clock_enterprise (due_at, id)`.
    Enterprises,
    /// `clock_seldom (obligation, due_at, id)`, probed by each obligation.
    Seldom,
    /// `clock_unit (unit_id, state, due_at, id)` or `clock_state (state, due_at, id)`, probed by each state.
    States,
}

impl Probe {
    fn of(filter: &Nearest) -> Self {
        let seldom = filter.obligations.iter().all(|one| !COMMON.contains(one));
        match filter.debtor {
            Owed::ByUnit(_) => Self::States,
            _ if filter.enterprise => Self::Enterprises,
            _ if seldom => Self::Seldom,
            _ => Self::States,
        }
    }
}

/// A page of orders after a place, by their nearest clock.
///
/// # Errors
/// The database failed.
pub async fn nearest(
    pool: &PgPool,
    filter: &Nearest,
    after: Position,
    limit: usize,
) -> Result<Vec<Clock>, sqlx::Error> {
    let mut query = QueryBuilder::new("SELECT k.* FROM ");
    probed(&mut query, filter);
    query
        .push(" AND (c.due_at, c.id) > (")
        .push_bind(after.at)
        .push(", ")
        .push_bind(after.id)
        .push(
            ") AND NOT EXISTS (SELECT 1 FROM ( \
                 SELECT id, due_at, state, unit_id, obligation, appeal_type, enterprise, division FROM clock \
                 WHERE order_id = c.order_id AND state IN (1, 3) OFFSET 0) e \
             WHERE (e.due_at, e.id) < (c.due_at, c.id)",
        );
    let_through(&mut query, filter, "e");
    of_states(&mut query, filter, "e");
    // The limit stands in the statement: a plan made for a bound one must suppose a tenth of the table.
    query.push(format!(
        ") ORDER BY c.due_at, c.id LIMIT {limit}) k ORDER BY k.due_at, k.id LIMIT {limit}"
    ));
    let rows: Vec<ClockRow> = query.build_query_as().fetch_all(pool).await?;
    clocks(rows)
}

/// The probes of the index that serves the filter, and what else passes of each; the conditions of the partial indexes stand
/// word for word as theirs.
fn probed(query: &mut Builder, filter: &Nearest) {
    const ROWS: &str = concat!(
        " AS p (v) CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM clock c WHERE "
    );
    let probe = Probe::of(filter);
    match probe {
        Probe::Enterprises => {
            query
                .push("(SELECT 1)")
                .push(ROWS)
                .push("c.state IN (1, 3) AND c.enterprise");
        }
        Probe::Seldom => {
            query
                .push("unnest(")
                .push_bind(filter.obligations.clone())
                .push("::text[])")
                .push(ROWS);
            let common = COMMON.join("', '");
            query.push(format!(
                "c.obligation = p.v AND c.state IN (1, 3) AND c.obligation NOT IN ('{common}')"
            ));
        }
        Probe::States => {
            query
                .push("unnest(")
                .push_bind(filter.states.clone())
                .push("::smallint[])")
                .push(ROWS)
                .push("c.state = p.v");
        }
    }
    let_through(query, filter, "c");
    if probe != Probe::States {
        of_states(query, filter, "c");
    }
}

/// One of the open states alone, where one is asked for.
fn of_states(query: &mut Builder, filter: &Nearest, clock: &str) {
    if let [state] = filter.states[..] {
        query.push(format!(" AND {clock}.state = ")).push_bind(state);
    }
}

/// The filter but for the state, on the clock of this name.
fn let_through(query: &mut Builder, filter: &Nearest, clock: &str) {
    match &filter.debtor {
        Owed::ByAnybody => {}
        Owed::ByPlatform => {
            query.push(format!(" AND {clock}.unit_id = ''"));
        }
        Owed::ByUnit(unit) => {
            query
                .push(format!(" AND {clock}.unit_id = "))
                .push_bind(unit.clone());
        }
    }
    query
        .push(format!(" AND {clock}.obligation = ANY ("))
        .push_bind(filter.obligations.clone())
        .push(")");
    if let Some(kind) = filter.appeal_type {
        query.push(format!(" AND {clock}.appeal_type = ")).push_bind(kind);
    }
    if filter.enterprise {
        query.push(format!(" AND {clock}.enterprise"));
    }
    if !filter.division.is_empty() {
        query
            .push(format!(" AND starts_with({clock}.division, "))
            .push_bind(filter.division.clone())
            .push(")");
    }
}

/// Clocks of these orders whose duty is open, soonest due first; of one unit where one is named.
///
/// # Errors
/// The database failed.
pub async fn open_of_page(
    pool: &PgPool,
    orders: &[Uuid],
    unit: Option<&str>,
) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT k.* FROM unnest($1::uuid[]) AS o (id) CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM clock WHERE order_id = o.id AND state IN (1, 3) AND ($2::text IS NULL OR unit_id = $2)) k \
         ORDER BY k.due_at, k.id"
    );
    clocks(
        sqlx::query_as::<_, ClockRow>(statement)
            .bind(orders)
            .bind(unit)
            .fetch_all(pool)
            .await?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_seldom_duties_leaves_out_what_the_statement_leaves_out() {
        let migration = include_str!("../../migrations/0110_due.sql");
        assert!(migration.contains(&format!("obligation NOT IN ('{}')", COMMON.join("', '"))));
    }

    #[test]
    fn what_the_platform_owes_is_seldom() {
        use crate::domain::{Debtor, TABLE};
        let mut own = TABLE.iter().filter(|row| row.debtor == Debtor::Platform);
        assert!(own.all(|row| !COMMON.contains(&row.obligation.as_str())));
    }
}
