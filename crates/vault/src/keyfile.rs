//! The key file of an installation: its format, how it is made once and how it is replaced whole.
//!
//! `keys.toml`, mode 0600, in a folder of mode 0700:
//!
//! ```toml
//! format = 1
//!
//! [[key]]                            # keys that seal; exactly one is active
//! id      = 1                        # stands in every sealed value; never given twice
//! suite   = "aes-256-gcm"            # or "sm4-gcm"
//! state   = "active"                 # or "readable": opens what it sealed, seals nothing
//! created = "2026-01-05T01:00:00Z"
//! secret  = "base64 of 32 bytes"
//!
//! [[index_key]]                      # keys of the blind indexes, the same columns
//! id      = 1
//! suite   = "hmac-sha-256"           # or "hmac-sm3"
//! state   = "active"
//! created = "2026-01-05T01:00:00Z"
//! secret  = "base64 of 32 bytes"
//! ```
//!
//! Invariant: two processes that start at once on an empty folder end with the same keys: the file appears
//! by a hard link, which fails if it is there already.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    error::VaultError,
    keyring::{Key, KeySecret, Keyring, Ring},
    suite::{IndexSuite, Suite},
};

/// The name of the key file within its folder.
pub const FILE_NAME: &str = "keys.toml";
/// The format that this build reads and writes.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    key: Vec<Entry<Suite>>,
    index_key: Vec<Entry<IndexSuite>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<S> {
    id: u32,
    suite: S,
    state: State,
    created: DateTime<Utc>,
    secret: KeySecret,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Active,
    Readable,
}

impl Keyring {
    /// Reads the key file of a folder.
    ///
    /// # Errors
    /// [`VaultError::Io`], [`VaultError::OpenToOthers`], [`VaultError::Malformed`], [`VaultError::Inconsistent`].
    pub fn load(keys_dir: &Path) -> Result<Self, VaultError> {
        let path = keys_dir.join(FILE_NAME);
        let mode = fs::metadata(&path).map_err(io_at(&path))?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(VaultError::OpenToOthers { path, mode });
        }
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(io_at(&path))?);
        parse(&text, &path)
    }

    /// Replaces the key file of a folder, as a whole or not at all. One process at a time.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn save(&self, keys_dir: &Path) -> Result<(), VaultError> {
        let path = keys_dir.join(FILE_NAME);
        let draft = Draft::create(keys_dir)?;
        draft.write(self)?;
        fs::rename(&draft.path, &path).map_err(io_at(&path))?;
        sync_folder(keys_dir)
    }

    /// Reads the key file, after making one with fresh AES-256-GCM and HMAC-SHA-256 keys where there is none.
    ///
    /// # Errors
    /// As [`Keyring::load`].
    pub fn load_or_create(keys_dir: &Path) -> Result<Self, VaultError> {
        if !keys_dir.join(FILE_NAME).exists() {
            create(keys_dir)?;
        }
        Self::load(keys_dir)
    }
}

fn create(keys_dir: &Path) -> Result<(), VaultError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(keys_dir)
        .map_err(io_at(keys_dir))?;
    let path = keys_dir.join(FILE_NAME);
    let draft = Draft::create(keys_dir)?;
    draft.write(&Keyring::generate(Suite::Aes256Gcm, draft.created()?))?;
    match fs::hard_link(&draft.path, &path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(io_at(&path)(error)),
        _ => sync_folder(keys_dir),
    }
}

/// A file under a name of its own that disappears unless it was moved into place.
struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    fn create(keys_dir: &Path) -> Result<Self, VaultError> {
        let random = getrandom::u64().expect("the operating system gives random bytes");
        let path = keys_dir.join(format!(".{FILE_NAME}.{random:016x}"));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(io_at(&path))?;
        Ok(Self { path, file })
    }

    /// The time at which the file system made the draft: this crate has no clock of its own.
    fn created(&self) -> Result<DateTime<Utc>, VaultError> {
        let modified = self.file.metadata().and_then(|metadata| metadata.modified());
        modified.map(DateTime::<Utc>::from).map_err(io_at(&self.path))
    }

    fn write(&self, keyring: &Keyring) -> Result<(), VaultError> {
        let text = render(keyring);
        let mut file = &self.file;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(io_at(&self.path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename the name is gone, which is what is wanted.
        drop(fs::remove_file(&self.path));
    }
}

fn sync_folder(keys_dir: &Path) -> Result<(), VaultError> {
    File::open(keys_dir)
        .and_then(|folder| folder.sync_all())
        .map_err(io_at(keys_dir))
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::Io { path, source }
}

fn render(keyring: &Keyring) -> Zeroizing<String> {
    let document = Document {
        format: FORMAT,
        key: entries(&keyring.data),
        index_key: entries(&keyring.index),
    };
    Zeroizing::new(toml::to_string(&document).expect("numbers, names and strings can be written as TOML"))
}

fn entries<S: Copy>(ring: &Ring<S>) -> Vec<Entry<S>> {
    let entry = |key: &Key<S>, state| Entry {
        id: key.id,
        suite: key.suite,
        state,
        created: key.created,
        secret: key.secret.clone(),
    };
    let older = ring.readable.iter().map(|key| entry(key, State::Readable));
    std::iter::once(entry(&ring.active, State::Active))
        .chain(older)
        .collect()
}

fn parse(text: &str, path: &Path) -> Result<Keyring, VaultError> {
    // Of the parser's answer only the place is kept: its message quotes the text, which may be a key.
    let document: Document = toml::from_str(text).map_err(|error| VaultError::Malformed {
        path: path.to_owned(),
        line: error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count()),
    })?;
    let inconsistent = |rule| VaultError::Inconsistent {
        path: path.to_owned(),
        rule,
    };
    if document.format != FORMAT {
        return Err(inconsistent("its format number is not 1"));
    }
    Ok(Keyring {
        data: ring(document.key).map_err(inconsistent)?,
        index: ring(document.index_key).map_err(inconsistent)?,
    })
}

fn ring<S>(entries: Vec<Entry<S>>) -> Result<Ring<S>, &'static str> {
    let mut ids: Vec<u32> = entries.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("an id is given twice");
    }
    let (active, mut readable): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|entry| entry.state == State::Active);
    let [active] = <[Entry<S>; 1]>::try_from(active).map_err(|_| "not exactly one key is active")?;
    readable.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.id));
    Ok(Ring {
        active: key(active),
        readable: readable.into_iter().map(key).collect(),
    })
}

fn key<S>(entry: Entry<S>) -> Key<S> {
    Key {
        id: entry.id,
        suite: entry.suite,
        created: entry.created,
        secret: entry.secret,
    }
}
