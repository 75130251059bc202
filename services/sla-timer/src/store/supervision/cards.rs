//! Cards: written once, counted by unit and colour, listed by keyset.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::supervision::Card;

/// Earlier cards that are looked at for a series; more are never needed.
const PREVIOUS_MAX: i64 = 50;

/// Writes a card.
///
/// # Errors
/// The database failed.
pub async fn insert_card(sql: &mut PgConnection, card: &Card, spent: bool) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO supervision_card (id, case_id, unit_id, colour, obligation, issued_at, spent, doc) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(card.id)
    .bind(card.case)
    .bind(&card.unit)
    .bind(&card.colour)
    .bind(&card.obligation)
    .bind(card.issued_at)
    .bind(spent)
    .bind(Json(card))
    .execute(sql)
    .await?;
    Ok(())
}

/// Writes a card over its row.
///
/// # Errors
/// The database failed.
pub async fn update_card(sql: &mut PgConnection, card: &Card) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE supervision_card SET doc = $2 WHERE id = $1")
        .bind(card.id)
        .bind(Json(card))
        .execute(sql)
        .await?;
    Ok(())
}

/// A unit's earlier cards of a colour, newest first: when, and whether they counted in a completed series.
///
/// # Errors
/// The database failed.
pub async fn previous_cards(
    sql: &mut PgConnection,
    unit: &str,
    colour: &str,
) -> Result<Vec<(DateTime<Utc>, bool)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT issued_at, spent FROM supervision_card WHERE unit_id = $1 AND colour = $2 \
         ORDER BY issued_at DESC, id DESC LIMIT $3",
    )
    .bind(unit)
    .bind(colour)
    .bind(PREVIOUS_MAX)
    .fetch_all(sql)
    .await
}

/// Marks the cards of a completed series, so that they count in no other.
///
/// # Errors
/// The database failed.
pub async fn spend_cards(
    sql: &mut PgConnection,
    unit: &str,
    colour: &str,
    from: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE supervision_card SET spent = true WHERE unit_id = $1 AND colour = $2 AND issued_at >= $3",
    )
    .bind(unit)
    .bind(colour)
    .bind(from)
    .execute(sql)
    .await?;
    Ok(())
}

/// Whether a unit kept a clock of an obligation between two instants.
///
/// # Errors
/// The database failed.
pub async fn kept_between(
    sql: &mut PgConnection,
    unit: &str,
    obligation: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM clock WHERE unit_id = $1 AND state = 2 AND due_at >= $3 AND obligation = $2 \
             AND stopped_at > $3 AND stopped_at < $4)",
    )
    .bind(unit)
    .bind(obligation)
    .bind(from)
    .bind(until)
    .fetch_one(sql)
    .await
}

/// Which cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardFilter {
    /// Of this unit.
    pub unit: Option<String>,
    /// Of this colour.
    pub colour: Option<String>,
    /// Of the cases of this order.
    pub order: Option<Uuid>,
}

/// A page of cards before a place, newest first.
///
/// # Errors
/// The database failed.
pub async fn list_cards(
    pool: &PgPool,
    filter: &CardFilter,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Card>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("SELECT doc FROM supervision_card WHERE true");
    if let Some(unit) = &filter.unit {
        query.push(" AND unit_id = ").push_bind(unit);
    }
    if let Some(colour) = &filter.colour {
        query.push(" AND colour = ").push_bind(colour);
    }
    if let Some(order) = filter.order {
        query
            .push(" AND case_id IN (SELECT id FROM supervision_case WHERE order_id = ")
            .push_bind(order)
            .push(")");
    }
    if let Some((at, id)) = before {
        query.push(" AND (issued_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query
        .push(" ORDER BY issued_at DESC, id DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<(Json<Card>,)> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(Json(card),)| card).collect())
}
