//! Whose duty it is: a deciding body or a joint meeting says so, units join, and what is nobody's goes back up.

use hotline_policy::{Decider, Refusal};

use crate::domain::dispatch::{CO_HANDLERS_MAX, send};
use crate::domain::dossier::{Finder, Finding, Followed, Question};
use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::refusals::{
    AGAINST_FINDING, BODY_UNKNOWN, DECIDER_NOT_YOURS, LEG_NOT_YOURS, MEETING_TOO_SMALL, NO_PLATFORM_ABOVE,
    QUESTION_ABSENT, QUESTION_OPEN, UNIT_TWICE, UNITS_MISSING, UNITS_TOO_MANY, UNITS_WORK_ON,
};
use crate::domain::rules::cited;
use crate::domain::{
    FindingDraft, Leg, LegKind, LegState, Moment, Order, Outcome, Rules, Standing, State, UnitId,
};

/// The words of a closing that hands the matter up.
const HANDED_UP: &str = "非本级承办事项,退回上级平台 / handed up to";

/// Asks a deciding body; the order waits for its opinion.
pub(super) fn ask(
    order: &Order,
    body: &UnitId,
    words: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_undecided(order)?;
    if let Some(question) = &order.dossier.question {
        return Err(Refusal::new(&QUESTION_OPEN).detail(question.body.to_string()));
    }
    rules.require_unit(body, "body_unit_id")?;
    if !rules.decides_duty(body) {
        return Err(Refusal::new(&BODY_UNKNOWN)
            .field("body_unit_id")
            .detail(body.as_str()));
    }
    require_text(words, "question")?;
    Ok(vec![Event::DutyAsked(Question {
        body: body.clone(),
        words: words.to_owned(),
        at: moment.now,
        by: moment.actor.name.clone(),
    })])
}

/// Records what the body or a joint meeting found; the order may then go nowhere else.
pub(super) fn record(
    order: &Order,
    draft: &FindingDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_undecided(order)?;
    let finder = finder(order, draft, rules, moment)?;
    let lead = draft.lead.as_ref();
    require_text(lead.map_or("", UnitId::as_str), "lead_unit_id")?;
    require_text(&draft.words, "words")?;
    let Some(lead) = lead else { return Ok(Vec::new()) };
    rules.require_unit(lead, "lead_unit_id")?;
    Ok(vec![Event::DutyFound(Finding {
        finder,
        lead: lead.clone(),
        words: draft.words.clone(),
        at: moment.now,
        by: moment.actor.name.clone(),
        followed: Followed::Binding,
    })])
}

