//! Secrets in files of the keys folder: made once, readable by their owner alone.
//!
//! Invariant: of two processes that make the same secret at once, both end with the same one.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::Context;

/// Bits of group and others in a file's mode.
const OTHERS: u32 = 0o077;

/// The text of `path`; if it is absent, `make` makes it and it is written with mode 0600.
pub(crate) fn read_or_make(
    path: &Path,
    make: impl FnOnce() -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => {
            warn_if_open(path);
            return Ok(text);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    }
    let folder = path.parent().context("a secret file lies in a folder")?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("create folder {}; choose another with keys.dir", folder.display()))?;
    write_once(path, &make()?)?;
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

/// Writes beside `path` and links it there, so that nobody ever reads half a file; the first of two wins.
fn write_once(path: &Path, text: &str) -> anyhow::Result<()> {
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .with_context(|| format!("write {}", draft.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("write {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn warn_if_open(path: &Path) {
    let open = fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & OTHERS != 0);
    if open {
        tracing::warn!(path = %path.display(), "a key file can be read by others; chmod 600 it");
    }
}

/// `bytes` random bytes of the operating system, in hexadecimal.
pub(crate) fn random_hex(bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).expect("the operating system always gives randomness once booted");
    hex(&random)
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
