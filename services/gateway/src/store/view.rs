//! Views that people keep.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

/// Most views of one account.
pub const VIEWS_MAX: i64 = 200;

/// A list as a person set it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct View {
    /// Identifier.
    pub id: Uuid,
    /// List.
    pub list: String,
    /// Name.
    pub name: String,
    /// Query string.
    pub query: String,
    /// Shown when the list opens.
    pub is_default: bool,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

/// The views of an account, of one list or of every one.
///
/// # Errors
/// The database.
pub async fn views<'e>(
    sql: impl PgExecutor<'e>,
    account: &str,
    list: &str,
) -> Result<Vec<View>, sqlx::Error> {
    let query = sqlx::query_as(
        "SELECT id, list, name, query, is_default, saved_at FROM saved_view \
         WHERE account_id = $1 AND ($2 = '' OR list = $2) ORDER BY list, name LIMIT $3",
    );
    query
        .bind(account)
        .bind(list)
        .bind(VIEWS_MAX)
        .fetch_all(sql)
        .await
}

/// How many views an account has.
///
/// # Errors
/// The database.
pub async fn count_views(sql: &mut PgConnection, account: &str) -> Result<i64, sqlx::Error> {
    // Two saves at once wait for each other, so that they do not pass the bound together.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('saved_view ' || $1, 0))")
        .bind(account)
        .execute(&mut *sql)
        .await?;
    let query = sqlx::query_scalar("SELECT count(*) FROM saved_view WHERE account_id = $1");
    query.bind(account).fetch_one(sql).await
}

/// Changes the account's view of this identifier; nothing where there is none.
///
/// # Errors
/// The database; a name that another view of the list has.
pub async fn update_view(
    sql: &mut PgConnection,
    account: &str,
    view: &View,
) -> Result<Option<View>, sqlx::Error> {
    let query = sqlx::query_as(
        "UPDATE saved_view SET list = $3, name = $4, query = $5, is_default = $6, saved_at = $7 \
         WHERE account_id = $1 AND id = $2 RETURNING id, list, name, query, is_default, saved_at",
    );
    bound(query, account, view).fetch_optional(sql).await
}

/// Keeps a view, or changes that of the same list and name.
///
/// # Errors
/// The database.
pub async fn upsert_view(sql: &mut PgConnection, account: &str, view: &View) -> Result<View, sqlx::Error> {
    let query = sqlx::query_as(
        "INSERT INTO saved_view (account_id, id, list, name, query, is_default, saved_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, list, name) DO UPDATE \
             SET query = excluded.query, is_default = excluded.is_default, saved_at = excluded.saved_at \
         RETURNING id, list, name, query, is_default, saved_at",
    );
    bound(query, account, view).fetch_one(sql).await
}

type Query<'q> = sqlx::query::QueryAs<'q, sqlx::Postgres, View, sqlx::postgres::PgArguments>;

fn bound<'q>(query: Query<'q>, account: &'q str, view: &'q View) -> Query<'q> {
    query
        .bind(account)
        .bind(view.id)
        .bind(&view.list)
        .bind(&view.name)
        .bind(&view.query)
        .bind(view.is_default)
        .bind(view.saved_at)
}

/// Lets no other view of the list be the one that it opens with.
///
/// # Errors
/// The database.
pub async fn only_default(sql: &mut PgConnection, account: &str, view: &View) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "UPDATE saved_view SET is_default = false WHERE account_id = $1 AND list = $2 AND id <> $3 AND is_default",
    );
    query
        .bind(account)
        .bind(&view.list)
        .bind(view.id)
        .execute(sql)
        .await?;
    Ok(())
}

/// Forgets the account's view of this identifier.
///
/// # Errors
/// The database.
pub async fn delete_view<'e>(sql: impl PgExecutor<'e>, account: &str, id: Uuid) -> Result<(), sqlx::Error> {
    let query = sqlx::query("DELETE FROM saved_view WHERE account_id = $1 AND id = $2");
    query.bind(account).bind(id).execute(sql).await?;
    Ok(())
}
