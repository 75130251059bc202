//! The live stream: who is told what, cut and resumed, from another replica, with calls and people.

use std::time::Duration;

use hotline_proto::gateway::v1::watch_desk_response::Message;
use hotline_proto::gateway::v1::{OrderPresence, PresenceMode, ReportPresenceRequest, RingState};
use hotline_runtime::{Caller, Stopwatch};
use tonic::Code;
use uuid::Uuid;

use crate::support::{Process, World, clerk, dispatcher};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_soon_at_the_desks_that_may_see_it_and_at_no_other() {
    let world = World::start().await;
    let mut all = world.process.watch(&dispatcher("u-1"), "").await;
    let mut own = world.process.watch(&clerk("u-2", "xz-water"), "").await;
    let mut foreign = world.process.watch(&clerk("u-3", "xz-gas"), "").await;
    let mut enterprise = world
        .process
        .watch(&Caller::new("u-4", &["enterprise_desk"]), "")
        .await;
    let (water, gas) = (world.order(), world.order());
    world.signed(water, "xz-water").await;
    let since = Stopwatch::start();
    let (_, units, _) = all.change_of(water).await;
    // A second is the promise; the machine of a test is given ten times that.
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    assert_eq!(units, ["xz-water"]);
    assert_eq!(own.change_of(water).await.1, ["xz-water"]);
    world.signed(gas, "xz-gas").await;
    let (before, _, _) = foreign.change_of(gas).await;
    assert!(!before.contains(&water.to_string()), "another unit's order");
    // Neither order has the enterprise label: the next thing that its desk hears is its own call.
    let call = world.rings("u-4").await;
    assert!(matches!(enterprise.news().await, Message::Ring(ring) if ring.call_id == call.to_string()));
    world.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_cut_goes_on_at_its_cursor_on_any_replica() {
    let world = World::start().await;
    let mut first = world.process.watch(&dispatcher("u-1"), "").await;
    let seen = world.order();
    world.signed(seen, "xz-water").await;
    let (_, _, cursor) = first.change_of(seen).await;
    drop(first);
    let missed = [world.order(), world.order()];
    for order in missed {
        world.signed(order, "xz-water").await;
    }
    let replica = world.replica().await;
    for process in [&world.process, &replica] {
        let mut again = process.watch(&dispatcher("u-1"), &cursor).await;
        let (told, _, _) = again.changes_until(&missed).await;
        assert!(
            !told.contains(&seen.to_string()),
            "what was heard is not told again"
        );
    }
    for nonsense in ["x", "1-1"] {
        let mut lost = world.process.watch(&dispatcher("u-1"), nonsense).await;
        let Message::Resync(resync) = lost.news().await else {
            panic!("an unknown place is told");
        };
        assert_eq!(resync.reason, "cursor_too_old");
    }
    replica.runtime.shutdown.cancel();
    world.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_at_the_desk_of_its_agent_alone() {
    let world = World::start().await;
    let mut own = world.process.watch(&Caller::new("u-1", &["agent"]), "").await;
    let mut other = world.process.watch(&Caller::new("u-2", &["agent"]), "").await;
    let (mine, theirs) = (world.rings("u-1").await, world.rings("u-2").await);
    for (stream, call) in [(&mut own, mine), (&mut other, theirs)] {
        let Message::Ring(ring) = stream.news().await else {
            panic!("it rings");
        };
        assert_eq!(
            (ring.call_id, ring.state),
            (call.to_string(), RingState::Ringing.into())
        );
        assert_eq!(
            (ring.masked_number.as_str(), ring.seat.as_str()),
            ("139****5432", "8001")
        );
    }
    world.stop();
}

async fn report(process: &Process, caller: &Caller, order: Option<Uuid>) -> Option<OrderPresence> {
    report_tab(process, caller, ("tab-1", PresenceMode::Editing), order).await
}

async fn report_tab(
    process: &Process,
    caller: &Caller,
    (tab, mode): (&str, PresenceMode),
    order: Option<Uuid>,
) -> Option<OrderPresence> {
    let request = ReportPresenceRequest {
        client_id: tab.into(),
        order_id: order.map(|id| id.to_string()).unwrap_or_default(),
        mode: mode.into(),
    };
    let answer = process.desk().report_presence(process.by(caller, request)).await;
    answer.expect("reported").into_inner().presence
}

#[tokio::test(flavor = "multi_thread")]
async fn people_at_an_order_see_each_other_over_replicas_and_a_unit_sees_its_own() {
    let world = World::start().await;
    let replica = world.replica().await;
    let order = world.order();
    let mut watcher = replica.watch(&dispatcher("u-1"), "").await;
    let alone = report(&world.process, &dispatcher("u-2"), Some(order)).await;
    assert_eq!(
        alone.expect("the order").people,
        Vec::new(),
        "nobody else is there"
    );
    let unit = report(&world.process, &clerk("u-3", "xz-water"), Some(order)).await;
    assert_eq!(
        unit.expect("the order").people,
        Vec::new(),
        "a unit does not see the platform's people"
    );
    let seen = report(&world.process, &dispatcher("u-4"), Some(order))
        .await
        .expect("the order");
    let seen: Vec<_> = seen
        .people
        .iter()
        .map(|one| (one.account_id.as_str(), one.mode()))
        .collect();
    assert_eq!(
        seen,
        [("u-2", PresenceMode::Editing), ("u-3", PresenceMode::Editing)]
    );
    let mut expected = 3;
    while expected > 0 {
        let Message::Presence(presence) = watcher.news().await else {
            continue;
        };
        assert_eq!(presence.orders[0].order_id, order.to_string());
        if presence.orders[0].people.len() == expected {
            // Everybody leaves, and that is told.
            for caller in [dispatcher("u-2"), clerk("u-3", "xz-water"), dispatcher("u-4")] {
                report(&world.process, &caller, None).await;
            }
            expected = 0;
        }
    }
    loop {
        if let Message::Presence(presence) = watcher.news().await
            && presence.orders[0].people.is_empty()
        {
            break;
        }
    }
    replica.runtime.shutdown.cancel();
    world.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_two_tabs_is_there_until_both_have_left() {
    let world = World::start().await;
    let (process, order) = (&world.process, Some(world.order()));
    let (person, colleague) = (dispatcher("u-1"), dispatcher("u-2"));
    let (writing, looking) = (("a", PresenceMode::Editing), ("b", PresenceMode::Viewing));
    report_tab(process, &person, writing, order).await;
    report_tab(process, &person, looking, order).await;
    let seen = async || {
        let told = report_tab(process, &colleague, looking, order).await;
        let people = told.expect("the order").people;
        let people = people.iter().map(|one| (one.account_id.clone(), one.mode()));
        people.collect::<Vec<_>>()
    };
    let person_at = |mode| vec![("u-1".to_owned(), mode)];
    assert_eq!(
        seen().await,
        person_at(PresenceMode::Editing),
        "one person, writing"
    );
    report_tab(process, &person, writing, None).await;
    assert_eq!(
        seen().await,
        person_at(PresenceMode::Viewing),
        "the other tab is there"
    );
    // A tab of the same name of somebody else takes nothing away.
    report_tab(process, &dispatcher("u-3"), looking, None).await;
    assert_eq!(seen().await, person_at(PresenceMode::Viewing));
    report_tab(process, &person, looking, None).await;
    assert_eq!(seen().await, Vec::new());
    world.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_so_many_streams_and_nobody_without_a_role_has_one() {
    let world = World::start().await;
    let most = world.test.settings.gateway.streams_per_session;
    let mut open = Vec::new();
    for _ in 0..most {
        open.push(world.process.watch(&dispatcher("u-1"), "").await);
    }
    let refused = world
        .process
        .try_watch(&dispatcher("u-1"), "")
        .await
        .expect_err("too many");
    assert_eq!(refused.code(), Code::ResourceExhausted);
    drop(open);
    let mut tries = 0;
    while world.process.try_watch(&dispatcher("u-1"), "").await.is_err() {
        tries += 1;
        assert!(tries < 200, "a stream that was left gives its place back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let stranger = world.process.try_watch(&Caller::new("u-9", &["king"]), "").await;
    assert_eq!(stranger.expect_err("no role").code(), Code::PermissionDenied);
    world.stop();
}
