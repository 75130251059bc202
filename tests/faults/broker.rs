//! nats-server is killed, and loses everything that it had stored.

use anyhow::{Result, ensure};
use hotline_tests::support::driver::Goal;
use hotline_tests::support::{Callers, Options, Platform, tell};

use crate::flow::{Flow, requests};
use crate::proof;
use crate::seed::Seed;

/// Appeals of the flow.
const APPEALS: usize = 100;

/// Times that it is killed; every second time its store is emptied too.
const KILLS: u32 = 4;

/// Registrations that must be acknowledged while there is no broker at all.
const WITHOUT: u64 = 4;

#[tokio::test]
async fn a_broker_killed_and_emptied_while_appeals_flow_loses_and_doubles_nothing() -> Result<()> {
    let mut seed = Seed::choose()?;
    let mut platform = Platform::start(Options::default()).await?;
    let callers = Callers::of(&platform)?;
    let flow = Flow::new(&callers);
    let asked = requests(&mut seed, "broker", APPEALS);
    let alone = requests(
        &mut seed,
        "without-broker",
        usize::try_from(KILLS)? * usize::try_from(WITHOUT)?,
    );
    let flowing = flow.run(asked, Goal::Archived);
    let killing = async {
        for (kill, alone) in alone.chunks(usize::try_from(WITHOUT)?).enumerate() {
            flow.more_acknowledged(seed.within(4, 14), APPEALS).await?;
            platform.kill_nats().await?;
            for request in alone {
                let answer = callers.agent.intake().register_appeal(request.clone()).await;
                ensure!(
                    answer.is_ok(),
                    "the register does not take appeals without its broker: {answer:?}"
                );
            }
            if kill % 2 == 1 {
                platform.empty_nats()?;
            }
            platform.start_nats().await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(flowing, killing)?;
    // What was taken in without a broker lives on like everything else.
    flow.run(alone.clone(), Goal::Archived).await?;
    tell(format_args!(
        "{KILLS} kills, {} of them with the store emptied, {} appeals taken meanwhile",
        KILLS / 2,
        alone.len()
    ));
    proof::nothing_lost_nothing_doubled(&platform, &callers, &flow, APPEALS + alone.len()).await?;
    Ok(())
}
