//! Accounts, their passwords of before and their recovery codes.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};

use super::Result;
use crate::domain::Draft;

/// Passwords of before that none may repeat, with the present one.
const PASSWORDS_KEPT: i64 = 5;

/// An account.
#[derive(Clone, Debug, FromRow)]
pub struct Account {
    /// Number.
    pub id: i64,
    /// Name to sign in with.
    pub username: String,
    /// Name shown.
    pub name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Division.
    pub division: Option<String>,
    /// Whether an administrator locked it.
    pub locked: bool,
    /// Hash of its password.
    pub password: Option<String>,
    /// Sealed secret of its authenticator.
    pub factor: Option<Vec<u8>>,
    /// Step of the last code that was used.
    pub factor_step: i64,
    /// Subject at the identity provider.
    pub oidc_subject: Option<String>,
    /// Failures since the last success.
    pub failures: i32,
    /// Until when it waits.
    pub waits_until: Option<DateTime<Utc>>,
    /// Last sign-in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Version.
    pub version: i32,
}

impl Account {
    /// What an administrator says of it.
    pub fn draft(&self) -> Draft {
        Draft {
            name: self.name.clone(),
            roles: self.roles.clone(),
            unit: self.unit.clone(),
            division: self.division.clone(),
            oidc_subject: self.oidc_subject.clone(),
        }
    }
}

/// The account of a number.
///
/// # Errors
/// The database.
pub async fn by_number(sql: &mut PgConnection, id: i64) -> Result<Option<Account>> {
    sqlx::query_as("SELECT * FROM account WHERE id = $1")
        .bind(id)
        .fetch_optional(sql)
        .await
}

/// The account of a username.
///
/// # Errors
/// The database.
pub async fn by_name(sql: &mut PgConnection, username: &str) -> Result<Option<Account>> {
    sqlx::query_as("SELECT * FROM account WHERE username = $1")
        .bind(username)
        .fetch_optional(sql)
        .await
}

/// The account that a subject of the identity provider is linked to.
///
/// # Errors
/// The database.
pub async fn by_subject(sql: &mut PgConnection, subject: &str) -> Result<Option<Account>> {
    sqlx::query_as("SELECT * FROM account WHERE oidc_subject = $1")
        .bind(subject)
        .fetch_optional(sql)
        .await
}

/// Links an account to a subject of the identity provider, unless it is linked already.
///
/// # Errors
/// The database.
pub async fn link_subject(sql: &mut PgConnection, id: i64, subject: &str) -> Result<()> {
    sqlx::query(
        "UPDATE account SET oidc_subject = $2, version = version + 1 WHERE id = $1 AND oidc_subject IS NULL",
    )
    .bind(id)
    .bind(subject)
    .execute(sql)
    .await?;
    Ok(())
}

/// The account of a number, held until the transaction ends.
///
/// # Errors
/// The database.
pub async fn lock_by_number(sql: &mut PgConnection, id: i64) -> Result<Option<Account>> {
    sqlx::query_as("SELECT * FROM account WHERE id = $1 FOR UPDATE")
        .bind(id)
        .fetch_optional(sql)
        .await
}

/// A new account.
///
/// # Errors
/// The database; a username or subject that is taken violates its constraint.
pub async fn insert(
    sql: &mut PgConnection,
    username: &str,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Account> {
    sqlx::query_as(
        "INSERT INTO account (username, name, roles, unit, division, oidc_subject, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *",
    )
    .bind(username)
    .bind(&draft.name)
    .bind(&draft.roles)
    .bind(&draft.unit)
    .bind(&draft.division)
    .bind(&draft.oidc_subject)
    .bind(now)
    .fetch_one(sql)
    .await
}

/// Writes what an administrator says of an account.
///
/// # Errors
/// As [`insert`].
pub async fn update(sql: &mut PgConnection, id: i64, draft: &Draft) -> Result<Account> {
    sqlx::query_as(
        "UPDATE account SET name = $2, roles = $3, unit = $4, division = $5, oidc_subject = $6, \
         version = version + 1 WHERE id = $1 RETURNING *",
    )
    .bind(id)
    .bind(&draft.name)
    .bind(&draft.roles)
    .bind(&draft.unit)
    .bind(&draft.division)
    .bind(&draft.oidc_subject)
    .fetch_one(sql)
    .await
}

/// Locks or unlocks an account; both forget its failures.
///
/// # Errors
/// The database.
pub async fn save_locked(sql: &mut PgConnection, id: i64, locked: bool) -> Result<Account> {
    sqlx::query_as(
        "UPDATE account SET locked = $2, failures = 0, waits_until = NULL, version = version + 1 \
         WHERE id = $1 RETURNING *",
    )
    .bind(id)
    .bind(locked)
    .fetch_one(sql)
    .await
}

/// Accounts in a role that are open, without this one.
///
/// # Errors
/// The database.
pub async fn others_in_role(sql: &mut PgConnection, role: &str, id: i64) -> Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM account WHERE $1 = ANY (roles) AND NOT locked AND id <> $2")
        .bind(role)
        .bind(id)
        .fetch_one(sql)
        .await
}

/// Whether no administrator of security ever signed in.
///
/// # Errors
/// The database.
pub async fn nobody_ever_signed_in(sql: &mut PgConnection) -> Result<bool> {
    let signed_in: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM account WHERE 'security_admin' = ANY (roles) AND last_sign_in_at IS NOT NULL",
    )
    .fetch_one(sql)
    .await?;
    Ok(signed_in == 0)
}

