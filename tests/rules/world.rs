//! What a scenario holds: its platform, its matters by name, and the last refusal until somebody looks at it.
//!
//! Invariant: a command that is refused fails the scenario unless the next step asserts the refusal.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use hotline_policy::Obligation;
use hotline_proto::common::v1::LegKind;
use hotline_proto::intake::v1::{Appeal, RegisterAppealResponse};
use hotline_proto::routing::v1::{Leg, Order};
use hotline_tests::support::callers::Callers;
use hotline_tests::support::clocks;
use hotline_tests::support::refused::Refused;
use hotline_tests::support::steps::unit_of;
use tonic::{Code, Status};

use crate::stage::Stage;

/// One appeal of a scenario, and its order, which bears the same identifier.
#[derive(Clone, Debug, Default)]
pub struct Matter {
    /// Identifier.
    pub id: String,
    /// Number that people read.
    pub number: String,
    /// Code by which the appellant tracks it.
    pub tracking_code: String,
}

/// A scenario.
#[derive(Debug, Default, cucumber::World)]
pub struct Rules {
    stage: Option<Stage>,
    pending: Option<Refused>,
    looked: Option<Refused>,
    matters: BTreeMap<String, Matter>,
    current: String,
    /// Words that steps remember for later ones, by a name of their own.
    pub notes: BTreeMap<String, String>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.city.id, self.now())
    }
}

/// Codes with which the platform refuses; others are faults.
const REFUSALS: &[Code] = &[
    Code::InvalidArgument,
    Code::FailedPrecondition,
    Code::NotFound,
    Code::PermissionDenied,
    Code::Unauthenticated,
    Code::Aborted,
    Code::AlreadyExists,
    Code::ResourceExhausted,
];

impl Rules {
    /// Puts the platform up.
    ///
    /// # Errors
    /// It does not start, or stands already.
    pub async fn open(&mut self, city: &str, at: DateTime<Utc>) -> Result<()> {
        anyhow::ensure!(self.stage.is_none(), "平台已经在运行");
        self.stage = Some(Stage::open(city, at).await?);
        Ok(())
    }

    /// Takes a platform that a step has put up by itself.
    pub fn take(&mut self, stage: Stage) {
        self.stage = Some(stage);
    }

    /// Takes the platform down; tells what was refused and never looked at.
    pub fn close(&mut self) -> Option<Refused> {
        if let Some(stage) = self.stage.take() {
            stage.close();
        }
        self.pending.take()
    }

    /// The platform. Every step reaches it here, so that none passes over a refusal.
    ///
    /// # Errors
    /// It does not stand; or the command before was refused, and this step does not assert that.
    pub fn stage(&self) -> Result<&Stage> {
        self.passed()?;
        self.stage.as_ref().context("场景没有“假如”平台")
    }

    /// Refuses to go on after a refusal that no step has asserted.
    fn passed(&self) -> Result<()> {
        match &self.pending {
            Some(refused) => bail!("上一步被拒绝:{}", told(refused)),
            None => Ok(()),
        }
    }

    /// Everybody who calls.
    ///
    /// # Errors
    /// As [`Rules::stage`].
    pub fn callers(&self) -> Result<&Callers> {
        Ok(&self.stage()?.callers)
    }

    /// Ends a command: waits until what it led to is done, or remembers that it was refused.
    ///
    /// # Errors
    /// It failed otherwise than by a refusal.
    pub async fn settle<T, E: Into<anyhow::Error>>(&mut self, outcome: Result<T, E>) -> Result<Option<T>> {
        match outcome {
            Ok(value) => {
                self.looked = None;
                self.stage()?.quiet().await?;
                Ok(Some(value))
            }
            Err(error) => match error.into().downcast::<Status>() {
                Ok(status) if REFUSALS.contains(&status.code()) => {
                    let mut refused = Refused::of(&status);
                    if refused.text.is_empty() {
                        status.message().clone_into(&mut refused.text);
                    }
                    self.pending = Some(refused);
                    Ok(None)
                }
                Ok(status) => Err(status.into()),
                Err(error) => Err(error),
            },
        }
    }

    /// Waits until everything is done, unless a refusal waits to be looked at.
    ///
    /// # Errors
    /// It does not come to rest.
    pub async fn quiet_unless_refused(&self) -> Result<()> {
        if self.pending.is_some() {
            return Ok(());
        }
        self.stage()?.quiet().await
    }

    /// The refusal of the command before, looked at.
    ///
    /// # Errors
    /// It was not refused.
    pub fn refusal(&mut self) -> Result<&Refused> {
        if let Some(refused) = self.pending.take() {
            self.looked = Some(refused);
        }
        self.looked.as_ref().context("上一步没有被拒绝")
    }

