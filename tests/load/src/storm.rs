//! The timer by itself, inside this program: what firing costs without numbering and publishing beside it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use hotline_bus::Bus;
use hotline_policy::Library;
use hotline_runtime::{Clock, Runtime};
use hotline_sla_timer::ops::Sla;
use hotline_sla_timer::timer::Timer;
use hotline_sla_timer::{MIGRATOR, SERVICE, handlers};
use hotline_worktime::{Calendar, YearArrangement};

use crate::clocks;
use crate::usage::Usage;
use crate::world::World;

/// The timer holds its lease after this.
const SETTLED: Duration = Duration::from_secs(3);

/// How far ahead the clocks are due.
const AHEAD: TimeDelta = TimeDelta::seconds(5);

/// Makes the tables of the clocks.
///
/// # Errors
/// The database.
pub async fn prepare(world: &World) -> anyhow::Result<()> {
    let runtime = Runtime::build(world.settings())?;
    let pool = runtime.database(SERVICE, &[Bus::migrator(), &MIGRATOR]).await?;
    pool.close().await;
    Ok(())
}

/// Fires `count` clocks that are due at one instant; clocks a second from that instant to the last commit, and the CPU,
/// of which this program's is counted as the product's.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn fire(world: &World, count: u64) -> anyhow::Result<(f64, Usage)> {
    let runtime = Runtime::build(world.settings())?;
    let pool = runtime.database(SERVICE, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(&runtime, SERVICE, pool.clone()).await?;
    let sla = Arc::new(Sla::new(bus.clone(), library()?, calendar()?));
    sla.refresh().await?;
    let timer = Timer::new(Arc::clone(&sla));
    let leases = bus
        .jobs(handlers(sla))
        .into_iter()
        .find(|job| job.name == format!("{SERVICE}.leases"));
    let leases = tokio::spawn(leases.context("the bus keeps leases")?.run);
    let timer = tokio::spawn(timer.run());
    tokio::time::sleep(SETTLED).await;
    let due = Clock::system().now() + AHEAD;
    clocks::arm(world, count, due, TimeDelta::zero()).await?;
    world.sql("CHECKPOINT").await?;
    let before = world.usage(None)?;
    clocks::until_fired(world).await?;
    let used = world.usage(None)?.since(&before).with_own_as_product();
    let rate = clocks::rate_since(world, count, due).await?;
    runtime.shutdown.cancel();
    timer.await??;
    leases.await??;
    pool.close().await;
    Ok((rate, used))
}

fn library() -> anyhow::Result<Arc<Library>> {
    let library = Library::load(Path::new("deploy/cities")).map_err(|problems| anyhow!("{problems}"))?;
    Ok(Arc::new(library))
}

fn calendar() -> anyhow::Result<Arc<Calendar>> {
    let mut years = Vec::new();
    for entry in fs::read_dir("deploy/calendars").context("run it from the workspace's root")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path)?;
            years
                .push(YearArrangement::parse(&text).map_err(|error| anyhow!("{}: {error}", path.display()))?);
        }
    }
    Calendar::new(years)
        .map(Arc::new)
        .map_err(|errors| anyhow!("{} errors in the calendars", errors.len()))
}
