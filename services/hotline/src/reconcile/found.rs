//! Both ends of every hand-over: what was recorded, what is held, and where the two disagree.

use std::collections::HashMap;
use std::hash::Hash;

use anyhow::Context;
use hotline_proto::analytics::v1::{GetOverviewRequest, Measure};
use hotline_proto::bus::v1::Entry;
use hotline_proto::enterprise::v1::{
    EnterpriseLegReceived, GetEnterpriseTotalsRequest, GetEnterpriseTotalsResponse,
};
use hotline_proto::intake::v1::AppealAccepted;
use hotline_proto::routing::v1::{
    EnterpriseLegDispatched, GetReconciliationRequest, GetReconciliationResponse, OrderOpened,
};
use prost::{Message, Name};

use super::{Counts, Finding, Positions};
use crate::client::{Client, told};
use crate::journal;

/// Measures of the figures that are compared with the journals.
const COUNTED: [&str; 2] = ["appeal_accepted", "order_opened"];

/// Offending identifiers that a finding names at most.
const NAMED_MAX: usize = 5;

/// What both ends of every hand-over say.
pub(super) struct Found {
    accepted: HashMap<String, usize>,
    opened: HashMap<String, usize>,
    sent: HashMap<String, usize>,
    received: HashMap<String, usize>,
    routing: GetReconciliationResponse,
    enterprise: GetEnterpriseTotalsResponse,
    counted: i64,
}

impl Found {
    /// Reads both ends: the journals, and what the services hold.
    pub(super) async fn read(client: &Client, positions: &Positions) -> anyhow::Result<Self> {
        let from = |producer: &str| {
            let own = positions.iter().find(|(service, _)| service.producer == producer);
            own.map(|(_, own)| journal::beginning(own))
                .with_context(|| format!("no positions of {producer}"))
        };
        let (intake, routing, enterprise) = (from("intake")?, from("routing")?, from("enterprise")?);
        let (accepted, opened, sent, received) = tokio::try_join!(
            journal::collect(client, "intake", &intake, root_of::<AppealAccepted>),
            journal::collect(client, "routing", &routing, root_of::<OrderOpened>),
            journal::collect(client, "routing", &routing, leg_sent),
            journal::collect(client, "enterprise", &enterprise, leg_received),
        )?;
        let routing = client
            .routing()
            .get_reconciliation(GetReconciliationRequest {})
            .await
            .map_err(told)?;
        let enterprise = client
            .enterprise()
            .get_enterprise_totals(GetEnterpriseTotalsRequest {})
            .await
            .map_err(told)?;
        let overview = client
            .analytics()
            .get_overview(GetOverviewRequest {})
            .await
            .map_err(told)?;
        Ok(Self {
            counted: counted(&overview.into_inner().measures),
            accepted: tally(accepted),
            opened: tally(opened),
            sent: tally(sent),
            received: tally(received),
            routing: routing.into_inner(),
            enterprise: enterprise.into_inner(),
        })
    }

    /// The numbers.
    pub(super) fn counts(&self) -> Counts {
        let Self {
            routing, enterprise, ..
        } = self;
        Counts {
            accepted: self.accepted.len(),
            opened: self.opened.len(),
            orders: routing.orders,
            dispatched: routing.dispatched,
            legs: routing.legs,
            labelled: routing.labelled,
            enterprise_legs: routing.enterprise_legs,
            enterprise_legs_acknowledged: routing.enterprise_legs_acknowledged,
            enterprise_sent: self.sent.len(),
            enterprise_received: self.received.len(),
            enterprise_held: enterprise.received,
            counted: self.counted,
            lead_violations: routing.lead_violations,
            enterprise_violations: routing.enterprise_violations,
        }
    }

    /// What does not agree.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let Self { routing, .. } = self;
        let counts = self.counts();
        let offenders = routing.offenders.join(", ");
        let listed = [
            missing(
                &self.accepted,
                &self.opened,
                "受理后未开工单",
                "accepted, but no order was opened",
            ),
            missing(
                &self.opened,
                &self.accepted,
                "有工单而无受理记录",
                "an order, but no acceptance",
            ),
            doubled(&self.opened, "重复开工单", "opened more than once"),
            missing(
                &self.sent,
                &self.received,
                "企服平台未收到",
                "sent to the enterprise platform, not received",
            ),
            missing(
                &self.received,
                &self.sent,
                "企服平台收到而未派出",
                "received, but never sent",
            ),
            doubled(
                &self.sent,
                "企服派送重复",
                "sent to the enterprise platform twice",
            ),
            doubled(
                &self.received,
                "企服接收重复",
                "received by the enterprise platform twice",
            ),
            differs(
                as_count(counts.opened),
                routing.orders,
                "工单数与事件不符",
                "orders against events",
            ),
            differs(
                routing.labelled,
                routing.enterprise_legs,
                "企业标签与企服派送不符",
                "labels against enterprise legs",
            ),
            differs(
                as_count(counts.enterprise_sent),
                routing.enterprise_legs,
                "企服派送与事件不符",
                "enterprise legs against events",
            ),
            differs(
                routing.enterprise_legs,
                routing.enterprise_legs_acknowledged,
                "企服派送未全部确认",
                "enterprise legs against confirmations",
            ),
            differs(
                routing.enterprise_legs,
                counts.enterprise_held,
                "企服平台件数不符",
                "enterprise legs against what the platform holds",
            ),
            differs(
                times(&self.accepted) + times(&self.opened),
                self.counted,
                "统计数与事件不符",
                "events against what the figures counted",
            ),
            nonzero(
                routing.lead_violations,
                &offenders,
                "主办派送不是恰好一路",
                "rounds without exactly one lead leg",
            ),
            nonzero(
                routing.enterprise_violations,
                &offenders,
                "企服派送与标签不符",
                "orders whose enterprise leg contradicts the label",
            ),
        ];
        listed.into_iter().flatten().collect()
    }
}

