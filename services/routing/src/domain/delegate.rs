//! Passing a leg down: to a unit below, with a limit that ends before the leg's own.

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;

use crate::domain::event::Event;
use crate::domain::handling::{in_hand, own_leg};
use crate::domain::leg::Due;
use crate::domain::refusals::{
    DELEGATED_ALREADY, DELEGATION_RAISED, DUE_NOT_BEFORE, RETURN_PENDING, TEXT_MISSING, UNIT_NOT_BELOW,
};
use crate::domain::rules::cited;
use crate::domain::{Leg, LegId, LegKind, Moment, Order, Rules, State, UnitId};

/// Passes a leg down, with a shorter limit.
pub(super) fn delegate(
    order: &Order,
    id: LegId,
    unit: &UnitId,
    due_at: Option<DateTime<Utc>>,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    in_hand(leg)?;
    if leg.return_request.is_some() {
        return Err(Refusal::new(&RETURN_PENDING).detail(leg.named()));
    }
    rules.require_unit(unit, "unit_id")?;
    if !rules.is_below(unit, &leg.unit) {
        let detail = format!("{unit} is not below {}", leg.unit);
        return Err(Refusal::new(&UNIT_NOT_BELOW).field("unit_id").detail(detail));
    }
    if matches!(order.state, State::Escalated { .. }) && rules.raises_by_lists() {
        return Err(Refusal::new(&DELEGATION_RAISED)
            .field("unit_id")
            .detail(leg.named()));
    }
    if order
        .children(id)
        .any(|child| child.unit == *unit && child.is_open())
    {
        return Err(Refusal::new(&DELEGATED_ALREADY)
            .field("unit_id")
            .detail(unit.as_str()));
    }
    let at = limit_below(leg, due_at, rules, moment)?;
    let kind = LegKind::Delegated { parent: id };
    let child = Leg::sent(
        LegId((moment.new_id)()),
        kind,
        unit.clone(),
        order.round,
        moment.now,
        Due::Set { at },
    );
    Ok(vec![Event::LegSent(Box::new(child))])
}

/// The limit that was asked for, or the latest that the policy allows.
fn limit_below(
    leg: &Leg,
    asked: Option<DateTime<Utc>>,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<DateTime<Utc>, Refusal> {
    let own = leg.due.at();
    let rule = rules.delegation();
    let latest = own
        .zip(rule)
        .map(|(own, rule)| rules.before(own, rule.earlier_by));
    let at = asked.or(latest);
    let at = at.ok_or_else(|| Refusal::new(&TEXT_MISSING).field("due_at"))?;
    let refusal = || Refusal::new(&DUE_NOT_BEFORE).field("due_at");
    if at <= moment.now || own.is_some_and(|own| at >= own) {
        return Err(refusal());
    }
    match rule.filter(|_| latest.is_some_and(|latest| at > latest)) {
        Some(rule) => Err(cited(refusal().detail(rule.earlier_by.to_string()), &rule.origin)),
        None => Ok(at),
    }
}
