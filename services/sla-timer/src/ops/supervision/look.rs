//! Reads the ledger: one case, lists, cards, material; a unit's staff see what is their unit's.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_runtime::{Caller, page};
use hotline_worktime::local_time;
use uuid::Uuid;

use crate::domain::supervision::refusals::CASE_ABSENT;
use crate::domain::supervision::{Card, Case, Document, bundle, documents};
use crate::ops::Sla;
use crate::ops::queries::visible_unit;
use crate::store;
use crate::store::supervision::{self as ledger, CardFilter, CaseFilter, Kept};

/// A page of something.
#[derive(Debug)]
pub struct Listed<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// Token of the next page; empty at the end.
    pub next_page_token: String,
}

/// Cuts a list that was read one longer than its page, and makes the token of the next.
pub(super) fn listed<T>(
    mut items: Vec<T>,
    size: usize,
    mark: &impl serde::Serialize,
    key: impl Fn(&T) -> (DateTime<Utc>, Uuid),
) -> Listed<T> {
    let more = items.len() > size;
    items.truncate(size);
    let last = items.last().filter(|_| more).map(key);
    Listed {
        next_page_token: last.map(|key| page::encode(&key, mark)).unwrap_or_default(),
        items,
    }
}

/// The limit with which a page of `size` is read.
pub(super) fn one_more(size: usize) -> i64 {
    i64::try_from(size + 1).unwrap_or(i64::MAX)
}

/// A case by identifier or number.
///
/// # Errors
/// There is none that the caller may see; else the database failed.
pub async fn find(sla: &Sla, name: &str, caller: &Caller) -> Result<Kept, Fault> {
    let mut sql = sla.bus.pool().acquire().await?;
    let kept = match Uuid::parse_str(name) {
        Ok(id) => ledger::get(&mut sql, id).await?,
        Err(_) => ledger::by_number(&mut sql, name).await?,
    };
    let unit = visible_unit(caller, None)?;
    let sees = |case: &Case| {
        unit.as_ref().is_none_or(|unit| {
            case.unit == *unit
                || case.others.contains(unit)
                || case.instruments.iter().any(|known| known.unit == *unit)
        })
    };
    let absent = || Refusal::new(&CASE_ABSENT).field("case").detail(name.to_owned());
    Ok(kept.filter(|kept| sees(&kept.case)).ok_or_else(absent)?)
}

/// A page of the ledger.
///
/// # Errors
/// A token of another list, or a unit that is not the caller's; else the database failed.
pub async fn list_cases(
    sla: &Sla,
    mut filter: CaseFilter,
    size: usize,
    token: &str,
    caller: &Caller,
) -> Result<Listed<Kept>, Fault> {
    filter.unit = visible_unit(caller, filter.unit.as_deref())?;
    let mark = format!("{filter:?}");
    let before = page::decode::<(DateTime<Utc>, Uuid)>(token, &mark)?;
    let cases = ledger::list(sla.bus.pool(), &filter, before, one_more(size)).await?;
    Ok(listed(cases, size, &mark, |kept| {
        (kept.case.opened_at, kept.case.id)
    }))
}

/// A page of cards.
///
/// # Errors
/// As [`list_cases`].
pub async fn list_cards(
    sla: &Sla,
    mut filter: CardFilter,
    size: usize,
    token: &str,
    caller: &Caller,
) -> Result<Listed<Card>, Fault> {
    filter.unit = visible_unit(caller, filter.unit.as_deref())?;
    let mark = format!("{filter:?}");
    let before = page::decode::<(DateTime<Utc>, Uuid)>(token, &mark)?;
    let cards = ledger::list_cards(sla.bus.pool(), &filter, before, one_more(size)).await?;
    Ok(listed(cards, size, &mark, |card| (card.issued_at, card.id)))
}

/// The material of a case.
pub struct Material {
    /// Every document, oldest first.
    pub documents: Vec<Document>,
    /// How the clocks of the order ran, a line each.
    pub clocks: Vec<String>,
    /// All of it as one text.
    pub text: String,
}

/// The material of a case: every document, and all of it as one text with the clocks of the order.
///
/// # Errors
/// There is no such case; else the database failed.
pub async fn material(sla: &Sla, id: Uuid) -> Result<Material, Fault> {
    let mut sql = sla.bus.pool().acquire().await?;
    let absent = || Refusal::new(&CASE_ABSENT).field("case_id").detail(id.to_string());
    let kept = ledger::get(&mut sql, id).await?.ok_or_else(absent)?;
    drop(sql);
    let mut lines = Vec::new();
    if let Some(order) = &kept.case.order {
        for clock in store::of_order_oldest_first(sla.bus.pool(), order.id, None).await? {
            let at = |at: DateTime<Utc>| local_time(at).format("%Y-%m-%d %H:%M").to_string();
            let stopped = clock.stopped_at().map_or_else(|| "未完成".to_owned(), at);
            lines.push(format!(
                "{} {} 起{} 应于{}前 {stopped}(依据:{})",
                sla.unit_name(&clock.unit),
                clock.obligation.zh(),
                at(clock.started_at),
                at(clock.due_at),
                clock.article
            ));
        }
    }
    Ok(Material {
        documents: documents(&kept.case),
        text: bundle(&kept.case, &lines),
        clocks: lines,
    })
}
