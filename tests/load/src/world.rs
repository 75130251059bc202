//! One measure's world: a fresh PostgreSQL and nats-server as the product starts them for itself, and the release binary.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use hotline_runtime::private::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
use hotline_runtime::{Clock, Settings};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Plan;
use crate::usage::Usage;

/// Where `make` puts the pinned nats-server.
const PINNED: &str = ".hotline/bin/nats-server";

/// Disk that the stream may take, MiB.
const STORE_MIB: u64 = 8_192;

/// Connections of this program's own pool: 16 for the floor, and some to look.
const POOL_MAX: u32 = 24;

/// Longest start of the binary, migrations included.
const START_MAX: Duration = Duration::from_secs(60);

/// Longest orderly stop.
const STOP_MAX: Duration = Duration::from_secs(30);

/// Servers of one measure.
pub struct World {
    /// As the administrator.
    pub pool: PgPool,
    postgres: PrivatePostgres,
    nats: PrivateNats,
    dir: PathBuf,
    program: PathBuf,
}

/// The running release binary.
pub struct Hotline {
    /// Its gRPC server.
    pub grpc: SocketAddr,
    /// Its process.
    pub pid: u32,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    child: Child,
}

/// Whether PostgreSQL keeps the instant of each commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitTimes {
    /// As an installation runs.
    Off,
    /// For measures from commit to commit; it costs a few bytes a transaction.
    Kept,
}

/// What `hotline run --json` says first.
#[derive(Deserialize)]
struct Announced {
    grpc: SocketAddr,
}

impl World {
    /// Starts fresh servers for the measure `name`.
    ///
    /// # Errors
    /// A server that does not start.
    pub async fn start(plan: &Plan, name: &str, times: CommitTimes) -> anyhow::Result<Self> {
        let dir = plan.dir.join(name);
        remove(&dir)?;
        fs::create_dir_all(&dir).with_context(|| format!("create {}", dir.display()))?;
        let dir = fs::canonicalize(&dir)?;
        let postgres = start_postgres(&dir, times).await?;
        let options = NatsOptions {
            store_max_mib: STORE_MIB,
            programs: vec![PathBuf::from(PINNED)],
            ..NatsOptions::default()
        };
        let nats = PrivateNats::start(&dir.join("nats"), &options).await?;
        let pool = PgPoolOptions::new()
            .max_connections(POOL_MAX)
            .connect(postgres.url())
            .await?;
        Ok(Self {
            pool,
            postgres,
            nats,
            dir,
            program: fs::canonicalize(&plan.program)?,
        })
    }

