//! Returns and extensions: requests with a decider, limits and a reason; never a free change of state (Xuzhou art. 12(4)).

use chrono::{DateTime, Utc};
use hotline_policy::{Ceiling, Evidence, ExtensionRule, Refusal, ReturnRule};
use hotline_worktime::Limit;

use crate::domain::event::{AfterReturn, Event, Lateness};
use crate::domain::guard::require_text;
use crate::domain::handling::{in_hand, own_leg};
use crate::domain::leg::{Due, ExtensionRequest, ReturnRequest};
use crate::domain::refusals::{
    EXTENSION_ABSENT, EXTENSION_BARRED, EXTENSION_CEILING, EXTENSION_COUNT, EXTENSION_PENDING,
    EXTENSION_TOO_LATE, RETURN_ABSENT, RETURN_BARRED, RETURN_PENDING, RETURN_TOO_LATE,
};
use crate::domain::rules::{article_of, cited};
use crate::domain::{
    Decision, Leg, LegId, LegKind, LegState, Moment, Order, ReturnDraft, Rules, State, UnitChoice, review,
};

/// Asks to give a leg back.
pub(super) fn ask_return(
    order: &Order,
    id: LegId,
    draft: &ReturnDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    let rule = returnable(order, leg, rules)?;
    check_return_draft(leg, draft, rule, rules)?;
    if moment.now > rules.return_closes(rule, leg.times.dispatched) {
        let refusal =
            Refusal::new(&RETURN_TOO_LATE).detail(format!("{}; {}", leg.named(), rule.window.within));
        return Err(refusal.article(rule.window.article.clone()));
    }
    let request = ReturnRequest {
        id: (moment.new_id)(),
        basis: draft.basis.clone(),
        suggestion: draft.suggestion.clone(),
        proposed: draft.proposed.clone(),
        at: moment.now,
    };
    Ok(vec![Event::ReturnRequested { leg: id, request }])
}

/// Refuses a leg that may not go back: another kind, fixed for good, worked on, or asked for already.
fn returnable<'a>(order: &Order, leg: &Leg, rules: &Rules<'a>) -> Result<&'a ReturnRule, Refusal> {
    let barred = |why: &str| Refusal::new(&RETURN_BARRED).detail(format!("{}: {why}", leg.named()));
    if !matches!(leg.kind, LegKind::Lead | LegKind::CoHandle) {
        return Err(barred("only lead and co-handling legs go back to the platform"));
    }
    if !matches!(leg.state, LegState::ToSign | LegState::Signed) {
        return Err(leg.wrong_state());
    }
    if leg.return_request.is_some() {
        return Err(Refusal::new(&RETURN_PENDING).detail(leg.named()));
    }
    if order.unit_choice == UnitChoice::Determined {
        return Err(barred("its unit was determined for good"));
    }
    if matches!(order.state, State::Escalated { .. }) {
        return Err(barred("it is under review one level up"));
    }
    if order.children(leg.id).next().is_some() {
        return Err(barred("it was delegated"));
    }
    rules
        .return_rule(order)
        .ok_or_else(|| barred("the policy knows no return for it"))
}

fn check_return_draft(
    leg: &Leg,
    draft: &ReturnDraft,
    rule: &ReturnRule,
    rules: &Rules<'_>,
) -> Result<(), Refusal> {
    let needs = |evidence| rule.requires.contains(&evidence);
    if needs(Evidence::Basis) || needs(Evidence::Reason) {
        require_text(&draft.basis, "basis").map_err(|refusal| cited(refusal, &rule.origin))?;
    }
    if needs(Evidence::Suggestion) {
        require_text(&draft.suggestion, "suggestion").map_err(|refusal| cited(refusal, &rule.origin))?;
    }
    match &draft.proposed {
        Some(unit) if *unit == leg.unit => Err(Refusal::new(&RETURN_BARRED)
            .field("proposed_unit_id")
            .detail("proposes the same unit")),
        Some(unit) => rules.require_unit(unit, "proposed_unit_id"),
        None => Ok(()),
    }
}

/// Decides on a return; agreed once too often, the order goes to final determination.
pub(super) fn decide_return(
    order: &Order,
    id: LegId,
    decision: &Decision,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = order.handled_leg(id)?;
    let request = leg.return_request.as_ref();
    let request = request.ok_or_else(|| Refusal::new(&RETURN_ABSENT).detail(leg.named()))?;
    require_text(decision.reason(), "reason")?;
    let then = match decision {
        Decision::Refuse(_) => AfterReturn::GoesOn,
        Decision::Agree(_) if leg.kind == LegKind::Lead && is_last_return(order, rules) => {
            AfterReturn::FinalDetermination
        }
        Decision::Agree(_) => AfterReturn::Returned,
    };
    let late = leg.due.at().is_some_and(|due| moment.now > due);
    let mut events = vec![Event::ReturnDecided {
        leg: id,
        request: request.id,
        then,
        reason: decision.reason().to_owned(),
        platform_late: if late { Lateness::Late } else { Lateness::InTime },
    }];
    if then == AfterReturn::Returned && leg.kind == LegKind::CoHandle {
        events.extend(review::settle(order, id, rules));
    }
    Ok(events)
}

