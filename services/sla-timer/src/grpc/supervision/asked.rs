//! Requests of supervision, read and checked: words of bounded length, numbers of people masked.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_policy::rules::{Bearer, Colour, Finding};
use hotline_proto::sla::v1 as proto;
use hotline_runtime::Caller;
use hotline_vault::redact::redact;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::contract::instant;
use crate::domain::refusals::UNIT_MISSING;
use crate::domain::supervision::refusals::{
    SUPERVISION_ID_INVALID, TEXT_MISSING, TEXT_TOO_LONG, VALUE_UNKNOWN,
};
use crate::domain::supervision::{Command, MeasureDraft, Visit};
use crate::ops::supervision::{CardFilter, CaseFilter, Opened};

/// Longest text, characters.
const TEXT_MAX: usize = 2_000;

/// Longest title, characters.
const TITLE_MAX: usize = 200;

/// Most names in a list.
const LIST_MAX: usize = 50;

/// An identifier.
pub(super) fn id(text: &str, field: &str) -> Result<Uuid, Refusal> {
    Uuid::parse_str(text).map_err(|_| Refusal::new(&SUPERVISION_ID_INVALID).field(field))
}

/// Words of bounded length, numbers of people masked.
fn words(text: &str, field: &str, max: usize) -> Result<String, Refusal> {
    if text.chars().count() > max {
        return Err(Refusal::new(&TEXT_TOO_LONG).field(field).detail(max.to_string()));
    }
    let printable: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    Ok(redact(printable.trim()).0)
}

fn needed(text: &str, field: &str, max: usize) -> Result<String, Refusal> {
    let words = words(text, field, max)?;
    if words.is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field(field));
    }
    Ok(words)
}

fn list(texts: &[String], field: &str) -> Result<Vec<String>, Refusal> {
    if texts.len() > LIST_MAX {
        return Err(Refusal::new(&TEXT_TOO_LONG)
            .field(field)
            .detail(LIST_MAX.to_string()));
    }
    texts.iter().map(|text| needed(text, field, TITLE_MAX)).collect()
}

