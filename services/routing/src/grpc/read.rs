//! Reads requests: whatever could never be right is refused here, by its field, before any order is touched.
//!
//! Invariant: a text that leaves this file holds no control or direction character and no telephone or identity number.

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;
use hotline_proto::routing::v1;
use hotline_runtime::{Caller, page};
use hotline_vault::redact::redact;
use hotline_worktime::Limit;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::contract::{appeal_type_word, instant, leg_state_word, order_state_word};
use crate::domain::dossier::Attachment;
use crate::domain::refusals::{
    ID_INVALID, TEXT_MISSING, TEXT_TOO_LONG, TEXT_UNPRINTABLE, UNITS_TOO_MANY, VALUE_UNKNOWN,
};
use crate::domain::{
    Actor, Decision, Dispatch, Findings, LegId, OrderId, Outcome, OwnLimit, Post, ReplyDraft, ReplyFault,
    ReplyResult, Standing, ToldBy, UnitId,
};
use crate::ops::{Filter, Viewer};

/// Longest code of a unit, label or number, characters.
const CODE_MAX: usize = 100;

/// Longest note, basis or reason, characters.
const WORDS_MAX: usize = 2_000;

/// Longest text of a reply, characters.
const TEXT_MAX: usize = 5_000;

/// Most units that a request is read to name; the domain allows fewer.
const UNITS_MAX: usize = 100;

/// Roles that see every order.
const SEES_ALL: &[&str] = &[
    "agent",
    "team_leader",
    "dispatcher",
    "reviewer",
    "callback_agent",
    "supervisor",
    "leader",
    "service",
    "operator",
    "special_team",
];

/// Roles that work for a unit.
const UNIT_ROLES: &[&str] = &["unit_clerk", "unit_section", "unit_leader"];

/// The post that each role gives; an inspector is a supervisor of the platform too.
const POSTS: &[(&str, Post)] = &[
    ("agent", Post::Platform),
    ("team_leader", Post::Platform),
    ("dispatcher", Post::Platform),
    ("reviewer", Post::Platform),
    ("supervisor", Post::Platform),
    ("service", Post::Platform),
    ("supervisor", Post::Inspector),
    ("special_team", Post::SpecialTeam),
    ("leader", Post::LeadingGroup),
    ("unit_section", Post::Section),
    ("unit_leader", Post::Leader),
];

/// Most attachments of one request.
const ATTACHMENTS_MAX: usize = 50;

