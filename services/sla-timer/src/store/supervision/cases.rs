//! Cases: read, locked, written, listed by keyset.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::supervision::{Case, CaseState};

/// A case with the facts of its order, as the contract encodes them; empty without an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The case.
    pub case: Case,
    /// The order's facts.
    pub facts: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    doc: Json<Case>,
    facts: Vec<u8>,
    version: i64,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        let Json(case) = row.doc;
        Self {
            case: Case {
                version: row.version,
                ..case
            },
            facts: row.facts,
        }
    }
}

/// Which cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of this unit.
    pub unit: Option<String>,
    /// Of this class.
    pub class: Option<String>,
    /// In the state of this number.
    pub state: Option<i16>,
    /// Of this order.
    pub order: Option<Uuid>,
    /// Opened at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Opened before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// The number of a state, as in the contract.
fn number_of(state: CaseState) -> i16 {
    match state {
        CaseState::Open => 1,
        CaseState::Listed => 2,
        CaseState::Closed => 3,
    }
}

/// Writes a new case; false when the request was answered before.
///
/// # Errors
/// The database failed.
pub async fn insert(sql: &mut PgConnection, kept: &Kept, request: Option<&str>) -> Result<bool, sqlx::Error> {
    let case = &kept.case;
    let done = sqlx::query(
        "INSERT INTO supervision_case (id, number, policy_id, order_id, unit_id, class, key, state, opened_at, version, \
             request, doc, facts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (request) DO NOTHING",
    )
    .bind(case.id)
    .bind(&case.number)
    .bind(&case.policy_id)
    .bind(case.order.as_ref().map(|order| order.id))
    .bind(&case.unit)
    .bind(&case.class)
    .bind(&case.key)
    .bind(number_of(case.state))
    .bind(case.opened_at)
    .bind(case.version)
    .bind(request)
    .bind(Json(case))
    .bind(&kept.facts)
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a locked case over its row; its version is one more.
///
/// # Errors
/// The database failed.
pub async fn update(sql: &mut PgConnection, case: &mut Case) -> Result<(), sqlx::Error> {
    case.version += 1;
    sqlx::query("UPDATE supervision_case SET unit_id = $2, state = $3, version = $4, doc = $5 WHERE id = $1")
        .bind(case.id)
        .bind(&case.unit)
        .bind(number_of(case.state))
        .bind(case.version)
        .bind(Json(&*case))
        .execute(sql)
        .await?;
    Ok(())
}

async fn one(query: QueryAs<'_>, sql: &mut PgConnection) -> Result<Option<Kept>, sqlx::Error> {
    Ok(query.fetch_optional(sql).await?.map(Kept::from))
}

type QueryAs<'q> = sqlx::query::QueryAs<'q, Postgres, Row, sqlx::postgres::PgArguments>;

/// A case, locked.
///
/// # Errors
/// The database failed.
pub async fn lock(sql: &mut PgConnection, id: Uuid) -> Result<Option<Kept>, sqlx::Error> {
    let query = "SELECT doc, facts, version FROM supervision_case WHERE id = $1 FOR UPDATE";
    one(sqlx::query_as(query).bind(id), sql).await
}

/// A case as it stands.
///
/// # Errors
/// The database failed.
pub async fn get(sql: &mut PgConnection, id: Uuid) -> Result<Option<Kept>, sqlx::Error> {
    let query = "SELECT doc, facts, version FROM supervision_case WHERE id = $1";
    one(sqlx::query_as(query).bind(id), sql).await
}

/// The case of a number.
///
/// # Errors
/// The database failed.
pub async fn by_number(sql: &mut PgConnection, number: &str) -> Result<Option<Kept>, sqlx::Error> {
    let query = "SELECT doc, facts, version FROM supervision_case WHERE number = $1";
    one(sqlx::query_as(query).bind(number), sql).await
}

/// The case that a request opened.
///
/// # Errors
/// The database failed.
pub async fn by_request(sql: &mut PgConnection, request: &str) -> Result<Option<Kept>, sqlx::Error> {
    let query = "SELECT doc, facts, version FROM supervision_case WHERE request = $1";
    one(sqlx::query_as(query).bind(request), sql).await
}

/// The open case of a class and what it counts by, locked.
///
/// # Errors
/// The database failed.
pub async fn open_of_class(
    sql: &mut PgConnection,
    class: &str,
    key: &str,
) -> Result<Option<Kept>, sqlx::Error> {
    let query = "SELECT doc, facts, version FROM supervision_case WHERE class = $1 AND key = $2 AND state <> 3 \
                 ORDER BY opened_at DESC LIMIT 1 FOR UPDATE";
    one(sqlx::query_as(query).bind(class).bind(key), sql).await
}

/// When the newest case of a class and what it counts by was opened.
///
/// # Errors
/// The database failed.
pub async fn last_opened(
    sql: &mut PgConnection,
    class: &str,
    key: &str,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar("SELECT max(opened_at) FROM supervision_case WHERE class = $1 AND key = $2")
        .bind(class)
        .bind(key)
        .fetch_one(sql)
        .await
}

/// The open cases of orders, locked.
///
/// # Errors
/// The database failed.
pub async fn open_of_orders(sql: &mut PgConnection, orders: &[Uuid]) -> Result<Vec<Kept>, sqlx::Error> {
    let query = "SELECT doc, facts, version FROM supervision_case WHERE order_id = ANY ($1) AND state <> 3 \
                 ORDER BY opened_at, id FOR UPDATE";
    let rows: Vec<Row> = sqlx::query_as(query).bind(orders).fetch_all(sql).await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// A page of cases before a place, newest first.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    filter: &CaseFilter,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Kept>, sqlx::Error> {
    let mut query =
        QueryBuilder::<Postgres>::new("SELECT doc, facts, version FROM supervision_case WHERE true");
    if let Some(unit) = &filter.unit {
        query.push(" AND unit_id = ").push_bind(unit);
    }
    if let Some(class) = &filter.class {
        query.push(" AND class = ").push_bind(class);
    }
    if let Some(state) = filter.state {
        query.push(" AND state = ").push_bind(state);
    }
    if let Some(order) = filter.order {
        query.push(" AND order_id = ").push_bind(order);
    }
    if let Some(from) = filter.from {
        query.push(" AND opened_at >= ").push_bind(from);
    }
    if let Some(until) = filter.before {
        query.push(" AND opened_at < ").push_bind(until);
    }
    if let Some((at, id)) = before {
        query.push(" AND (opened_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query
        .push(" ORDER BY opened_at DESC, id DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}
