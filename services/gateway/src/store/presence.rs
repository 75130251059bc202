//! Who looks at which order: soft state that every replica reads.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

/// People read at once: more than a city has at work.
const PEOPLE_MAX: i64 = 5_000;

/// A tab with an order in it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Seat {
    /// Account.
    pub account_id: String,
    /// Tab.
    pub client_id: String,
    /// Order or appeal.
    pub order_id: Uuid,
    /// Name shown to colleagues.
    pub name: String,
    /// Roles of the person.
    pub roles: Vec<String>,
    /// Unit; empty for the platform's own.
    pub unit_id: String,
    /// "viewing" or "editing".
    pub mode: String,
    /// Since when at this order.
    pub since: DateTime<Utc>,
}

/// Notes what a tab looks at; `since` stays while it is the same order.
///
/// # Errors
/// The database.
pub async fn note_presence<'e>(
    sql: impl PgExecutor<'e>,
    seat: &Seat,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO presence AS p (account_id, client_id, order_id, name, roles, unit_id, mode, since, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account_id, client_id) DO UPDATE SET \
             order_id = $3, name = $4, roles = $5, unit_id = $6, mode = $7, seen_at = $9, \
             since = CASE WHEN p.order_id = $3 THEN p.since ELSE $8 END",
    )
    .bind(&seat.account_id)
    .bind(&seat.client_id)
    .bind(seat.order_id)
    .bind(&seat.name)
    .bind(&seat.roles)
    .bind(&seat.unit_id)
    .bind(&seat.mode)
    .bind(seat.since)
    .bind(now)
    .execute(sql)
    .await?;
    Ok(())
}

/// Forgets a tab.
///
/// # Errors
/// The database.
pub async fn leave<'e>(sql: impl PgExecutor<'e>, account: &str, client: &str) -> Result<(), sqlx::Error> {
    let query = sqlx::query("DELETE FROM presence WHERE account_id = $1 AND client_id = $2");
    query.bind(account).bind(client).execute(sql).await?;
    Ok(())
}

/// Everybody who was seen after `since`, by order.
///
/// # Errors
/// The database.
pub async fn present<'e>(sql: impl PgExecutor<'e>, since: DateTime<Utc>) -> Result<Vec<Seat>, sqlx::Error> {
    let query = sqlx::query_as(
        "SELECT account_id, client_id, order_id, name, roles, unit_id, mode, since FROM presence \
         WHERE seen_at > $1 ORDER BY order_id, since, account_id LIMIT $2",
    );
    query.bind(since).bind(PEOPLE_MAX).fetch_all(sql).await
}

/// Removes who was not seen after `since`.
///
/// # Errors
/// The database.
pub async fn sweep(sql: &mut PgConnection, since: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let query = sqlx::query("DELETE FROM presence WHERE seen_at <= $1");
    query.bind(since).execute(sql).await?;
    Ok(())
}
