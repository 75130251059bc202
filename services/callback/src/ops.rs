//! What the service does: one function a use case; loads, decides, saves, publishes.

mod calendar;
mod group;
mod reviews;
mod sending;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicI32;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Tx};
use hotline_policy::rules::{ExclusionRule, Way};
use hotline_policy::{Library, Policy, Refusal};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::routing::v1::OrderSettled;
use hotline_runtime::audit::Call;
use hotline_runtime::page;
use hotline_worktime::{Almanac, Calendar};
use tracing::Span;
use uuid::Uuid;

use crate::contract;
use crate::domain::refusals::{ABSENT, POLICY_ABSENT, STALE};
use crate::domain::{
    Actor, Callback, CancelCause, Command, Delivery, Event, Rules, cancel, decide, schedule,
};
use crate::provider::Provider;
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
    almanac: Almanac,
    /// The newest version of the calendar that this process has heard of.
    heard: AtomicI32,
    /// Sends messages and makes automatic calls; none: a person does.
    pub(crate) provider: Option<Arc<dyn Provider>>,
    /// Told when a message waits.
    pub(crate) wake: tokio::sync::Notify,
    group: group::Group,
}

/// The call-backs of one transaction of events.
#[derive(Default)]
struct Sheet {
    /// To be written before anything is asked about their orders, each with the span in which it is told of.
    scheduled: Vec<(Callback, Span)>,
    /// As they were read, locked, by order; whoever changes them takes them out.
    open: HashMap<Uuid, Vec<Callback>>,
}

/// What a command made of a call-back.
struct Decided {
    callback: Callback,
    events: Vec<Event>,
    /// A message of its own begins with this change.
    fresh: bool,
}

impl Decided {
    fn saved(&self) -> (&Callback, bool) {
        (&self.callback, self.fresh)
    }
}

/// Which call-back a command is about.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The one with this identifier.
    Callback(Uuid),
    /// That of an order's present round.
    Order(Uuid),
}

impl Callbacks {
    /// A service on `library` and the calendar that came with the installation; [`Callbacks::refresh`] adds what was
    /// imported.
    #[must_use]
    pub fn new(bus: Bus, library: Arc<Library>, calendar: &Calendar) -> Self {
        Self {
            bus,
            library,
            almanac: Almanac::new(calendar.clone()),
            heard: AtomicI32::new(0),
            provider: None,
            wake: tokio::sync::Notify::new(),
            group: group::group(),
        }
    }

    /// The same service with a provider of messages and automatic calls.
    #[must_use]
    pub fn with_provider(mut self, provider: Option<Arc<dyn Provider>>) -> Self {
        self.provider = provider;
        self
    }

