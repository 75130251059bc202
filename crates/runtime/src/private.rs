//! Servers that this process starts for itself where none are named: a private PostgreSQL and a private nats-server.
//!
//! Their data lies in a folder and is found again at the next start. They listen on the loopback only, and run as an
//! unprivileged account where this process is root (PostgreSQL refuses root).
//!
//! Invariant: a private server never outlives the process that started it, even one that was killed: it is held by a
//! pipe, and whoever watches the pipe's other end stops it. What a dead watcher left is found by its pid file.
//! Invariant: two processes never share a folder; it is locked.

mod folder;
mod nats;
mod postgres;
mod process;

pub use nats::{NatsOptions, PrivateNats};
pub use postgres::{Durability, PostgresOptions, PrivatePostgres};
