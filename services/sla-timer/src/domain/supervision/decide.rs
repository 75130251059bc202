//! What a command does to a case, or why it is refused.

use chrono::{DateTime, Utc};
use hotline_policy::rules::{BodyRule, Right};
use hotline_policy::{Refusal, Supervision};
use hotline_worktime::{Limit, WorkClock};
use uuid::Uuid;

use super::accountability::{exempt, hand_over, measure, raise_by_hand, verify};
use super::case::{Case, Cause, Event, Instrument, Meeting, Reply, ReplyDecision, Verification};
use super::command::Command;
use super::issue::{Wanted, issue};
use super::refusals::{
    CASE_CLOSED, CASE_OPEN_DUTY, INSTRUMENT_ABSENT, REPLY_ABSENT, REPLY_NOT_ASKED, REPLY_STANDS,
    RIGHT_MISSING, TEXT_MISSING, UNIT_OTHER, VALUE_UNKNOWN,
};
use super::why::Why;

/// Who acts where a rule does.
pub const SYSTEM: &str = "sla-timer";

/// How a case may end.
const OUTCOMES: [&str; 3] = ["resolved", "accounted", "withdrawn"];

/// What a decision rests on besides the case.
pub struct Context<'a> {
    /// The policy's rows on supervision.
    pub rules: &'a Supervision,
    /// The working time.
    pub work: &'a WorkClock,
    /// How long a unit has for an answer where the document's row does not say.
    pub after: Option<Limit>,
    /// Now.
    pub at: DateTime<Utc>,
    /// Who acts.
    pub actor: &'a str,
    /// A new identifier.
    pub fresh: &'a (dyn Fn() -> Uuid + Sync),
    /// The name of a unit.
    pub unit_name: &'a (dyn Fn(&str) -> String + Sync),
}

/// Decides on a command.
///
/// # Errors
/// The case is closed, or the policy does not allow the command: the refusal names field and article.
pub fn decide(case: &Case, command: &Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::new(&CASE_CLOSED).detail(case.number.clone()));
    }
    match command {
        Command::Issue {
            code,
            unit,
            reason,
            body,
        } => {
            let rule = context.rules.instrument(code).ok_or_else(|| {
                unknown(
                    "code",
                    context.rules.instruments.iter().map(|rule| rule.code.as_str()),
                )
            })?;
            needed("reason", reason)?;
            if let Some(body) = body {
                body_with(body, Right::Notice, context)?;
            }
            let wanted = Wanted {
                unit: unit.clone().unwrap_or_else(|| case.unit.clone()),
                why: Why::said(reason),
                about: None,
            };
            Ok(issue(case, rule, wanted, context))
        }
        Command::Reply {
            instrument,
            text,
            attachments,
            unit,
        } => {
            let known = find(case, *instrument)?;
            if known.unit != *unit {
                return Err(Refusal::new(&UNIT_OTHER)
                    .field("instrument_id")
                    .detail(known.unit.clone()));
            }
            if known.due_at.is_none() {
                return Err(Refusal::new(&REPLY_NOT_ASKED).article(known.article.clone()));
            }
            if known.standing_reply().is_some() {
                return Err(Refusal::new(&REPLY_STANDS).field("instrument_id"));
            }
            needed("text", text)?;
            let reply = Reply {
                text: text.clone(),
                attachments: attachments.clone(),
                at: context.at,
                actor: context.actor.to_owned(),
                decision: None,
            };
            Ok(vec![Event::Replied(known.id, reply)])
        }
        Command::DecideReply {
            instrument,
            accepted,
            reason,
        } => decide_reply(case, *instrument, *accepted, reason, context),
        Command::Coordinate {
            body,
            units,
            lead,
            minutes,
        } => coordinate(case, body, units, lead.as_deref(), minutes, context),
        Command::OpenVerification => Ok(vec![open_verification(case, context)?]),
        Command::Verify {
            finding,
            contacted,
            solved,
            note,
        } => verify(case, *finding, (*contacted, *solved), note, context),
        Command::FindDelay(caused, reason) => {
            needed("reason", reason)?;
            Ok(vec![Event::DelayFound(
                *caused,
                reason.clone(),
                context.actor.to_owned(),
            )])
        }
        Command::Raise(causes, reason) => raise_by_hand(case, causes, reason, context),
        Command::Measure(drafts, reason) => measure(case, drafts, reason, context),
        Command::Exempt(code, found, reason) => exempt(case, code, found, reason, context),
        Command::HandOver(recipient, body, reason) => {
            hand_over(case, recipient, body.as_deref(), reason, context)
        }
        Command::Close(outcome, reason) => close(case, outcome, reason, context),
    }
}

/// Raises accountability by a rule, once a type.
#[must_use]
pub fn raise(case: &Case, code: &str, why: &str, context: &Context<'_>) -> Option<Event> {
    if case.causes.iter().any(|known| known.code == code) {
        return None;
    }
    let rule = context.rules.cause(code)?;
    let cause = Cause {
        code: rule.code.clone(),
        name: rule.name.clone(),
        article: rule.origin.article.clone(),
        why: why.to_owned(),
        by_rule: true,
        at: context.at,
    };
    Some(Event::Raised(vec![cause], context.actor.to_owned()))
}

