//! The gateway on a real PostgreSQL and a real broker, asked as a browser asks.

mod accounts;
mod attack;
mod browser;
mod live;
mod names;
mod sessions;
mod sign_in;
mod stage;
mod support;
mod views;
