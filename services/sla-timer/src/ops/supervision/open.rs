//! Opens cases: the case itself, its number, the documents that go out with it.

use chrono::{DateTime, Datelike, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::rules::SuperviseRule;
use hotline_proto::common::v1::OrderFacts;
use hotline_worktime::local_time;
use prost::Message;
use uuid::Uuid;

use super::Bench;
use super::save::save;
use crate::contract;
use crate::domain::supervision::{
    Case, CaseState, Context, Event, OrderOf, Verification, Wanted, Why, issue, raise,
};
use crate::ops::Sla;
use crate::store::supervision::{self as store, Kept};

/// Class of a case that the ladder opened: late, and nothing else.
pub(super) const OVERDUE: &str = "overdue";

/// What a case is opened with.
pub(super) struct Opening<'a> {
    /// The order.
    pub facts: Option<&'a OrderFacts>,
    /// Class: code and name.
    pub class: (&'a str, &'a str),
    /// What the class counts by.
    pub key: String,
    /// Kind of oversight.
    pub source: &'a str,
    /// Unit that is supervised.
    pub unit: &'a str,
    /// Other units concerned.
    pub others: Vec<String>,
    /// Title.
    pub title: String,
    /// Reason.
    pub reason: String,
    /// Article.
    pub article: &'a str,
    /// Why.
    pub why: Why,
    /// Who is told.
    pub to: Vec<String>,
    /// The request that asks for it.
    pub request: Option<&'a str>,
}

/// Opens a case without anything in it; `None` when its request was answered before. It is not published yet.
pub(super) async fn open(
    opening: Opening<'_>,
    bench: &Bench<'_>,
    context: &Context<'_>,
    tx: &mut Tx,
) -> Result<Option<Kept>, Fault> {
    let order = match opening.facts {
        Some(facts) => Some(OrderOf {
            id: contract::uuid("facts.order_id", &facts.order_id)?,
            number: facts.number.clone(),
            round: u32::try_from(facts.round).unwrap_or(1),
        }),
        None => None,
    };
    let year = local_time(context.at).year();
    let scope = format!("case:{}", bench.policy.id);
    let serial = store::serial(tx.sql(), &scope, year).await?;
    let mut case = Case {
        id: tx.new_id(),
        number: format!("DB{}{year}{serial:05}", bench.policy.division),
        policy_id: bench.policy.id.clone(),
        policy_version: bench.policy.version.clone(),
        order,
        class: opening.class.0.to_owned(),
        class_name: opening.class.1.to_owned(),
        key: opening.key,
        source: opening.source.to_owned(),
        unit: opening.unit.to_owned(),
        others: opening.others,
        title: opening.title,
        reason: opening.reason,
        article: opening.article.to_owned(),
        why: opening.why,
        to: opening.to,
        state: CaseState::Open,
        outcome: (String::new(), String::new()),
        opened_at: context.at,
        opened_by: context.actor.to_owned(),
        closed_at: None,
        instruments: Vec::new(),
        cards: Vec::new(),
        meetings: Vec::new(),
        verifications: Vec::new(),
        causes: Vec::new(),
        measures: Vec::new(),
        exemption: None,
        hand_overs: Vec::new(),
        platform: None,
        version: 0,
    };
    if let Some(order) = &case.order {
        case.platform = platform_delay(order.id, tx).await?;
    }
    let kept = Kept {
        case,
        facts: opening.facts.map(Message::encode_to_vec).unwrap_or_default(),
    };
    let new = store::insert(tx.sql(), &kept, opening.request).await?;
    if new {
        contract::supervision::publish_opened(tx, &kept)?;
    }
    Ok(new.then_some(kept))
}

/// What goes out with the opening by its class: documents, a verification, a type of accountability.
pub(super) fn outset(case: &Case, rule: &SuperviseRule, context: &Context<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    for instrument in rule
        .instruments
        .iter()
        .filter_map(|code| context.rules.instrument(code))
    {
        let why = if case.opened_by == crate::domain::supervision::SYSTEM {
            case.why.clone()
        } else {
            Why::said(&case.reason)
        };
        let wanted = Wanted {
            unit: case.unit.clone(),
            why,
            about: None,
        };
        events.extend(issue(case, instrument, wanted, context));
    }
    if rule.verify {
        events.push(Event::VerificationOpened(Verification {
            opened_at: context.at,
            recorded_at: None,
            outcome: String::new(),
            contacted: false,
            solved: false,
            note: String::new(),
            actor: context.actor.to_owned(),
            article: rule.origin.article.clone(),
        }));
    }
    if let Some(cause) = &rule.cause {
        events.extend(raise(case, cause, &case.why.zh, context));
    }
    events
}

/// Opens a case of a class and sends out what belongs to it.
pub(super) async fn open_class(
    sla: &Sla,
    opening: Opening<'_>,
    rule: &SuperviseRule,
    (bench, context): (&Bench<'_>, &Context<'_>),
    tx: &mut Tx,
) -> Result<Option<Kept>, Fault> {
    let Some(mut kept) = open(opening, bench, context, tx).await? else {
        return Ok(None);
    };
    let events = outset(&kept.case, rule, context);
    save(sla, &mut kept, events, bench, tx).await?;
    Ok(Some(kept))
}

/// The platform's own clocks of an order that ran out: the delay may be the platform's, and the ledger says so.
async fn platform_delay(order: Uuid, tx: &mut Tx) -> Result<Option<(bool, String)>, Fault> {
    let late = store::platform_breaches(tx.sql(), order).await?;
    if late.is_empty() {
        return Ok(None);
    }
    let told: Vec<_> = late
        .iter()
        .map(|(obligation, due)| platform_words(obligation, *due))
        .collect();
    Ok(Some((true, format!("平台环节逾期:{}", told.join(";")))))
}

fn platform_words(obligation: &str, due: DateTime<Utc>) -> String {
    let known: Result<hotline_policy::Obligation, _> = obligation.parse();
    let name = known.map_or_else(|_| obligation.to_owned(), |known| known.zh().to_owned());
    format!("{name}应于{}前完成", local_time(due).format("%Y-%m-%d %H:%M"))
}
