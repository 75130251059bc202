//! Kills a service between two steps of the spine, for tests that prove what survives it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Fault;

/// A point between two steps where a process may die.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// State is written, events are not.
    BeforeOutbox,
    /// Both are written, nothing is committed.
    BeforeCommit,
    /// Committed; the caller does not know.
    AfterCommit,
    /// About to be numbered: one statement, which happens whole or not at all.
    BeforeSequenced,
    /// In the journal, not published.
    AfterSequenced,
    /// Half of a batch is published.
    MidPublish,
    /// Published; the acknowledgement is lost.
    AfterPublish,
    /// Applied, not committed.
    BeforeApplied,
}

impl Step {
    /// Every point.
    pub const ALL: [Self; 8] = [
        Self::BeforeOutbox,
        Self::BeforeCommit,
        Self::AfterCommit,
        Self::BeforeSequenced,
        Self::AfterSequenced,
        Self::MidPublish,
        Self::AfterPublish,
        Self::BeforeApplied,
    ];
}

/// Decides at each step whether the process dies there; a running system carries one that never does.
#[derive(Clone, Default)]
pub struct Injector(Option<Arc<Mutex<State>>>);

struct State {
    seed: u64,
    one_in: u64,
    deaths: HashMap<Step, u32>,
}

impl Injector {
    /// Dies at about one step in `one_in`, the same ones for the same seed and order of steps.
    pub fn seeded(seed: u64, one_in: u64) -> Self {
        let state = State {
            seed: seed | 1,
            one_in,
            deaths: HashMap::new(),
        };
        Self(Some(Arc::new(Mutex::new(state))))
    }

    /// How often each step was a death.
    pub fn deaths(&self) -> HashMap<Step, u32> {
        let Some(state) = &self.0 else {
            return HashMap::new();
        };
        state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .deaths
            .clone()
    }

    /// Stops dying: the rest of the run must heal.
    pub fn calm(&self) {
        if let Some(state) = &self.0 {
            state.lock().unwrap_or_else(PoisonError::into_inner).one_in = u64::MAX;
        }
    }

    pub(crate) fn at(&self, step: Step) -> Result<(), Fault> {
        let Some(state) = &self.0 else { return Ok(()) };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        // SplitMix64: small, seeded, good enough to choose where to die.
        state.seed = state.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        if (mixed ^ (mixed >> 31)) % state.one_in != 0 {
            return Ok(());
        }
        *state.deaths.entry(step).or_default() += 1;
        Err(Fault::retry(format!("killed at {step:?}")))
    }
}
