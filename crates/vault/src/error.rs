//! What can go wrong with keys and sealed values, in words that carry neither.

use std::{io, path::PathBuf};

/// A failure of the vault. No variant holds a key, a plain text or a sealed value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file or its folder could not be read or written.
    #[error("key file {path} cannot be used: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system answered.
        source: io::Error,
    },
    /// Somebody other than the owner may read the key file.
    #[error("key file {path} has mode {mode:03o}; it must be readable by its owner alone (chmod 600)")]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file does not follow the documented format. The offending text is withheld: it may be a key.
    #[error("key file {path}, line {line}: not in the documented format")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1; 1 where the parser names no place.
        line: usize,
    },
    /// The key file is well formed, yet its keys do not make a key ring.
    #[error("key file {path}: {rule}")]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// The rule that does not hold.
        rule: &'static str,
    },
    /// A key that is still used for sealing, or is not in the ring, was to be forgotten.
    #[error("key {0} is not a readable key of this ring and cannot be forgotten")]
    NotForgettable(u32),
    /// The value is too short to be a sealed value.
    #[error("sealed value is cut short: {0} bytes")]
    CutShort(usize),
    /// The value was sealed by a version of the format that this build does not know.
    #[error("sealed value has unknown version {0}")]
    UnknownVersion(u8),
    /// The value names a suite that this build does not know.
    #[error("sealed value has unknown suite {0}")]
    UnknownSuite(u8),
    /// The value was sealed with a key that the ring does not hold.
    #[error("sealed value needs key {0}, which the key ring does not hold")]
    UnknownKey(u32),
    /// The value was altered, or belongs to another row or field, or was sealed with another key of that id.
    #[error("sealed value does not belong to this row and field, or was altered")]
    Refused,
}
