//! The spine against a broker that does its worst: seeded schedules with deaths between any two steps, on real PostgreSQL.
//!
//! Three services react to each other; the "stream" is a list that loses, repeats, cuts, wipes and reorders. Whatever it
//! does, each service must apply each other's journal exactly once, in order, causes first.

mod world;

use std::collections::HashMap;

use uuid::Uuid;

use crate::{Fault, Step};
use world::World;

async fn run(seed: u64) -> HashMap<Step, u32> {
    let mut world = World::new(seed).await;
    for _ in 0..250 {
        world.step().await;
        if world.rng.one_in(20) {
            world.break_something();
        }
    }
    world.faults = false;
    world.injector.calm();
    // The last thing to happen: an event is acknowledged, and then the broker loses everything.
    world.command().await;
    for who in 0..3 {
        world.actors[who].sequencer.sequence().await.expect("sequences");
        world.publish(who).await;
    }
    world.stream.clear();
    let mut quiet = 0;
    while quiet < 3 {
        let before = world.total().await;
        for who in 0..3 {
            world.actors[who].sequencer.sequence().await.expect("sequences");
            world.resync(who);
            while world.level_once(who).await {}
            world.actors[who].position = 0;
        }
        for who in 0..3 {
            while world.actors[who].position < world.stream.len() {
                world.consume(who, false).await;
            }
        }
        quiet = if world.total().await == before {
            quiet + 1
        } else {
            0
        };
    }
    world.check().await;
    world.injector.deaths()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_applied_once_and_after_its_causes_whatever_the_broker_does() {
    let mut deaths: HashMap<Step, u32> = HashMap::new();
    for seed in 1..=6 {
        for (step, count) in run(seed).await {
            *deaths.entry(step).or_default() += count;
        }
    }
    for step in [
        Step::BeforeOutbox,
        Step::BeforeCommit,
        Step::AfterCommit,
        Step::BeforeSequenced,
        Step::BeforeApplied,
    ] {
        assert!(
            deaths.get(&step).is_some_and(|count| *count > 0),
            "no death at {step:?}: {deaths:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequencer_that_lost_its_lease_numbers_nothing() {
    let mut world = World::new(u64::MAX).await;
    world.injector.calm();
    world.command().await;
    let bus = world.actors[0].bus.clone();
    sqlx::query("UPDATE lease SET holder = $1, token = token + 1")
        .bind(Uuid::from_u128(9))
        .execute(bus.pool())
        .await
        .expect("another took over");
    let outcome = world.actors[0].sequencer.sequence().await;
    assert!(
        matches!(outcome, Err(Fault::Retry(_))),
        "the zombie's batch must be refused"
    );
    let numbered: i64 = sqlx::query_scalar("SELECT count(*) FROM journal")
        .fetch_one(bus.pool())
        .await
        .expect("reads");
    assert_eq!(numbered, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_refuses_to_be_rewritten() {
    let world = World::new(u64::MAX).await;
    let pool = world.actors[0].bus.pool();
    for sql in [
        "UPDATE journal_batch SET last_seq = 0",
        "DELETE FROM journal_batch",
    ] {
        let refused = sqlx::query(sql).execute(pool).await.expect_err("append-only");
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    let refused = sqlx::query("TRUNCATE journal_batch")
        .execute(pool)
        .await
        .expect_err("not the owner");
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}
