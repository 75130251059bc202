//! Resident memory of the whole process at rest: every service started, nothing to do, then the same after some work.

use std::sync::Arc;
use std::time::Duration;

use crate::appeals::{self, Kind};
use crate::desk::{self, People};
use crate::report::{self, Figure, Report, Target};
use crate::usage::resident_mib;
use crate::world::{CommitTimes, World};
use crate::{Plan, load, quiet};

/// Time to come to rest.
const REST: Duration = Duration::from_secs(15);

/// Appeals that make it work before it rests again.
const APPEALS: u64 = 4_000;

/// Submitters at once.
const SUBMITTERS: usize = 16;

/// Runs it.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("resident memory");
    let world = World::start(plan, "memory", CommitTimes::Off).await?;
    let hotline = world.run(&[]).await?;
    tokio::time::sleep(REST).await;
    let rested = world.usage(Some(&hotline))?;
    tokio::time::sleep(REST).await;
    let idle = world.usage(Some(&hotline))?.since(&rested);
    let fresh = resident_mib(hotline.pid)?;
    let agent = People::new(&world.keys_dir())?.of_role("agent")?;
    let channels = Arc::new(desk::dial_many(hotline.grpc, SUBMITTERS).await?);
    load::closed(SUBMITTERS, plan.size(APPEALS), move |worker, n| {
        let mut intake = desk::intake(&channels[worker], agent.clone());
        async move {
            let request = appeals::request("memory", n, Kind::Person);
            intake
                .register_appeal(request)
                .await
                .map_err(desk::failed("register"))?;
            Ok(())
        }
    })
    .await?;
    quiet::until_applied(&world.pool).await?;
    tokio::time::sleep(REST).await;
    let worked = resident_mib(hotline.pid)?;
    let broker = resident_mib(world.server_pids()?.0)?;
    hotline.stop().await?;
    world.end().await?;

    let figure = Figure::plain("the whole process at rest: resident", fresh, "MiB");
    report.add(&figure.target(Target::AtMost(150.0)));
    let figure = Figure::plain("the same at rest after work", worked, "MiB");
    report.add(&figure.target(Target::AtMost(150.0)));
    report.note(format!("nats-server beside it: {broker:.0} MiB resident."));
    report.cost("second at rest", REST.as_secs_f64(), &idle);
    Ok(())
}
