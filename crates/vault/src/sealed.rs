//! The bytes of a sealed value: version, suite, key id, nonce, cipher text, tag.

use std::fmt;

use crate::{
    error::VaultError,
    field::Field,
    suite::{NONCE_LEN, Suite, TAG_LEN},
};

/// The version of the layout.
const VERSION: u8 = 1;
/// Bytes before the nonce: version (1), suite (1), key id (4, big endian).
pub(crate) const HEADER_LEN: usize = 6;
/// Bytes before the cipher text.
pub(crate) const PREFIX_LEN: usize = HEADER_LEN + NONCE_LEN;
/// Bytes of a sealed empty text.
pub(crate) const OVERHEAD: usize = PREFIX_LEN + TAG_LEN;

/// A sealed value as it stands in a table: 34 bytes longer than the text in UTF-8, whose length it shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    pub(crate) const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes for the table.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes for the table, by value.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl AsRef<[u8]> for Sealed {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Sealed> for Vec<u8> {
    fn from(sealed: Sealed) -> Self {
        sealed.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// What the first bytes of a sealed value say.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    pub(crate) suite: Suite,
    pub(crate) key_id: u32,
}

impl Header {
    pub(crate) fn to_bytes(self) -> [u8; HEADER_LEN] {
        let id = self.key_id.to_be_bytes();
        [VERSION, self.suite.code(), id[0], id[1], id[2], id[3]]
    }

    /// The data that the tag covers beside the text: the header, the field (its length first) and the row.
    pub(crate) fn associated(self, field: Field, row: &[u8]) -> Vec<u8> {
        let name = field.name().as_bytes();
        let mut data = Vec::with_capacity(HEADER_LEN + 1 + name.len() + row.len());
        data.extend_from_slice(&self.to_bytes());
        data.push(u8::try_from(name.len()).expect("field names are short"));
        data.extend_from_slice(name);
        data.extend_from_slice(row);
        data
    }
}

/// A sealed value taken apart.
pub(crate) struct Parts<'a> {
    pub(crate) header: Header,
    pub(crate) nonce: &'a [u8; NONCE_LEN],
    pub(crate) text: &'a [u8],
    pub(crate) tag: &'a [u8; TAG_LEN],
}

impl<'a> Parts<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, VaultError> {
        let cut_short = || VaultError::CutShort(bytes.len());
        let ([version, suite, id @ ..], rest) =
            bytes.split_first_chunk::<HEADER_LEN>().ok_or_else(cut_short)?;
        if *version != VERSION {
            return Err(VaultError::UnknownVersion(*version));
        }
        let suite = Suite::from_code(*suite).ok_or(VaultError::UnknownSuite(*suite))?;
        let (nonce, rest) = rest.split_first_chunk().ok_or_else(cut_short)?;
        let (text, tag) = rest.split_last_chunk().ok_or_else(cut_short)?;
        Ok(Self {
            header: Header {
                suite,
                key_id: u32::from_be_bytes(*id),
            },
            nonce,
            text,
            tag,
        })
    }
}
