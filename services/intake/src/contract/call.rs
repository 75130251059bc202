//! Calls and files: reports read, events and answers written.

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;
use hotline_proto::intake::v1 as proto;
use hotline_vault::normalise;
use uuid::Uuid;

use super::message::facts;
use super::{given, instant, timestamp, value_of};
use crate::domain::text::{self, Lines};
use crate::domain::{AppealFile, Call, CallReport, CallState, Case, FILE_NAME_MAX, Recording, refusals};
use crate::ops::{Reported, SeenCall};
use crate::store::TakenSeat;

/// Most characters of a seat's number.
const SEAT_MAX: usize = 32;
/// Longest recording that is believed: a day.
const RECORDING_SECONDS_MAX: i32 = 86_400;
/// Hexadecimal digits of a SHA-256.
const SHA256_LEN: usize = 64;

/// A seat's number.
///
/// # Errors
/// Those of a text.
pub fn seat(raw: &str) -> Result<String, Refusal> {
    text::required("seat", raw, Lines::One, SEAT_MAX)
}

/// A report as the exchange sent it. A number that is none (an internal extension, "anonymous") counts as withheld: the
/// call rings all the same.
///
/// # Errors
/// The first field that is wrong.
pub fn reported(request: proto::ReportCallRequest) -> Result<Reported, Refusal> {
    let one = |field: &str, raw: &str| text::required(field, raw, Lines::One, text::KEY_MAX);
    if !text::is_word(&request.adapter) {
        return Err(Refusal::new(&refusals::CALL_ADAPTER).field("adapter"));
    }
    let report = report(&request)?;
    let at = request
        .occurred_at
        .as_ref()
        .map(|at| instant(at).ok_or_else(|| Refusal::new(&refusals::INCIDENT_TIME).field("occurred_at")));
    Ok(Reported {
        name: (request.adapter.clone(), one("reference", &request.reference)?),
        report,
        seat: seat(&request.seat)?,
        agent: text::optional("agent", &request.agent, Lines::One, text::KEY_MAX)?,
        telephone: normalise::telephone(&request.telephone, normalise::DEFAULT_AREA_CODE).unwrap_or_default(),
        line: text::optional("line", &request.line, Lines::One, text::KEY_MAX)?,
        at: at.transpose()?,
    })
}

fn report(request: &proto::ReportCallRequest) -> Result<CallReport, Refusal> {
    let known = Some(request.kind()).filter(|kind| i32::from(*kind) == request.kind);
    let report = match known {
        Some(proto::CallReportKind::Ringing) => Some(CallReport::Ringing),
        Some(proto::CallReportKind::Answered) => Some(CallReport::Answered),
        Some(proto::CallReportKind::Ended) => Some(CallReport::Ended),
        Some(proto::CallReportKind::RecordingReady) => Some(CallReport::RecordingReady(Recording {
            reference: text::required("recording", &request.recording, Lines::One, text::PLACE_MAX)?,
            seconds: request.recording_seconds.clamp(0, RECORDING_SECONDS_MAX),
        })),
        Some(proto::CallReportKind::Unspecified) | None => None,
    };
    given(report, "kind")
}

fn call_facts(call: &Call) -> proto::CallFacts {
    proto::CallFacts {
        call_id: call.id.to_string(),
        seat: call.seat.clone(),
        agent: call.agent.clone(),
        line: call.line.clone(),
        masked_number: call.masked_number.clone(),
        caller_reference: call.caller_reference.clone(),
        rang_at: Some(timestamp(call.rang_at)),
    }
}

/// A call rings.
#[must_use]
pub fn ringing(call: &Call) -> proto::CallRinging {
    proto::CallRinging {
        call: Some(call_facts(call)),
    }
}

/// A call was answered.
#[must_use]
pub fn call_answered(call: &Call, at: DateTime<Utc>) -> proto::CallAnswered {
    proto::CallAnswered {
        call: Some(call_facts(call)),
        answered_at: Some(timestamp(at)),
    }
}

/// A call is over.
#[must_use]
pub fn call_ended(call: &Call, at: DateTime<Utc>) -> proto::CallEnded {
    proto::CallEnded {
        call: Some(call_facts(call)),
        ended_at: Some(timestamp(at)),
        answered: call.answered_at.is_some(),
    }
}

