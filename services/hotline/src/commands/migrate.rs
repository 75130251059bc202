//! `hotline migrate`: makes every service's schema and role, and ends.

use std::process::ExitCode;

use hotline_runtime::telemetry;

use crate::cli::Global;
use crate::platform::Platform;
use crate::{render, services};

/// Migrates all services.
///
/// # Errors
/// A database that cannot be administered, or a migration that fails.
pub async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let settings = global.settings()?;
    let _telemetry = telemetry::init(&settings.telemetry)?;
    let platform = Platform::build(settings).await?;
    let migrated = platform.migrate(&services::select(&[])?).await;
    platform.finish().await;
    migrated?;
    render::out(global.say("库表与角色已就绪", "schemas and roles are in place"))?;
    Ok(ExitCode::SUCCESS)
}
