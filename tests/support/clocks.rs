//! Clocks of an order as their service tells them, and due times worked out beside it.

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, NaiveDateTime, Utc};
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{Leg, Order};
use hotline_proto::sla::v1::{Clock, ClockState, ListClocksRequest};
use prost_types::Timestamp;

use super::callers::Callers;
use super::wait::until;

/// All clocks of an order.
///
/// # Errors
/// The call fails.
pub async fn of_order(callers: &Callers, order_id: &str) -> Result<Vec<Clock>> {
    let request = ListClocksRequest {
        order_id: order_id.to_owned(),
        page_size: 200,
        ..Default::default()
    };
    Ok(callers
        .operator
        .sla()
        .list_clocks(request)
        .await?
        .into_inner()
        .clocks)
}

/// Waits until an obligation of a leg (empty: of the order itself) has a clock in `state`.
///
/// # Errors
/// Not in time; the message lists the clocks there are.
pub async fn wait(
    callers: &Callers,
    order_id: &str,
    leg_id: &str,
    obligation: &str,
    state: ClockState,
) -> Result<Clock> {
    let fits = |clock: &Clock| {
        let facts = clock.facts.clone().unwrap_or_default();
        facts.leg_id == leg_id && facts.obligation == obligation && clock.state() == state
    };
    let what = format!("clock {obligation} of leg {leg_id:?} is {}", state.as_str_name());
    let found = until(&what, || async {
        Ok(of_order(callers, order_id)
            .await?
            .into_iter()
            .find(|clock| fits(clock)))
    });
    match found.await {
        Ok(clock) => Ok(clock),
        Err(error) => Err(error.context(told(&of_order(callers, order_id).await?))),
    }
}

/// Checks that a clock is due at `local` (Beijing time, `2026-03-05 17:30`) by `article`.
///
/// # Errors
/// It is not.
pub fn check_due(clock: &Clock, local: &str, article: &str) -> Result<()> {
    let facts = clock.facts.as_ref().context("a clock has facts")?;
    let due = facts.due_at.as_ref().context("a clock has a due time")?;
    ensure!(
        (beijing(due)?.as_str(), facts.article.as_str()) == (local, article),
        "{} is due {} by {:?}, not {local} by {article:?}",
        facts.obligation,
        beijing(due)?,
        facts.article
    );
    Ok(())
}

/// An instant as Beijing time to the minute.
///
/// # Errors
/// It lies beyond every calendar.
pub fn beijing(at: &Timestamp) -> Result<String> {
    Ok(hotline_worktime::local_time(instant(at)?)
        .format("%Y-%m-%d %H:%M")
        .to_string())
}

/// The instant of a Beijing time `2026-03-05 17:30`.
///
/// # Errors
/// It is none.
pub fn at(local: &str) -> Result<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M")?;
    Ok(naive.and_utc() - chrono::TimeDelta::hours(8))
}

/// A Beijing time as the setting of a clock.
///
/// # Errors
/// It is none.
pub fn setting(local: &str) -> Result<String> {
    Ok(at(local)?.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// The contract's instant of a Beijing time.
///
/// # Errors
/// It is none.
pub fn timestamp(local: &str) -> Result<Timestamp> {
    Ok(Timestamp {
        seconds: at(local)?.timestamp(),
        nanos: 0,
    })
}

fn instant(at: &Timestamp) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos)?).context("an instant of the calendar")
}

/// The standing legs of a kind in the order's present round.
pub fn legs(order: &Order, kind: LegKind) -> Vec<&Leg> {
    use hotline_proto::routing::v1::LegState::{Returned, Withdrawn};
    let round = order.facts.as_ref().map_or(0, |facts| facts.round);
    let present = |leg: &&Leg| {
        let facts = leg.facts.clone().unwrap_or_default();
        let of_round = kind == LegKind::Enterprise || facts.round == round;
        facts.kind() == kind && of_round && ![Returned, Withdrawn].contains(&leg.state())
    };
    order.legs.iter().filter(present).collect()
}

/// The clocks in a few words each.
pub fn told(clocks: &[Clock]) -> String {
    let line = |clock: &Clock| {
        let facts = clock.facts.clone().unwrap_or_default();
        format!(
            "{} {} of {:?} on {:?}",
            facts.obligation,
            clock.state().as_str_name(),
            facts.leg_id,
            facts.unit_id
        )
    };
    clocks.iter().map(line).collect::<Vec<_>>().join("\n")
}
