//! A keyed digest that stands in for a value in an equality search.

use std::fmt;

use crate::{
    field::Field,
    keyring::Key,
    suite::{IndexSuite, SECRET_LEN},
};
use zeroize::Zeroizing;

/// Bytes of the key id at the front.
const ID_LEN: usize = 4;
/// Bytes kept of the digest: 128 bits, beyond any chance of two telephones meeting.
const DIGEST_LEN: usize = 16;
/// What the field keys are derived under; a new scheme takes a new label.
const LABEL: &[u8] = b"hotline blind index v1 ";

/// A blind index, 20 bytes: the id of its key (big endian), then 16 bytes of the digest. It tells who holds
/// the table which rows are equal and nothing else; without the key it cannot be computed, so the key
/// must not live in the database.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlindIndex([u8; ID_LEN + DIGEST_LEN]);

impl BlindIndex {
    /// The bytes for the table.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id of the index key.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        u32::from_be_bytes([self.0[0], self.0[1], self.0[2], self.0[3]])
    }
}

impl AsRef<[u8]> for BlindIndex {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlindIndex(key {})", self.key_id())
    }
}

/// An index key with the keys of the fields derived, so that equal values of two fields differ.
pub(crate) struct Indexer {
    id: u32,
    suite: IndexSuite,
    field_keys: [Zeroizing<[u8; SECRET_LEN]>; Field::ALL.len()],
}

impl Indexer {
    pub(crate) fn new(key: &Key<IndexSuite>) -> Self {
        let derive = |field: Field| {
            key.suite
                .mac(key.secret.bytes(), &[LABEL, field.name().as_bytes()].concat())
        };
        Self {
            id: key.id,
            suite: key.suite,
            field_keys: Field::ALL.map(derive),
        }
    }

    pub(crate) fn index(&self, field: Field, normalised: &str) -> BlindIndex {
        let digest = self
            .suite
            .mac(&self.field_keys[field.position()], normalised.as_bytes());
        let mut bytes = [0; ID_LEN + DIGEST_LEN];
        bytes[..ID_LEN].copy_from_slice(&self.id.to_be_bytes());
        bytes[ID_LEN..].copy_from_slice(&digest[..DIGEST_LEN]);
        BlindIndex(bytes)
    }
}
