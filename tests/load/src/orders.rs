//! Orders by the million: built by the routing service's own types and copied into its tables as it would fill them.
//!
//! Nine of ten are in the archive, as after a year; kinds, units and labels are as unevenly spread as in a city.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::{AppealType, Channel, Desk, Obligation, Urgency};
use hotline_routing::domain::{
    Due, ENTERPRISE_LABEL, ExtensionRequest, Facts, Leg, LegId, LegKind, LegState, Order, OrderId, Outcome,
    Proof, Reply, ReplyResult, State, Subject, ToldBy, UnitId,
};
use hotline_worktime::Limit;
use sqlx::PgPool;
use uuid::Uuid;

/// Units, the busiest first.
pub const UNITS: &[&str] = &[
    "xz-housing",
    "xz-urban-management",
    "xz-human-resources",
    "xz-transport",
    "xz-water",
    "xz-public-security",
    "xz-education",
    "xz-health",
    "xz-market",
    "xz-ecology",
    "xz-civil-affairs",
    "xz-planning",
    "xz-agriculture",
    "xz-medical-insurance",
    "xz-commerce",
    "xz-tax",
    "xz-provident-fund",
    "xz-culture-tourism",
    "xz-justice",
    "xz-statistics",
    "xz-foreign-affairs",
    "xz-civil-defence",
];

/// The unit that is busiest, and one that has few.
pub const BUSY: &str = UNITS[0];
pub const QUIET: &str = UNITS[UNITS.len() - 1];

/// The receiver of every second send.
const ENTERPRISE_PLATFORM: &str = "xz-enterprise-platform";

/// Seconds from one order to the next: a million in a year.
const SPACING_S: i64 = 31;

/// Orders written together.
const CHUNK: u64 = 5_000;

/// The tables, each with the columns that are copied.
const TABLES: [&str; 4] = [
    "routing.orders (id, number, opened_at, type, labels, enterprise, state, claimed_by, awaiting_decision, dispatched, \
     round, version, doc, units)",
    "routing.subject (order_id, title, content, confidential)",
    "routing.label (label, order_id, opened_at, order_state, type)",
    "routing.leg (leg_id, order_id, opened_at, order_state, type, labels, enterprise, round, kind, unit_id, state, dispatched_at, \
     acknowledged_at)",
];

/// Writes the orders from number `from` on, below `to`; the newest is a minute older than `now`.
///
/// # Errors
/// The database.
pub async fn write(pool: &PgPool, from: u64, to: u64, now: DateTime<Utc>) -> anyhow::Result<()> {
    for begin in (from..to).step_by(usize::try_from(CHUNK)?) {
        let mut texts: [String; 4] = Default::default();
        for n in begin..to.min(begin + CHUNK) {
            push(&mut texts, &order(n, now)?)?;
        }
        let mut connection = pool.acquire().await?;
        for (table, text) in TABLES.iter().zip(texts) {
            let mut copy = connection
                .copy_in_raw(&format!("COPY {table} FROM STDIN (FORMAT csv)"))
                .await?;
            copy.send(text.into_bytes()).await?;
            copy.finish().await?;
        }
    }
    sqlx::raw_sql("VACUUM ANALYZE routing.orders, routing.subject, routing.label, routing.leg")
        .execute(pool)
        .await?;
    sqlx::raw_sql("CHECKPOINT").execute(pool).await?;
    Ok(())
}

/// The `n`-th order; earlier numbers are newer, so that a larger table has more old orders.
///
/// # Errors
/// It cannot be built.
pub fn order(n: u64, now: DateTime<Utc>) -> anyhow::Result<Order> {
    let at = now - TimeDelta::minutes(1) - TimeDelta::seconds(SPACING_S * i64::try_from(n)?);
    let enterprise = scatter(n, 1) % 100 < 5;
    let facts = Facts {
        number: format!("320300{n:013}"),
        policy_id: "xuzhou-2020".to_owned(),
        policy_version: "load".to_owned(),
        appeal_type: appeal_type(scatter(n, 2) % 100),
        channel: Channel::Telephone,
        desk: Desk::Hotline,
        urgency: Urgency::Normal,
        category: "urban.property".to_owned(),
        division: "320303007".to_owned(),
        labels: enterprise
            .then(|| ENTERPRISE_LABEL.to_owned())
            .into_iter()
            .collect(),
        source: None,
    };
    let subject = Subject {
        title: format!("小区电梯停运，物业说在等配件（{n}）"),
        content: "两部电梯坏了一部已经半个月，剩下一部也经常卡住，楼里老人和小孩多，请督促物业尽快修好。"
            .repeat(2),
        ..Subject::default()
    };
    let mut order = Order::opened(OrderId(id(n, 0)), facts, subject, at);
    order.state = state(scatter(n, 3) % 1_000, now);
    order.version = 9;
    if !matches!(order.state, State::PreReview { .. }) {
        order.dispatch_count = 1;
        order.legs = legs(n, &order, enterprise)?;
    }
    Ok(order)
}

