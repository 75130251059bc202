//! One appeal as the tables hold it: case, standing and sealed appellant; found, locked and saved.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::{Appeal, Case, Enterprise, Line, State, StateName};

/// A failure of the database, or a row that does not decode.
type Result<T> = std::result::Result<T, sqlx::Error>;

/// The sealed columns of an appellant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealedPerson {
    /// Tracking code.
    pub tracking_code: Vec<u8>,
    /// Name.
    pub name: Option<Vec<u8>>,
    /// Telephone.
    pub telephone: Option<Vec<u8>>,
    /// Identity number.
    pub identity_number: Option<Vec<u8>>,
    /// Address.
    pub address: Option<Vec<u8>>,
    /// Place of the incident.
    pub incident_place: Option<Vec<u8>>,
    /// Title as written, where something in it was masked.
    pub original_title: Option<Vec<u8>>,
    /// Content as written, where something in it was masked.
    pub original_content: Option<Vec<u8>>,
    /// Blind index of the telephone.
    pub telephone_index: Option<Vec<u8>>,
    /// Blind index of the identity number.
    pub identity_index: Option<Vec<u8>>,
}

/// An appeal with its sealed appellant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The appeal.
    pub appeal: Appeal,
    /// Who appealed.
    pub person: SealedPerson,
}

/// What people call an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name<'a> {
    /// Its identifier.
    Id(Uuid),
    /// Its number.
    Number(&'a str),
}

/// Columns of a record, and where they come from; `tail` is the condition.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT a.id, a.number, a.type, a.channel, a.desk, a.urgency, a.category, a.division, a.title, a.content, \
             a.labels, a.incident_time, a.sensitive, a.confidential, a.anonymous, a.enterprise_name, a.enterprise_code, \
             a.source, a.source_reference, a.policy_id, a.policy_version, a.registered_at, a.earlier_appeals, \
             a.line, a.seat, a.raised_at, a.registered_by, a.caller_marked, a.call_id, \
             s.state, s.version, s.level, s.urges, s.merged_into, s.reject_code, s.disposition, s.rests_on, \
             (SELECT count(*) FROM standing j WHERE j.merged_into = a.id) AS joined, \
             p.tracking_code, p.name, p.telephone, p.identity_number, p.address, p.incident_place, \
             p.original_title, p.original_content, p.telephone_index, p.identity_index \
             FROM appeal a JOIN standing s ON s.appeal_id = a.id JOIN appellant p ON p.appeal_id = a.id ",
            $tail
        )
    };
}
pub(super) use select;

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    number: String,
    r#type: String,
    channel: String,
    desk: String,
    urgency: String,
    category: String,
    division: String,
    title: String,
    content: String,
    labels: Vec<String>,
    incident_time: Option<DateTime<Utc>>,
    sensitive: bool,
    confidential: bool,
    anonymous: bool,
    enterprise_name: Option<String>,
    enterprise_code: Option<String>,
    source: Option<String>,
    source_reference: Option<String>,
    policy_id: String,
    policy_version: String,
    registered_at: DateTime<Utc>,
    earlier_appeals: i32,
    line: String,
    seat: String,
    raised_at: Option<DateTime<Utc>>,
    registered_by: String,
    caller_marked: bool,
    call_id: Option<Uuid>,
    state: String,
    version: i64,
    level: i32,
    urges: i32,
    merged_into: Option<Uuid>,
    reject_code: String,
    disposition: String,
    rests_on: String,
    joined: i64,
    tracking_code: Vec<u8>,
    name: Option<Vec<u8>>,
    telephone: Option<Vec<u8>>,
    identity_number: Option<Vec<u8>>,
    address: Option<Vec<u8>>,
    incident_place: Option<Vec<u8>>,
    original_title: Option<Vec<u8>>,
    original_content: Option<Vec<u8>>,
    telephone_index: Option<Vec<u8>>,
    identity_index: Option<Vec<u8>>,
}

