//! The one binary of Hotline: reads the command line, runs one command, ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use hotline_cli::cli::Cli;
use hotline_cli::{commands, render};

/// Under load a fifth of the process's time was the allocator of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(commands::run(Cli::parse())).await {
        Ok(code) => code,
        Err(error) => render::failed(&error),
    }
}
