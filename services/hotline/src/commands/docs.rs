//! `hotline docs`: writes the generated pages.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use crate::{docs, render};

/// Writes every generated page into `out`.
///
/// # Errors
/// The contract cannot be read, or the folder cannot be written.
pub fn run(out: &Path) -> anyhow::Result<ExitCode> {
    fs::create_dir_all(out).with_context(|| format!("create {}", out.display()))?;
    for (name, text) in docs::pages()? {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        render::out(path.display())?;
    }
    Ok(ExitCode::SUCCESS)
}
