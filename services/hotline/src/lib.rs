//! The commands of the one binary: it assembles the services into a platform, and speaks to one over gRPC.
//!
//! Invariant: the table in [`services`] is the only place that names every service.

pub mod audits;
pub mod calendars;
pub mod cli;
pub mod client;
pub mod commands;
pub mod demo;
pub mod docs;
pub mod doctor;
pub mod export;
pub mod import;
pub mod journal;
pub mod json;
pub mod people;
pub mod platform;
pub mod reconcile;
pub mod render;
pub mod roles;
pub mod run_file;
pub mod servers;
pub mod services;
pub mod words;
