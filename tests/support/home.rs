//! The folder of one platform under test: reachable by the servers' account, removed with it, swept after a kill.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};

use crate::workspace_root;

/// Folders made by this process.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A folder that goes with this value.
pub struct Home(PathBuf);

impl Home {
    /// Makes a folder, and removes those of processes that are gone.
    ///
    /// # Errors
    /// The target folder cannot be written.
    pub fn make() -> Result<Self> {
        let base = workspace_root().join("target/test-platforms");
        fs::create_dir_all(&base).with_context(|| base.display().to_string())?;
        sweep(&base);
        let own = MADE.fetch_add(1, Ordering::Relaxed);
        let path = base.join(format!("{}-{own}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(Self(path))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // HOTLINE_TEST_KEEP leaves everything in place, for looking at what a failed test left.
        if std::env::var_os("HOTLINE_TEST_KEEP").is_none() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// Removes folders whose process is gone; what it had started went with it.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.split_once('-'))
            .map(|(pid, _)| pid.to_owned());
        let Some(owner) = owner.filter(|pid| pid.chars().all(|c| c.is_ascii_digit())) else {
            continue;
        };
        if !Path::new("/proc").join(owner).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
