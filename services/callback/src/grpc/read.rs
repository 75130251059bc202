//! Reads requests: whatever could never be right is refused here, by its field.

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;
use hotline_policy::rules::Way;
use hotline_proto::callback::v1::{self as proto, CallbackState};
use hotline_vault::redact::redact;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::contract;
use crate::domain::refusals::{ID_INVALID, TEXT_TOO_LONG, TEXT_UNPRINTABLE, VALUE_UNKNOWN};
use crate::domain::{Answer, Command, Grounds, Judgement, Paper};

/// Longest reason, characters.
const REASON_MAX: usize = 2_000;

/// Longest reference of a document, characters.
const REFERENCE_MAX: usize = 200;

/// Most references of one judgement.
const EVIDENCE_MAX: usize = 20;

/// Why an attempt reached nobody.
const RESULTS: [&str; 4] = ["no_answer", "busy", "switched_off", "wrong_number"];

/// An attempt that reached nobody.
pub(super) fn attempt(result: &str) -> Result<Command, Refusal> {
    let known = RESULTS.into_iter().find(|known| *known == result);
    known
        .map(Command::RecordAttempt)
        .ok_or_else(|| unknown("result", &RESULTS.join(", ")))
}

/// A choice of way.
pub(super) fn way(way: &str) -> Result<Command, Refusal> {
    way.parse::<Way>().map(Command::Choose).map_err(|_| {
        let known: Vec<_> = Way::ALL.iter().map(|way| way.as_str()).collect();
        unknown("way", &known.join(", "))
    })
}

/// What came back to a message.
pub(super) fn message(text: &str) -> Result<Command, Refusal> {
    Ok(Command::Receive(words(text, "text")?))
}

/// What the appellant answered, with numbers of people masked in the words.
pub(super) fn answer(asked: &proto::CompleteCallbackRequest) -> Result<Command, Refusal> {
    let satisfaction = contract::satisfaction(asked.satisfaction());
    Ok(Command::Complete(Answer {
        satisfaction: satisfaction.ok_or_else(|| unknown("satisfaction", "1-5"))?,
        solved: asked.solved,
        contacted: asked.contacted,
        untruthful: asked.untruthful,
        reason: words(&asked.reason, "reason")?,
        suggestion: words(&asked.suggestion, "suggestion")?,
    }))
}

/// A judgement with its grounds.
pub(super) fn judgement(asked: &proto::JudgeBadAnswerRequest) -> Result<Command, Refusal> {
    let verdict = contract::verdict(asked.verdict());
    let known = "redo, excluded, escalate, compliant, fix";
    let verdict = verdict.ok_or_else(|| unknown("verdict", known))?;
    if asked.evidence.len() > EVIDENCE_MAX {
        return Err(Refusal::new(&TEXT_TOO_LONG)
            .field("evidence")
            .detail(EVIDENCE_MAX.to_string()));
    }
    let evidence = asked.evidence.iter().map(|text| reference(text, "evidence"));
    Ok(Command::Judge(Judgement {
        verdict,
        reason: words(&asked.reason, "reason")?,
        exclusion: reference(&asked.exclusion, "exclusion")?,
        evidence: evidence.collect::<Result<_, _>>()?,
        fix_by: asked.fix_by.as_ref().and_then(instant),
        grounds: Grounds::default(),
    }))
}

/// A unit's paper.
pub(super) fn paper(paper: Option<proto::Paper>, by: &str, at: DateTime<Utc>) -> Result<Command, Refusal> {
    let paper = paper.unwrap_or_default();
    let kind = contract::paper_kind(&paper.kind);
    Ok(Command::FilePaper(Paper {
        kind: kind.ok_or_else(|| unknown("paper.kind", "audit_form, duty_statement"))?,
        text: words(&paper.text, "paper.text")?,
        signed_by: reference(&paper.signed_by, "paper.signed_by")?,
        sealed: paper.sealed,
        reference: reference(&paper.reference, "paper.reference")?,
        by: by.to_owned(),
        at,
    }))
}

/// Words: of bounded length, printable, numbers of people masked.
pub(super) fn words(text: &str, field: &str) -> Result<String, Refusal> {
    checked(text, field, REASON_MAX).map(|text| redact(text).0)
}

/// A short word or reference.
pub(super) fn reference(text: &str, field: &str) -> Result<String, Refusal> {
    checked(text, field, REFERENCE_MAX).map(str::to_owned)
}

fn checked<'t>(text: &'t str, field: &str, max: usize) -> Result<&'t str, Refusal> {
    if text.chars().count() > max {
        return Err(Refusal::new(&TEXT_TOO_LONG).field(field).detail(max.to_string()));
    }
    if text.chars().any(is_unprintable) {
        return Err(Refusal::new(&TEXT_UNPRINTABLE).field(field));
    }
    Ok(text.trim())
}

/// Control characters but the line feed, and characters that turn the direction of writing.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn instant(at: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

/// An identifier.
pub(super) fn identifier(text: &str, field: &str) -> Result<Uuid, Refusal> {
    Uuid::parse_str(text).map_err(|_| Refusal::new(&ID_INVALID).field(field))
}

/// The number of a state, which is the same in the contract and in the table; none for "any".
pub(super) fn state(number: i32) -> Result<Option<i16>, Refusal> {
    match CallbackState::try_from(number) {
        Ok(CallbackState::Unspecified) => Ok(None),
        Ok(state) => Ok(i16::try_from(i32::from(state)).ok()),
        Err(_) => Err(unknown("state", "0-6")),
    }
}

/// A value that the list does not have.
pub(super) fn unknown(field: &str, known: &str) -> Refusal {
    Refusal::new(&VALUE_UNKNOWN).field(field).detail(known)
}
