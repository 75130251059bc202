//! What is counted: from one thing that happened to increments of totals, and from totals to figures.
//!
//! Invariant: a thing that happened adds exactly one to its own measure in each dimension that it has a key for.

mod happening;
mod measure;
pub mod refusals;
mod tally;
mod window;

pub use happening::{Happening, Keys, What};
pub use measure::{DERIVED, Derived, OPEN_ORDERS, measures, snake_case, with_open_orders};
pub use tally::{Cell, Dimension, EVER, Tally};
pub use window::{ROWS_DEFAULT, ROWS_MAX, Window, day, measure_name, rows};

#[cfg(test)]
mod tests;
