//! The only place that reads a clock or makes an id; everything else takes time as an argument.
//!
//! Invariant: an instant from a [`Clock`] has whole microseconds, so PostgreSQL returns exactly what was stored.
//! Invariant: a virtual clock never goes backwards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::sync::watch;
use uuid::Uuid;

/// Longest single sleep on the system clock (60 s): a step of the machine's clock is noticed within it.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// Digits of a second that are kept: PostgreSQL stores microseconds.
const SUBSEC_DIGITS: u16 = 6;

/// A source of time: the machine's, or a virtual one that moves only when told.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Virtual(Arc<watch::Sender<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until [`Clock::advance_to`] moves it.
    pub fn virtual_at(start: DateTime<Utc>) -> Self {
        let (now, _) = watch::channel(start.trunc_subsecs(SUBSEC_DIGITS));
        Self(Source::Virtual(Arc::new(now)))
    }

    /// Whether this clock moves only when told.
    pub fn is_virtual(&self) -> bool {
        matches!(self.0, Source::Virtual(_))
    }

    /// The present instant, truncated to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::System => wall_now(),
            Source::Virtual(now) => *now.borrow(),
        }
    }

    /// Moves a virtual clock to `to` and wakes its sleepers; an earlier instant, or a system clock, changes nothing.
    pub fn advance_to(&self, to: DateTime<Utc>) {
        if let Source::Virtual(now) = &self.0 {
            let to = to.trunc_subsecs(SUBSEC_DIGITS);
            now.send_if_modified(|current| {
                let later = to > *current;
                if later {
                    *current = to;
                }
                later
            });
        }
    }

    /// Moves a virtual clock forward by `by`.
    pub fn advance(&self, by: Duration) {
        self.advance_to(self.now() + delta(by));
    }

    /// A new UUID of version 7: this clock's millisecond, then 74 bits of the operating system's randomness.
    pub fn new_id(&self) -> Uuid {
        let mut random = [0_u8; 10];
        getrandom::fill(&mut random).expect("the operating system always gives randomness once booted");
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Waits until this clock shows `until` or later.
    pub async fn sleep_until(&self, until: DateTime<Utc>) {
        match &self.0 {
            Source::System => {
                while let Ok(left) = (until - wall_now()).to_std() {
                    if left.is_zero() {
                        return;
                    }
                    tokio::time::sleep(left.min(SLEEP_MAX)).await;
                }
            }
            Source::Virtual(now) => {
                let mut now = now.subscribe();
                // The sender lives in `self`, so the wait cannot fail.
                let _ = now.wait_for(|now| *now >= until).await;
            }
        }
    }

    /// Waits for `pause` of this clock's time.
    pub async fn sleep(&self, pause: Duration) {
        match &self.0 {
            Source::System => tokio::time::sleep(pause).await,
            Source::Virtual(_) => self.sleep_until(self.now() + delta(pause)).await,
        }
    }
}

/// A running measurement of real time, for metrics and deadlines; it is no instant of any calendar.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Real time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The machine's time, for what belongs to the real world whatever clock a scenario runs on (tokens, certificates).
#[allow(
    clippy::disallowed_methods,
    reason = "this file is the one that may read a clock"
)]
pub(crate) fn wall_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(SUBSEC_DIGITS)
}

/// A standard duration as chrono's, saturating at its maximum.
fn delta(pause: Duration) -> TimeDelta {
    TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 123_456_789).expect("a valid instant")
    }

    #[test]
    fn instants_have_whole_microseconds() {
        assert_eq!(
            Clock::virtual_at(noon()).now().timestamp_subsec_nanos(),
            123_456_000
        );
        assert_eq!(Clock::system().now().timestamp_subsec_nanos() % 1_000, 0);
    }

    #[test]
    fn a_virtual_clock_never_goes_backwards() {
        let clock = Clock::virtual_at(noon());
        let before = clock.now();
        clock.advance_to(before - TimeDelta::hours(1));
        assert_eq!(clock.now(), before);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), before + TimeDelta::seconds(5));
    }

    #[test]
    fn ids_sort_by_the_clock_and_never_repeat() {
        let clock = Clock::virtual_at(noon());
        let early = clock.new_id();
        assert_ne!(early, clock.new_id());
        clock.advance(Duration::from_millis(1));
        assert!(early < clock.new_id());
        assert_eq!(early.get_version_num(), 7);
    }

    #[tokio::test]
    async fn a_sleeper_wakes_when_a_virtual_clock_is_advanced() {
        let clock = Clock::virtual_at(noon());
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(86_400)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(86_399));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeper.await.expect("the sleeper wakes");
    }

    #[tokio::test]
    async fn sleeping_until_the_past_returns_at_once() {
        let clock = Clock::system();
        clock.sleep_until(clock.now() - TimeDelta::hours(1)).await;
    }
}
