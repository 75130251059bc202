//! Calls and seats: reported, looked up, sealed anew; who sits where.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use super::reseal::ActiveKeys;
use crate::domain::{Call, Recording};

/// Most calls that one list gives.
const LIST_MAX: i64 = 50;
/// Most seats that one list gives: a large city has some hundred.
const SEATS_MAX: i64 = 2_000;

/// A call with its sealed number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCall {
    /// The call.
    pub call: Call,
    /// Number of the caller; `None` when it was withheld.
    pub telephone: Option<Vec<u8>>,
}

/// Somebody at a seat.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TakenSeat {
    /// Number of the seat.
    pub seat: String,
    /// Account of the agent.
    pub agent: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Columns of a call; `tail` is the condition.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, seat, agent, line, telephone, masked_number, caller_reference, rang_at, answered_at, ended_at, \
             recording, recording_seconds, shown_at FROM call ",
            $tail
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    seat: String,
    agent: String,
    line: String,
    telephone: Option<Vec<u8>>,
    masked_number: String,
    caller_reference: String,
    rang_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    recording: String,
    recording_seconds: i32,
    shown_at: Option<DateTime<Utc>>,
}

impl From<Row> for SealedCall {
    fn from(row: Row) -> Self {
        let seconds = row.recording_seconds;
        let recording = Some(row.recording).filter(|reference| !reference.is_empty());
        let call = Call {
            id: row.id,
            seat: row.seat,
            agent: row.agent,
            line: row.line,
            masked_number: row.masked_number,
            caller_reference: row.caller_reference,
            rang_at: row.rang_at,
            answered_at: row.answered_at,
            ended_at: row.ended_at,
            recording: recording.map(|reference| Recording { reference, seconds }),
            shown_at: row.shown_at,
        };
        Self {
            call,
            telephone: row.telephone,
        }
    }
}

/// Writes a call that nobody knows; false where another report was first.
///
/// # Errors
/// The database.
pub async fn insert_call(
    sql: &mut PgConnection,
    (adapter, reference): (&str, &str),
    new: &SealedCall,
) -> Result<bool, sqlx::Error> {
    let call = &new.call;
    let written = sqlx::query(
        "INSERT INTO call (id, adapter, reference, seat, agent, line, telephone, masked_number, caller_reference, rang_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (adapter, reference) DO NOTHING",
    )
    .bind(call.id)
    .bind(adapter)
    .bind(reference)
    .bind(&call.seat)
    .bind(&call.agent)
    .bind(&call.line)
    .bind(&new.telephone)
    .bind(&call.masked_number)
    .bind(&call.caller_reference)
    .bind(call.rang_at)
    .execute(sql)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// The call of an exchange's reference, locked.
///
/// # Errors
/// The database.
pub async fn lock_call(
    sql: &mut PgConnection,
    (adapter, reference): (&str, &str),
) -> Result<Option<SealedCall>, sqlx::Error> {
    let query = sqlx::query_as::<_, Row>(select!("WHERE adapter = $1 AND reference = $2 FOR UPDATE"));
    let row = query.bind(adapter).bind(reference).fetch_optional(sql).await?;
    Ok(row.map(SealedCall::from))
}

/// The call of this identifier.
///
/// # Errors
/// The database.
pub async fn call<'e>(sql: impl PgExecutor<'e>, id: Uuid) -> Result<Option<SealedCall>, sqlx::Error> {
    let query = sqlx::query_as::<_, Row>(select!("WHERE id = $1"));
    Ok(query.bind(id).fetch_optional(sql).await?.map(SealedCall::from))
}

/// The newest calls of an agent.
///
/// # Errors
/// The database.
pub async fn calls_of<'e>(sql: impl PgExecutor<'e>, agent: &str) -> Result<Vec<Call>, sqlx::Error> {
    let query = sqlx::query_as::<_, Row>(select!(
        "WHERE agent = $1 ORDER BY rang_at DESC, id DESC LIMIT $2"
    ));
    let rows = query.bind(agent).bind(LIST_MAX).fetch_all(sql).await?;
    Ok(rows.into_iter().map(|row| SealedCall::from(row).call).collect())
}

