//! A private nats-server with JetStream in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;

use super::folder::Folder;
use super::process::{Server, end_leftover};

/// Oldest version that is used: earlier ones lack `sync_interval` and lost consumers after a power cut.
const VERSION_MIN: (u32, u32) = (2, 12);

/// Environment variable that names the program.
const PROGRAM_VARIABLE: &str = "HOTLINE_NATS_SERVER";

/// Asks for a fast and orderly stop.
const STOP_SIGNAL: Signal = Signal::SIGTERM;

/// Longest start: it reads its store.
const READY_MAX: Duration = Duration::from_secs(60);

/// Longest wait for one greeting.
const GREETING_MAX: Duration = Duration::from_secs(1);

/// How a private nats-server runs.
#[derive(Clone, Debug)]
pub struct NatsOptions {
    /// Port on the loopback; absent: that of the last start, or a free one.
    pub port: Option<u16>,
    /// Disk that streams may take, MiB.
    pub store_max_mib: u64,
    /// Subjects that services may publish on. Default `evt.>`.
    pub subjects: String,
    /// More places to look for the program, after `HOTLINE_NATS_SERVER` and `PATH`.
    pub programs: Vec<PathBuf>,
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self {
            port: None,
            store_max_mib: 2_048,
            subjects: "evt.>".into(),
            programs: Vec::new(),
        }
    }
}

/// A running private nats-server; dropping it stops the server in the background.
pub struct PrivateNats {
    server: Server,
    folder: Folder,
    url: String,
    admin_url: String,
}

impl PrivateNats {
    /// Starts a server with its store in `dir`, which is made at the first start. Every message is on disk before it is
    /// acknowledged.
    ///
    /// # Errors
    /// No nats-server of a suitable version, a folder in use, or a server that does not start (its log is shown).
    pub async fn start(dir: &Path, options: &NatsOptions) -> anyhow::Result<Self> {
        let folder = Folder::open(dir)?;
        end_leftover(&folder, STOP_SIGNAL).await?;
        let program = reachable(&folder, find_program(&options.programs)?)?;
        let port = folder.port(options.port)?;
        let (admin, service) = (
            folder.password("admin.password")?,
            folder.password("service.password")?,
        );
        let config = folder.join("nats.conf");
        fs::write(&config, config_text(&folder, port, &admin, &service, options))?;
        folder.give(&config, 0o600)?;
        let mut command = Command::new(program);
        command.arg("-c").arg(&config);
        command.env("GOMAXPROCS", threads().to_string());
        let mut server = Server::start("nats-server", &folder, STOP_SIGNAL, &command)?;
        server.until_ready(READY_MAX, async || greets(port).await).await?;
        let url = |user: &str, password: &str| format!("nats://{user}:{password}@127.0.0.1:{port}");
        let (url, admin_url) = (url("service", &service), url("admin", &admin));
        Ok(Self {
            server,
            folder,
            url,
            admin_url,
        })
    }

    /// URL with the services' user: publishes events, reads its consumers, and administers nothing.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// URL with the administrator's user, for the topology controller.
    pub fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// The folder of the streams.
    pub fn store_dir(&self) -> PathBuf {
        self.folder.join("store")
    }

    /// The server's process id.
    ///
    /// # Errors
    /// The server is gone.
    pub fn pid(&self) -> anyhow::Result<u32> {
        self.server.pid()
    }

    /// Whether the server still runs.
    pub fn is_running(&mut self) -> bool {
        self.server.is_running()
    }

    /// Stops the server in order, within 10 s; then by force.
    ///
    /// # Errors
    /// The process cannot be watched.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.server.stop().await
    }

    /// Kills the server as a crash would.
    ///
    /// # Errors
    /// The process is gone already.
    pub async fn kill(self) -> anyhow::Result<()> {
        self.server.kill().await
    }
}

