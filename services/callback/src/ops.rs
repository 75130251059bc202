//! What the service does: one function a use case; loads, decides, saves, publishes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Tx};
use hotline_policy::{Library, Policy, Refusal};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::routing::v1::OrderSettled;
use hotline_runtime::page;
use hotline_worktime::Calendar;
use uuid::Uuid;

use crate::contract;
use crate::domain::refusals::{ABSENT, POLICY_ABSENT, STALE};
use crate::domain::{Actor, Callback, CancelCause, Command, Event, Rules, cancel, decide, schedule};
use crate::store::{self, SCHEDULED};

/// Which call-backs a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// In the state of this number.
    pub state: Option<i16>,
    /// Of this order.
    pub order: Option<Uuid>,
    /// Only those whose attempt is due now.
    pub due: bool,
}

/// A page of call-backs.
#[derive(Debug)]
pub struct Page {
    /// Soonest first.
    pub callbacks: Vec<Callback>,
    /// Token of the next page; empty at the end.
    pub next_page_token: String,
}

/// The service: its end of the bus, the policies and the calendar.
pub struct Callbacks {
    /// Its end of the bus.
    pub bus: Bus,
    library: Arc<Library>,
    calendar: Arc<Calendar>,
}

impl Callbacks {
    /// A service on `library` and `calendar`.
    #[must_use]
    pub fn new(bus: Bus, library: Arc<Library>, calendar: Arc<Calendar>) -> Self {
        Self {
            bus,
            library,
            calendar,
        }
    }

    /// Schedules the call-back of a settled order, once a round; nothing where its policy has no rule for it.
    ///
    /// # Errors
    /// The event means nothing, or the database failed.
    pub async fn schedule(&self, event: &OrderSettled, at: DateTime<Utc>, tx: &mut Tx) -> Result<(), Fault> {
        let settled = contract::settled(event)?;
        let facts = contract::facts(event.facts.as_ref())?;
        let Some(policy) = self.policy(facts) else {
            return Ok(());
        };
        let Some(rules) = self.rules(policy, facts)? else {
            return Ok(());
        };
        let Some((way, not_before)) = schedule(&rules, at) else {
            return Ok(());
        };
        let callback = Callback::new(tx.new_id(), settled, way, not_before);
        if store::insert(tx.sql(), &callback).await? {
            contract::publish(tx, &callback, &[Event::Scheduled { way, not_before }])?;
        }
        Ok(())
    }

    /// Lets the open call-backs of an order fall away.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cancel(&self, order: Uuid, cause: CancelCause, tx: &mut Tx) -> Result<(), Fault> {
        for mut callback in store::lock_open(tx.sql(), order).await? {
            if let Some(event) = cancel(&callback, cause) {
                callback.evolve(&[event]);
                store::update(tx.sql(), &callback).await?;
            }
        }
        Ok(())
    }

    /// Carries out a person's command; `version` is the one that they saw, 0 for any.
    ///
    /// # Errors
    /// A refusal, or the database failed.
    pub async fn command(
        &self,
        id: Uuid,
        version: i64,
        command: &Command,
        actor: &str,
    ) -> Result<Callback, Fault> {
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let mut callback = store::lock(tx.sql(), id).await?.ok_or_else(|| absent(id))?;
        if version != 0 && version != callback.version {
            let detail = format!("version {version}, now {}", callback.version);
            return Err(Refusal::new(&STALE).field("version").detail(detail).into());
        }
        let facts = contract::facts_of(&callback)?;
        let rules = self
            .policy(&facts)
            .map(|policy| self.rules(policy, &facts))
            .transpose()?
            .flatten();
        let rules = rules.ok_or_else(|| Refusal::new(&POLICY_ABSENT).detail(facts.policy_id.clone()))?;
        let events = decide(&callback, command, Actor(actor), &rules, now)?;
        callback.evolve(&events);
        store::update(tx.sql(), &callback).await?;
        contract::publish(&mut tx, &callback, &events)?;
        tx.commit().await?;
        Ok(callback)
    }

    /// A call-back as it stands.
    ///
    /// # Errors
    /// There is none, or the database failed.
    pub async fn get(&self, id: Uuid) -> Result<Callback, Fault> {
        Ok(store::get(self.bus.pool(), id).await?.ok_or_else(|| absent(id))?)
    }

    /// A page of call-backs, soonest first.
    ///
    /// # Errors
    /// A token of another list, or the database failed.
    pub async fn list(&self, query: Query, size: usize, token: &str) -> Result<Page, Fault> {
        let mark = (query.state, query.order, query.due);
        let after = page::decode::<(DateTime<Utc>, Uuid)>(token, &mark)?;
        let nothing = Page {
            callbacks: Vec::new(),
            next_page_token: String::new(),
        };
        if query.due && query.state.is_some_and(|state| state != SCHEDULED) {
            return Ok(nothing);
        }
        let filter = store::Filter {
            state: if query.due { Some(SCHEDULED) } else { query.state },
            order: query.order,
            until: query.due.then(|| self.bus.now()),
        };
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let after = after.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
        let mut callbacks = store::list(self.bus.pool(), &filter, after, limit).await?;
        let more = callbacks.len() > size;
        callbacks.truncate(size);
        let last = callbacks
            .last()
            .filter(|_| more)
            .map(|callback| (callback.not_before, callback.id));
        Ok(Page {
            next_page_token: last.map(|key| page::encode(&key, &mark)).unwrap_or_default(),
            callbacks,
        })
    }

    /// The policy that an order was opened under.
    fn policy(&self, facts: &OrderFacts) -> Option<&Arc<Policy>> {
        self.library
            .version(&facts.policy_version)
            .or_else(|| self.library.policy(&facts.policy_id))
    }

    /// How the policy has such an order called back.
    fn rules<'a>(&self, policy: &'a Policy, facts: &OrderFacts) -> Result<Option<Rules<'a>>, Fault> {
        let rule = policy.callback_rule(&contract::matter(facts)?);
        Ok(rule.map(|rule| Rules {
            rule,
            work: policy.work_clock(&self.calendar),
        }))
    }
}

fn absent(id: Uuid) -> Refusal {
    Refusal::new(&ABSENT).field("callback_id").detail(id.to_string())
}
