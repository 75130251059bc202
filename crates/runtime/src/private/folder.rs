//! The folder of a private server: reachable by the account it runs as, locked, with a port that stays.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use nix::unistd::{User, chown, geteuid};
use sha2::{Digest, Sha256};

use crate::secret_file;

/// Accounts that a server may run as when this process is root, the first that exists.
const ACCOUNTS: &[&str] = &["postgres", "nobody"];

/// Where data lies when the account cannot reach the folder asked for (a home of root, closed to others).
const ELSEWHERE: &str = "/var/lib/hotline";

/// A locked folder and the account that owns it.
pub(crate) struct Folder {
    path: PathBuf,
    account: Option<User>,
    _lock: File,
}

impl Folder {
    /// Makes or finds the folder, gives it to the account, and locks it.
    pub(crate) fn open(asked: &Path) -> anyhow::Result<Self> {
        let account = account()?;
        let path = settle(asked, account.as_ref())?;
        own(&path, account.as_ref(), 0o700)?;
        let lock = File::create(path.join("lock")).with_context(|| format!("write in {}", path.display()))?;
        if lock.try_lock().is_err() {
            bail!(
                "目录 {0} 正被另一个 hotline 进程使用；请先停止它，或用 data_dir 另选目录 / \
                 {0} is in use by another hotline process; stop it, or choose another data_dir",
                path.display()
            );
        }
        Ok(Self {
            path,
            account,
            _lock: lock,
        })
    }

    /// Path of `name` inside.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A command that runs as the account, in a process group of its own so that a terminal's Ctrl-C stops this process
    /// first and the servers after it.
    pub(crate) fn command(&self, program: &Path) -> Command {
        command_as(program, self.account.as_ref())
    }

    /// Gives a file or folder inside to the account.
    pub(crate) fn give(&self, path: &Path, mode: u32) -> anyhow::Result<()> {
        own(path, self.account.as_ref(), mode)
    }

    /// A password kept in `name`, made at the first call.
    pub(crate) fn password(&self, name: &str) -> anyhow::Result<String> {
        let path = self.join(name);
        let text = secret_file::read_or_make(&path, || Ok(secret_file::random_hex(16)))?;
        self.give(&path, 0o600)?;
        Ok(text.trim().to_owned())
    }

    /// The port asked for, else that of the last start if it is free, else any free one.
    pub(crate) fn port(&self, asked: Option<u16>) -> anyhow::Result<u16> {
        let file = self.join("port");
        let last = fs::read_to_string(&file)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let port = match asked.or(last.filter(|port| is_free(*port))) {
            Some(port) => port,
            None => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port(),
        };
        fs::write(&file, port.to_string())?;
        Ok(port)
    }

    /// Whether the account may execute `program`.
    pub(crate) fn can_execute(&self, program: &Path) -> bool {
        as_account_holds("test -x \"$1\"", program, self.account.as_ref())
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The account to run as; nobody else's where this process is not root.
fn account() -> anyhow::Result<Option<User>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    for name in ACCOUNTS {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!(
        "以 root 运行时需要 postgres 账户；请安装 postgresql，或以普通用户运行 / \
         running as root needs the account postgres; install postgresql, or run as an ordinary user"
    )
}

/// The real folder for `asked`: itself if the account can reach it, else one under [`ELSEWHERE`] that it links to.
fn settle(asked: &Path, account: Option<&User>) -> anyhow::Result<PathBuf> {
    let parent = asked.parent().context("a private server's folder has a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("create {}", parent.display()))?;
    let parent = fs::canonicalize(parent)?;
    let asked = parent.join(
        asked
            .file_name()
            .context("a private server's folder has a name")?,
    );
    if !asked.is_symlink() && as_account_holds("cd \"$1\"", &parent, account) {
        fs::create_dir_all(&asked).with_context(|| format!("create {}", asked.display()))?;
        return Ok(asked);
    }
    let digest = Sha256::digest(asked.as_os_str().as_encoded_bytes());
    let real = Path::new(ELSEWHERE).join(secret_file::hex(&digest[..8]));
    fs::create_dir_all(&real).with_context(|| format!("create {}", real.display()))?;
    fs::set_permissions(ELSEWHERE, fs::Permissions::from_mode(0o755))?;
    match symlink(&real, &asked) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("link {}", asked.display()));
        }
        _ => {}
    }
    tracing::info!(asked = %asked.display(), real = %real.display(), "the server's account cannot reach its folder; linked");
    Ok(real)
}

fn own(path: &Path, account: Option<&User>, mode: u32) -> anyhow::Result<()> {
    if let Some(user) = account {
        chown(path, Some(user.uid), Some(user.gid)).with_context(|| format!("chown {}", path.display()))?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("chmod {}", path.display()))
}

fn command_as(program: &Path, account: Option<&User>) -> Command {
    let mut command = Command::new(program);
    command.process_group(0).current_dir("/");
    if let Some(user) = account {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command
}

/// Whether the shell `test` on `path` succeeds as the account.
fn as_account_holds(test: &str, path: &Path, account: Option<&User>) -> bool {
    let mut command = command_as(Path::new("/bin/sh"), account);
    command
        .args(["-c", test, "sh"])
        .arg(path)
        .stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
