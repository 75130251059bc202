//! A call-back: when it is due, who makes it, what was answered, and what a bad answer leads to. Pure.
//!
//! Invariant: a call-back that was answered, given up or cancelled never goes back to the queue.

mod callback;
mod decide;
pub mod refusals;
mod schedule;

#[cfg(test)]
mod tests;

pub use callback::{Answer, Callback, Claim, Event, Settled, State, Verdict};
pub use decide::{Actor, Command, decide};
pub use schedule::{CancelCause, Rules, cancel, schedule};
