//! Importing appeals from a CSV file: read and mapped line by line, sent with many requests at once, safe to repeat.
//!
//! Invariant: a line's idempotency key depends on the line's content and the source alone, so that a second import of
//! the same line registers nothing anew.

pub mod mapping;
pub mod progress;
pub mod reject;
pub mod send;
pub mod sheet;
