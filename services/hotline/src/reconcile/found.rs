//! Both ends of every hand-over: what was recorded, what is held, and where the two disagree.

use std::collections::HashMap;

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

/// How often each identifier was recorded.
type Tally = HashMap<String, usize>;

/// What both ends of every hand-over say; absent where the service does not run.
#[derive(Default)]
pub(super) struct Found {
    accepted: Option<Tally>,
    opened: Option<Tally>,
    sent: Option<Tally>,
    received: Option<Tally>,
    routing: Option<GetReconciliationResponse>,
    enterprise: Option<GetEnterpriseTotalsResponse>,
    counted: Option<i64>,
}

impl Found {
    /// Reads both ends: the journals, and what the services hold that run.
    pub(super) async fn read(client: &Client, positions: &Positions) -> anyhow::Result<Self> {
        let from = |producer: &str| {
            let own = positions.iter().find(|(service, _)| service.producer == producer);
            own.map(|(_, own)| journal::beginning(own))
        };
        let (accepted, opened, sent, received) = tokio::try_join!(
            recorded(client, "intake", from("intake"), root_of::<AppealAccepted>),
            recorded(client, "routing", from("routing"), root_of::<OrderOpened>),
            recorded(client, "routing", from("routing"), leg_sent),
            recorded(client, "enterprise", from("enterprise"), leg_received),
        )?;
        let mut found = Self {
            accepted,
            opened,
            sent,
            received,
            ..Self::default()
        };
        if from("routing").is_some() {
            let mut orders = client.routing();
            let asked = orders.get_reconciliation(GetReconciliationRequest {});
            found.routing = Some(asked.await.map_err(told)?.into_inner());
        }
        if from("enterprise").is_some() {
            let mut platform = client.enterprise();
            let asked = platform.get_enterprise_totals(GetEnterpriseTotalsRequest {});
            found.enterprise = Some(asked.await.map_err(told)?.into_inner());
        }
        if from("analytics").is_some() {
            let mut figures = client.analytics();
            let overview = figures.get_overview(GetOverviewRequest {}).await.map_err(told)?;
            found.counted = Some(counted(&overview.into_inner().measures));
        }
        Ok(found)
    }

    /// The numbers.
    pub(super) fn counts(&self) -> Counts {
        let of = |tally: &Option<Tally>| tally.as_ref().map(HashMap::len);
        let routing = self.routing.as_ref();
        Counts {
            accepted: of(&self.accepted),
            opened: of(&self.opened),
            orders: routing.map(|of| of.orders),
            dispatched: routing.map(|of| of.dispatched),
            legs: routing.map(|of| of.legs),
            labelled: routing.map(|of| of.labelled),
            enterprise_legs: routing.map(|of| of.enterprise_legs),
            enterprise_legs_acknowledged: routing.map(|of| of.enterprise_legs_acknowledged),
            enterprise_sent: of(&self.sent),
            enterprise_received: of(&self.received),
            enterprise_held: self.enterprise.as_ref().map(|of| of.received),
            counted: self.counted,
            lead_violations: routing.map(|of| of.lead_violations),
            enterprise_violations: routing.map(|of| of.enterprise_violations),
        }
    }

    /// Comparisons for which one end does not run.
    pub(super) fn not_compared(&self) -> Vec<Finding> {
        let pair = |both: bool, zh: &str, en: &str| {
            (!both).then(|| Finding {
                zh: zh.to_owned(),
                en: en.to_owned(),
            })
        };
        let both_kinds = self.accepted.is_some() && self.opened.is_some();
        let pairs = [
            pair(
                both_kinds,
                "受理与开单未核对",
                "acceptances were not compared with orders",
            ),
            pair(
                self.sent.is_some() && self.received.is_some(),
                "企服派送与接收未核对",
                "sends to the enterprise platform were not compared with receipts",
            ),
            pair(
                both_kinds && self.counted.is_some(),
                "统计数未核对",
                "the figures were not compared with the record",
            ),
        ];
        pairs.into_iter().flatten().collect()
    }

