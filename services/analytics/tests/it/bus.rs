//! Through the real bus: events published by another service are counted once, also when the broker brings them again.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream;
use hotline_bus::{Bus, Topology};
use hotline_proto::routing::v1::{LegSigned, OrderOpened};
use hotline_runtime::Clock;

use crate::support::{World, facts, world};

/// Longest wait for the bus, and how often is looked: the broker is real, so its time is too.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits until a measure has reached `count`.
async fn counted(world: &World, measure: &str, count: i64) {
    let reached = async {
        while world.measures().await.get(measure).copied().unwrap_or(0) < count {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached)
        .await
        .expect("the bus brings the events in time");
}

/// Sends every message of the stream once more, without the mark by which the broker knows a repetition.
async fn bring_again(world: &World) {
    let settings = &world.runtime.settings.nats;
    let client = hotline_bus::connect(&settings.admin_url, "repeater")
        .await
        .expect("connects");
    let context = jetstream::new(client);
    let stream = context.get_stream(&settings.stream).await.expect("the stream");
    for sequence in 1..=stream.cached_info().state.last_sequence {
        let message = stream.get_raw_message(sequence).await.expect("a message");
        let mut headers = async_nats::HeaderMap::new();
        for (name, values) in message
            .headers
            .iter()
            .filter(|(name, _)| name.to_string() != "Nats-Msg-Id")
        {
            values
                .iter()
                .for_each(|value| headers.append(name.clone(), value.clone()));
        }
        let sent = context
            .publish_with_headers(message.subject, headers, message.payload)
            .await
            .expect("publishes");
        assert!(!sent.await.expect("is stored").duplicate);
    }
}

async fn publish(routing: &Bus, orders: usize) {
    for _ in 0..orders {
        let order = routing.new_id();
        let mut tx = routing.begin().await.expect("begins");
        tx.publish(order, &OrderOpened { facts: facts(order) });
        tx.publish(
            order,
            &LegSigned {
                facts: facts(order),
                ..LegSigned::default()
            },
        );
        tx.commit().await.expect("commits");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_the_bus_brings_twice_is_counted_once() {
    let world = world(Clock::system()).await;
    let pool = world
        .runtime
        .database("routing", &[Bus::migrator()])
        .await
        .expect("a database");
    let routing = Bus::open(&world.runtime, "routing", pool).await.expect("a bus");
    let jobs = world.bus.jobs(hotline_analytics::events::handlers()).into_iter();
    // The producer runs its leases, sequencer and publisher; it hears nobody.
    let producer = routing
        .jobs(hotline_bus::Handlers::new(std::sync::Arc::new(())))
        .into_iter();
    let running: Vec<_> = jobs.chain(producer).map(|job| tokio::spawn(job.run)).collect();
    let topology = tokio::spawn(Topology::new(&world.runtime).run());
    publish(&routing, 20).await;
    counted(&world, "leg_signed", 20).await;
    bring_again(&world).await;
    // What comes after the repetitions in each partition shows that they were offered and passed over.
    publish(&routing, 40).await;
    counted(&world, "leg_signed", 60).await;
    let expected = [("leg_signed", 60), ("open_orders", 60), ("order_opened", 60)];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect();
    assert_eq!(world.measures().await, expected);
    world.runtime.shutdown.cancel();
    for job in running.into_iter().chain([topology]) {
        job.await.expect("ends").expect("ends well");
    }
}
