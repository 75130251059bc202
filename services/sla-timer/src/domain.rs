//! What a clock is, when it starts and stops, and what follows when its time comes. Pure.
//!
//! Invariant: no clock runs out twice for the same due time.
//! Invariant: a due time follows from the event that started the clock, never from when the event was heard.

mod clock;
mod decide;
mod explain;
mod fire;
mod late;
mod moves;
mod obligations;
pub mod refusals;
mod rules;
mod signal;
pub mod supervision;
mod year;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use clock::{
    Basis, Clock, Event, Leg, LegKind, MoveReason, Order, OwnLimit, Reminder, Sorts, State, identity,
};
pub use decide::decide;
pub use explain::{Explained, explain};
pub use fire::fire;
pub use moves::{Recomputed, recompute};
pub use obligations::{Debtor, Expiry, Row, Subject, TABLE, row_of};
pub use rules::{Rules, Terms};
pub use signal::{Needs, SentLeg, Signal, What};
pub use year::{Import, affected_span};
