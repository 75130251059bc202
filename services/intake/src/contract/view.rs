//! What people see: an appeal with its appellant masked, lines of a timeline, and the appellant in clear on request.

use chrono::{DateTime, Utc};
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1 as proto;

use super::{state, timestamp, value_of, values};
use crate::domain::{Case, Entry, Mark, MarkState, Secrecy, State};
use crate::ops::{Candidate, Seen, Tracked};
use crate::seal::Opened;
use crate::store::Similar;

/// An appeal as staff see it, its appellant masked already.
#[must_use]
pub fn appeal(seen: &Seen) -> proto::Appeal {
    let (appeal, masked) = (&seen.appeal, &seen.masked);
    let case = &appeal.case;
    let (appeal_type, channel, desk, urgency) =
        values(case.appeal_type, case.channel, case.desk, case.urgency);
    let (source, source_reference) = case.source.clone().unwrap_or_default();
    let (merged_into, reject_code) = match &appeal.state {
        State::Merged { into, .. } => (into.to_string(), String::new()),
        State::Rejected { code } => (String::new(), code.clone()),
        _ => Default::default(),
    };
    proto::Appeal {
        appeal_id: case.id.to_string(),
        number: case.number.clone(),
        state: state(appeal.state.name()).into(),
        r#type: appeal_type.into(),
        channel: channel.into(),
        desk: desk.into(),
        urgency: urgency.into(),
        category: case.category.clone(),
        division: case.division.clone(),
        title: case.title.clone(),
        content: case.content.clone(),
        incident_place: masked.incident_place.clone(),
        incident_time: case.incident_time.map(timestamp),
        labels: case.labels.iter().cloned().collect(),
        appellant: Some(appellant(case, masked)),
        sensitive: case.sensitive,
        secrecy: secrecy(case).into(),
        source,
        source_reference,
        policy_id: case.policy_id.clone(),
        policy_version: case.policy_version.clone(),
        version: appeal.version,
        registered_at: Some(timestamp(case.registered_at)),
        merged_into,
        reject_code,
        disposition: appeal.disposition.clone(),
        urge_count: appeal.urges,
        earlier_appeals: case.earlier_appeals,
        line: case.line.clone(),
        seat: case.seat.clone(),
        raised_at: Some(timestamp(case.raised_at)),
        registered_by: case.registered_by.clone(),
        caller_marked: case.caller_marked,
        referral_level: match appeal.state {
            State::Referred { level } => level,
            _ => 0,
        },
        decider: seen
            .decider
            .map_or(String::new(), |post| post.as_str().to_owned()),
        disposition_basis: appeal.rests_on.clone(),
        scope: seen.scope.clone(),
        call_id: case.call_id.map(|id| id.to_string()).unwrap_or_default(),
        files: Vec::new(),
    }
}

/// What an appellant sees of the appeal, identifiers included: who may learn of those is the caller's business.
#[must_use]
pub fn tracked(tracked: Tracked) -> proto::TrackAppealResponse {
    let case = tracked.case;
    let (appeal_type, _, desk, _) = values(case.appeal_type, case.channel, case.desk, case.urgency);
    let entries = tracked.entries.into_iter().filter_map(public_entry);
    proto::TrackAppealResponse {
        appeal_id: case.id.to_string(),
        order_id: tracked.order.to_string(),
        number: case.number,
        state: state(tracked.state).into(),
        title: case.title,
        entries: entries.collect(),
        registered_at: Some(timestamp(case.registered_at)),
        r#type: appeal_type.into(),
        category: case.category,
        division: case.division,
        desk: desk.into(),
        urge_count: tracked.urges,
        joined: tracked.order != case.id,
        reject_code: tracked.reject_code,
    }
}

/// An open matter of somebody else.
#[must_use]
pub fn similar(similar: &Similar, category: &str) -> proto::SimilarMatter {
    proto::SimilarMatter {
        appeal_id: similar.id.to_string(),
        category: category.to_owned(),
        division: similar.division.clone(),
        state: state(similar.state).into(),
        registered_at: Some(timestamp(similar.registered_at)),
        joined: i32::try_from(similar.joined).unwrap_or(i32::MAX),
    }
}

/// An earlier appeal of the same appellant.
#[must_use]
pub fn candidate(candidate: &Candidate) -> proto::EarlierAppeal {
    proto::EarlierAppeal {
        appeal: Some(appeal(&candidate.seen)),
        likeness: candidate.likeness,
        same_category: candidate.same_category,
        same_place: candidate.same_place,
        answered: candidate.answered,
    }
}

/// A mark of a caller, as it stands at `now`.
#[must_use]
pub fn mark(mark: &Mark, now: DateTime<Utc>) -> proto::CallerMark {
    proto::CallerMark {
        mark_id: mark.id.to_string(),
        appeal_id: mark.appeal_id.to_string(),
        number: mark.number.clone(),
        state: value_of(&MarkState::ALL, &mark.state_at(now)),
        evidence: mark.evidence.clone(),
        references: mark.references.clone(),
        marked_by: mark.marked_by.clone(),
        marked_at: Some(timestamp(mark.marked_at)),
        reviewed_by: mark.reviewed_by.clone(),
        review_note: mark.review_note.clone(),
        expires_at: mark.expires_at.map(timestamp),
    }
}

/// The appellant in clear.
#[must_use]
pub fn revealed_person(case: &Case, clear: &Opened) -> proto::RevealAppellantResponse {
    proto::RevealAppellantResponse {
        appellant: Some(appellant(case, clear)),
        incident_place: clear.incident_place.clone(),
    }
}

fn appellant(case: &Case, person: &Opened) -> proto::Appellant {
    let enterprise = case.enterprise.as_ref();
    proto::Appellant {
        name: person.name.clone(),
        telephone: person.telephone.clone(),
        identity_number: person.identity_number.clone(),
        address: person.address.clone(),
        enterprise: enterprise.map(|known| common::Enterprise {
            name: known.name.clone(),
            credit_code: known.credit_code.clone(),
        }),
        anonymous: case.anonymous,
        confidential: case.confidential,
    }
}

/// The label of a case, as the contract has it.
fn secrecy(case: &Case) -> common::Secrecy {
    match case.secrecy() {
        Secrecy::Ordinary => common::Secrecy::Ordinary,
        Secrecy::Confidential => common::Secrecy::Confidential,
        Secrecy::Report => common::Secrecy::Report,
    }
}

/// A line as staff see it.
#[must_use]
pub fn entry(entry: Entry) -> proto::TimelineEntry {
    let line = entry.line;
    proto::TimelineEntry {
        at: Some(timestamp(entry.at)),
        r#type: line.kind,
        text: line.text,
        text_en: line.text_en,
        actor: line.actor,
        article: line.article,
    }
}

/// A line as the appellant sees it: no account of a person stands in it. `None` for a line of the staff alone.
#[must_use]
pub fn public_entry(entry: Entry) -> Option<proto::TimelineEntry> {
    let line = entry.line;
    let [text, text_en] = line.public?;
    Some(proto::TimelineEntry {
        at: Some(timestamp(entry.at)),
        r#type: line.kind,
        text,
        text_en,
        actor: String::new(),
        article: line.article,
    })
}