fn undecodable<E: std::error::Error + Send + Sync + 'static>(error: E) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

fn state_of(state: &str, level: i32, merged_into: Option<Uuid>, reject_code: &str) -> Result<State> {
    let name = StateName::parse(state);
    let unknown = || sqlx::Error::Decode(format!("state {state} is unknown or incomplete").into());
    Ok(match name.ok_or_else(unknown)? {
        StateName::Registered => State::Registered,
        StateName::Referred => State::Referred { level },
        StateName::Rejected => State::Rejected {
            code: reject_code.to_owned(),
        },
        StateName::Answered => State::Answered,
        StateName::Transferred => State::Transferred,
        StateName::Merged => State::Merged {
            into: merged_into.ok_or_else(unknown)?,
            level,
        },
        StateName::Accepted => State::Accepted,
        StateName::InProgress => State::InProgress,
        StateName::Settled => State::Settled,
        StateName::Closed => State::Closed,
        StateName::Archived => State::Archived,
        StateName::Withdrawn => State::Withdrawn,
        StateName::WithSpecialist => State::WithSpecialist,
    })
}

/// What the columns beside `state` hold of it: level, merged_into, reject_code.
fn columns_of(state: &State) -> (i32, Option<Uuid>, &str) {
    match state {
        State::Referred { level } => (*level, None, ""),
        State::Merged { into, level } => (*level, Some(*into), ""),
        State::Rejected { code } => (0, None, code),
        _ => (0, None, ""),
    }
}

impl Row {
    pub(super) fn into_record(self) -> Result<Record> {
        let state = state_of(&self.state, self.level, self.merged_into, &self.reject_code)?;
        let code = self.enterprise_code.unwrap_or_default();
        let case = Case {
            id: self.id,
            number: self.number,
            appeal_type: self.r#type.parse().map_err(undecodable)?,
            channel: self.channel.parse().map_err(undecodable)?,
            desk: self.desk.parse().map_err(undecodable)?,
            urgency: self.urgency.parse().map_err(undecodable)?,
            category: self.category,
            division: self.division,
            title: self.title,
            content: self.content,
            labels: BTreeSet::from_iter(self.labels),
            incident_time: self.incident_time,
            sensitive: self.sensitive,
            confidential: self.confidential,
            anonymous: self.anonymous,
            enterprise: self.enterprise_name.map(|name| Enterprise {
                name,
                credit_code: code,
            }),
            source: self.source.zip(self.source_reference),
            policy_id: self.policy_id,
            policy_version: self.policy_version,
            registered_at: self.registered_at,
            earlier_appeals: self.earlier_appeals,
            line: self.line,
            seat: self.seat,
            raised_at: self.raised_at.unwrap_or(self.registered_at),
            registered_by: self.registered_by,
            caller_marked: self.caller_marked,
            call_id: self.call_id,
        };
        let person = SealedPerson {
            tracking_code: self.tracking_code,
            name: self.name,
            telephone: self.telephone,
            identity_number: self.identity_number,
            address: self.address,
            incident_place: self.incident_place,
            original_title: self.original_title,
            original_content: self.original_content,
            telephone_index: self.telephone_index,
            identity_index: self.identity_index,
        };
        let (version, urges, joined, disposition) = (self.version, self.urges, self.joined, self.disposition);
        Ok(Record {
            appeal: Appeal {
                case,
                state,
                version,
                urges,
                joined,
                disposition,
                rests_on: self.rests_on,
            },
            person,
        })
    }
}

/// The appeal of this name.
///
/// # Errors
/// The database.
pub async fn find<'e>(sql: impl PgExecutor<'e>, name: Name<'_>) -> Result<Option<Record>> {
    let query = match name {
        Name::Id(id) => sqlx::query_as::<_, Row>(select!("WHERE a.id = $1")).bind(id),
        Name::Number(number) => sqlx::query_as(select!("WHERE a.number = $1")).bind(number),
    };
    query.fetch_optional(sql).await?.map(Row::into_record).transpose()
}

