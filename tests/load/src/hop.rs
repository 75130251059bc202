//! From the commit of an accepted appeal to the commit that opened its order in the next service, at 100 appeals a second
//! with every service at work. Both instants are PostgreSQL's own commit timestamps. The floor is the same way with
//! nothing on it: a commit, a publish, a pull, a commit.

use std::sync::Arc;
use std::time::Duration;

use crate::appeals::{self, Kind};
use crate::desk::{self, People};
use crate::report::{self, Figure, Report, Target};
use crate::stats::{Sorted, number};
use crate::world::{CommitTimes, World};
use crate::{Plan, floor, load, quiet};

/// A hundred a second.
const EVERY: Duration = Duration::from_millis(10);

/// Twenty seconds, after three to warm up.
const APPEALS: u64 = 2_000;
const WARM_UP: u64 = 300;

/// Five seconds of floor.
const FLOOR: u64 = 500;

/// Connections that the submitters share.
const CONNECTIONS: usize = 4;

/// Runs it.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("commit to applied at 100 appeals a second");
    let count = plan.size(APPEALS);
    let world = World::start(plan, "hop", CommitTimes::Kept).await?;
    let floor = floor::hop(&world, EVERY, plan.size(FLOOR)).await?;
    let hotline = world.run(&[]).await?;
    let agent = People::new(&world.keys_dir())?.of_role("agent")?;
    let channels = Arc::new(desk::dial_many(hotline.grpc, CONNECTIONS).await?);
    let submit = |run: &'static str, n: u64| {
        let channel = &channels[usize::try_from(n).unwrap_or(0) % CONNECTIONS];
        let mut intake = desk::intake(channel, agent.clone());
        async move {
            let request = appeals::request(run, n, Kind::Person);
            intake
                .register_appeal(request)
                .await
                .map_err(desk::failed("register"))?;
            Ok(())
        }
    };
    load::paced(EVERY, plan.size(WARM_UP), |n| submit("warm", n)).await?;
    quiet::until_applied(&world.pool).await?;
    let before = world.usage(Some(&hotline))?;
    let run = load::paced(EVERY, count, |n| submit("run", n)).await?;
    let used = world.usage(Some(&hotline))?.since(&before);
    quiet::until_applied(&world.pool).await?;
    let took = Sorted::new(commit_to_commit(&world).await?);
    hotline.stop().await?;
    world.end().await?;

    anyhow::ensure!(
        u64::try_from(took.len())? == count,
        "{} of {count} appeals have an order",
        took.len()
    );
    let p99 = Figure::plain(
        "commit to applied in the next service, 100/s: p99",
        took.p99(),
        "ms",
    );
    report.add(&p99.beside(floor.p99()).target(Target::AtMost(30.0)));
    report.add(&Figure::plain("commit to applied: p50", took.p50(), "ms").beside(floor.p50()));
    report.add(&Figure::plain(
        "submit and accept at 100/s: p99",
        run.took_ms.p99(),
        "ms",
    ));
    report.cost("appeal at 100/s, applied by every service", number(count), &used);
    Ok(())
}

/// Milliseconds between the two commits of each appeal: the rows read here are written once and never changed.
async fn commit_to_commit(world: &World) -> anyhow::Result<Vec<f64>> {
    Ok(sqlx::query_scalar(
        "SELECT extract(epoch FROM pg_xact_commit_timestamp(o.xmin) - pg_xact_commit_timestamp(a.xmin))::float8 * 1000 \
         FROM intake.appeal a JOIN routing.orders o USING (id) WHERE a.request_key LIKE 'run-%'",
    )
    .fetch_all(&world.pool)
    .await?)
}
