//! A registration request read into a draft: every field checked, numbers brought to their normal forms.

use chrono::{DateTime, Utc};
use hotline_policy::{Channel, City, Desk, Refusal, SeatKind, Urgency};
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};
use hotline_vault::normalise;
use hotline_worktime::date_of;
use prost_types::Timestamp;
use uuid::Uuid;

use super::{appeal_type_of, channel_of, given, instant, word_at};
use crate::domain::text::{self, Lines};
use crate::domain::{Draft, Enterprise, Person, labels, past, refusals, source};

/// When and by which desk a request was received.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The desk of the caller.
    pub desk: Desk,
    /// The call that it comes by, which is the caller's own.
    pub call_id: Option<Uuid>,
}

/// What was found wrong while a request was read.
#[derive(Default)]
struct Wrong(Vec<Refusal>);

impl Wrong {
    /// The value; a refusal is kept and leaves nothing.
    fn take<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.0.push(refusal)).ok()
    }

    fn into_refusal(self) -> Refusal {
        // Only called where something was left out, and that is always noted.
        Refusal::of_all(self.0).unwrap_or_else(|| Refusal::new(&refusals::TEXT_REQUIRED))
    }
}

/// The draft of a request.
///
/// # Errors
/// Every field that is wrong, by its name, the first in front.
pub fn draft(request: RegisterAppealRequest, city: &City, received: Received) -> Result<Draft, Refusal> {
    let mut wrong = Wrong::default();
    let read = read(request, city, received, &mut wrong);
    match read {
        Some(draft) if wrong.0.is_empty() => Ok(draft),
        _ => Err(wrong.into_refusal()),
    }
}

fn read(request: RegisterAppealRequest, city: &City, received: Received, wrong: &mut Wrong) -> Option<Draft> {
    let one = |field: &str, raw: &str, max: usize| text::optional(field, raw, Lines::One, max);
    let request_key = wrong.take(text::required(
        "idempotency_key",
        &request.idempotency_key,
        Lines::One,
        text::KEY_MAX,
    ));
    let appeal_type = wrong.take(given(appeal_type_of(request.r#type), "type"));
    let channel = wrong.take(given(channel_of(request.channel), "channel"));
    let urgency = wrong.take(urgency(request.urgency));
    let category = wrong.take(category(request.category, city));
    let division = wrong.take(division(request.division, city));
    let title = wrong.take(text::required(
        "title",
        &request.title,
        Lines::One,
        text::TITLE_MAX,
    ));
    let content = wrong.take(text::required(
        "content",
        &request.content,
        Lines::Many,
        text::CONTENT_MAX,
    ));
    let incident_place = wrong.take(one("incident_place", &request.incident_place, text::PLACE_MAX));
    let incident_time = wrong.take(told(
        "incident_time",
        request.incident_time.as_ref(),
        received.now,
    ));
    let appellant = person(request.appellant.unwrap_or_default(), wrong);
    let enterprise = appellant.as_ref().and_then(|person| person.enterprise.as_ref());
    let labels = wrong.take(labels(&request.labels, enterprise));
    let source = wrong.take(source(&request.source, &request.source_reference));
    let line = wrong.take(one("line", &request.line, text::KEY_MAX));
    let seat = wrong.take(one("seat", &request.seat, text::KEY_MAX));
    let raised_at = wrong.take(told("raised_at", request.raised_at.as_ref(), received.now));
    let (channel, seat) = (channel?, seat?);
    Some(Draft {
        request_key: request_key?,
        appeal_type: appeal_type?,
        channel,
        desk: desk(channel, &seat, received, city),
        urgency: urgency?,
        category: category?,
        division: division?,
        title: title?,
        content: content?,
        incident_place: incident_place?,
        incident_time: incident_time?,
        labels: labels?,
        appellant: appellant?,
        sensitive: request.sensitive,
        source: source?,
        line: line?,
        seat,
        raised_at: raised_at?,
        call_id: received.call_id,
        accept: request.accept,
    })
}

/// An instant that was told and has passed.
fn told(field: &str, at: Option<&Timestamp>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Refusal> {
    let unreadable = || Refusal::new(&refusals::INCIDENT_TIME).field(field);
    let at = at.map(|at| instant(at).ok_or_else(unreadable)).transpose()?;
    past(field, at, now)
}

/// The enterprise seat is the enterprise desk's, whoever sits at it; seats are those of the policy in force.
fn desk(channel: Channel, seat: &str, received: Received, city: &City) -> Desk {
    let policy = city.policy_on(date_of(received.now));
    let seat = policy.intake().seat(seat);
    let enterprise = seat.is_some_and(|seat| seat.kind == SeatKind::Enterprise);
    if enterprise || channel == Channel::EnterpriseSeat {
        Desk::Enterprise
    } else {
        received.desk
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

fn person(raw: Appellant, wrong: &mut Wrong) -> Option<Person> {
    let name = text::optional("appellant.name", &raw.name, Lines::One, text::NAME_MAX);
    let name = wrong.take(name.and_then(|name| {
        if raw.anonymous && !name.is_empty() {
            return Err(Refusal::new(&refusals::ANONYMOUS_NAME).field("appellant.name"));
        }
        Ok(name)
    }));
    let telephone = wrong.take(telephone("appellant.telephone", &raw.telephone));
    let identity_number = wrong.take(identity_number(&raw.identity_number));
    let address = wrong.take(text::optional(
        "appellant.address",
        &raw.address,
        Lines::One,
        text::PLACE_MAX,
    ));
    let enterprise = match raw.enterprise {
        Some(raw) => enterprise(raw, wrong)?,
        None => None,
    };
    Some(Person {
        name: name?,
        telephone: telephone?,
        identity_number: identity_number?,
        address: address?,
        enterprise,
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

/// The enterprise; an empty message is none. Nothing outside when it was wrong.
fn enterprise(raw: common::Enterprise, wrong: &mut Wrong) -> Option<Option<Enterprise>> {
    if raw == common::Enterprise::default() {
        return Some(None);
    }
    let name = wrong.take(text::required(
        "appellant.enterprise.name",
        &raw.name,
        Lines::One,
        text::PLACE_MAX,
    ));
    let credit_code = wrong.take(credit_code(&raw.credit_code));
    Some(Some(Enterprise {
        name: name?,
        credit_code: credit_code?,
    }))
}

/// The unified social credit code; empty for an enterprise that has none yet.
fn credit_code(raw: &str) -> Result<String, Refusal> {
    if raw.trim().is_empty() {
        return Ok(String::new());
    }
    normalise::credit_code(raw).map_err(|reason| {
        let refusal = Refusal::new(&refusals::CREDIT_CODE).field("appellant.enterprise.credit_code");
        refusal.detail(reason.to_string())
    })
}
