//! A new appeal before it is registered: read, normalised and checked, not yet sealed.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Channel, Desk, Refusal, Urgency};
use uuid::Uuid;

use super::appeal::Enterprise;
use super::refusals;
use super::text::{self, Lines};

/// The label that sends an order to the enterprise platform too; it follows from an enterprise appellant.
pub const LABEL_ENTERPRISE: &str = "enterprise";

/// Who appeals, in normal forms. Never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Name; empty when anonymous.
    pub name: String,
    /// Telephone in E.164; empty when not told.
    pub telephone: String,
    /// Identity number (GB 11643); empty when not told.
    pub identity_number: String,
    /// Address; empty when not told.
    pub address: String,
    /// The enterprise for which the person speaks.
    pub enterprise: Option<Enterprise>,
    /// Gives no name.
    pub anonymous: bool,
    /// The unit must not learn who appealed.
    pub confidential: bool,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(***)")
    }
}

/// A new appeal.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Names the request for ever.
    pub request_key: String,
    /// Kind.
    pub appeal_type: AppealType,
    /// Channel.
    pub channel: Channel,
    /// Desk.
    pub desk: Desk,
    /// Urgency.
    pub urgency: Urgency,
    /// Category code.
    pub category: String,
    /// Division code.
    pub division: String,
    /// Title, as written.
    pub title: String,
    /// Content, as written.
    pub content: String,
    /// Place of the incident; empty when not told.
    pub incident_place: String,
    /// When it happened, if told.
    pub incident_time: Option<DateTime<Utc>>,
    /// Labels.
    pub labels: BTreeSet<String>,
    /// Who appeals.
    pub appellant: Person,
    /// Touches stability or threats.
    pub sensitive: bool,
    /// Platform that passed it on and its reference there.
    pub source: Option<(String, String)>,
    /// Hotline number that was dialled; empty for 12345's own.
    pub line: String,
    /// Seat that takes it; may be empty.
    pub seat: String,
    /// When it was raised, where that was before it is registered.
    pub raised_at: Option<DateTime<Utc>>,
    /// Call that it comes by.
    pub call_id: Option<Uuid>,
    /// Accept in the same step.
    pub accept: bool,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("appeal_type", &self.appeal_type)
            .finish_non_exhaustive()
    }
}

/// The labels of a draft, with the one that follows from an enterprise appellant.
///
/// # Errors
/// `appeal.labels` for too many or for what is no word, `appeal.enterprise_label` for the label without the enterprise.
pub fn labels(raw: &[String], enterprise: Option<&Enterprise>) -> Result<BTreeSet<String>, Refusal> {
    if raw.len() > text::LABELS_MAX {
        let detail = format!("max {}", text::LABELS_MAX);
        return Err(Refusal::new(&refusals::LABELS).field("labels").detail(detail));
    }
    if let Some(place) = raw.iter().position(|label| !text::is_word(label)) {
        return Err(Refusal::new(&refusals::LABELS).field(format!("labels[{place}]")));
    }
    let mut labels: BTreeSet<String> = raw.iter().cloned().collect();
    if enterprise.is_some() {
        labels.insert(LABEL_ENTERPRISE.to_owned());
    } else if labels.contains(LABEL_ENTERPRISE) {
        return Err(Refusal::new(&refusals::ENTERPRISE_LABEL).field("labels"));
    }
    Ok(labels)
}

/// The platform that passed an appeal on, with its reference: both or none.
///
/// # Errors
/// `appeal.source` for one without the other or a source that is no word, and those of a text.
pub fn source(source: &str, reference: &str) -> Result<Option<(String, String)>, Refusal> {
    let reference = text::optional("source_reference", reference, Lines::One, text::KEY_MAX)?;
    match (source.trim(), reference.is_empty()) {
        ("", true) => Ok(None),
        ("", false) => Err(Refusal::new(&refusals::SOURCE).field("source")),
        (_, true) => Err(Refusal::new(&refusals::SOURCE).field("source_reference")),
        (source, false) if text::is_word(source) => Ok(Some((source.to_owned(), reference))),
        _ => Err(Refusal::new(&refusals::SOURCE).field("source")),
    }
}

/// An instant that has passed, told in `field`.
///
/// # Errors
/// `appeal.incident_time` for one in the future.
pub fn past(
    field: &str,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Refusal> {
    match at {
        Some(at) if at > now => Err(Refusal::new(&refusals::INCIDENT_TIME).field(field)),
        at => Ok(at),
    }
}
