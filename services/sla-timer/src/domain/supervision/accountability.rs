//! Verification, accountability, measures, exemption and the handing over of material.

use hotline_policy::Refusal;
use hotline_policy::rules::{Finding, Right};

use super::case::{Case, Cause, Event, Exemption, HandOver, Measure, Verification};
use super::command::MeasureDraft;
use super::decide::{Context, body_with, needed, raise, unknown};
use super::issue::{Wanted, issue};
use super::material::documents;
use super::refusals::{
    BEARER_WRONG, CAUSE_MISSING, CAUSE_STANDS, CONDITION_MISSING, EXEMPTED, MEASURES_APART, MEASURES_STAND,
    TEXT_MISSING, VERIFICATION_ABSENT,
};
use super::why::Why;

/// What a verification found, and what the policy says follows.
pub(super) fn verify(
    case: &Case,
    finding: Finding,
    (contacted, solved): (bool, bool),
    note: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if !case.is_to_verify() {
        return Err(Refusal::new(&VERIFICATION_ABSENT)
            .field("case_id")
            .article(case.article.clone()));
    }
    needed("note", note)?;
    let rule = context.rules.verification(finding);
    let article = rule.map_or(case.article.as_str(), |rule| rule.origin.article.as_str());
    let opened_at = case
        .verifications
        .last()
        .map_or(context.at, |last| last.opened_at);
    let mut events = vec![Event::Verified(Verification {
        opened_at,
        recorded_at: Some(context.at),
        outcome: finding.as_str().to_owned(),
        contacted,
        solved,
        note: note.to_owned(),
        actor: context.actor.to_owned(),
        article: article.to_owned(),
    })];
    let Some(rule) = rule else {
        return Ok(events);
    };
    let why = Why::new(
        format!("经回访复核,{}:{note}(依据:{article})", finding.zh()),
        format!("the verification found it {finding}: {note} (article {article})"),
    );
    for instrument in rule
        .instruments
        .iter()
        .filter_map(|code| context.rules.instrument(code))
    {
        let wanted = Wanted {
            unit: case.unit.clone(),
            why: why.clone(),
            about: None,
        };
        events.extend(issue(case, instrument, wanted, context));
    }
    events.extend(
        rule.cause
            .as_ref()
            .and_then(|cause| raise(case, cause, &why.zh, context)),
    );
    if rule.closes && !case.is_to_account() {
        let closed = ("resolved".to_owned(), why.zh, context.actor.to_owned());
        events.push(Event::Closed(closed.0, closed.1, closed.2));
    }
    Ok(events)
}

/// Accountability that a person raises.
pub(super) fn raise_by_hand(
    case: &Case,
    codes: &[String],
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    needed("reason", reason)?;
    if codes.is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field("causes"));
    }
    if let Some(known) = case.causes.iter().find(|known| codes.contains(&known.code)) {
        let refusal = Refusal::new(&CAUSE_STANDS)
            .field("causes")
            .article(known.article.clone());
        return Err(refusal.detail(known.name.clone()));
    }
    let cause = |code: &String| {
        let rule = context.rules.cause(code).ok_or_else(|| {
            unknown(
                "causes",
                context.rules.causes.iter().map(|rule| rule.code.as_str()),
            )
        })?;
        Ok(Cause {
            code: rule.code.clone(),
            name: rule.name.clone(),
            article: rule.origin.article.clone(),
            why: reason.to_owned(),
            by_rule: false,
            at: context.at,
        })
    };
    let causes = codes.iter().map(cause).collect::<Result<_, Refusal>>()?;
    Ok(vec![Event::Raised(causes, context.actor.to_owned())])
}

