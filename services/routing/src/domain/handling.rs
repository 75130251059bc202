//! What a unit does with its leg: acknowledge, sign, speak with the appellant.

use hotline_policy::Refusal;

use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::refusals::LEG_NOT_YOURS;
use crate::domain::{Leg, LegId, LegState, Moment, Order, Standing};

/// Confirms that a leg arrived; a second time changes nothing.
pub(super) fn acknowledge(order: &Order, id: LegId, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    let leg = order.require_leg(id)?;
    match &moment.actor.standing {
        Standing::Service => {}
        Standing::Unit(unit) if *unit == leg.unit => {}
        _ => return Err(Refusal::new(&LEG_NOT_YOURS).detail(leg.named())),
    }
    if leg.times.acknowledged.is_some() {
        return Ok(Vec::new());
    }
    if !leg.stands() {
        return Err(leg.wrong_state());
    }
    Ok(vec![Event::LegAcknowledged(id)])
}

/// Signs for a leg, which says that it arrived too.
pub(super) fn sign(order: &Order, id: LegId, moment: &Moment<'_>) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    match (&leg.state, leg.times.acknowledged) {
        (LegState::ToSign, None) => Ok(vec![Event::LegAcknowledged(id), Event::LegSigned(id)]),
        (LegState::ToSign, Some(_)) => Ok(vec![Event::LegSigned(id)]),
        _ => Err(leg.wrong_state()),
    }
}

/// Records that the unit spoke with the appellant (Xuzhou art. 12(3)).
pub(super) fn contact(
    order: &Order,
    id: LegId,
    note: &str,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    in_hand(own_leg(order, id, moment)?)?;
    require_text(note, "note")?;
    Ok(vec![Event::Contacted {
        leg: id,
        note: note.to_owned(),
    }])
}

/// The leg, if it is one to handle and the actor's own.
pub(super) fn own_leg<'o>(order: &'o Order, id: LegId, moment: &Moment<'_>) -> Result<&'o Leg, Refusal> {
    let leg = order.require_leg(id)?;
    leg.require_unit(moment.actor)?;
    order.handled_leg(id)
}

/// Refuses a leg that is not signed, or no longer the unit's to work on.
pub(super) fn in_hand(leg: &Leg) -> Result<(), Refusal> {
    match leg.state {
        LegState::Signed | LegState::SentBack(_) => Ok(()),
        _ => Err(leg.wrong_state()),
    }
}
