//! Lists of orders, newest first, each filter an equality prefix of one index.
//!
//! A filter that leaves part of its index's prefix open probes each of the few values of that part and merges the
//! newest of each: some dozens of index probes, whatever the size of the table.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::{ENTERPRISE_LABEL, Leg, LegState, Order, State};
use crate::store::{OrderRow, labels};

/// Which orders to list; every given filter must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Filter {
    /// State of the order.
    pub state: Option<String>,
    /// Units of which one has a leg; empty means any.
    pub units: Vec<String>,
    /// State of that unit's leg.
    pub leg_state: Option<String>,
    /// Kind of appeal.
    pub appeal_type: Option<String>,
    /// Only unclaimed orders of the pool.
    pub unclaimed: bool,
    /// Only orders with an open request.
    pub awaiting_decision: bool,
    /// Label.
    pub label: Option<String>,
    /// Only these; empty means any.
    pub ids: Vec<Uuid>,
}

impl Filter {
    /// Whether it asks for units and nothing else.
    fn is_of_units_alone(&self) -> bool {
        let units = Self {
            units: self.units.clone(),
            ..Self::default()
        };
        *self == units
    }

    /// Whether every filter but the names holds for the order, as the statements have it.
    fn lets_through(&self, order: &Order) -> bool {
        let is = |asked: &Option<String>, word: &str| asked.as_deref().is_none_or(|asked| asked == word);
        let of_unit = |leg: &&Leg| self.units.iter().any(|unit| unit == leg.unit.as_str());
        let in_state = |leg: &Leg| is(&self.leg_state, leg.state.as_str());
        let by_legs = if self.units.is_empty() {
            self.leg_state.as_deref() != Some(REPLIED) || order.legs.iter().any(in_state)
        } else {
            order.legs.iter().filter(of_unit).any(in_state)
        };
        by_legs
            && is(&self.state, order.state.as_str())
            && is(&self.appeal_type, order.facts.appeal_type.as_str())
            && (!self.unclaimed || matches!(order.state, State::PreReview { claimed_by: None, .. }))
            && (!self.awaiting_decision || order.awaits_decision())
            && self
                .label
                .as_ref()
                .is_none_or(|label| labels(order).contains(label))
    }
}

/// Where a page ends: the sort key of its last order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// When the order was opened.
    pub opened_at: DateTime<Utc>,
    /// The order.
    pub id: Uuid,
}

/// The state of a leg whose reply waits for a review.
const REPLIED: &str = "replied";

/// Every state of an order, for probing.
const STATES: &[&str] = &[
    "pre_review",
    "handling",
    "disputed",
    "escalated",
    "settled",
    "closed",
    "archived",
    "withdrawn",
];

/// The states in which a request may be open.
const OPEN_STATES: &[&str] = &["pre_review", "handling", "disputed", "escalated"];

/// Every kind of appeal, for probing.
const TYPES: &[&str] = &["consult", "help", "complaint", "report", "suggestion", "praise"];

/// The newest `limit` orders that the filter lets through, after `after`.
pub async fn list(
    sql: &mut PgConnection,
    filter: &Filter,
    after: Option<&Key>,
    limit: usize,
) -> Result<Vec<Order>, sqlx::Error> {
    if !filter.ids.is_empty() {
        return named(sql, filter).await;
    }
    let mut query = QueryBuilder::new("WITH page AS MATERIALIZED (");
    page(&mut query, filter, after, limit);
    query.push(
        ") SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
         FROM page JOIN orders o ON o.id = page.order_id JOIN subject s ON s.order_id = o.id \
         ORDER BY o.opened_at DESC, o.id DESC",
    );
    let rows: Vec<OrderRow> = query.build_query_as().fetch_all(sql).await?;
    Ok(rows.into_iter().map(Order::from).collect())
}

/// Those of the orders that the filter names that it lets through, newest first. They are few, so their documents are asked.
async fn named(sql: &mut PgConnection, filter: &Filter) -> Result<Vec<Order>, sqlx::Error> {
    let rows: Vec<OrderRow> = sqlx::query_as(
        "SELECT o.doc, o.version, s.title, s.content, s.enterprise_name, s.credit_code, s.confidential \
         FROM orders o JOIN subject s ON s.order_id = o.id WHERE o.id = ANY ($1) ORDER BY o.opened_at DESC, o.id DESC",
    )
    .bind(&filter.ids)
    .fetch_all(sql)
    .await?;
    let orders = rows.into_iter().map(Order::from);
    Ok(orders.filter(|order| filter.lets_through(order)).collect())
}

