//! The private servers of a process: started where no URL is named, kept alive, stopped at the end.
//!
//! Invariant: a server that died is started again on the same data and the same port, so that its URL stays true.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use hotline_runtime::Settings;
use hotline_runtime::private::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
use tokio::sync::Mutex;

use crate::run_file::RunFile;

/// Where `scripts/install.sh` puts the pinned nats-server, seen from a folder.
const PINNED: &str = ".hotline/bin/nats-server";

/// Pause between two looks at whether the servers live.
const LOOK_PAUSE: Duration = Duration::from_millis(500);

/// The private servers of this process; none where URLs are named.
pub struct Servers {
    pids: Pids,
    kept: Mutex<Kept>,
}

/// Process ids of the private servers; absent for one that is not private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pids {
    /// PostgreSQL's postmaster.
    pub postgres: Option<u32>,
    /// nats-server.
    pub nats: Option<u32>,
}

impl Servers {
    /// Starts what `settings` name no URL for, with data below the data folder, and writes the URLs into `settings`.
    ///
    /// # Errors
    /// A program that is missing or too old, data in use by another process, or a server that does not start.
    pub async fn start(settings: &mut Settings) -> anyhow::Result<Self> {
        let mut kept = Kept::new(settings);
        let started = tokio::try_join!(start_postgres(&kept.postgres), start_nats(&kept.nats));
        let (postgres, nats) = started.with_context(|| already_running(&settings.data_dir))?;
        if let Some(server) = &postgres {
            settings.database.url = server.url().to_owned();
            kept.postgres.fix_port(server.url());
        }
        if let Some(server) = &nats {
            settings.nats.url = server.url().to_owned();
            settings.nats.admin_url = server.admin_url().to_owned();
            kept.nats.fix_port(server.url());
        }
        (kept.postgres.server, kept.nats.server) = (postgres, nats);
        Ok(Self {
            pids: kept.pids(),
            kept: Mutex::new(kept),
        })
    }

    /// Their process ids at the start.
    pub fn pids(&self) -> Pids {
        self.pids
    }

    /// Looks after the servers for as long as it is polled; it never ends by itself.
    pub async fn keep(&self, data_dir: &Path) -> Infallible {
        loop {
            tokio::time::sleep(LOOK_PAUSE).await;
            let mut kept = self.kept.lock().await;
            let looked = match kept.revive().await {
                Ok(true) => tell(data_dir, kept.pids()),
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = looked {
                tracing::warn!(error = %format_args!("{error:#}"), "a private server cannot be started again yet");
            }
        }
    }

    /// Stops them in order.
    pub async fn stop(self) {
        if let Err(error) = self.kept.into_inner().stop().await {
            tracing::warn!(error = %format_args!("{error:#}"), "a private server did not stop in order");
        }
    }
}

/// A server that is wanted, how it is started, and the server while it lives.
struct Slot<S, O> {
    wanted: bool,
    dir: PathBuf,
    options: O,
    server: Option<S>,
}

/// Both servers.
struct Kept {
    postgres: Slot<PrivatePostgres, PostgresOptions>,
    nats: Slot<PrivateNats, NatsOptions>,
}

impl Kept {
    fn new(settings: &Settings) -> Self {
        let nats = NatsOptions {
            store_max_mib: settings.nats.store_max_mib,
            subjects: format!("{}.>", settings.nats.subject_prefix),
            programs: pinned_programs(),
            ..NatsOptions::default()
        };
        Self {
            postgres: Slot {
                wanted: settings.database.url.is_empty(),
                dir: settings.data_dir.join("postgres"),
                options: PostgresOptions::default(),
                server: None,
            },
            nats: Slot {
                wanted: settings.nats.url.is_empty(),
                dir: settings.data_dir.join("nats"),
                options: nats,
                server: None,
            },
        }
    }

    fn pids(&self) -> Pids {
        Pids {
            postgres: self.postgres.server.as_ref().and_then(|server| server.pid().ok()),
            nats: self.nats.server.as_ref().and_then(|server| server.pid().ok()),
        }
    }

