//! The table of the call-backs: SQL and rows.

pub mod calendar;
mod many;
pub mod reviews;
pub mod sending;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::error::BoxDynError;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

pub use many::{insert, update};

use crate::domain::{
    Answer, Callback, Claim, Delivery, Given, Grounds, Judgement, Paper, Settled, State, Verdict,
};

/// Every column.
macro_rules! columns {
    () => {
        "id, order_id, round, state, version, way, not_before, attempts, tried, claimed_by, claimed_at, unit_id, \
         public_text, satisfaction, solved, contacted, reason, verdict, verdict_reason, facts, \
         bad_before, more, delivery, tried_at"
    };
}

/// Numbers of the states, as in the contract.
pub const SCHEDULED: i16 = 1;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    order_id: Uuid,
    round: i32,
    state: i16,
    version: i64,
    way: String,
    not_before: DateTime<Utc>,
    attempts: i32,
    tried: i32,
    claimed_by: Option<String>,
    claimed_at: Option<DateTime<Utc>>,
    unit_id: String,
    public_text: String,
    satisfaction: Option<String>,
    solved: Option<bool>,
    contacted: Option<bool>,
    reason: String,
    verdict: Option<String>,
    verdict_reason: String,
    facts: Vec<u8>,
    bad_before: i32,
    more: Json<More>,
    delivery: String,
    tried_at: Option<DateTime<Utc>>,
}

/// What no list filters by.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct More {
    earlier: Vec<Given>,
    paper: Option<Paper>,
    untruthful: bool,
    suggestion: String,
    exclusion: String,
    evidence: Vec<String>,
    fix_by: Option<DateTime<Utc>>,
    grounds: Grounds,
}

impl Row {
    fn into_callback(self) -> Result<Callback, sqlx::Error> {
        self.read().map_err(sqlx::Error::Decode)
    }

    fn read(self) -> Result<Callback, BoxDynError> {
        Ok(Callback {
            state: self.state()?,
            id: self.id,
            way: self.way.parse()?,
            not_before: self.not_before,
            attempts: u32::try_from(self.attempts)?,
            tried: u32::try_from(self.tried)?,
            version: self.version,
            bad_before: u32::try_from(self.bad_before)?,
            delivery: Delivery::of(&self.delivery),
            tried_at: self.tried_at,
            earlier: self.more.0.earlier,
            paper: self.more.0.paper,
            settled: Settled {
                order: self.order_id,
                round: u32::try_from(self.round)?,
                unit: self.unit_id,
                public_text: self.public_text,
                facts: Arc::from(self.facts),
            },
        })
    }

    fn state(&self) -> Result<State, BoxDynError> {
        Ok(match self.state {
            SCHEDULED => State::Scheduled(self.claim()),
            2 => State::Completed(self.answer()?),
            3 => State::ToJudge(self.answer()?),
            4 => {
                let more = &self.more.0;
                let judgement = Judgement {
                    verdict: verdict_from(self.verdict.as_deref())?,
                    reason: self.verdict_reason.clone(),
                    exclusion: more.exclusion.clone(),
                    evidence: more.evidence.clone(),
                    fix_by: more.fix_by,
                    grounds: more.grounds.clone(),
                };
                State::Judged(self.answer()?, judgement)
            }
            5 => State::Unreached,
            6 => State::Cancelled,
            other => return Err(format!("no call-back is in state {other}").into()),
        })
    }

    fn claim(&self) -> Option<Claim> {
        Some(Claim {
            by: self.claimed_by.clone()?,
            at: self.claimed_at?,
        })
    }

    fn answer(&self) -> Result<Answer, BoxDynError> {
        let satisfaction = self
            .satisfaction
            .as_deref()
            .ok_or("an answer has a satisfaction")?;
        Ok(Answer {
            satisfaction: satisfaction.parse()?,
            solved: self.solved,
            contacted: self.contacted,
            untruthful: self.more.0.untruthful,
            reason: self.reason.clone(),
            suggestion: self.more.0.suggestion.clone(),
        })
    }
}

/// The number of a state.
#[must_use]
pub fn state_number(state: &State) -> i16 {
    match state {
        State::Scheduled(_) => SCHEDULED,
        State::Completed(_) => 2,
        State::ToJudge(_) => 3,
        State::Judged(..) => 4,
        State::Unreached => 5,
        State::Cancelled => 6,
    }
}

fn verdict_from(word: Option<&str>) -> Result<Verdict, BoxDynError> {
    let verdicts = [
        Verdict::Redo,
        Verdict::Excluded,
        Verdict::Escalate,
        Verdict::Compliant,
        Verdict::Fix,
    ];
    let known = verdicts
        .into_iter()
        .find(|verdict| Some(verdict.as_str()) == word);
    known.ok_or_else(|| format!("{word:?} is no verdict").into())
}

