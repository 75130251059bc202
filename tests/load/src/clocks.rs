//! Clocks: 100,000 due at once, 20,000 spread over 20 seconds, and the first to fire after a restart on a million.
//!
//! The rows are written by SQL as the service itself would write them. When each fired is PostgreSQL's own timestamp of
//! the commit that changed its row; that commit put its event into the outbox too.

use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use hotline_proto::common::v1::{AppealType, Channel, Desk, OrderFacts, Urgency};
use hotline_runtime::{Clock, Stopwatch};
use prost::Message;

use crate::report::{self, Figure, Report, Target};
use crate::stats::{Sorted, number};
use crate::world::{CommitTimes, World};
use crate::{Plan, floor, quiet, storm};

/// Clocks due at once, and their bare floor.
const AT_ONCE: u64 = 100_000;

/// Clocks spread, over how long, and how far ahead of the first.
const SPREAD: u64 = 20_000;
const SPREAD_OVER: TimeDelta = TimeDelta::seconds(20);
const AHEAD: TimeDelta = TimeDelta::seconds(10);

/// Clocks that run on while some fall due during an outage.
const PENDING: u64 = 1_000_000;
const MISSED: u64 = 100;

/// The timer holds its lease and has looked ahead after this.
const SETTLED: Duration = Duration::from_secs(8);

/// Longest wait for clocks to fire.
const FIRE_MAX: Duration = Duration::from_secs(120);

/// Runs all three.
///
/// # Errors
/// Anything that keeps it from measuring, or a clock that fired twice or not at all.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("clocks due at once");
    let world = World::start(plan, "storm", CommitTimes::Kept).await?;
    storm::prepare(&world).await?;
    let (floor, floor_used) = floor::skip_locked(&world, plan.size(AT_ONCE)).await?;
    let count = plan.size(AT_ONCE);
    let (rate, used) = storm::fire(&world, count).await?;
    once_each(&world, count).await?;
    let fires = Figure::plain("clocks due at once, fired and in the outbox", rate, "/s").beside(floor);
    report.add(&fires.target(Target::AtLeast(40_000.0)));
    report.cost(
        "clock due at once, in the outbox (hotline: inside the load program)",
        number(count),
        &used,
    );
    report.cost("floor: bare SKIP LOCKED table", number(count), &floor_used);
    whole_process(&world, report, plan).await?;
    spread(&world, report, plan).await?;
    world.end().await?;

    report::begin("first fire after a restart");
    let world = World::start(plan, "restart", CommitTimes::Kept).await?;
    storm::prepare(&world).await?;
    restarts(&world, report, plan).await?;
    world.end().await
}

/// The same storm in the release binary, with numbering and publishing beside it.
async fn whole_process(world: &World, report: &mut Report, plan: &Plan) -> anyhow::Result<()> {
    let count = plan.size(AT_ONCE);
    clear(world).await?;
    let hotline = world.run(&["sla-timer"]).await?;
    tokio::time::sleep(SETTLED).await;
    let due = Clock::system().now() + AHEAD;
    arm(world, count, due, TimeDelta::zero()).await?;
    let before = world.usage(Some(&hotline))?;
    until_fired(world).await?;
    let rate = rate_since(world, count, due).await?;
    quiet::until_published(world, "sla").await?;
    let published = (Clock::system().now() - due).to_std()?.as_secs_f64();
    let used = world.usage(Some(&hotline))?.since(&before);
    once_each(world, count).await?;
    hotline.stop().await?;
    report.add(&Figure::plain(
        "the same in the release binary, numbering and publishing meanwhile",
        rate,
        "/s",
    ));
    report.add(&Figure::plain(
        "the same until every event is on the bus",
        number(count) / published,
        "/s",
    ));
    report.cost("clock due at once, on the bus", number(count), &used);
    Ok(())
}

