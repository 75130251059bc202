//! What accounts are called, and nothing else of them.

use sqlx::{FromRow, PgPool};

use super::Result;

/// An account's name, with what decides who may know it.
#[derive(Clone, Debug, FromRow)]
pub struct Called {
    /// Number.
    pub id: i64,
    /// Name to sign in with.
    pub username: String,
    /// Name shown.
    pub name: String,
    /// Unit.
    pub unit: Option<String>,
}

/// The accounts with these numbers or usernames.
///
/// # Errors
/// The database.
pub async fn called(pool: &PgPool, numbers: &[i64], usernames: &[String]) -> Result<Vec<Called>> {
    sqlx::query_as("SELECT id, username, name, unit FROM account WHERE id = ANY ($1) OR username = ANY ($2)")
        .bind(numbers)
        .bind(usernames)
        .fetch_all(pool)
        .await
}