    /// Remembers a registered appeal under a name, and makes it the one that is spoken of.
    ///
    /// # Errors
    /// The answer has no appeal.
    pub fn remember(&mut self, name: &str, registered: RegisterAppealResponse) -> Result<Appeal> {
        let appeal = registered.appeal.context("a registration gives the appeal")?;
        let matter = Matter {
            id: appeal.appeal_id.clone(),
            number: appeal.number.clone(),
            tracking_code: registered.tracking_code,
        };
        self.matters.insert(name.to_owned(), matter);
        name.clone_into(&mut self.current);
        Ok(appeal)
    }

    /// Speaks of another matter from here on.
    ///
    /// # Errors
    /// None bears this name.
    pub fn speak_of(&mut self, name: &str) -> Result<()> {
        self.matter_named(name)?;
        name.clone_into(&mut self.current);
        Ok(())
    }

    /// The matter that is spoken of.
    ///
    /// # Errors
    /// None was registered.
    pub fn matter(&self) -> Result<&Matter> {
        self.matter_named(&self.current)
    }

    /// A matter by its name.
    ///
    /// # Errors
    /// None bears it.
    pub fn matter_named(&self, name: &str) -> Result<&Matter> {
        self.passed()?;
        self.matters
            .get(name)
            .with_context(|| format!("没有登记过诉求“{name}”"))
    }

    /// Identifier of the appeal, and of its order.
    ///
    /// # Errors
    /// As [`Rules::matter`].
    pub fn id(&self) -> Result<String> {
        Ok(self.matter()?.id.clone())
    }

    /// The order as it stands.
    ///
    /// # Errors
    /// There is none.
    pub async fn order(&self) -> Result<Order> {
        self.callers()?.order(&self.id()?).await
    }

    /// A leg of the present round: the lead's, or the standing one of a named unit.
    ///
    /// # Errors
    /// There is none.
    pub async fn leg(&self, unit: &str) -> Result<Leg> {
        let order = self.order().await?;
        let lead = || {
            clocks::legs(&order, LegKind::Lead)
                .first()
                .map(|leg| (*leg).clone())
        };
        let found = if unit.is_empty() {
            lead().or_else(|| order.legs.iter().rev().find(|leg| is_lead(leg)).cloned())
        } else {
            let unit = self.stage()?.unit(unit)?;
            let kinds = [
                LegKind::Lead,
                LegKind::CoHandle,
                LegKind::Delegated,
                LegKind::Enterprise,
            ];
            let standing = kinds.iter().flat_map(|kind| clocks::legs(&order, *kind));
            let mut standing = standing.filter(|leg| unit_of(leg) == unit);
            let present = standing.next().cloned();
            present.or_else(|| order.legs.iter().rev().find(|leg| unit_of(leg) == unit).cloned())
        };
        found.with_context(|| format!("没有“{unit}”的派送"))
    }

    /// The clock of an obligation: on the lead's leg, on that of a named unit, or the platform's own. Of several the newest.
    ///
    /// # Errors
    /// There is none; the message lists those there are.
    pub async fn clock(&self, obligation: &str, unit: &str) -> Result<hotline_proto::sla::v1::Clock> {
        let known = Obligation::ALL.iter().find(|known| known.zh() == obligation);
        let word = known
            .with_context(|| format!("没有名为“{obligation}”的时限"))?
            .as_str();
        let unit = if unit.is_empty() {
            self.leg("").await.map(|leg| unit_of(&leg)).unwrap_or_default()
        } else {
            self.stage()?.unit(unit)?
        };
        let all = clocks::of_order(self.callers()?, &self.id()?).await?;
        let mut found: Vec<_> = all
            .iter()
            .filter(|clock| {
                let facts = clock.facts.clone().unwrap_or_default();
                facts.obligation == word && (facts.unit_id.is_empty() || facts.unit_id == unit)
            })
            .collect();
        found.sort_by_key(|clock| {
            let started = clock.facts.as_ref().and_then(|facts| facts.started_at);
            started.map_or((0, 0), |at| (at.seconds, at.nanos))
        });
        let newest = found.last().map(|clock| (*clock).clone());
        newest.with_context(|| format!("没有“{obligation}”的时限;现有:\n{}", clocks::told(&all)))
    }
}

fn is_lead(leg: &Leg) -> bool {
    leg.facts
        .as_ref()
        .is_some_and(|facts| facts.kind() == LegKind::Lead)
}

/// A refusal in a line.
pub fn told(refused: &Refused) -> String {
    format!(
        "{:?},规则“{}”,字段“{}”,依据“{}”:{}",
        refused.code, refused.reason, refused.field, refused.article, refused.text
    )
}
