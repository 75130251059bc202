//! One private server as a process: held by a pipe, stopped by its pid, found again after a kill.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::folder::Folder;
use crate::clock::Stopwatch;

/// Holds the server's process id.
const PID_FILE: &str = "server.pid";

/// Pause between two looks at a process.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Longest orderly stop; a killed server repairs itself at its next start.
const STOP_MAX: Duration = Duration::from_secs(10);

/// A log longer than this is begun anew at a start, bytes.
const LOG_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// End of a log that an error shows, bytes.
const LOG_TAIL_BYTES: usize = 1_500;

/// Runs the server and stops it with signal `$1` as soon as standard input closes; `$2` is the pid file.
const WATCHER: &str = r#"
signal=$1; pid_file=$2; shift 2
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
echo "$server" > "$pid_file"
{ while read -r _ <&3; do :; done; kill -s "$signal" "$server"; } &
watch=$!
exec 3<&-
wait "$server"; code=$?
kill "$watch" 2>/dev/null
exit "$code"
"#;

/// A running server and the end of the pipe that keeps it alive.
pub(crate) struct Server {
    name: &'static str,
    watcher: Child,
    leash: Option<ChildStdin>,
    pid_file: PathBuf,
    log: PathBuf,
    stop_signal: Signal,
}

impl Server {
    /// Starts `command` in `folder`; [`end_leftover`] comes first.
    pub(crate) fn start(
        name: &'static str,
        folder: &Folder,
        stop_signal: Signal,
        command: &Command,
    ) -> anyhow::Result<Self> {
        let (pid_file, log) = (folder.join(PID_FILE), folder.join("server.log"));
        let output = open_log(&log)?;
        let mut watcher = folder.command(Path::new("/bin/sh"));
        watcher.args([
            "-c",
            WATCHER,
            "sh",
            stop_signal.as_str().trim_start_matches("SIG"),
        ]);
        watcher
            .arg(&pid_file)
            .arg(command.get_program())
            .args(command.get_args());
        watcher.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        watcher
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output);
        let mut watcher = watcher.spawn().with_context(|| format!("start {name}"))?;
        let leash = watcher.stdin.take();
        Ok(Self {
            name,
            watcher,
            leash,
            pid_file,
            log,
            stop_signal,
        })
    }

    /// The server's process id.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        let text = fs::read_to_string(&self.pid_file).context("the server's pid file")?;
        text.trim().parse().context("the server's pid file")
    }

    /// Asks `ready` again and again until it says yes.
    pub(crate) async fn until_ready<F>(&mut self, limit: Duration, mut ready: F) -> anyhow::Result<()>
    where
        F: AsyncFnMut() -> bool,
    {
        let since = Stopwatch::start();
        while !ready().await {
            if self.watcher.try_wait()?.is_some() {
                bail!(
                    "{} 未能启动 / {} ended at its start:\n{}",
                    self.name,
                    self.name,
                    self.log_tail()
                );
            }
            if since.elapsed() > limit {
                bail!(
                    "{0} 启动超时 / {0} is not ready after {1} s:\n{2}",
                    self.name,
                    limit.as_secs(),
                    self.log_tail()
                );
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Ok(())
    }

    /// Whether the server still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.watcher.try_wait(), Ok(None))
    }

    /// Stops the server in order, within a limit; then by force.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.pid().ok();
        drop(self.leash.take());
        let since = Stopwatch::start();
        while self.watcher.try_wait()?.is_none() {
            if since.elapsed() > STOP_MAX {
                tracing::warn!(name = self.name, "did not stop in time; killing it");
                if let Some(pid) = pid {
                    let _ = kill(as_pid(pid)?, Signal::SIGKILL);
                }
                self.watcher.kill()?;
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        let _ = fs::remove_file(&self.pid_file);
        Ok(())
    }

    /// Kills the server as a crash would, and waits until it is gone. For tests of what survives.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        let pid = as_pid(self.pid()?)?;
        kill(pid, Signal::SIGKILL).with_context(|| format!("kill {}", self.name))?;
        while self.watcher.try_wait()?.is_none() {
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Ok(())
    }

    fn log_tail(&self) -> String {
        let mut text = String::new();
        if let Ok(mut file) = File::open(&self.log) {
            let _ = file.read_to_string(&mut text);
        }
        let from = text.ceil_char_boundary(text.len().saturating_sub(LOG_TAIL_BYTES));
        format!("{} ({})", &text[from..], self.log.display())
    }
}

impl Drop for Server {
    /// Closing the pipe makes the watcher stop the server; nobody waits for it here.
    fn drop(&mut self) {
        drop(self.leash.take());
        tracing::trace!(name = self.name, signal = %self.stop_signal, "let go");
    }
}

/// Ends the server whose pid the file names, if it is one of this folder: a pid alone may belong to anybody by now.
pub(crate) async fn end_leftover(folder: &Folder, stop_signal: Signal) -> anyhow::Result<()> {
    let (pid_file, folder) = (folder.join(PID_FILE), folder.join(""));
    let Some(pid) = fs::read_to_string(&pid_file)
        .ok()
        .and_then(|text| text.trim().parse().ok())
    else {
        return Ok(());
    };
    let since = Stopwatch::start();
    let mut signal = stop_signal;
    while runs_in(pid, &folder) {
        tracing::warn!(pid, %signal, "ending a server that an earlier process left");
        let _ = kill(as_pid(pid)?, signal);
        while runs_in(pid, &folder) && since.elapsed() < STOP_MAX {
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        if signal == Signal::SIGKILL && since.elapsed() > 2 * STOP_MAX {
            bail!(
                "process {pid} of {} cannot be ended; end it by hand",
                folder.display()
            );
        }
        signal = Signal::SIGKILL;
        tokio::time::sleep(LOOK_PAUSE).await;
    }
    let _ = fs::remove_file(pid_file);
    Ok(())
}

/// Whether process `pid` lives and its command line names `folder`.
fn runs_in(pid: u32, folder: &Path) -> bool {
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let folder = folder.as_os_str().as_encoded_bytes();
    command_line.windows(folder.len()).any(|window| window == folder)
}

fn as_pid(pid: u32) -> anyhow::Result<Pid> {
    Ok(Pid::from_raw(i32::try_from(pid)?))
}

fn open_log(path: &Path) -> anyhow::Result<File> {
    let long = fs::metadata(path).is_ok_and(|meta| meta.len() > LOG_MAX_BYTES);
    let mut options = OpenOptions::new();
    options.create(true).append(!long).write(true).truncate(long);
    options
        .open(path)
        .with_context(|| format!("open {}", path.display()))
}
