//! Chance from a printed seed, so that a failure can be looked at again.

use std::hash::{BuildHasher, Hasher};

use anyhow::{Context, Result};
use hotline_tests::support::tell;

/// Names the seed of a run to be repeated.
const VARIABLE: &str = "HOTLINE_TEST_SEED";

/// A stream of chance (SplitMix64: small, and good enough to choose when a fault strikes).
pub struct Seed {
    state: u64,
    /// The seed itself.
    pub value: u64,
}

impl Seed {
    /// The seed that the environment names, or a new one.
    ///
    /// # Errors
    /// The variable holds no number.
    pub fn choose() -> Result<Self> {
        let value = match std::env::var(VARIABLE) {
            Ok(text) => text
                .parse()
                .with_context(|| format!("{VARIABLE}={text} is no number"))?,
            Err(_) => std::collections::hash_map::RandomState::new()
                .build_hasher()
                .finish(),
        };
        tell(format_args!("{VARIABLE}={value}"));
        Ok(Self { state: value, value })
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }
}
