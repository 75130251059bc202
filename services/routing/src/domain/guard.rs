//! The questions that every command asks first; each refusal names the state that it found.

use hotline_policy::Refusal;

use crate::domain::refusals::{
    LEG_FOLLOWED, LEG_NOT_FOUND, LEG_NOT_YOURS, LEG_STATE, ORDER_STALE, ORDER_STATE, TEXT_MISSING,
};
use crate::domain::{Actor, Leg, LegId, LegKind, Order, Standing, UnitId};

/// The article of the second send.
pub(super) const SECOND_SEND_ARTICLE: &str = "2";

impl Order {
    /// Refuses a caller who saw another version; 0 is any.
    ///
    /// # Errors
    /// `order.stale`.
    pub fn require_version(&self, seen: u64) -> Result<(), Refusal> {
        if seen == 0 || seen == self.version {
            return Ok(());
        }
        let detail = format!("{} is at version {}, not {seen}", self.facts.number, self.version);
        Err(Refusal::new(&ORDER_STALE).field("version").detail(detail))
    }

    /// A refusal that names the state of the order.
    pub(super) fn wrong_state(&self) -> Refusal {
        let detail = format!("{} is {}", self.facts.number, self.state.as_str());
        Refusal::new(&ORDER_STATE).field("order_id").detail(detail)
    }

    /// The leg, while units may work on the order and the leg is one to handle.
    pub(super) fn handled_leg(&self, id: LegId) -> Result<&Leg, Refusal> {
        let leg = self.require_leg(id)?;
        if leg.kind == LegKind::Enterprise {
            return Err(Refusal::new(&LEG_FOLLOWED)
                .article(SECOND_SEND_ARTICLE)
                .detail(leg.named()));
        }
        if !self.is_worked_on() {
            return Err(self.wrong_state());
        }
        Ok(leg)
    }

    /// The leg, whatever its state.
    pub(super) fn require_leg(&self, id: LegId) -> Result<&Leg, Refusal> {
        self.leg(id).ok_or_else(|| {
            Refusal::new(&LEG_NOT_FOUND)
                .field("leg_id")
                .detail(format!("leg {id}"))
        })
    }
}

impl Leg {
    /// A refusal that names the state of the leg.
    pub(super) fn wrong_state(&self) -> Refusal {
        Refusal::new(&LEG_STATE).field("leg_id").detail(self.named())
    }

    /// How particulars name the leg.
    pub(super) fn named(&self) -> String {
        format!("leg {} of {} is {}", self.id, self.unit, self.state.as_str())
    }

    /// Refuses everybody but the unit of the leg.
    pub(super) fn require_unit(&self, actor: &Actor) -> Result<(), Refusal> {
        match &actor.standing {
            Standing::Unit(unit) if *unit == self.unit => Ok(()),
            _ => Err(Refusal::new(&LEG_NOT_YOURS).detail(self.named())),
        }
    }
}

impl Actor {
    /// The unit that the actor is bound to.
    pub fn unit(&self) -> Option<&UnitId> {
        match &self.standing {
            Standing::Unit(unit) => Some(unit),
            _ => None,
        }
    }
}

/// Refuses an empty text.
pub(super) fn require_text(text: &str, field: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field(field));
    }
    Ok(())
}
