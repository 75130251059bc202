//! Orders and legs as values: what a command may do, what then happened, and what the order is afterwards.
//!
//! Pure: time, ids and policy are arguments. Invariant: `evolve` alone changes an order, and never fails.
//! Invariant: an order has exactly one standing lead leg a round while it is handled (`domain/tests/random.rs`).
//! Invariant: an order has one enterprise leg if and only if it is labelled and was sent out, over its whole life.

mod answer;
mod calendar;
mod closing;
mod command;
mod decide;
mod delegate;
mod dispatch;
pub mod dossier;
mod duty;
mod event;
mod evolve;
mod extensions;
mod forms;
mod gather;
mod governed;
mod guard;
mod handling;
mod hear;
mod ids;
mod inside;
mod leg;
mod notes;
mod order;
mod papers;
pub mod refusals;
mod reply;
mod requests;
mod review;
mod rules;
#[cfg(test)]
mod tests;
mod verified;
mod whistle;

pub use calendar::{catch_up, is_behind};
pub use command::{
    AcceptanceDraft, Actor, Command, Decision, Dispatch, ExtensionDraft, FindingDraft, Findings, Heard,
    LegCommand, Moment, Post, ReplyDraft, ReturnDraft, Standing, StatementDraft, Verdict,
};
pub use decide::decide;
pub use dispatch::suggest;
pub use event::{AfterReturn, Event, Lateness, Notice, SecondSend};
pub use forms::{Forms, ReplyForm, RequestForm, forms};
pub use hear::hear;
pub use ids::{LegId, OrderId, UnitId};
pub use leg::{
    Due, ExtensionRequest, Leg, LegKind, LegState, Note, NoteKind, Proof, Reply, ReplyFault, ReplyResult,
    ReturnRequest, SendBack, Times, ToldBy, UnitApproval,
};
pub use order::{ENTERPRISE_LABEL, Enterprise, Facts, Order, Outcome, OwnLimit, State, Subject, UnitChoice};
pub use papers::printed;
pub use rules::{Rules, Suggestion};

/// The name under which the service acts by rule.
pub const SERVICE: &str = "routing";
