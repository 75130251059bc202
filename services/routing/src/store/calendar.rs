//! The years' arrangements that were imported, as the clocks' service tells them.

use sqlx::PgConnection;

/// Keeps an arrangement; one that is there stays as it is.
///
/// # Errors
/// The database failed.
pub async fn add_year(
    sql: &mut PgConnection,
    version: i32,
    year: i32,
    toml: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO calendar_year (version, year, toml) VALUES ($1, $2, $3) ON CONFLICT (version) DO NOTHING",
    )
    .bind(version)
    .bind(year)
    .bind(toml)
    .execute(sql)
    .await?;
    Ok(())
}

/// Every arrangement, its version and its text, oldest first; nothing when `known` is the newest.
///
/// # Errors
/// The database failed.
pub async fn years_beyond(sql: &mut PgConnection, known: i32) -> Result<Vec<(i32, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT version, toml FROM calendar_year \
         WHERE EXISTS (SELECT 1 FROM calendar_year WHERE version > $1) ORDER BY version",
    )
    .bind(known)
    .fetch_all(sql)
    .await
}
