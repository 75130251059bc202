//! The gateway on a real PostgreSQL and a real broker.

mod live;
mod support;
mod views;
