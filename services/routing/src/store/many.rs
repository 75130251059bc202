//! Many new or changed orders in one statement, with their subjects, legs and labels.

use std::collections::HashSet;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Enterprise, Leg, Order};
use crate::store::{Loaded, claimed_by, document, labels, save, units};

/// No label has a comma: a row's labels come as one text, because an array of arrays of unequal lengths can not be bound.
const OPEN: &str = "WITH n AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], \
        $5::text[], $6::bool[], $7::text[], $8::int[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], \
        $14::text[], $15::bool[]) \
        AS n (id, number, opened_at, type, labels, enterprise, state, round, version, doc, title, content, enterprise_name, \
            credit_code, confidential)), \
    opened AS (INSERT INTO orders (id, number, opened_at, type, labels, enterprise, state, awaiting_decision, dispatched, \
            round, version, doc) \
        SELECT id, number, opened_at, type, string_to_array(labels, ','), enterprise, state, false, false, round, version, doc \
        FROM n ON CONFLICT (id) DO NOTHING RETURNING id), \
    described AS (INSERT INTO subject (order_id, title, content, enterprise_name, credit_code, confidential) \
        SELECT id, title, content, enterprise_name, credit_code, confidential FROM n JOIN opened USING (id)), \
    labelled AS (INSERT INTO label (label, order_id, opened_at, order_state, type) \
        SELECT unnest(string_to_array(labels, ',')), id, opened_at, state, type FROM n JOIN opened USING (id)) \
    SELECT id FROM opened";

/// Writes new orders; gives those that were not there before.
pub async fn open(sql: &mut PgConnection, orders: &[&Order]) -> Result<HashSet<Uuid>, sqlx::Error> {
    if orders.is_empty() {
        return Ok(HashSet::new());
    }
    let documents = orders.iter().map(|order| document(order));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    let opened: Vec<Uuid> = sqlx::query_scalar(OPEN)
        .bind(each(orders, |order| order.id.0))
        .bind(each(orders, |order| order.facts.number.as_str()))
        .bind(each(orders, |order| order.opened_at))
        .bind(each(orders, |order| order.facts.appeal_type.as_str()))
        .bind(each(orders, |order| labels(order).join(",")))
        .bind(each(orders, |order| order.facts.is_enterprise()))
        .bind(each(orders, |order| order.state.as_str()))
        .bind(each(orders, |order| order.round.cast_signed()))
        .bind(each(orders, |order| order.version.cast_signed()))
        .bind(documents)
        .bind(each(orders, |order| order.subject.title.as_str()))
        .bind(each(orders, |order| order.subject.content.as_str()))
        .bind(each(orders, |order| enterprise(order).map(|it| it.name.as_str())))
        .bind(each(orders, |order| {
            enterprise(order).map(|it| it.credit_code.as_str())
        }))
        .bind(each(orders, |order| order.subject.confidential))
        .fetch_all(sql)
        .await?;
    Ok(opened.into_iter().collect())
}

fn enterprise(order: &Order) -> Option<&Enterprise> {
    order.subject.enterprise.as_ref()
}

/// As the statements for one order; the documents come as one array.
const UPDATE_MANY: &str = "WITH n AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bool[], \
        $5::bool[], $6::int[], $7::bigint[], $8::text[], $9::text[]) \
        AS n (id, state, claimed_by, awaiting_decision, dispatched, round, version, doc, units)), \
    saved AS (UPDATE orders o SET state = n.state, claimed_by = n.claimed_by, awaiting_decision = n.awaiting_decision, \
        dispatched = n.dispatched, round = n.round, version = n.version, doc = n.doc, \
        units = string_to_array(n.units, ',') FROM n WHERE o.id = n.id), \
    labelled AS (UPDATE label l SET order_state = n.state FROM n WHERE l.order_id = n.id AND n.id = ANY ($10) \
        AND l.order_state <> n.state), \
    t AS MATERIALIZED (SELECT * FROM unnest($11::uuid[], $12::uuid[], $13::timestamptz[], $14::text[], $15::text[], \
        $16::text[], $17::bool[], $18::int[], $19::text[], $20::text[], $21::text[], $22::timestamptz[], $23::timestamptz[], \
        $24::bool[]) \
        AS t (leg_id, order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, state, \
            dispatched_at, acknowledged_at, has_row)), \
    moved AS (UPDATE leg l SET order_state = t.order_state, state = t.state, acknowledged_at = t.acknowledged_at \
        FROM t WHERE t.has_row AND l.leg_id = t.leg_id) \
    INSERT INTO leg (leg_id, order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, \
        state, dispatched_at, acknowledged_at) \
    SELECT leg_id, order_id, opened_at, order_state, type, string_to_array(labels, ','), enterprise, round, kind, unit_id, \
        state, dispatched_at, acknowledged_at FROM t WHERE NOT has_row";

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
    let legs: Vec<(&Order, &Leg, bool)> = changed
        .iter()
        .flat_map(|loaded| {
            let legs = loaded.changed_legs();
            legs.map(|(leg, has_row)| (&loaded.order, leg, has_row))
        })
        .collect();
    let documents = orders.iter().map(|order| document(order));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    sqlx::query(UPDATE_MANY)
        .bind(each(&orders, |order| order.id.0))
        .bind(each(&orders, |order| order.state.as_str()))
        .bind(each(&orders, |order| claimed_by(order)))
        .bind(each(&orders, |order| order.awaits_decision()))
        .bind(each(&orders, |order| order.dispatch_count > 0))
        .bind(each(&orders, |order| order.round.cast_signed()))
        .bind(each(&orders, |order| order.version.cast_signed()))
        .bind(documents)
        // As one text, as the labels.
        .bind(each(&orders, |order| units(order).join(",")))
        .bind(moved.map(|loaded| loaded.order.id.0).collect::<Vec<_>>())
        .bind(each(&legs, |(_, leg, _)| leg.id.0))
        .bind(each(&legs, |(order, ..)| order.id.0))
        .bind(each(&legs, |(order, ..)| order.opened_at))
        .bind(each(&legs, |(order, ..)| order.state.as_str()))
        .bind(each(&legs, |(order, ..)| order.facts.appeal_type.as_str()))
        .bind(each(&legs, |(order, ..)| labels(order).join(",")))
        .bind(each(&legs, |(order, ..)| order.facts.is_enterprise()))
        .bind(each(&legs, |(_, leg, _)| leg.round.cast_signed()))
        .bind(each(&legs, |(_, leg, _)| leg.kind.as_str()))
        .bind(each(&legs, |(_, leg, _)| leg.unit.0.as_str()))
        .bind(each(&legs, |(_, leg, _)| leg.state.as_str()))
        .bind(each(&legs, |(_, leg, _)| leg.times.dispatched))
        .bind(each(&legs, |(_, leg, _)| leg.times.acknowledged))
        .bind(each(&legs, |(.., has_row)| *has_row))
        .execute(sql)
        .await?;
    Ok(())
}

/// One column.
fn each<'r, R, T>(rows: &'r [R], column: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(column).collect()
}
