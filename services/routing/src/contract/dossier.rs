//! What people see of an order beside its legs.

use hotline_proto::routing::v1;

use crate::contract::timestamp;
use crate::domain::UnitId;
use crate::domain::dossier::{
    Acceptance, AcceptanceVerdict, Attachment, Finder, Finding, Question, Statement, Whistle, WhistleState,
};

/// A reference to something kept elsewhere.
pub fn attachment_view(attachment: &Attachment) -> v1::Attachment {
    v1::Attachment {
        name: attachment.name.clone(),
        reference: attachment.reference.clone(),
    }
}

pub(super) fn question_view(question: &Question) -> v1::DutyQuestion {
    v1::DutyQuestion {
        body_unit_id: question.body.to_string(),
        question: question.words.clone(),
        asked_at: Some(timestamp(question.at)),
        actor: question.by.clone(),
    }
}

/// The body and the participants of a finding, as the contract tells them.
pub fn finder_words(finder: &Finder) -> (String, Vec<String>) {
    match finder {
        Finder::Body(body) => (body.to_string(), Vec::new()),
        Finder::Meeting(units) => (String::new(), unit_words(units)),
    }
}

/// Units as the contract names them.
pub fn unit_words(units: &[UnitId]) -> Vec<String> {
    units.iter().map(ToString::to_string).collect()
}

pub(super) fn finding_view(finding: &Finding) -> v1::DutyFinding {
    let (body_unit_id, participant_unit_ids) = finder_words(&finding.finder);
    v1::DutyFinding {
        body_unit_id,
        participant_unit_ids,
        lead_unit_id: finding.lead.to_string(),
        words: finding.words.clone(),
        recorded_at: Some(timestamp(finding.at)),
        actor: finding.by.clone(),
    }
}

pub(super) fn whistle_view(whistle: &Whistle) -> v1::Whistle {
    let meeting = whistle.meeting();
    let duties = meeting
        .map(|meeting| meeting.duties.as_slice())
        .unwrap_or_default();
    let duty = |(unit, duty): &(UnitId, String)| v1::WhistleDuty {
        unit_id: unit.to_string(),
        duty: duty.clone(),
    };
    let reason = match &whistle.state {
        WhistleState::Requested => "",
        WhistleState::Agreed(reason) | WhistleState::Refused(reason) => reason,
        WhistleState::Met(meeting) => &meeting.reason,
    };
    v1::Whistle {
        unit_id: whistle.unit.to_string(),
        matter: whistle.matter.clone(),
        called_unit_ids: unit_words(&whistle.called),
        state: whistle.state.as_str().to_owned(),
        decision_reason: reason.to_owned(),
        minutes: meeting.map(|meeting| meeting.minutes.clone()).unwrap_or_default(),
        duties: duties.iter().map(duty).collect(),
    }
}

/// Whether it passed, the units at fault and those that do it again with them.
pub fn verdict_words(verdict: &AcceptanceVerdict) -> (bool, Vec<String>, Vec<String>) {
    match verdict {
        AcceptanceVerdict::Passed => (true, Vec::new(), Vec::new()),
        AcceptanceVerdict::Failed {
            responsible,
            cooperating,
        } => (false, unit_words(responsible), unit_words(cooperating)),
    }
}

pub(super) fn acceptance_view(acceptance: &Acceptance) -> v1::Acceptance {
    let (passed, responsible_unit_ids, cooperating_unit_ids) = verdict_words(&acceptance.verdict);
    v1::Acceptance {
        passed,
        ways: acceptance.ways.iter().map(ToString::to_string).collect(),
        words: acceptance.words.clone(),
        evidence: acceptance.evidence.iter().map(attachment_view).collect(),
        responsible_unit_ids,
        cooperating_unit_ids,
        accepted_at: Some(timestamp(acceptance.at)),
        actor: acceptance.by.clone(),
        round: acceptance.round.cast_signed(),
    }
}

pub(super) fn statement_view(statement: &Statement) -> v1::Statement {
    let filed = statement.filed.as_ref();
    v1::Statement {
        unit_id: statement.unit.to_string(),
        kind: statement.kind.as_str().to_owned(),
        demanded_at: Some(timestamp(statement.demanded)),
        filed_at: filed.map(|filed| timestamp(filed.at)),
        text: filed.map(|filed| filed.text.clone()).unwrap_or_default(),
        signed_by: filed.map(|filed| filed.signed_by.clone()).unwrap_or_default(),
        sealed: filed.is_some_and(|filed| filed.sealed),
        document: filed
            .and_then(|filed| filed.document.as_ref())
            .map(attachment_view),
        round: statement.round.cast_signed(),
    }
}