/// One more failure of an account; its count and until when it waits.
///
/// # Errors
/// The database.
pub async fn save_failures(
    sql: &mut PgConnection,
    id: i64,
    failures: i32,
    waits_until: Option<DateTime<Utc>>,
) -> Result<()> {
    let query = sqlx::query("UPDATE account SET failures = $2, waits_until = $3 WHERE id = $1");
    query
        .bind(id)
        .bind(failures)
        .bind(waits_until)
        .execute(sql)
        .await?;
    Ok(())
}

/// A success: failures are forgotten.
///
/// # Errors
/// The database.
pub async fn save_signed_in(sql: &mut PgConnection, id: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE account SET failures = 0, waits_until = NULL, last_sign_in_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(sql)
        .await?;
    Ok(())
}

/// Puts a new password in place of the old one, which is remembered.
///
/// # Errors
/// The database.
pub async fn save_password(sql: &mut PgConnection, id: i64, hash: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "INSERT INTO old_password (account_id, password, set_at) \
         SELECT id, password, $2 FROM account WHERE id = $1 AND password IS NOT NULL",
    )
    .bind(id)
    .bind(now)
    .execute(&mut *sql)
    .await?;
    sqlx::query(
        "DELETE FROM old_password WHERE account_id = $1 AND set_at NOT IN \
         (SELECT set_at FROM old_password WHERE account_id = $1 ORDER BY set_at DESC LIMIT $2)",
    )
    .bind(id)
    .bind(PASSWORDS_KEPT - 1)
    .execute(&mut *sql)
    .await?;
    sqlx::query("UPDATE account SET password = $2, failures = 0, waits_until = NULL WHERE id = $1")
        .bind(id)
        .bind(hash)
        .execute(sql)
        .await?;
    Ok(())
}

/// Hashes of the last passwords, the present one first.
///
/// # Errors
/// The database.
pub async fn recent_passwords(sql: &mut PgConnection, id: i64) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT password FROM ( \
             SELECT password, 'infinity'::timestamptz AS set_at FROM account WHERE id = $1 AND password IS NOT NULL \
             UNION ALL SELECT password, set_at FROM old_password WHERE account_id = $1) AS known \
         ORDER BY set_at DESC LIMIT $2",
    )
    .bind(id)
    .bind(PASSWORDS_KEPT)
    .fetch_all(sql)
    .await
}

/// Sets the sealed secret of an authenticator, or forgets it with its recovery codes.
///
/// # Errors
/// The database.
pub async fn save_factor(sql: &mut PgConnection, id: i64, factor: Option<&[u8]>) -> Result<()> {
    sqlx::query("UPDATE account SET factor = $2, factor_step = 0 WHERE id = $1")
        .bind(id)
        .bind(factor)
        .execute(&mut *sql)
        .await?;
    replace_recovery_codes(sql, id, &[]).await
}

/// Remembers the step of a used code; `false` when it was used before.
///
/// # Errors
/// The database.
pub async fn save_step(sql: &mut PgConnection, id: i64, step: i64) -> Result<bool> {
    let done = sqlx::query("UPDATE account SET factor_step = $2 WHERE id = $1 AND factor_step < $2")
        .bind(id)
        .bind(step)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts new recovery codes in place of all others.
///
/// # Errors
/// The database.
pub async fn replace_recovery_codes(sql: &mut PgConnection, id: i64, hashes: &[Vec<u8>]) -> Result<()> {
    sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
        .bind(id)
        .execute(&mut *sql)
        .await?;
    sqlx::query("INSERT INTO recovery_code (account_id, hash) SELECT $1, unnest($2::bytea[])")
        .bind(id)
        .bind(hashes)
        .execute(sql)
        .await?;
    Ok(())
}

/// Uses up a recovery code; `false` when there is none.
///
/// # Errors
/// The database.
pub async fn take_recovery_code(sql: &mut PgConnection, id: i64, hash: &[u8]) -> Result<bool> {
    let done = sqlx::query("DELETE FROM recovery_code WHERE account_id = $1 AND hash = $2")
        .bind(id)
        .bind(hash)
        .execute(sql)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Which accounts a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Beginning of a username, or part of a name.
    pub query: String,
    /// Role.
    pub role: String,
    /// Unit.
    pub unit: String,
    /// Locked, or not.
    pub locked: Option<bool>,
}

/// At most `rows` accounts by username after `after`.
///
/// # Errors
/// The database.
pub async fn list(pool: &PgPool, filter: &Filter, after: &str, rows: usize) -> Result<Vec<Account>> {
    let mut query = QueryBuilder::<Postgres>::new("SELECT * FROM account WHERE username > ");
    query.push_bind(after);
    if !filter.query.is_empty() {
        query
            .push(" AND (starts_with(username, ")
            .push_bind(filter.query.to_lowercase())
            .push(") OR strpos(name, ")
            .push_bind(&filter.query)
            .push(") > 0)");
    }
    if !filter.role.is_empty() {
        query.push(" AND ").push_bind(&filter.role).push(" = ANY (roles)");
    }
    if !filter.unit.is_empty() {
        query.push(" AND unit = ").push_bind(&filter.unit);
    }
    if let Some(locked) = filter.locked {
        query.push(" AND locked = ").push_bind(locked);
    }
    query
        .push(" ORDER BY username LIMIT ")
        .push_bind(i64::try_from(rows).unwrap_or(i64::MAX));
    query.build_query_as().fetch_all(pool).await
}
