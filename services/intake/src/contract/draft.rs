//! A registration request read into a draft: every field checked, numbers brought to their normal forms.

use chrono::{DateTime, Utc};
use hotline_policy::{Channel, City, Desk, Refusal, Urgency};
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};
use hotline_vault::normalise;

use super::{appeal_type_of, channel_of, given, instant, word_at};
use crate::domain::text::{self, Lines};
use crate::domain::{Draft, Enterprise, Person, incident_time, labels, refusals, source};

/// When and by which desk a request was received.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The desk of the caller.
    pub desk: Desk,
}

/// The draft of a request.
///
/// # Errors
/// The first field that is wrong, by its name.
pub fn draft(request: RegisterAppealRequest, city: &City, received: Received) -> Result<Draft, Refusal> {
    let request_key = text::required(
        "idempotency_key",
        &request.idempotency_key,
        Lines::One,
        text::KEY_MAX,
    )?;
    let channel = given(channel_of(request.channel), "channel")?;
    let appellant = person(request.appellant.unwrap_or_default())?;
    let happened = match &request.incident_time {
        None => None,
        Some(at) => {
            Some(instant(at).ok_or_else(|| Refusal::new(&refusals::INCIDENT_TIME).field("incident_time"))?)
        }
    };
    Ok(Draft {
        request_key,
        appeal_type: given(appeal_type_of(request.r#type), "type")?,
        channel,
        desk: desk(channel, received.desk),
        urgency: urgency(request.urgency)?,
        category: category(request.category, city)?,
        division: division(request.division, city)?,
        title: text::required("title", &request.title, Lines::One, text::TITLE_MAX)?,
        content: text::required("content", &request.content, Lines::Many, text::CONTENT_MAX)?,
        incident_place: text::optional(
            "incident_place",
            &request.incident_place,
            Lines::One,
            text::PLACE_MAX,
        )?,
        incident_time: incident_time(happened, received.now)?,
        labels: labels(&request.labels, appellant.enterprise.as_ref())?,
        appellant,
        sensitive: request.sensitive,
        source: source(&request.source, &request.source_reference)?,
        accept: request.accept,
    })
}

/// The enterprise seat is the enterprise desk's, whoever sits at it.
fn desk(channel: Channel, caller: Desk) -> Desk {
    if channel == Channel::EnterpriseSeat {
        Desk::Enterprise
    } else {
        caller
    }
}

fn urgency(value: i32) -> Result<Urgency, Refusal> {
    if value == 0 {
        Ok(Urgency::Normal)
    } else {
        given(word_at(Urgency::ALL, value), "urgency")
    }
}

fn category(code: String, city: &City) -> Result<String, Refusal> {
    match city.catalogue.category(&code) {
        Some(_) => Ok(code),
        None => Err(Refusal::new(&refusals::CATEGORY).field("category")),
    }
}

/// The division, or the city's own when none is told.
fn division(code: String, city: &City) -> Result<String, Refusal> {
    if code.is_empty() {
        return Ok(city.policy.division.clone());
    }
    match city.divisions.get(&code) {
        Some(_) => Ok(code),
        None => Err(Refusal::new(&refusals::DIVISION).field("division")),
    }
}

fn person(raw: Appellant) -> Result<Person, Refusal> {
    let name = text::optional("appellant.name", &raw.name, Lines::One, text::NAME_MAX)?;
    if raw.anonymous && !name.is_empty() {
        return Err(Refusal::new(&refusals::ANONYMOUS_NAME).field("appellant.name"));
    }
    Ok(Person {
        name,
        telephone: telephone("appellant.telephone", &raw.telephone)?,
        identity_number: identity_number(&raw.identity_number)?,
        address: text::optional("appellant.address", &raw.address, Lines::One, text::PLACE_MAX)?,
        enterprise: raw.enterprise.map(enterprise).transpose()?.flatten(),
        anonymous: raw.anonymous,
        confidential: raw.confidential,
    })
}

/// The normal form of a telephone number; empty stays empty.
///
/// # Errors
/// `appellant.telephone`, with the reason and without the number.
pub(crate) fn telephone(field: &str, raw: &str) -> Result<String, Refusal> {
    if raw.trim().is_empty() {
        return Ok(String::new());
    }
    normalise::telephone(raw, normalise::DEFAULT_AREA_CODE).map_err(|reason| {
        Refusal::new(&refusals::TELEPHONE)
            .field(field)
            .detail(reason.to_string())
    })
}

fn identity_number(raw: &str) -> Result<String, Refusal> {
    if raw.trim().is_empty() {
        return Ok(String::new());
    }
    normalise::identity_number(raw).map_err(|reason| {
        let refusal = Refusal::new(&refusals::IDENTITY_NUMBER).field("appellant.identity_number");
        refusal.detail(reason.to_string())
    })
}

/// The enterprise; an empty message is none.
fn enterprise(raw: common::Enterprise) -> Result<Option<Enterprise>, Refusal> {
    if raw == common::Enterprise::default() {
        return Ok(None);
    }
    let name = text::required(
        "appellant.enterprise.name",
        &raw.name,
        Lines::One,
        text::PLACE_MAX,
    )?;
    if raw.credit_code.trim().is_empty() {
        return Ok(Some(Enterprise {
            name,
            credit_code: String::new(),
        }));
    }
    let credit_code = normalise::credit_code(&raw.credit_code).map_err(|reason| {
        let refusal = Refusal::new(&refusals::CREDIT_CODE).field("appellant.enterprise.credit_code");
        refusal.detail(reason.to_string())
    })?;
    Ok(Some(Enterprise { name, credit_code }))
}