/// How many orders the filter lets through, `most` at most.
pub async fn count(sql: &mut PgConnection, filter: &Filter, most: usize) -> Result<usize, sqlx::Error> {
    if !filter.ids.is_empty() {
        return Ok(named(sql, filter).await?.len());
    }
    let mut query = QueryBuilder::new("WITH page AS MATERIALIZED (");
    page(&mut query, filter, None, most);
    query.push(") SELECT count(*) FROM page");
    let count: i64 = query.build_query_scalar().fetch_one(sql).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

type Builder = QueryBuilder<Postgres>;

/// The keys of a page, by the index that serves the filter.
fn page(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    if !filter.units.is_empty() {
        by_unit(query, filter, after, limit);
    } else if filter.leg_state.as_deref() == Some(REPLIED) {
        by_reply(query, filter, after, limit);
    } else if filter.awaiting_decision || filter.unclaimed {
        by_desk(query, filter, after, limit);
    } else if filter.label.is_some() {
        by_label(query, filter, after, limit);
    } else {
        by_state(query, filter, after, limit);
    }
}

/// From `leg (opened_at, order_id)` of the replies that wait for a review; an order that waits for two is shown once.
fn by_reply(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    query.push(
        "SELECT DISTINCT ON (t.opened_at, t.order_id) t.opened_at, t.order_id FROM leg t WHERE t.state = 'replied'",
    );
    if let Some(state) = &filter.state {
        query.push(" AND t.order_state = ").push_bind(state.clone());
    }
    if let Some(appeal_type) = &filter.appeal_type {
        query.push(" AND t.type = ").push_bind(appeal_type.clone());
    }
    narrowed(query, filter);
    newest(query, after, "t.opened_at", "t.order_id", limit);
}

/// From `orders (state, type, opened_at, id)`.
fn by_state(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    query.push("SELECT k.opened_at, k.order_id FROM ");
    probe(query, states(filter), "p", " CROSS JOIN ");
    probe(query, types(filter), "q", " CROSS JOIN LATERAL (");
    query.push("SELECT t.opened_at, t.id AS order_id FROM orders t WHERE t.state = p.v AND t.type = q.v");
    newest(query, after, "t.opened_at", "t.id", limit);
    query.push(") k");
    merged(query, limit);
}

/// From `label (label, order_state, type, opened_at, order_id)`.
fn by_label(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    query.push("SELECT k.opened_at, k.order_id FROM ");
    probe(query, states(filter), "p", " CROSS JOIN ");
    probe(query, types(filter), "q", " CROSS JOIN LATERAL (");
    query.push("SELECT t.opened_at, t.order_id FROM label t WHERE t.order_state = p.v AND t.type = q.v");
    query.push(" AND t.label = ").push_bind(filter.label.clone());
    newest(query, after, "t.opened_at", "t.order_id", limit);
    query.push(") k");
    merged(query, limit);
}

/// From `leg (unit_id, order_state, state, type, opened_at, order_id)`, of which the enterprises' legs have one apart; an
/// order of which a unit has two legs is shown once.
fn by_unit(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    query.push("SELECT DISTINCT k.opened_at, k.order_id FROM ");
    if filter.is_of_units_alone() {
        return all_of_units(query, filter, after, limit);
    }
    let (of_order, of_leg) = leg_states(filter).into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
    query
        .push("unnest(")
        .push_bind(of_order)
        .push("::text[], ")
        .push_bind(of_leg)
        .push("::text[]) AS p (o, l) CROSS JOIN ");
    probe(query, filter.units.clone(), "u", " CROSS JOIN ");
    probe(query, types(filter), "q", " CROSS JOIN LATERAL (");
    query.push(
        "SELECT DISTINCT ON (t.opened_at, t.order_id) t.opened_at, t.order_id FROM leg t \
         WHERE t.order_state = p.o AND t.state = p.l AND t.type = q.v AND t.unit_id = u.v",
    );
    narrowed(query, filter);
    newest(query, after, "t.opened_at", "t.order_id", limit);
    query.push(") k");
    merged(query, limit);
}

/// From `leg (unit_id, opened_at, order_id)`: nothing but the unit is asked for, and no state needs to be probed.
fn all_of_units(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    probe(query, filter.units.clone(), "u", " CROSS JOIN LATERAL (");
    query.push(
        "SELECT DISTINCT ON (t.opened_at, t.order_id) t.opened_at, t.order_id FROM leg t WHERE t.unit_id = u.v",
    );
    newest(query, after, "t.opened_at", "t.order_id", limit);
    query.push(") k");
    merged(query, limit);
}

/// What a row of a leg, `leg t`, says of its order, and what the order must say itself.
fn narrowed(query: &mut Builder, filter: &Filter) {
    match filter.label.as_deref() {
        Some(ENTERPRISE_LABEL) => {
            query.push(" AND t.enterprise");
        }
        Some(label) => {
            query
                .push(" AND ")
                .push_bind(label.to_owned())
                .push(" = ANY (t.labels)");
        }
        None => {}
    }
    if filter.awaiting_decision {
        query.push(" AND EXISTS (SELECT 1 FROM orders o WHERE o.id = t.order_id AND o.awaiting_decision)");
    }
    if filter.unclaimed {
        query.push(" AND EXISTS (SELECT 1 FROM orders o WHERE o.id = t.order_id AND o.claimed_by IS NULL)");
    }
}

/// From the partial indexes of the two short lists of work that waits for the platform.
fn by_desk(query: &mut Builder, filter: &Filter, after: Option<&Key>, limit: usize) {
    query.push("SELECT t.opened_at, t.id AS order_id FROM orders t WHERE true");
    if filter.awaiting_decision {
        query.push(" AND t.awaiting_decision");
    }
    if filter.unclaimed {
        query.push(" AND t.state = 'pre_review' AND t.claimed_by IS NULL");
    }
    if let Some(state) = &filter.state {
        query.push(" AND t.state = ").push_bind(state.clone());
    }
    if let Some(appeal_type) = &filter.appeal_type {
        query.push(" AND t.type = ").push_bind(appeal_type.clone());
    }
    if let Some(label) = &filter.label {
        query
            .push(" AND ")
            .push_bind(label.clone())
            .push(" = ANY (t.labels)");
    }
    newest(query, after, "t.opened_at", "t.id", limit);
}

/// The values of one part of an index's prefix, as a table of one column `v`.
fn probe(query: &mut Builder, values: Vec<String>, name: &str, then: &str) {
    query
        .push("unnest(")
        .push_bind(values)
        .push("::text[]) AS ")
        .push(name)
        .push("(v)")
        .push(then);
}

/// The limit stands in the statement: a plan made for a bound one must suppose a tenth of the table.
fn newest(query: &mut Builder, after: Option<&Key>, opened_at: &str, id: &str, limit: usize) {
    if let Some(key) = after {
        query.push(format!(" AND ({opened_at}, {id}) < ("));
        query
            .push_bind(key.opened_at)
            .push(", ")
            .push_bind(key.id)
            .push(")");
    }
    query.push(format!(" ORDER BY {opened_at} DESC, {id} DESC LIMIT {limit}"));
}

fn merged(query: &mut Builder, limit: usize) {
    query.push(format!(" ORDER BY 1 DESC, 2 DESC LIMIT {limit}"));
}

/// The states to probe: the one asked for, those in which the other filters can hold, or all.
fn states(filter: &Filter) -> Vec<String> {
    let possible = if filter.unclaimed {
        &STATES[..1]
    } else if filter.awaiting_decision {
        OPEN_STATES
    } else {
        STATES
    };
    values(filter.state.as_deref(), possible)
}

/// The pairs of states of order and leg to probe.
fn leg_states(filter: &Filter) -> Vec<(String, String)> {
    let of_leg = |state: &str| values(filter.leg_state.as_deref(), LegState::possible_in(state));
    let pairs = |state: String| of_leg(&state).into_iter().map(move |leg| (state.clone(), leg));
    states(filter).into_iter().flat_map(pairs).collect()
}

fn types(filter: &Filter) -> Vec<String> {
    values(filter.appeal_type.as_deref(), TYPES)
}

fn values(asked: Option<&str>, possible: &[&str]) -> Vec<String> {
    let wanted = possible
        .iter()
        .filter(|value| asked.is_none_or(|asked| asked == **value));
    wanted.map(|value| (*value).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use hotline_policy::AppealType;

    use super::*;

    #[test]
    fn every_type_and_state_is_probed() {
        let types: Vec<_> = AppealType::ALL.iter().map(|word| word.as_str()).collect();
        assert_eq!(types, TYPES);
        assert_eq!(states(&Filter::default()).len(), STATES.len());
        let one = Filter {
            state: Some("settled".into()),
            awaiting_decision: true,
            ..Filter::default()
        };
        assert!(states(&one).is_empty());
    }
}
