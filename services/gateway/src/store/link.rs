//! What is good for once: links, first halves of a sign-in, ways to the identity provider and back.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};

use super::Result;

/// A new link of an account.
///
/// # Errors
/// The database.
pub async fn insert_link(
    sql: &mut PgConnection,
    hash: &[u8],
    account: i64,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO one_time_link (hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(hash)
    .bind(account)
    .bind(now)
    .bind(expires_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// Ends an account's links.
///
/// # Errors
/// The database.
pub async fn drop_links(sql: &mut PgConnection, account: i64) -> Result<()> {
    sqlx::query("DELETE FROM one_time_link WHERE account_id = $1")
        .bind(account)
        .execute(sql)
        .await?;
    Ok(())
}

/// The account of a link that still works; the link stays.
///
/// # Errors
/// The database.
pub async fn link_account(sql: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<i64>> {
    sqlx::query_scalar("SELECT account_id FROM one_time_link WHERE hash = $1 AND expires_at > $2")
        .bind(hash)
        .bind(now)
        .fetch_optional(sql)
        .await
}

/// Uses up a link; the account it was for.
///
/// # Errors
/// The database.
pub async fn take_link(sql: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<i64>> {
    sqlx::query_scalar("DELETE FROM one_time_link WHERE hash = $1 AND expires_at > $2 RETURNING account_id")
        .bind(hash)
        .bind(now)
        .fetch_optional(sql)
        .await
}

/// The first half of a sign-in.
#[derive(Clone, Debug, FromRow)]
pub struct Half {
    /// Account.
    pub account_id: i64,
    /// How the first half was proved.
    pub method: String,
    /// Where to go afterwards.
    pub next: String,
    /// Codes tried.
    pub tries: i32,
    /// Sealed secret of an authenticator that is being set up.
    pub factor: Option<Vec<u8>>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A first half, by the digest of its token.
///
/// # Errors
/// The database.
pub async fn insert_half(sql: &mut PgConnection, hash: &[u8], half: &Half) -> Result<()> {
    sqlx::query(
        "INSERT INTO half_session (hash, account_id, method, next, tries, factor, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(hash)
    .bind(half.account_id)
    .bind(&half.method)
    .bind(&half.next)
    .bind(half.tries)
    .bind(&half.factor)
    .bind(half.expires_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// One more try of a first half, as it is then.
///
/// # Errors
/// The database.
pub async fn try_half(
    sql: &mut PgConnection,
    hash: &[u8],
    now: DateTime<Utc>,
    tried: bool,
) -> Result<Option<Half>> {
    sqlx::query_as(
        "UPDATE half_session SET tries = tries + $3 WHERE hash = $1 AND expires_at > $2 \
         RETURNING account_id, method, next, tries, factor, expires_at",
    )
    .bind(hash)
    .bind(now)
    .bind(i32::from(tried))
    .fetch_optional(sql)
    .await
}

/// Uses up a first half.
///
/// # Errors
/// The database.
pub async fn take_half(sql: &mut PgConnection, hash: &[u8]) -> Result<bool> {
    let done = sqlx::query("DELETE FROM half_session WHERE hash = $1")
        .bind(hash)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A way to the identity provider and back.
#[derive(Clone, Debug, FromRow)]
pub struct Flow {
    /// What the provider gives back unread.
    pub state: String,
    /// What stands in the token.
    pub nonce: String,
    /// What proves that the same program asks for the token.
    pub verifier: String,
    /// Where to go afterwards.
    pub next: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A way that begins.
///
/// # Errors
/// The database.
pub async fn insert_flow(sql: &mut PgConnection, hash: &[u8], flow: &Flow) -> Result<()> {
    sqlx::query(
        "INSERT INTO oidc_flow (hash, state, nonce, verifier, next, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(hash)
    .bind(&flow.state)
    .bind(&flow.nonce)
    .bind(&flow.verifier)
    .bind(&flow.next)
    .bind(flow.expires_at)
    .execute(sql)
    .await?;
    Ok(())
}

/// Uses up a way.
///
/// # Errors
/// The database.
pub async fn take_flow(sql: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Flow>> {
    sqlx::query_as(
        "DELETE FROM oidc_flow WHERE hash = $1 AND expires_at > $2 \
         RETURNING state, nonce, verifier, next, expires_at",
    )
    .bind(hash)
    .bind(now)
    .fetch_optional(sql)
    .await
}
