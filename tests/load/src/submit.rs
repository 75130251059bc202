//! Submit and accept: `RegisterAppeal` with `accept`, by 16 submitters, each on a connection of its own.
//!
//! First with the register alone, until every event is on the bus; then with every service, until every event has been
//! applied by everybody, which is what an appeal costs before anybody works on it. The floor stands before and after:
//! one order row and one outbox row in one commit, by as many connections.

use std::sync::Arc;

use crate::appeals::{self, Kind};
use crate::desk::{self, People};
use crate::load::{self, Run};
use crate::report::{self, Figure, Report, Target};
use crate::stats::number;
use crate::usage::Usage;
use crate::world::{CommitTimes, Hotline, World};
use crate::{Plan, floor, quiet};

/// Submitters at once.
pub const SUBMITTERS: usize = 16;

/// Appeals of the full run, and those before it that warm everything up.
const APPEALS: u64 = 16_000;
const WARM_UP: u64 = 1_600;

/// Runs both variants.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("submit and accept, 16 submitters");
    let count = plan.size(APPEALS);
    let world = World::start(plan, "submit", CommitTimes::Off).await?;
    let before = floor::order_and_outbox(&world, SUBMITTERS, count).await?;
    let hotline = world.run(&["intake"]).await?;
    let (run, used) = submit(&world, &hotline, plan, count, false).await?;
    hotline.stop().await?;
    let after = floor::order_and_outbox(&world, SUBMITTERS, count).await?;
    let message = floor::publish(&world, count).await?;
    world.end().await?;

    let floor_cpu = (before.1.postgres + after.1.postgres) * 1_000.0 / number(2 * count);
    let floor_p99 = f64::midpoint(before.0.took_ms.p99(), after.0.took_ms.p99());
    let floor_p50 = f64::midpoint(before.0.took_ms.p50(), after.0.took_ms.p50());
    let each = used.in_all() * 1_000.0 / number(count);
    let cpu = Figure::plain("submit and accept, on the bus: CPU in all", each, "ms").beside(floor_cpu);
    report.add(&cpu.target(Target::AtMost(0.4)));
    let p99 = Figure::plain("submit and accept: p99", run.took_ms.p99(), "ms").beside(floor_p99);
    report.add(&p99.target(Target::TimesFloor(3.0)));
    report.add(&Figure::plain("submit and accept: p50", run.took_ms.p50(), "ms").beside(floor_p50));
    let rate = |run: &Run| number(count) / run.wall_s;
    let floor_rate = f64::midpoint(rate(&before.0), rate(&after.0));
    report.add(&Figure::plain("submit and accept: appeals a second", rate(&run), "/s").beside(floor_rate));
    report.cost("appeal, the register alone", number(count), &used);
    report.cost(
        "floor: order row + outbox row, one commit",
        number(count),
        &before.1,
    );
    report.note(format!(
        "Floor of the broker: {message:.4} ms CPU a published message; an accepted appeal is two."
    ));

    let world = World::start(plan, "submit-all", CommitTimes::Off).await?;
    let hotline = world.run(&[]).await?;
    let (run, used) = submit(&world, &hotline, plan, count, true).await?;
    hotline.stop().await?;
    world.end().await?;
    report.add(
        &Figure::plain(
            "the same with every service at work: p99",
            run.took_ms.p99(),
            "ms",
        )
        .beside(floor_p99),
    );
    report.cost("appeal, applied by every service", number(count), &used);
    Ok(())
}

/// Warms up, submits, and waits until it is on the bus, or applied everywhere.
async fn submit(
    world: &World,
    hotline: &Hotline,
    plan: &Plan,
    count: u64,
    applied: bool,
) -> anyhow::Result<(Run, Usage)> {
    submit_all(world, hotline, "warm", plan.size(WARM_UP)).await?;
    settle(world, applied).await?;
    let before = world.usage(Some(hotline))?;
    let run = submit_all(world, hotline, "run", count).await?;
    settle(world, applied).await?;
    Ok((run, world.usage(Some(hotline))?.since(&before)))
}

async fn settle(world: &World, applied: bool) -> anyhow::Result<()> {
    if applied {
        quiet::until_applied(&world.pool).await
    } else {
        quiet::until_published(world, "intake").await
    }
}

async fn submit_all(world: &World, hotline: &Hotline, name: &'static str, count: u64) -> anyhow::Result<Run> {
    let agent = People::new(&world.keys_dir())?.of_role("agent")?;
    let channels = Arc::new(desk::dial_many(hotline.grpc, SUBMITTERS).await?);
    load::closed(SUBMITTERS, count, move |worker, n| {
        let mut intake = desk::intake(&channels[worker], agent.clone());
        async move {
            let request = appeals::request(name, n, Kind::Person);
            intake
                .register_appeal(request)
                .await
                .map_err(desk::failed("register"))?;
            Ok(())
        }
    })
    .await
}
