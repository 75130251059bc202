//! Servers and processes killed, emptied and frozen while appeals flow; afterwards nothing is lost and nothing doubled.
//!
//! Each test prints its seed; `HOTLINE_TEST_SEED` runs it again. When a fault strikes depends on how far the flow has
//! come, never on time alone.

mod broker;
mod clocks;
mod database;
mod flow;
mod process;
mod proof;
mod seed;
