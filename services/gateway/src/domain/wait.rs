//! How long failures keep an account or an address waiting.

use chrono::{DateTime, TimeDelta, Utc};

/// Most doublings; beyond it the longest wait holds anyway.
const DOUBLINGS_MAX: u32 = 20;

/// A rule of waiting: some failures are free, then the wait begins and doubles with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Failures without a wait.
    pub free: i32,
    /// First wait, seconds.
    pub first_s: i64,
    /// Longest wait, seconds.
    pub longest_s: i64,
}

/// An account: short enough that nobody is locked out by a stranger for long, long enough that guessing is hopeless.
pub const ACCOUNT: Waits = Waits {
    free: 4,
    first_s: 60,
    longest_s: 30 * 60,
};

/// An address: a whole office may share one.
pub const ADDRESS: Waits = Waits {
    free: 29,
    first_s: 60,
    longest_s: 60 * 60,
};

impl Waits {
    /// Until when the failure number `failures`, at `now`, keeps waiting; nothing while failures are free.
    pub fn until(&self, failures: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let over = u32::try_from(failures - self.free)
            .ok()
            .filter(|over| *over > 0)?;
        let factor = 1_i64 << (over - 1).min(DOUBLINGS_MAX);
        let seconds = self.first_s.saturating_mul(factor).min(self.longest_s);
        Some(now + TimeDelta::seconds(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_waits_a_minute_and_each_doubles_up_to_half_an_hour() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
        let waits = |failures| {
            ACCOUNT
                .until(failures, now)
                .map(|until| (until - now).num_seconds())
        };
        assert_eq!(waits(4), None);
        assert_eq!(waits(5), Some(60));
        assert_eq!(waits(6), Some(120));
        assert_eq!(waits(10), Some(1_800));
        assert_eq!(waits(i32::MAX), Some(1_800));
    }
}
