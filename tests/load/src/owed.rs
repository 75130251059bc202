//! The clocks of the orders that `orders` writes: what is open runs or has run out, what is over was done in time.
//!
//! Those that run are due no sooner than in two hours: no timer fires while somebody measures.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_proto::common::v1::{AppealType, Channel, Desk, OrderFacts, Urgency};
use hotline_routing::domain::{LegKind, LegState, Order, State};
use prost::Message;
use sqlx::PgPool;

use crate::orders::{id, order, row, scatter};

/// Orders whose clocks are written together.
const CHUNK: u64 = 5_000;

/// The columns that are copied.
const COPY: &str = "COPY sla.clock (order_id, id, leg_id, leg_kind, state, generation, calendar, provisional, started_at, \
    due_at, next_at, stopped_at, unit_id, obligation, within, article, reminders, appeal_type, enterprise, division, facts) \
    FROM STDIN (FORMAT csv)";

/// One clock.
struct Owed {
    obligation: &'static str,
    /// Leg, kind and unit; none for the platform's.
    leg: Option<(String, i16, String)>,
    open: bool,
}

/// Writes the clocks of the orders from number `from` on, below `to`.
///
/// # Errors
/// The database.
pub async fn write(pool: &PgPool, from: u64, to: u64, now: DateTime<Utc>) -> anyhow::Result<()> {
    for begin in (from..to).step_by(usize::try_from(CHUNK)?) {
        let mut text = String::new();
        for n in begin..to.min(begin + CHUNK) {
            push(&mut text, n, &order(n, now)?, now);
        }
        let mut connection = pool.acquire().await?;
        let mut copy = connection.copy_in_raw(COPY).await?;
        copy.send(text.into_bytes()).await?;
        copy.finish().await?;
    }
    sqlx::raw_sql("VACUUM ANALYZE sla.clock").execute(pool).await?;
    sqlx::raw_sql("CHECKPOINT").execute(pool).await?;
    Ok(())
}

/// The number of a kind of leg, as in the contract.
fn kind_number(kind: LegKind) -> i16 {
    match kind {
        LegKind::Lead => 1,
        LegKind::CoHandle => 2,
        LegKind::Delegated { .. } => 3,
        LegKind::Enterprise => 4,
    }
}

/// What an order owes, and owed.
fn owed(order: &Order) -> Vec<Owed> {
    let platform = |obligation, open| Owed {
        obligation,
        leg: None,
        open,
    };
    let mut found = vec![platform(
        "pre_review",
        matches!(order.state, State::PreReview { .. }),
    )];
    let at_work = matches!(order.state, State::Handling);
    for leg in &order.legs {
        let of = |obligation, open| Owed {
            obligation,
            leg: Some((leg.id.to_string(), kind_number(leg.kind), leg.unit.to_string())),
            open: open && at_work,
        };
        let to_sign = matches!(leg.state, LegState::ToSign);
        let replied = matches!(leg.state, LegState::Replied(_));
        found.push(of("sign", to_sign));
        found.push(of(
            "answer",
            to_sign || matches!(leg.state, LegState::Signed | LegState::SentBack(_)),
        ));
        if replied {
            found.push(platform("reply_review", at_work));
        }
        if leg.extension_request.is_some() {
            found.push(platform("extension_decision", at_work));
        }
    }
    found
}

fn push(text: &mut String, n: u64, order: &Order, now: DateTime<Utc>) {
    let facts = facts(order);
    let bytes = facts.encode_to_vec();
    let hex: String = std::iter::once("\\x".to_owned())
        .chain(bytes.iter().map(|byte| format!("{byte:02x}")))
        .collect();
    let kind = order.facts.appeal_type.as_str();
    let flag = |value| if value { "t" } else { "f" };
    for (owed, place) in owed(order).iter().zip(20..) {
        let throw = scatter(n, 300 + place);
        // One of five has run out, most of them lately.
        let over = throw.is_multiple_of(5);
        let away = TimeDelta::seconds(i64::try_from(throw % 500_000).unwrap_or(0));
        let due = match (owed.open, over) {
            (true, true) => now - away,
            (true, false) => now + TimeDelta::hours(2) + away,
            (false, _) => order.opened_at + TimeDelta::days(5),
        };
        let state = match (owed.open, over) {
            (true, true) => "3",
            (true, false) => "1",
            (false, _) => "2",
        };
        let at = |when: DateTime<Utc>| when.to_rfc3339();
        let stopped = (!owed.open).then(|| at(order.opened_at + TimeDelta::days(2)));
        let next = (state == "1").then(|| at(due));
        let (leg, kind_of_leg, unit) = match &owed.leg {
            Some((leg, kind, unit)) => (Some(leg.as_str()), Some(kind.to_string()), unit.as_str()),
            None => (None, None, ""),
        };
        row(
            text,
            &[
                Some(&order.id.to_string()),
                Some(&id(n, place).to_string()),
                leg,
                kind_of_leg.as_deref(),
                Some(state),
                Some("1"),
                Some("0"),
                Some("f"),
                Some(&at(due - TimeDelta::days(5))),
                Some(&at(due)),
                next.as_deref(),
                stopped.as_deref(),
                Some(unit),
                Some(owed.obligation),
                Some("5 working days"),
                Some("12(3)"),
                Some(""),
                Some(kind),
                Some(flag(order.facts.is_enterprise())),
                Some(&order.facts.division),
                Some(&hex),
            ],
        );
    }
}

/// What every event says of the order.
fn facts(order: &Order) -> OrderFacts {
    let kind = format!("APPEAL_TYPE_{}", order.facts.appeal_type.as_str().to_uppercase());
    OrderFacts {
        order_id: order.id.to_string(),
        number: order.facts.number.clone(),
        policy_id: order.facts.policy_id.clone(),
        policy_version: order.facts.policy_version.clone(),
        r#type: AppealType::from_str_name(&kind).unwrap_or_default().into(),
        channel: Channel::Telephone.into(),
        desk: Desk::Hotline.into(),
        urgency: Urgency::Normal.into(),
        category: order.facts.category.clone(),
        division: order.facts.division.clone(),
        labels: order.facts.labels.iter().cloned().collect(),
        round: 1,
        ..OrderFacts::default()
    }
}
