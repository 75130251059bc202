//! Runs the binary: once for a command, or as a platform on servers and stores of its own.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use hotline_cli::run_file::RunFile;
use hotline_runtime::Stopwatch;
use hotline_runtime::testing::{self, FreshDatabase};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// Longest start and longest stop of a platform.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// What a command printed and how it ended.
pub struct Ran {
    pub out: String,
    pub err: String,
    pub code: Option<i32>,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
            code: output.status.code(),
        }
    }
}

impl Ran {
    /// What was printed, as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// The binary, away from the settings of whoever runs the tests, at the workspace's root.
fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotline"));
    command.current_dir(testing::workspace_dir()).stdin(Stdio::null());
    for name in [
        "DATABASE_URL",
        "NATS_URL",
        "HOTLINE_CONFIG",
        "HOTLINE_TOKEN",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs a command that needs no platform.
pub fn hotline(args: &[&str]) -> Ran {
    binary().args(args).output().expect("the binary runs").into()
}

/// A platform on fresh stores; it ends with this value.
pub struct Running {
    pub dir: TempDir,
    child: Child,
    _database: Option<FreshDatabase>,
}

/// Settings of a platform on the tests' servers, in `dir`.
pub async fn configure(dir: &TempDir) -> FreshDatabase {
    let database = testing::fresh_database().await;
    let servers = testing::servers().await;
    let settings = testing::offline_settings(dir.path());
    let stores = format!(
        "[database]\nurl = {:?}\npool_max = 4\n[nats]\nurl = {:?}\nadmin_url = {:?}\nstream = {:?}\nsubject_prefix = {:?}\n",
        database.url,
        servers.nats_url,
        servers.nats_admin_url,
        settings.nats.stream,
        settings.nats.subject_prefix,
    );
    write_config(dir.path(), &stores);
    database
}

impl Running {
    /// On the tests' servers.
    pub async fn start() -> Self {
        let dir = TempDir::new().expect("a folder");
        let database = configure(&dir).await;
        Self::spawn(dir, Some(database), &[]).await
    }

    /// On the tests' servers, with some of the services.
    pub async fn start_some(services: &str) -> Self {
        let dir = TempDir::new().expect("a folder");
        let database = configure(&dir).await;
        Self::spawn(dir, Some(database), &["--services", services]).await
    }

    /// On the tests' servers, its clock standing at an instant (RFC 3339).
    pub async fn start_at(instant: &str) -> Self {
        let dir = TempDir::new().expect("a folder");
        let database = configure(&dir).await;
        let config = dir.path().join("hotline.toml");
        let text = std::fs::read_to_string(&config).expect("written before");
        std::fs::write(&config, format!("{text}[clock]\nstart = {instant:?}\n")).expect("writes");
        Self::spawn(dir, Some(database), &[]).await
    }

    /// On private servers of its own.
    pub async fn start_private() -> Self {
        let dir = TempDir::new().expect("a folder");
        write_config(dir.path(), "");
        Self::spawn(dir, None, &[]).await
    }

    async fn spawn(dir: TempDir, database: Option<FreshDatabase>, flags: &[&str]) -> Self {
        let log = std::fs::File::create(dir.path().join("log")).expect("a log");
        let child = binary()
            .arg("run")
            .arg("--config")
            .arg(dir.path().join("hotline.toml"))
            .args(flags)
            .stdout(log.try_clone().expect("a handle"))
            .stderr(log)
            .spawn()
            .expect("the binary runs");
        let mut running = Self {
            dir,
            child,
            _database: database,
        };
        running.until_it_serves().await;
        running
    }

    /// What it tells other commands of itself.
    pub fn run_file(&self) -> RunFile {
        RunFile::read(self.dir.path()).expect("it serves")
    }

    async fn until_it_serves(&mut self) {
        let since = Stopwatch::start();
        while RunFile::read(self.dir.path()).is_none() {
            let ended = self.child.try_wait().expect("the child is ours");
            assert!(ended.is_none() && since.elapsed() < WAIT_MAX, "{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs a command against it.
    pub fn hotline(&self, args: &[&str]) -> Ran {
        self.command(args).output().expect("the binary runs").into()
    }

    /// A command against it, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = binary();
        command
            .args(args)
            .arg("--config")
            .arg(self.dir.path().join("hotline.toml"));
        command
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// Asks it to stop, as an orchestrator does, and waits for its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.terminate();
        self.child.wait().expect("the child is ours").code()
    }

    fn terminate(&self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("a pid"));
        let _ = kill(pid, Signal::SIGTERM);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.terminate();
        let since = Stopwatch::start();
        while matches!(self.child.try_wait(), Ok(None)) {
            if since.elapsed() > WAIT_MAX {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Any free ports, the data in `dir`, and `stores`.
fn write_config(dir: &Path, stores: &str) {
    let deploy = testing::workspace_dir().join("deploy");
    let text = format!(
        "data_dir = {dir:?}\ndeploy_dir = {deploy:?}\n[grpc]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n[gateway]\nlisten = \"127.0.0.1:0\"\n{stores}"
    );
    std::fs::write(dir.join("hotline.toml"), text).expect("writes");
}
