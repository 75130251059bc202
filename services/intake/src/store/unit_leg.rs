//! The legs of orders with units: written as they are heard, read before a unit's staff are shown anybody.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Holding, UnitLeg};

/// Puts legs in; `conflict` is what becomes of a leg that is known.
macro_rules! insert {
    ($conflict:literal) => {
        concat!(
            "INSERT INTO unit_leg (id, appeal_id, unit_id, round, stands) \
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::boolean[]) \
             ON CONFLICT ",
            $conflict
        )
    };
}

/// Writes what was heard of legs, in whatever order: a leg that ended never stands again.
///
/// # Errors
/// The database.
pub async fn save_holdings(sql: &mut PgConnection, heard: &[Holding]) -> Result<(), sqlx::Error> {
    let mut legs: BTreeMap<Uuid, UnitLeg> = BTreeMap::new();
    let mut rounds: BTreeMap<Uuid, i32> = BTreeMap::new();
    for holding in heard {
        match holding {
            Holding::Leg(leg) => {
                let known = legs.entry(leg.id).or_insert_with(|| leg.clone());
                known.stands &= leg.stands;
            }
            Holding::Round { appeal, round } => {
                let known = rounds.entry(*appeal).or_insert(*round);
                *known = (*known).max(*round);
            }
        }
    }
    let (stand, ended): (Vec<_>, Vec<_>) = legs.into_values().partition(|leg| leg.stands);
    // A leg that is known to stand is not written again: this is every signature and every contact.
    insert(sql, &stand, insert!("DO NOTHING")).await?;
    insert(sql, &ended, insert!("(id) DO UPDATE SET stands = false")).await?;
    end_rounds(sql, rounds).await
}

async fn insert(
    sql: &mut PgConnection,
    legs: &[UnitLeg],
    statement: &'static str,
) -> Result<(), sqlx::Error> {
    if legs.is_empty() {
        return Ok(());
    }
    sqlx::query(statement)
        .bind(legs.iter().map(|leg| leg.id).collect::<Vec<_>>())
        .bind(legs.iter().map(|leg| leg.appeal).collect::<Vec<_>>())
        .bind(legs.iter().map(|leg| leg.unit.as_str()).collect::<Vec<_>>())
        .bind(legs.iter().map(|leg| leg.round).collect::<Vec<_>>())
        .bind(legs.iter().map(|leg| leg.stands).collect::<Vec<_>>())
        .execute(sql)
        .await?;
    Ok(())
}

async fn end_rounds(sql: &mut PgConnection, rounds: BTreeMap<Uuid, i32>) -> Result<(), sqlx::Error> {
    if rounds.is_empty() {
        return Ok(());
    }
    let (appeals, rounds): (Vec<Uuid>, Vec<i32>) = rounds.into_iter().unzip();
    sqlx::query(
        "UPDATE unit_leg l SET stands = false FROM unnest($1::uuid[], $2::integer[]) AS r (appeal_id, round) \
         WHERE l.appeal_id = r.appeal_id AND l.round < r.round AND l.stands",
    )
    .bind(appeals)
    .bind(rounds)
    .execute(sql)
    .await?;
    Ok(())
}

/// Whether a leg of this unit stands in the order of an appeal.
///
/// # Errors
/// The database.
pub async fn holds(sql: &mut PgConnection, appeal: Uuid, unit: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM unit_leg WHERE appeal_id = $1 AND unit_id = $2 AND stands)",
    )
    .bind(appeal)
    .bind(unit)
    .fetch_one(sql)
    .await
}
