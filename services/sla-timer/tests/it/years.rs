//! A year's arrangement comes: what is open moves, once, and nothing fires by the old due time.

use std::collections::HashSet;

use hotline_proto::common::v1::OrderFacts;
use hotline_proto::sla::v1::{CalendarImported, ClockArmed, ClockBreached, ClockMoved, ClocksChanged};
use hotline_runtime::Caller;
use hotline_sla_timer::domain::affected_span;
use hotline_sla_timer::ops::{Sweep, Walk, import_year, tell_years};
use hotline_sla_timer::store;

use crate::house::{House, leg_sent, local, year_text};
use hotline_proto::common::v1::LegKind;

/// Thursday, three working days before the Spring Festival of 2026.
const BEFORE_FESTIVAL: &str = "2026-02-12 10:00";

fn operator() -> Caller {
    Caller::new("u-operator", &["operator"])
}

fn due_of(moved: &ClockMoved) -> i64 {
    moved
        .clock
        .as_ref()
        .and_then(|clock| clock.due_at)
        .map_or(0, |at| at.seconds)
}

#[tokio::test]
async fn an_imported_year_moves_what_is_open_and_says_so() {
    let house = House::with_years(BEFORE_FESTIVAL, 2025).await;
    house.dispatch().await;
    let armed = house.changes::<ClockArmed>().await;
    assert!(
        armed
            .iter()
            .filter_map(|event| event.clock.as_ref())
            .any(|clock| clock.provisional)
    );
    let imported = import_year(house.sla(), &year_text(2026), &operator())
        .await
        .expect("it is taken");
    assert_eq!((imported.year, imported.examined), (2026, 5));
    let moved = house.changes::<ClockMoved>().await;
    assert_eq!(i64::try_from(moved.len()).expect("few"), imported.moved);
    let answer = moved.iter().find(|event| {
        event
            .clock
            .as_ref()
            .is_some_and(|clock| clock.obligation == "answer")
    });
    let answer = answer.expect("the answer's clock moves");
    assert_eq!(answer.reason, "calendar");
    assert_eq!(due_of(answer), local("2026-02-26 17:30").timestamp());
    assert!(answer.clock.as_ref().is_some_and(|clock| !clock.provisional));
    let told = house.told::<CalendarImported>().await;
    let told: Vec<_> = told.iter().map(|told| (told.version, told.year)).collect();
    assert_eq!(told, [(1, 2026)]);
    let again = import_year(house.sla(), &year_text(2026), &operator())
        .await
        .expect("it is taken again");
    assert_eq!(again.moved, 0);
    tell_years(house.sla()).await.expect("nothing is left to tell");
    assert_eq!(house.count::<CalendarImported>().await, 2);
}

#[tokio::test]
async fn an_import_is_there_after_a_restart_and_in_every_process() {
    let mut house = House::with_years(BEFORE_FESTIVAL, 2025).await;
    let other = crate::house::Process::open(&house.test.runtime, 2025).await;
    import_year(house.sla(), &year_text(2026), &operator())
        .await
        .expect("it is taken");
    // The other process learns it from its next write, which it does again.
    let facts = crate::house::facts(house.sla().bus.new_id());
    let hear = async |facts: &OrderFacts| {
        let mut tx = other.sla.bus.begin().await?;
        hotline_bus::Handle::handle(other.sla.as_ref(), leg_sent(facts, LegKind::Lead), &mut tx).await?;
        hotline_bus::Settle::settle(other.sla.as_ref(), &mut tx).await?;
        tx.commit().await
    };
    assert!(hear(&facts).await.is_err(), "the old calendar is refused");
    hear(&facts).await.expect("heard by the new one");
    house.restart(2025).await;
    assert_eq!(house.sla().rules().version(), 1);
    assert!(house.sla().rules().calendar().is_published(2026));
}

#[tokio::test]
async fn a_recomputation_killed_in_the_middle_is_carried_on_and_nothing_fires_by_the_old_time() {
    const ORDERS: usize = 1_200;
    let mut house = House::with_years(BEFORE_FESTIVAL, 2025).await;
    for _ in 0..ORDERS {
        house.dispatch().await;
    }
    let (from, until) = affected_span(2026).expect("a year");
    let mut tx = house.sla().bus.begin().await.expect("begins");
    let now = tx.now();
    let text = year_text(2026);
    let version = store::add_year(tx.sql(), (2026, &text, "u-operator"), (from, until), now)
        .await
        .expect("kept");
    tx.commit().await.expect("commits");
    // One batch is written, the next is worked out and not written.
    let mut walk = Walk::resume(house.sla(), version).await.expect("begins");
    for _ in 0..2 {
        assert_eq!(walk.step().await.expect("a batch"), Sweep::GoesOn);
    }
    drop(walk);
    let mut sql = house.sla().bus.pool().acquire().await.expect("a connection");
    let progress = store::progress(&mut sql, version).await.expect("reads");
    drop(sql);
    assert_eq!(
        progress.examined,
        1_000 * 5,
        "a thousand orders, all of their clocks"
    );
    let armed = i64::try_from(ORDERS).expect("a number of orders");
    assert_eq!(
        house.count::<ClocksChanged>().await,
        armed + 1_000,
        "an order's clocks are told of together"
    );

    assert_eq!(
        house.count::<CalendarImported>().await,
        0,
        "it was kept before it was told"
    );

    // Killed here. By the old calendar answers were due on 2026-02-19; by the new one on 2026-02-26.
    house.clock.advance_to(local("2026-02-20 09:00"));
    house.restart(2025).await;
    tell_years(house.sla()).await.expect("told at the start");
    assert_eq!(house.count::<CalendarImported>().await, 1);
    house.process.start_timer();
    // Each is told of once more; the timer, which works out anew what is due before the walk is there, may take some of an
    // order's clocks by themselves.
    house.until::<ClocksChanged>(2 * armed).await;
    let finished = async || {
        let mut sql = house.sla().bus.pool().acquire().await.expect("a connection");
        store::unfinished(&mut sql).await.expect("reads").is_none()
    };
    while !finished().await {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let moved = house.changes::<ClockMoved>().await;
    let clocks: HashSet<&str> = moved
        .iter()
        .filter_map(|event| Some(event.clock.as_ref()?.clock_id.as_str()))
        .collect();
    assert_eq!(clocks.len(), moved.len(), "no clock moved twice");
    let answers = moved
        .iter()
        .filter_map(|event| event.clock.as_ref())
        .filter(|clock| clock.obligation == "answer");
    assert_eq!(answers.count(), ORDERS, "each moved once");
    let fired = house.told::<ClockBreached>().await;
    assert!(
        fired
            .iter()
            .filter_map(|event| event.clock.as_ref())
            .all(|clock| clock.obligation != "answer"),
        "no answer is late before the festival is over"
    );
    house.clock.advance_to(local("2026-02-26 17:31"));
    let late = async || {
        let fired = house.told::<ClockBreached>().await;
        fired
            .iter()
            .filter_map(|event| event.clock.as_ref())
            .filter(|clock| clock.obligation == "answer")
            .count()
    };
    while late().await < ORDERS {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(late().await, ORDERS);
}
