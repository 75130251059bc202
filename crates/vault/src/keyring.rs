//! The key ring: one active key for new values, older keys kept for reading, the same for blind indexes.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use crate::{
    error::VaultError,
    suite::{IndexSuite, SECRET_LEN, Suite},
};

/// A root secret of 32 random bytes; the keys of the fields are derived from it. Never printed.
#[derive(Clone)]
pub(crate) struct KeySecret(Zeroizing<[u8; SECRET_LEN]>);

impl KeySecret {
    fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; SECRET_LEN]);
        getrandom::fill(bytes.as_mut_slice()).expect("the operating system gives random bytes");
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; SECRET_LEN] {
        &self.0
    }
}

impl Serialize for KeySecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(STANDARD.encode(self.0.as_slice())))
    }
}

impl<'de> Deserialize<'de> for KeySecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = Zeroizing::new(
            STANDARD
                .decode(text.as_bytes())
                .map_err(|_| D::Error::custom("not base64"))?,
        );
        let bytes: &[u8; SECRET_LEN] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| D::Error::custom("not 32 bytes"))?;
        Ok(Self(Zeroizing::new(*bytes)))
    }
}

/// One key of a ring.
#[derive(Clone)]
pub struct Key<S> {
    pub(crate) id: u32,
    pub(crate) suite: S,
    pub(crate) created: DateTime<Utc>,
    pub(crate) secret: KeySecret,
}

impl<S: Copy> Key<S> {
    fn generate(id: u32, suite: S, created: DateTime<Utc>) -> Self {
        Self {
            id,
            suite,
            created,
            secret: KeySecret::generate(),
        }
    }

    /// The number that stands in the header of what this key made. Counted from 1, never given twice.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// The suite that this key is for.
    #[must_use]
    pub const fn suite(&self) -> S {
        self.suite
    }

    /// The time at which the key was made.
    #[must_use]
    pub const fn created(&self) -> DateTime<Utc> {
        self.created
    }
}

impl<S: fmt::Debug> fmt::Debug for Key<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {} ({:?}, created {})", self.id, self.suite, self.created)
    }
}

/// Keys of one purpose: exactly one is active, the others only read.
#[derive(Clone, Debug)]
pub struct Ring<S> {
    pub(crate) active: Key<S>,
    pub(crate) readable: Vec<Key<S>>,
}

impl<S: Copy> Ring<S> {
    fn generate(suite: S, created: DateTime<Utc>) -> Self {
        Self {
            active: Key::generate(1, suite, created),
            readable: Vec::new(),
        }
    }

    /// The key for everything new.
    #[must_use]
    pub const fn active(&self) -> &Key<S> {
        &self.active
    }

    /// The active key, then the older ones, newest first.
    pub fn keys(&self) -> impl Iterator<Item = &Key<S>> {
        std::iter::once(&self.active).chain(&self.readable)
    }

    fn rotate(&mut self, suite: S, created: DateTime<Utc>) {
        let newest = self.keys().map(|key| key.id).max().unwrap_or_default();
        let older = std::mem::replace(&mut self.active, Key::generate(newest + 1, suite, created));
        self.readable.insert(0, older);
    }

    fn forget(&mut self, id: u32) -> Result<(), VaultError> {
        let before = self.readable.len();
        self.readable.retain(|key| key.id != id);
        if self.readable.len() == before {
            Err(VaultError::NotForgettable(id))
        } else {
            Ok(())
        }
    }
}

/// The keys of an installation: a ring that seals and a ring that indexes.
///
/// Invariant: each ring has exactly one active key and no id twice.
#[derive(Clone, Debug)]
pub struct Keyring {
    pub(crate) data: Ring<Suite>,
    pub(crate) index: Ring<IndexSuite>,
}

impl Keyring {
    /// Makes a ring with one fresh key of the suite and one fresh index key of the same family.
    #[must_use]
    pub fn generate(suite: Suite, created: DateTime<Utc>) -> Self {
        Self {
            data: Ring::generate(suite, created),
            index: Ring::generate(suite.index_suite(), created),
        }
    }

    /// The keys that seal.
    #[must_use]
    pub const fn data(&self) -> &Ring<Suite> {
        &self.data
    }

    /// The keys that make blind indexes.
    #[must_use]
    pub const fn index(&self) -> &Ring<IndexSuite> {
        &self.index
    }

    /// Adds a key that seals everything from now on; the older ones become readable. Values under older
    /// keys say so through [`crate::Vault::reseal_needed`].
    pub fn rotate(&mut self, suite: Suite, created: DateTime<Utc>) {
        self.data.rotate(suite, created);
    }

    /// Adds an index key. Until every row carries the new index, look up all of
    /// [`crate::Vault::blind_indexes`].
    pub fn rotate_index(&mut self, suite: IndexSuite, created: DateTime<Utc>) {
        self.index.rotate(suite, created);
    }

    /// Removes an older sealing key, once no row needs it any more. What it sealed is lost for good.
    ///
    /// # Errors
    /// [`VaultError::NotForgettable`] for the active key and for one that is not there.
    pub fn forget(&mut self, id: u32) -> Result<(), VaultError> {
        self.data.forget(id)
    }

    /// Removes an older index key, once every row carries a newer index.
    ///
    /// # Errors
    /// [`VaultError::NotForgettable`] for the active key and for one that is not there.
    pub fn forget_index(&mut self, id: u32) -> Result<(), VaultError> {
        self.index.forget(id)
    }
}
