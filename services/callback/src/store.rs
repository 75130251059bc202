//! The table of the call-backs: SQL and rows.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::error::BoxDynError;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Answer, Callback, Claim, Settled, State, Verdict};

/// Every column.
macro_rules! columns {
    () => {
        "id, order_id, round, state, version, way, not_before, attempts, tried, claimed_by, claimed_at, unit_id, \
         public_text, satisfaction, solved, contacted, reason, verdict, verdict_reason, facts"
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
    solved: bool,
    contacted: bool,
    reason: String,
    verdict: Option<String>,
    verdict_reason: String,
    facts: Vec<u8>,
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
                let verdict = verdict_from(self.verdict.as_deref())?;
                State::Judged {
                    answer: self.answer()?,
                    verdict,
                    reason: self.verdict_reason.clone(),
                }
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
            reason: self.reason.clone(),
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
        State::Judged { .. } => 4,
        State::Unreached => 5,
        State::Cancelled => 6,
    }
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Redo => "redo",
        Verdict::Excluded => "excluded",
        Verdict::Escalate => "escalate",
    }
}

fn verdict_from(word: Option<&str>) -> Result<Verdict, BoxDynError> {
    Ok(match word {
        Some("redo") => Verdict::Redo,
        Some("excluded") => Verdict::Excluded,
        Some("escalate") => Verdict::Escalate,
        other => return Err(format!("{other:?} is no verdict").into()),
    })
}

/// Keeps a new call-back; false when the round of the order has one already.
///
/// # Errors
/// The database failed.
pub async fn insert(sql: &mut PgConnection, callback: &Callback) -> Result<bool, sqlx::Error> {
    let settled = &callback.settled;
    let done = sqlx::query(
        "INSERT INTO callback (id, order_id, round, state, version, way, not_before, attempts, tried, unit_id, \
             public_text, solved, contacted, reason, verdict_reason, facts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, false, false, '', '', $10) \
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
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a locked call-back as it stands now.
///
/// # Errors
/// The database failed.
pub async fn update(sql: &mut PgConnection, callback: &Callback) -> Result<(), sqlx::Error> {
    let claim = match &callback.state {
        State::Scheduled(claim) => claim.as_ref(),
        _ => None,
    };
    let (answer, judged) = match &callback.state {
        State::Completed(answer) | State::ToJudge(answer) => (Some(answer), None),
        State::Judged {
            answer,
            verdict,
            reason,
        } => (Some(answer), Some((*verdict, reason.as_str()))),
        State::Scheduled(_) | State::Unreached | State::Cancelled => (None, None),
    };
    sqlx::query(
        "UPDATE callback SET state = $2, version = $3, way = $4, not_before = $5, attempts = $6, tried = $7, \
             claimed_by = $8, claimed_at = $9, satisfaction = $10, solved = $11, contacted = $12, reason = $13, \
             verdict = $14, verdict_reason = $15 WHERE id = $1",
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
    .bind(answer.is_some_and(|answer| answer.solved))
    .bind(answer.is_some_and(|answer| answer.contacted))
    .bind(answer.map_or("", |answer| answer.reason.as_str()))
    .bind(judged.map(|(verdict, _)| verdict_word(verdict)))
    .bind(judged.map_or("", |(_, reason)| reason))
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
