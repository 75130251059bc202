//! The clocks on a real database: what is heard, what fires, what a new calendar moves, what is asked and refused.

mod calls;
mod due;
mod firing;
mod handling;
mod house;
mod supervision;
mod years;
