//! Many new appeals in one statement: cases, standings, appellants and first lines.

use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, FromRow};
use uuid::Uuid;

use super::record::SealedPerson;
use crate::domain::{Case, Line, State};

/// Earlier appeals of a telephone are counted up to here: more is "many", and a count must have an end.
const EARLIER_MAX: i64 = 999;

/// A new appeal, ready for the tables.
#[derive(Debug, Clone)]
pub struct NewAppeal {
    /// The case.
    pub case: Case,
    /// Registered or accepted.
    pub state: State,
    /// Version: how many events made it.
    pub version: i64,
    /// Names the request for ever.
    pub request_key: String,
    /// Keyed digest of the request.
    pub request_digest: Vec<u8>,
    /// Who appealed, sealed.
    pub person: SealedPerson,
    /// The telephone's blind indexes under every key, for the count of earlier appeals.
    pub telephone_indexes: Vec<Vec<u8>>,
    /// First lines of the timeline.
    pub lines: Vec<Line>,
}

/// An appeal that was inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Inserted {
    /// Identifier.
    pub id: Uuid,
    /// Earlier appeals by the same telephone.
    pub earlier_appeals: i32,
    /// The caller is on the list of harassing callers.
    pub caller_marked: bool,
}

/// The statement's parts: what conflicts with a key or a source that is taken is left out, with all that belongs to it. Those in
/// `done` were inserted. Parameters begin with the 21st.
pub const INSERT: &str = "\
n AS MATERIALIZED (SELECT * FROM unnest($21::uuid[], $22::text[], $23::text[], $24::bytea[], $25::text[], $26::text[], \
        $27::text[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[], $34::timestamptz[], \
        $35::bool[], $36::bool[], $37::bool[], $38::text[], $39::text[], $40::text[], $41::text[], $42::text[], \
        $43::text[], $44::timestamptz[], $45::text[], $69::text[], $70::text[], $71::timestamptz[], $72::uuid[]) \
    AS n (id, number, request_key, request_digest, type, channel, desk, urgency, category, division, title, content, \
        labels, incident_time, sensitive, confidential, anonymous, enterprise_name, enterprise_code, source, \
        source_reference, policy_id, policy_version, registered_at, registered_by, line, seat, raised_at, \
        call_id)), \
new AS (INSERT INTO appeal (id, number, request_key, request_digest, type, channel, desk, urgency, category, division, \
        title, content, labels, incident_time, sensitive, confidential, anonymous, enterprise_name, enterprise_code, \
        source, source_reference, policy_id, policy_version, registered_at, registered_by, line, seat, raised_at, \
        call_id, earlier_appeals, caller_marked) \
    SELECT n.id, n.number, n.request_key, n.request_digest, n.type, n.channel, n.desk, n.urgency, n.category, \
        n.division, n.title, n.content, string_to_array(n.labels, ','), n.incident_time, n.sensitive, n.confidential, \
        n.anonymous, n.enterprise_name, n.enterprise_code, n.source, n.source_reference, n.policy_id, \
        n.policy_version, n.registered_at, n.registered_by, n.line, n.seat, n.raised_at, n.call_id, \
        (SELECT count(*) FROM (SELECT 1 FROM unnest($46::uuid[], $47::bytea[]) AS k (id, telephone_index) \
            JOIN appellant e ON e.telephone_index = k.telephone_index WHERE k.id = n.id LIMIT $48) c)::int, \
        EXISTS (SELECT 1 FROM unnest($46::uuid[], $47::bytea[]) AS k (id, telephone_index) \
            JOIN appellant e ON e.telephone_index = k.telephone_index JOIN caller_mark m ON m.appeal_id = e.appeal_id \
            WHERE k.id = n.id AND m.state = 'confirmed' AND m.expires_at > n.registered_at) \
    FROM n ORDER BY n.request_key ON CONFLICT DO NOTHING RETURNING id, registered_at, earlier_appeals, caller_marked), \
done AS (SELECT id AS root FROM new), \
stood AS (INSERT INTO standing (appeal_id, state, version, level, urges, reject_code, disposition, registered_at) \
    SELECT new.id, s.state, s.version, 0, 0, '', '', new.registered_at \
    FROM unnest($21::uuid[], $49::text[], $50::bigint[]) AS s (id, state, version) JOIN new USING (id)), \
sealed AS (INSERT INTO appellant (appeal_id, tracking_code, name, telephone, identity_number, address, \
        incident_place, original_title, original_content, telephone_index, identity_index) \
    SELECT p.* FROM unnest($21::uuid[], $51::bytea[], $52::bytea[], $53::bytea[], $54::bytea[], $55::bytea[], \
        $56::bytea[], $57::bytea[], $58::bytea[], $59::bytea[], $60::bytea[]) AS p (id, a, b, c, d, e, f, g, h, i, j) \
    WHERE p.id IN (SELECT id FROM new)), \
lined AS (INSERT INTO timeline (appeal_id, at, type, text, text_en, public_text, public_text_en, actor, article) \
    SELECT t.id, new.registered_at, t.type, t.text, t.text_en, t.public_text, t.public_text_en, t.actor, t.article \
    FROM unnest($61::uuid[], $62::text[], $63::text[], $64::text[], $65::text[], $66::text[], $67::text[], $68::text[]) \
        WITH ORDINALITY AS t (id, type, text, text_en, public_text, public_text_en, actor, article, place) \
    JOIN new USING (id) ORDER BY t.place)";

/// The statement's answer: rows of [`Inserted`].
pub const INSERTED: &str = "SELECT id, earlier_appeals, caller_marked FROM new";

