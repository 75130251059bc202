//! The product's program: where it lies, one running process of it, and commands that end by themselves.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;

use crate::workspace_root;

/// Names the program, where it is not beside the tests.
const PROGRAM_VARIABLE: &str = "HOTLINE_BIN";

/// The program: named, beside the tests, or built once.
///
/// # Errors
/// It cannot be built.
pub async fn program() -> Result<PathBuf> {
    static PROGRAM: OnceCell<PathBuf> = OnceCell::const_new();
    PROGRAM.get_or_try_init(find_or_build).await.cloned()
}

async fn find_or_build() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM_VARIABLE) {
        return Ok(named.into());
    }
    // target/<profile>/deps/<test>: two folders up lie the programs of the same profile.
    let test = std::env::current_exe().context("the test's own path")?;
    let profile = test
        .ancestors()
        .nth(2)
        .context("a test lies in target/<profile>/deps")?;
    let program = profile.join("hotline");
    if !program.is_file() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build
            .args(["build", "--locked", "--package", "hotline"])
            .current_dir(workspace_root());
        ensure!(
            build.status().await?.success(),
            "cargo build --package hotline failed"
        );
    }
    ensure!(program.is_file(), "{} is not there", program.display());
    Ok(program)
}

/// A command of the program that sees nothing of this process's own settings.
///
/// # Errors
/// The program cannot be had.
pub async fn command() -> Result<Command> {
    let mut command = Command::new(program().await?);
    clean(&mut command);
    Ok(command)
}

/// Takes out of the environment whatever would be a setting of the product.
fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let servers = name == "HOTLINE_NATS_SERVER";
        if (name.starts_with("HOTLINE_") && !servers)
            || ["DATABASE_URL", "NATS_URL", "RUST_LOG"].contains(&name.as_str())
        {
            command.env_remove(name);
        }
    }
}

/// A running process of the product, killed with this value and with the test.
pub struct Process {
    child: Child,
    pid: Pid,
}

impl Process {
    /// Runs the program with `args`; what it prints is appended to `log`.
    ///
    /// # Errors
    /// It does not start.
    pub async fn spawn(args: &[&str], env: &[(String, String)], log: &Path) -> Result<Self> {
        let output = OpenOptions::new().create(true).append(true).open(log)?;
        // The kernel kills it when the test's thread is gone, however that ended.
        let mut command = Command::new("setpriv");
        clean(&mut command);
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program().await?)
            .args(args);
        command.envs(env.iter().map(|(name, value)| (name, value)));
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true);
        let child = command.spawn().context("start the product")?;
        let pid = child.id().context("the product has a process id")?;
        Ok(Self {
            child,
            pid: Pid::from_raw(i32::try_from(pid)?),
        })
    }

    /// Its id.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The operating system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Kills it without a word and waits until it is gone.
    ///
    /// # Errors
    /// It is gone already.
    pub async fn kill(mut self) -> Result<()> {
        kill(self.pid, Signal::SIGKILL).context("kill the product")?;
        self.child.wait().await?;
        Ok(())
    }

    /// Asks it to stop and waits for its end.
    ///
    /// # Errors
    /// It is gone already.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        kill(self.pid, Signal::SIGTERM).context("stop the product")?;
        Ok(self.child.wait().await?)
    }
}

/// Sends a signal to a process of ours.
///
/// # Errors
/// It is gone.
pub fn signal(pid: u32, signal: Signal) -> Result<()> {
    kill(Pid::from_raw(i32::try_from(pid)?), signal).with_context(|| format!("signal {signal} to {pid}"))
}
