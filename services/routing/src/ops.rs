//! The use cases: a command, an event that was heard, a question. Load, decide, save, publish; nothing else.

mod act;
mod calendar;
mod group;
mod hear;
mod look;
mod tell;

use std::sync::Arc;
use std::sync::atomic::AtomicI32;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Tx};
use hotline_policy::{City, Library, Policy, Refusal};
use hotline_worktime::{Almanac, Calendar};
use tokio::sync::Semaphore;

use crate::domain::refusals::ORDER_NOT_FOUND;
use crate::domain::{Actor, Facts, Moment, Rules};

pub use crate::store::{Filter, Reconciliation};
pub use look::{Document, Page, Viewer, below};

/// The service: its end of the bus, and the rules of its city.
pub struct Routing {
    bus: Bus,
    library: Arc<Library>,
    city: Arc<City>,
    almanac: Almanac,
    /// The newest version of the calendar that this process has heard of.
    heard: AtomicI32,
    groups: group::Groups,
    /// Who may hold a connection for a command of its own, or for those of a unit: half of a pool, so that commands that wait
    /// for an order leave room for reading, hearing and telling.
    alone: Semaphore,
}

impl Routing {
    /// The service of `city`, on the calendar that came with the installation; [`Routing::refresh`] adds what was imported.
    pub fn new(bus: Bus, library: Arc<Library>, city: Arc<City>, calendar: &Calendar) -> Self {
        let connections = bus.pool().options().get_max_connections();
        let alone = usize::try_from(connections / 2).unwrap_or(1).max(1);
        Self {
            bus,
            library,
            city,
            almanac: Almanac::new(calendar.clone()),
            heard: AtomicI32::new(0),
            groups: group::Groups::default(),
            alone: Semaphore::new(alone),
        }
    }

    /// The city's units and catalogue.
    pub fn city(&self) -> &City {
        &self.city
    }

    /// The policy that an order was opened under; the one of the same name, or the city's, when that very version is
    /// no longer on file.
    fn policy_of(&self, facts: &Facts) -> &Policy {
        let version = self.library.version(&facts.policy_version);
        version
            .or_else(|| self.library.policy(&facts.policy_id))
            .unwrap_or(&self.city.policy)
    }

    /// Asks `question` with the rules of an order with these facts, at `now`.
    fn ask<T>(
        &self,
        facts: &Facts,
        now: DateTime<Utc>,
        actor: &Actor,
        question: impl FnOnce(&Rules<'_>, &Moment<'_>) -> T,
    ) -> T {
        let new_id = || self.bus.new_id();
        let moment = Moment {
            now,
            actor,
            new_id: &new_id,
        };
        self.by_rules(facts, |rules| question(rules, &moment))
    }

    /// Asks `question` with the rules of an order with these facts, on the calendar in force.
    fn by_rules<T>(&self, facts: &Facts, question: impl FnOnce(&Rules<'_>) -> T) -> T {
        let policy = self.policy_of(facts);
        let edition = self.almanac.edition();
        question(&Rules {
            policy,
            hours: &policy.work_clock(&edition.calendar),
            calendar: edition.version,
            city: &self.city,
        })
    }

    async fn begin(&self) -> Result<Tx, hotline_bus::Fault> {
        self.bus.begin().await
    }
}

/// No order has this identifier or number.
fn not_found(key: impl std::fmt::Display) -> Refusal {
    Refusal::new(&ORDER_NOT_FOUND)
        .field("order_id")
        .detail(key.to_string())
}
