//! Open matters of a category in a division: what they are about and where, and nothing that anybody wrote.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::domain::StateName;

/// Matters of an answer.
const MATTERS_MAX: i64 = 5;

/// An open matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// Its appeal.
    pub id: Uuid,
    /// Division code.
    pub division: String,
    /// Where it stands.
    pub state: StateName,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// Appeals that were joined to it.
    pub joined: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    division: String,
    state: String,
    registered_at: DateTime<Utc>,
    joined: i64,
}

/// The newest open matters of `category` in the county of `division`, or in the town that it is, since `since`.
///
/// Left out: what is sensitive, confidential, a report of misconduct, or an enterprise's; nobody may learn of those.
///
/// # Errors
/// The database, or a state that the domain does not know.
pub async fn similar(
    pool: &PgPool,
    category: &str,
    division: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Similar>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.division, s.state, a.registered_at, \
             (SELECT count(*) FROM standing j WHERE j.merged_into = a.id) AS joined \
         FROM appeal a JOIN standing s ON s.appeal_id = a.id \
         WHERE a.category = $1 AND starts_with(a.division, $2) AND a.registered_at >= $3 \
             AND s.state IN ('registered', 'accepted', 'in_progress') \
             AND a.type <> 'report' AND NOT a.sensitive AND NOT a.confidential AND a.enterprise_name IS NULL \
         ORDER BY a.registered_at DESC, a.id DESC LIMIT $4",
    )
    .bind(category)
    .bind(division)
    .bind(since)
    .bind(MATTERS_MAX)
    .fetch_all(pool)
    .await?;
    let read = |row: Row| {
        let state = StateName::parse(&row.state);
        let state = state.ok_or_else(|| sqlx::Error::Decode(format!("state {}", row.state).into()))?;
        Ok(Similar {
            id: row.id,
            division: row.division,
            state,
            registered_at: row.registered_at,
            joined: row.joined,
        })
    };
    rows.into_iter().map(read).collect()
}