async fn spread(world: &World, report: &mut Report, plan: &Plan) -> anyhow::Result<()> {
    report::begin("clocks spread over 20 s");
    let count = plan.size(SPREAD);
    clear(world).await?;
    let hotline = world.run(&["sla-timer"]).await?;
    tokio::time::sleep(SETTLED).await;
    arm(world, count, Clock::system().now() + AHEAD, SPREAD_OVER).await?;
    until_fired(world).await?;
    let late: Vec<f64> = sqlx::query_scalar(
        "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - due_at)::float8 * 1000 FROM sla.clock",
    )
    .fetch_all(&world.pool)
    .await?;
    let late = Sorted::new(late);
    hotline.stop().await?;
    let figure = Figure::plain(
        "20,000 clocks over 20 s, due to commit: p99 late",
        late.p99(),
        "ms",
    );
    report.add(&figure.target(Target::AtMost(30.0)));
    report.add(&Figure::plain(
        "20,000 clocks over 20 s: p50 late",
        late.p50(),
        "ms",
    ));
    report.add(&Figure::plain(
        "20,000 clocks over 20 s: latest",
        late.max(),
        "ms",
    ));
    Ok(())
}

/// How a process ends before it is started again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Stopped,
    Killed,
}

async fn restarts(world: &World, report: &mut Report, plan: &Plan) -> anyhow::Result<()> {
    let empty = restart(world, End::Stopped).await?;
    let pending = plan.size(PENDING);
    clear(world).await?;
    arm(
        world,
        pending,
        Clock::system().now() + TimeDelta::hours(6),
        TimeDelta::days(30),
    )
    .await?;
    world.sql("VACUUM ANALYZE sla.clock").await?;
    world.sql("CHECKPOINT").await?;
    let stopped = restart(world, End::Stopped).await?;
    let killed = restart(world, End::Killed).await?;
    let figure = Figure::plain(
        "1,000,000 pending: first fire after a stop and a start",
        stopped,
        "s",
    )
    .beside(empty);
    report.add(&figure.target(Target::AtMost(5.0)));
    let figure = Figure::plain(
        "1,000,000 pending: first fire after kill -9 and a start",
        killed,
        "s",
    )
    .beside(empty);
    report.add(&figure.target(Target::AtMost(5.0)));
    report.note("The floor of a restart is a restart with no clock pending; time counts from the start of the process.");
    Ok(())
}

