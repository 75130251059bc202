//! Figures on a real database and a real bus: what is counted, what is asked, what is refused.

mod bus;
mod counting;
mod questions;
mod support;
