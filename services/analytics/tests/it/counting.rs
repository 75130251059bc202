//! Totals against an independent counter, over random events from four partitions at once.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use hotline_proto::analytics::v1::Dimension;
use hotline_proto::callback::v1::CallbackCompleted;
use hotline_proto::common::v1::{LegFacts, OrderFacts, Satisfaction};
use hotline_proto::intake::v1::AppealRegistered;
use hotline_proto::routing::v1::{
    LegSigned, OrderArchived, OrderClosed, OrderEscalated, OrderOpened, OrderRedone,
};
use hotline_proto::sla::v1::{ClockBreached, ClockFacts, ClockStopped, ClocksChanged};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use prost::{Message, Name};
use uuid::Uuid;

use crate::support::{at, by, facts, still_world, text};

const EVENTS: usize = 400;
const TYPES: [&str; 6] = ["consult", "help", "complaint", "report", "suggestion", "praise"];
const CHANNELS: [&str; 3] = ["telephone", "enterprise_seat", "web"];

/// One event as a test describes it, and its own idea of what counts.
#[derive(Debug, Clone)]
struct Told {
    kind: usize,
    slot: i32,
    at: DateTime<Utc>,
    appeal_type: usize,
    channel: usize,
    division: &'static str,
    unit: &'static str,
    good: bool,
}

fn told() -> impl Strategy<Value = Told> {
    let seconds = 0..4_i64 * 86_400;
    let words = (
        0..TYPES.len(),
        0..CHANNELS.len(),
        select(vec!["320303", "320311", "320381"]),
        select(vec!["u1", "u2", "u3"]),
    );
    (0..5_usize, 0..4_i32, seconds, words, any::<bool>()).prop_map(|(kind, slot, seconds, words, good)| {
        Told {
            kind,
            slot,
            at: at("2026-09-27T16:00:00Z") + TimeDelta::seconds(seconds),
            appeal_type: words.0,
            channel: words.1,
            division: words.2,
            unit: words.3,
            good,
        }
    })
}

fn named<E: Name>(event: &E) -> (String, Vec<u8>) {
    (E::full_name(), event.encode_to_vec())
}

impl Told {
    fn event(&self) -> (String, Vec<u8>) {
        let number = |index: usize| i32::try_from(index + 1).expect("small");
        let facts = Some(OrderFacts {
            order_id: Uuid::from_u128(1).to_string(),
            r#type: number(self.appeal_type),
            channel: number(self.channel),
            division: self.division.to_owned(),
            category: "0301".to_owned(),
            ..OrderFacts::default()
        });
        let unit_id = self.unit.to_owned();
        let clock = Some(ClockFacts {
            unit_id: unit_id.clone(),
            obligation: "sign".to_owned(),
            ..ClockFacts::default()
        });
        let satisfaction = if self.good {
            Satisfaction::Fair
        } else {
            Satisfaction::Dissatisfied
        }
        .into();
        match self.kind {
            0 => named(&AppealRegistered {
                facts,
                actor: String::new(),
                call_id: String::new(),
            }),
            1 => named(&LegSigned {
                facts,
                leg: Some(LegFacts {
                    unit_id,
                    ..LegFacts::default()
                }),
                actor: String::new(),
            }),
            2 => named(&ClocksChanged {
                facts,
                stopped: vec![ClockStopped {
                    clock,
                    in_time: self.good,
                    cancelled: false,
                }],
                ..ClocksChanged::default()
            }),
            3 => named(&ClockBreached {
                facts,
                clock,
                detected_at: None,
            }),
            _ => named(&CallbackCompleted {
                facts,
                satisfaction,
                unit_id,
                ..CallbackCompleted::default()
            }),
        }
    }

    fn measures(&self) -> Vec<&'static str> {
        match (self.kind, self.good) {
            (0, _) => vec!["appeal_registered"],
            (1, _) => vec!["leg_signed"],
            (2, true) => vec!["clocks_changed", "clock_stopped", "signed_in_time"],
            (2, false) => vec!["clocks_changed", "clock_stopped", "signed_late"],
            (3, _) => vec!["clock_breached", "breached_sign"],
            (_, true) => vec!["callback_completed", "satisfied"],
            (_, false) => vec!["callback_completed", "dissatisfied"],
        }
    }

    fn key(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::All => Some(""),
            Dimension::Unit => (self.kind != 0).then_some(self.unit),
            Dimension::Type => Some(TYPES[self.appeal_type]),
            Dimension::Channel => Some(CHANNELS[self.channel]),
            Dimension::Division => Some(self.division),
            Dimension::Category => Some("0301"),
            Dimension::Unspecified => None,
        }
    }

    /// Local day: eight hours ahead of the universal one.
    fn day(&self) -> String {
        (self.at + TimeDelta::hours(8)).format("%Y-%m-%d").to_string()
    }
}

