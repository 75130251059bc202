//! Many new or changed call-backs in one statement.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{More, number, state_number};
use crate::domain::{Callback, Claim, Delivery, Judgement, State};

/// $1 to $13: the columns of new call-backs.
const INSERT: &str = "INSERT INTO callback (id, order_id, round, state, version, way, not_before, attempts, tried, unit_id, \
        public_text, reason, verdict_reason, facts, bad_before, delivery, send_at) \
    SELECT id, order_id, round, state, version, way, not_before, 0, 0, unit_id, public_text, '', '', facts, bad_before, \
        delivery, send_at \
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::smallint[], $5::bigint[], $6::text[], $7::timestamptz[], \
        $8::text[], $9::text[], $10::bytea[], $11::integer[], $12::text[], $13::timestamptz[]) \
        AS u (id, order_id, round, state, version, way, not_before, unit_id, public_text, facts, bad_before, delivery, send_at) \
    ON CONFLICT (order_id, round) DO NOTHING RETURNING id";

/// $1 to $20: the columns of changed call-backs. A message that waits is forgotten with its attempt.
const UPDATE: &str = "UPDATE callback c SET state = u.state, version = u.version, way = u.way, not_before = u.not_before, \
        attempts = u.attempts, tried = u.tried, claimed_by = u.claimed_by, claimed_at = u.claimed_at, \
        satisfaction = u.satisfaction, solved = u.solved, contacted = u.contacted, reason = u.reason, \
        verdict = u.verdict, verdict_reason = u.verdict_reason, more = u.more, delivery = u.delivery, \
        send_tries = CASE WHEN u.fresh THEN 0 ELSE c.send_tries END, \
        send_at = CASE WHEN c.state <> 1 OR u.state <> 1 THEN NULL WHEN u.fresh THEN u.queued_at ELSE c.send_at END, \
        tried_at = u.tried_at \
    FROM unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::integer[], $7::integer[], \
        $8::text[], $9::timestamptz[], $10::text[], $11::boolean[], $12::boolean[], $13::text[], $14::text[], $15::text[], \
        $16::jsonb[], $17::text[], $18::boolean[], $19::timestamptz[], $20::timestamptz[]) \
        AS u (id, state, version, way, not_before, attempts, tried, claimed_by, claimed_at, satisfaction, solved, contacted, \
            reason, verdict, verdict_reason, more, delivery, fresh, queued_at, tried_at) \
    WHERE c.id = u.id";

/// Keeps new call-backs; gives those whose round of the order had none.
///
/// # Errors
/// The database failed.
pub async fn insert(sql: &mut PgConnection, callbacks: &[&Callback]) -> Result<HashSet<Uuid>, sqlx::Error> {
    if callbacks.is_empty() {
        return Ok(HashSet::new());
    }
    let written: Vec<Uuid> = sqlx::query_scalar(INSERT)
        .bind(each(callbacks, |callback| callback.id))
        .bind(each(callbacks, |callback| callback.settled.order))
        .bind(each(callbacks, |callback| number(callback.settled.round)))
        .bind(each(callbacks, |callback| state_number(&callback.state)))
        .bind(each(callbacks, |callback| callback.version))
        .bind(each(callbacks, |callback| callback.way.as_str()))
        .bind(each(callbacks, |callback| callback.not_before))
        .bind(each(callbacks, |callback| callback.settled.unit.as_str()))
        .bind(each(callbacks, |callback| callback.settled.public_text.as_str()))
        .bind(each(callbacks, |callback| callback.settled.facts.as_ref()))
        .bind(each(callbacks, |callback| number(callback.bad_before)))
        .bind(each(callbacks, |callback| callback.delivery.as_str()))
        .bind(each(callbacks, queued_at))
        .fetch_all(sql)
        .await?;
    Ok(written.into_iter().collect())
}

/// Writes locked call-backs as they stand now, in one statement; true beside one when a message of its own begins with this
/// change.
///
/// # Errors
/// The database failed.
pub async fn update(sql: &mut PgConnection, changed: &[(&Callback, bool)]) -> Result<(), sqlx::Error> {
    if changed.is_empty() {
        return Ok(());
    }
    let (callbacks, fresh): (Vec<&Callback>, Vec<bool>) = changed.iter().copied().unzip();
    sqlx::query(UPDATE)
        .bind(each(&callbacks, |callback| callback.id))
        .bind(each(&callbacks, |callback| state_number(&callback.state)))
        .bind(each(&callbacks, |callback| callback.version))
        .bind(each(&callbacks, |callback| callback.way.as_str()))
        .bind(each(&callbacks, |callback| callback.not_before))
        .bind(each(&callbacks, |callback| number(callback.attempts)))
        .bind(each(&callbacks, |callback| number(callback.tried)))
        .bind(each(&callbacks, |callback| {
            claim(callback).map(|claim| claim.by.as_str())
        }))
        .bind(each(&callbacks, |callback| claim(callback).map(|claim| claim.at)))
        .bind(each(&callbacks, |callback| {
            callback.answer().map(|answer| answer.satisfaction.as_str())
        }))
        .bind(each(&callbacks, |callback| {
            callback.answer().and_then(|answer| answer.solved)
        }))
        .bind(each(&callbacks, |callback| {
            callback.answer().and_then(|answer| answer.contacted)
        }))
        .bind(each(&callbacks, |callback| {
            callback.answer().map_or("", |answer| answer.reason.as_str())
        }))
        .bind(each(&callbacks, |callback| {
            judgement(callback).map(|judged| judged.verdict.as_str())
        }))
        .bind(each(&callbacks, |callback| {
            judgement(callback).map_or("", |judged| judged.reason.as_str())
        }))
        .bind(each(&callbacks, |callback| Json(more(callback))))
        .bind(each(&callbacks, |callback| callback.delivery.as_str()))
        .bind(fresh)
        .bind(each(&callbacks, queued_at))
        .bind(each(&callbacks, |callback| callback.tried_at))
        .execute(sql)
        .await?;
    Ok(())
}

/// What no list filters by, of a call-back as it stands now.
fn more(callback: &Callback) -> More {
    let answer = callback.answer();
    let judged = judgement(callback);
    More {
        earlier: callback.earlier.clone(),
        paper: callback.paper.clone(),
        untruthful: answer.is_some_and(|answer| answer.untruthful),
        suggestion: answer.map(|answer| answer.suggestion.clone()).unwrap_or_default(),
        exclusion: judged.map(|judged| judged.exclusion.clone()).unwrap_or_default(),
        evidence: judged.map(|judged| judged.evidence.clone()).unwrap_or_default(),
        fix_by: judged.and_then(|judged| judged.fix_by),
        grounds: judged.map(|judged| judged.grounds.clone()).unwrap_or_default(),
    }
}

fn judgement(callback: &Callback) -> Option<&Judgement> {
    match &callback.state {
        State::Judged(_, judgement) => Some(judgement),
        _ => None,
    }
}

fn claim(callback: &Callback) -> Option<&Claim> {
    match &callback.state {
        State::Scheduled(claim) => claim.as_ref(),
        _ => None,
    }
}

/// When a queued message may go.
fn queued_at(callback: &Callback) -> Option<DateTime<Utc>> {
    (callback.delivery == Delivery::Queued).then_some(callback.not_before)
}

/// One column.
fn each<'c, T>(callbacks: &[&'c Callback], column: impl Fn(&'c Callback) -> T) -> Vec<T> {
    callbacks.iter().map(|callback| column(callback)).collect()
}
