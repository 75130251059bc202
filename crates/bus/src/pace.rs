//! How far apart batches begin. Under load they begin further apart, so that each takes more and an event costs less; a
//! quiet service waits for nothing that it would notice.

use std::time::Duration;

use tokio::time::Instant;

/// A batch that took long is followed by the next one so many times later, counted from its beginning.
const SHARE: u32 = 3;
/// Longest distance that load alone makes.
const LOADED_MAX: Duration = Duration::from_millis(100);

/// The batches of one worker.
pub(crate) struct Pace {
    least: Duration,
    began_at: Option<Instant>,
    took: Duration,
}

impl Pace {
    /// Batches begin at least `least` apart.
    pub(crate) fn new(least: Duration) -> Self {
        Self {
            least,
            began_at: None,
            took: Duration::ZERO,
        }
    }

    /// A batch begins.
    pub(crate) fn begin(&mut self) {
        self.began_at = Some(Instant::now());
    }

    /// The batch is done.
    pub(crate) fn end(&mut self) {
        self.took = self.began_at.map_or(Duration::ZERO, |at| at.elapsed());
    }

    /// How long until the next may begin; zero when it is time.
    pub(crate) fn rest(&self) -> Duration {
        self.began_at.map_or(Duration::ZERO, |at| {
            distance(self.least, self.took).saturating_sub(at.elapsed())
        })
    }
}

/// From the beginning of a batch that took so long to that of the next.
fn distance(least: Duration, took: Duration) -> Duration {
    least.max(LOADED_MAX.min(took * SHARE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_that_take_long_begin_further_apart() {
        let ms = Duration::from_millis;
        assert_eq!(distance(ms(5), ms(1)), ms(5));
        assert_eq!(distance(ms(5), ms(10)), ms(30));
        assert_eq!(distance(ms(5), ms(60)), LOADED_MAX);
        assert_eq!(distance(ms(200), ms(30)), ms(200));
    }
}
