//! The register on a real PostgreSQL: through its gRPC service, and through what it hears.

mod calls;
mod commands;
mod doors;
mod files;
mod group;
mod heard;
mod life;
mod lists;
mod marks;
mod privacy;
mod register;
mod start;
mod support;
mod track;
mod unit_reveal;
