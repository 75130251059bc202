//! The clocks of orders: read as they stand, and written in one statement if they stand so still.
//!
//! An order's clocks have one handler, by the lock of their partition; the timer, a recomputation and supervisors work beside
//! it. Whoever writes compares the generation that it read: PostgreSQL logs a lock on a row as it does a change.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use hotline_policy::AppealType;
use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{ClockRow, clocks, columns, kind_number, reminders_text, state_number};
use crate::domain::Clock;

/// What was written.
#[derive(Debug)]
pub struct Saved {
    /// Clocks that were written; a clock that was to be armed and is there already is not among them.
    pub ids: HashSet<Uuid>,
    /// The newest version of the calendar at that moment.
    pub calendar: i32,
}

/// A clock as it stands after a change, and the generation in which it was read.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'c> {
    /// The clock.
    pub clock: &'c Clock,
    /// The generation.
    pub read: i32,
}

/// The clocks of orders whose duty is open.
///
/// # Errors
/// The database failed.
pub async fn open_of_orders(sql: &mut PgConnection, orders: &[Uuid]) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE order_id = ANY($1) AND state IN (1, 3) ORDER BY order_id, id"
    );
    clocks(
        sqlx::query_as::<_, ClockRow>(statement)
            .bind(orders)
            .fetch_all(sql)
            .await?,
    )
}

/// Every clock of an order.
///
/// # Errors
/// The database failed.
pub async fn of_order(sql: &mut PgConnection, order: Uuid) -> Result<Vec<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE order_id = $1 ORDER BY id"
    );
    clocks(
        sqlx::query_as::<_, ClockRow>(statement)
            .bind(order)
            .fetch_all(sql)
            .await?,
    )
}

