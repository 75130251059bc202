//! The live view: what goes where, one line a step, above a bar that counts finished lives.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{Global, Language};
use crate::render;

/// The bar.
const TEMPLATE: &str = "{wide_bar} {pos}/{len}  {elapsed}";

/// Titles on a line at most, characters.
const TITLE_MAX: usize = 26;

/// The live view. Everybody writes on it.
pub struct Board {
    language: Language,
    bar: Option<ProgressBar>,
    failures: Mutex<Vec<String>>,
}

impl Board {
    /// An empty board for `total` lives.
    pub fn new(global: &Global, total: usize) -> Self {
        let bar = render::is_watched().then(|| {
            let style =
                ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX)).with_style(style)
        });
        Self {
            language: global.lang,
            bar,
            failures: Mutex::default(),
        }
    }

    /// Writes a step of the appeal `key`.
    pub fn step(&self, key: &str, zh: &str, en: &str) {
        let words = if self.language == Language::Zh { zh } else { en };
        self.line(&format!("  {key}  {words}"));
    }

    /// Writes that `key` was registered.
    pub fn registered(&self, key: &str, number: &str, title: &str) {
        self.line(&format!("  {key}  {number}  {}", render::cut(title, TITLE_MAX)));
    }

    /// Writes that `key` went another way than its script, and keeps it for the end.
    pub fn failed(&self, key: &str, error: &anyhow::Error) {
        let text = format!("{key}  {error:#}");
        self.line(&format!("✗ {text}"));
        self.failures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }

    /// One life is over.
    pub fn finished(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// Writes a line above the bar.
    pub fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => render::note(text),
        }
    }

    /// Takes the bar away, and gives what went wrong.
    pub fn close(&self) -> Vec<String> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.failures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
