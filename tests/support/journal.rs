//! What the services recorded: journals read through the contract, and whether all that was told was heard.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use hotline_proto::bus::v1::{Entry, GetPositionsRequest, GetPositionsResponse, ReadRequest};

use super::callers::Person;
use super::wait::until_within;

/// Producers' names of all services.
pub const SERVICES: [&str; 6] = ["intake", "routing", "sla", "callback", "enterprise", "analytics"];

/// The event by which a service tells the signed end of its audit.
const AUDIT_HEAD: &str = "hotline.audit.v1.AuditHeadSigned";

/// Entries read at once.
const PAGE: i32 = 512;

/// How far a service's journal goes, and how far it has heard the others.
///
/// # Errors
/// The call fails.
pub async fn positions(operator: &Person, service: &str) -> Result<GetPositionsResponse> {
    let request = GetPositionsRequest {
        service: service.to_owned(),
    };
    Ok(operator.journal().get_positions(request).await?.into_inner())
}

/// How many events every (producer, partition) has told, without the signed heads of the audit: these come by the clock,
/// whatever is asked.
///
/// # Errors
/// The call fails.
pub async fn heads(operator: &Person) -> Result<BTreeMap<(String, i32), usize>> {
    let mut told = BTreeMap::new();
    for service in SERVICES {
        let entries = read(operator, service).await?;
        for entry in entries.into_iter().filter(|entry| entry.r#type != AUDIT_HEAD) {
            *told.entry((entry.producer, entry.partition)).or_default() += 1;
        }
    }
    Ok(told)
}

/// The whole journal of a producer, in order within each partition.
///
/// # Errors
/// The call fails; or a number is missing or stands twice.
pub async fn read(operator: &Person, producer: &str) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    for head in positions(operator, producer).await?.heads {
        let mut after_seq = 0;
        while after_seq < head.seq {
            let request = ReadRequest {
                producer: producer.to_owned(),
                partition: head.partition,
                after_seq,
                limit: PAGE,
            };
            let page = operator.journal().read(request).await?.into_inner().entries;
            for entry in page {
                ensure!(
                    entry.seq == after_seq + 1,
                    "{producer} p{} jumps from {after_seq} to {}",
                    entry.partition,
                    entry.seq
                );
                after_seq = entry.seq;
                entries.push(entry);
            }
            if after_seq == 0 {
                bail!(
                    "{producer} p{} has a head of {} and no entries",
                    head.partition,
                    head.seq
                );
            }
        }
    }
    Ok(entries)
}

/// Waits until every service has published all it recorded and heard all that the others published.
///
/// # Errors
/// Not within `limit`; the message says what is behind.
pub async fn settled(operator: &Person, limit: std::time::Duration) -> Result<()> {
    let seen = std::cell::RefCell::new((String::new(), 0_u32));
    let quiet = until_within(limit, "every service has heard every event", || async {
        let found = behind(operator)
            .await
            .unwrap_or_else(|error| format!("{error:#}"));
        let mut seen = seen.borrow_mut();
        // Twice in a row with the same heads: what was heard last led to nothing more.
        seen.1 = if found == seen.0 { seen.1 + 1 } else { 0 };
        let done = found.starts_with("quiet") && seen.1 >= 2;
        seen.0 = found;
        Ok(done.then_some(()))
    });
    let result = quiet.await;
    result.with_context(|| seen.borrow().0.clone())
}

/// What is behind; "quiet" and the sum of all heads when nothing is.
async fn behind(operator: &Person) -> Result<String> {
    let mut heads = BTreeMap::new();
    let mut all = Vec::new();
    for service in SERVICES {
        let found = positions(operator, service).await?;
        for head in &found.heads {
            heads.insert((head.producer.clone(), head.partition), head.seq);
        }
        all.push((service, found));
    }
    for (service, found) in &all {
        if found.outbox > 0 || found.dead > 0 {
            return Ok(format!(
                "{service}: {} in the outbox, {} dead",
                found.outbox, found.dead
            ));
        }
        for ((producer, partition), seq) in heads.iter().filter(|((producer, _), _)| producer != service) {
            let heard = found
                .cursors
                .iter()
                .find(|at| at.producer == *producer && at.partition == *partition);
            let heard = heard.map_or(0, |at| at.seq);
            if heard < *seq {
                return Ok(format!(
                    "{service} heard {producer} p{partition} to {heard} of {seq}"
                ));
            }
        }
    }
    Ok(format!("quiet at {}", heads.values().sum::<i64>()))
}

/// How often each type of event stands in `entries`, by its short name; without the signed heads of the audit, which
/// every service tells of itself and none hears of itself.
pub fn counts(entries: &[Entry]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.r#type != AUDIT_HEAD) {
        *counts.entry(short(&entry.r#type).to_owned()).or_default() += 1;
    }
    counts
}

/// The last segment of a full name.
pub fn short(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}