/// A recording can be played.
#[must_use]
pub fn recording_ready(call: &Call, recording: &Recording) -> proto::CallRecordingReady {
    proto::CallRecordingReady {
        call: Some(call_facts(call)),
        recording: recording.reference.clone(),
        recording_seconds: recording.seconds,
    }
}

/// The number was shown to its agent.
#[must_use]
pub fn caller_shown(call: Uuid, actor: &str) -> proto::CallerShown {
    proto::CallerShown {
        call_id: call.to_string(),
        actor: actor.to_owned(),
    }
}

/// A call, masked.
#[must_use]
pub fn call(call: &Call) -> proto::Call {
    let recording = call.recording.as_ref();
    proto::Call {
        call_id: call.id.to_string(),
        state: value_of(&CallState::ALL, &call.state()),
        seat: call.seat.clone(),
        agent: call.agent.clone(),
        line: call.line.clone(),
        masked_number: call.masked_number.clone(),
        telephone: String::new(),
        rang_at: Some(timestamp(call.rang_at)),
        answered_at: call.answered_at.map(timestamp),
        ended_at: call.ended_at.map(timestamp),
        recording: recording.map_or(String::new(), |recording| recording.reference.clone()),
        recording_seconds: recording.map_or(0, |recording| recording.seconds),
        appeals: Vec::new(),
    }
}

/// A call as it is opened.
#[must_use]
pub fn seen_call(seen: &SeenCall) -> proto::Call {
    let appeals = seen.appeals.iter().map(|(id, number)| proto::CalledAppeal {
        appeal_id: id.to_string(),
        number: number.clone(),
    });
    proto::Call {
        telephone: seen.telephone.clone(),
        appeals: appeals.collect(),
        ..call(&seen.call)
    }
}

/// Somebody at a seat.
#[must_use]
pub fn taken_seat(taken: TakenSeat) -> proto::TakenSeat {
    proto::TakenSeat {
        seat: taken.seat,
        agent: taken.agent,
        since: Some(timestamp(taken.since)),
    }
}

/// A file that the gateway stored; when is set by the register.
///
/// # Errors
/// The first field that is wrong.
pub fn new_file(request: &proto::AttachFileRequest, now: DateTime<Utc>) -> Result<AppealFile, Refusal> {
    let file = request.file.clone().unwrap_or_default();
    let wrong = |field: &str| Refusal::new(&refusals::FILE).field(field);
    let is_digest =
        file.sha256.len() == SHA256_LEN && file.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest {
        return Err(wrong("file.sha256"));
    }
    if file.size_bytes <= 0 {
        return Err(wrong("file.size_bytes"));
    }
    Ok(AppealFile {
        id: file.file_id.parse().map_err(|_| wrong("file.file_id"))?,
        name: text::required("file.name", &file.name, Lines::One, FILE_NAME_MAX)?,
        media_type: text::required("file.media_type", &file.media_type, Lines::One, text::KEY_MAX)?,
        size_bytes: file.size_bytes,
        sha256: file.sha256.to_ascii_lowercase(),
        from_appellant: file.from_appellant,
        attached_by: text::required("actor", &request.actor, Lines::One, text::KEY_MAX)?,
        attached_at: now,
    })
}

/// A file was put with an appeal.
#[must_use]
pub fn file_attached(case: &Case, file: &AppealFile) -> proto::AppealFileAttached {
    proto::AppealFileAttached {
        facts: Some(facts(case)),
        file_id: file.id.to_string(),
        media_type: file.media_type.clone(),
        size_bytes: file.size_bytes,
        from_appellant: file.from_appellant,
        actor: file.attached_by.clone(),
    }
}

/// A file of an appeal.
#[must_use]
pub fn file(file: &AppealFile) -> proto::AppealFile {
    proto::AppealFile {
        file_id: file.id.to_string(),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size_bytes: file.size_bytes,
        sha256: file.sha256.clone(),
        from_appellant: file.from_appellant,
        attached_by: file.attached_by.clone(),
        attached_at: Some(timestamp(file.attached_at)),
    }
}
