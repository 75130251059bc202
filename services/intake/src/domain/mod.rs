//! The register's rules, pure: what an appeal is, what may be done with it, and what follows from what others did.
//!
//! Invariant: `decide` changes nothing; only the events that it gives do, through `evolve`.
//! Invariant: a disposed appeal (rejected, answered, transferred, withdrawn, archived) never moves again.

mod appeal;
mod authority;
mod call;
mod decide;
mod disclosure;
mod doors;
mod draft;
mod earlier;
mod evolve;
mod file;
mod line;
mod mark;
mod number;
pub mod refusals;
mod register;
mod rules;
pub mod text;

pub use appeal::{Appeal, Case, Enterprise, Secrecy, State, StateName};
pub use authority::{Authority, decider};
pub use call::{Call, CallReport, CallState, Recording};
pub use decide::{Command, MergeTarget, decide};
pub use disclosure::{Asker, Holding, UnitLeg, may_be_shown};
pub use doors::scope;
pub use draft::{Draft, Person, labels, past, source};
pub use earlier::{Earlier, is_answered, likeness};
pub use evolve::{Event, Progress, evolve, follow};
pub use file::{AppealFile, FILE_NAME_MAX, FILES_MAX, media_words, size_words};
pub use line::{Entry, Line};
pub use mark::{Mark, MarkState, Verdict, decide_mark};
pub use number::{check_digit, compose, is_number};
pub use register::register;
pub use rules::Rules;

#[cfg(test)]
mod tests;