fn appeal_type(percent: u64) -> AppealType {
    match percent {
        0..40 => AppealType::Consult,
        40..65 => AppealType::Help,
        65..90 => AppealType::Complaint,
        90..95 => AppealType::Report,
        95..99 => AppealType::Suggestion,
        _ => AppealType::Praise,
    }
}

fn state(permille: u64, now: DateTime<Utc>) -> State {
    match permille {
        0..2 => State::PreReview {
            claimed_by: None,
            proposed: None,
        },
        2..3 => State::PreReview {
            claimed_by: Some("load-dispatcher".to_owned()),
            proposed: None,
        },
        3..33 => State::Handling,
        33..34 => State::Disputed { proposed: None },
        34..35 => State::Escalated {
            unit: UnitId::new("xz-authority"),
        },
        35..45 => State::Settled,
        45..95 => State::Closed {
            outcome: Outcome::Satisfied,
        },
        95..100 => State::Withdrawn,
        _ => State::Archived {
            outcome: Outcome::Satisfied,
            keep_until: now + TimeDelta::days(3_650),
        },
    }
}

fn legs(n: u64, order: &Order, enterprise: bool) -> anyhow::Result<Vec<Leg>> {
    // The smaller of two throws: the first units have most.
    let throw = |salt| usize::try_from(scatter(n, salt)).unwrap_or(0) % UNITS.len();
    let lead = throw(4).min(throw(5)).min(throw(6));
    let mut legs = vec![leg(n, 1, LegKind::Lead, UNITS[lead], order)?];
    if scatter(n, 7) % 100 < 30 {
        legs.push(leg(
            n,
            2,
            LegKind::CoHandle,
            UNITS[(lead + 1) % UNITS.len()],
            order,
        )?);
    }
    if enterprise {
        legs.push(leg(n, 3, LegKind::Enterprise, ENTERPRISE_PLATFORM, order)?);
    }
    Ok(legs)
}

fn leg(n: u64, place: u64, kind: LegKind, unit: &str, order: &Order) -> anyhow::Result<Leg> {
    let at = order.opened_at + TimeDelta::minutes(20);
    let within: Limit = "5 working days".parse()?;
    let due_at = at + TimeDelta::days(7);
    let due = Due::Ruled {
        at: due_at,
        original: due_at,
        within,
        obligation: Obligation::Answer,
        basis: None,
    };
    let mut leg = Leg::sent(LegId(id(n, place)), kind, UnitId::new(unit), 1, at, due);
    leg.times.acknowledged = Some(at + TimeDelta::seconds(1));
    leg.times.signed = Some(at + TimeDelta::minutes(30));
    leg.times.contacted = Some(at + TimeDelta::hours(3));
    leg.times.replied = Some(at + TimeDelta::days(2));
    if kind == LegKind::Enterprise {
        return Ok(leg);
    }
    leg.state = match (&order.state, scatter(n, 8) % 20) {
        (State::Withdrawn, _) => LegState::Withdrawn,
        (State::Handling | State::Disputed { .. } | State::Escalated { .. }, throw) => match throw {
            0..5 => LegState::ToSign,
            5..15 => LegState::Signed,
            15..18 => LegState::Replied(reply(n)),
            _ => LegState::SentBack(reply(n)),
        },
        _ => LegState::Approved(reply(n)),
    };
    if order.state == State::Handling && place == 1 && scatter(n, 9).is_multiple_of(20) {
        leg.extension_request = Some(ExtensionRequest {
            id: id(n, 9),
            reason: "需要协调多个部门现场核查".to_owned(),
            amount: "3 working days".parse()?,
            at: at + TimeDelta::days(1),
            basis: String::new(),
            told: String::new(),
            proof: Proof::default(),
        });
    }
    Ok(leg)
}

