//! The one binary of Hotline: reads the command line, runs one command, ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use hotline_cli::cli::Cli;
use hotline_cli::{commands, render};

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(commands::run(Cli::parse())).await {
        Ok(code) => code,
        Err(error) => render::failed(&error),
    }
}
