//! Notes between units: how the lead coordinates, and how a unit above guides one below (Nanchang art. 8).

use hotline_policy::Refusal;

use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::handling::own_leg;
use crate::domain::leg::{Note, NoteKind};
use crate::domain::refusals::{GUIDE_NOT_ABOVE, NOT_THE_LEAD};
use crate::domain::{LegId, LegKind, Moment, Order, Rules, UnitId};

/// Records how the lead coordinates the others.
pub(super) fn coordinate(
    order: &Order,
    id: LegId,
    words: &str,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    if leg.kind != LegKind::Lead {
        return Err(Refusal::new(&NOT_THE_LEAD).detail(leg.named()));
    }
    if !leg.stands() {
        return Err(leg.wrong_state());
    }
    require_text(words, "note")?;
    Ok(vec![noted(NoteKind::Coordination, id, &leg.unit, words, moment)])
}

/// Records how a unit above, or one above in the line of business, guides or urges the unit of a leg.
pub(super) fn guide(
    order: &Order,
    id: LegId,
    words: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = order.handled_leg(id)?;
    let above = moment.actor.unit().filter(|unit| rules.guides(unit, &leg.unit));
    let above = above.ok_or_else(|| Refusal::new(&GUIDE_NOT_ABOVE).detail(leg.named()))?;
    if !leg.is_open() {
        return Err(leg.wrong_state());
    }
    require_text(words, "note")?;
    Ok(vec![noted(NoteKind::Guidance, id, above, words, moment)])
}

fn noted(kind: NoteKind, leg: LegId, unit: &UnitId, words: &str, moment: &Moment<'_>) -> Event {
    let note = Note {
        kind,
        unit: unit.clone(),
        words: words.to_owned(),
        at: moment.now,
        by: moment.actor.name.clone(),
    };
    Event::Noted { leg, note }
}