    /// Schedules the call-back of a settled order, once a round, in memory until [`Callbacks::write_scheduled`]; nothing where
    /// its policy has no rule for it.
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
        let bad_before = if settled.round > 1 {
            store::bad_before(tx.sql(), settled.order, settled.round).await?
        } else {
            0
        };
        let mut callback = Callback::new(tx.new_id(), settled, way, not_before, bad_before);
        callback.delivery = self.delivery(way);
        tx.keep::<Sheet>().scheduled.push((callback, Span::current()));
        Ok(())
    }

    /// Writes the call-backs that were scheduled in this transaction.
    ///
    /// # Errors
    /// The database failed.
    pub async fn write_scheduled(&self, tx: &mut Tx) -> Result<(), Fault> {
        let scheduled = std::mem::take(&mut tx.keep::<Sheet>().scheduled);
        let callbacks: Vec<&Callback> = scheduled.iter().map(|(callback, _)| callback).collect();
        let written = store::insert(tx.sql(), &callbacks).await?;
        for (callback, span) in scheduled
            .iter()
            .filter(|(callback, _)| written.contains(&callback.id))
        {
            let event = Event::Scheduled {
                way: callback.way,
                not_before: callback.not_before,
            };
            // Whoever asks from here on finds it.
            tx.keep::<Sheet>().open.remove(&callback.settled.order);
            span.in_scope(|| contract::publish(tx, callback, &[event]))?;
            self.wake.notify_one();
        }
        Ok(())
    }

    /// How a message by this way begins.
    fn delivery(&self, way: Way) -> Delivery {
        match (way, &self.provider) {
            (Way::Telephone | Way::Network, _) => Delivery::None,
            (Way::Sms | Way::Automatic, None) => Delivery::ByHand,
            (Way::Sms | Way::Automatic, Some(_)) => Delivery::Queued,
        }
    }

    /// Lets the open call-backs of an order fall away.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cancel(&self, order: Uuid, cause: CancelCause, tx: &mut Tx) -> Result<(), Fault> {
        self.read_open(order, tx).await?;
        let open = tx.keep::<Sheet>().open.remove(&order).unwrap_or_default();
        for mut callback in open {
            if let Some(event) = cancel(&callback, cause) {
                callback.evolve(&[event]);
                store::update(tx.sql(), &[(&callback, false)]).await?;
            }
        }
        Ok(())
    }

    /// Reads the open call-backs of an order, locked, and with them those of every order that the transaction is about.
    async fn read_open(&self, order: Uuid, tx: &mut Tx) -> Result<(), Fault> {
        let scheduled = &tx.keep::<Sheet>().scheduled;
        if scheduled
            .iter()
            .any(|(callback, _)| callback.settled.order == order)
        {
            self.write_scheduled(tx).await?;
        }
        if tx.keep::<Sheet>().open.contains_key(&order) {
            return Ok(());
        }
        let mut orders = tx.roots().to_vec();
        orders.push(order);
        let found = store::lock_open(tx.sql(), &orders).await?;
        let open = &mut tx.keep::<Sheet>().open;
        *open = orders.into_iter().map(|order| (order, Vec::new())).collect();
        for callback in found {
            open.entry(callback.settled.order).or_default().push(callback);
        }
        Ok(())
    }

    /// Carries out a person's command; `version` is the one that they saw, 0 for any.
    ///
    /// # Errors
    /// A refusal, or the database failed.
    pub async fn command(
        &self,
        target: Target,
        version: i64,
        command: &Command,
        actor: Actor<'_>,
    ) -> Result<Callback, Fault> {
        self.alone((target, version), command, actor, None).await
    }

    /// A command in a transaction of its own; `call` where it is carried out in another task than its call's.
    async fn alone(
        &self,
        (target, version): (Target, i64),
        command: &Command,
        actor: Actor<'_>,
        call: Option<&Arc<Call>>,
    ) -> Result<Callback, Fault> {
        self.keep_up().await?;
        let mut tx = self.bus.begin().await?;
        let found = self.found(target, &mut tx).await?;
        let decided = self.decide(found, version, command, actor, &tx)?;
        if let Some(call) = call {
            tx.carries_out(call, decided.callback.settled.order);
        }
        store::update(tx.sql(), &[decided.saved()]).await?;
        contract::publish(&mut tx, &decided.callback, &decided.events)?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(decided.callback)
    }

    /// The call-back that is meant, locked.
    async fn found(&self, target: Target, tx: &mut Tx) -> Result<Callback, Fault> {
        Ok(match target {
            Target::Callback(id) => store::lock(tx.sql(), id).await?.ok_or_else(|| absent(id))?,
            Target::Order(order) => {
                let newest = store::lock_newest(tx.sql(), order).await?;
                newest.ok_or_else(|| Refusal::new(&ABSENT).field("order_id").detail(order.to_string()))?
            }
        })
    }

    /// What a command makes of a locked call-back; `version` is the one that its author saw, 0 for any.
    fn decide(
        &self,
        mut callback: Callback,
        version: i64,
        command: &Command,
        actor: Actor<'_>,
        tx: &Tx,
    ) -> Result<Decided, Fault> {
        if version != 0 && version != callback.version {
            let detail = format!("version {version}, now {}", callback.version);
            return Err(Refusal::new(&STALE).field("version").detail(detail).into());
        }
        let facts = contract::facts_of(&callback)?;
        let rules = self.rules_of(&facts)?;
        let events = decide(&callback, command, actor, &rules, tx.now())?;
        callback.evolve(&events);
        let anew = |event: &Event| matches!(event, Event::Scheduled { .. } | Event::Attempted { .. });
        let fresh = events.iter().any(anew);
        if fresh && matches!(callback.state, crate::domain::State::Scheduled(_)) {
            callback.delivery = self.delivery(callback.way);
        }
        Ok(Decided {
            callback,
            events,
            fresh,
        })
    }

    /// The rules of the policy that an order was opened under.
    ///
    /// # Errors
    /// The policy is not known here, or says nothing of call-backs.
    pub(crate) fn rules_of(&self, facts: &OrderFacts) -> Result<Rules<'_>, Fault> {
        let rules = self
            .policy(facts)
            .map(|policy| self.rules(policy, facts))
            .transpose()?
            .flatten();
        let rules = rules.ok_or_else(|| Refusal::new(&POLICY_ABSENT).detail(facts.policy_id.clone()))?;
        Ok(rules)
    }

    /// Whether the platform waits for the unit's form.
    ///
    /// # Errors
    /// The facts do not decode.
    pub fn awaits_form(&self, callback: &Callback) -> Result<bool, Fault> {
        let open = matches!(callback.state, crate::domain::State::ToJudge(_)) && callback.paper.is_none();
        if !open {
            return Ok(false);
        }
        let rules = self.rules_of(&contract::facts_of(callback)?)?;
        Ok(rules.wants_form(callback.bad_answers()))
    }

    /// What the policy has the agent ask, while the call is still to be made.
    ///
    /// # Errors
    /// The facts do not decode.
    pub fn questions(&self, callback: &Callback) -> Result<Vec<&'static str>, Fault> {
        if !matches!(callback.state, crate::domain::State::Scheduled(_)) {
            return Ok(Vec::new());
        }
        let rules = self.rules_of(&contract::facts_of(callback)?)?;
        let asked = rules.rule.questions.iter();
        Ok(asked.map(|question| question.as_str()).collect())
    }

    /// The reasons for which the policy lets a bad answer be left out of the figures, while it is still to be judged.
    ///
    /// # Errors
    /// The facts do not decode.
    pub fn exclusions(&self, callback: &Callback) -> Result<Vec<&ExclusionRule>, Fault> {
        if !matches!(callback.state, crate::domain::State::ToJudge(_)) {
            return Ok(Vec::new());
        }
        let rules = self.rules_of(&contract::facts_of(callback)?)?;
        let codes = rules.rule.exclusions.iter();
        Ok(codes.filter_map(|code| rules.policy.exclusion(code)).collect())
    }

    /// Every call-back of an order, oldest round first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of_order(&self, order: Uuid) -> Result<Vec<Callback>, Fault> {
        Ok(store::of_order(self.bus.pool(), order).await?)
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
        let matter = contract::matter(facts)?;
        let rule = policy.callback_rule(&matter);
        Ok(rule.map(|rule| Rules {
            policy,
            rule,
            redo: policy.redo_rule(&matter),
            work: policy.work_clock(&self.almanac.edition().calendar),
        }))
    }
}

fn absent(id: Uuid) -> Refusal {
    Refusal::new(&ABSENT).field("callback_id").detail(id.to_string())
}
