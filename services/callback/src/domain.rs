//! A call-back: when it is due, who makes it, what was answered, and what a bad answer leads to; and the good and bad
//! reviews of services. Pure.
//!
//! Invariant: a call-back that was answered, given up or cancelled never goes back to the queue.

mod answer;
mod callback;
mod decide;
mod inbound;
mod judge;
pub mod refusals;
pub mod review;
mod schedule;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Given, Grounds, Judgement, Paper, PaperKind, Verdict};
pub use callback::{Callback, Claim, Delivery, Event, Settled, State};
pub use decide::{Actor, Command, SERVICE, decide};
pub use inbound::{Inbound, read};
pub use schedule::{CancelCause, Rules, cancel, schedule};