/// The platform records for a body or a meeting; a unit records only what it was itself asked.
fn finder(
    order: &Order,
    draft: &FindingDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Finder, Refusal> {
    if draft.participants.is_empty() {
        let question = order.dossier.question.as_ref();
        let question =
            question.ok_or_else(|| Refusal::new(&QUESTION_ABSENT).detail(order.facts.number.clone()))?;
        return match &moment.actor.standing {
            Standing::Unit(unit) if *unit != question.body => {
                Err(Refusal::new(&LEG_NOT_YOURS).detail(question.body.to_string()))
            }
            _ => Ok(Finder::Body(question.body.clone())),
        };
    }
    if moment.actor.unit().is_some() {
        return Err(Refusal::new(&DECIDER_NOT_YOURS).detail("platform"));
    }
    for unit in &draft.participants {
        rules.require_unit(unit, "participant_unit_ids")?;
    }
    require_once(&draft.participants, "participant_unit_ids")?;
    if draft.participants.len() < 2 {
        return Err(Refusal::new(&MEETING_TOO_SMALL).field("participant_unit_ids"));
    }
    Ok(Finder::Meeting(draft.participants.clone()))
}

/// Calls further units in to help.
pub(super) fn join(
    order: &Order,
    units: &[UnitId],
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    if order.state != State::Handling {
        return Err(order.wrong_state());
    }
    require_text(reason, "reason")?;
    if units.is_empty() {
        return Err(Refusal::new(&UNITS_MISSING).field("unit_ids"));
    }
    require_joinable(order, units, "unit_ids", rules)?;
    let mut events = vec![Event::CoHandlersJoined {
        units: units.to_vec(),
        reason: reason.to_owned(),
    }];
    events.extend(
        units
            .iter()
            .map(|unit| send(order, LegKind::CoHandle, unit, order.round, rules, moment)),
    );
    Ok(events)
}

/// Refuses units that the city does not have, that are named twice, that have a leg already, or are too many.
pub(super) fn require_joinable(
    order: &Order,
    units: &[UnitId],
    field: &str,
    rules: &Rules<'_>,
) -> Result<(), Refusal> {
    for unit in units {
        rules.require_unit(unit, field)?;
        rules.require_level(unit, field)?;
        let has_leg = |leg: &Leg| leg.unit == *unit;
        if order.lead().is_some_and(has_leg) || order.co_handlers().any(has_leg) {
            return Err(Refusal::new(&UNIT_TWICE).field(field).detail(unit.as_str()));
        }
    }
    require_once(units, field)?;
    if order.co_handlers().count() + units.len() > CO_HANDLERS_MAX {
        return Err(Refusal::new(&UNITS_TOO_MANY).field(field));
    }
    Ok(())
}

fn require_once(units: &[UnitId], field: &str) -> Result<(), Refusal> {
    for (index, unit) in units.iter().enumerate() {
        if units[..index].contains(unit) {
            return Err(Refusal::new(&UNIT_TWICE).field(field).detail(unit.as_str()));
        }
    }
    Ok(())
}

/// Gives a matter that is nobody's here back to the platform above (Yicheng 3(1)).
pub(super) fn hand_up(
    order: &Order,
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_undecided(order)?;
    let rule = rules.return_rule(order);
    let Some((rule, upward)) = rule.and_then(|rule| Some((rule, rule.upward.as_deref()?))) else {
        return Err(Refusal::new(&NO_PLATFORM_ABOVE).detail(order.facts.number.clone()));
    };
    moment.actor.require(rule.decider, &rule.origin)?;
    require_text(reason, "reason")?;
    let at_work = |leg: &&Leg| {
        leg.kind != LegKind::Enterprise && leg.stands() && !matches!(leg.state, LegState::Approved(_))
    };
    if let Some(leg) = order.legs.iter().find(at_work) {
        return Err(cited(
            Refusal::new(&UNITS_WORK_ON).detail(leg.named()),
            &rule.origin,
        ));
    }
    Ok(vec![Event::Closed {
        outcome: Outcome::HandedUp,
        reason: format!("{HANDED_UP} {upward}: {reason}"),
    }])
}

/// Refuses an order whose unit is fixed already: duty is in question only before it is sent out, or again.
fn require_undecided(order: &Order) -> Result<(), Refusal> {
    match order.state {
        State::PreReview { .. } | State::Disputed { .. } => Ok(()),
        _ => Err(order.wrong_state()),
    }
}

/// Refuses a sending out while a question is open, or against what was found.
pub(super) fn require_found(order: &Order, lead: &UnitId) -> Result<(), Refusal> {
    if let Some(question) = &order.dossier.question {
        return Err(Refusal::new(&QUESTION_OPEN).detail(question.body.to_string()));
    }
    match order.dossier.binding() {
        Some(finding) if finding.lead != *lead => {
            let detail = format!("{} was found, not {lead}", finding.lead);
            Err(Refusal::new(&AGAINST_FINDING)
                .field("lead_unit_id")
                .detail(detail))
        }
        _ => Ok(()),
    }
}

/// Who may decide, in words.
pub(super) fn named(decider: Decider) -> String {
    format!("{decider} ({})", decider.zh())
}
