//! What falls due: the next window by its index, and the one statement that marks what has fired.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{ClockRow, clocks, columns, reminders_text, state_number};
use crate::domain::Clock;

/// A place in the order in which clocks fall due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When.
    pub at: DateTime<Utc>,
    /// Which, among those of one instant.
    pub id: Uuid,
}

impl Position {
    /// Before every clock.
    pub const START: Self = Self {
        at: DateTime::UNIX_EPOCH,
        id: Uuid::nil(),
    };

    /// The place of a running clock; `None` for one that does not run.
    #[must_use]
    pub fn of(clock: &Clock) -> Option<Self> {
        Some(Self {
            at: clock.next_at()?,
            id: clock.id,
        })
    }
}

/// Running clocks after a place that have something to say until `until`, in that order, at most `limit`.
///
/// # Errors
/// The database failed.
pub async fn window(
    sql: &mut PgConnection,
    after: Position,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE state = 1 AND (next_at, id) > ($1, $2) AND next_at <= $3 ORDER BY next_at, id LIMIT $4"
    );
    let rows = sqlx::query_as::<_, ClockRow>(statement)
        .bind(after.at)
        .bind(after.id)
        .bind(until)
        .bind(limit)
        .fetch_all(sql)
        .await?;
    clocks(rows)
}

/// Plans the rest of the transaction for row-by-row access: PostgreSQL cannot know how few clocks of the table a batch
/// holds, and would read the whole of it.
///
/// # Errors
/// The database failed.
pub async fn go_by_rows(sql: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true), \
                set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)",
    )
    .execute(sql)
    .await?;
    Ok(())
}

/// Marks clocks that have fired and that nobody changed or holds meanwhile, while `calendar` is the newest version;
/// returns which. The clocks come as they stand after firing, one generation later.
///
/// Rows that another transaction holds are left out, so that the timer never waits and never deadlocks.
///
/// # Errors
/// The database failed.
pub async fn fire(
    sql: &mut PgConnection,
    fired: &[&Clock],
    calendar: i32,
) -> Result<HashSet<Uuid>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "WITH fired AS MATERIALIZED ( \
             SELECT c.place, f.state, f.next_at, f.stopped_at, f.reminders \
             FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::smallint[], $5::timestamptz[], $6::timestamptz[], \
                         $7::text[]) AS f(order_id, id, generation, state, next_at, stopped_at, reminders) \
             CROSS JOIN LATERAL (SELECT ctid AS place FROM clock WHERE order_id = f.order_id AND id = f.id \
                 AND state = 1 AND generation = f.generation - 1 FOR UPDATE SKIP LOCKED) c \
             WHERE (SELECT coalesce(max(version), 0) FROM calendar_year) = $8) \
         UPDATE clock c SET state = f.state, generation = c.generation + 1, next_at = f.next_at, \
             stopped_at = f.stopped_at, reminders = f.reminders \
         FROM fired f WHERE c.ctid = f.place RETURNING c.id",
    )
    .bind(fired.iter().map(|clock| clock.order).collect::<Vec<_>>())
    .bind(fired.iter().map(|clock| clock.id).collect::<Vec<_>>())
    .bind(fired.iter().map(|clock| clock.generation).collect::<Vec<_>>())
    .bind(fired.iter().map(|clock| state_number(&clock.state)).collect::<Vec<_>>())
    .bind(fired.iter().map(|clock| clock.next_at()).collect::<Vec<_>>())
    .bind(fired.iter().map(|clock| clock.stopped_at()).collect::<Vec<_>>())
    .bind(fired.iter().map(|clock| reminders_text(&clock.state)).collect::<Vec<_>>())
    .bind(calendar)
    .fetch_all(sql)
    .await?;
    Ok(ids.into_iter().collect())
}
