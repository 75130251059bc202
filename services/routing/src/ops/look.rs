//! Questions: one order, a page of orders, where the catalogue would send one, and the proof of the two sends.

use hotline_bus::Fault;
use hotline_policy::{City, Refusal};
use hotline_runtime::page;

use crate::domain::dossier::Opinion;
use crate::domain::refusals::ORDER_NOT_YOURS;
use crate::domain::{self, Actor, Forms, LegId, Order, OrderId, Suggestion, UnitId};
use crate::ops::{Routing, not_found};
use crate::store::{self, Filter, Key, Reconciliation};

/// Orders are counted so far.
pub const COUNTED: usize = 1_000;

/// How much of the orders a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// All of them.
    All,
    /// Those that this unit has a leg of, or a unit below it, or was asked about.
    Unit {
        /// The unit.
        unit: UnitId,
        /// The units that it guides.
        below: Vec<UnitId>,
    },
    /// Those of enterprises.
    Enterprise,
}

/// A page of orders.
pub struct Page {
    /// The orders, newest first.
    pub orders: Vec<Order>,
    /// Token of the next page; empty at the end.
    pub next: String,
}

/// A written opinion as it is printed.
pub struct Document {
    /// The order that it is about.
    pub order: Order,
    /// The opinion.
    pub opinion: Opinion,
    /// Name of the unit that issued it.
    pub unit_name: String,
    /// The enterprise to which it goes; empty for a person, and for whoever the unit must not know.
    pub addressee: String,
    /// All of it, line by line.
    pub text: String,
}

/// The units below one: those that it supervises, and those of its line of business.
pub fn below(city: &City, unit: &str) -> Vec<String> {
    let units = city.units.subordinates(unit);
    units.iter().map(|unit| unit.id.clone()).collect()
}

impl Routing {
    /// The order with this identifier or number.
    ///
    /// # Errors
    /// `order.not_found`, also for one that the viewer may not see; a fault of the database.
    pub async fn get(&self, key: &str, viewer: &Viewer) -> Result<Order, Fault> {
        self.keep_up().await?;
        let mut sql = self.bus.pool().acquire().await?;
        let order = store::find(&mut sql, key)
            .await?
            .ok_or_else(|| not_found(key).field("order"))?;
        // As if there were none: whether it is there is not theirs to know.
        if !viewer.sees(&order) {
            return Err(not_found(key).field("order").into());
        }
        Ok(self.caught_up(order))
    }

    /// A page of the orders that the filter lets through and the viewer may see.
    ///
    /// # Errors
    /// A page size or token that is none; another unit's orders; a fault of the database.
    pub async fn list(&self, filter: Filter, size: i32, token: &str, viewer: &Viewer) -> Result<Page, Fault> {
        let filter = viewer.narrow(filter)?;
        // What is named comes in one page.
        let size = page::size(size)?.max(filter.ids.len());
        let after: Option<Key> = page::decode(token, &filter)?;
        self.keep_up().await?;
        let mut sql = self.bus.pool().acquire().await?;
        let mut orders = store::list(&mut sql, &filter, after.as_ref(), size + 1).await?;
        let more = orders.len() > size;
        orders.truncate(size);
        let last = orders.last().filter(|_| more);
        let next = last.map(|order| {
            page::encode(
                &Key {
                    opened_at: order.opened_at,
                    id: order.id.0,
                },
                &filter,
            )
        });
        Ok(Page {
            orders: orders.into_iter().map(|order| self.caught_up(order)).collect(),
            next: next.unwrap_or_default(),
        })
    }

    /// How many orders the filter lets through and the viewer may see, exactly up to [`COUNTED`]; and whether there are more.
    ///
    /// # Errors
    /// Another unit's orders; a fault of the database.
    pub async fn count(&self, filter: Filter, viewer: &Viewer) -> Result<(usize, bool), Fault> {
        let filter = viewer.narrow(filter)?;
        let mut sql = self.bus.pool().acquire().await?;
        let found = store::count(&mut sql, &filter, COUNTED + 1).await?;
        Ok((found.min(COUNTED), found > COUNTED))
    }

