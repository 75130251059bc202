//! Tables and properties of the clocks.

mod random;
mod tables;
mod years;
