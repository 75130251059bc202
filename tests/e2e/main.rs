//! The whole product, from outside: the real program on a PostgreSQL and a nats-server of its own, spoken to over gRPC
//! and by its commands, through every branch of an appeal's life.

mod access;
mod bad_input;
mod bad_input_orders;
mod callbacks;
mod canary;
mod collector;
mod commands;
mod disposal;
mod enterprise;
mod existence;
mod expectations;
mod exports;
mod files;
mod handling;
mod matrix;
mod merging;
mod papers;
mod plain;
mod portal;
mod real_data;
mod requests;
mod traces;
mod unknown_fields;

/// When the installations of these tests stand, unless a test says otherwise: a Monday morning of an ordinary week,
/// Beijing time.
const MONDAY: &str = "2026-03-02 09:30";

/// An installation on a Monday morning.
async fn on_monday() -> anyhow::Result<(hotline_tests::support::Platform, hotline_tests::support::Callers)> {
    at(MONDAY).await
}

/// An installation whose clock stands at a Beijing time.
async fn at(
    local: &str,
) -> anyhow::Result<(hotline_tests::support::Platform, hotline_tests::support::Callers)> {
    use hotline_tests::support::{Callers, Options, Platform, clocks};
    let platform = Platform::start(Options::standing_at(&clocks::setting(local)?)).await?;
    let callers = Callers::of(&platform)?;
    Ok((platform, callers))
}
