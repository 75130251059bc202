//! A private PostgreSQL in a folder.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use nix::fcntl::OFlag;
use nix::sys::signal::Signal;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::folder::Folder;
use super::process::{Server, end_leftover};

/// Where Debian keeps each major version's programs.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Oldest major version that is used.
const MAJOR_MIN: u32 = 15;

/// The administrator and the database.
const NAME: &str = "hotline";

/// Asks for a fast and orderly stop.
const STOP_SIGNAL: Signal = Signal::SIGINT;

/// Longest start: it may have to recover from a crash.
const READY_MAX: Duration = Duration::from_secs(120);

/// Longest socket path that the kernel takes, less the socket's own name.
const SOCKET_FOLDER_MAX: usize = 80;

/// Whether data must survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Every commit is on disk.
    Durable,
    /// For tests: data survives a kill, but not a power cut.
    Scratch,
}

/// How a private PostgreSQL runs.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Whether data must survive a power cut.
    pub durability: Durability,
    /// Port on the loopback; absent: that of the last start, or a free one.
    pub port: Option<u16>,
    /// Connections at most.
    pub connections_max: u32,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Durable,
            port: None,
            connections_max: 200,
        }
    }
}

/// A running private PostgreSQL; dropping it stops the server in the background.
pub struct PrivatePostgres {
    server: Server,
    folder: Folder,
    url: String,
}

impl PrivatePostgres {
    /// Starts a server with its data in `dir`, which is made at the first start.
    ///
    /// # Errors
    /// No PostgreSQL of a suitable version, a folder in use, or a server that does not start (its log is shown).
    pub async fn start(dir: &Path, options: &PostgresOptions) -> anyhow::Result<Self> {
        let folder = Folder::open(dir)?;
        end_leftover(&folder, STOP_SIGNAL).await?;
        let data = folder.join("data");
        let bin = find_programs(major_of(&data)?)?;
        let password = folder.password("superuser.password")?;
        if !data.join("PG_VERSION").is_file() {
            make_cluster(&folder, &bin, &data, options.durability)?;
        }
        let port = folder.port(options.port)?;
        let socket = socket_folder(&folder)?;
        let command = server_command(&bin, &data, port, socket.as_deref(), options);
        let mut server = Server::start("postgres", &folder, STOP_SIGNAL, &command)?;
        let host = socket.map_or("127.0.0.1".to_owned(), |path| {
            path.display().to_string().replace('/', "%2F")
        });
        let url = format!("postgres://{NAME}:{password}@{host}:{port}");
        let first = PgConnectOptions::from_str(&format!("{url}/postgres"))?.disable_statement_logging();
        server
            .until_ready(READY_MAX, async || first.connect().await.is_ok())
            .await?;
        make_database(&first, options.durability).await?;
        Ok(Self {
            server,
            folder,
            url: format!("{url}/{NAME}"),
        })
    }

    /// The administrator's URL of the database `hotline`; over the Unix socket where its path is short enough.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of the cluster.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The postmaster's process id.
    ///
    /// # Errors
    /// The server has not written it, or is gone.
    pub fn pid(&self) -> anyhow::Result<u32> {
        self.server.pid()
    }

    /// Whether the server still runs.
    pub fn is_running(&mut self) -> bool {
        self.server.is_running()
    }

    /// Stops the server: fast and in order, within 10 s; then by force.
    ///
    /// # Errors
    /// The process cannot be watched.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.server.stop().await
    }

    /// Kills the server as a crash would; [`PrivatePostgres::start`] on the same folder recovers.
    ///
    /// # Errors
    /// The process is gone already.
    pub async fn kill(self) -> anyhow::Result<()> {
        self.server.kill().await
    }
}

/// The major version that made the cluster; nothing where there is none.
fn major_of(data: &Path) -> anyhow::Result<Option<u32>> {
    match fs::read_to_string(data.join("PG_VERSION")) {
        Ok(text) => Ok(Some(text.trim().parse().context("PG_VERSION")?)),
        Err(_) => Ok(None),
    }
}

/// The folder of PostgreSQL's programs: of version `wanted`, or the newest.
fn find_programs(wanted: Option<u32>) -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = debian_versions();
    found.extend(on_path());
    found.retain(|(major, _)| wanted.map_or(*major >= MAJOR_MIN, |wanted| *major == wanted));
    found.sort();
    match (found.pop(), wanted) {
        (Some((_, bin)), _) => Ok(bin),
        (None, Some(major)) => bail!(
            "数据由 PostgreSQL {major} 建立，但本机没有该版本；请执行 apt-get install postgresql-{major} / \
             the data was made by PostgreSQL {major}, which is not installed; apt-get install postgresql-{major}"
        ),
        (None, None) => bail!(
            "未找到 PostgreSQL {MAJOR_MIN} 或更新版本；请执行 apt-get install postgresql，或设置 DATABASE_URL / \
             no PostgreSQL {MAJOR_MIN} or newer found; apt-get install postgresql, or set DATABASE_URL"
        ),
    }
}

fn debian_versions() -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let versions = entries.filter_map(|entry| {
        let major = entry.file_name().to_str()?.parse().ok()?;
        let bin = entry.path().join("bin");
        bin.join("initdb").is_file().then_some((major, bin))
    });
    versions.collect()
}

