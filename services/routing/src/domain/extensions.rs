//! Extensions: asked for in their window and with evidence, within count and ceiling, decided by whom the policy names.

use chrono::{DateTime, Utc};
use hotline_policy::{Ceiling, Evidence, ExtensionRule, Notify, Obligation, Refusal};
use hotline_worktime::Limit;

use crate::domain::event::{Event, Notice};
use crate::domain::forms::{RequestForm, request_field};
use crate::domain::guard::require_text;
use crate::domain::handling::{in_hand, own_leg};
use crate::domain::leg::{Due, ExtensionRequest};
use crate::domain::refusals::{
    EXTENSION_ABSENT, EXTENSION_BARRED, EXTENSION_CEILING, EXTENSION_COUNT, EXTENSION_PENDING,
    EXTENSION_TOO_EARLY, EXTENSION_TOO_LATE, RETURN_PENDING,
};
use crate::domain::requests::require_proof;
use crate::domain::rules::{article_of, cited};
use crate::domain::{Decision, ExtensionDraft, Leg, LegId, Moment, Order, Rules};

/// Asks for more time.
pub(super) fn ask_extension(
    order: &Order,
    id: LegId,
    draft: &ExtensionDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    free(leg)?;
    let moved = extendable(order, leg, rules)?;
    let rule = moved.rule;
    check_window(leg, &moved, rules, moment.now)?;
    check_extension(order, leg, draft.amount, &moved, rules)?;
    check_evidence(draft, rule).map_err(|refusal| cited(refusal, &rule.origin))?;
    let request = ExtensionRequest {
        id: (moment.new_id)(),
        reason: draft.reason.clone(),
        amount: draft.amount,
        at: moment.now,
        basis: draft.basis.clone(),
        told: draft.told.clone(),
        proof: draft.proof.clone(),
    };
    Ok(vec![Event::ExtensionRequested { leg: id, request }])
}

/// Refuses a leg that is not worked on, or that waits for another decision.
fn free(leg: &Leg) -> Result<(), Refusal> {
    in_hand(leg)?;
    if leg.extension_request.is_some() {
        return Err(Refusal::new(&EXTENSION_PENDING).detail(leg.named()));
    }
    if leg.return_request.is_some() {
        return Err(Refusal::new(&RETURN_PENDING).detail(leg.named()));
    }
    Ok(())
}

/// What a request for more time must bring, and when it may come.
pub(super) fn form(order: &Order, leg: &Leg, rules: &Rules<'_>, now: DateTime<Utc>) -> RequestForm {
    let moved = match free(leg).and_then(|()| extendable(order, leg, rules)) {
        Ok(moved) => moved,
        Err(refusal) => return RequestForm::barred(refusal),
    };
    let rule = moved.rule;
    let open = check_window(leg, &moved, rules, now).and_then(|()| check_count(order, rule));
    let needs = rule.requires.iter();
    let mut required = vec!["reason", "amount"];
    required.extend(
        needs
            .map(|evidence| request_field(*evidence, "reason"))
            .filter(|field| !matches!(*field, "reason" | "suggestion")),
    );
    if rule.exceptional && !required.contains(&"explanation") {
        required.push("explanation");
    }
    if rule.notify == Notify::Always {
        required.push("told");
    }
    let (opens, closes) = window(&moved, rules);
    RequestForm {
        barred: open.err(),
        required,
        opens,
        closes: Some(closes),
        article: article_of(&rule.origin),
    }
}

/// Refuses a request without what the policy asks for: it is rejected before anybody decides (Nanchang art. 16).
fn check_evidence(draft: &ExtensionDraft, rule: &ExtensionRule) -> Result<(), Refusal> {
    require_text(&draft.reason, "reason")?;
    if rule.exceptional {
        require_proof(Evidence::Explanation, &draft.proof)?;
    }
    for evidence in &rule.requires {
        match evidence {
            Evidence::Basis => require_text(&draft.basis, "basis")?,
            Evidence::Reason | Evidence::Suggestion => {}
            other => require_proof(*other, &draft.proof)?,
        }
    }
    if rule.notify == Notify::Always {
        require_text(&draft.told, "told")?;
    }
    Ok(())
}

/// Refuses a request outside its window before the due time.
fn check_window(leg: &Leg, moved: &Moved<'_>, rules: &Rules<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let rule = moved.rule;
    let (opens, closes) = window(moved, rules);
    if opens.is_some_and(|opens| now < opens) {
        let refusal = Refusal::new(&EXTENSION_TOO_EARLY).detail(leg.named());
        return Err(cited(refusal, &rule.origin));
    }
    if now > closes {
        let refusal = Refusal::new(&EXTENSION_TOO_LATE).detail(leg.named());
        return Err(cited(refusal, &rule.origin));
    }
    Ok(())
}

