//! PostgreSQL is killed, and falls silent without dying.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hotline_tests::support::driver::Goal;
use hotline_tests::support::process::signal;
use hotline_tests::support::wait::until_within;
use hotline_tests::support::{Callers, Options, Platform, tell};
use nix::sys::signal::Signal;

use crate::flow::{Flow, requests};
use crate::proof;
use crate::seed::Seed;

/// Appeals of the flow.
const APPEALS: usize = 80;

/// Times that it is killed.
const KILLS: u32 = 4;

/// Silence: longer than a pool waits for a connection, so that every pool has given up on some.
const SILENT: Duration = Duration::from_secs(12);

/// Longest recovery after the silence.
const RECOVERED_MAX: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_database_killed_again_and_again_while_appeals_flow_loses_and_doubles_nothing() -> Result<()> {
    let mut seed = Seed::choose()?;
    let mut platform = Platform::start(Options::default()).await?;
    let callers = Callers::of(&platform)?;
    let flow = Flow::new(&callers);
    let flowing = flow.run(requests(&mut seed, "database", APPEALS), Goal::Archived);
    let killing = async {
        for _kill in 0..KILLS {
            flow.more_acknowledged(seed.within(4, 14), APPEALS).await?;
            platform.kill_postgres().await?;
            platform.start_postgres().await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(flowing, killing)?;
    tell(format_args!("{KILLS} kills"));
    proof::nothing_lost_nothing_doubled(&platform, &callers, &flow, APPEALS).await?;
    Ok(())
}

#[tokio::test]
async fn a_database_that_falls_silent_and_comes_back_is_used_again_without_anybodys_hand() -> Result<()> {
    let mut seed = Seed::choose()?;
    let platform = Platform::start(Options::default()).await?;
    let callers = Callers::of(&platform)?;
    let flow = Flow::new(&callers);
    let flowing = flow.run(requests(&mut seed, "silence", APPEALS), Goal::Archived);
    let silencing = async {
        flow.more_acknowledged(seed.within(10, 30), APPEALS).await?;
        let all = tree(platform.postgres_pid()?);
        all.iter().try_for_each(|pid| signal(*pid, Signal::SIGSTOP))?;
        // This pause is the fault itself, not a proof of anything.
        tokio::time::sleep(SILENT).await;
        let ready = platform.probe("/readyz").await;
        all.iter().try_for_each(|pid| signal(*pid, Signal::SIGCONT))?;
        ensure!(
            !ready,
            "a platform whose database is silent says that it is ready"
        );
        let since = Instant::now();
        let acknowledged = flow.acknowledged().len();
        until_within(
            RECOVERED_MAX,
            "the platform is ready and takes appeals again",
            || async {
                let moves = flow.acknowledged().len() > acknowledged || acknowledged == APPEALS;
                Ok((moves && platform.probe("/readyz").await).then_some(()))
            },
        )
        .await?;
        tell(format_args!(
            "recovered {} ms after the silence",
            since.elapsed().as_millis()
        ));
        anyhow::Ok(())
    };
    tokio::try_join!(flowing, silencing)?;
    proof::nothing_lost_nothing_doubled(&platform, &callers, &flow, APPEALS).await?;
    Ok(())
}

/// A process and its children; a backend of PostgreSQL is a process of its own.
fn tree(root: u32) -> Vec<u32> {
    let tasks = std::fs::read_to_string(format!("/proc/{root}/task/{root}/children")).unwrap_or_default();
    let children = tasks.split_whitespace().filter_map(|pid| pid.parse().ok());
    std::iter::once(root).chain(children).collect()
}
