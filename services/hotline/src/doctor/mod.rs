//! What is checked about an installation: each check says what it found and, where something is wrong, the cure.

mod audit;
mod files;
mod platform;
mod stores;

use serde::Serialize;

use crate::cli::Global;
use crate::run_file::RunFile;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As it should be.
    Good,
    /// Works, and should be looked at.
    Warning,
    /// Something is wrong.
    Bad,
    /// Could not be looked at.
    Skipped,
}

/// One check's outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What was looked at, Chinese.
    pub zh: &'static str,
    /// What was looked at, English.
    pub en: &'static str,
    /// How it came out.
    pub grade: Grade,
    /// What was found.
    pub found: String,
    /// What to do about it; empty when there is nothing to do.
    pub cure: String,
}

impl Check {
    fn new(
        name: (&'static str, &'static str),
        grade: Grade,
        found: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            zh: name.0,
            en: name.1,
            grade,
            found: found.into(),
            cure: cure.into(),
        }
    }

    fn good(name: (&'static str, &'static str), found: impl Into<String>) -> Self {
        Self::new(name, Grade::Good, found, "")
    }

    fn bad(name: (&'static str, &'static str), found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(name, Grade::Bad, found, cure)
    }

    fn warning(
        name: (&'static str, &'static str),
        found: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self::new(name, Grade::Warning, found, cure)
    }

    fn skipped(name: (&'static str, &'static str), why: &str) -> Self {
        Self::new(name, Grade::Skipped, why, "")
    }
}

/// Looks at everything; a check that cannot be made says so, and none keeps another from being made.
pub async fn examine(global: &Global) -> Vec<Check> {
    let mut settings = match global.settings() {
        Ok(settings) => settings,
        Err(error) => return vec![files::unreadable(&error)],
    };
    let running = RunFile::read(&settings.data_dir).filter(RunFile::is_alive);
    if let Some(run) = &running {
        // The private servers' addresses are known to the process that started them.
        settings.database.url.clone_from(&run.database_url);
        settings.nats.url.clone_from(&run.nats_url);
        settings.nats.admin_url.clone_from(&run.nats_admin_url);
    }
    let mut checks = files::examine(&settings);
    checks.extend(stores::examine(&settings, running.as_ref()).await);
    checks.extend(audit::examine(&settings).await);
    checks.extend(platform::examine(global, running.as_ref()).await);
    checks
}
