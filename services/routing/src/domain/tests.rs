//! Tests of the domain: stories, a table of refusals, and random lives.

mod calendar;
mod forms;
mod gathered;
mod matrix;
mod random;
mod refuses;
mod refuses_requests;
mod rounds;
mod story;
mod world;
