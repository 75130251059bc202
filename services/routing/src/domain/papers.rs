//! Papers: the written opinion that the appellant may ask for, and the statements that units owe.

use chrono::{DateTime, FixedOffset, Utc};
use hotline_policy::{Evidence, Refusal};

use crate::domain::dossier::{Filed, Opinion, StatementKind};
use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::refusals::{
    OPINION_ABSENT, OPINION_ASKED, OPINION_ISSUED, OPINION_NOT_YOURS, STATEMENT_ABSENT, STATEMENT_SEAL,
};
use crate::domain::rules::cited;
use crate::domain::{LegId, LegKind, LegState, Moment, Order, Rules, State, StatementDraft, UnitId};

/// China has one time zone, eight hours east.
const CHINA_SECONDS: i32 = 8 * 3_600;

/// Records that the appellant asks for a written opinion.
pub(super) fn ask(order: &Order, note: &str) -> Result<Vec<Event>, Refusal> {
    if order.is_ended() {
        return Err(order.wrong_state());
    }
    if order.dossier.opinion_asked.is_some() {
        return Err(Refusal::new(&OPINION_ASKED).detail(order.facts.number.clone()));
    }
    require_text(note, "note")?;
    Ok(vec![Event::OpinionAsked {
        note: note.to_owned(),
    }])
}

/// Issues the opinion when it was asked for after the reply; before, the reply carries it.
pub(super) fn issue(
    order: &Order,
    id: LegId,
    words: &str,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = order.require_leg(id)?;
    leg.require_unit(moment.actor)?;
    if leg.kind != LegKind::Lead || order.lead().map(|lead| lead.id) != Some(id) {
        return Err(Refusal::new(&OPINION_NOT_YOURS).detail(leg.named()));
    }
    if order.dossier.opinion_asked.is_none() {
        return Err(Refusal::new(&OPINION_ABSENT).detail(order.facts.number.clone()));
    }
    if order.dossier.opinion.is_some() {
        return Err(Refusal::new(&OPINION_ISSUED).detail(order.facts.number.clone()));
    }
    let (LegState::Replied(reply) | LegState::Approved(reply)) = &leg.state else {
        return Err(leg.wrong_state());
    };
    require_text(words, "opinion")?;
    Ok(vec![issued(order, id, words, &reply.legal_basis, moment)])
}

/// The event of an opinion, with the number of its document.
fn issued(order: &Order, id: LegId, words: &str, basis: &str, moment: &Moment<'_>) -> Event {
    let unit = order
        .leg(id)
        .map(|leg| leg.unit.clone())
        .unwrap_or_else(|| UnitId::new(""));
    Event::OpinionIssued(Opinion {
        number: document_number(&order.facts.number, moment.now),
        unit,
        words: words.to_owned(),
        basis: basis.to_owned(),
        at: moment.now,
    })
}

/// What an approved reply of the lead makes of the opinion that it carries.
pub(super) fn with_approval(order: &Order, id: LegId, moment: &Moment<'_>) -> Option<Event> {
    let leg = order.leg(id).filter(|leg| leg.kind == LegKind::Lead)?;
    let reply = leg.reply().filter(|reply| !reply.opinion.trim().is_empty())?;
    let wanted = order.dossier.opinion_asked.is_some() && order.dossier.opinion.is_none();
    wanted.then(|| issued(order, id, &reply.opinion, &reply.legal_basis, moment))
}

/// "〔2026〕" and the number of the order: one opinion an order, so one number.
fn document_number(order: &str, at: DateTime<Utc>) -> String {
    let year = local(at).map_or_else(String::new, |at| at.format("%Y").to_string());
    format!("书面办理意见〔{year}〕{order}号")
}

/// The moment where people read it.
pub(super) fn local(at: DateTime<Utc>) -> Option<DateTime<FixedOffset>> {
    FixedOffset::east_opt(CHINA_SECONDS).map(|zone| at.with_timezone(&zone))
}

/// The opinion as it is printed: number, matter, text, basis, unit and date.
///
/// # Errors
/// `opinion.absent` before it is issued.
pub fn printed(order: &Order, unit_name: &str) -> Result<(Opinion, String), Refusal> {
    let opinion = order.dossier.opinion.as_ref();
    let opinion = opinion.ok_or_else(|| Refusal::new(&OPINION_ABSENT).detail(order.facts.number.clone()))?;
    let date = local(opinion.at).map_or_else(String::new, |at| at.format("%Y年%-m月%-d日").to_string());
    let mut lines = vec![
        "书面办理意见".to_owned(),
        opinion.number.clone(),
        String::new(),
        format!("工单编号:{}", order.facts.number),
        format!("事项:{}", order.subject.title),
        String::new(),
        opinion.words.clone(),
    ];
    if !opinion.basis.trim().is_empty() {
        lines.push(format!("依据:{}", opinion.basis));
    }
    lines.extend([String::new(), format!("{unit_name}(盖章)"), date]);
    Ok((opinion.clone(), lines.join("\n")))
}

/// Hands in the first statement that the actor's unit owes.
pub(super) fn file(
    order: &Order,
    draft: &StatementDraft,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let absent = || Refusal::new(&STATEMENT_ABSENT).detail(order.facts.number.clone());
    if matches!(order.state, State::Archived { .. } | State::Withdrawn) {
        return Err(order.wrong_state());
    }
    let unit = moment.actor.unit().ok_or_else(absent)?;
    let owed = order.dossier.owed_by(unit).ok_or_else(absent)?;
    require_text(&draft.text, "text")?;
    if let Some(rule) = rules
        .whistle()
        .filter(|_| owed.kind == StatementKind::AcceptanceFailed)
    {
        if rule.statement.contains(&Evidence::Signature) {
            require_text(&draft.signed_by, "signed_by").map_err(|refusal| cited(refusal, &rule.origin))?;
        }
        if rule.statement.contains(&Evidence::Seal) && !draft.sealed {
            return Err(cited(Refusal::new(&STATEMENT_SEAL).field("sealed"), &rule.origin));
        }
    }
    Ok(vec![Event::StatementFiled {
        unit: unit.clone(),
        kind: owed.kind,
        filed: Filed {
            text: draft.text.clone(),
            signed_by: draft.signed_by.clone(),
            sealed: draft.sealed,
            document: draft.document.clone(),
            at: moment.now,
        },
    }])
}
