//! The live tail on a real broker: nothing is missed, a process takes over a cursor, a lost stream is told.

use std::collections::HashSet;
use std::time::Duration;

use async_nats::jetstream;
use async_nats::jetstream::consumer::Info;
use futures::TryStreamExt as _;
use hotline_bus::{Bus, Heard, Listener, Live};
use uuid::Uuid;

use crate::platform::Platform;

/// Longest wait for what must come.
const WITHIN: Duration = Duration::from_secs(30);

/// A tail that keeps the roots of what `alpha` said.
fn tail(bus: &Bus) -> Live<Uuid> {
    let (live, job) = bus.live(1_000, |entry| (entry.producer == "alpha").then_some(entry.root));
    tokio::spawn(job.run);
    live
}

/// What a listener hears next.
async fn heard(listener: &mut Listener<Uuid>) -> Heard<Uuid> {
    let heard = tokio::time::timeout(WITHIN, listener.next()).await;
    heard.expect("something is heard")
}

/// Listens until all of `roots` were heard; what was lost meanwhile counts too.
async fn hear(listener: &mut Listener<Uuid>, roots: &[Uuid]) -> usize {
    let mut missing: HashSet<Uuid> = roots.iter().copied().collect();
    let mut lost = 0;
    while !missing.is_empty() {
        match heard(listener).await {
            Heard::Events(events) => missing.retain(|root| !events.iter().any(|heard| **heard == *root)),
            Heard::Lost => lost += 1,
        }
    }
    lost
}

/// A listener at the present place, once the broker was heard: asked for a place of no stream, it is told that it is lost.
async fn begun(live: &Live<Uuid>) -> Listener<Uuid> {
    let mut listener = live.listen("0-0".parse().ok());
    assert_eq!(heard(&mut listener).await, Heard::Lost);
    listener
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_hears_everything_and_another_process_goes_on_at_its_cursor() {
    let platform = Platform::start().await;
    let here = tail(&platform.process.buses[1]);
    let mut listener = begun(&here).await;
    let cursor = listener.cursor();
    let said = platform.say(30).await;
    assert_eq!(hear(&mut listener, &said).await, 0);
    // Of another process, which begins only now: what was said between is in the stream.
    let there = tail(&platform.process.buses[2]);
    begun(&there).await;
    assert_eq!(hear(&mut there.listen(Some(cursor)), &said).await, 0);
    assert!(here.lag() < WITHIN);
    platform.process.stop();
}

/// Consumers of the stream that feed a tail.
async fn readers(platform: &Platform) -> usize {
    let settings = &platform.test.runtime.settings.nats;
    let client = hotline_bus::connect(&settings.admin_url, "test-admin").await;
    let context = jetstream::new(client.expect("connects"));
    let stream = context.get_stream(&settings.stream).await.expect("is there");
    let all: Vec<_> = stream.consumers().try_collect().await.expect("are told");
    let of_a_tail =
        |info: &&Info| info.config.description.as_deref() == Some("what people's screens show now");
    all.iter().filter(of_a_tail).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_listens_nothing_is_read() {
    let platform = Platform::start().await;
    let unheard = tail(&platform.process.buses[1]);
    let heard = tail(&platform.process.buses[2]);
    let mut listener = begun(&heard).await;
    let said = platform.say(5).await;
    assert_eq!(hear(&mut listener, &said).await, 0);
    assert_eq!(readers(&platform).await, 1);
    let mut first = begun(&unheard).await;
    let said = platform.say(5).await;
    assert_eq!(hear(&mut first, &said).await, 0);
    assert_eq!(readers(&platform).await, 2);
    platform.process.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_deleted_is_told_as_lost_and_what_follows_is_heard() {
    let platform = Platform::start().await;
    let live = tail(&platform.process.buses[1]);
    let mut listener = begun(&live).await;
    let settings = &platform.test.runtime.settings.nats;
    let client = hotline_bus::connect(&settings.admin_url, "test-admin").await;
    let context = jetstream::new(client.expect("connects"));
    context.delete_stream(&settings.stream).await.expect("deletes");
    // What is said meanwhile is heard or is part of what is lost, as the listener was quick or slow.
    platform.say(5).await;
    while heard(&mut listener).await != Heard::Lost {}
    let said = platform.say(5).await;
    assert_eq!(hear(&mut listener, &said).await, 0, "the loss is told once");
    platform.process.stop();
}
