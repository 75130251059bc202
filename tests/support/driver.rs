//! Takes appeals through their whole life by looking where each stands and doing what comes next, so that it goes on
//! where it was after any fault: a step whose answer was lost is seen to be done, or done again.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use hotline_proto::callback::v1::{CallbackState, CompleteCallbackRequest};
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::routing::v1::{
    ArchiveOrderRequest, DispatchOrderRequest, Leg, LegState, Order, OrderState,
};
use tonic::{Code, Status};

use super::callers::Callers;
use super::clocks::legs;
use super::steps::{full_reply, order_id};

/// Pause before the next look after nothing could be done.
const PAUSE: Duration = Duration::from_millis(50);

/// How far an appeal is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Sent out.
    Dispatched,
    /// In the archive.
    Archived,
}

/// What an error means to the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Nothing may fail.
    None,
    /// Servers come and go: what fails for now is tried again.
    Faults,
}

/// Codes that a caller meets while servers come and go; anything else is a defect.
const PASSING: &[Code] = &[
    Code::Unavailable,
    Code::DeadlineExceeded,
    Code::Cancelled,
    Code::Unknown,
    Code::Aborted,
];

/// Drives appeals, and counts what it met on the way.
pub struct Driver<'a> {
    callers: &'a Callers,
    patience: Patience,
    limit: Duration,
    met: Mutex<BTreeMap<String, u64>>,
}

impl<'a> Driver<'a> {
    /// A driver that takes at most `limit` an appeal.
    pub fn new(callers: &'a Callers, patience: Patience, limit: Duration) -> Self {
        Self {
            callers,
            patience,
            limit,
            met: Mutex::default(),
        }
    }

    /// What went wrong for a while, by code, and how often.
    pub fn met(&self) -> BTreeMap<String, u64> {
        self.met.lock().map(|met| met.clone()).unwrap_or_default()
    }

    /// Takes all of `orders` to `goal`, so many at once.
    ///
    /// # Errors
    /// The first that does not get there.
    pub async fn drive_all(&self, orders: &[String], goal: Goal, at_once: usize) -> Result<()> {
        let mut driven = futures::stream::iter(orders)
            .map(|order| async move {
                self.drive(order, goal)
                    .await
                    .with_context(|| format!("order {order}"))
            })
            .buffer_unordered(at_once);
        while let Some(done) = driven.next().await {
            done?;
        }
        Ok(())
    }

    /// Takes one order to `goal`.
    ///
    /// # Errors
    /// It does not get there in time, or something fails that should not.
    pub async fn drive(&self, order: &str, goal: Goal) -> Result<()> {
        let since = Instant::now();
        loop {
            match self.step(order, goal).await {
                Ok(Step::Arrived) => return Ok(()),
                Ok(Step::Taken) => {}
                Ok(Step::Nothing) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    self.forgive(error)?;
                    tokio::time::sleep(PAUSE).await;
                }
            }
            if since.elapsed() > self.limit {
                let stands = self.callers.find_order(order).await;
                bail!(
                    "{order} is not {goal:?} after {} s: {stands:?}",
                    self.limit.as_secs()
                );
            }
        }
    }

    /// Passes on what is no passing fault, and counts what is.
    ///
    /// # Errors
    /// The error itself.
    pub fn forgive(&self, error: anyhow::Error) -> Result<()> {
        let Some(status) = error.downcast_ref::<Status>() else {
            return Err(error);
        };
        // A step whose answer was lost is refused the second time; the next look sees that it is done.
        let repeated = status.code() == Code::FailedPrecondition;
        let passing = PASSING.contains(&status.code()) || repeated;
        if self.patience == Patience::None || !passing {
            return Err(error);
        }
        if let Ok(mut met) = self.met.lock() {
            *met.entry(format!("{:?}", status.code())).or_default() += 1;
        }
        Ok(())
    }

    async fn step(&self, id: &str, goal: Goal) -> Result<Step> {
        let Some(order) = self.callers.find_order(id).await? else {
            return Ok(Step::Nothing);
        };
        match order.state() {
            OrderState::PreReview => self.send_out(&order).await,
            _ if goal == Goal::Dispatched => Ok(Step::Arrived),
            OrderState::Handling | OrderState::Escalated => self.handle(&order).await,
            OrderState::Settled | OrderState::Closed => self.finish(&order).await,
            OrderState::Archived => Ok(Step::Arrived),
            other => bail!("order {id} came to {}", other.as_str_name()),
        }
    }

    async fn send_out(&self, order: &Order) -> Result<Step> {
        let id = order_id(order);
        if order.claimed_by.is_empty() {
            self.callers.claim(&id).await?;
        }
        let request = DispatchOrderRequest {
            order_id: id,
            ..Default::default()
        };
        self.callers.dispatcher.routing().dispatch_order(request).await?;
        Ok(Step::Taken)
    }

    async fn handle(&self, order: &Order) -> Result<Step> {
        let id = order_id(order);
        let working = [LegKind::CoHandle, LegKind::Lead]
            .into_iter()
            .flat_map(|kind| legs(order, kind));
        let Some(leg) = working.into_iter().find(|leg| leg.state() != LegState::Approved) else {
            return Ok(Step::Nothing);
        };
        self.work(&id, leg).await?;
        Ok(Step::Taken)
    }

    async fn work(&self, id: &str, leg: &Leg) -> Result<Order> {
        match leg.state() {
            LegState::ToSign => self.callers.sign(id, leg).await,
            LegState::Signed if leg.contacted_at.is_none() => {
                self.callers.contact(id, leg, "已与诉求人联系").await
            }
            LegState::Signed | LegState::SentBack => {
                self.callers
                    .reply(id, leg, full_reply("您反映的问题已办理，感谢监督。"))
                    .await
            }
            LegState::Replied => self.callers.approve(id, leg).await,
            other => bail!("a leg of {id} came to {}", other.as_str_name()),
        }
    }

    /// Calls back, then archives.
    async fn finish(&self, order: &Order) -> Result<Step> {
        let id = order_id(order);
        let round = order.facts.as_ref().map_or(0, |facts| facts.round);
        let callbacks = self.callers.callbacks(&id).await?;
        let of_round = callbacks
            .iter()
            .find(|found| found.facts.as_ref().is_some_and(|facts| facts.round == round));
        match of_round.map(|found| (found.state(), found.callback_id.clone())) {
            None => Ok(Step::Nothing),
            Some((CallbackState::Scheduled, callback_id)) => {
                let request = CompleteCallbackRequest {
                    callback_id,
                    satisfaction: Satisfaction::Satisfied.into(),
                    solved: Some(true),
                    contacted: Some(true),
                    ..Default::default()
                };
                self.callers
                    .callback
                    .callback()
                    .complete_callback(request)
                    .await?;
                Ok(Step::Taken)
            }
            Some(_) if order.state() == OrderState::Closed => {
                // Not waited for: an archiving that was given up may have been done meanwhile, and is refused then.
                let request = ArchiveOrderRequest {
                    order_id: id,
                    version: 0,
                };
                self.callers.reviewer.routing().archive_order(request).await?;
                Ok(Step::Taken)
            }
            Some(_) => Ok(Step::Nothing),
        }
    }
}

/// What one look led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The goal.
    Arrived,
    /// A step towards it.
    Taken,
    /// Nothing for now.
    Nothing,
}
