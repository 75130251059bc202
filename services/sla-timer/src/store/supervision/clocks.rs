//! What supervision reads of the clocks.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Clock, SentLeg};
use crate::store::rows::{ClockRow, clocks, columns};

/// A clock of an order, locked.
///
/// # Errors
/// The database failed.
pub async fn lock_clock(sql: &mut PgConnection, order: Uuid, id: Uuid) -> Result<Option<Clock>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE order_id = $1 AND id = $2 FOR UPDATE"
    );
    let rows = sqlx::query_as::<_, ClockRow>(statement)
        .bind(order)
        .bind(id)
        .fetch_all(sql)
        .await?;
    Ok(clocks(rows)?.pop())
}

/// The newest leg of an order that a unit has, by its clocks.
///
/// # Errors
/// The database failed.
pub async fn leg_of(sql: &mut PgConnection, order: Uuid, unit: &str) -> Result<Option<SentLeg>, sqlx::Error> {
    let statement = concat!(
        "SELECT ",
        columns!(),
        " FROM clock WHERE order_id = $1 AND unit_id = $2 AND leg_id IS NOT NULL AND leg_kind <> 4 \
         ORDER BY started_at DESC, id LIMIT 1"
    );
    let rows = sqlx::query_as::<_, ClockRow>(statement)
        .bind(order)
        .bind(unit)
        .fetch_all(sql)
        .await?;
    let clock = clocks(rows)?.pop();
    Ok(clock.and_then(|clock| {
        Some(SentLeg {
            leg: clock.leg?,
            unit: clock.unit,
        })
    }))
}

/// The unit that leads an order, by its clocks.
///
/// # Errors
/// The database failed.
pub async fn unit_of(sql: &mut PgConnection, order: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT unit_id FROM clock WHERE order_id = $1 AND unit_id <> '' AND leg_kind = 1 \
         ORDER BY started_at DESC, id LIMIT 1",
    )
    .bind(order)
    .fetch_optional(sql)
    .await
}

/// Whether a unit has said that it contacted the appellant of an order.
///
/// # Errors
/// The database failed.
pub async fn is_contact_done(sql: &mut PgConnection, order: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM clock WHERE order_id = $1 AND obligation = 'contact' AND state IN (2, 4))",
    )
    .bind(order)
    .fetch_one(sql)
    .await
}

/// Lets one transaction at a time count the cards of a unit.
///
/// # Errors
/// The database failed.
pub async fn lock_unit(sql: &mut PgConnection, unit: &str) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('supervision:' || $1, 0))")
        .bind(unit)
        .execute(sql)
        .await?;
    Ok(())
}
