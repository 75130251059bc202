//! Personal data sealed field by field: keys, ciphers, blind indexes, masking, normal forms and redaction.
//!
//! Invariant: what `Debug`, `Display` and every error print holds no key and no personal data.
//! Invariant: a sealed value opens only under the field and the row it was sealed for (`tests/it/sealing.rs`).
//! Invariant: after a rotation everything sealed before stays readable until its key is forgotten.
//!
//! A service seals with [`Vault::seal`], searches with [`Vault::blind_indexes`] and shows people the
//! masked form from [`mask`]; free text passes through [`redact::redact`] before it is kept in clear.

mod blind_index;
mod error;
mod field;
mod keyfile;
mod keyring;
pub mod mask;
pub mod normalise;
pub mod redact;
mod sealed;
mod secret;
mod suite;
mod vault;

pub use blind_index::BlindIndex;
pub use error::VaultError;
pub use field::Field;
pub use keyfile::FILE_NAME;
pub use keyring::{Key, Keyring, Ring};
pub use sealed::Sealed;
pub use secret::Secret;
pub use suite::{IndexSuite, Suite};
pub use vault::Vault;