    /// Runs the binary with these services, or all where none is named, until it serves.
    ///
    /// # Errors
    /// It does not serve in time; the end of its log is shown.
    pub async fn run(&self, services: &[&str]) -> anyhow::Result<Hotline> {
        let log = self.dir.join("hotline.log");
        let mut command = Command::new(&self.program);
        command.args([
            "run",
            "--json",
            "--set",
            "grpc.listen=127.0.0.1:0",
            "--set",
            "http.listen=127.0.0.1:0",
            "--set",
            "gateway.listen=127.0.0.1:0",
            // Whoever signs in to be measured has no second device.
            "--set",
            "gateway.second_factor=optional",
        ]);
        command.arg("--data-dir").arg(self.data_dir());
        if !services.is_empty() {
            command.args(["--services", &services.join(",")]);
        }
        command
            .env("DATABASE_URL", self.postgres.url())
            .env("NATS_URL", self.nats.url())
            .env("HOTLINE_NATS__ADMIN_URL", self.nats.admin_url())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log)?)
            .kill_on_drop(true);
        let started_at = Clock::system().now();
        let mut child = command
            .spawn()
            .with_context(|| format!("start {}", self.program.display()))?;
        let pid = child.id().context("the binary has just been started")?;
        let mut lines = BufReader::new(child.stdout.take().context("its output is piped")?).lines();
        let first = tokio::time::timeout(START_MAX, async {
            loop {
                match lines.next_line().await? {
                    None => bail!("the binary ended at its start:\n{}", tail(&log)),
                    Some(line) => {
                        if let Ok(announced) = serde_json::from_str::<Announced>(&line) {
                            return Ok(announced);
                        }
                    }
                }
            }
        });
        let grpc = first
            .await
            .with_context(|| format!("the binary does not serve:\n{}", tail(&log)))??
            .grpc;
        // Whatever it prints later is read, so that it never waits for us.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Hotline {
            grpc,
            pid,
            started_at,
            child,
        })
    }

    /// CPU used so far.
    ///
    /// # Errors
    /// A process that is gone.
    pub fn usage(&self, hotline: Option<&Hotline>) -> anyhow::Result<Usage> {
        Usage::read(
            hotline.map(|hotline| hotline.pid),
            self.postgres.pid()?,
            self.nats.pid()?,
        )
    }

    /// The settings with which services run inside this program.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings {
            data_dir: self.data_dir(),
            ..Settings::default()
        };
        settings.database.url = self.postgres.url().to_owned();
        settings.nats.url = self.nats.url().to_owned();
        settings.nats.admin_url = self.nats.admin_url().to_owned();
        settings
    }

    /// A connection to the broker as its administrator.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn broker(&self) -> anyhow::Result<async_nats::Client> {
        // The client takes no login from an address.
        let (login, address) = self.nats.admin_url().rsplit_once('@').context("a login")?;
        let (user, password) = login
            .trim_start_matches("nats://")
            .split_once(':')
            .context("a password")?;
        let options =
            async_nats::ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned());
        options.connect(address).await.context("the broker")
    }

    /// Process of the broker, and of PostgreSQL's postmaster.
    ///
    /// # Errors
    /// A server is gone.
    pub fn server_pids(&self) -> anyhow::Result<(u32, u32)> {
        Ok((self.nats.pid()?, self.postgres.pid()?))
    }

    /// Folder of the installation's keys.
    pub fn keys_dir(&self) -> PathBuf {
        self.data_dir().join("keys")
    }

    /// Runs statements that were put together here.
    ///
    /// # Errors
    /// The database.
    pub async fn sql(&self, statements: impl Into<String>) -> anyhow::Result<()> {
        sqlx::raw_sql(AssertSqlSafe(statements.into()))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Stops both servers and removes what they stored.
    ///
    /// # Errors
    /// A server that cannot be stopped.
    pub async fn end(self) -> anyhow::Result<()> {
        self.pool.close().await;
        self.nats.stop().await?;
        self.postgres.stop().await?;
        remove(&self.dir)
    }

    /// Folder of the installation.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }
}

impl Hotline {
    /// Stops it as an operator does.
    ///
    /// # Errors
    /// It does not end in time.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.end(Signal::SIGTERM).await
    }

    /// Kills it as a crash does.
    ///
    /// # Errors
    /// It does not end in time.
    pub async fn kill(self) -> anyhow::Result<()> {
        self.end(Signal::SIGKILL).await
    }

    async fn end(mut self, signal: Signal) -> anyhow::Result<()> {
        kill(Pid::from_raw(i32::try_from(self.pid)?), signal).context("the binary runs")?;
        tokio::time::timeout(STOP_MAX, self.child.wait())
            .await
            .context("the binary does not stop")??;
        Ok(())
    }
}

async fn start_postgres(dir: &Path, times: CommitTimes) -> anyhow::Result<PrivatePostgres> {
    let dir = dir.join("postgres");
    let postgres = PrivatePostgres::start(&dir, &PostgresOptions::default()).await?;
    if times == CommitTimes::Off {
        return Ok(postgres);
    }
    let pool = PgPool::connect(postgres.url()).await?;
    sqlx::raw_sql("ALTER SYSTEM SET track_commit_timestamp = on")
        .execute(&pool)
        .await?;
    pool.close().await;
    postgres.stop().await?;
    PrivatePostgres::start(&dir, &PostgresOptions::default()).await
}

/// Removes a world's folder, and what stands elsewhere because the servers' account cannot reach it.
fn remove(dir: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_symlink()
            && let Ok(real) = fs::canonicalize(entry.path())
        {
            fs::remove_dir_all(&real).with_context(|| format!("remove {}", real.display()))?;
        }
    }
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", dir.display()))
        }
        _ => Ok(()),
    }
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
