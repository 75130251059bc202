//! A case of the supervision ledger: what was demanded of a unit, what it answered, and who answers for it. Pure.
//!
//! Invariant: a closed case takes nothing any more.
//! Invariant: every document, card and type of accountability says why, with its article.

mod accountability;
mod bulletin;
mod cards;
mod case;
mod command;
mod decide;
mod evolve;
mod issue;
mod material;
pub mod refusals;
mod why;

#[cfg(test)]
mod tests;

pub use bulletin::{Bulletin, Figures, UnitFigures, figures_of, notice};
pub use cards::{Previous, Series, follow_up, series};
pub use case::{
    Card, Case, CaseState, Cause, Event, Exemption, HandOver, Instrument, Measure, Meeting, OrderOf, Reply,
    ReplyDecision, Verification, Visit,
};
pub use command::{Command, MeasureDraft};
pub use decide::{Context, SYSTEM, decide, raise, redue};
pub use evolve::evolve;
pub use issue::{Wanted, issue, numbered};
pub use material::{Document, bundle, documents};
pub use why::{Why, of_breach, of_class, of_series};