/// What the figures counted of the two events that the record is compared by.
fn counted(measures: &[Measure]) -> i64 {
    let ours = measures
        .iter()
        .filter(|measure| COUNTED.contains(&measure.name.as_str()));
    ours.map(|measure| measure.count).sum()
}

/// How often anything happened at all.
fn times(of: &HashMap<String, usize>) -> i64 {
    as_count(of.values().sum())
}

fn tally<T: Hash + Eq>(items: Vec<T>) -> HashMap<T, usize> {
    let mut counts = HashMap::with_capacity(items.len());
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

fn as_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The root of an entry of type `E`.
fn root_of<E: Name>(entry: &Entry) -> Option<String> {
    (entry.r#type == E::full_name()).then(|| entry.root.clone())
}

fn leg_sent(entry: &Entry) -> Option<String> {
    if entry.r#type != EnterpriseLegDispatched::full_name() {
        return None;
    }
    let event = EnterpriseLegDispatched::decode(entry.payload.as_slice()).ok()?;
    event.leg.map(|leg| leg.leg_id)
}

fn leg_received(entry: &Entry) -> Option<String> {
    if entry.r#type != EnterpriseLegReceived::full_name() {
        return None;
    }
    let event = EnterpriseLegReceived::decode(entry.payload.as_slice()).ok()?;
    event.leg.map(|leg| leg.leg_id)
}

fn listed(ids: &[&String], zh: &str, en: &str) -> Option<Finding> {
    if ids.is_empty() {
        return None;
    }
    let some: Vec<_> = ids.iter().take(NAMED_MAX).map(|id| id.as_str()).collect();
    let (count, some) = (ids.len(), some.join(", "));
    Some(Finding {
        zh: format!("{zh}:{count} 件,如 {some}"),
        en: format!("{en}: {count}, such as {some}"),
    })
}

fn missing(
    of: &HashMap<String, usize>,
    from: &HashMap<String, usize>,
    zh: &str,
    en: &str,
) -> Option<Finding> {
    let ids: Vec<_> = of.keys().filter(|id| !from.contains_key(*id)).collect();
    listed(&ids, zh, en)
}

fn doubled(of: &HashMap<String, usize>, zh: &str, en: &str) -> Option<Finding> {
    let ids: Vec<_> = of
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(id, _)| id)
        .collect();
    listed(&ids, zh, en)
}

fn differs(left: i64, right: i64, zh: &str, en: &str) -> Option<Finding> {
    (left != right).then(|| Finding {
        zh: format!("{zh}:{left} / {right}"),
        en: format!("{en}: {left} / {right}"),
    })
}

fn nonzero(count: i64, offenders: &str, zh: &str, en: &str) -> Option<Finding> {
    (count != 0).then(|| Finding {
        zh: format!("{zh}:{count}({offenders})"),
        en: format!("{en}: {count} ({offenders})"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(accepted: &[&str], opened: &[&str]) -> Found {
        let own = |ids: &[&str]| tally(ids.iter().map(|id| (*id).to_owned()).collect());
        Found {
            accepted: own(accepted),
            opened: own(opened),
            sent: own(&["l"]),
            received: own(&["l"]),
            routing: GetReconciliationResponse {
                orders: as_count(own(opened).len()),
                labelled: 1,
                enterprise_legs: 1,
                enterprise_legs_acknowledged: 1,
                ..GetReconciliationResponse::default()
            },
            enterprise: GetEnterpriseTotalsResponse {
                received: 1,
                ..GetEnterpriseTotalsResponse::default()
            },
            counted: as_count(accepted.len() + opened.len()),
        }
    }

    #[test]
    fn agreement_finds_nothing() {
        assert_eq!(found(&["a", "b"], &["b", "a"]).findings(), Vec::new());
    }

    #[test]
    fn every_disagreement_is_found() {
        let count = |found: &Found| found.findings().len();
        assert_eq!(count(&found(&["a", "b"], &["a"])), 1, "lost");
        assert_eq!(count(&found(&["a"], &["a", "b"])), 1, "from nowhere");
        assert_eq!(count(&found(&["a"], &["a", "a"])), 1, "doubled");
        let good = || found(&["a"], &["a"]);
        let cases: [fn(&mut Found); 8] = [
            |found| found.counted += 1,
            |found| found.routing.orders = 2,
            |found| found.routing.labelled = 2,
            |found| found.routing.enterprise_legs_acknowledged = 0,
            |found| found.routing.lead_violations = 1,
            |found| found.routing.enterprise_violations = 1,
            |found| found.enterprise.received = 0,
            |found| found.received = tally(vec!["l".to_owned(), "l".to_owned()]),
        ];
        for (index, spoil) in cases.into_iter().enumerate() {
            let mut found = good();
            spoil(&mut found);
            assert_eq!(count(&found), 1, "case {index}: {:?}", found.findings());
        }
    }
}