    /// Starts what died again; says whether anything did.
    async fn revive(&mut self) -> anyhow::Result<bool> {
        let mut changed = false;
        if self.postgres.wanted
            && !self
                .postgres
                .server
                .as_mut()
                .is_some_and(PrivatePostgres::is_running)
        {
            tracing::error!("the private PostgreSQL ended by itself and is started again");
            if let Some(dead) = self.postgres.server.take() {
                dead.stop().await?;
            }
            self.postgres.server = start_postgres(&self.postgres).await?;
            changed = true;
        }
        if self.nats.wanted && !self.nats.server.as_mut().is_some_and(PrivateNats::is_running) {
            tracing::error!("the private nats-server ended by itself and is started again");
            if let Some(dead) = self.nats.server.take() {
                dead.stop().await?;
            }
            self.nats.server = start_nats(&self.nats).await?;
            changed = true;
        }
        Ok(changed)
    }

    async fn stop(self) -> anyhow::Result<()> {
        if let Some(nats) = self.nats.server {
            nats.stop().await?;
        }
        if let Some(postgres) = self.postgres.server {
            postgres.stop().await?;
        }
        Ok(())
    }
}

/// Options that a port can be fixed in.
trait Port {
    fn set(&mut self, port: Option<u16>);
}

impl Port for PostgresOptions {
    fn set(&mut self, port: Option<u16>) {
        self.port = port;
    }
}

impl Port for NatsOptions {
    fn set(&mut self, port: Option<u16>) {
        self.port = port;
    }
}

impl<S, O: Port> Slot<S, O> {
    /// Keeps the port of `url` for the next start.
    fn fix_port(&mut self, url: &str) {
        self.options.set(port_of(url));
    }
}

/// The port at the end of `scheme://user:password@host:port/name`.
fn port_of(url: &str) -> Option<u16> {
    let (_, rest) = url.rsplit_once('@')?;
    let (_, rest) = rest.rsplit_once(':')?;
    rest.split('/').next()?.parse().ok()
}

async fn start_postgres(
    slot: &Slot<PrivatePostgres, PostgresOptions>,
) -> anyhow::Result<Option<PrivatePostgres>> {
    if !slot.wanted {
        return Ok(None);
    }
    PrivatePostgres::start(&slot.dir, &slot.options).await.map(Some)
}

async fn start_nats(slot: &Slot<PrivateNats, NatsOptions>) -> anyhow::Result<Option<PrivateNats>> {
    if !slot.wanted {
        return Ok(None);
    }
    PrivateNats::start(&slot.dir, &slot.options).await.map(Some)
}

/// The pinned nats-server of this folder, or of a folder above the program (a checkout's `target/release`).
fn pinned_programs() -> Vec<PathBuf> {
    let program = std::env::current_exe().unwrap_or_default();
    let above = program.ancestors().skip(1).map(|folder| folder.join(PINNED));
    std::iter::once(PathBuf::from(PINNED)).chain(above).collect()
}

/// Who holds the data folder, where somebody is known to.
fn already_running(dir: &Path) -> String {
    match RunFile::read(dir).filter(RunFile::is_alive) {
        Some(run) => format!(
            "平台已在运行:进程 {0},gRPC {1} / the platform already runs: process {0}, gRPC {1}",
            run.pid, run.grpc
        ),
        None => "私有服务器未能启动 / the private servers did not start".to_owned(),
    }
}

/// Writes new process ids where other commands look.
fn tell(data_dir: &Path, pids: Pids) -> anyhow::Result<()> {
    let Some(run) = RunFile::read(data_dir).filter(|run| run.pid == std::process::id()) else {
        return Ok(());
    };
    RunFile {
        postgres_pid: pids.postgres,
        nats_pid: pids.nats,
        ..run
    }
    .write(data_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_url_is_found_whatever_its_host() {
        assert_eq!(
            port_of("postgres://hotline:p@%2Ftmp%2Fs:41007/hotline"),
            Some(41_007)
        );
        assert_eq!(port_of("nats://admin:p@127.0.0.1:45487"), Some(45_487));
        assert_eq!(port_of("nats://127.0.0.1"), None);
    }
}