/// Writes clocks: new ones unless they are there already, and over those that were read. [`None`] where somebody changed one
/// of these meanwhile: then the transaction is to be given up.
///
/// # Errors
/// The database failed.
pub async fn save(
    sql: &mut PgConnection,
    new: &[&Clock],
    there: &[Changed<'_>],
) -> Result<Option<Saved>, sqlx::Error> {
    let changed = there.iter().map(|changed| changed.clock);
    let mut saved = Saved {
        ids: changed.clone().map(|clock| clock.id).collect(),
        calendar: changed
            .chain(new.iter().copied())
            .next()
            .map_or(0, |clock| clock.calendar),
    };
    if !there.is_empty() {
        match update(sql, there).await? {
            Some(calendar) => saved.calendar = calendar,
            None => return Ok(None),
        }
    }
    if !new.is_empty() {
        for (id, calendar) in insert(sql, new).await? {
            saved.ids.insert(id);
            saved.calendar = calendar;
        }
    }
    Ok(Some(saved))
}

/// Writes new clocks unless they are there already; gives those that it wrote, with the newest version of the calendar.
async fn insert(sql: &mut PgConnection, clocks: &[&Clock]) -> Result<Vec<(Uuid, i32)>, sqlx::Error> {
    let columns = Columns::of(clocks.iter().copied());
    // Looked for one by one, whatever the planner knows of the table; and nobody else arms clocks of these orders, so that
    // nothing is paid for the conflict.
    sqlx::query_as(
        "INSERT INTO clock (order_id, id, leg_id, parent_leg_id, leg_kind, state, generation, calendar, provisional, \
             started_at, due_at, next_at, stopped_at, unit_id, obligation, within, article, reminders, facts, \
             platform_caused, appeal_type, enterprise, division) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::smallint[], \
             $7::integer[], $8::integer[], $9::boolean[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], \
             $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bytea[], $20::boolean[], \
             $21::text[], $22::boolean[], $23::text[]) AS new (order_id, id) \
         WHERE (SELECT true FROM clock c WHERE c.order_id = new.order_id AND c.id = new.id) IS NULL \
         RETURNING id, (SELECT coalesce(max(version), 0) FROM calendar_year)",
    )
    .bind(columns.order_id)
    .bind(columns.id)
    .bind(columns.leg_id)
    .bind(columns.parent_leg_id)
    .bind(columns.leg_kind)
    .bind(columns.state)
    .bind(columns.generation)
    .bind(columns.calendar)
    .bind(columns.provisional)
    .bind(columns.started_at)
    .bind(columns.due_at)
    .bind(columns.next_at)
    .bind(columns.stopped_at)
    .bind(columns.unit_id)
    .bind(columns.obligation)
    .bind(columns.within)
    .bind(columns.article)
    .bind(columns.reminders)
    .bind(columns.facts)
    .bind(columns.platform_caused)
    .bind(columns.appeal_type)
    .bind(columns.enterprise)
    .bind(columns.division)
    .fetch_all(sql)
    .await
}

/// Writes what of clocks changes over those that stand as they were read; gives the newest version of the calendar, or
/// [`None`] where somebody changed one meanwhile: then the transaction is to be given up.
///
/// # Errors
/// The database failed.
pub async fn update(sql: &mut PgConnection, changed: &[Changed<'_>]) -> Result<Option<i32>, sqlx::Error> {
    let columns = Columns::of(changed.iter().map(|changed| changed.clock));
    let read: Vec<i32> = changed.iter().map(|changed| changed.read).collect();
    let (written, calendar): (i64, i32) = sqlx::query_as(
        "WITH written AS (UPDATE clock SET state = u.state, generation = u.generation, calendar = u.calendar, \
             provisional = u.provisional, due_at = u.due_at, next_at = u.next_at, stopped_at = u.stopped_at, \
             within = u.within, reminders = u.reminders, platform_caused = u.platform_caused \
         FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::integer[], $5::integer[], $6::boolean[], \
             $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::boolean[], $13::integer[]) \
             AS u (order_id, id, state, generation, calendar, provisional, due_at, next_at, stopped_at, within, reminders, \
             platform_caused, read) \
         WHERE clock.order_id = u.order_id AND clock.id = u.id AND clock.generation = u.read \
             RETURNING 1) \
         SELECT (SELECT count(*) FROM written), (SELECT coalesce(max(version), 0) FROM calendar_year)",
    )
    .bind(columns.order_id)
    .bind(columns.id)
    .bind(columns.state)
    .bind(columns.generation)
    .bind(columns.calendar)
    .bind(columns.provisional)
    .bind(columns.due_at)
    .bind(columns.next_at)
    .bind(columns.stopped_at)
    .bind(columns.within)
    .bind(columns.reminders)
    .bind(columns.platform_caused)
    .bind(read)
    .fetch_one(sql)
    .await?;
    let all = usize::try_from(written) == Ok(changed.len());
    Ok(all.then_some(calendar))
}

/// The clocks as columns, one array each.
#[derive(Default)]
struct Columns<'a> {
    order_id: Vec<Uuid>,
    id: Vec<Uuid>,
    leg_id: Vec<Option<Uuid>>,
    parent_leg_id: Vec<Option<Uuid>>,
    leg_kind: Vec<Option<i16>>,
    state: Vec<i16>,
    generation: Vec<i32>,
    calendar: Vec<i32>,
    provisional: Vec<bool>,
    started_at: Vec<DateTime<Utc>>,
    due_at: Vec<DateTime<Utc>>,
    next_at: Vec<Option<DateTime<Utc>>>,
    stopped_at: Vec<Option<DateTime<Utc>>>,
    unit_id: Vec<&'a str>,
    obligation: Vec<&'static str>,
    within: Vec<String>,
    article: Vec<&'a str>,
    reminders: Vec<String>,
    facts: Vec<&'a [u8]>,
    platform_caused: Vec<bool>,
    appeal_type: Vec<Option<&'static str>>,
    enterprise: Vec<bool>,
    division: Vec<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(clocks: impl IntoIterator<Item = &'a Clock>) -> Self {
        let mut columns = Self::default();
        clocks.into_iter().for_each(|clock| columns.push(clock));
        columns
    }

    fn push(&mut self, clock: &'a Clock) {
        self.order_id.push(clock.order);
        self.id.push(clock.id);
        self.leg_id.push(clock.leg.map(|leg| leg.id));
        self.parent_leg_id.push(clock.leg.and_then(|leg| leg.parent));
        self.leg_kind.push(clock.leg.map(|leg| kind_number(leg.kind)));
        self.state.push(state_number(&clock.state));
        self.generation.push(clock.generation);
        self.calendar.push(clock.calendar);
        self.provisional.push(clock.provisional);
        self.started_at.push(clock.started_at);
        self.due_at.push(clock.due_at);
        self.next_at.push(clock.next_at());
        self.stopped_at.push(clock.stopped_at());
        self.unit_id.push(&clock.unit);
        self.obligation.push(clock.obligation.as_str());
        self.within.push(clock.basis.to_string());
        self.article.push(&clock.article);
        self.reminders.push(reminders_text(&clock.state));
        self.facts.push(&clock.facts);
        self.platform_caused.push(clock.platform_caused);
        self.appeal_type
            .push(clock.sorts.appeal_type.map(AppealType::as_str));
        self.enterprise.push(clock.sorts.enterprise);
        self.division.push(&clock.sorts.division);
    }
}