/// Measures, single or combined as the policy allows.
pub(super) fn measure(
    case: &Case,
    drafts: &[MeasureDraft],
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let first = case
        .causes
        .first()
        .ok_or_else(|| Refusal::new(&CAUSE_MISSING).field("case_id"))?;
    if let Some(exemption) = &case.exemption {
        let refusal = Refusal::new(&EXEMPTED)
            .field("case_id")
            .article(exemption.article.clone());
        return Err(refusal.detail(exemption.name.clone()));
    }
    needed("reason", reason)?;
    if drafts.is_empty() {
        return Err(Refusal::new(&TEXT_MISSING)
            .field("measures")
            .article(first.article.clone()));
    }
    let mut measures = Vec::new();
    for (place, draft) in drafts.iter().enumerate() {
        let field = |part: &str| format!("measures[{place}].{part}");
        let rule = context.rules.measure(&draft.code);
        let rule = rule.ok_or_else(|| {
            unknown(
                &field("code"),
                context.rules.measures.iter().map(|rule| rule.code.as_str()),
            )
        })?;
        let article = rule.origin.article.clone();
        if !rule.holds.contains(&draft.holds) {
            let refusal = Refusal::new(&BEARER_WRONG).field(field("holds")).article(article);
            return Err(refusal.detail(format!("{}:{}", rule.name, draft.holds.zh())));
        }
        if !rule.combines && drafts.len() + case.measures.len() > 1 {
            return Err(Refusal::new(&MEASURES_APART)
                .field("measures")
                .article(article)
                .detail(rule.name.clone()));
        }
        needed(&field("subject"), &draft.subject)?;
        measures.push(Measure {
            code: rule.code.clone(),
            name: rule.name.clone(),
            holds: draft.holds.as_str().to_owned(),
            subject: draft.subject.clone(),
            reason: reason.to_owned(),
            at: context.at,
            actor: context.actor.to_owned(),
            article,
        });
    }
    Ok(vec![Event::Measured(measures)])
}

/// A finding that spares accountability: every condition of the policy must be found.
pub(super) fn exempt(
    case: &Case,
    code: &str,
    found: &[String],
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let rule = context.rules.exemption(code).ok_or_else(|| {
        unknown(
            "code",
            context.rules.exemptions.iter().map(|rule| rule.code.as_str()),
        )
    })?;
    let article = &rule.origin.article;
    if case.causes.is_empty() {
        return Err(Refusal::new(&CAUSE_MISSING)
            .field("case_id")
            .article(article.clone()));
    }
    if let Some(measure) = case.measures.first() {
        let refusal = Refusal::new(&MEASURES_STAND)
            .field("case_id")
            .article(article.clone());
        return Err(refusal.detail(measure.name.clone()));
    }
    if let Some(exemption) = &case.exemption {
        let refusal = Refusal::new(&EXEMPTED)
            .field("case_id")
            .article(exemption.article.clone());
        return Err(refusal.detail(exemption.name.clone()));
    }
    needed("reason", reason)?;
    let missing: Vec<_> = rule
        .conditions
        .iter()
        .filter(|condition| !found.contains(condition))
        .collect();
    if !missing.is_empty() {
        let missing: Vec<_> = missing.into_iter().map(String::as_str).collect();
        let refusal = Refusal::new(&CONDITION_MISSING)
            .field("found")
            .article(article.clone());
        return Err(refusal.detail(missing.join("、")));
    }
    Ok(vec![Event::Exempted(Exemption {
        name: rule.name.clone(),
        reason: reason.to_owned(),
        article: article.clone(),
        actor: context.actor.to_owned(),
        at: context.at,
    })])
}

/// Material for a recipient of the policy; a body above the platform needs the right to transfer.
pub(super) fn hand_over(
    case: &Case,
    recipient: &str,
    body: Option<&str>,
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let rule = context.rules.recipient(recipient).ok_or_else(|| {
        unknown(
            "recipient",
            context.rules.recipients.iter().map(|rule| rule.code.as_str()),
        )
    })?;
    if let Some(body) = body {
        body_with(body, Right::Transfer, context)?;
    }
    needed("reason", reason)?;
    let mut events = Vec::new();
    if let Some(letter) = context.rules.instrument("transfer_file") {
        let wanted = Wanted {
            unit: case.unit.clone(),
            why: Why::said(reason),
            about: None,
        };
        events.extend(issue(case, letter, wanted, context));
    }
    events.push(Event::HandedOver(HandOver {
        recipient: rule.code.clone(),
        name: rule.name.clone(),
        article: rule.origin.article.clone(),
        documents: documents(case)
            .into_iter()
            .map(|document| document.name)
            .collect(),
        reason: reason.to_owned(),
        at: context.at,
        actor: context.actor.to_owned(),
    }));
    Ok(events)
}
