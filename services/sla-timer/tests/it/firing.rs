//! What fires, when, and how often.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::Obligation;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::LegSigned;
use hotline_proto::sla::v1::{ClockBreached, ReminderDue};
use hotline_sla_timer::domain::{Basis, Clock, Sorts, State, identity};
use hotline_sla_timer::ops::totals;
use hotline_sla_timer::store;
use hotline_worktime::{Limit, Unit};
use prost::Message;

use crate::house::{House, Process, facts, leg, local};

/// A sign clock of its own order, due at `due`.
fn clock(house: &House, due: DateTime<Utc>) -> Clock {
    let order = house.sla().bus.new_id();
    Clock {
        id: identity(order, Obligation::PreReview, None, 1, ""),
        order,
        leg: None,
        unit: String::new(),
        obligation: Obligation::PreReview,
        state: State::Armed(Vec::new()),
        generation: 1,
        started_at: due - TimeDelta::hours(1),
        due_at: due,
        basis: Basis::Limits(vec![Limit::new(1, Unit::Hour)]),
        article: "operator".into(),
        provisional: false,
        calendar: 0,
        platform_caused: false,
        sorts: Sorts::default(),
        facts: Arc::from(facts(order).encode_to_vec()),
    }
}

/// Stores `count` clocks, the n-th due at `due(n)`.
async fn seed(house: &House, count: i64, due: impl Fn(i64) -> DateTime<Utc>) {
    let clocks: Vec<Clock> = (0..count).map(|n| clock(house, due(n))).collect();
    for batch in clocks.chunks(2_000) {
        let mut sql = house.sla().bus.pool().acquire().await.expect("a connection");
        let saved = store::save(&mut sql, &batch.iter().collect::<Vec<_>>(), &[])
            .await
            .expect("stored")
            .expect("nobody else is there");
        assert_eq!(saved.ids.len(), batch.len());
    }
}

async fn breached(house: &House) -> Vec<ClockBreached> {
    house.told::<ClockBreached>().await
}

fn due_of(event: &ClockBreached) -> i64 {
    let due = event
        .clock
        .as_ref()
        .and_then(|clock| clock.due_at)
        .expect("a due time");
    due.seconds * 1_000_000_000 + i64::from(due.nanos)
}

fn ids(events: &[ClockBreached]) -> HashSet<String> {
    events
        .iter()
        .filter_map(|event| event.clock.as_ref())
        .map(|clock| clock.clock_id.clone())
        .collect()
}

#[tokio::test]
async fn a_clock_reminds_and_then_runs_out_each_once_at_its_time() {
    let mut house = House::at("2026-11-03 10:00").await;
    house.dispatch().await;
    house.process.start_timer();
    house.clock.advance_to(local("2026-11-03 10:45"));
    house.until::<ReminderDue>(1).await;
    let told = house.told::<ReminderDue>().await;
    assert!(
        told.iter().any(|event| event.before == "15 working minutes"),
        "{told:?}"
    );
    assert!(
        breached(&house)
            .await
            .iter()
            .all(|event| event.clock.as_ref().is_some_and(|c| c.obligation != "sign"))
    );
    house.clock.advance_to(local("2026-11-03 11:00"));
    house.until::<ClockBreached>(2).await;
    let obligations: HashSet<_> = breached(&house)
        .await
        .into_iter()
        .filter_map(|event| event.clock)
        .map(|clock| clock.obligation)
        .collect();
    assert_eq!(obligations, HashSet::from(["sign".into(), "acknowledge".into()]));
}

#[tokio::test]
async fn a_duty_done_in_time_never_fires() {
    let mut house = House::at("2026-11-03 10:00").await;
    house.process.start_timer();
    let facts = house.dispatch().await;
    house.clock.advance_to(local("2026-11-03 10:05"));
    let signed = LegSigned {
        facts: Some(facts.clone()),
        leg: Some(leg(&facts, LegKind::Lead)),
        actor: "u".into(),
    };
    house.hear(signed).await.expect("heard");
    house.dispatch().await;
    house.clock.advance_to(local("2026-11-03 11:30"));
    house.until::<ClockBreached>(2).await;
    let orders: HashSet<_> = breached(&house)
        .await
        .into_iter()
        .filter_map(|event| event.facts)
        .map(|facts| facts.order_id)
        .collect();
    assert_eq!(orders.len(), 1);
    assert!(!orders.contains(&facts.order_id));
}

#[tokio::test]
async fn a_clock_armed_nearer_than_the_window_wakes_the_timer() {
    let mut house = House::at("2026-11-03 10:00").await;
    house.process.start_timer();
    seed(&house, 1, |_| local("2026-11-03 10:00")).await;
    house.until::<ClockBreached>(1).await;
    house.dispatch().await;
    house.clock.advance_to(local("2026-11-03 10:30"));
    house.until::<ClockBreached>(2).await;
}

