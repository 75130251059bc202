//! The broker loses its stream, its consumers, its messages; processes die and double: nothing is lost or doubled.

use std::time::Duration;

use async_nats::jetstream::{self, stream::Stream};
use futures::StreamExt as _;
use hotline_bus::Injector;

use crate::platform::{Platform, Process, replica, replica_of, say_about};

/// Longest wait for what is done at once.
const SOON: Duration = Duration::from_secs(30);

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

/// Names of the consumers that the broker has.
async fn consumers(stream: &Stream) -> Vec<String> {
    let names = stream.consumer_names().map(|name| name.expect("is told"));
    names.collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_reads_a_partition_once_whatever_its_services_and_makes_a_deleted_consumer_anew() {
    let platform = Platform::start().await;
    platform.say(10).await;
    platform.settles().await;
    let (context, nats) = (admin(&platform).await, &platform.test.runtime.settings.nats);
    let stream = context.get_stream(&nats.stream).await.expect("exists");
    let readers = consumers(&stream).await;
    assert_eq!(
        readers.len(),
        usize::from(nats.partitions),
        "three services: {readers:?}"
    );
    for name in &readers {
        stream.delete_consumer(name).await.expect("deletes");
    }
    platform.say(20).await;
    platform.settles().await;
    let anew = async {
        loop {
            let anew = consumers(&stream).await;
            if anew.len() == readers.len() && readers.iter().all(|name| !anew.contains(name)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, anew).await.expect("each is made anew");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_anybody_listened_is_heard() {
    let mut platform = Platform::start().await;
    let alone = replica_of(&platform.test, &["alpha"]).await;
    std::mem::replace(&mut platform.process, alone).ended().await;
    // Nobody who listens knows that there is an alpha, and nothing that it says later shows a gap.
    platform.say(3).await;
    let context = admin(&platform).await;
    let name = &platform.test.runtime.settings.nats.stream;
    let published = async {
        while context
            .get_stream(name)
            .await
            .map_or(0, |stream| stream.cached_info().state.messages)
            < 3
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, published)
        .await
        .expect("the stream has it");
    let heirs = replica(&platform.test).await;
    std::mem::replace(&mut platform.process, heirs).ended().await;
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
