//! Unannounced visits: recorded, their leads taken into a case and handed over.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_policy::rules::Right;
use hotline_runtime::{Caller, page};
use uuid::Uuid;

use super::Bench;
use super::look::{Listed, listed, one_more};
use super::open::{Opening, open_class};
use super::save::save;
use crate::domain::supervision::refusals::{RIGHT_MISSING, TEXT_MISSING, VALUE_UNKNOWN};
use crate::domain::supervision::{Command, Visit, Why, decide};
use crate::ops::Sla;
use crate::store::supervision::{self as store, Kept};

/// Class of a case that a visit opens.
const CLASS: &str = "visit";

/// Records a visit of a body that may inspect; leads for a recipient open a case, and its material is handed over.
///
/// # Errors
/// The city, the body or the recipient is unknown, or the body may not inspect; else the database failed.
pub async fn record_visit(
    sla: &Sla,
    mut visit: Visit,
    recipient: &str,
    caller: &Caller,
) -> Result<(Visit, Option<Kept>), Fault> {
    let city = sla.city(&visit.city)?;
    let rules = sla.rules();
    let policy = sla.in_force(&city);
    let bench = Bench::of(&rules, (&policy.version, &policy.id), None)?;
    let known = bench.policy.supervision();
    let body = known.body(&visit.body).ok_or_else(|| {
        let list: Vec<_> = known.bodies.iter().map(|body| body.code.as_str()).collect();
        Refusal::new(&VALUE_UNKNOWN).field("body").detail(list.join(", "))
    })?;
    if !body.rights.contains(&Right::Inspect) {
        let refusal = Refusal::new(&RIGHT_MISSING)
            .field("body")
            .article(body.origin.article.clone());
        return Err(refusal
            .detail(format!("{}:{}", body.name, Right::Inspect.zh()))
            .into());
    }
    if visit.findings.trim().is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field("findings").into());
    }
    let mut tx = sla.bus.begin().await?;
    (visit.id, visit.at, visit.actor) = (tx.new_id(), tx.now(), caller.subject.clone());
    let mut opened = None;
    if !recipient.is_empty() {
        let rule = known
            .class(CLASS)
            .ok_or_else(|| Refusal::new(&VALUE_UNKNOWN).field("class").detail(CLASS))?;
        let fresh = || sla.bus.new_id();
        let name = |id: &str| sla.unit_name(id);
        let context = bench.context(tx.now(), &caller.subject, (&fresh, &name));
        let opening = Opening {
            facts: None,
            class: (&rule.code, &rule.name),
            key: visit.unit.clone(),
            source: CLASS,
            unit: &visit.unit,
            others: Vec::new(),
            title: format!("{}暗访", body.name),
            reason: visit.findings.clone(),
            article: &rule.origin.article,
            why: Why::new(
                format!("{}暗访发现线索(依据:{})", body.name, rule.origin.article),
                format!("found on an unannounced visit (article {})", rule.origin.article),
            ),
            to: rule.to.iter().map(|to| to.as_str().to_owned()).collect(),
            request: None,
        };
        let kept = open_class(sla, opening, rule, (&bench, &context), &mut tx).await?;
        let mut kept = kept.ok_or_else(|| Fault::poison("a case without a request is always new"))?;
        let hand_over = Command::HandOver(
            recipient.to_owned(),
            Some(visit.body.clone()),
            visit.findings.clone(),
        );
        let events = decide(&kept.case, &hand_over, &context)?;
        save(sla, &mut kept, events, &bench, &mut tx).await?;
        visit.case = Some(kept.case.id);
        opened = Some(kept);
    }
    store::insert_visit(tx.sql(), &visit).await?;
    tx.commit().await?;
    Ok((visit, opened))
}

/// A page of visits, newest first.
///
/// # Errors
/// A token of another list; else the database failed.
pub async fn list_visits(sla: &Sla, unit: &str, size: usize, token: &str) -> Result<Listed<Visit>, Fault> {
    let before = page::decode::<(DateTime<Utc>, Uuid)>(token, &unit)?;
    let unit_asked = Some(unit).filter(|unit| !unit.is_empty());
    let visits = store::visits(sla.bus.pool(), unit_asked, before, one_more(size)).await?;
    Ok(listed(visits, size, &unit, |visit| (visit.at, visit.id)))
}
