//! The whistle: the lead calls the others, a meeting fixes their duties, and a third party accepts what they did
//! (Yicheng 3(1)).

use hotline_policy::{AcceptanceWay, Obligation, Refusal, WhistleRule};

use crate::domain::dispatch::send;
use crate::domain::dossier::{Acceptance, AcceptanceVerdict, Meeting, StatementKind, Whistle, WhistleState};
use crate::domain::duty::require_joinable;
use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::handling::own_leg;
use crate::domain::leg::Due;
use crate::domain::refusals::{
    ACCEPTANCE_EVIDENCE, ACCEPTANCE_NOT_READY, ACCEPTANCE_WAY, LEG_NOT_YOURS, STATEMENT_MISSING,
    UNIT_NOT_IN_ORDER, UNITS_MISSING, VALUE_UNKNOWN, WHISTLE_ABSENT, WHISTLE_BLOWN, WHISTLE_UNKNOWN,
};
use crate::domain::rules::{article_of, cited};
use crate::domain::{
    AcceptanceDraft, Decision, Leg, LegId, LegKind, LegState, Moment, Order, Rules, State, UnitId, review,
};

/// Asks to call other units together.
pub(super) fn blow(
    order: &Order,
    id: LegId,
    matter: &str,
    called: &[UnitId],
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    require_rule(rules)?;
    if leg.kind != LegKind::Lead || order.state != State::Handling {
        return Err(Refusal::new(&WHISTLE_UNKNOWN).detail(leg.named()));
    }
    if !matches!(leg.state, LegState::Signed | LegState::SentBack(_)) {
        return Err(leg.wrong_state());
    }
    let open = order.dossier.whistle.as_ref();
    if open.is_some_and(|open| open.round == order.round && !matches!(open.state, WhistleState::Refused(_))) {
        return Err(Refusal::new(&WHISTLE_BLOWN).detail(leg.named()));
    }
    require_text(matter, "matter")?;
    if called.is_empty() {
        return Err(Refusal::new(&UNITS_MISSING).field("unit_ids"));
    }
    for unit in called {
        rules.require_unit(unit, "unit_ids")?;
        if *unit == leg.unit {
            return Err(Refusal::new(&VALUE_UNKNOWN)
                .field("unit_ids")
                .detail(unit.as_str()));
        }
    }
    Ok(vec![Event::WhistleBlown(Whistle {
        round: order.round,
        unit: leg.unit.clone(),
        matter: matter.to_owned(),
        called: called.to_vec(),
        state: WhistleState::Requested,
    })])
}

/// Agrees to a whistle or refuses it.
pub(super) fn decide(
    order: &Order,
    decision: &Decision,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let rule = require_rule(rules)?;
    let whistle = standing(order, |state| matches!(state, WhistleState::Requested))?;
    moment.actor.require(rule.decider, &rule.origin)?;
    require_text(decision.reason(), "reason")?;
    Ok(vec![Event::WhistleDecided {
        unit: whistle.unit.clone(),
        decision: decision.clone(),
    }])
}

/// Records what the meeting fixed; units that have no leg yet get one.
pub(super) fn meet(
    order: &Order,
    minutes: &str,
    duties: &[(UnitId, String)],
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_rule(rules)?;
    let whistle = standing(order, |state| matches!(state, WhistleState::Agreed(_)))?;
    if moment.actor.unit() != Some(&whistle.unit) {
        return Err(Refusal::new(&LEG_NOT_YOURS).detail(whistle.unit.to_string()));
    }
    require_text(minutes, "minutes")?;
    for unit in &whistle.called {
        let duty = duties.iter().find(|(of, _)| of == unit);
        require_text(duty.map_or("", |(_, duty)| duty), "duties")
            .map_err(|refusal| refusal.detail(unit.as_str()))?;
    }
    let has_leg = |unit: &UnitId| {
        let of = |leg: &Leg| leg.unit == *unit;
        order.lead().is_some_and(of) || order.co_handlers().any(of)
    };
    let joining: Vec<UnitId> = duties
        .iter()
        .map(|(unit, _)| unit)
        .filter(|unit| !has_leg(unit))
        .cloned()
        .collect();
    require_joinable(order, &joining, "duties", rules)?;
    let reason = match &whistle.state {
        WhistleState::Agreed(reason) => reason.clone(),
        _ => String::new(),
    };
    let meeting = Meeting {
        reason,
        minutes: minutes.to_owned(),
        duties: duties.to_vec(),
    };
    let mut events = vec![Event::WhistleMet {
        unit: whistle.unit.clone(),
        meeting,
    }];
    events.extend(
        joining
            .iter()
            .map(|unit| send(order, LegKind::CoHandle, unit, order.round, rules, moment)),
    );
    Ok(events)
}

