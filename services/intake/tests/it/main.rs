//! The register on a real PostgreSQL: through its gRPC service, and through what it hears.

mod commands;
mod doors;
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
