//! Returns: requests with a decider, a window and evidence; never a free change of state (Xuzhou art. 12(4)).

use chrono::{DateTime, Utc};
use hotline_policy::{Evidence, Refusal, ReturnRule};

use crate::domain::event::{AfterReturn, Event, Lateness};
use crate::domain::forms::{RequestForm, request_field};
use crate::domain::guard::require_text;
use crate::domain::handling::own_leg;
use crate::domain::leg::{Proof, ReturnRequest};
use crate::domain::refusals::{RETURN_ABSENT, RETURN_BARRED, RETURN_PENDING, RETURN_TOO_LATE, TEXT_MISSING};
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
    check_window(leg, rule, rules, moment.now)?;
    let request = ReturnRequest {
        id: (moment.new_id)(),
        basis: draft.basis.clone(),
        suggestion: draft.suggestion.clone(),
        proposed: draft.proposed.clone(),
        at: moment.now,
        proof: draft.proof.clone(),
    };
    Ok(vec![Event::ReturnRequested { leg: id, request }])
}

/// Refuses a request after its window.
fn check_window(leg: &Leg, rule: &ReturnRule, rules: &Rules<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if now <= rules.return_closes(rule, leg.times.dispatched) {
        return Ok(());
    }
    let detail = format!("{}; {}", leg.named(), rule.window.within);
    Err(Refusal::new(&RETURN_TOO_LATE)
        .detail(detail)
        .article(rule.window.article.clone()))
}

/// What a return of the leg must bring, and until when it may be asked for.
pub(super) fn form(order: &Order, leg: &Leg, rules: &Rules<'_>, now: DateTime<Utc>) -> RequestForm {
    let rule = match returnable(order, leg, rules) {
        Ok(rule) => rule,
        Err(refusal) => return RequestForm::barred(refusal),
    };
    let fields = rule.requires.iter();
    RequestForm {
        barred: check_window(leg, rule, rules, now).err(),
        required: fields.map(|evidence| request_field(*evidence, "basis")).collect(),
        opens: None,
        closes: Some(rules.return_closes(rule, leg.times.dispatched)),
        article: article_of(&rule.origin),
    }
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
    for evidence in &rule.requires {
        let given = match evidence {
            Evidence::Basis | Evidence::Reason => require_text(&draft.basis, "basis"),
            Evidence::Suggestion => require_text(&draft.suggestion, "suggestion"),
            other => require_proof(*other, &draft.proof),
        };
        given.map_err(|refusal| cited(refusal, &rule.origin))?;
    }
    match &draft.proposed {
        Some(unit) if *unit == leg.unit => Err(Refusal::new(&RETURN_BARRED)
            .field("proposed_unit_id")
            .detail("proposes the same unit")),
        Some(unit) => rules.require_unit(unit, "proposed_unit_id"),
        None => Ok(()),
    }
}

/// Refuses a request without the explanation, signature or seal that the policy asks for.
pub(super) fn require_proof(evidence: Evidence, proof: &Proof) -> Result<(), Refusal> {
    match evidence {
        Evidence::Explanation => require_text(&proof.explanation, "explanation"),
        Evidence::Signature => require_text(&proof.signed_by, "signed_by"),
        Evidence::Seal if !proof.sealed => Err(Refusal::new(&TEXT_MISSING).field("sealed")),
        _ => Ok(()),
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
    let rule = rules.return_rule(order);
    if let Some(rule) = rule {
        moment.actor.require(rule.decider, &rule.origin)?;
    }
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
        article: rule.map(|rule| article_of(&rule.origin)).unwrap_or_default(),
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
