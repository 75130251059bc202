//! A new arrangement of the year while a million clocks are open: until each was worked out anew, with a kill -9 of the
//! service on the way. None may fire by its old due time meanwhile, though some of those pass.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use hotline_proto::sla::v1::ImportCalendarRequest;
use hotline_proto::sla::v1::sla_timer_service_client::SlaTimerServiceClient;
use hotline_runtime::{Clock, Stopwatch};
use hotline_worktime::local_time;

use crate::desk::{self, People};
use crate::report::{self, Figure, Report, Target};
use crate::stats::number;
use crate::world::{CommitTimes, Hotline, World};
use crate::{Plan, clocks, quiet, storm};

/// Open clocks.
const OPEN: u64 = 1_000_000;

/// Open clocks of an order: every clock an order of its own, which is the dearest, since an order's clocks are told of
/// together; and as many as an order has that went to a lead and co-handlers.
const OF_EACH: [u64; 2] = [1, 4];

/// Old due times begin so long from now, and spread over so long: none passes while the clocks are written.
const AHEAD: TimeDelta = TimeDelta::hours(1);
const OVER: TimeDelta = TimeDelta::days(30);

/// So many clocks more, written last, whose old due times pass while the others are worked out anew.
const NEAR: u64 = 200;
const NEAR_AHEAD: TimeDelta = TimeDelta::seconds(3);
const NEAR_OVER: TimeDelta = TimeDelta::seconds(40);

/// Days that become holidays: more than pass while it runs.
const HOLIDAYS: u64 = 10;

/// Longest recomputation that is waited for.
const DONE_MAX: Duration = Duration::from_secs(600);

/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// Runs it.
///
/// # Errors
/// Anything that keeps it from measuring, a clock left out, or one that fired by its old due time.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    for of_each in OF_EACH {
        change(plan, report, of_each).await?;
    }
    Ok(())
}

/// One change, with `of_each` clocks an order.
async fn change(plan: &Plan, report: &mut Report, of_each: u64) -> anyhow::Result<()> {
    report::begin(&format!(
        "a million clocks after a change of the calendar, {of_each} an order"
    ));
    let world = World::start(plan, "recompute", CommitTimes::Off).await?;
    storm::prepare(&world).await?;
    let count = plan.size(OPEN).max(2 * NEAR);
    let hotline = world.run(&["sla-timer"]).await?;
    let first = Clock::system().now() + AHEAD;
    clocks::arm_orders(&world, count - NEAR, of_each, first, OVER).await?;
    world.sql("VACUUM ANALYZE sla.clock").await?;
    world.sql("CHECKPOINT").await?;
    clocks::arm(&world, NEAR, Clock::system().now() + NEAR_AHEAD, NEAR_OVER).await?;
    let before = world.usage(Some(&hotline))?;
    let since = Stopwatch::start();
    let asking = tokio::spawn(import(world.keys_dir(), hotline.grpc));
    until_examined(&world, count / 3).await?;
    let killed = world.usage(Some(&hotline))?.since(&before);
    hotline.kill().await?;
    asking.abort();
    let hotline = world.run(&["sla-timer"]).await?;
    until_finished(&world).await?;
    let took = since.elapsed().as_secs_f64();
    quiet::until_published(&world, "sla").await?;
    let told = since.elapsed().as_secs_f64();
    let used = world.usage(Some(&hotline))?;
    let used = used.since(&before).with_hotline(killed.hotline + used.hotline);
    check(&world, count).await?;
    end(hotline, world).await?;
    let name = |what: &str| {
        format!(
            "1,000,000 open clocks after a calendar change, {of_each} an order, killed once on the way: {what}"
        )
    };
    let figure = Figure::plain(name("all worked out anew"), took, "s");
    report.add(&figure.target(Target::AtMost(60.0)));
    report.add(&Figure::plain(name("every event on the bus"), told, "s"));
    report.cost(
        &format!("clock worked out anew, on the bus ({of_each} an order)"),
        number(count),
        &used,
    );
    Ok(())
}

async fn end(hotline: Hotline, world: World) -> anyhow::Result<()> {
    hotline.stop().await?;
    world.end().await
}

/// Imports this year's arrangement with the next days as holidays. The answer does not come: the process is killed.
async fn import(keys: std::path::PathBuf, addr: std::net::SocketAddr) -> anyhow::Result<()> {
    let operator = People::new(&keys)?.of_role("operator")?;
    let channel = desk::dial(addr).await?;
    let mut sla = SlaTimerServiceClient::with_interceptor(channel, operator);
    let toml = arrangement(local_time(Clock::system().now()).date())?;
    sla.import_calendar(ImportCalendarRequest { toml }).await?;
    Ok(())
}

/// The arrangement of today's year with holidays from today on.
fn arrangement(today: NaiveDate) -> anyhow::Result<String> {
    let path = format!("deploy/calendars/{}.toml", today.year());
    let text = fs::read_to_string(Path::new(&path)).with_context(|| path.clone())?;
    let days = (0..HOLIDAYS).filter_map(|days| today.checked_add_days(Days::new(days)));
    let days = days
        .filter(|day| day.year() == today.year())
        .map(|day| day.to_string());
    let days: Vec<_> = days.filter(|day| !text.contains(day.as_str())).collect();
    Ok(format!(
        "{text}\n[[festival]]\nname = \"临时\"\nholidays = [{}]\n",
        days.join(", ")
    ))
}

async fn until_examined(world: &World, count: u64) -> anyhow::Result<()> {
    until(
        world,
        "SELECT coalesce(max(examined), 0) >= $1 FROM sla.calendar_year",
        count,
    )
    .await
}

async fn until_finished(world: &World) -> anyhow::Result<()> {
    until(
        world,
        "SELECT count(*) FILTER (WHERE finished_at IS NULL) = 0 AND count(*) > 0 AND $1::bigint >= 0 \
         FROM sla.calendar_year",
        0,
    )
    .await
}

async fn until(world: &World, statement: &'static str, count: u64) -> anyhow::Result<()> {
    let since = Stopwatch::start();
    while !sqlx::query_scalar::<_, bool>(statement)
        .bind(i64::try_from(count)?)
        .fetch_one(&world.pool)
        .await?
    {
        ensure!(since.elapsed() < DONE_MAX, "the clocks are not worked out anew");
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Every clock stands by the new calendar, and none has run out.
async fn check(world: &World, count: u64) -> anyhow::Result<()> {
    let (open, anew, fired): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE state = 1), \
                count(*) FILTER (WHERE calendar = 1), \
                count(*) FILTER (WHERE state <> 1) FROM sla.clock",
    )
    .fetch_one(&world.pool)
    .await?;
    let count = i64::try_from(count)?;
    ensure!(
        open == count && anew == count && fired == 0,
        "of {count} clocks {open} are open, {anew} stand by the new calendar, {fired} fired by the old"
    );
    Ok(())
}
