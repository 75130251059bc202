//! The table of the call-backs: SQL and rows.

pub mod calendar;
pub mod reviews;
pub mod sending;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::error::BoxDynError;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

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

/// Keeps a new call-back; false when the round of the order has one already.
///
/// # Errors
/// The database failed.
pub async fn insert(sql: &mut PgConnection, callback: &Callback) -> Result<bool, sqlx::Error> {
    let settled = &callback.settled;
    let done = sqlx::query(
        "INSERT INTO callback (id, order_id, round, state, version, way, not_before, attempts, tried, unit_id, \
             public_text, reason, verdict_reason, facts, bad_before, delivery, send_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, '', '', $10, $11, $12, $13) \
         ON CONFLICT (order_id, round) DO NOTHING",
    )
    .bind(callback.id)
    .bind(settled.order)
    .bind(i32::try_from(settled.round).unwrap_or(i32::MAX))
    .bind(state_number(&callback.state))
    .bind(callback.version)
    .bind(callback.way.as_str())
    .bind(callback.not_before)
    .bind(&settled.unit)
    .bind(&settled.public_text)
    .bind(settled.facts.as_ref())
    .bind(i32::try_from(callback.bad_before).unwrap_or(i32::MAX))
    .bind(callback.delivery.as_str())
    .bind(queued_at(callback))
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// When a queued message may go.
fn queued_at(callback: &Callback) -> Option<DateTime<Utc>> {
    (callback.delivery == Delivery::Queued).then_some(callback.not_before)
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
    .bind(i32::try_from(round).unwrap_or(i32::MAX))
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

/// Writes a locked call-back as it stands now; `fresh` when a message of its own begins with this change.
///
/// # Errors
/// The database failed.
pub async fn update(sql: &mut PgConnection, callback: &Callback, fresh: bool) -> Result<(), sqlx::Error> {
    let claim = match &callback.state {
        State::Scheduled(claim) => claim.as_ref(),
        _ => None,
    };
    let answer = callback.answer();
    let judged = match &callback.state {
        State::Judged(_, judgement) => Some(judgement),
        _ => None,
    };
    let more = More {
        earlier: callback.earlier.clone(),
        paper: callback.paper.clone(),
        untruthful: answer.is_some_and(|answer| answer.untruthful),
        suggestion: answer.map(|answer| answer.suggestion.clone()).unwrap_or_default(),
        exclusion: judged.map(|judged| judged.exclusion.clone()).unwrap_or_default(),
        evidence: judged.map(|judged| judged.evidence.clone()).unwrap_or_default(),
        fix_by: judged.and_then(|judged| judged.fix_by),
        grounds: judged.map(|judged| judged.grounds.clone()).unwrap_or_default(),
    };
    sqlx::query(
        "UPDATE callback SET state = $2, version = $3, way = $4, not_before = $5, attempts = $6, tried = $7, \
             claimed_by = $8, claimed_at = $9, satisfaction = $10, solved = $11, contacted = $12, reason = $13, \
             verdict = $14, verdict_reason = $15, more = $16, delivery = $17, \
             send_tries = CASE WHEN $18 THEN 0 ELSE send_tries END, \
             send_at = CASE WHEN state <> 1 OR $2 <> 1 THEN NULL WHEN $18 THEN $19 ELSE send_at END, tried_at = $20 \
         WHERE id = $1",
    )
    .bind(callback.id)
    .bind(state_number(&callback.state))
    .bind(callback.version)
    .bind(callback.way.as_str())
    .bind(callback.not_before)
    .bind(i32::try_from(callback.attempts).unwrap_or(i32::MAX))
    .bind(i32::try_from(callback.tried).unwrap_or(i32::MAX))
    .bind(claim.map(|claim| claim.by.as_str()))
    .bind(claim.map(|claim| claim.at))
    .bind(answer.map(|answer| answer.satisfaction.as_str()))
    .bind(answer.and_then(|answer| answer.solved))
    .bind(answer.and_then(|answer| answer.contacted))
    .bind(answer.map_or("", |answer| answer.reason.as_str()))
    .bind(judged.map(|judged| judged.verdict.as_str()))
    .bind(judged.map_or("", |judged| judged.reason.as_str()))
    .bind(Json(more))
    .bind(callback.delivery.as_str())
    .bind(fresh)
    .bind(queued_at(callback))
    .bind(callback.tried_at)
    .execute(sql)
    .await?;
    Ok(())
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

/// The open call-backs of an order, locked.
///
/// # Errors
/// The database failed.
pub async fn lock_open(sql: &mut PgConnection, order: Uuid) -> Result<Vec<Callback>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM callback WHERE order_id = $1 AND state IN (1, 3) ORDER BY round FOR UPDATE"
    );
    let rows: Vec<Row> = sqlx::query_as(statement).bind(order).fetch_all(sql).await?;
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
