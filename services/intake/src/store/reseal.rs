//! Appellants whose values were sealed or indexed under a key that is no longer the active one.

use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::record::SealedPerson;

/// An appellant's sealed columns under some older key.
#[derive(Debug, Clone)]
pub struct Aged {
    /// Appeal.
    pub appeal_id: Uuid,
    /// Its sealed columns.
    pub person: SealedPerson,
}

#[derive(FromRow)]
struct Row {
    appeal_id: Uuid,
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

impl From<Row> for Aged {
    fn from(row: Row) -> Self {
        let person = SealedPerson {
            tracking_code: row.tracking_code,
            name: row.name,
            telephone: row.telephone,
            identity_number: row.identity_number,
            address: row.address,
            incident_place: row.incident_place,
            original_title: row.original_title,
            original_content: row.original_content,
            telephone_index: row.telephone_index,
            identity_index: row.identity_index,
        };
        Self {
            appeal_id: row.appeal_id,
            person,
        }
    }
}

/// The keys that everything is to be under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveKeys {
    /// First bytes of whatever the active key seals: version, suite, key id.
    pub seal_header: Vec<u8>,
    /// First bytes of whatever the active index key makes: its id.
    pub index_head: Vec<u8>,
    /// The id after it, as bytes: where its indexes end.
    pub index_end: Vec<u8>,
}

/// At most `rows` appellants with a value under another key; locked. Every condition is a range of an index.
///
/// # Errors
/// The database.
pub async fn aged(sql: &mut PgConnection, keys: &ActiveKeys, rows: i64) -> Result<Vec<Aged>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT appeal_id, tracking_code, name, telephone, identity_number, address, incident_place, original_title, \
         original_content, telephone_index, identity_index FROM appellant \
         WHERE substring(tracking_code FROM 1 FOR 6) < $1 OR substring(tracking_code FROM 1 FOR 6) > $1 \
            OR telephone_index < $2 OR telephone_index >= $3 OR identity_index < $2 OR identity_index >= $3 \
         LIMIT $4 FOR UPDATE",
    )
    .bind(&keys.seal_header)
    .bind(&keys.index_head)
    .bind(&keys.index_end)
    .bind(rows)
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Aged::from).collect())
}

/// Puts an appellant's columns under the active keys.
///
/// # Errors
/// The database.
pub async fn reseal(sql: &mut PgConnection, appeal: Uuid, person: &SealedPerson) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE appellant SET tracking_code = $2, name = $3, telephone = $4, identity_number = $5, address = $6, \
         incident_place = $7, original_title = $8, original_content = $9, telephone_index = $10, identity_index = $11 \
         WHERE appeal_id = $1",
    )
    .bind(appeal)
    .bind(&person.tracking_code)
    .bind(&person.name)
    .bind(&person.telephone)
    .bind(&person.identity_number)
    .bind(&person.address)
    .bind(&person.incident_place)
    .bind(&person.original_title)
    .bind(&person.original_content)
    .bind(&person.telephone_index)
    .bind(&person.identity_index)
    .execute(sql)
    .await?;
    Ok(())
}
