//! How far an import is: a bar for people, a plain line every few seconds for logs; with rate and time left.

use std::time::Duration;

use hotline_runtime::Stopwatch;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Global;
use crate::render;

/// Pause between two plain lines.
const LINE_PAUSE: Duration = Duration::from_secs(5);

/// The bar: place, share, rate, time left.
const TEMPLATE: &str = "{wide_bar} {pos}/{len} {percent}%  {per_sec}  ETA {eta}";

/// How far an import is.
pub struct Progress {
    total: usize,
    done: usize,
    since: Stopwatch,
    told: Duration,
    bar: Option<ProgressBar>,
    words: [&'static str; 3],
}

impl Progress {
    /// The beginning of `total` lines.
    pub fn start(global: &Global, total: usize) -> Self {
        let bar = render::is_watched().then(|| {
            let style =
                ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX)).with_style(style)
        });
        let words = match global.lang() {
            hotline_policy::Lang::Zh => ["已处理", "行/秒", "剩余约"],
            hotline_policy::Lang::En => ["done", "lines/s", "left about"],
        };
        Self {
            total,
            done: 0,
            since: Stopwatch::start(),
            told: Duration::ZERO,
            bar,
            words,
        }
    }

    /// One more line is done.
    pub fn advance(&mut self) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
            return;
        }
        let elapsed = self.since.elapsed();
        if elapsed - self.told >= LINE_PAUSE {
            self.told = elapsed;
            render::note(self.line());
        }
    }

    /// Lines a second so far.
    pub fn rate(&self) -> f64 {
        let seconds = self.since.elapsed().as_secs_f64();
        if seconds > 0.0 {
            f64::from(u32::try_from(self.done).unwrap_or(u32::MAX)) / seconds
        } else {
            0.0
        }
    }

    /// Real time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self) -> String {
        let (rate, [done, unit, left]) = (self.rate(), self.words);
        let lines_left = f64::from(u32::try_from(self.total.saturating_sub(self.done)).unwrap_or(u32::MAX));
        let seconds = if rate > 0.0 { lines_left / rate } else { 0.0 };
        format!(
            "{done} {}/{}  {rate:.0} {unit}  {left} {seconds:.0} s",
            self.done, self.total
        )
    }
}
