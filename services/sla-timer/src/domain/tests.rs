//! Tables and properties of the clocks.

mod kinds;
mod random;
mod tables;
mod years;