/// The program: the one that is named, else the first on `PATH` or in `more` that is new enough.
fn find_program(more: &[PathBuf]) -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM_VARIABLE) {
        let named = PathBuf::from(named);
        return match version_of(&named) {
            Some(version) if version >= VERSION_MIN => Ok(named),
            _ => bail!(
                "{PROGRAM_VARIABLE}={} is no nats-server 2.12 or newer",
                named.display()
            ),
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|dir| dir.join("nats-server"));
    let mut candidates = on_path.chain(more.iter().cloned());
    candidates.find(|program| version_of(program).is_some_and(|version| version >= VERSION_MIN)).context(
        "未找到 nats-server 2.12 或更新版本；请执行 sh scripts/install.sh，或设置 HOTLINE_NATS_SERVER 或 NATS_URL / \
         no nats-server 2.12 or newer found; run sh scripts/install.sh, or set HOTLINE_NATS_SERVER or NATS_URL",
    )
}

/// Major and minor version of a program, if it is a nats-server.
fn version_of(program: &Path) -> Option<(u32, u32)> {
    if !program.is_file() {
        return None;
    }
    let output = Command::new(program).arg("--version").output().ok()?;
    parse_version(&String::from_utf8(output.stdout).ok()?)
}

/// Reads `nats-server: v2.15.1`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let version = text.trim().strip_prefix("nats-server: v")?;
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// The program where the account can execute it: itself, or a copy in the folder.
fn reachable(folder: &Folder, program: PathBuf) -> anyhow::Result<PathBuf> {
    let program = fs::canonicalize(program)?;
    if folder.can_execute(&program) {
        return Ok(program);
    }
    let copy = folder.join("nats-server");
    fs::copy(&program, &copy).with_context(|| format!("copy {}", program.display()))?;
    folder.give(&copy, 0o700)?;
    Ok(copy)
}

/// Cores that the server may use at once: half, beside PostgreSQL and the services. With all of them it would keep cores awake
/// that look for work where there is none.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

fn config_text(folder: &Folder, port: u16, admin: &str, service: &str, options: &NatsOptions) -> String {
    let store = folder.join("store");
    let (store, subjects, mib) = (store.display(), &options.subjects, options.store_max_mib);
    format!(
        r#"listen: "127.0.0.1:{port}"
server_name: "hotline-private"
ping_interval: "5s"
max_payload: 1MB
jetstream {{
  store_dir: "{store}"
  max_memory_store: 64MB
  max_file_store: {mib}MB
  # The journals are the record: what a power cut takes from the stream is published again from them.
  sync_interval: "1s"
}}
authorization {{
  users: [
    {{ user: "admin", password: "{admin}" }}
    {{
      user: "service", password: "{service}"
      permissions: {{
        publish: {{
          allow: [
            "{subjects}"
            # One token after it: consumers without a name, which the broker forgets when nobody reads.
            "$JS.API.CONSUMER.CREATE.*"
            "$JS.API.CONSUMER.INFO.>"
            "$JS.API.CONSUMER.MSG.NEXT.>"
            "$JS.API.DIRECT.GET.>"
            "$JS.API.INFO"
            "$JS.API.STREAM.INFO.>"
            "$JS.API.STREAM.MSG.GET.>"
            "_INBOX.>"
          ]
        }}
        subscribe: {{ allow: ["_INBOX.>"] }}
      }}
    }}
  ]
}}
"#
    )
}

/// Whether the server greets a new connection, with JetStream on.
async fn greets(port: u16) -> bool {
    let greeting = async {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).await.ok()?;
        Some(line.starts_with("INFO") && line.contains("\"jetstream\":true"))
    };
    tokio::time::timeout(GREETING_MAX, greeting)
        .await
        .ok()
        .flatten()
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_the_programs_own_words() {
        assert_eq!(parse_version("nats-server: v2.15.1\n"), Some((2, 15)));
        for other in [
            "",
            "nats-server: 2.15",
            "postgres (PostgreSQL) 15.1",
            "nats-server: vX.1",
        ] {
            assert_eq!(parse_version(other), None, "{other}");
        }
    }
}