/// What the totals of a dimension must be.
fn expected(list: &[Told], dimension: Dimension) -> Vec<String> {
    let mut counts: BTreeMap<(String, &str, &str), i64> = BTreeMap::new();
    for told in list {
        let Some(key) = told.key(dimension) else { continue };
        // A change is of one order, and its clocks may be of several units.
        let of_units = |measure: &&str| dimension != Dimension::Unit || *measure != "clocks_changed";
        for measure in told.measures().into_iter().filter(of_units) {
            *counts.entry((told.day(), key, measure)).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|((day, key, measure), count)| format!("{day} {key} {measure} {count}"))
        .collect()
}

#[tokio::test]
async fn totals_are_what_an_independent_counter_says() {
    let world = still_world().await;
    let lists = proptest::collection::vec(told(), EVENTS);
    let list = lists
        .new_tree(&mut TestRunner::deterministic())
        .expect("events")
        .current();
    // Each partition in its own order, all at once.
    join_all((0..4).map(|slot| {
        let (world, list) = (&world, &list);
        async move {
            for told in list.iter().filter(|told| told.slot == slot) {
                let (name, payload) = told.event();
                world.count_raw(slot, told.at, &name, &payload).await;
            }
        }
    }))
    .await;
    for dimension in [
        Dimension::All,
        Dimension::Unit,
        Dimension::Type,
        Dimension::Channel,
        Dimension::Division,
        Dimension::Category,
    ] {
        let rows = world.totals(by(dimension)).await;
        assert_eq!(
            rows.iter().map(text).collect::<Vec<_>>(),
            expected(&list, dimension),
            "{dimension:?}"
        );
    }
    let overview = world.overview().await;
    let last = list.iter().map(|told| told.at).max().expect("events");
    assert_eq!(overview.data_time.map(|at| at.seconds), Some(last.timestamp()));
    let measures = world.measures().await;
    for name in [
        "appeal_registered",
        "signed_in_time",
        "breached_sign",
        "satisfied",
        "dissatisfied",
    ] {
        let count = list.iter().filter(|told| told.measures().contains(&name)).count();
        assert_eq!(measures.get(name).copied(), i64::try_from(count).ok(), "{name}");
    }
}

#[tokio::test]
async fn a_transaction_that_does_not_commit_counts_nothing() {
    let world = still_world().await;
    let event = AppealRegistered {
        facts: facts(Uuid::from_u128(1)),
        actor: String::new(),
        call_id: String::new(),
    };
    let happening = hotline_analytics::contract::read(&AppealRegistered::full_name(), &event.encode_to_vec());
    let mut tx = world.bus.begin().await.expect("begins");
    let now = at("2026-09-30T01:00:00Z");
    hotline_analytics::ops::count(&mut tx, 0, now, happening.expect("reads").remove(0))
        .await
        .expect("counts");
    hotline_analytics::ops::write(&mut tx).await.expect("writes");
    drop(tx);
    assert_eq!(
        world.measures().await,
        BTreeMap::from([("open_orders".to_owned(), 0)])
    );
    assert_eq!(world.overview().await.data_time, None);
}

#[tokio::test]
async fn an_unknown_event_is_counted_in_the_whole_alone() {
    let world = still_world().await;
    world
        .count_raw(
            0,
            at("2026-09-30T15:59:59Z"),
            "hotline.novelty.v1.ThingDone",
            b"?",
        )
        .await;
    let rows = world.totals(by(Dimension::All)).await;
    assert_eq!(
        rows.iter().map(text).collect::<Vec<_>>(),
        ["2026-09-30  thing_done 1"]
    );
    for dimension in [
        Dimension::Unit,
        Dimension::Type,
        Dimension::Channel,
        Dimension::Division,
        Dimension::Category,
    ] {
        assert!(world.totals(by(dimension)).await.is_empty());
    }
}

#[tokio::test]
async fn an_order_that_is_closed_and_redone_is_open_again() {
    let world = still_world().await;
    let now = at("2026-09-30T01:00:00Z");
    let [first, second, third] = [1, 2, 3].map(Uuid::from_u128);
    let closed = |order, outcome: &str| OrderClosed {
        facts: facts(order),
        outcome: outcome.to_owned(),
        ..OrderClosed::default()
    };
    let redone = |order| OrderRedone {
        facts: facts(order),
        ..OrderRedone::default()
    };
    let escalated = |order| OrderEscalated {
        facts: facts(order),
        ..OrderEscalated::default()
    };
    for order in [first, second, third] {
        world.count(0, now, &OrderOpened { facts: facts(order) }).await;
    }
    // A redo of an order that was never closed reopens nothing.
    world.count(0, now, &redone(first)).await;
    world.count(0, now, &closed(first, "satisfied")).await;
    assert_eq!(world.measures().await["open_orders"], 2);
    world.count(0, now, &closed(second, "answered")).await;
    world.count(0, now, &redone(second)).await;
    assert_eq!(world.measures().await["open_orders"], 2);
    world.count(0, now, &closed(second, "answered")).await;
    world.count(0, now, &escalated(second)).await;
    world.count(0, now, &closed(second, "final")).await;
    world.count(0, now, &closed(third, "answered")).await;
    let measures = world.measures().await;
    let figures = [
        "open_orders",
        "order_reopened",
        "order_closed",
        "closed_answered",
        "closed_final",
        "order_redone",
    ];
    assert_eq!(figures.map(|name| measures[name]), [0, 2, 5, 3, 1, 2]);
    // The archive ends it: what comes after is no reopening.
    world
        .count(
            0,
            now,
            &OrderArchived {
                facts: facts(third),
                ..OrderArchived::default()
            },
        )
        .await;
    world.count(0, now, &redone(third)).await;
    assert_eq!(world.measures().await["order_reopened"], 2);
}
