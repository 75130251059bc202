//! What a run found: scenarios, the rules that they prove, and the page that says so.

mod page;
mod recorder;
mod requirements;
mod run;

use std::fs;

use anyhow::{Context, Result};
use hotline_tests::workspace_root;

pub use page::{page, summary};
pub use recorder::Recorder;
pub use requirements::Requirements;
pub use run::Run;

/// The page that a run writes.
const PAGE: &str = "docs/regulations.md";

/// Keeps what a whole run found under `target/rules`, and compares the page with the project's own, or writes it.
/// Returns what is wrong.
///
/// # Errors
/// A file that cannot be written.
pub fn keep(run: &Run, page: &str, write: bool) -> Result<Option<String>> {
    let root = workspace_root();
    let folder = root.join("target/rules");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    fs::write(folder.join("results.json"), run.json()?)?;
    fs::write(folder.join("regulations.md"), page)?;
    let path = root.join(PAGE);
    if write {
        fs::write(&path, page).with_context(|| path.display().to_string())?;
        return Ok(None);
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let differs =
        || format!("{PAGE} 与本次运行不符,请执行 make rules / {PAGE} is not what this run found: make rules");
    Ok((stands != page).then(differs))
}
