//! Orders and legs as values: what a command may do, what then happened, and what the order is afterwards.
//!
//! Pure: time, ids and policy are arguments. Invariant: `evolve` alone changes an order, and never fails.
//! Invariant: an order has exactly one standing lead leg a round while it is handled (`domain/tests/random.rs`).
//! Invariant: an order has one enterprise leg if and only if it is labelled and was sent out, over its whole life.

mod closing;
mod command;
mod decide;
mod dispatch;
mod event;
mod evolve;
mod guard;
mod handling;
mod hear;
mod ids;
mod leg;
mod order;
pub mod refusals;
mod requests;
mod review;
mod rules;
#[cfg(test)]
mod tests;

pub use command::{
    Actor, Command, Decision, Dispatch, Findings, Heard, LegCommand, Moment, ReplyDraft, ReturnDraft,
    Standing, Verdict,
};
pub use decide::decide;
pub use dispatch::suggest;
pub use event::{AfterReturn, Event, Lateness, SecondSend};
pub use hear::hear;
pub use ids::{LegId, OrderId, UnitId};
pub use leg::{
    Due, ExtensionRequest, Leg, LegKind, LegState, Reply, ReplyFault, ReplyResult, ReturnRequest, Times,
};
pub use order::{ENTERPRISE_LABEL, Enterprise, Facts, Order, Outcome, OwnLimit, State, Subject, UnitChoice};
pub use rules::{Rules, Suggestion};

/// The name under which the service acts by rule.
pub const SERVICE: &str = "routing";