/// Binds the appeals to the parameters of [`INSERT`].
///
/// # Errors
/// None that an appeal can make: every column is a list of plain values.
pub fn bind_new(arguments: &mut PgArguments, new: &[&NewAppeal]) -> Result<(), BoxDynError> {
    let labels: Vec<String> = new.iter().map(|one| labels_of(one)).collect();
    let telephones: Vec<(Uuid, &[u8])> = new.iter().flat_map(|one| telephones_of(one)).collect();
    let lines: Vec<(Uuid, &Line)> = new
        .iter()
        .flat_map(|one| one.lines.iter().map(|line| (one.case.id, line)))
        .collect();
    let public = |place: usize| -> Vec<Option<&str>> {
        lines
            .iter()
            .map(|(_, line)| line.public.as_ref().map(|words| words[place].as_str()))
            .collect()
    };
    arguments.add(each(new, |one| one.case.id))?;
    arguments.add(each(new, |one| one.case.number.as_str()))?;
    arguments.add(each(new, |one| one.request_key.as_str()))?;
    arguments.add(each(new, |one| one.request_digest.as_slice()))?;
    arguments.add(each(new, |one| one.case.appeal_type.as_str()))?;
    arguments.add(each(new, |one| one.case.channel.as_str()))?;
    arguments.add(each(new, |one| one.case.desk.as_str()))?;
    arguments.add(each(new, |one| one.case.urgency.as_str()))?;
    arguments.add(each(new, |one| one.case.category.as_str()))?;
    arguments.add(each(new, |one| one.case.division.as_str()))?;
    arguments.add(each(new, |one| one.case.title.as_str()))?;
    arguments.add(each(new, |one| one.case.content.as_str()))?;
    arguments.add(labels)?;
    arguments.add(each(new, |one| one.case.incident_time))?;
    arguments.add(each(new, |one| one.case.sensitive))?;
    arguments.add(each(new, |one| one.case.confidential))?;
    arguments.add(each(new, |one| one.case.anonymous))?;
    arguments.add(each(new, |one| {
        one.case
            .enterprise
            .as_ref()
            .map(|enterprise| enterprise.name.as_str())
    }))?;
    arguments.add(each(new, |one| {
        one.case
            .enterprise
            .as_ref()
            .map(|enterprise| enterprise.credit_code.as_str())
    }))?;
    arguments.add(each(new, |one| {
        one.case.source.as_ref().map(|source| source.0.as_str())
    }))?;
    arguments.add(each(new, |one| {
        one.case.source.as_ref().map(|source| source.1.as_str())
    }))?;
    arguments.add(each(new, |one| one.case.policy_id.as_str()))?;
    arguments.add(each(new, |one| one.case.policy_version.as_str()))?;
    arguments.add(each(new, |one| one.case.registered_at))?;
    arguments.add(each(new, |one| one.case.registered_by.as_str()))?;
    arguments.add(telephones.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    arguments.add(telephones.iter().map(|(_, index)| *index).collect::<Vec<_>>())?;
    arguments.add(EARLIER_MAX)?;
    arguments.add(each(new, |one| one.state.name().as_str()))?;
    arguments.add(each(new, |one| one.version))?;
    arguments.add(each(new, |one| one.person.tracking_code.as_slice()))?;
    arguments.add(each(new, |one| one.person.name.as_deref()))?;
    arguments.add(each(new, |one| one.person.telephone.as_deref()))?;
    arguments.add(each(new, |one| one.person.identity_number.as_deref()))?;
    arguments.add(each(new, |one| one.person.address.as_deref()))?;
    arguments.add(each(new, |one| one.person.incident_place.as_deref()))?;
    arguments.add(each(new, |one| one.person.original_title.as_deref()))?;
    arguments.add(each(new, |one| one.person.original_content.as_deref()))?;
    arguments.add(each(new, |one| one.person.telephone_index.as_deref()))?;
    arguments.add(each(new, |one| one.person.identity_index.as_deref()))?;
    arguments.add(lines.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    arguments.add(
        lines
            .iter()
            .map(|(_, line)| line.kind.as_str())
            .collect::<Vec<_>>(),
    )?;
    arguments.add(
        lines
            .iter()
            .map(|(_, line)| line.text.as_str())
            .collect::<Vec<_>>(),
    )?;
    arguments.add(
        lines
            .iter()
            .map(|(_, line)| line.text_en.as_str())
            .collect::<Vec<_>>(),
    )?;
    arguments.add(public(0))?;
    arguments.add(public(1))?;
    arguments.add(
        lines
            .iter()
            .map(|(_, line)| line.actor.as_str())
            .collect::<Vec<_>>(),
    )?;
    arguments.add(
        lines
            .iter()
            .map(|(_, line)| line.article.as_str())
            .collect::<Vec<_>>(),
    )?;
    arguments.add(each(new, |one| one.case.line.as_str()))?;
    arguments.add(each(new, |one| one.case.seat.as_str()))?;
    arguments.add(each(new, |one| Some(one.case.raised_at)))?;
    arguments.add(each(new, |one| one.case.call_id))?;
    Ok(())
}

/// One column of the new appeals.
fn each<'n, T>(new: &[&'n NewAppeal], column: impl Fn(&'n NewAppeal) -> T) -> Vec<T> {
    new.iter().map(|one| column(one)).collect()
}

/// Labels as one text: an array of arrays of unequal lengths can not be bound. No label has a comma.
fn labels_of(new: &NewAppeal) -> String {
    new.case
        .labels
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(",")
}

fn telephones_of(new: &NewAppeal) -> impl Iterator<Item = (Uuid, &[u8])> {
    new.telephone_indexes
        .iter()
        .map(|index| (new.case.id, index.as_slice()))
}
