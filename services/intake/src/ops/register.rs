//! Registers an appeal, and accepts it in the same step when asked to.

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_worktime::date_of;
use tracing::Span;
use uuid::Uuid;

use super::group::{Outcome, Ready};
use super::{By, Intake, Seen};
use crate::contract;
use crate::domain::{self, Appeal, Case, Draft, Event, Line, Mark, Rules, State, compose, refusals};
use crate::seal::{self, Opened, Originals};
use crate::store::{self, Name, NewAppeal};
use crate::told::Tells;

/// Crockford's base 32: no letter that is read as a digit.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a tracking code: 40 bits, and ten attempts a minute at most.
const CODE_LEN: usize = 8;
/// What the digest of a registration is made under.
const DIGEST_KIND: &str = "register";

/// A registered appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The appeal.
    pub seen: Seen,
    /// Code with which the appellant tracks it.
    pub tracking_code: String,
    /// The same request was answered before.
    pub replayed: bool,
    /// The confirmed mark of this caller.
    pub caller_mark: Option<Mark>,
}

impl Intake {
    /// Registers `draft`; `request` is the request as it came, which the idempotency key names for ever.
    ///
    /// # Errors
    /// What the policy demands and the draft lacks; a key or a source that is taken by something else.
    pub async fn register(
        self: &Arc<Self>,
        draft: Draft,
        request: &[u8],
        by: &By,
    ) -> Result<Registered, Fault> {
        let events = domain::register(&draft, &Rules::from(self.policy_now()))?;
        let code = tracking_code(self.bus.new_id());
        let ready = self.prepare(&draft, request, by, &code, &events).await?;
        let (case, state, version) = (ready.new.case.clone(), ready.new.state.clone(), ready.new.version);
        match self.group.submit(ready).await? {
            Outcome::Inserted(row) => {
                let caller_mark = if row.caller_marked {
                    self.caller_mark_of(&draft.appellant.telephone).await?
                } else {
                    None
                };
                let case = Case {
                    earlier_appeals: row.earlier_appeals,
                    caller_marked: row.caller_marked,
                    ..case
                };
                let appeal = Appeal {
                    case,
                    state,
                    version,
                    urges: 0,
                    joined: 0,
                    disposition: String::new(),
                    rests_on: String::new(),
                };
                let masked = seal::masked(&particulars(&draft));
                Ok(Registered {
                    seen: self.seen(appeal, masked),
                    tracking_code: code,
                    replayed: false,
                    caller_mark,
                })
            }
            Outcome::Taken => self.replay(&draft, request).await,
        }
    }

    async fn prepare(
        &self,
        draft: &Draft,
        request: &[u8],
        by: &By,
        code: &str,
        events: &[Event],
    ) -> Result<Ready, Fault> {
        let own = || (&draft.appellant).into();
        let (title, title_masked) = seal::conceal(&draft.title, own());
        let (content, content_masked) = seal::conceal(&draft.content, own());
        let originals = Originals {
            title: title_masked.then_some(draft.title.as_str()),
            content: content_masked.then_some(draft.content.as_str()),
        };
        let case = self.case_of(draft, [title, content], by).await?;
        let state = if events.contains(&Event::Accepted) {
            State::Accepted
        } else {
            State::Registered
        };
        let registered = contract::registered(&case, &by.actor);
        let accepted = (state == State::Accepted).then(|| contract::accepted(&case, &by.actor));
        let told = std::iter::once(registered.told()).chain(accepted.as_ref().map(Tells::told));
        let lines: Vec<Line> = told.filter_map(|told| self.book.line(told)).collect();
        let telephone = draft.appellant.telephone.as_str();
        let new = NewAppeal {
            state,
            version: i64::try_from(events.len()).unwrap_or(i64::MAX),
            request_key: draft.request_key.clone(),
            request_digest: seal::digest(&self.vault, DIGEST_KIND, request),
            person: seal::seal(&self.vault, case.id, draft, code, originals),
            telephone_indexes: self.telephone_indexes(telephone),
            lines,
            case,
        };
        Ok(Ready {
            new,
            registered,
            accepted,
            span: Span::current(),
            call: hotline_runtime::audit::current(),
        })
    }

    /// The blind indexes of a telephone under every key; none for an empty one.
    pub(super) fn telephone_indexes(&self, telephone: &str) -> Vec<Vec<u8>> {
        self.blind_indexes(hotline_vault::Field::Telephone, telephone)
    }

