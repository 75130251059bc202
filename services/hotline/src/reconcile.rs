//! Proves that nothing was lost and nothing doubled: journals against cursors, acceptances against orders, sends against
//! receipts. What is compared comes from both ends: what a producer recorded, and what the hearer holds.
//!
//! Invariant: the verdict is good only when the bus is quiet and every comparison agrees.

mod found;

use std::collections::HashMap;
use std::time::Duration;

use hotline_proto::bus::v1::GetPositionsResponse;
use hotline_runtime::Stopwatch;
use serde::Serialize;

use crate::client::Client;
use crate::journal::{self, Everyone, Positions};
use crate::services::Service;
use found::Found;

/// Pause between two looks at the positions.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// Where one service stands.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// Service.
    pub service: &'static str,
    /// Events in its journal.
    pub recorded: i64,
    /// Events of others that it has not applied yet.
    pub behind: i64,
    /// Rows of its outbox that wait to be numbered.
    pub outbox: i64,
    /// Events set aside.
    pub dead: i64,
}

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What was counted; absent where the service that counts it does not run.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// Appeals accepted, by the register's journal.
    pub accepted: Option<usize>,
    /// Orders opened, by routing's journal.
    pub opened: Option<usize>,
    /// Orders that routing holds.
    pub orders: Option<i64>,
    /// Orders that were sent out.
    pub dispatched: Option<i64>,
    /// Legs.
    pub legs: Option<i64>,
    /// Orders sent out that carry the enterprise label.
    pub labelled: Option<i64>,
    /// Enterprise legs that routing holds.
    pub enterprise_legs: Option<i64>,
    /// Those whose receiver confirmed.
    pub enterprise_legs_acknowledged: Option<i64>,
    /// Enterprise legs sent, by routing's journal.
    pub enterprise_sent: Option<usize>,
    /// Enterprise legs received, by the enterprise platform's journal.
    pub enterprise_received: Option<usize>,
    /// Enterprise legs that the enterprise platform holds.
    pub enterprise_held: Option<i64>,
    /// Acceptances and openings that the figures counted.
    pub counted: Option<i64>,
    /// Rounds without exactly one standing lead leg.
    pub lead_violations: Option<i64>,
    /// Orders whose enterprise leg does not match the label.
    pub enterprise_violations: Option<i64>,
}

/// The reconciliation of all orders.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Nothing was in flight any more.
    pub quiet: bool,
    /// Where each service stands.
    pub services: Vec<Standing>,
    /// Services that do not run where they were looked for, and were not asked.
    pub left_out: Vec<&'static str>,
    /// Comparisons that need one of them.
    pub not_compared: Vec<Finding>,
    /// What was counted.
    pub counts: Counts,
    /// What does not agree; empty when everything does.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether everything agrees that was compared.
    pub fn is_good(&self) -> bool {
        self.quiet && self.findings.is_empty()
    }
}

/// Waits at most `wait` until nothing is in flight, then compares.
///
/// # Errors
/// A service that does not answer.
pub async fn reconcile(client: &Client, wait: Duration) -> anyhow::Result<Report> {
    let everyone = settled(client, wait).await?;
    let services = standings_of(&everyone.positions);
    let quiet = is_quiet(&services);
    let found = Found::read(client, &everyone.positions).await?;
    let counts = found.counts();
    let mut findings = in_flight(&services);
    findings.extend(found.findings());
    Ok(Report {
        quiet,
        services,
        left_out: everyone.left_out(),
        not_compared: found.not_compared(),
        counts,
        findings,
    })
}

/// The positions once nothing is in flight, or the last ones when the wait is over.
async fn settled(client: &Client, wait: Duration) -> anyhow::Result<Everyone> {
    let since = Stopwatch::start();
    loop {
        let everyone = journal::all_positions(client).await?;
        if is_quiet(&standings_of(&everyone.positions)) || since.elapsed() >= wait {
            return Ok(everyone);
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

fn is_quiet(services: &[Standing]) -> bool {
    services
        .iter()
        .all(|standing| standing.behind == 0 && standing.outbox == 0)
}

/// Where each service stands against the journals of all others that run.
pub fn standings_of(positions: &Positions) -> Vec<Standing> {
    let heads = heads(positions);
    positions
        .iter()
        .map(|(service, own)| standing(service, own, &heads))
        .collect()
}

/// Every journal's last number, by producer and partition.
fn heads(positions: &Positions) -> HashMap<(&'static str, i32), i64> {
    let heads = positions.iter().flat_map(|(service, own)| {
        own.heads
            .iter()
            .map(|head| ((service.producer, head.partition), head.seq))
    });
    heads.collect()
}

fn standing(
    service: &'static Service,
    own: &GetPositionsResponse,
    heads: &HashMap<(&'static str, i32), i64>,
) -> Standing {
    let heard: HashMap<_, _> = own
        .cursors
        .iter()
        .map(|cursor| ((cursor.producer.as_str(), cursor.partition), cursor.seq))
        .collect();
    let others = heads
        .iter()
        .filter(|((producer, _), _)| *producer != service.producer);
    let behind = others.map(|(key, head)| (head - heard.get(key).copied().unwrap_or(0)).max(0));
    Standing {
        service: service.name,
        recorded: own.heads.iter().map(|head| head.seq).sum(),
        behind: behind.sum(),
        outbox: own.outbox,
        dead: own.dead,
    }
}

fn in_flight(services: &[Standing]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Standing {
        service,
        behind,
        outbox,
        dead,
        ..
    } in services
    {
        if *behind > 0 || *outbox > 0 {
            findings.push(Finding {
                zh: format!("{service}:还有 {behind} 个事件未处理,{outbox} 个未编号"),
                en: format!("{service}: {behind} events not applied, {outbox} not numbered yet"),
            });
        }
        if *dead > 0 {
            findings.push(Finding {
                zh: format!("{service}:{dead} 个事件被搁置,请执行 hotline events dead --service {service}"),
                en: format!(
                    "{service}: {dead} events set aside; see hotline events dead --service {service}"
                ),
            });
        }
    }
    findings
}
