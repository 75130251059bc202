//! Moves a scenario's time, and waits until the platform is quiet: every event recorded, published and applied by
//! everybody, and no clock with something left to say.
//!
//! Invariant: time never jumps over an instant at which a clock speaks; what falls due fires in order.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use hotline_proto::bus::v1::GetPositionsResponse;
use hotline_proto::sla::v1::GetClockTotalsRequest;
use hotline_tests::support::journal::{SERVICES, positions};

use crate::stage::Stage;

/// Longest wait for what ordinarily takes milliseconds.
const QUIET_MAX: Duration = Duration::from_secs(60);

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(4);

/// Instants at which clocks speak on one way: more means that one never falls silent.
const STOPS_MAX: usize = 2_000;

impl Stage {
    /// Waits until nothing is in flight.
    ///
    /// # Errors
    /// Not in time, or an event was set aside; the message says what is behind.
    pub async fn quiet(&self) -> Result<()> {
        let since = Instant::now();
        loop {
            // Positions that agree twice, with no clock due between: nothing was left that could move them.
            let (first, next) = (self.positions().await?, self.next_at().await?);
            let behind = match behind(&first)? {
                Some(behind) => behind,
                None if next.is_some_and(|next| next <= self.now()) => "a clock that is due".to_owned(),
                None if self.positions().await? == first => return Ok(()),
                None => "what was just heard".to_owned(),
            };
            ensure!(since.elapsed() < QUIET_MAX, "the platform is not quiet: {behind}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Moves the clock to `to`, stopping wherever something falls due, and waits until all is quiet.
    ///
    /// # Errors
    /// `to` is past, or the platform does not fall quiet on the way.
    pub async fn advance_to(&self, to: DateTime<Utc>) -> Result<()> {
        ensure!(to >= self.now(), "时间不能倒退:现在已是 {}", self.now());
        for _ in 0..STOPS_MAX {
            self.quiet().await?;
            let next = self.next_at().await?.filter(|next| *next <= to);
            self.clock().advance_to(next.unwrap_or(to));
            if next.is_none() {
                return self.quiet().await;
            }
        }
        bail!("clocks speak without an end before {to}")
    }

    /// When a clock next has something to say.
    async fn next_at(&self) -> Result<Option<DateTime<Utc>>> {
        let totals = self
            .callers
            .operator
            .sla()
            .get_clock_totals(GetClockTotalsRequest {})
            .await?;
        let instant = |at: prost_types::Timestamp| {
            DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).unwrap_or(0)).context("an instant")
        };
        totals.into_inner().next_at.map(instant).transpose()
    }

    async fn positions(&self) -> Result<Vec<GetPositionsResponse>> {
        let operator = &self.callers.operator;
        try_join_all(SERVICES.map(|service| positions(operator, service))).await
    }
}

/// What is behind, if anything is.
fn behind(positions: &[GetPositionsResponse]) -> Result<Option<String>> {
    let heads: BTreeMap<_, _> = positions
        .iter()
        .flat_map(|found| &found.heads)
        .map(|head| ((head.producer.as_str(), head.partition), head.seq))
        .collect();
    for (service, found) in SERVICES.iter().zip(positions) {
        ensure!(
            found.dead == 0,
            "{service} has set {} events aside (see the log)",
            found.dead
        );
        if found.outbox > 0 {
            return Ok(Some(format!(
                "{} events in the outbox of {service}",
                found.outbox
            )));
        }
        for ((producer, partition), seq) in heads.iter().filter(|((producer, _), _)| producer != service) {
            let heard = found
                .cursors
                .iter()
                .find(|at| at.producer == *producer && at.partition == *partition)
                .map_or(0, |at| at.seq);
            if heard < *seq {
                return Ok(Some(format!("{service} heard {producer} to {heard} of {seq}")));
            }
        }
    }
    Ok(None)
}