fn on_path() -> Option<(u32, PathBuf)> {
    let path = std::env::var_os("PATH")?;
    let bin = std::env::split_paths(&path)
        .find(|dir| dir.join("initdb").is_file() && dir.join("postgres").is_file())?;
    let output = Command::new(bin.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let major = version
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()?;
    Some((major, bin))
}

/// Makes the cluster beside its place and moves it there, so that a half-made one is never started.
fn make_cluster(folder: &Folder, bin: &Path, data: &Path, durability: Durability) -> anyhow::Result<()> {
    let draft = folder.join("data.draft");
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    let mut initdb = folder.command(&bin.join("initdb"));
    initdb
        .arg("-D")
        .arg(&draft)
        .args(["-U", NAME, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"]);
    initdb
        .arg("--data-checksums")
        .arg("--pwfile")
        .arg(folder.join("superuser.password"));
    if durability == Durability::Scratch {
        initdb.arg("--no-sync");
    }
    let output = initdb.output().context("run initdb")?;
    ensure!(
        output.status.success(),
        "initdb failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::rename(&draft, data).context("move the new cluster to its place")
}

/// The folder of the Unix socket, where the kernel takes its path.
fn socket_folder(folder: &Folder) -> anyhow::Result<Option<PathBuf>> {
    let path = folder.join("s");
    if path.as_os_str().len() > SOCKET_FOLDER_MAX {
        return Ok(None);
    }
    fs::create_dir_all(&path)?;
    folder.give(&path, 0o700)?;
    Ok(Some(path))
}

fn server_command(
    bin: &Path,
    data: &Path,
    port: u16,
    socket: Option<&Path>,
    options: &PostgresOptions,
) -> Command {
    let mut command = Command::new(bin.join("postgres"));
    command.arg("-D").arg(data);
    let socket = socket.map(|path| path.display().to_string()).unwrap_or_default();
    let mut set = |name: &str, value: &str| {
        command.arg("-c").arg(format!("{name}={value}"));
    };
    set("listen_addresses", "127.0.0.1");
    set("port", &port.to_string());
    set("unix_socket_directories", &socket);
    set("max_connections", &options.connections_max.to_string());
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    set("jit", "off");
    // Statements and the rows they failed on may hold personal data: neither goes to the log.
    set("log_error_verbosity", "terse");
    set("log_min_error_statement", "panic");
    // Room for a city's day. The fewer checkpoints, the fewer whole pages in the log; a crash is recovered from in seconds.
    set("shared_buffers", &format!("{}MB", shared_buffers_mib()));
    set("min_wal_size", "256MB");
    set("max_wal_size", "4GB");
    set("checkpoint_timeout", "15min");
    set("update_process_title", "off");
    // Outboxes are emptied as fast as they fill: what is dead in them is passed over by every batch until it is cleaned.
    set("autovacuum_naptime", "5s");
    // Looked for so often, young tables would be analysed all day: they have grown by a tenth each time.
    set("autovacuum_analyze_threshold", "50000");
    match options.durability {
        Durability::Scratch => {
            for name in ["fsync", "full_page_writes"] {
                set(name, "off");
            }
        }
        Durability::Durable if writes_past_cache(data) => {
            // Nobody reads the log while the server runs: it goes to the disk without a copy in the kernel's memory, which
            // PostgreSQL does where no copy of the server follows it.
            set("wal_level", "minimal");
            set("max_wal_senders", "0");
            set("wal_sync_method", "open_datasync");
        }
        Durability::Durable => {}
    }
    command
}

/// Whether the file system takes writes that pass by the kernel's memory; some of network and memory do not.
fn writes_past_cache(folder: &Path) -> bool {
    let path = folder.join("direct.probe");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let opened = options.custom_flags(OFlag::O_DIRECT.bits()).open(&path);
    // Where it could not be made there is nothing to remove.
    let _ = fs::remove_file(&path);
    opened.is_ok()
}

/// A quarter of the machine's memory, as PostgreSQL's manual advises, within bounds: pages that it must evict are written
/// by whoever needs their place.
fn shared_buffers_mib() -> u64 {
    let memory = nix::sys::sysinfo::sysinfo().map_or(0, |info| info.ram_total());
    (memory / 4 / 1024 / 1024).clamp(128, 1024)
}

async fn make_database(first: &PgConnectOptions, durability: Durability) -> anyhow::Result<()> {
    let mut connection = first.connect().await?;
    let known: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(NAME)
        .fetch_optional(&mut connection)
        .await?;
    if known.is_none() {
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {NAME}")))
            .execute(&mut connection)
            .await?;
        if durability == Durability::Durable {
            make_log(&mut connection).await?;
        }
    }
    connection.close().await?;
    Ok(())
}

/// Makes the first files of the log: whoever commits into one that is not there yet waits until it has been written full of
/// zeros, and all others with them. A server that has run for long has the files of its last checkpoints to use again.
async fn make_log(connection: &mut PgConnection) -> anyhow::Result<()> {
    for statement in [
        "DO $$ BEGIN FOR file IN 1..16 LOOP \
         PERFORM pg_logical_emit_message(false, 'hotline', ''); PERFORM pg_switch_wal(); END LOOP; END $$",
        "CHECKPOINT",
    ] {
        sqlx::raw_sql(statement).execute(&mut *connection).await?;
    }
    Ok(())
}
