//! What is hashed and what is signed: one canonical form of an entry and of a head, so that anybody can recompute both.
//!
//! Numbers are eight bytes, most significant first; texts have their length before them, four bytes; times are microseconds
//! since 1970. Each form begins with words of its own, so that no hash of one thing is ever that of another.

use chrono::{DateTime, Utc};
use hotline_proto::audit::v1::AuditHead;
use hotline_runtime::audit::{AuditVerifier, Record};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::envelope::timestamp;

/// Begins the form of an entry.
const ENTRY: &[u8] = b"hotline audit entry v1\0";
/// Begins the form of what stands before the first entry.
const GENESIS: &[u8] = b"hotline audit genesis v1\0";
/// Begins the form of a head.
const HEAD: &[u8] = b"hotline audit head v1\0";

/// A chained entry, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Gapless number, from 1.
    pub seq: i64,
    /// Number that it waited under.
    pub id: i64,
    /// What it says.
    pub record: Record,
    /// Hash of the entry before it.
    pub prev_hash: Vec<u8>,
    /// Hash of this entry.
    pub entry_hash: Vec<u8>,
}

/// The end of a chain as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Producer's name of the service.
    pub service: String,
    /// Number of the last entry.
    pub seq: i64,
    /// Its hash.
    #[serde(with = "hexadecimal")]
    pub hash: Vec<u8>,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// Names the key.
    pub key: String,
    /// Ed25519 over the form of the head.
    #[serde(with = "hexadecimal")]
    pub signature: Vec<u8>,
}

impl Entry {
    /// The hash that this entry must have in the chain of `service` under the number `seq`.
    pub fn hash_as(&self, service: &str, seq: i64) -> [u8; 32] {
        hash(service, seq, self.id, &self.record, &self.prev_hash)
    }
}

impl Head {
    /// What is signed.
    pub fn message(&self) -> Vec<u8> {
        let mut form = HEAD.to_vec();
        text(&mut form, self.service.as_bytes());
        form.extend(self.seq.to_be_bytes());
        text(&mut form, &self.hash);
        form.extend(self.at.timestamp_micros().to_be_bytes());
        text(&mut form, self.key.as_bytes());
        form
    }

    /// The head as the contract has it.
    pub(super) fn into_message(self) -> AuditHead {
        AuditHead {
            service: self.service,
            seq: self.seq,
            hash: self.hash,
            at: Some(timestamp(self.at)),
            key: self.key,
            signature: self.signature,
        }
    }

    /// A head that was told; `None` without a time.
    pub(super) fn of_message(head: AuditHead) -> Option<Self> {
        let at = head.at?;
        Some(Self {
            service: head.service,
            seq: head.seq,
            hash: head.hash,
            at: DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)?,
            key: head.key,
            signature: head.signature,
        })
    }

    /// Whether one of `keys` signed it.
    pub fn is_signed_by(&self, keys: &[AuditVerifier]) -> bool {
        let message = self.message();
        let mut own = keys.iter().filter(|key| key.id() == self.key);
        own.any(|key| key.accepts(&message, &self.signature))
    }
}

/// What the first entry of a service is bound to.
pub fn genesis(service: &str) -> [u8; 32] {
    let mut form = GENESIS.to_vec();
    text(&mut form, service.as_bytes());
    Sha256::digest(&form).into()
}

/// The hash of an entry: of its place, of everything that it says, and of the entry before it.
pub(super) fn hash(service: &str, seq: i64, id: i64, record: &Record, prev: &[u8]) -> [u8; 32] {
    let mut form = Vec::with_capacity(512);
    form.extend(ENTRY);
    text(&mut form, service.as_bytes());
    form.extend(seq.to_be_bytes());
    text(&mut form, prev);
    form.extend(id.to_be_bytes());
    form.extend(record.at.timestamp_micros().to_be_bytes());
    let root = record.root.map(|root| root.into_bytes()).unwrap_or_default();
    let root: &[u8] = if record.root.is_some() { &root } else { &[] };
    text(&mut form, root);
    for part in [
        &record.subject,
        &record.roles,
        &record.unit,
        &record.method,
        &record.what,
        &record.outcome,
        &record.reason,
        &record.address,
        &record.trace,
    ] {
        text(&mut form, part.as_bytes());
    }
    Sha256::digest(&form).into()
}

fn text(form: &mut Vec<u8>, bytes: &[u8]) {
    form.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    form.extend(bytes);
}

/// Bytes in lower-case hexadecimal, for heads that are kept in a file.
mod hexadecimal {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte = |at: usize| {
            text.get(at..at + 2)
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        };
        let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
        bytes.ok_or_else(|| D::Error::custom("no hexadecimal text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let at = DateTime::from_timestamp_micros(1_772_000_000_123_456).expect("an instant");
        Record::of_deed(at, "u-1", "session.sign_in", "ok")
    }

    #[test]
    fn every_part_of_an_entry_changes_its_hash() {
        let base = hash("intake", 7, 9, &record(), &[1; 32]);
        let others = [
            hash("routing", 7, 9, &record(), &[1; 32]),
            hash("intake", 8, 9, &record(), &[1; 32]),
            hash("intake", 7, 8, &record(), &[1; 32]),
            hash("intake", 7, 9, &record(), &[2; 32]),
            hash("intake", 7, 9, &record().about("leg_id", "x"), &[1; 32]),
            hash("intake", 7, 9, &record().because("x"), &[1; 32]),
            hash("intake", 7, 9, &record().from_address("x"), &[1; 32]),
            genesis("intake"),
        ];
        assert!(others.iter().all(|other| *other != base));
        // A text cannot be moved from one field to the next.
        let split = |unit: &str, method: &str| {
            let mut record = record();
            (record.unit, record.method) = (unit.to_owned(), method.to_owned());
            hash("intake", 7, 9, &record, &[1; 32])
        };
        assert_ne!(split("ab", "c"), split("a", "bc"));
    }

    #[test]
    fn a_head_comes_back_from_a_file_as_it_was() {
        let head = Head {
            service: "intake".to_owned(),
            seq: 3,
            hash: vec![0, 255, 16],
            at: record().at,
            key: "00ff".to_owned(),
            signature: vec![9; 64],
        };
        let text = serde_json::to_string(&head).expect("writes");
        assert_eq!(serde_json::from_str::<Head>(&text).expect("reads"), head);
    }
}