/// When a request may come: not before, and not after.
fn window(moved: &Moved<'_>, rules: &Rules<'_>) -> (Option<DateTime<Utc>>, DateTime<Utc>) {
    let rule = moved.rule;
    let opens = rule.opens_before.map(|limit| rules.before(moved.at, limit));
    let closes = rule
        .closes_before
        .map_or(moved.at, |limit| rules.before(moved.at, limit));
    (opens, closes)
}

/// The due time that an extension moves, and the rule that lets it.
struct Moved<'a> {
    rule: &'a ExtensionRule,
    at: DateTime<Utc>,
    original: DateTime<Utc>,
    within: Limit,
    obligation: Obligation,
}

/// Refuses a leg whose limit the policy does not move.
fn extendable<'a>(order: &Order, leg: &Leg, rules: &Rules<'a>) -> Result<Moved<'a>, Refusal> {
    let barred = |why: &str| Refusal::new(&EXTENSION_BARRED).detail(format!("{}: {why}", leg.named()));
    let rule = rules
        .extension_rule(order)
        .ok_or_else(|| barred("the policy knows no extension for it"))?;
    if !rule.allowed {
        return Err(cited(barred("the policy allows none"), &rule.origin));
    }
    match &leg.due {
        Due::Ruled {
            at,
            original,
            within,
            obligation,
            ..
        } if rule.extends.contains(obligation) => Ok(Moved {
            rule,
            at: *at,
            original: *original,
            within: *within,
            obligation: *obligation,
        }),
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
    moved: &Moved<'_>,
    rules: &Rules<'_>,
) -> Result<(), Refusal> {
    let rule = moved.rule;
    check_count(order, rule)?;
    let latest = match &rule.ceiling {
        Ceiling::Unlimited => return Ok(()),
        Ceiling::Original => rules.deadline(moved.original, moved.within),
        Ceiling::Total(limit) => rules.deadline(leg.times.dispatched, *limit),
    };
    if rules.deadline(moved.at, amount) > latest {
        let refusal = Refusal::new(&EXTENSION_CEILING)
            .field("amount")
            .detail(amount.to_string());
        return Err(cited(refusal, &rule.origin));
    }
    Ok(())
}

/// Refuses more extensions than the policy counts.
fn check_count(order: &Order, rule: &ExtensionRule) -> Result<(), Refusal> {
    let granted: u32 = order
        .legs
        .iter()
        .filter(|other| other.round == order.round)
        .map(|other| other.extensions)
        .sum();
    if granted < rule.max_count {
        return Ok(());
    }
    let detail = format!("{granted} of {} granted", rule.max_count);
    Err(cited(Refusal::new(&EXTENSION_COUNT).detail(detail), &rule.origin))
}

/// Decides on an extension; granted, the due time moves in working time from where it was.
pub(super) fn decide_extension(
    order: &Order,
    id: LegId,
    decision: &Decision,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = order.handled_leg(id)?;
    let request = leg.extension_request.as_ref();
    let request = request.ok_or_else(|| Refusal::new(&EXTENSION_ABSENT).detail(leg.named()))?;
    let (notice, article) = match rules.extension_rule(order) {
        Some(rule) => {
            moment.actor.require(rule.decider, &rule.origin)?;
            (notice_of(rule), article_of(&rule.origin))
        }
        None => (Notice::None, String::new()),
    };
    require_text(decision.reason(), "reason")?;
    let reason = decision.reason().to_owned();
    if let Decision::Refuse(_) = decision {
        return Ok(vec![Event::ExtensionRefused {
            leg: id,
            request: request.id,
            reason,
            article,
            notice,
        }]);
    }
    let moved = extendable(order, leg, rules)?;
    check_extension(order, leg, request.amount, &moved, rules)?;
    Ok(vec![Event::ExtensionGranted {
        leg: id,
        request: request.id,
        amount: request.amount,
        before: moved.at,
        after: rules.deadline(moved.at, request.amount),
        reason,
        article,
        obligation: moved.obligation,
        notice,
    }])
}

fn notice_of(rule: &ExtensionRule) -> Notice {
    match rule.notify {
        Notify::Always => Notice::Appellant,
        Notify::Never | Notify::WhenNecessary => Notice::None,
    }
}