/// Passes the result of several units, or has those who failed do it again.
pub(super) fn accept(
    order: &Order,
    draft: &AcceptanceDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let rule = require_rule(rules)?;
    moment.actor.require(rule.acceptor, &rule.origin)?;
    if !order.awaits_acceptance() {
        let detail = format!("{} is {}", order.facts.number, order.state.as_str());
        return Err(cited(
            Refusal::new(&ACCEPTANCE_NOT_READY).detail(detail),
            &rule.origin,
        ));
    }
    if let Some(owed) = order.dossier.owed().next() {
        let refusal = Refusal::new(&STATEMENT_MISSING).detail(owed.unit.to_string());
        return Err(cited(refusal, &rule.origin));
    }
    check_ways(draft, rule)?;
    require_text(&draft.words, "words")?;
    let failed = failed_legs(order, draft)?;
    let acceptance = Acceptance {
        round: order.round,
        verdict: draft.verdict.clone(),
        ways: draft.ways.clone(),
        words: draft.words.clone(),
        evidence: draft.evidence.clone(),
        at: moment.now,
        by: moment.actor.name.clone(),
    };
    let mut events = vec![Event::Inspected(Box::new(acceptance))];
    if failed.is_empty() {
        events.extend(review::settled(rules));
        return Ok(events);
    }
    events.extend(
        failed
            .iter()
            .filter_map(|leg| again(leg, draft, rule, rules, moment)),
    );
    if let AcceptanceVerdict::Failed { responsible, .. } = &draft.verdict {
        events.extend(responsible.iter().map(|unit| Event::StatementDemanded {
            unit: unit.clone(),
            kind: StatementKind::AcceptanceFailed,
        }));
    }
    Ok(events)
}

fn check_ways(draft: &AcceptanceDraft, rule: &WhistleRule) -> Result<(), Refusal> {
    let unfit = draft.ways.iter().any(|way| !rule.ways.contains(way));
    if unfit || draft.ways.is_empty() {
        let known: Vec<_> = rule.ways.iter().map(|way| way.as_str()).collect();
        let refusal = Refusal::new(&ACCEPTANCE_WAY)
            .field("ways")
            .detail(known.join(", "));
        return Err(cited(refusal, &rule.origin));
    }
    if draft.ways.contains(&AcceptanceWay::Picture) && draft.evidence.is_empty() {
        return Err(cited(
            Refusal::new(&ACCEPTANCE_EVIDENCE).field("evidence"),
            &rule.origin,
        ));
    }
    Ok(())
}

/// The legs of the units that must do it again; none when the result passes.
fn failed_legs<'o>(order: &'o Order, draft: &AcceptanceDraft) -> Result<Vec<&'o Leg>, Refusal> {
    let AcceptanceVerdict::Failed {
        responsible,
        cooperating,
    } = &draft.verdict
    else {
        return Ok(Vec::new());
    };
    if responsible.is_empty() {
        return Err(Refusal::new(&UNITS_MISSING).field("responsible_unit_ids"));
    }
    let mut legs = Vec::new();
    for (units, field) in [
        (responsible, "responsible_unit_ids"),
        (cooperating, "cooperating_unit_ids"),
    ] {
        for unit in units {
            let mut of_order = order.lead().into_iter().chain(order.co_handlers());
            let leg = of_order.find(|leg| leg.unit == *unit);
            let leg = leg.ok_or_else(|| {
                Refusal::new(&UNIT_NOT_IN_ORDER)
                    .field(field)
                    .detail(unit.as_str())
            })?;
            if !legs.iter().any(|known: &&Leg| known.id == leg.id) {
                legs.push(leg);
            }
        }
    }
    Ok(legs)
}

/// A leg that was approved goes back to its unit, with the limit of the policy.
fn again(
    leg: &Leg,
    draft: &AcceptanceDraft,
    rule: &WhistleRule,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Option<Event> {
    let reply = leg.reply()?;
    let at = rules.deadline(moment.now, rule.redo_within);
    Some(Event::ReplySentBack {
        leg: leg.id,
        reply: reply.id,
        faults: Vec::new(),
        reason: draft.words.clone(),
        new_due: Some(Due::Ruled {
            at,
            original: at,
            within: rule.redo_within,
            obligation: Obligation::Answer,
            basis: None,
        }),
        told_due: Some(at),
        article: article_of(&rule.origin),
    })
}

fn require_rule<'a>(rules: &Rules<'a>) -> Result<&'a WhistleRule, Refusal> {
    rules.whistle().ok_or_else(|| Refusal::new(&WHISTLE_UNKNOWN))
}

/// The whistle of the present round, in a state that allows it.
fn standing(order: &Order, allows: impl Fn(&WhistleState) -> bool) -> Result<&Whistle, Refusal> {
    if order.state != State::Handling {
        return Err(order.wrong_state());
    }
    let whistle = order.dossier.whistle.as_ref();
    let whistle = whistle.filter(|whistle| whistle.round == order.round && allows(&whistle.state));
    whistle.ok_or_else(|| Refusal::new(&WHISTLE_ABSENT).detail(order.facts.number.clone()))
}