    /// What does not agree.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let counts = self.counts();
        let offenders = self
            .routing
            .as_ref()
            .map(|of| of.offenders.join(", "))
            .unwrap_or_default();
        let times = self.accepted.as_ref().zip(self.opened.as_ref());
        let times = times.map(|(accepted, opened)| times_of(accepted) + times_of(opened));
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
                counts.opened.map(as_count),
                counts.orders,
                "工单数与事件不符",
                "orders against events",
            ),
            differs(
                counts.labelled,
                counts.enterprise_legs,
                "企业标签与企服派送不符",
                "labels against enterprise legs",
            ),
            differs(
                counts.enterprise_sent.map(as_count),
                counts.enterprise_legs,
                "企服派送与事件不符",
                "enterprise legs against events",
            ),
            differs(
                counts.enterprise_legs,
                counts.enterprise_legs_acknowledged,
                "企服派送未全部确认",
                "enterprise legs against confirmations",
            ),
            differs(
                counts.enterprise_legs,
                counts.enterprise_held,
                "企服平台件数不符",
                "enterprise legs against what the platform holds",
            ),
            differs(
                times,
                self.counted,
                "统计数与事件不符",
                "events against what the figures counted",
            ),
            nonzero(
                counts.lead_violations,
                &offenders,
                "主办派送不是恰好一路",
                "rounds without exactly one lead leg",
            ),
            nonzero(
                counts.enterprise_violations,
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
fn times_of(of: &Tally) -> i64 {
    as_count(of.values().sum())
}

/// What one kind of event named, in the journal of a producer that runs.
async fn recorded(
    client: &Client,
    producer: &str,
    from: Option<Vec<(i32, i64)>>,
    name: fn(&Entry) -> Option<String>,
) -> anyhow::Result<Option<Tally>> {
    let Some(from) = from else { return Ok(None) };
    Ok(Some(tally(
        journal::collect(client, producer, &from, name).await?,
    )))
}

fn tally(items: Vec<String>) -> Tally {
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

fn missing(of: &Option<Tally>, from: &Option<Tally>, zh: &str, en: &str) -> Option<Finding> {
    let (of, from) = of.as_ref().zip(from.as_ref())?;
    let ids: Vec<_> = of.keys().filter(|id| !from.contains_key(*id)).collect();
    listed(&ids, zh, en)
}

fn doubled(of: &Option<Tally>, zh: &str, en: &str) -> Option<Finding> {
    let ids: Vec<_> = of
        .as_ref()?
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(id, _)| id)
        .collect();
    listed(&ids, zh, en)
}

fn differs(left: Option<i64>, right: Option<i64>, zh: &str, en: &str) -> Option<Finding> {
    let (left, right) = left.zip(right)?;
    (left != right).then(|| Finding {
        zh: format!("{zh}:{left} / {right}"),
        en: format!("{en}: {left} / {right}"),
    })
}

fn nonzero(count: Option<i64>, offenders: &str, zh: &str, en: &str) -> Option<Finding> {
    let count = count?;
    (count != 0).then(|| Finding {
        zh: format!("{zh}:{count}({offenders})"),
        en: format!("{en}: {count} ({offenders})"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(ids: &[&str]) -> Option<Tally> {
        Some(tally(ids.iter().map(|id| (*id).to_owned()).collect()))
    }

    fn found(accepted: &[&str], opened: &[&str]) -> Found {
        Found {
            accepted: own(accepted),
            opened: own(opened),
            sent: own(&["l"]),
            received: own(&["l"]),
            routing: Some(GetReconciliationResponse {
                orders: own(opened).map_or(0, |opened| as_count(opened.len())),
                labelled: 1,
                enterprise_legs: 1,
                enterprise_legs_acknowledged: 1,
                ..GetReconciliationResponse::default()
            }),
            enterprise: Some(GetEnterpriseTotalsResponse {
                received: 1,
                ..GetEnterpriseTotalsResponse::default()
            }),
            counted: Some(as_count(accepted.len() + opened.len())),
        }
    }

    #[test]
    fn agreement_finds_nothing() {
        let found = found(&["a", "b"], &["b", "a"]);
        assert_eq!((found.findings(), found.not_compared()), (Vec::new(), Vec::new()));
    }

    #[test]
    fn every_disagreement_is_found() {
        let count = |found: &Found| found.findings().len();
        assert_eq!(count(&found(&["a", "b"], &["a"])), 1, "lost");
        assert_eq!(count(&found(&["a"], &["a", "b"])), 1, "from nowhere");
        assert_eq!(count(&found(&["a"], &["a", "a"])), 1, "doubled");
        let good = || found(&["a"], &["a"]);
        let cases: [fn(&mut GetReconciliationResponse); 5] = [
            |routing| routing.orders = 2,
            |routing| routing.labelled = 2,
            |routing| routing.enterprise_legs_acknowledged = 0,
            |routing| routing.lead_violations = 1,
            |routing| routing.enterprise_violations = 1,
        ];
        for (index, spoil) in cases.into_iter().enumerate() {
            let mut found = good();
            found.routing.as_mut().map(spoil).expect("it runs");
            assert_eq!(count(&found), 1, "case {index}: {:?}", found.findings());
        }
        let cases: [fn(&mut Found); 3] = [
            |found| found.counted = Some(1),
            |found| found.enterprise = Some(GetEnterpriseTotalsResponse::default()),
            |found| found.received = own(&["l", "l"]),
        ];
        for (index, spoil) in cases.into_iter().enumerate() {
            let mut found = good();
            spoil(&mut found);
            assert_eq!(count(&found), 1, "case {index}: {:?}", found.findings());
        }
    }

    #[test]
    fn what_has_one_end_is_not_compared_and_that_is_said() {
        let whole = found(&["a", "b"], &["a"]);
        let without_register = Found {
            accepted: None,
            ..found(&[], &["a"])
        };
        assert_eq!((whole.findings().len(), whole.not_compared().len()), (1, 0));
        assert_eq!(without_register.findings(), Vec::new());
        assert_eq!(without_register.not_compared().len(), 2, "orders and figures");
        let second_alone = Found {
            enterprise: None,
            received: None,
            ..found(&["a"], &["a"])
        };
        assert_eq!(
            (second_alone.findings().len(), second_alone.not_compared().len()),
            (0, 1)
        );
    }
}