fn reply(n: u64) -> Reply {
    Reply {
        id: id(n, 8),
        action:
            "接单后当日联系诉求人，会同属地街道到小区现场查看，约谈物业项目负责人，下达责令限期整改通知书"
                .to_owned(),
        office: "物业管理科".to_owned(),
        handler: "科员".to_owned(),
        result: ReplyResult::Solved,
        legal_basis: "《物业管理条例》《住宅专项维修资金管理办法》".to_owned(),
        told: "电话告知整改期限和复查日期，诉求人表示认可".to_owned(),
        internal_text: "现场核查情况属实，已责令物业企业限期整改，整改期内每三天复查一次。".to_owned(),
        public_text:
            "您反映的问题经现场核查属实。我们已约谈物业企业并责令限期整改，整改进展在小区公告栏公示。"
                .to_owned(),
        handled_at: None,
        contact: "物业管理科值班电话".to_owned(),
        told_by: Some(ToldBy::Telephone),
        evidence: Vec::new(),
        opinion: String::new(),
    }
}

/// An identifier for a part of the `n`-th order: spread like random ones, the same at every run.
pub fn id(n: u64, place: u64) -> Uuid {
    Uuid::from_u64_pair(scatter(n, 100 + place), scatter(n, 200 + place))
}

/// A number that looks random (SplitMix64).
pub fn scatter(n: u64, salt: u64) -> u64 {
    let mut z = n
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(salt.wrapping_mul(0xD1B5_4A32_D192_ED03));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Adds an order's rows to the four texts.
fn push(texts: &mut [String; 4], order: &Order) -> anyhow::Result<()> {
    let facts = &order.facts;
    let (id, opened) = (order.id.to_string(), order.opened_at.to_rfc3339());
    let (kind, state) = (facts.appeal_type.as_str(), order.state.as_str());
    let labels = format!(
        "{{{}}}",
        facts.labels.iter().cloned().collect::<Vec<_>>().join(",")
    );
    let claimed = match &order.state {
        State::PreReview {
            claimed_by: Some(who),
            ..
        } => Some(who.as_str()),
        _ => None,
    };
    let flag = |value: bool| Some(if value { "t" } else { "f" });
    let doc = serde_json::to_string(order)?;
    let units: Vec<&str> = order.units().into_iter().map(|unit| unit.as_str()).collect();
    let units = format!("{{{}}}", units.join(","));
    row(
        &mut texts[0],
        &[
            Some(&id),
            Some(&facts.number),
            Some(&opened),
            Some(kind),
            Some(&labels),
            flag(facts.is_enterprise()),
            Some(state),
            claimed,
            flag(order.awaits_decision()),
            flag(order.dispatch_count > 0),
            Some("1"),
            Some("9"),
            Some(&doc),
            Some(&units),
        ],
    );
    row(
        &mut texts[1],
        &[
            Some(&id),
            Some(&order.subject.title),
            Some(&order.subject.content),
            Some("f"),
        ],
    );
    for label in &facts.labels {
        row(
            &mut texts[2],
            &[Some(label), Some(&id), Some(&opened), Some(state), Some(kind)],
        );
    }
    for leg in &order.legs {
        let (leg_id, sent) = (leg.id.to_string(), leg.times.dispatched.to_rfc3339());
        let received = leg.times.acknowledged.map(|at| at.to_rfc3339());
        row(
            &mut texts[3],
            &[
                Some(&leg_id),
                Some(&id),
                Some(&opened),
                Some(state),
                Some(kind),
                Some(&labels),
                flag(facts.is_enterprise()),
                Some("1"),
                Some(leg.kind.as_str()),
                Some(leg.unit.as_str()),
                Some(leg.state.as_str()),
                Some(&sent),
                received.as_deref(),
            ],
        );
    }
    Ok(())
}

/// Adds one row of comma-separated values; an absent one is nothing at all.
pub fn row(text: &mut String, values: &[Option<&str>]) {
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        if let Some(value) = value {
            text.push('"');
            text.push_str(&value.replace('"', "\"\""));
            text.push('"');
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_reads_back_from_its_document() {
        for n in 0..2_000 {
            let order = order(n, DateTime::UNIX_EPOCH).expect("is built");
            let text = serde_json::to_string(&order).expect("writes");
            let read: Order = serde_json::from_str(&text).expect("reads");
            assert_eq!(read.legs, order.legs, "{text}");
        }
    }
}