    /// The units below this one: those that it supervises, and those of its line of business.
    pub fn below(&self, unit: &UnitId) -> Vec<UnitId> {
        let units = below(&self.city, unit.as_str());
        units.iter().map(UnitId::new).collect()
    }

    /// The written opinion of the order, with the document to print.
    ///
    /// # Errors
    /// `order.not_found`, `opinion.absent`; a fault of the database.
    pub async fn opinion(&self, key: &str, viewer: &Viewer) -> Result<Document, Fault> {
        let order = self.get(key, viewer).await?;
        let unit = order
            .dossier
            .opinion
            .as_ref()
            .map(|opinion| opinion.unit.to_string());
        let unit = unit.and_then(|id| self.city.units.get(&id));
        let unit_name = unit.map(|unit| unit.name.clone()).unwrap_or_default();
        let (opinion, text) = domain::printed(&order, &unit_name)?;
        let subject = &order.subject;
        let enterprise = subject.enterprise.as_ref().filter(|_| !subject.confidential);
        Ok(Document {
            addressee: enterprise
                .map(|enterprise| enterprise.name.clone())
                .unwrap_or_default(),
            order,
            opinion,
            unit_name,
            text,
        })
    }

    /// What the forms of a leg ask for now, for the staff of its unit.
    ///
    /// # Errors
    /// `order.not_found`, `leg.not_found`, `leg.not_yours`; a fault of the database.
    pub async fn forms(&self, id: OrderId, leg: LegId, actor: &Actor) -> Result<Forms, Fault> {
        let order = self.get(&id.to_string(), &Viewer::All).await?;
        Ok(self.ask(&order.facts, self.bus.now(), actor, |rules, moment| {
            domain::forms(&order, leg, rules, moment)
        })?)
    }

    /// Where the catalogue would send the order.
    ///
    /// # Errors
    /// `order.not_found`, `order.state`, `dispatch.no_catalogue_row`; a fault of the database.
    pub async fn suggest(&self, id: OrderId, actor: &Actor) -> Result<Suggestion, Fault> {
        let order = self.get(&id.to_string(), &Viewer::All).await?;
        let now = self.bus.now();
        Ok(self.ask(&order.facts, now, actor, |rules, _| {
            domain::suggest(&order, rules)
        })?)
    }

    /// Counts what the invariant of the two sends is about, over all orders, in one snapshot.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn reconcile(&self) -> Result<Reconciliation, Fault> {
        let mut tx = self
            .bus
            .pool()
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .await?;
        let two_sends = self.city.units.enterprise_platform().is_some();
        let found = store::reconcile(&mut tx, two_sends).await?;
        tx.commit().await?;
        Ok(found)
    }
}

impl Viewer {
    /// Whether the viewer may see the order.
    fn sees(&self, order: &Order) -> bool {
        match self {
            Self::All => true,
            Self::Unit { unit, below } => {
                let has = |of: &UnitId| of == unit || below.contains(of);
                let has_leg = order.legs.iter().any(|leg| has(&leg.unit));
                has_leg || order.dossier.units().any(|asked| asked == unit)
            }
            Self::Enterprise => order.facts.is_enterprise(),
        }
    }

    /// The filter, with what the viewer may not see left out.
    fn narrow(&self, mut filter: Filter) -> Result<Filter, Refusal> {
        match self {
            Self::All => {}
            Self::Unit { unit, below } => {
                let own =
                    |asked: &String| asked == unit.as_str() || below.iter().any(|of| of.as_str() == asked);
                if let Some(other) = filter.units.iter().find(|asked| !own(asked)) {
                    return Err(Refusal::new(&ORDER_NOT_YOURS)
                        .field("unit_id")
                        .detail(other.clone()));
                }
                if filter.units.is_empty() {
                    filter.units = vec![unit.0.clone()];
                }
            }
            Self::Enterprise => {
                let label = domain::ENTERPRISE_LABEL;
                if filter.label.as_deref().is_some_and(|asked| asked != label) {
                    return Err(Refusal::new(&ORDER_NOT_YOURS).field("label"));
                }
                filter.label = Some(label.to_owned());
            }
        }
        Ok(filter)
    }
}
