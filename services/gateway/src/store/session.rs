//! Sessions: made, found by the digest of their token, ended, purged.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::Result;

/// A session to be made.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Id.
    pub id: Uuid,
    /// Digest of its token.
    pub hash: &'a [u8],
    /// Account.
    pub account: i64,
    /// How it was signed in.
    pub method: &'a str,
    /// Network address.
    pub address: &'a str,
    /// What the browser calls itself.
    pub agent: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Makes a session.
///
/// # Errors
/// The database.
pub async fn insert_session(sql: &mut PgConnection, new: &NewSession<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO session (id, hash, account_id, method, address, agent, created_at, seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
    )
    .bind(new.id)
    .bind(new.hash)
    .bind(new.account)
    .bind(new.method)
    .bind(new.address)
    .bind(new.agent)
    .bind(new.now)
    .bind(new.expires_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// A session that is alive, with what its account may do.
#[derive(Clone, Debug, FromRow)]
pub struct Live {
    /// Session.
    pub id: Uuid,
    /// Account.
    pub account_id: i64,
    /// Name shown.
    pub name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Division.
    pub division: Option<String>,
    /// How it was signed in.
    pub method: String,
    /// Address that it was opened from.
    pub address: String,
    /// When it was last seen, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// The session of a token, if it is alive and its account open.
///
/// # Errors
/// The database.
pub async fn live(
    sql: impl PgExecutor<'_>,
    hash: &[u8],
    now: DateTime<Utc>,
    idle: TimeDelta,
) -> Result<Option<Live>> {
    sqlx::query_as(
        "SELECT s.id, s.account_id, a.name, a.roles, a.unit, a.division, s.method, s.address, s.seen_at, \
         s.expires_at \
         FROM session s JOIN account a ON a.id = s.account_id \
         WHERE s.hash = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND NOT a.locked",
    )
    .bind(hash)
    .bind(now)
    .bind(now - idle)
    .fetch_optional(sql)
    .await
}

/// Whether a session is alive and its account open.
///
/// # Errors
/// The database.
pub async fn alive(pool: &PgPool, id: Uuid, now: DateTime<Utc>, idle: TimeDelta) -> Result<bool> {
    let found: Option<Uuid> = sqlx::query_scalar(
        "SELECT s.id FROM session s JOIN account a ON a.id = s.account_id \
         WHERE s.id = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND NOT a.locked",
    )
    .bind(id)
    .bind(now)
    .bind(now - idle)
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

/// Notes that a session was seen.
///
/// # Errors
/// The database.
pub async fn seen(pool: &PgPool, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
        .bind(id)
        .bind(now)
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends one session of an account; `false` when it has no such session.
///
/// # Errors
/// The database.
pub async fn end(sql: &mut PgConnection, account: i64, id: Uuid) -> Result<bool> {
    let done = sqlx::query("DELETE FROM session WHERE account_id = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of an account but `kept`, and first halves.
///
/// # Errors
/// The database.
pub async fn end_all(sql: &mut PgConnection, account: i64, kept: Option<Uuid>) -> Result<u64> {
    sqlx::query("DELETE FROM half_session WHERE account_id = $1")
        .bind(account)
        .execute(&mut *sql)
        .await?;
    let done = sqlx::query("DELETE FROM session WHERE account_id = $1 AND id IS DISTINCT FROM $2")
        .bind(account)
        .bind(kept)
        .execute(sql)
        .await?;
    Ok(done.rows_affected())
}

/// A session in a list.
#[derive(Clone, Debug, FromRow)]
pub struct Row {
    /// Session.
    pub id: Uuid,
    /// How it was signed in.
    pub method: String,
    /// Network address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// Sign-in.
    pub created_at: DateTime<Utc>,
    /// Last call.
    pub seen_at: DateTime<Utc>,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
}

/// The sessions of an account that are alive, the latest sign-in first.
///
/// # Errors
/// The database.
pub async fn of_account(
    pool: &PgPool,
    account: i64,
    now: DateTime<Utc>,
    idle: TimeDelta,
) -> Result<Vec<Row>> {
    sqlx::query_as(
        "SELECT id, method, address, agent, created_at, seen_at, expires_at FROM session \
         WHERE account_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY created_at DESC, id",
    )
    .bind(account)
    .bind(now)
    .bind(now - idle)
    .fetch_all(pool)
    .await
}

/// Removes what has ended: sessions, halves, ways, links, and addresses that were quiet since `quiet`.
///
/// # Errors
/// The database.
pub async fn purge(pool: &PgPool, now: DateTime<Utc>, idle: TimeDelta, quiet: DateTime<Utc>) -> Result<()> {
    sqlx::query("DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2")
        .bind(now)
        .bind(now - idle)
        .execute(pool)
        .await?;
    for statement in [
        "DELETE FROM half_session WHERE expires_at <= $1",
        "DELETE FROM oidc_flow WHERE expires_at <= $1",
        "DELETE FROM one_time_link WHERE expires_at <= $1",
    ] {
        sqlx::query(statement).bind(now).execute(pool).await?;
    }
    sqlx::query("DELETE FROM address_failure WHERE last_at <= $1")
        .bind(quiet)
        .execute(pool)
        .await?;
    Ok(())
}
