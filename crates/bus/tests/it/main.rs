//! The bus as it runs: jobs, JetStream and PostgreSQL, with the broker and the processes broken under it.

mod broker;
mod dead_letters;
mod live;
mod platform;
mod readiness;
