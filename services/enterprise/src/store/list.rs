//! Lists of enterprise legs, newest first, by keyset: the cost of a page does not grow with the table.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::Result;
use super::row::{LegRow, select};
use crate::domain::{Leg, Progress};

/// Which legs; every given part must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Progress.
    pub progress: Option<Progress>,
    /// Unit that leads.
    pub lead_unit: Option<String>,
    /// Credit code.
    pub credit_code: Option<String>,
}

/// The place of a leg in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Its order.
    pub order: Uuid,
}

/// At most `rows` legs that `filter` lets through, newest first, from just after `after`.
///
/// # Errors
/// The database.
pub async fn list(pool: &PgPool, filter: &Filter, after: Option<Key>, rows: usize) -> Result<Vec<Leg>> {
    // Listed by what the standing filters by, its own columns are the key, so that its index gives the order.
    let by_standing =
        filter.credit_code.is_none() && (filter.progress.is_some() || filter.lead_unit.is_some());
    let [at, order] = if by_standing {
        ["s.received_at", "s.order_id"]
    } else {
        ["l.received_at", "l.order_id"]
    };
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(select!("WHERE true"));
    if let Some(progress) = filter.progress {
        query.push(" AND s.progress = ").push_bind(progress.as_str());
    }
    if let Some(unit) = &filter.lead_unit {
        query.push(" AND s.lead_unit = ").push_bind(unit.clone());
    }
    if let Some(code) = &filter.credit_code {
        // Said once more in words of the index.
        query
            .push(" AND l.credit_code <> '' AND l.credit_code = ")
            .push_bind(code.clone());
    }
    if let Some(key) = after {
        query
            .push(format!(" AND ({at}, {order}) < ("))
            .push_bind(key.received_at);
        query.push(", ").push_bind(key.order).push(")");
    }
    query.push(format!(" ORDER BY {at} DESC, {order} DESC LIMIT "));
    query.push_bind(i64::try_from(rows).unwrap_or(i64::MAX));
    let rows: Vec<LegRow> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(LegRow::into_leg).collect())
}
