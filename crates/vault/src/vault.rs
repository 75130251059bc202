//! The vault: seals, opens and indexes with the keys of one ring.

use std::{collections::BTreeMap, fmt, path::Path};

use zeroize::Zeroize as _;

use crate::{
    blind_index::{BlindIndex, Indexer},
    error::VaultError,
    field::Field,
    keyring::{Key, Keyring},
    sealed::{Header, OVERHEAD, PREFIX_LEN, Parts, Sealed},
    secret::Secret,
    suite::{Cipher, NONCE_LEN, Suite},
};

/// What the ciphers of the fields are derived under; a new scheme takes a new label.
const LABEL: &[u8] = b"hotline seal v1 ";

/// Seals personal data for the table and opens it again. Shared freely between threads; built once at start.
pub struct Vault {
    active: Header,
    sealers: BTreeMap<u32, Sealer>,
    indexer: Indexer,
    older_indexers: Vec<Indexer>,
}

/// A sealing key with a cipher for every field: a key that leaks opens one field, not all.
struct Sealer {
    suite: Suite,
    ciphers: [Cipher; Field::ALL.len()],
}

impl Sealer {
    fn new(key: &Key<Suite>) -> Self {
        let derive = |field: Field| {
            key.suite
                .cipher(key.secret.bytes(), &[LABEL, field.name().as_bytes()].concat())
        };
        Self {
            suite: key.suite,
            ciphers: Field::ALL.map(derive),
        }
    }
}

impl Vault {
    /// Opens the vault over `keys.toml` in a folder; makes both on the first start (see [`Keyring::load_or_create`]).
    ///
    /// # Errors
    /// Those of [`Keyring::load`].
    pub fn open(keys_dir: &Path) -> Result<Self, VaultError> {
        Keyring::load_or_create(keys_dir).map(Self::from_keyring)
    }

    /// Makes a vault over a ring.
    #[must_use]
    pub fn from_keyring(keyring: Keyring) -> Self {
        let active = keyring.data.active();
        Self {
            active: Header {
                suite: active.suite,
                key_id: active.id,
            },
            sealers: keyring
                .data
                .keys()
                .map(|key| (key.id, Sealer::new(key)))
                .collect(),
            indexer: Indexer::new(keyring.index.active()),
            older_indexers: keyring.index.readable.iter().map(Indexer::new).collect(),
        }
    }

    /// Seals a text for one field of one row, with the active key and a random nonce: sealing twice gives
    /// two different values. `row` is the id of the row, usually the 16 bytes of its UUID.
    #[must_use]
    pub fn seal(&self, field: Field, row: &[u8], plain: &str) -> Sealed {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).expect("the operating system gives random bytes");
        let mut bytes = Vec::with_capacity(OVERHEAD + plain.len());
        bytes.extend_from_slice(&self.active.to_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain.as_bytes());
        let cipher = &self.sealers[&self.active.key_id].ciphers[field.position()];
        let tag = cipher.seal(
            &nonce,
            &self.active.associated(field, row),
            &mut bytes[PREFIX_LEN..],
        );
        bytes.extend_from_slice(&tag);
        Sealed::new(bytes)
    }

    /// Opens a value for the field and row it was sealed for, whichever key of the ring sealed it.
    ///
    /// # Errors
    /// [`VaultError::CutShort`], [`VaultError::UnknownVersion`], [`VaultError::UnknownSuite`] and
    /// [`VaultError::UnknownKey`] from the header; [`VaultError::Refused`] where the tag does not hold.
    pub fn open_sealed(&self, field: Field, row: &[u8], sealed: &[u8]) -> Result<Secret, VaultError> {
        let Parts {
            header,
            nonce,
            text,
            tag,
        } = Parts::of(sealed)?;
        let sealer = self
            .sealers
            .get(&header.key_id)
            .ok_or(VaultError::UnknownKey(header.key_id))?;
        if sealer.suite != header.suite {
            return Err(VaultError::Refused);
        }
        let mut text = text.to_vec();
        let cipher = &sealer.ciphers[field.position()];
        let opened = cipher.open(nonce, &header.associated(field, row), &mut text, tag);
        if opened.is_none() {
            text.zeroize();
            return Err(VaultError::Refused);
        }
        Secret::from_bytes(text).ok_or(VaultError::Refused)
    }

    /// Whether the value was sealed by another key than the active one and should be sealed anew. What is no
    /// sealed value at all needs none: opening it reports what is wrong.
    #[must_use]
    pub fn reseal_needed(&self, sealed: &[u8]) -> bool {
        Parts::of(sealed).is_ok_and(|parts| parts.header.key_id != self.active.key_id)
    }

    /// The index of a normalised value under the active index key: what a new row carries. Normalise first
    /// (see [`crate::normalise`]), for it tells only whether two texts are the same bytes.
    #[must_use]
    pub fn blind_index(&self, field: Field, normalised: &str) -> BlindIndex {
        self.indexer.index(field, normalised)
    }

    /// The indexes under all index keys, the active one first: what a look-up must search for.
    #[must_use]
    pub fn blind_indexes(&self, field: Field, normalised: &str) -> Vec<BlindIndex> {
        let all = std::iter::once(&self.indexer).chain(&self.older_indexers);
        all.map(|indexer| indexer.index(field, normalised)).collect()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("active_key", &self.active.key_id)
            .field("suite", &self.active.suite)
            .field("keys", &self.sealers.len())
            .field("index_keys", &(1 + self.older_indexers.len()))
            .finish()
    }
}
