//! Lists of appeals, newest first, by keyset: the cost of a page does not grow with the table.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::record::{Record, Row, select};
use crate::domain::StateName;

/// Which appeals; every given part must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// State.
    pub state: Option<StateName>,
    /// Kind, as tables write it.
    pub appeal_type: Option<&'static str>,
    /// Channel, as tables write it.
    pub channel: Option<&'static str>,
    /// Division.
    pub area: Option<Area>,
    /// Category code.
    pub category: Option<String>,
    /// Any of these blind indexes of the telephone.
    pub telephones: Option<Vec<Vec<u8>>>,
}

/// Where, in the form that an index answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Area {
    /// A county and all in it, by its six digits.
    County(String),
    /// Exactly these divisions, streets as a rule.
    Exactly(Vec<String>),
    /// More than a county, by the beginning of its code: most rows of a city, so the newest are soon found.
    Beginning(String),
}

/// The place of a row in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// Its identifier.
    pub id: Uuid,
}

/// Earlier appeals that one appellant is asked about: more would not be read.
const EARLIER_ROWS: i64 = 50;

/// The newest appeals before `own` with one of these telephones or identity numbers, by their blind indexes.
///
/// # Errors
/// The database.
pub async fn earlier(
    pool: &PgPool,
    own: Key,
    telephones: &[Vec<u8>],
    identities: &[Vec<u8>],
) -> Result<Vec<Record>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE (p.telephone_index = ANY($1) OR p.identity_index = ANY($2)) AND a.id <> $3 AND a.registered_at <= $4 \
         ORDER BY a.registered_at DESC, a.id DESC LIMIT $5"
    ))
    .bind(telephones)
    .bind(identities)
    .bind(own.id)
    .bind(own.registered_at)
    .bind(EARLIER_ROWS)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Row::into_record).collect()
}

/// At most `rows` appeals that `filter` lets through, newest first, from just after `after`.
///
/// # Errors
/// The database.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<Key>,
    rows: usize,
) -> Result<Vec<Record>, sqlx::Error> {
    // Listed by state, the standing's own columns are the key, so that its index gives the order.
    let [at, id] = match filter.state {
        Some(_) => ["s.registered_at", "s.appeal_id"],
        None => ["a.registered_at", "a.id"],
    };
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(select!("WHERE true"));
    if let Some(state) = filter.state {
        query.push(" AND s.state = ").push_bind(state.as_str());
    }
    if let Some(appeal_type) = filter.appeal_type {
        query.push(" AND a.type = ").push_bind(appeal_type);
    }
    if let Some(channel) = filter.channel {
        query.push(" AND a.channel = ").push_bind(channel);
    }
    if let Some(area) = &filter.area {
        within(&mut query, area);
    }
    if let Some(category) = &filter.category {
        query.push(" AND a.category = ").push_bind(category.clone());
    }
    if let Some(telephones) = &filter.telephones {
        query
            .push(" AND p.telephone_index = ANY(")
            .push_bind(telephones.clone())
            .push(")");
    }
    if let Some(key) = after {
        query
            .push(format!(" AND ({at}, {id}) < ("))
            .push_bind(key.registered_at);
        query.push(", ").push_bind(key.id).push(")");
    }
    query.push(format!(" ORDER BY {at} DESC, {id} DESC LIMIT "));
    query.push_bind(i64::try_from(rows).unwrap_or(i64::MAX));
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Row::into_record).collect()
}

fn within(query: &mut QueryBuilder<Postgres>, area: &Area) {
    match area {
        Area::County(code) => query.push(" AND left(a.division, 6) = ").push_bind(code.clone()),
        Area::Exactly(codes) => match codes.as_slice() {
            [one] => query.push(" AND a.division = ").push_bind(one.clone()),
            several => query
                .push(" AND a.division = ANY(")
                .push_bind(several.to_vec())
                .push(")"),
        },
        Area::Beginning(code) => query
            .push(" AND starts_with(a.division, ")
            .push_bind(code.clone())
            .push(")"),
    };
}