fn is_last_return(order: &Order, rules: &Rules<'_>) -> bool {
    rules
        .return_rule(order)
        .is_some_and(|rule| order.return_count + 1 >= rule.max_returns)
}

/// Asks for more time.
pub(super) fn ask_extension(
    order: &Order,
    id: LegId,
    reason: &str,
    amount: Limit,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    in_hand(leg)?;
    if leg.extension_request.is_some() {
        return Err(Refusal::new(&EXTENSION_PENDING).detail(leg.named()));
    }
    if leg.return_request.is_some() {
        return Err(Refusal::new(&RETURN_PENDING).detail(leg.named()));
    }
    let (rule, due) = extendable(order, leg, rules)?;
    require_text(reason, "reason").map_err(|refusal| cited(refusal, &rule.origin))?;
    let closes = rule.closes_before.map_or(due, |limit| rules.before(due, limit));
    if moment.now > closes {
        return Err(cited(
            Refusal::new(&EXTENSION_TOO_LATE).detail(leg.named()),
            &rule.origin,
        ));
    }
    check_extension(order, leg, amount, rule, rules)?;
    let request = ExtensionRequest {
        id: (moment.new_id)(),
        reason: reason.to_owned(),
        amount,
        at: moment.now,
    };
    Ok(vec![Event::ExtensionRequested { leg: id, request }])
}

/// Refuses a leg whose limit the policy does not move.
fn extendable<'a>(
    order: &Order,
    leg: &Leg,
    rules: &Rules<'a>,
) -> Result<(&'a ExtensionRule, DateTime<Utc>), Refusal> {
    let barred = |why: &str| Refusal::new(&EXTENSION_BARRED).detail(format!("{}: {why}", leg.named()));
    let rule = rules
        .extension_rule(order)
        .ok_or_else(|| barred("the policy knows no extension for it"))?;
    if !rule.allowed {
        return Err(cited(barred("the policy allows none"), &rule.origin));
    }
    match &leg.due {
        Due::Ruled { at, obligation, .. } if rule.extends.contains(obligation) => Ok((rule, *at)),
        Due::Ruled { obligation, .. } => Err(cited(
            barred(&format!("the policy does not extend {obligation}")),
            &rule.origin,
        )),
        Due::Set { .. } => Err(barred("the unit above set its limit")),
        Due::Open => Err(barred("it has no limit")),
    }
}

/// Refuses what exceeds the policy's count or ceiling.
fn check_extension(
    order: &Order,
    leg: &Leg,
    amount: Limit,
    rule: &ExtensionRule,
    rules: &Rules<'_>,
) -> Result<(), Refusal> {
    let granted: u32 = order
        .legs
        .iter()
        .filter(|other| other.round == order.round)
        .map(|other| other.extensions)
        .sum();
    if granted >= rule.max_count {
        let detail = format!("{granted} of {} granted", rule.max_count);
        return Err(cited(Refusal::new(&EXTENSION_COUNT).detail(detail), &rule.origin));
    }
    let Due::Ruled {
        at, original, within, ..
    } = &leg.due
    else {
        return Ok(());
    };
    let latest = match &rule.ceiling {
        Ceiling::Unlimited => return Ok(()),
        Ceiling::Original => rules.deadline(*original, *within),
        Ceiling::Total(limit) => rules.deadline(leg.times.dispatched, *limit),
    };
    if rules.deadline(*at, amount) > latest {
        let refusal = Refusal::new(&EXTENSION_CEILING)
            .field("amount")
            .detail(amount.to_string());
        return Err(cited(refusal, &rule.origin));
    }
    Ok(())
}

/// Decides on an extension; granted, the due time moves in working time from where it was.
pub(super) fn decide_extension(
    order: &Order,
    id: LegId,
    decision: &Decision,
    rules: &Rules<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = order.handled_leg(id)?;
    let request = leg.extension_request.as_ref();
    let request = request.ok_or_else(|| Refusal::new(&EXTENSION_ABSENT).detail(leg.named()))?;
    require_text(decision.reason(), "reason")?;
    let reason = decision.reason().to_owned();
    if let Decision::Refuse(_) = decision {
        return Ok(vec![Event::ExtensionRefused {
            leg: id,
            request: request.id,
            reason,
        }]);
    }
    let (rule, before) = extendable(order, leg, rules)?;
    check_extension(order, leg, request.amount, rule, rules)?;
    Ok(vec![Event::ExtensionGranted {
        leg: id,
        request: request.id,
        amount: request.amount,
        before,
        after: rules.deadline(before, request.amount),
        reason,
        article: article_of(&rule.origin),
    }])
}