/// Saves what was reported of a locked call.
///
/// # Errors
/// The database.
pub async fn save_call(sql: &mut PgConnection, call: &Call) -> Result<(), sqlx::Error> {
    let recording = call.recording.as_ref();
    sqlx::query(
        "UPDATE call SET answered_at = $2, ended_at = $3, recording = $4, recording_seconds = $5 WHERE id = $1",
    )
    .bind(call.id)
    .bind(call.answered_at)
    .bind(call.ended_at)
    .bind(recording.map_or("", |recording| recording.reference.as_str()))
    .bind(recording.map_or(0, |recording| recording.seconds))
    .execute(sql)
    .await?;
    Ok(())
}

/// Notes that its agent sees the number; true the first time.
///
/// # Errors
/// The database.
pub async fn note_shown(sql: &mut PgConnection, id: Uuid, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let query = sqlx::query("UPDATE call SET shown_at = $2 WHERE id = $1 AND shown_at IS NULL");
    Ok(query.bind(id).bind(at).execute(sql).await?.rows_affected() == 1)
}

/// The appeals that were registered from a call, oldest first: identifier and number.
///
/// # Errors
/// The database.
pub async fn appeals_of_call<'e>(
    sql: impl PgExecutor<'e>,
    call: Uuid,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let query = sqlx::query_as(
        "SELECT id, number FROM appeal WHERE call_id = $1 ORDER BY registered_at, id LIMIT 50",
    );
    query.bind(call).fetch_all(sql).await
}

/// Who sits at a seat.
///
/// # Errors
/// The database.
pub async fn agent_at(sql: &mut PgConnection, seat: &str) -> Result<Option<String>, sqlx::Error> {
    let query = sqlx::query_scalar("SELECT agent FROM seat WHERE seat = $1");
    query.bind(seat).fetch_optional(sql).await
}

/// Puts an agent at a seat; who sat there, and where the agent sat before, are left.
///
/// # Errors
/// The database.
pub async fn take_seat(
    sql: &mut PgConnection,
    seat: &str,
    agent: &str,
    at: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    let before: Option<String> = sqlx::query_scalar("SELECT agent FROM seat WHERE seat = $1 FOR UPDATE")
        .bind(seat)
        .fetch_optional(&mut *sql)
        .await?;
    sqlx::query("DELETE FROM seat WHERE agent = $1 AND seat <> $2")
        .bind(agent)
        .bind(seat)
        .execute(&mut *sql)
        .await?;
    sqlx::query(
        "INSERT INTO seat AS s (seat, agent, since) VALUES ($1, $2, $3) \
         ON CONFLICT (seat) DO UPDATE SET agent = $2, since = $3 WHERE s.agent <> $2",
    )
    .bind(seat)
    .bind(agent)
    .bind(at)
    .execute(sql)
    .await?;
    Ok(before)
}

/// Takes an agent from the seat, and gives its number.
///
/// # Errors
/// The database.
pub async fn leave_seat<'e>(sql: impl PgExecutor<'e>, agent: &str) -> Result<Option<String>, sqlx::Error> {
    let query = sqlx::query_scalar("DELETE FROM seat WHERE agent = $1 RETURNING seat");
    query.bind(agent).fetch_optional(sql).await
}

/// Who sits where.
///
/// # Errors
/// The database.
pub async fn seats<'e>(sql: impl PgExecutor<'e>) -> Result<Vec<TakenSeat>, sqlx::Error> {
    let query = sqlx::query_as("SELECT seat, agent, since FROM seat ORDER BY seat LIMIT $1");
    query.bind(SEATS_MAX).fetch_all(sql).await
}

/// At most `rows` calls whose number is sealed under another key than the active one; locked.
///
/// # Errors
/// The database.
pub async fn aged_calls(
    sql: &mut PgConnection,
    keys: &ActiveKeys,
    rows: i64,
) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let query = sqlx::query_as(
        "SELECT id, telephone FROM call WHERE telephone IS NOT NULL AND (substring(telephone FROM 1 FOR 6) < $1 \
             OR substring(telephone FROM 1 FOR 6) > $1) LIMIT $2 FOR UPDATE",
    );
    query.bind(&keys.seal_header).bind(rows).fetch_all(sql).await
}

/// Puts the number of a call under the active key.
///
/// # Errors
/// The database.
pub async fn reseal_call(sql: &mut PgConnection, id: Uuid, telephone: &[u8]) -> Result<(), sqlx::Error> {
    let query = sqlx::query("UPDATE call SET telephone = $2 WHERE id = $1");
    query.bind(id).bind(telephone).execute(sql).await?;
    Ok(())
}