fn optional(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn unknown(field: &str, known: &str) -> Refusal {
    Refusal::new(&VALUE_UNKNOWN).field(field).detail(known)
}

/// An instant that must be there.
pub(super) fn needed_instant(at: Option<&Timestamp>, field: &str) -> Result<DateTime<Utc>, Refusal> {
    instant(at).ok_or_else(|| Refusal::new(&TEXT_MISSING).field(field))
}

/// The order that is asked for, if one is.
fn order(text: &str) -> Result<Option<Uuid>, Refusal> {
    if text.is_empty() {
        Ok(None)
    } else {
        id(text, "order").map(Some)
    }
}

/// A case to open.
pub(super) fn opened(asked: proto::OpenCaseRequest) -> Result<Opened, Fault> {
    Ok(Opened {
        order: order(&asked.order)?,
        city: asked.city,
        unit: needed(&asked.unit_id, "unit_id", TITLE_MAX)?,
        others: list(&asked.other_unit_ids, "other_unit_ids")?,
        class: asked.class,
        source: asked.source,
        title: needed(&asked.title, "title", TITLE_MAX)?,
        reason: needed(&asked.reason, "reason", TEXT_MAX)?,
        request: words(&asked.idempotency_key, "idempotency_key", TITLE_MAX)?,
    })
}

fn state(number: i32) -> Result<Option<i16>, Refusal> {
    match proto::CaseState::try_from(number) {
        Ok(proto::CaseState::Unspecified) => Ok(None),
        Ok(state) => Ok(i16::try_from(i32::from(state)).ok()),
        Err(_) => Err(unknown("state", "0-3")),
    }
}

/// Which cases.
pub(super) fn filter(asked: &proto::ListCasesRequest) -> Result<CaseFilter, Fault> {
    Ok(CaseFilter {
        unit: optional(&asked.unit_id),
        class: optional(&asked.class),
        state: state(asked.state)?,
        order: order(&asked.order)?,
        from: instant(asked.opened_from.as_ref()),
        before: instant(asked.opened_before.as_ref()),
    })
}

/// Which cases to export.
pub(super) fn export(asked: proto::ExportLedgerRequest) -> Result<CaseFilter, Fault> {
    filter(&proto::ListCasesRequest {
        unit_id: asked.unit_id,
        class: asked.class,
        state: asked.state,
        opened_from: asked.opened_from,
        opened_before: asked.opened_before,
        ..proto::ListCasesRequest::default()
    })
}

/// Which cards.
pub(super) fn card_filter(asked: &proto::ListCardsRequest) -> Result<CardFilter, Fault> {
    let colour = optional(&asked.colour);
    if let Some(colour) = &colour {
        let known: Result<Colour, _> = colour.parse();
        known.map_err(|_| unknown("colour", "yellow, red"))?;
    }
    Ok(CardFilter {
        unit: optional(&asked.unit_id),
        colour,
        order: order(&asked.order)?,
    })
}

/// A document to issue.
pub(super) fn issue(asked: &proto::IssueInstrumentRequest) -> Result<Command, Fault> {
    Ok(Command::Issue {
        code: asked.code.clone(),
        unit: optional(&asked.unit_id),
        reason: words(&asked.reason, "reason", TEXT_MAX)?,
        body: optional(&asked.body),
    })
}

/// A unit's answer, in the name of the caller's unit.
pub(super) fn reply(asked: &proto::ReplyInstrumentRequest, caller: &Caller) -> Result<Command, Fault> {
    let unit = caller.unit.clone().ok_or_else(|| Refusal::new(&UNIT_MISSING))?;
    Ok(Command::Reply {
        instrument: id(&asked.instrument_id, "instrument_id")?,
        text: words(&asked.text, "text", TEXT_MAX)?,
        attachments: list(&asked.attachments, "attachments")?,
        unit,
    })
}

/// A decision on an answer.
pub(super) fn decision(asked: &proto::DecideReplyRequest) -> Result<Command, Fault> {
    Ok(Command::DecideReply {
        instrument: id(&asked.instrument_id, "instrument_id")?,
        accepted: asked.accepted,
        reason: words(&asked.reason, "reason", TEXT_MAX)?,
    })
}

/// A coordination meeting.
pub(super) fn coordinate(asked: &proto::CoordinateRequest) -> Result<Command, Fault> {
    Ok(Command::Coordinate {
        body: asked.body.clone(),
        units: list(&asked.unit_ids, "unit_ids")?,
        lead: optional(&asked.lead_unit_id),
        minutes: words(&asked.minutes, "minutes", TEXT_MAX)?,
    })
}

/// What a verification found.
pub(super) fn verification(asked: &proto::RecordVerificationRequest) -> Result<Command, Fault> {
    let finding: Result<Finding, _> = asked.outcome.parse();
    Ok(Command::Verify {
        finding: finding.map_err(|_| unknown("outcome", "compliant, faulty, false"))?,
        contacted: asked.contacted,
        solved: asked.solved,
        note: words(&asked.note, "note", TEXT_MAX)?,
    })
}

/// Whether the platform caused the delay.
pub(super) fn delay(asked: &proto::FindPlatformDelayRequest) -> Result<Command, Fault> {
    let reason = words(&asked.reason, "reason", TEXT_MAX)?;
    Ok(Command::FindDelay(asked.caused, reason))
}

/// Types of accountability.
pub(super) fn accountability(asked: &proto::OpenAccountabilityRequest) -> Result<Command, Fault> {
    let causes = list(&asked.causes, "causes")?;
    Ok(Command::Raise(causes, words(&asked.reason, "reason", TEXT_MAX)?))
}

/// Measures.
pub(super) fn measures(asked: &proto::DecideMeasuresRequest) -> Result<Command, Fault> {
    let draft = |(place, draft): (usize, &proto::MeasureDraft)| {
        let holds: Result<Bearer, _> = draft.holds.parse();
        Ok(MeasureDraft {
            code: draft.code.clone(),
            holds: holds.map_err(|_| unknown(&format!("measures[{place}].holds"), "person, unit"))?,
            subject: words(&draft.subject, &format!("measures[{place}].subject"), TITLE_MAX)?,
        })
    };
    let drafts = asked.measures.iter().enumerate().map(draft);
    let drafts = drafts.collect::<Result<_, Refusal>>()?;
    Ok(Command::Measure(
        drafts,
        words(&asked.reason, "reason", TEXT_MAX)?,
    ))
}

/// A finding that spares accountability.
pub(super) fn exemption(asked: &proto::RecordExemptionRequest) -> Result<Command, Fault> {
    let reason = words(&asked.reason, "reason", TEXT_MAX)?;
    Ok(Command::Exempt(
        asked.code.clone(),
        list(&asked.found, "found")?,
        reason,
    ))
}

/// Material to hand over.
pub(super) fn hand_over(asked: &proto::HandOverRequest) -> Result<Command, Fault> {
    let reason = words(&asked.reason, "reason", TEXT_MAX)?;
    Ok(Command::HandOver(
        asked.recipient.clone(),
        optional(&asked.body),
        reason,
    ))
}

/// A case to close.
pub(super) fn close(asked: &proto::CloseCaseRequest) -> Result<Command, Fault> {
    let reason = words(&asked.reason, "reason", TEXT_MAX)?;
    Ok(Command::Close(asked.outcome.clone(), reason))
}

/// A visit to record.
pub(super) fn visit(asked: proto::RecordVisitRequest) -> Result<Visit, Fault> {
    Ok(Visit {
        id: Uuid::nil(),
        city: asked.city,
        body: asked.body,
        unit: needed(&asked.unit_id, "unit_id", TITLE_MAX)?,
        at: DateTime::UNIX_EPOCH,
        findings: words(&asked.findings, "findings", TEXT_MAX)?,
        case: None,
        actor: String::new(),
    })
}
