//! What the tests of the whole product share: where the workspace lies, and the running product as a test holds it.

use std::path::{Path, PathBuf};

#[path = "../support/mod.rs"]
pub mod support;

/// The workspace's root folder, absolute.
pub fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
