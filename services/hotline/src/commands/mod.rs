//! Runs one command: each file here is one of them.

mod account;
mod audit;
mod calendar;
mod call;
mod compare;
mod completions;
mod demo;
mod docs;
mod doctor;
mod events;
mod import;
mod keys;
mod migrate;
mod order;
mod order_explain;
mod order_export;
mod policy;
mod reconcile;
mod replay;
mod run;
mod supervision;
mod token;

use std::process::ExitCode;

use crate::cli::{Cli, Command, ImportCommand};

/// Runs what the command line asks for; the exit code is the command's verdict.
///
/// # Errors
/// What kept the command from reaching a verdict.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { global, command } = cli;
    match command {
        Command::Run(args) => Box::pin(run::run(&global, &args)).await,
        Command::Migrate => Box::pin(migrate::run(&global)).await,
        Command::Token(args) => token::run(&global, &args),
        Command::Keys(command) => keys::run(&global, &command),
        Command::Doctor => Box::pin(doctor::run(&global)).await,
        Command::Completions { shell } => completions::run(shell),
        Command::Docs { out } => docs::run(&out),
        Command::Account(command) => Box::pin(account::run(&global, &command)).await,
        Command::Policy(command) => policy::run(&global, &command),
        Command::Calendar(command) => calendar::run(&global, &command).await,
        Command::Import(ImportCommand::Appeals(args)) => Box::pin(import::run(&global, &args)).await,
        Command::Call(command) => call::run(&global, &command).await,
        Command::Order(command) => order::run(&global, &command).await,
        Command::Supervision(command) => supervision::run(&global, &command).await,
        Command::Audit(command) => Box::pin(audit::run(&global, &command)).await,
        Command::Events(command) => Box::pin(events::run(&global, &command)).await,
        Command::Reconcile(args) => Box::pin(reconcile::run(&global, &args)).await,
        Command::Demo(args) => Box::pin(demo::run(&global, &args)).await,
    }
}
