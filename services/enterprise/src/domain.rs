//! The enterprise leg, pure: what is known of it, what the desk may do, and what follows from what others did.
//!
//! Invariant: `decide` and `hear` change nothing; only the events that they give do, through `evolve`.
//! Invariant: the desk follows, urges, supplements and evaluates; nothing here handles the matter (Xuzhou art. 2).
//! Invariant: a withdrawn leg never progresses again.

mod decide;
mod evolve;
mod hear;
mod leg;
pub mod refusals;
pub mod text;

pub use decide::{Command, decide};
pub use evolve::Event;
pub use hear::{Heard, hear};
pub use leg::{Enterprise, Facts, Leg, Matter, Progress, Satisfaction, Stage, Standing, State};

#[cfg(test)]
mod tests;