    /// The blind indexes of a particular under every key; none for an empty one.
    pub(super) fn blind_indexes(&self, field: hotline_vault::Field, plain: &str) -> Vec<Vec<u8>> {
        if plain.is_empty() {
            return Vec::new();
        }
        let indexes = self.vault.blind_indexes(field, plain);
        indexes.iter().map(|index| index.as_bytes().to_vec()).collect()
    }

    async fn case_of(&self, draft: &Draft, [title, content]: [String; 2], by: &By) -> Result<Case, Fault> {
        let policy = self.policy_now();
        let now = self.bus.now();
        let sequence = self.numbers.next().await?;
        Ok(Case {
            id: self.bus.new_id(),
            number: compose(&policy.division, date_of(now), draft.channel, sequence),
            appeal_type: draft.appeal_type,
            channel: draft.channel,
            desk: draft.desk,
            urgency: draft.urgency,
            category: draft.category.clone(),
            division: draft.division.clone(),
            title,
            content,
            labels: draft.labels.clone(),
            incident_time: draft.incident_time,
            sensitive: draft.sensitive,
            confidential: draft.appellant.confidential,
            anonymous: draft.appellant.anonymous,
            enterprise: draft.appellant.enterprise.clone(),
            source: draft.source.clone(),
            policy_id: policy.id.clone(),
            policy_version: policy.version.clone(),
            registered_at: now,
            earlier_appeals: 0,
            line: draft.line.clone(),
            seat: draft.seat.clone(),
            raised_at: draft.raised_at.unwrap_or(now),
            registered_by: by.actor.clone(),
            caller_marked: false,
            call_id: draft.call_id,
        })
    }

    /// The answer to a request whose key or source is taken.
    async fn replay(&self, draft: &Draft, request: &[u8]) -> Result<Registered, Fault> {
        let pool = self.bus.pool();
        let Some((id, digest)) = store::request_of_key(pool, &draft.request_key).await? else {
            return Err(self.source_taken(draft).await?);
        };
        if !seal::is_digest(&self.vault, &digest, DIGEST_KIND, request) {
            return Err(Refusal::new(&refusals::KEY_REUSED)
                .field("idempotency_key")
                .into());
        }
        let record = store::find(pool, Name::Id(id)).await?;
        let record = record.ok_or_else(|| Fault::poison(format!("appeal {id} lacks its standing")))?;
        let tracking_code =
            seal::open_code(&self.vault, id, &record.person).map_err(|error| super::unopened(&error))?;
        Ok(Registered {
            seen: self.see(record)?,
            tracking_code,
            replayed: true,
            caller_mark: None,
        })
    }

    async fn source_taken(&self, draft: &Draft) -> Result<Fault, Fault> {
        let Some(source) = &draft.source else {
            return Ok(Fault::retry(
                "a registration met another that is not there any more",
            ));
        };
        let number = store::number_of_source(self.bus.pool(), source)
            .await?
            .unwrap_or_default();
        Ok(Refusal::new(&refusals::SOURCE_TAKEN)
            .field("source_reference")
            .detail(number)
            .into())
    }
}

/// What a draft says of the appellant, in clear.
fn particulars(draft: &Draft) -> Opened {
    let person = &draft.appellant;
    Opened {
        name: person.name.clone(),
        telephone: person.telephone.clone(),
        identity_number: person.identity_number.clone(),
        address: person.address.clone(),
        incident_place: draft.incident_place.clone(),
    }
}

/// A tracking code from the random bits of an identifier: its last five bytes come from the operating system.
fn tracking_code(random: Uuid) -> String {
    let bits = random.as_u128() & 0xff_ffff_ffff;
    let character = |place: usize| {
        let five = usize::try_from(bits >> (5 * place) & 31).unwrap_or(0);
        char::from(CODE_ALPHABET[five])
    };
    (0..CODE_LEN).map(character).collect()
}

/// The code that a person means: upper case, without spaces and dashes, O for 0, I and L for 1.
pub(super) fn normal_code(raw: &str) -> String {
    let meant = raw
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .map(|character| match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    meant.take(CODE_LEN + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eight_characters_that_nobody_confuses() {
        let code = tracking_code(Uuid::from_u128(0x12_3456_789a));
        assert_eq!(code.len(), CODE_LEN);
        assert!(code.bytes().all(|byte| CODE_ALPHABET.contains(&byte)));
        assert_ne!(code, tracking_code(Uuid::from_u128(0x12_3456_789b)));
    }

    #[test]
    fn a_code_is_understood_as_people_write_it() {
        assert_eq!(normal_code("ab12-cdO l"), "AB12CD01");
        assert_eq!(normal_code(&"A".repeat(99)).len(), CODE_LEN + 1);
    }
}
