//! Supervision: what opens a case, what goes out, what falls due, what is answered.

mod act;
mod bulletin;
mod card;
mod hear;
mod ledger;
mod look;
mod open;
mod save;
mod turn;
mod visit;

pub use act::{Opened, command, open_by_hand};
pub use bulletin::{issue_bulletin, list_bulletins};
pub(super) use hear::close_ended;
pub use hear::{Noted, breached, ended, note};
pub use ledger::export;
pub use look::{Listed, find, list_cards, list_cases, material};
pub use turn::{next_due, turn};

pub use crate::store::supervision::{CardFilter, CaseFilter};
pub use visit::{list_visits, record_visit};

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::{City, Matter, Obligation, Policy, Refusal};
use hotline_proto::common::v1::OrderFacts;
use hotline_worktime::{Limit, WorkClock, date_of};
use prost::Message;

use super::Sla;
use crate::contract;
use crate::domain::Rules;
use crate::domain::supervision::refusals::POLICY_UNKNOWN;
use crate::domain::supervision::{Case, Context};

/// What makes identifiers, and what names units.
pub(super) type Makers<'c> = (
    &'c (dyn Fn() -> uuid::Uuid + Sync),
    &'c (dyn Fn(&str) -> String + Sync),
);

/// The policy of a case, with what decisions rest on.
pub(super) struct Bench<'a> {
    /// The policy.
    pub policy: &'a Arc<Policy>,
    work: &'a WorkClock,
    after: Option<Limit>,
}

impl<'a> Bench<'a> {
    /// The bench of an order or, without one, of a policy.
    pub(super) fn of(
        rules: &'a Rules,
        (version, id): (&str, &str),
        matter: Option<&Matter>,
    ) -> Result<Self, Fault> {
        let (policy, work) = rules
            .office(version, id)
            .ok_or_else(|| Refusal::new(&POLICY_UNKNOWN).detail(id.to_owned()))?;
        let after = match matter {
            Some(matter) => policy.clock(Obligation::AfterSupervision, matter),
            None => policy.default_clock(Obligation::AfterSupervision),
        };
        Ok(Self {
            policy,
            work,
            after: after.map(|rule| rule.within),
        })
    }

    /// The bench of a case with its order's facts.
    pub(super) fn of_case(rules: &'a Rules, case: &Case, facts: &[u8]) -> Result<Self, Fault> {
        let order = order_of(facts)?;
        let matter = order.as_ref().map(|order| &order.matter);
        Self::of(rules, (&case.policy_version, &case.policy_id), matter)
    }

    /// What a decision at this instant rests on.
    pub(super) fn context<'c>(
        &'c self,
        at: chrono::DateTime<chrono::Utc>,
        actor: &'c str,
        (fresh, unit_name): Makers<'c>,
    ) -> Context<'c> {
        Context {
            rules: self.policy.supervision(),
            work: self.work,
            after: self.after,
            at,
            actor,
            fresh,
            unit_name,
        }
    }

    /// The working time.
    pub(super) fn work(&self) -> &WorkClock {
        self.work
    }
}

/// The order of encoded facts; `None` when there are none.
pub(super) fn order_of(facts: &[u8]) -> Result<Option<crate::domain::Order>, Fault> {
    Ok(match facts_of(facts)? {
        Some(facts) => Some(contract::order(Some(&facts))?),
        None => None,
    })
}

/// Encoded facts; `None` when there are none.
pub(super) fn facts_of(facts: &[u8]) -> Result<Option<OrderFacts>, Fault> {
    if facts.is_empty() {
        return Ok(None);
    }
    let facts = OrderFacts::decode(facts)
        .map_err(|error| Fault::poison(format!("the facts of a case do not decode: {error}")))?;
    Ok(Some(facts))
}

impl Sla {
    /// The name of a unit in any city; its id where no city has it.
    pub(super) fn unit_name(&self, id: &str) -> String {
        let found = self
            .library
            .cities()
            .find_map(|city| city.units.get(id).map(|unit| unit.name.clone()));
        found.unwrap_or_else(|| id.to_owned())
    }

    /// The policy in force of a city, or the policy of an id.
    ///
    /// # Errors
    /// There is neither.
    pub fn policy_named(&self, name: &str) -> Result<Arc<Policy>, Refusal> {
        let by_id = || self.library.policy(name).map(Arc::clone);
        let found = self
            .library
            .city(name)
            .map(|city| Arc::clone(self.in_force(&city)))
            .or_else(by_id);
        found.ok_or_else(|| {
            Refusal::new(&POLICY_UNKNOWN)
                .field("city")
                .detail(name.to_owned())
        })
    }

    /// The policy of a city that is in force today.
    pub(super) fn in_force<'c>(&self, city: &'c City) -> &'c Arc<Policy> {
        city.policy_on(date_of(self.bus.now()))
    }

    /// The city of a folder's name.
    pub(super) fn city(&self, id: &str) -> Result<Arc<City>, Refusal> {
        self.library
            .city(id)
            .ok_or_else(|| Refusal::new(&POLICY_UNKNOWN).field("city").detail(id.to_owned()))
    }
}
