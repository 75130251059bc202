//! Where a platform of a scenario keeps its data: a database that is copied from one whose migrations have run, keys, and
//! a stream of its own. A place is used by one scenario after another; each finds it as new.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use hotline_cli::services::SERVICES;
use hotline_policy::Library;
use hotline_runtime::testing::{administer, database_url, offline_settings, servers};
use hotline_runtime::{Runtime, Settings};
use hotline_worktime::Calendar;
use tempfile::TempDir;

/// Several platforms on one small machine take turns: a full pool is no fault of theirs.
const ACQUIRE_TIMEOUT_MS: u64 = 20_000;

/// Connections of one service: a scenario is one caller.
const POOL_MAX: u32 = 3;

/// Longest drain: a scenario leaves nothing undone.
const DRAIN_MAX_MS: u64 = 1_000;

/// Attempts to rename a database whose last connections are closing, and the pause between two.
const RENAMES_MAX: u32 = 200;
const RENAME_PAUSE: Duration = Duration::from_millis(10);

/// Places that no scenario uses.
static FREE: Mutex<Vec<Place>> = Mutex::new(Vec::new());

/// A database's name, which its roles bear too, and the keys that open it.
pub struct Place {
    name: String,
    keys: TempDir,
}

impl Place {
    /// A place as new: a free one, or one more.
    ///
    /// # Errors
    /// The database cannot be made, or a migration fails.
    pub async fn take(library: Arc<Library>, calendar: Arc<Calendar>) -> Result<Self> {
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let place = match free {
            Some(place) => place,
            None => Self::make(library, calendar).await?,
        };
        let (name, pattern) = (&place.name, place.pattern());
        administer(&[
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} TEMPLATE {pattern}"),
        ])
        .await?;
        Ok(place)
    }

    /// Lets another scenario use it.
    pub fn give_back(self) {
        FREE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    /// Settings of a platform here, on a stream of its own.
    pub async fn settings(&self) -> Settings {
        let servers = servers().await;
        let mut settings = offline_settings(self.keys.path());
        settings.database.url = database_url(&self.name).await;
        settings.database.pool_max = POOL_MAX;
        settings.database.acquire_timeout_ms = ACQUIRE_TIMEOUT_MS;
        settings.nats.url.clone_from(&servers.nats_url);
        settings.nats.admin_url.clone_from(&servers.nats_admin_url);
        settings.nats.partitions = 1;
        settings.grpc.drain_max_ms = DRAIN_MAX_MS;
        settings
    }

    /// A database with every service's schema, set aside to be copied.
    async fn make(library: Arc<Library>, calendar: Arc<Calendar>) -> Result<Self> {
        let keys = TempDir::new().context("a folder for keys")?;
        let mark = keys.path().file_name().and_then(|name| name.to_str());
        let mark = mark
            .unwrap_or_default()
            .replace(|c: char| !c.is_ascii_alphanumeric(), "");
        let name = format!("rules_{}", mark.to_ascii_lowercase());
        let place = Self { name, keys };
        administer(&[format!("CREATE DATABASE {}", place.name)]).await?;
        let runtime = Runtime::build(place.settings().await)?;
        let starting = SERVICES
            .iter()
            .map(|service| (service.start)(&runtime, library.clone(), calendar.clone()));
        for started in futures::future::join_all(starting).await {
            started?.bus.pool().close().await;
        }
        place.set_aside().await?;
        Ok(place)
    }

    /// Renames the database, once nobody is connected any more.
    async fn set_aside(&self) -> Result<()> {
        let rename = [format!(
            "ALTER DATABASE {} RENAME TO {}",
            self.name,
            self.pattern()
        )];
        for _ in 1..RENAMES_MAX {
            if administer(&rename).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(RENAME_PAUSE).await;
        }
        administer(&rename).await
    }

    fn pattern(&self) -> String {
        format!("{}_pattern", self.name)
    }
}

/// Removes the databases of all places, and their roles.
pub async fn remove_all() {
    let places = std::mem::take(&mut *FREE.lock().unwrap_or_else(PoisonError::into_inner));
    for place in places {
        let (name, pattern) = (&place.name, place.pattern());
        let mut statements = vec![
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("DROP DATABASE IF EXISTS {pattern} WITH (FORCE)"),
        ];
        let roles = SERVICES
            .iter()
            .map(|service| format!("{name}_{}", service.producer));
        statements.extend(roles.map(|role| format!("DROP ROLE IF EXISTS {role}")));
        // The servers of a test run go with it anyway.
        let _ = administer(&statements).await;
    }
}