/// A number as its column has it.
fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// How many bad answers of an order's earlier rounds count.
///
/// # Errors
/// The database failed.
pub async fn bad_before(sql: &mut PgConnection, order: Uuid, round: u32) -> Result<u32, sqlx::Error> {
    let counted: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM callback WHERE order_id = $1 AND round < $2 AND state = 4 AND verdict <> 'excluded'",
    )
    .bind(order)
    .bind(number(round))
    .fetch_one(sql)
    .await?;
    Ok(u32::try_from(counted).unwrap_or(u32::MAX))
}

/// Every call-back of an order, oldest round first.
///
/// # Errors
/// The database failed.
pub async fn of_order(pool: &PgPool, order: Uuid) -> Result<Vec<Callback>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM callback WHERE order_id = $1 ORDER BY round"
    );
    let rows: Vec<Row> = sqlx::query_as(statement).bind(order).fetch_all(pool).await?;
    rows.into_iter().map(Row::into_callback).collect()
}

/// The newest call-back of an order, locked.
///
/// # Errors
/// The database failed.
pub async fn lock_newest(sql: &mut PgConnection, order: Uuid) -> Result<Option<Callback>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM callback WHERE order_id = $1 ORDER BY round DESC LIMIT 1 FOR UPDATE"
    );
    sqlx::query_as::<_, Row>(statement)
        .bind(order)
        .fetch_optional(sql)
        .await?
        .map(Row::into_callback)
        .transpose()
}

/// Those of the call-backs that nobody holds, locked.
///
/// # Errors
/// The database failed.
pub async fn lock_free(sql: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Callback>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM callback WHERE id = ANY ($1) FOR UPDATE SKIP LOCKED"
    );
    let rows: Vec<Row> = sqlx::query_as(statement).bind(ids).fetch_all(sql).await?;
    rows.into_iter().map(Row::into_callback).collect()
}

/// A call-back, locked.
///
/// # Errors
/// The database failed.
pub async fn lock(sql: &mut PgConnection, id: Uuid) -> Result<Option<Callback>, sqlx::Error> {
    let statement = concat!("SELECT ", columns!(), " FROM callback WHERE id = $1 FOR UPDATE");
    sqlx::query_as::<_, Row>(statement)
        .bind(id)
        .fetch_optional(sql)
        .await?
        .map(Row::into_callback)
        .transpose()
}

/// A call-back as it stands.
///
/// # Errors
/// The database failed.
pub async fn get(pool: &PgPool, id: Uuid) -> Result<Option<Callback>, sqlx::Error> {
    let statement = concat!("SELECT ", columns!(), " FROM callback WHERE id = $1");
    sqlx::query_as::<_, Row>(statement)
        .bind(id)
        .fetch_optional(pool)
        .await?
        .map(Row::into_callback)
        .transpose()
}

/// The open call-backs of orders, locked.
///
/// # Errors
/// The database failed.
pub async fn lock_open(sql: &mut PgConnection, orders: &[Uuid]) -> Result<Vec<Callback>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM callback WHERE order_id = ANY ($1) AND state IN (1, 3) ORDER BY order_id, round FOR UPDATE"
    );
    let rows: Vec<Row> = sqlx::query_as(statement).bind(orders).fetch_all(sql).await?;
    rows.into_iter().map(Row::into_callback).collect()
}

/// Which call-backs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In the state of this number.
    pub state: Option<i16>,
    /// Of this order.
    pub order: Option<Uuid>,
    /// Not before this instant or an earlier one.
    pub until: Option<DateTime<Utc>>,
}

/// A page of call-backs after a place (not before, id), soonest first.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: (DateTime<Utc>, Uuid),
    limit: i64,
) -> Result<Vec<Callback>, sqlx::Error> {
    let statement = match (filter.order, filter.state) {
        (Some(_), _) => concat!(
            "SELECT ",
            columns!(),
            " FROM callback WHERE order_id = $1 AND ($2::smallint IS NULL OR state = $2) \
             AND ($3::timestamptz IS NULL OR not_before <= $3) AND (not_before, id) > ($4, $5) \
             ORDER BY not_before, id LIMIT $6"
        ),
        (None, Some(_)) => concat!(
            "SELECT ",
            columns!(),
            " FROM callback WHERE $1::uuid IS NULL AND state = $2 \
             AND ($3::timestamptz IS NULL OR not_before <= $3) AND (not_before, id) > ($4, $5) \
             ORDER BY not_before, id LIMIT $6"
        ),
        (None, None) => concat!(
            "SELECT ",
            columns!(),
            " FROM callback WHERE $1::uuid IS NULL AND $2::smallint IS NULL \
             AND ($3::timestamptz IS NULL OR not_before <= $3) AND (not_before, id) > ($4, $5) \
             ORDER BY not_before, id LIMIT $6"
        ),
    };
    let rows: Vec<Row> = sqlx::query_as(statement)
        .bind(filter.order)
        .bind(filter.state)
        .bind(filter.until)
        .bind(after.0)
        .bind(after.1)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::into_callback).collect()
}
