//! What people do: open a case by hand, and command about one.

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_runtime::Caller;
use uuid::Uuid;

use super::open::{Opening, open_class};
use super::save::save;
use super::{Bench, facts_of, order_of};
use crate::domain::supervision::refusals::{
    CASE_ABSENT, CASE_DUPLICATE, CASE_STALE, ORDER_UNKNOWN, VALUE_UNKNOWN,
};
use crate::domain::supervision::{Command, Why, decide};
use crate::ops::Sla;
use crate::store::supervision::{self as store, Kept};

/// A case to open by hand.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// City; for a case without an order.
    pub city: String,
    /// Order.
    pub order: Option<Uuid>,
    /// Unit that is supervised.
    pub unit: String,
    /// Other units concerned.
    pub others: Vec<String>,
    /// Class of matter.
    pub class: String,
    /// Kind of oversight.
    pub source: String,
    /// Title.
    pub title: String,
    /// Reason.
    pub reason: String,
    /// The same key opens one case.
    pub request: String,
}

/// Opens a case by hand; the same request gives the same case.
///
/// # Errors
/// The city, the order, the class, the source or the unit is unknown; else the database failed.
pub async fn open_by_hand(sla: &Sla, asked: Opened, caller: &Caller) -> Result<Kept, Fault> {
    let mut tx = sla.bus.begin().await?;
    let request = Some(asked.request.as_str()).filter(|request| !request.is_empty());
    if let Some(request) = request
        && let Some(kept) = store::by_request(tx.sql(), request).await?
    {
        return same(kept, &asked);
    }
    let facts = match asked.order {
        Some(order) => {
            let facts = store::facts_of_order(tx.sql(), order).await?;
            Some(facts.ok_or_else(|| {
                Refusal::new(&ORDER_UNKNOWN)
                    .field("order")
                    .detail(order.to_string())
            })?)
        }
        None => None,
    };
    let encoded = facts.unwrap_or_default();
    let order = order_of(&encoded)?;
    let rules = sla.rules();
    let (version, id) = match &order {
        Some(order) => (order.policy_version.clone(), order.policy_id.clone()),
        None => {
            let city = sla.city(&asked.city)?;
            let policy = sla.in_force(&city);
            (policy.version.clone(), policy.id.clone())
        }
    };
    let bench = Bench::of(&rules, (&version, &id), order.as_ref().map(|order| &order.matter))?;
    let known = bench.policy.supervision();
    let rule = known.class(&asked.class).ok_or_else(|| {
        unknown(
            "class",
            known
                .classes
                .iter()
                .map(|rule| rule.code.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        )
    })?;
    if !asked.source.is_empty() && known.source(&asked.source).is_none() {
        let list: Vec<_> = known.oversight.iter().map(|rule| rule.code.as_str()).collect();
        return Err(unknown("source", list.join(", ")).into());
    }
    let fresh = || sla.bus.new_id();
    let name = |id: &str| sla.unit_name(id);
    let context = bench.context(tx.now(), &caller.subject, (&fresh, &name));
    let facts = facts_of(&encoded)?;
    let article = rule.origin.article.clone();
    let source = known
        .source(&asked.source)
        .map_or_else(String::new, |rule| format!("({})", rule.name));
    let opening = Opening {
        facts: facts.as_ref(),
        class: (&rule.code, &rule.name),
        key: order
            .as_ref()
            .map_or_else(|| asked.unit.clone(), |order| order.id.to_string()),
        source: if asked.source.is_empty() {
            "by_hand"
        } else {
            &asked.source
        },
        unit: &asked.unit,
        others: asked.others.clone(),
        title: asked.title.clone(),
        reason: asked.reason.clone(),
        article: &article,
        why: Why::new(
            format!("人工立项{source}:{}(依据:{article})", rule.name),
            format!("opened by hand: {} (article {article})", rule.code),
        ),
        to: rule.to.iter().map(|to| to.as_str().to_owned()).collect(),
        request,
    };
    let kept = open_class(sla, opening, rule, (&bench, &context), &mut tx).await?;
    let kept = kept.ok_or_else(|| Fault::retry("the same request is being answered"))?;
    tx.commit().await?;
    Ok(kept)
}

/// The case of an earlier request, if it is the same request.
fn same(kept: Kept, asked: &Opened) -> Result<Kept, Fault> {
    let case = &kept.case;
    if case.class == asked.class && case.title == asked.title {
        return Ok(kept);
    }
    Err(Refusal::new(&CASE_DUPLICATE)
        .field("idempotency_key")
        .detail(case.number.clone())
        .into())
}

fn unknown(field: &str, known: String) -> Refusal {
    Refusal::new(&VALUE_UNKNOWN).field(field).detail(known)
}

/// Carries out a command; `version` is the one that the caller saw, 0 for any.
///
/// # Errors
/// A refusal, or the database failed.
pub async fn command(
    sla: &Sla,
    id: Uuid,
    version: i64,
    command: &Command,
    caller: &Caller,
) -> Result<Kept, Fault> {
    let mut tx = sla.bus.begin().await?;
    let absent = || Refusal::new(&CASE_ABSENT).field("case_id").detail(id.to_string());
    let mut kept = store::lock(tx.sql(), id).await?.ok_or_else(absent)?;
    if version != 0 && version != kept.case.version {
        let detail = format!("version {version}, now {}", kept.case.version);
        return Err(Refusal::new(&CASE_STALE).field("version").detail(detail).into());
    }
    let rules = sla.rules();
    let bench = Bench::of_case(&rules, &kept.case, &kept.facts)?;
    let fresh = || sla.bus.new_id();
    let name = |id: &str| sla.unit_name(id);
    let context = bench.context(tx.now(), &caller.subject, (&fresh, &name));
    let events = decide(&kept.case, command, &context)?;
    save(sla, &mut kept, events, &bench, &mut tx).await?;
    tx.commit().await?;
    Ok(kept)
}
