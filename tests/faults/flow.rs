//! Appeals that keep flowing while servers come and go: registered under keys of their own, each tried again until it
//! is acknowledged, and driven through life.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use hotline_proto::common::v1::AppealType;
use hotline_proto::intake::v1::RegisterAppealRequest;
use hotline_tests::support::driver::{Driver, Goal, Patience};
use hotline_tests::support::{Callers, appeals, until};

use crate::seed::Seed;

/// Appeals on their way at once.
const AT_ONCE: usize = 8;

/// Longest life of one appeal, faults included.
const LIFE_MAX: Duration = Duration::from_secs(120);

/// Pause before a registration is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// An acknowledged registration.
#[derive(Clone)]
pub struct Acknowledged {
    /// What was asked.
    pub request: RegisterAppealRequest,
    /// Which appeal it is.
    pub appeal_id: String,
}

/// The flow.
pub struct Flow<'a> {
    callers: &'a Callers,
    driver: Driver<'a>,
    acknowledged: Mutex<BTreeMap<String, Acknowledged>>,
}

impl<'a> Flow<'a> {
    /// A flow that nothing has come through yet.
    pub fn new(callers: &'a Callers) -> Self {
        Self {
            callers,
            driver: Driver::new(callers, Patience::Faults, LIFE_MAX),
            acknowledged: Mutex::default(),
        }
    }

    /// Takes every request through registration to `goal`.
    ///
    /// # Errors
    /// One that does not get there, or something fails that should not.
    pub async fn run(&self, requests: Vec<RegisterAppealRequest>, goal: Goal) -> Result<()> {
        let mut flowing = futures::stream::iter(requests)
            .map(|request| async move {
                let key = request.idempotency_key.clone();
                let appeal_id = self.submit(request).await.with_context(|| key.clone())?;
                self.driver.drive(&appeal_id, goal).await.with_context(|| key)
            })
            .buffer_unordered(AT_ONCE);
        while let Some(arrived) = flowing.next().await {
            arrived?;
        }
        Ok(())
    }

    /// Registers until an answer comes.
    async fn submit(&self, request: RegisterAppealRequest) -> Result<String> {
        let since = Instant::now();
        loop {
            match self.callers.register(request.clone()).await {
                Ok(registered) => {
                    let appeal_id = registered.appeal.context("an appeal")?.appeal_id;
                    let entry = Acknowledged {
                        request: request.clone(),
                        appeal_id: appeal_id.clone(),
                    };
                    let mut acknowledged = self
                        .acknowledged
                        .lock()
                        .map_err(|_| anyhow::anyhow!("poisoned"))?;
                    acknowledged.insert(request.idempotency_key, entry);
                    return Ok(appeal_id);
                }
                Err(error) => self.driver.forgive(error)?,
            }
            if since.elapsed() > LIFE_MAX {
                bail!("not acknowledged after {} s", LIFE_MAX.as_secs());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What was acknowledged so far.
    pub fn acknowledged(&self) -> Vec<Acknowledged> {
        self.acknowledged
            .lock()
            .map(|found| found.values().cloned().collect())
            .unwrap_or_default()
    }

    /// What went wrong for a while, by code, and how often.
    pub fn met(&self) -> BTreeMap<String, u64> {
        self.driver.met()
    }

    /// Waits until so many more appeals are acknowledged; at once when all are.
    ///
    /// # Errors
    /// They are not in time.
    pub async fn more_acknowledged(&self, more: u64, of: usize) -> Result<()> {
        let wanted = (self.acknowledged().len() + usize::try_from(more)?).min(of);
        until(&format!("{wanted} appeals are acknowledged"), || async {
            Ok((self.acknowledged().len() >= wanted).then_some(()))
        })
        .await
    }
}

/// So many different appeals: a third of them enterprises', of all types that the policy takes alike.
pub fn requests(seed: &mut Seed, name: &str, count: usize) -> Vec<RegisterAppealRequest> {
    let types = [
        AppealType::Consult,
        AppealType::Help,
        AppealType::Complaint,
        AppealType::Suggestion,
    ];
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let kind = types[usize::try_from(seed.within(0, 3)).unwrap_or(0)];
        let key = format!("{name}-{}-{number}", seed.value);
        let one = match seed.within(0, 2) {
            0 => appeals::of_enterprise(appeals::matter(&key, kind)),
            1 => appeals::matter(&key, kind),
            _ => appeals::lamps(&key),
        };
        made.push(appeals::accepted(one));
    }
    made
}