/// The due time of an answer that is asked for anew.
#[must_use]
pub fn redue(instrument: &Instrument, context: &Context<'_>) -> Option<DateTime<Utc>> {
    let rule = context.rules.instrument(&instrument.code);
    let limit = rule.and_then(|rule| rule.within).or(context.after)?;
    Some(context.work.deadline(context.at, limit).at)
}

fn decide_reply(
    case: &Case,
    instrument: Uuid,
    accepted: bool,
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let known = find(case, instrument)?;
    let waiting = known.replies.last().is_some_and(|reply| reply.decision.is_none());
    if !waiting {
        return Err(Refusal::new(&REPLY_ABSENT)
            .field("instrument_id")
            .detail(known.number.clone()));
    }
    if !accepted {
        needed("reason", reason)?;
    }
    let due = if accepted { None } else { redue(known, context) };
    let decision = ReplyDecision {
        accepted,
        reason: reason.to_owned(),
    };
    Ok(vec![Event::Decided(
        known.id,
        decision,
        due,
        context.actor.to_owned(),
    )])
}

fn coordinate(
    case: &Case,
    body: &str,
    units: &[String],
    lead: Option<&str>,
    minutes: &str,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let convener = body_with(body, Right::Convene, context)?;
    if lead.is_some() {
        body_with(body, Right::DesignateLead, context)?;
    }
    needed("minutes", minutes)?;
    if units.is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field("unit_ids"));
    }
    let met = Event::Met(Meeting {
        body: convener.code.clone(),
        body_name: convener.name.clone(),
        units: units.to_vec(),
        lead: lead.map(str::to_owned),
        minutes: minutes.to_owned(),
        at: context.at,
        actor: context.actor.to_owned(),
        article: convener.origin.article.clone(),
    });
    let mut events = vec![met];
    if let (Some(rule), Some(lead)) = (context.rules.instrument("coordination_minutes"), lead) {
        let wanted = Wanted {
            unit: lead.to_owned(),
            why: Why::said(minutes),
            about: None,
        };
        events.extend(issue(case, rule, wanted, context));
    }
    Ok(events)
}

/// A verification that becomes due; one at a time.
fn open_verification(case: &Case, context: &Context<'_>) -> Result<Event, Refusal> {
    if case.is_to_verify() {
        return Err(Refusal::new(&CASE_OPEN_DUTY)
            .field("case_id")
            .detail("verification"));
    }
    Ok(Event::VerificationOpened(Verification {
        opened_at: context.at,
        recorded_at: None,
        outcome: String::new(),
        contacted: false,
        solved: false,
        note: String::new(),
        actor: context.actor.to_owned(),
        article: case.article.clone(),
    }))
}

fn close(case: &Case, outcome: &str, reason: &str, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if !OUTCOMES.contains(&outcome) {
        return Err(unknown("outcome", OUTCOMES.into_iter()));
    }
    needed("reason", reason)?;
    let class = context.rules.class(&case.class);
    let must_verify = class.is_some_and(|class| class.verify) && case.verifications.is_empty();
    if case.is_to_verify() || must_verify {
        let article = class.map_or(case.article.clone(), |class| class.origin.article.clone());
        return Err(Refusal::new(&CASE_OPEN_DUTY)
            .field("case_id")
            .article(article)
            .detail("须先完成回访复核"));
    }
    if outcome == "resolved"
        && let Some(owed) = case.instruments.iter().find(|known| known.is_owed())
    {
        let refusal = Refusal::new(&CASE_OPEN_DUTY)
            .field("case_id")
            .article(owed.article.clone());
        return Err(refusal.detail(format!("{}待反馈", owed.number)));
    }
    if case.is_to_account() {
        let article = case
            .causes
            .first()
            .map(|cause| cause.article.clone())
            .unwrap_or_default();
        return Err(Refusal::new(&CASE_OPEN_DUTY)
            .field("case_id")
            .article(article)
            .detail("问责尚无结论"));
    }
    Ok(vec![Event::Closed(
        outcome.to_owned(),
        reason.to_owned(),
        context.actor.to_owned(),
    )])
}

/// The body of this code with a right.
pub(super) fn body_with<'r>(
    code: &str,
    right: Right,
    context: &Context<'r>,
) -> Result<&'r BodyRule, Refusal> {
    let bodies = &context.rules.bodies;
    let body = bodies
        .iter()
        .find(|body| body.code == code)
        .ok_or_else(|| unknown("body", bodies.iter().map(|body| body.code.as_str())))?;
    if body.rights.contains(&right) {
        return Ok(body);
    }
    let refusal = Refusal::new(&RIGHT_MISSING)
        .field("body")
        .article(body.origin.article.clone());
    Err(refusal.detail(format!("{}:{}", body.name, right.zh())))
}

/// A text that must be there.
pub(super) fn needed(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field(field));
    }
    Ok(())
}

/// A word that the policy does not have, with those that it has.
pub(super) fn unknown<'w>(field: &str, known: impl Iterator<Item = &'w str>) -> Refusal {
    let known: Vec<_> = known.collect();
    Refusal::new(&VALUE_UNKNOWN).field(field).detail(known.join(", "))
}

fn find(case: &Case, id: Uuid) -> Result<&Instrument, Refusal> {
    case.instrument(id).ok_or_else(|| {
        Refusal::new(&INSTRUMENT_ABSENT)
            .field("instrument_id")
            .detail(case.number.clone())
    })
}
