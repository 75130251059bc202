//! Many changed orders in one statement, with their legs and labels.

use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::{Leg, Order};
use crate::store::{Loaded, claimed_by, labels, save};

/// As the statements for one order; the documents come as one array.
const UPDATE_MANY: &str = "WITH n AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bool[], \
        $5::bool[], $6::int[], $7::bigint[], $8::jsonb[]) \
        AS n (id, state, claimed_by, awaiting_decision, dispatched, round, version, doc)), \
    saved AS (UPDATE orders o SET state = n.state, claimed_by = n.claimed_by, awaiting_decision = n.awaiting_decision, \
        dispatched = n.dispatched, round = n.round, version = n.version, doc = n.doc FROM n WHERE o.id = n.id), \
    labelled AS (UPDATE label l SET order_state = n.state FROM n WHERE l.order_id = n.id AND n.id = ANY ($9) \
        AND l.order_state <> n.state) \
    INSERT INTO leg (leg_id, order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, \
        state, dispatched_at, acknowledged_at) \
    SELECT t.leg_id, t.order_id, t.opened_at, t.order_state, t.type, string_to_array(t.labels, ','), t.enterprise, \
        t.round, t.kind, t.unit_id, t.state, t.dispatched_at, t.acknowledged_at \
    FROM unnest($10::uuid[], $11::uuid[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::bool[], \
        $17::int[], $18::text[], $19::text[], $20::text[], $21::timestamptz[], $22::timestamptz[]) \
        AS t (leg_id, order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, state, \
            dispatched_at, acknowledged_at) \
    ON CONFLICT (leg_id) DO UPDATE SET order_state = excluded.order_state, state = excluded.state, \
        acknowledged_at = excluded.acknowledged_at";

/// Writes changed orders: one alone by the statements for one, which cost less.
pub async fn save_all(sql: &mut PgConnection, changed: &[&Loaded]) -> Result<(), sqlx::Error> {
    match changed {
        [] => Ok(()),
        [one] => save(sql, one).await,
        _ => save_many(sql, changed).await,
    }
}

/// Writes changed orders, each with the legs that changed with it, and its labels when its state did.
async fn save_many(sql: &mut PgConnection, changed: &[&Loaded]) -> Result<(), sqlx::Error> {
    let orders: Vec<&Order> = changed.iter().map(|loaded| &loaded.order).collect();
    let moved = changed.iter().filter(|loaded| loaded.has_moved());
    let legs: Vec<(&Order, &Leg)> = changed
        .iter()
        .flat_map(|loaded| loaded.changed_legs().map(|leg| (&loaded.order, leg)))
        .collect();
    sqlx::query(UPDATE_MANY)
        .bind(each(&orders, |order| order.id.0))
        .bind(each(&orders, |order| order.state.as_str()))
        .bind(each(&orders, |order| claimed_by(order)))
        .bind(each(&orders, |order| order.awaits_decision()))
        .bind(each(&orders, |order| order.dispatch_count > 0))
        .bind(each(&orders, |order| order.round.cast_signed()))
        .bind(each(&orders, |order| order.version.cast_signed()))
        .bind(orders.iter().map(|order| Json(*order)).collect::<Vec<_>>())
        .bind(moved.map(|loaded| loaded.order.id.0).collect::<Vec<_>>())
        .bind(each(&legs, |(_, leg)| leg.id.0))
        .bind(each(&legs, |(order, _)| order.id.0))
        .bind(each(&legs, |(order, _)| order.opened_at))
        .bind(each(&legs, |(order, _)| order.state.as_str()))
        .bind(each(&legs, |(order, _)| order.facts.appeal_type.as_str()))
        // As one text: an array of arrays of unequal lengths can not be bound. No label has a comma.
        .bind(each(&legs, |(order, _)| labels(order).join(",")))
        .bind(each(&legs, |(order, _)| order.facts.is_enterprise()))
        .bind(each(&legs, |(_, leg)| leg.round.cast_signed()))
        .bind(each(&legs, |(_, leg)| leg.kind.as_str()))
        .bind(each(&legs, |(_, leg)| leg.unit.0.as_str()))
        .bind(each(&legs, |(_, leg)| leg.state.as_str()))
        .bind(each(&legs, |(_, leg)| leg.times.dispatched))
        .bind(each(&legs, |(_, leg)| leg.times.acknowledged))
        .execute(sql)
        .await?;
    Ok(())
}

/// One column.
fn each<'r, R, T>(rows: &'r [R], column: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(column).collect()
}