/// Ends the running service, lets clocks fall due, starts it again: seconds until the first of them has fired. All of
/// them fire, once, and no other does.
async fn restart(world: &World, end: End) -> anyhow::Result<f64> {
    let hotline = world.run(&["sla-timer"]).await?;
    tokio::time::sleep(SETTLED).await;
    if end == End::Stopped {
        hotline.stop().await?
    } else {
        hotline.kill().await?
    }
    let recorded = events(world).await?;
    let before: i64 = sqlx::query_scalar("SELECT count(*) FROM sla.clock WHERE state = 3")
        .fetch_one(&world.pool)
        .await?;
    arm(world, MISSED, Clock::system().now(), TimeDelta::zero()).await?;
    let hotline = world.run(&["sla-timer"]).await?;
    let since = Stopwatch::start();
    let first: DateTime<Utc> = loop {
        let fired: (i64, Option<DateTime<Utc>>) = sqlx::query_as(
            "SELECT count(*), min(pg_xact_commit_timestamp(xmin)) FILTER (WHERE pg_xact_commit_timestamp(xmin) > $1) \
             FROM sla.clock WHERE state = 3",
        )
        .bind(hotline.started_at)
        .fetch_one(&world.pool)
        .await?;
        if fired.0 >= before + i64::try_from(MISSED)? {
            break fired.1.context("a fired clock has a commit")?;
        }
        ensure!(since.elapsed() < FIRE_MAX, "no clock fired after the restart");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let took = (first - hotline.started_at).to_std()?.as_secs_f64();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let fired = events(world).await? - recorded;
    ensure!(fired == MISSED, "{fired} events for {MISSED} clocks");
    hotline.stop().await?;
    Ok(took)
}

/// Writes `count` clocks due from `first` on, spread evenly over `over`, each of an order of its own.
///
/// # Errors
/// The database.
pub async fn arm(world: &World, count: u64, first: DateTime<Utc>, over: TimeDelta) -> anyhow::Result<()> {
    arm_orders(world, count, 1, first, over).await
}

/// [`arm`] with several clocks an order, such as of a lead and its co-handlers, due a day after one another.
///
/// # Errors
/// The database.
pub async fn arm_orders(
    world: &World,
    count: u64,
    of_each: u64,
    first: DateTime<Utc>,
    over: TimeDelta,
) -> anyhow::Result<()> {
    let facts = OrderFacts {
        order_id: Clock::system().new_id().to_string(),
        number: "3203002609301000017".to_owned(),
        policy_id: "xuzhou-2020".to_owned(),
        policy_version: "load".to_owned(),
        r#type: AppealType::Complaint.into(),
        channel: Channel::Telephone.into(),
        desk: Desk::Hotline.into(),
        urgency: Urgency::Normal.into(),
        category: "urban.property".to_owned(),
        division: "320303007".to_owned(),
        labels: Vec::new(),
        round: 1,
        ..OrderFacts::default()
    };
    let step = over.num_microseconds().unwrap_or(0) / i64::try_from(count)?;
    // Orders have identifiers that grow with time, as the product's own.
    sqlx::query(
        "INSERT INTO sla.clock (order_id, id, state, generation, calendar, provisional, started_at, due_at, next_at, \
             unit_id, obligation, within, article, reminders, facts) \
         SELECT (lpad(to_hex((extract(epoch FROM since) * 1000)::bigint), 12, '0') || '7' || substr(word, 1, 3) || '8' || \
                 substr(word, 4, 15))::uuid, gen_random_uuid(), 1, 1, 0, false, since, d, d, 'xz-housing', 'answer', \
             days || ' working days', '12(3)', '', $4 \
         FROM (SELECT o + (n % $5) * interval '1 day' AS d, 5 + n % $5 AS days, o - interval '5 days' AS since, \
                      md5((n / $5)::text) AS word FROM generate_series(0, $3 - 1) AS n, \
                    LATERAL (SELECT $1::timestamptz + n / $5 * $5 * $2 * interval '1 microsecond' AS o) AS o) s",
    )
    .bind(first)
    .bind(step)
    .bind(i64::try_from(count)?)
    .bind(facts.encode_to_vec())
    .bind(i64::try_from(of_each)?)
    .execute(&world.pool)
    .await?;
    Ok(())
}

/// Removes every clock.
async fn clear(world: &World) -> anyhow::Result<()> {
    world.sql("TRUNCATE sla.clock").await
}

/// Waits until no clock is armed, looking seldom.
///
/// # Errors
/// They do not fire in time.
pub async fn until_fired(world: &World) -> anyhow::Result<()> {
    let since = Stopwatch::start();
    while sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT 1 FROM sla.clock WHERE state = 1)")
        .fetch_one(&world.pool)
        .await?
    {
        ensure!(since.elapsed() < FIRE_MAX, "clocks have not fired");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(())
}

/// Clocks a second, from the instant at which all were due to the last commit.
///
/// # Errors
/// The database.
pub async fn rate_since(world: &World, count: u64, due: DateTime<Utc>) -> anyhow::Result<f64> {
    let last: DateTime<Utc> = sqlx::query_scalar("SELECT max(pg_xact_commit_timestamp(xmin)) FROM sla.clock")
        .fetch_one(&world.pool)
        .await?;
    Ok(number(count) / (last - due).to_std()?.as_secs_f64())
}

/// Every clock ran out, and each order's breach was recorded exactly once.
async fn once_each(world: &World, count: u64) -> anyhow::Result<()> {
    let (clocks, events): (i64, i64) = sqlx::query_as(
        "WITH e AS (SELECT root, type FROM sla.journal UNION ALL SELECT root, type FROM sla.outbox) \
         SELECT (SELECT count(*) FROM sla.clock WHERE state = 3), \
                (SELECT count(*) FROM (SELECT c.order_id FROM sla.clock c JOIN e ON e.root = c.order_id \
                 WHERE e.type = 'hotline.sla.v1.ClockBreached' GROUP BY c.order_id HAVING count(*) = 1) o)",
    )
    .fetch_one(&world.pool)
    .await?;
    let count = i64::try_from(count)?;
    ensure!(
        clocks == count && events == count,
        "of {count} clocks {clocks} ran out and {events} were told once"
    );
    Ok(())
}

/// Events recorded by the clocks, numbered or not.
async fn events(world: &World) -> anyhow::Result<u64> {
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM sla.outbox")
        .fetch_one(&world.pool)
        .await?;
    Ok(quiet::recorded(&world.pool, "sla").await? + waiting.unsigned_abs())
}
