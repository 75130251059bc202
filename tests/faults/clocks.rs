//! Limits that run out while nobody is there to notice: the platform is killed, and comes back hours later.

use anyhow::{Result, ensure};
use hotline_proto::sla::v1::{ClockState, GetClockTotalsRequest, ListClocksRequest};
use hotline_tests::support::driver::Goal;
use hotline_tests::support::{Callers, Options, Platform, clocks, journal, until, wait};

use crate::flow::{Flow, requests};
use crate::proof;
use crate::seed::Seed;

/// Appeals of the flow.
const APPEALS: usize = 40;

/// Where the clock stands at each start: every time some limits have run out since the time before.
const STANDS: [&str; 4] = [
    "2026-03-02 09:30",
    "2026-03-02 11:00",
    "2026-03-04 09:30",
    "2026-03-11 09:00",
];

#[tokio::test]
async fn limits_that_run_out_while_the_platform_lies_dead_are_told_once_each_when_it_comes_back() -> Result<()>
{
    let mut seed = Seed::choose()?;
    let mut platform = Platform::start(Options::standing_at(&clocks::setting(STANDS[0])?)).await?;
    let callers = Callers::of(&platform)?;
    let flow = Flow::new(&callers);
    let asked = requests(&mut seed, "clocks", APPEALS);
    flow.run(asked.clone(), Goal::Dispatched).await?;
    journal::settled(&callers.operator, wait::SOON).await?;
    let mut fired = 0;
    for stands in &STANDS[1..] {
        platform.kill().await?;
        platform.set_clock(&clocks::setting(stands)?);
        platform.run().await?;
        // Once more while it is telling what it missed.
        platform.kill().await?;
        platform.run().await?;
        let now = told(&callers, stands).await?;
        ensure!(now > fired, "nothing ran out until {stands}");
        fired = now;
    }
    flow.run(asked, Goal::Archived).await?;
    let all = proof::nothing_lost_nothing_doubled(&platform, &callers, &flow, APPEALS).await?;
    ensure!(
        i64::try_from(all)? >= fired,
        "{all} clocks ran out in all, {fired} before anybody worked on"
    );
    Ok(())
}

/// Waits until every limit that has run out at `stands` is told, and gives how many are overdue.
async fn told(callers: &Callers, stands: &str) -> Result<i64> {
    let now = clocks::timestamp(stands)?;
    until("no running clock is overdue", || async {
        let soonest = ListClocksRequest {
            state: ClockState::Armed.into(),
            page_size: 1,
            ..Default::default()
        };
        let soonest = callers
            .operator
            .sla()
            .list_clocks(soonest)
            .await?
            .into_inner()
            .clocks;
        let due = soonest.first().and_then(|clock| clock.facts.as_ref()?.due_at);
        Ok(due.is_none_or(|due| due.seconds > now.seconds).then_some(()))
    })
    .await?;
    journal::settled(&callers.operator, wait::SOON).await?;
    let totals = callers
        .operator
        .sla()
        .get_clock_totals(GetClockTotalsRequest {})
        .await?
        .into_inner();
    Ok(totals.breached)
}
