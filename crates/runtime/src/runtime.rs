//! What every service is given at its start.

use std::sync::Arc;

use anyhow::Context;
use hotline_vault::Vault;
use metrics_exporter_prometheus::PrometheusHandle;
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;

use crate::audit::{AuditKey, Sinks};
use crate::clock::Clock;
use crate::config::Settings;
use crate::database::Walls;
use crate::peers::Peers;
use crate::probes::Checks;
use crate::shared::Shared;
use crate::token::Tokens;
use crate::{database, metering};

/// The means of one process; cheap to clone.
#[derive(Clone)]
pub struct Runtime {
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// The clock of all services.
    pub clock: Clock,
    /// Cancelled when a stop is asked for; jobs end then.
    pub shutdown: CancellationToken,
    /// Sealing of personal data.
    pub vault: Arc<Vault>,
    /// The installation's tokens.
    pub tokens: Arc<Tokens>,
    /// Where audit entries are kept.
    pub audit: Sinks,
    /// Connections that show the rows of one unit alone, by schema.
    pub walls: Walls,
    /// Signs the heads of audit chains.
    pub audit_key: Arc<AuditKey>,
    /// Ways to other services.
    pub peers: Peers,
    /// What the services of this process share.
    pub shared: Shared,
    /// Checks behind `/healthz` and `/readyz`.
    pub checks: Checks,
    /// The metrics of this process.
    pub metrics: PrometheusHandle,
}

impl Runtime {
    /// Opens the installation's keys and prepares what services need; binds and connects nothing.
    ///
    /// # Errors
    /// Settings that cannot be run with (all problems named), or keys that cannot be read or made.
    pub fn build(settings: Settings) -> anyhow::Result<Self> {
        let problems: Vec<_> = settings.check().iter().map(ToString::to_string).collect();
        anyhow::ensure!(problems.is_empty(), "settings:\n  {}", problems.join("\n  "));
        let keys_dir = settings.keys_dir();
        let vault =
            Vault::open(&keys_dir).with_context(|| format!("open the vault in {}", keys_dir.display()))?;
        let tokens = Arc::new(Tokens::open(&keys_dir)?);
        Ok(Self {
            clock: settings.clock.start.map_or_else(Clock::system, Clock::virtual_at),
            shutdown: CancellationToken::new(),
            vault: Arc::new(vault),
            peers: Peers::new(&settings, tokens.clone()),
            tokens,
            audit: Sinks::default(),
            walls: Walls::default(),
            shared: Shared::default(),
            audit_key: Arc::new(AuditKey::open(&keys_dir)?),
            checks: Checks::default(),
            metrics: metering::recorder()?,
            settings: Arc::new(settings),
        })
    }

    /// The same means on another clock, for scenarios.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Prepares `schema` (role, rights, migrations), opens a pool as its role, and registers a liveness check for it.
    /// Every migrator's migrations are applied in the schema, in the order given, each with a table of its own.
    ///
    /// # Errors
    /// The database cannot be reached or administered, or a migration fails or was altered after it was applied.
    pub async fn database(
        &self,
        schema: &'static str,
        migrators: &[&'static Migrator],
    ) -> anyhow::Result<PgPool> {
        let (pool, narrow) = database::open(&self.settings, schema, migrators)
            .await
            .with_context(|| format!("database of {schema}"))?;
        self.walls.put(schema, narrow);
        database::register_check(&self.checks, schema, &pool);
        Ok(pool)
    }
}