#[tokio::test]
async fn a_storm_of_twenty_thousand_fires_each_once() {
    let mut house = House::at("2026-11-03 09:00").await;
    seed(&house, 20_000, |_| local("2026-11-03 09:00")).await;
    house.process.start_timer();
    house.until::<ClockBreached>(20_000).await;
    let told = breached(&house).await;
    assert_eq!((told.len(), ids(&told).len()), (20_000, 20_000));
    let counted = totals(house.sla()).await.expect("counts").open;
    assert_eq!((counted.armed, counted.breached), (0, 20_000));
}

#[tokio::test]
async fn after_an_outage_everything_fires_once_in_the_order_of_its_time() {
    let mut house = House::at("2026-11-03 09:00").await;
    // Thirty days, shuffled: 7,919 is prime to 3,000.
    let start = local("2026-11-03 09:30");
    seed(&house, 3_000, |n| {
        start + TimeDelta::minutes(n * 7_919 % 3_000 * 14)
    })
    .await;
    house.clock.advance_to(local("2026-12-25 09:00"));
    house.process.start_timer();
    house.until::<ClockBreached>(3_000).await;
    let told = breached(&house).await;
    assert_eq!(ids(&told).len(), 3_000);
    for partition in house.told_by_partition::<ClockBreached>().await {
        assert!(partition.is_sorted_by_key(due_of), "in due order");
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(house.count::<ClockBreached>().await, 3_000);
}

#[tokio::test]
async fn two_workers_at_once_fire_each_clock_once() {
    let mut house = House::at("2026-11-03 09:00").await;
    seed(&house, 6_000, |n| {
        local("2026-11-03 09:00") + TimeDelta::seconds(n / 100)
    })
    .await;
    let mut other = Process::open(&house.test.runtime, 2026).await;
    house.process.start_timer();
    other.start_timer();
    for _ in 0..60 {
        house.clock.advance(std::time::Duration::from_secs(1));
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    house.until::<ClockBreached>(6_000).await;
    assert_eq!(ids(&breached(&house).await).len(), 6_000);
    assert_eq!(house.count::<ClockBreached>().await, 6_000);
}

#[tokio::test]
async fn a_worker_that_dies_in_a_storm_is_followed_by_another() {
    let mut house = House::at("2026-11-03 09:00").await;
    seed(&house, 12_000, |_| local("2026-11-03 09:00")).await;
    house.process.start_timer();
    house.until::<ClockBreached>(1).await;
    house.restart(2026).await;
    house.process.start_timer();
    house.until::<ClockBreached>(12_000).await;
    let mut fired: HashMap<String, u32> = HashMap::new();
    for event in breached(&house).await {
        *fired.entry(event.clock.expect("a clock").clock_id).or_default() += 1;
    }
    assert_eq!(fired.len(), 12_000);
    assert!(fired.values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_clock_that_changed_since_it_was_read_stays_as_it_is() {
    let house = House::at("2026-11-03 10:00").await;
    let due = local("2026-11-03 11:00");
    let first = clock(&house, due);
    let mut sql = house.sla().bus.pool().acquire().await.expect("a connection");
    let saved = store::save(&mut sql, &[&first], &[]).await.expect("stored");
    assert_eq!(
        saved.expect("nobody else is there").ids,
        HashSet::from([first.id])
    );
    let again = store::save(&mut sql, &[&first], &[]).await.expect("stored");
    assert!(again.expect("nobody else is there").ids.is_empty(), "armed twice");

    let met = |generation| Clock {
        state: State::Met(due),
        generation,
        ..first.clone()
    };
    let stored = async |sql: &mut sqlx::PgConnection| {
        let clocks = store::of_order(sql, first.order).await.expect("reads");
        clocks.into_iter().next().expect("is there")
    };
    for (read, written) in [(2, false), (1, true), (1, false)] {
        let before = stored(&mut sql).await;
        let clock = met(read + 1);
        let changed = store::Changed { clock: &clock, read };
        let mut tx = sqlx::Connection::begin(&mut *sql).await.expect("begins");
        let saved = store::save(&mut tx, &[], &[changed]).await.expect("asked");
        tx.commit().await.expect("commits");
        assert_eq!(saved.is_some(), written, "read in generation {read}");
        let now = stored(&mut sql).await;
        assert_eq!(now.generation, if written { 2 } else { before.generation });
        assert_eq!(now.state == State::Met(due), written || before.generation == 2);
    }
}
