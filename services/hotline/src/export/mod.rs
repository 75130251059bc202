//! Exporting from a running platform into files: never over a file that is there, whole or not at all, and without
//! cells that a spreadsheet takes for formulas.

pub mod past;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use hotline_runtime::Stopwatch;
use indicatif::ProgressBar;

use crate::cli::Global;
use crate::render;

/// Pause between two plain lines of progress.
const LINE_PAUSE: Duration = Duration::from_secs(5);

/// Beginnings by which a spreadsheet takes a text for a formula.
const RISKY: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A file that is being written under another name, and gets its own when it is whole.
pub struct Output {
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
}

impl Output {
    /// Begins a file; one that is there is replaced only with `force`.
    ///
    /// # Errors
    /// The file is there already, or cannot be made.
    pub fn create(path: &Path, force: bool) -> anyhow::Result<Self> {
        if path.exists() && !force {
            bail!(
                "{0} 已存在;加 --force 覆盖 / {0} is there already; --force replaces it",
                path.display()
            );
        }
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = File::create(&part)
            .with_context(|| format!("无法写入 {0} / cannot write {0}", part.display()))?;
        Ok(Self {
            path: path.to_owned(),
            part,
            file: BufWriter::new(file),
            bytes: 0,
        })
    }

    /// Ends the file: it is on disk and has its name.
    ///
    /// # Errors
    /// The disk is full, or the name cannot be given.
    pub fn finish(mut self) -> anyhow::Result<u64> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        std::fs::rename(&self.part, &self.path)
            .with_context(|| format!("无法写入 {0} / cannot write {0}", self.path.display()))?;
        Ok(self.bytes)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += u64::try_from(written).unwrap_or(0);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Output {
    /// What was not finished is not left behind.
    fn drop(&mut self) {
        if self.part.exists() && !self.part.as_os_str().is_empty() {
            let _gone = std::fs::remove_file(&self.part);
        }
    }
}

/// How much has come: a bar for people, a plain line every few seconds for logs.
pub struct Received {
    since: Stopwatch,
    told: Duration,
    count: u64,
    unit: &'static str,
    bar: Option<ProgressBar>,
}

impl Received {
    /// Nothing yet, counted in `unit`.
    pub fn start(global: &Global, zh: &'static str, en: &'static str) -> Self {
        Self {
            since: Stopwatch::start(),
            told: Duration::ZERO,
            count: 0,
            unit: match global.lang() {
                hotline_policy::Lang::Zh => zh,
                hotline_policy::Lang::En => en,
            },
            bar: render::is_watched().then(ProgressBar::new_spinner),
        }
    }

    /// So much more.
    pub fn advance(&mut self, more: u64) {
        self.count += more;
        let text = format!("{} {}", self.count, self.unit);
        if let Some(bar) = &self.bar {
            bar.set_message(text);
            bar.tick();
        } else if self.since.elapsed() - self.told >= LINE_PAUSE {
            self.told = self.since.elapsed();
            render::note(text);
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A cell that no spreadsheet takes for a formula: the mark of a text before it.
#[must_use]
pub fn safe(text: &str) -> String {
    if text.starts_with(RISKY) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The cell as it was before [`safe`].
#[must_use]
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(RISKY) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_stays_unless_forced_and_half_a_file_is_none() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("out.csv");
        let mut half = Output::create(&path, false).expect("a new file");
        half.write_all(b"half").expect("it writes");
        drop(half);
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0);
        let mut whole = Output::create(&path, false).expect("a new file");
        whole.write_all(b"whole").expect("it writes");
        assert_eq!(whole.finish().expect("it ends"), 5);
        let Err(error) = Output::create(&path, false) else {
            panic!("it is replaced")
        };
        assert!(error.to_string().contains("--force"), "{error}");
        let mut other = Output::create(&path, true).expect("forced");
        other.write_all(b"other").expect("it writes");
        assert_eq!(std::fs::read_to_string(&path).expect("still there"), "whole");
        other.finish().expect("it ends");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "other");
    }

    #[test]
    fn what_looks_like_a_formula_is_written_as_a_text_and_reads_as_it_was() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert!(safe(text).starts_with('\''), "{text}");
            assert_eq!(plain(&safe(text)), text);
        }
        for text in ["市水务局", "'quoted", ""] {
            assert_eq!(plain(&safe(text)), text);
        }
    }
}
