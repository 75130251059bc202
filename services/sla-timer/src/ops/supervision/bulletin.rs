//! Regular notices: figures of the clocks and of the ledger over a period, by the policy's row.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use hotline_bus::Fault;
use hotline_policy::rules::BulletinRule;
use hotline_policy::{City, Refusal};
use hotline_runtime::{Caller, page};
use hotline_worktime::{date_of, local_time};
use uuid::Uuid;

use super::look::{Listed, listed, one_more};
use super::order_of;
use crate::domain::supervision::refusals::{PERIOD_INVALID, VALUE_UNKNOWN};
use crate::domain::supervision::{Bulletin, Figures, figures_of, notice, numbered};
use crate::ops::Sla;
use crate::store::supervision::{self as store, Scope};

/// Issues a notice on the period that ends at `until`, by the policy in force on that day.
///
/// # Errors
/// The city or the notice is unknown, or the period is not over; else the database failed.
pub async fn issue_bulletin(
    sla: &Sla,
    city: &str,
    code: &str,
    until: DateTime<Utc>,
    caller: &Caller,
) -> Result<Bulletin, Fault> {
    let known = sla.city(city)?;
    let policy = known.policy_on(date_of(until));
    let rules = policy.supervision();
    let rule = rules.bulletin(code).ok_or_else(|| {
        let list: Vec<_> = rules.bulletins.iter().map(|rule| rule.code.as_str()).collect();
        Refusal::new(&VALUE_UNKNOWN).field("code").detail(list.join(", "))
    })?;
    if until > sla.bus.now() {
        return Err(Refusal::new(&PERIOD_INVALID)
            .field("until")
            .article(rule.origin.article.clone())
            .into());
    }
    let work = policy.work_clock(sla.rules().calendar());
    let scope = Scope {
        from: work.before(until, rule.every),
        until,
    };
    let parts = parts(sla, rule, &known, scope).await?;
    let units = figures_of(rule, parts);
    let text = notice(rule, (scope.from, scope.until), &units, &|id| sla.unit_name(id));
    let recipient = rules
        .recipient(&rule.hand_over)
        .map(|to| to.name.clone())
        .unwrap_or_default();
    let mut tx = sla.bus.begin().await?;
    let year = local_time(tx.now()).year();
    let serial = store::serial(tx.sql(), &format!("{}:bulletin:{code}", policy.id), year).await?;
    let bulletin = Bulletin {
        id: tx.new_id(),
        number: numbered("通报〔{year}〕{serial}号", tx.now(), serial),
        city: city.to_owned(),
        code: rule.code.clone(),
        name: rule.name.clone(),
        article: rule.origin.article.clone(),
        from: scope.from,
        until,
        recipient: if units.iter().any(|unit| unit.named) {
            recipient
        } else {
            String::new()
        },
        units,
        text,
        issued_at: tx.now(),
        actor: caller.subject.clone(),
    };
    store::insert_bulletin(tx.sql(), &bulletin).await?;
    tx.commit().await?;
    Ok(bulletin)
}

/// What is known of every unit over a period, of orders that the row counts.
async fn parts(sla: &Sla, rule: &BulletinRule, city: &City, scope: Scope) -> Result<Vec<Figures>, Fault> {
    let pool = sla.bus.pool();
    let counts = |facts: &[u8]| -> Result<bool, Fault> {
        let order = order_of(facts)?;
        Ok(order.is_some_and(|order| {
            city.edition(&order.policy_version, &order.policy_id).is_some()
                && rule.when.matches(&order.matter)
        }))
    };
    let mut by_unit: HashMap<String, Figures> = HashMap::new();
    let mut after = None;
    loop {
        let (clocks, place) = store::clock_facts_between(pool, scope, after).await?;
        for (unit, kept, facts) in clocks {
            if counts(&facts)? {
                let sum = by_unit.entry(unit).or_default();
                (sum.due, sum.kept) = (sum.due + 1, sum.kept + i64::from(kept));
            }
        }
        after = place;
        if after.is_none() {
            break;
        }
    }
    for (unit, order) in store::redo_marks(pool, scope).await? {
        let mut sql = pool.acquire().await?;
        let facts = store::facts_of_order(&mut sql, order).await?.unwrap_or_default();
        if counts(&facts)? {
            by_unit.entry(unit).or_default().sent_back += 1;
        }
    }
    let policies: Vec<_> = city.editions.iter().map(|policy| policy.id.clone()).collect();
    for (unit, cases) in store::case_figures(pool, &policies, scope).await? {
        by_unit.entry(unit).or_default().cases += cases;
    }
    for (unit, cards) in store::card_figures(pool, &policies, scope).await? {
        by_unit.entry(unit).or_default().cards += cards;
    }
    let named = |(unit, figures): (String, Figures)| Figures { unit, ..figures };
    Ok(by_unit
        .into_iter()
        .map(named)
        .filter(|figures| !figures.unit.is_empty())
        .collect())
}

/// A page of notices, newest first.
///
/// # Errors
/// A token of another list; else the database failed.
pub async fn list_bulletins(
    sla: &Sla,
    city: &str,
    size: usize,
    token: &str,
) -> Result<Listed<Bulletin>, Fault> {
    let before = page::decode::<(DateTime<Utc>, Uuid)>(token, &city)?;
    let asked = Some(city).filter(|city| !city.is_empty());
    let found = store::bulletins(sla.bus.pool(), asked, before, one_more(size)).await?;
    Ok(listed(found, size, &city, |bulletin| {
        (bulletin.issued_at, bulletin.id)
    }))
}
