//! The product itself is killed, again and again.

use anyhow::Result;
use hotline_tests::support::driver::Goal;
use hotline_tests::support::{Callers, Options, Platform, tell};

use crate::flow::{Flow, requests};
use crate::proof;
use crate::seed::Seed;

/// Appeals of the flow.
const APPEALS: usize = 100;

/// Times that it is killed.
const KILLS: u32 = 5;

#[tokio::test]
async fn a_process_killed_again_and_again_while_appeals_flow_loses_and_doubles_nothing() -> Result<()> {
    let mut seed = Seed::choose()?;
    let mut platform = Platform::start(Options::default()).await?;
    let callers = Callers::of(&platform)?;
    let flow = Flow::new(&callers);
    let flowing = flow.run(requests(&mut seed, "process", APPEALS), Goal::Archived);
    let killing = async {
        for _kill in 0..KILLS {
            flow.more_acknowledged(seed.within(4, 14), APPEALS).await?;
            platform.kill().await?;
            platform.run().await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(flowing, killing)?;
    tell(format_args!("{KILLS} kills"));
    proof::nothing_lost_nothing_doubled(&platform, &callers, &flow, APPEALS).await?;
    Ok(())
}
