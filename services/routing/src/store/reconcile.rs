//! The proof of the two sends: one statement that counts, and one that looks for orders that break the invariant.

use sqlx::{FromRow, PgConnection};

/// What the proof found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Orders in all.
    pub orders: i64,
    /// Orders that were ever sent out.
    pub dispatched: i64,
    /// Legs in all.
    pub legs: i64,
    /// Labelled orders that were sent out, in a city with a second receiver.
    pub labelled: i64,
    /// Enterprise legs.
    pub enterprise_legs: i64,
    /// Enterprise legs whose receiver confirmed.
    pub enterprise_legs_acknowledged: i64,
    /// Rounds without exactly one standing lead leg.
    pub lead_violations: i64,
    /// Orders where the enterprise leg does not match the label.
    pub enterprise_violations: i64,
    /// Numbers of some offending orders, at most 20.
    pub offenders: Vec<String>,
}

#[derive(FromRow)]
struct Counts {
    orders: i64,
    dispatched: i64,
    labelled: i64,
    legs: i64,
    enterprise_legs: i64,
    acknowledged: i64,
}

#[derive(FromRow)]
struct Violations {
    lead: i64,
    enterprise: i64,
    offenders: Vec<String>,
}

/// Counts over all orders, in the caller's transaction; both statements see one snapshot when it is REPEATABLE READ.
///
/// `two_sends` tells whether the city has a second receiver: where it has none, no label asks for a second send.
pub async fn reconcile(sql: &mut PgConnection, two_sends: bool) -> Result<Reconciliation, sqlx::Error> {
    sqlx::query(BOUNDS).execute(&mut *sql).await?;
    let counts: Counts = sqlx::query_as(COUNTS)
        .bind(two_sends)
        .fetch_one(&mut *sql)
        .await?;
    let violations: Violations = sqlx::query_as(VIOLATIONS).bind(two_sends).fetch_one(sql).await?;
    Ok(Reconciliation {
        orders: counts.orders,
        dispatched: counts.dispatched,
        legs: counts.legs,
        labelled: counts.labelled,
        enterprise_legs: counts.enterprise_legs,
        enterprise_legs_acknowledged: counts.acknowledged,
        lead_violations: violations.lead,
        enterprise_violations: violations.enterprise,
        offenders: violations.offenders,
    })
}

/// A minute, the longest that a caller waits; and memory enough that a city's orders are counted without the disk.
const BOUNDS: &str =
    "SELECT set_config('statement_timeout', '60s', true), set_config('work_mem', '128MB', true)";

const COUNTS: &str = "SELECT o.*, l.* FROM \
    (SELECT count(*) AS orders, count(*) FILTER (WHERE dispatched) AS dispatched, \
        count(*) FILTER (WHERE dispatched AND enterprise AND $1) AS labelled FROM orders) o, \
    (SELECT count(*) AS legs, count(*) FILTER (WHERE kind = 'enterprise') AS enterprise_legs, \
        count(*) FILTER (WHERE kind = 'enterprise' AND acknowledged_at IS NOT NULL) AS acknowledged FROM leg) l";

/// A round has one lead leg that was not given back; none while the lead is sought again, and at most one in the
/// round in which the appellant withdrew, or the matter was handed up. A labelled order that was sent out has one enterprise leg, any other none.
const VIOLATIONS: &str = "WITH \
    lead AS (SELECT order_id, round, count(*) FILTER (WHERE state <> 'returned') AS standing \
        FROM leg WHERE kind = 'lead' GROUP BY order_id, round), \
    rounds AS (SELECT o.number, o.state, o.dispatched, o.round = r.round AS present, coalesce(l.standing, 0) AS standing \
        FROM orders o CROSS JOIN LATERAL generate_series(1, o.round) AS r (round) \
        LEFT JOIN lead l ON l.order_id = o.id AND l.round = r.round), \
    wrong_lead AS (SELECT number FROM rounds r WHERE NOT (r.standing = 0 AND r.present AND EXISTS (SELECT 1 FROM orders h \
            WHERE h.number = r.number AND coalesce(h.doc::jsonb #>> '{state,closed,outcome}', \
                h.doc::jsonb #>> '{state,archived,outcome}') = 'handed_up')) AND CASE \
        WHEN NOT dispatched THEN standing <> 0 \
        WHEN present AND state IN ('pre_review', 'disputed') THEN standing <> 0 \
        WHEN present AND state = 'withdrawn' THEN standing > 1 \
        ELSE standing <> 1 END), \
    second AS (SELECT order_id, count(*) AS sends FROM leg WHERE kind = 'enterprise' GROUP BY order_id), \
    wrong_second AS (SELECT o.number FROM orders o LEFT JOIN second s ON s.order_id = o.id \
        WHERE coalesce(s.sends, 0) <> (o.enterprise AND o.dispatched AND $1)::int), \
    wrong AS (SELECT number FROM wrong_lead UNION SELECT number FROM wrong_second ORDER BY 1 LIMIT 20) \
    SELECT (SELECT count(*) FROM wrong_lead) AS lead, (SELECT count(*) FROM wrong_second) AS enterprise, \
        ARRAY(SELECT number FROM wrong ORDER BY 1) AS offenders";
