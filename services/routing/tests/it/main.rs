//! Routing on a real PostgreSQL: its desk, what it hears, its lists and its proof.

mod calendar;
mod desk;
mod heard;
mod house;
mod lists;
mod races;
mod sends;