/// The appeals of these identifiers, their standings locked, in the order of the identifiers: so two commands
/// about the same two appeals wait for each other instead of for ever.
///
/// # Errors
/// The database.
pub async fn lock(sql: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Record>> {
    let query = sqlx::query_as::<_, Row>(select!("WHERE a.id = ANY($1) ORDER BY a.id FOR UPDATE OF s"));
    query
        .bind(ids)
        .fetch_all(sql)
        .await?
        .into_iter()
        .map(Row::into_record)
        .collect()
}

/// Where some appeals stand, locked in one order for everybody.
///
/// # Errors
/// The database.
pub async fn lock_standings(sql: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, State>> {
    let rows: Vec<(Uuid, String, i32, Option<Uuid>, String)> = sqlx::query_as(
        "SELECT appeal_id, state, level, merged_into, reject_code FROM standing WHERE appeal_id = ANY ($1) \
         ORDER BY appeal_id FOR UPDATE",
    )
    .bind(ids)
    .fetch_all(sql)
    .await?;
    rows.into_iter()
        .map(|(id, state, level, into, code)| Ok((id, state_of(&state, level, into, &code)?)))
        .collect()
}

/// Saves the standing of a locked appeal and writes a line, in one statement.
///
/// # Errors
/// The database.
pub async fn save(sql: &mut PgConnection, appeal: &Appeal, line: &Line, at: DateTime<Utc>) -> Result<()> {
    let (level, into, code) = columns_of(&appeal.state);
    let [public, public_en] = super::timeline::public_of(line);
    sqlx::query(
        "WITH saved AS (UPDATE standing SET state = $2, version = $3, level = $4, urges = $5, merged_into = $6, \
                        reject_code = $7, disposition = $8, rests_on = $17 WHERE appeal_id = $1) \
         INSERT INTO timeline (appeal_id, at, type, text, text_en, public_text, public_text_en, actor, article) \
         VALUES ($1, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(appeal.case.id)
    .bind(appeal.state.name().as_str())
    .bind(appeal.version)
    .bind(level)
    .bind(appeal.urges)
    .bind(into)
    .bind(code)
    .bind(&appeal.disposition)
    .bind(at)
    .bind(&line.kind)
    .bind(&line.text)
    .bind(&line.text_en)
    .bind(public)
    .bind(public_en)
    .bind(&line.actor)
    .bind(&line.article)
    .bind(&appeal.rests_on)
    .execute(sql)
    .await?;
    Ok(())
}

/// Moves appeals that are locked: where each stands now, and by how many steps it came there.
///
/// # Errors
/// The database.
pub async fn save_states(sql: &mut PgConnection, moved: &[(Uuid, State, i64)]) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE standing s SET state = u.state, version = s.version + u.steps \
         FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS u (id, state, steps) WHERE s.appeal_id = u.id",
    )
    .bind(moved.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind(
        moved
            .iter()
            .map(|(_, state, _)| state.name().as_str())
            .collect::<Vec<_>>(),
    )
    .bind(moved.iter().map(|(.., steps)| *steps).collect::<Vec<_>>())
    .execute(sql)
    .await?;
    Ok(())
}

/// The appeal that a request made, and the digest of that request.
///
/// # Errors
/// The database.
pub async fn request_of_key<'e>(sql: impl PgExecutor<'e>, key: &str) -> Result<Option<(Uuid, Vec<u8>)>> {
    let query = sqlx::query_as("SELECT id, request_digest FROM appeal WHERE request_key = $1");
    query.bind(key).fetch_optional(sql).await
}

/// The number of the appeal with this source and reference.
///
/// # Errors
/// The database.
pub async fn number_of_source<'e>(
    sql: impl PgExecutor<'e>,
    source: &(String, String),
) -> Result<Option<String>> {
    let query = sqlx::query_scalar("SELECT number FROM appeal WHERE source = $1 AND source_reference = $2");
    query.bind(&source.0).bind(&source.1).fetch_optional(sql).await
}