/// A field of a request, by its name.
pub(super) struct Field(pub(super) &'static str);

impl Field {
    /// A note, basis or reason.
    pub(super) fn words(&self, text: &str) -> Result<String, Refusal> {
        self.text(text, WORDS_MAX)
    }

    /// An opinion, minutes or a statement.
    pub(super) fn long(&self, text: &str) -> Result<String, Refusal> {
        self.text(text, TEXT_MAX)
    }

    /// Units, each of which must be named.
    pub(super) fn units(&self, codes: &[String]) -> Result<Vec<UnitId>, Refusal> {
        if codes.len() > UNITS_MAX {
            return Err(self.refuse(&UNITS_TOO_MANY));
        }
        codes.iter().map(|code| self.need_unit(code)).collect()
    }

    /// A text of at most `max` characters, numbers of people masked.
    fn text(&self, text: &str, max: usize) -> Result<String, Refusal> {
        if text.chars().count() > max {
            return Err(self.refuse(&TEXT_TOO_LONG).detail(format!("{max}")));
        }
        if text.chars().any(is_unprintable) {
            return Err(self.refuse(&TEXT_UNPRINTABLE));
        }
        Ok(redact(text.trim()).0)
    }

    /// A unit; none when empty.
    pub(super) fn unit(&self, code: &str) -> Result<Option<UnitId>, Refusal> {
        Ok(self.code(code)?.map(UnitId))
    }

    /// A unit that must be named.
    pub(super) fn need_unit(&self, code: &str) -> Result<UnitId, Refusal> {
        self.unit(code)?.ok_or_else(|| self.refuse(&TEXT_MISSING))
    }

    /// A code; none when empty.
    fn code(&self, code: &str) -> Result<Option<String>, Refusal> {
        if code.chars().count() > CODE_MAX {
            return Err(self.refuse(&TEXT_TOO_LONG).detail(format!("{CODE_MAX}")));
        }
        if code.chars().any(|c| is_unprintable(c) || c.is_whitespace()) {
            return Err(self.refuse(&TEXT_UNPRINTABLE));
        }
        Ok((!code.is_empty()).then(|| code.to_owned()))
    }

    /// An instant that must be given.
    pub(super) fn instant(&self, at: Option<&Timestamp>) -> Result<DateTime<Utc>, Refusal> {
        let at = at.ok_or_else(|| self.refuse(&TEXT_MISSING))?;
        instant(at).ok_or_else(|| self.refuse(&VALUE_UNKNOWN))
    }

    /// A limit such as "3 working days".
    pub(super) fn limit(&self, text: &str) -> Result<Limit, Refusal> {
        text.parse()
            .map_err(|_| self.refuse(&VALUE_UNKNOWN).detail("3 working days"))
    }

    fn id(&self, text: &str) -> Result<Uuid, Refusal> {
        Uuid::parse_str(text).map_err(|_| self.refuse(&ID_INVALID))
    }

    pub(super) fn refuse(&self, code: &'static hotline_policy::Code) -> Refusal {
        Refusal::new(code).field(self.0)
    }
}

/// The caller as somebody of their unit, or else of the platform, or as the installation itself.
pub(super) fn actor(caller: &Caller) -> Actor {
    let standing = match unit_of(caller) {
        Some(unit) => Standing::Unit(unit),
        None if caller.is_service() => Standing::Service,
        None if caller.has("team_leader") => Standing::TeamLeader,
        None => Standing::Platform,
    };
    let posts = POSTS.iter().filter(|(role, _)| caller.has(role));
    Actor {
        name: caller.subject.clone(),
        standing,
        posts: posts.map(|(_, post)| *post).collect(),
    }
}

/// What the caller sees: all, the enterprises' orders, or those of their unit and of the units `below` it.
pub(super) fn viewer(caller: &Caller, below: impl FnOnce(&UnitId) -> Vec<UnitId>) -> Viewer {
    if SEES_ALL.iter().any(|role| caller.has(role)) {
        return Viewer::All;
    }
    if caller.has("enterprise_desk") {
        return Viewer::Enterprise;
    }
    // A unit's role without a unit sees nothing: no leg is sent to a unit without a code.
    let unit = unit_of(caller).unwrap_or_else(|| UnitId::new(""));
    Viewer::Unit {
        below: below(&unit),
        unit,
    }
}

fn unit_of(caller: &Caller) -> Option<UnitId> {
    let works_for_unit = UNIT_ROLES.iter().any(|role| caller.has(role));
    caller.unit.as_ref().filter(|_| works_for_unit).map(UnitId::new)
}

/// The order that a request names.
pub(super) fn order(id: &str) -> Result<OrderId, Refusal> {
    Field("order_id").id(id).map(OrderId)
}

/// The leg that a request names.
pub(super) fn leg(id: &str) -> Result<LegId, Refusal> {
    Field("leg_id").id(id).map(LegId)
}

/// An identifier or number of an order.
pub(super) fn key(key: &str) -> Result<&str, Refusal> {
    let field = Field("order");
    match field.code(key)? {
        Some(_) => Ok(key),
        None => Err(field.refuse(&TEXT_MISSING)),
    }
}

/// The version that the caller saw.
pub(super) fn version(seen: i64) -> Result<u64, Refusal> {
    u64::try_from(seen).map_err(|_| Field("version").refuse(&VALUE_UNKNOWN))
}

/// Where to send an order.
pub(super) fn dispatch(lead: &str, co_handlers: &[String], basis: String) -> Result<Dispatch, Refusal> {
    let co_handlers = Field("co_handler_unit_ids").units(co_handlers)?;
    Ok(Dispatch {
        lead: Field("lead_unit_id").unit(lead)?,
        co_handlers,
        basis,
        disposition: None,
        spoken: String::new(),
        own_limit: None,
    })
}

/// A limit that the order carries, with what sets it; none when neither is given.
pub(super) fn own_limit(limit: &str, basis: &str) -> Result<Option<OwnLimit>, Refusal> {
    let basis = Field("limit_basis").words(basis)?;
    if limit.trim().is_empty() && basis.is_empty() {
        return Ok(None);
    }
    let within = Field("limit").limit(limit)?;
    if basis.is_empty() {
        return Err(Field("limit_basis").refuse(&TEXT_MISSING));
    }
    Ok(Some(OwnLimit { within, basis }))
}

/// A decision, with its reason.
pub(super) fn decision(agreed: bool, reason: &str) -> Result<Decision, Refusal> {
    let reason = Field("reason").words(reason)?;
    Ok(if agreed {
        Decision::Agree(reason)
    } else {
        Decision::Refuse(reason)
    })
}

/// References to what is kept elsewhere.
pub(super) fn attachments(field: &'static str, list: &[v1::Attachment]) -> Result<Vec<Attachment>, Refusal> {
    let field = Field(field);
    if list.len() > ATTACHMENTS_MAX {
        return Err(field.refuse(&TEXT_TOO_LONG).detail(ATTACHMENTS_MAX.to_string()));
    }
    let read = |given: &v1::Attachment| {
        let reference = field.text(&given.reference, WORDS_MAX)?;
        if reference.is_empty() {
            return Err(field.refuse(&TEXT_MISSING));
        }
        Ok(Attachment {
            name: field.text(&given.name, CODE_MAX)?,
            reference,
        })
    };
    list.iter().map(read).collect()
}

/// A unit's reply.
pub(super) fn reply(reply: Option<v1::Reply>) -> Result<ReplyDraft, Refusal> {
    let reply = reply.ok_or_else(|| Field("reply").refuse(&TEXT_MISSING))?;
    let result = Field("reply.result");
    let result = match reply.result.as_str() {
        "" => None,
        word => Some(ReplyResult::parse(word).ok_or_else(|| result.refuse(&VALUE_UNKNOWN))?),
    };
    let told_by = match reply.told_by.as_str() {
        "" => None,
        word => Some(ToldBy::parse(word).ok_or_else(|| Field("reply.told_by").refuse(&VALUE_UNKNOWN))?),
    };
    let handled_at = match reply.handled_at.as_ref() {
        None => None,
        given => Some(Field("reply.handled_at").instant(given)?),
    };
    Ok(ReplyDraft {
        handled_at,
        contact: Field("reply.contact").text(&reply.contact, CODE_MAX)?,
        told_by,
        evidence: attachments("reply.evidence", &reply.evidence)?,
        opinion: Field("reply.opinion").text(&reply.opinion, TEXT_MAX)?,
        action: Field("reply.action").text(&reply.action, TEXT_MAX)?,
        office: Field("reply.office").text(&reply.office, CODE_MAX)?,
        handler: Field("reply.handler").text(&reply.handler, CODE_MAX)?,
        result,
        legal_basis: Field("reply.legal_basis").text(&reply.legal_basis, WORDS_MAX)?,
        told: Field("reply.told").text(&reply.told, WORDS_MAX)?,
        internal_text: Field("reply.internal_text").text(&reply.internal_text, TEXT_MAX)?,
        public_text: Field("reply.public_text").text(&reply.public_text, TEXT_MAX)?,
    })
}

/// What a review found.
pub(super) fn findings(approved: bool, faults: &[String], reason: &str) -> Result<Findings, Refusal> {
    if approved {
        return Ok(Findings::Approve);
    }
    let mut read = Vec::new();
    for word in faults {
        let fault = ReplyFault::parse(word).ok_or_else(|| Field("faults").refuse(&VALUE_UNKNOWN))?;
        if !read.contains(&fault) {
            read.push(fault);
        }
    }
    Ok(Findings::SendBack {
        faults: read,
        reason: Field("reason").words(reason)?,
    })
}

/// How an order is closed by hand.
pub(super) fn outcome(word: &str) -> Result<Outcome, Refusal> {
    match word {
        "excluded" => Ok(Outcome::Excluded),
        "final" => Ok(Outcome::Final),
        _ => Err(Field("outcome").refuse(&VALUE_UNKNOWN).detail("excluded, final")),
    }
}

/// Which orders to list.
pub(super) fn filter(body: &v1::ListOrdersRequest) -> Result<Filter, Refusal> {
    let unknown = |field| Field(field).refuse(&VALUE_UNKNOWN);
    let state = v1::OrderState::try_from(body.state).map_err(|_| unknown("state"))?;
    let leg_state = v1::LegState::try_from(body.leg_state).map_err(|_| unknown("leg_state"))?;
    let appeal_type =
        hotline_proto::common::v1::AppealType::try_from(body.r#type).map_err(|_| unknown("type"))?;
    let unit = Field("unit_id").code(&body.unit_id)?;
    let leg_state = leg_state_word(leg_state).map(str::to_owned);
    Ok(Filter {
        state: order_state_word(state).map(str::to_owned),
        units: unit.into_iter().collect(),
        leg_state,
        appeal_type: appeal_type_word(appeal_type).map(|word| word.as_str().to_owned()),
        unclaimed: body.unclaimed,
        awaiting_decision: body.awaiting_decision,
        label: Field("label").code(&body.label)?,
        ids: if body.order_ids.is_empty() {
            Vec::new()
        } else {
            page::ids("order_ids", &body.order_ids, &ID_INVALID)?
        },
    })
}

/// Control characters but line breaks and tabs, direction marks and overrides, and characters without width.
fn is_unprintable(c: char) -> bool {
    let harmless = matches!(c, '\n' | '\r' | '\t');
    let direction = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    !harmless
        && (c.is_control() || direction || matches!(c, '\u{061c}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests;
