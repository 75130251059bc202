//! The broker loses its stream, its consumers, its messages; processes die and double: nothing is lost or doubled.

use std::time::Duration;

use async_nats::jetstream::{self, consumer::PullConsumer};
use futures::StreamExt as _;
use hotline_bus::Injector;

use crate::platform::{Platform, Process, replica, replica_of, say_about};

async fn admin(platform: &Platform) -> jetstream::Context {
    let url = &platform.test.runtime.settings.nats.admin_url;
    jetstream::new(hotline_bus::connect(url, "test-admin").await.expect("connects"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_service_applies_every_event_once_and_in_order() {
    let platform = Platform::start().await;
    platform.say(100).await;
    platform.settles().await;
    platform.process.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_deleted_comes_back_and_nothing_is_missing() {
    let platform = Platform::start().await;
    platform.say(20).await;
    let stream = platform.test.runtime.settings.nats.stream.clone();
    let context = admin(&platform).await;
    for _ in 0..2 {
        // Before the first event arrives the stream may not exist yet: then there is nothing to delete.
        let _ = context.delete_stream(&stream).await;
        platform.say(20).await;
    }
    platform.settles().await;
    platform.process.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_applied_although_the_broker_lost_them_after_acknowledging() {
    let platform = Platform::start().await;
    platform.say(20).await;
    platform.settles().await;
    let context = admin(&platform).await;
    let stream = context
        .get_stream(&platform.test.runtime.settings.nats.stream)
        .await
        .expect("exists");
    platform.say(20).await;
    stream.purge().await.expect("purges");
    platform.settles().await;
    platform.process.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_was_deleted_is_made_anew() {
    let platform = Platform::start().await;
    platform.say(10).await;
    platform.settles().await;
    let context = admin(&platform).await;
    let stream = context
        .get_stream(&platform.test.runtime.settings.nats.stream)
        .await
        .expect("exists");
    for partition in 0..platform.test.runtime.settings.nats.partitions {
        stream
            .delete_consumer(&format!("beta-p{partition}"))
            .await
            .expect("deletes");
    }
    platform.say(20).await;
    platform.settles().await;
    platform.process.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_work_and_double_nothing() {
    let platform = Platform::start().await;
    let second = replica(&platform.test).await;
    let (one, two) = (&platform.process.buses[0], &second.buses[0]);
    for _ in 0..30 {
        say_about(one, one.new_id()).await;
        say_about(two, two.new_id()).await;
    }
    // The first leaves; the second takes over its leases and goes on.
    platform.process.stop();
    for _ in 0..10 {
        say_about(two, two.new_id()).await;
    }
    crate::platform::settles(&second.buses).await;
    second.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_dies_between_any_two_steps_loses_and_doubles_nothing() {
    let injector = Injector::seeded(7, 15);
    let platform = Platform::start_dying(injector.clone()).await;
    for _ in 0..40 {
        platform.say(10).await;
        if injector.deaths().len() >= 6 {
            break;
        }
    }
    injector.calm();
    platform.settles().await;
    let deaths = injector.deaths();
    assert!(deaths.len() >= 6, "too few kinds of death: {deaths:?}");
    platform.process.stop();
}

/// Takes what a service's consumer has in a partition, as a worker that dies before it acknowledges.
async fn take_and_die(platform: &Platform, service: &str, partition: i32) {
    let context = admin(platform).await;
    let stream = context
        .get_stream(&platform.test.runtime.settings.nats.stream)
        .await;
    let name = format!("{service}-p{partition}");
    let consumer: PullConsumer = stream.expect("exists").get_consumer(&name).await.expect("exists");
    let batch = consumer.fetch().max_messages(1).messages().await.expect("gives");
    assert_eq!(batch.count().await, 1, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_to_a_worker_that_died_is_taken_up_by_the_next() {
    let mut platform = Platform::start().await;
    let admin = admin(&platform).await;
    while admin
        .get_stream(&platform.test.runtime.settings.nats.stream)
        .await
        .is_err()
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let alone = replica_of(&platform.test, &["alpha"]).await;
    std::mem::replace(&mut platform.process, alone).ended().await;
    // What alpha says first is given to both, who die; nobody knows that there is an alpha.
    let root = platform.say(1).await[0];
    let said = "SELECT partition FROM journal";
    let alpha = platform.process.buses[0].pool().clone();
    let partition = loop {
        match sqlx::query_scalar::<_, i32>(said)
            .fetch_optional(&alpha)
            .await
            .expect("reads")
        {
            Some(partition) => break partition,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    take_and_die(&platform, "beta", partition).await;
    take_and_die(&platform, "gamma", partition).await;
    // The next workers acknowledge what comes after it.
    let heirs = replica(&platform.test).await;
    std::mem::replace(&mut platform.process, heirs).ended().await;
    for bus in &platform.process.buses[1..] {
        say_about(bus, root).await;
    }
    platform.settles().await;
    platform.process.stop();
}

#[test]
fn a_process_that_is_killed_leaves_nothing_undone() {
    // Two runtimes: dropping the first without a drain is what kill -9 does to its tasks.
    let first = tokio::runtime::Runtime::new().expect("a runtime");
    let second = tokio::runtime::Runtime::new().expect("a runtime");
    let test = second.block_on(hotline_runtime::testing::runtime(hotline_runtime::Clock::system()));
    let runtime = test.runtime.clone();
    first.block_on(async {
        let process = Process::start(runtime, Injector::default()).await;
        for _ in 0..40 {
            say_about(&process.buses[0], process.buses[0].new_id()).await;
        }
    });
    first.shutdown_background();
    second.block_on(async {
        let heir = replica(&test).await;
        say_about(&heir.buses[0], heir.buses[0].new_id()).await;
        crate::platform::settles(&heir.buses).await;
        heir.stop();
    });
}
