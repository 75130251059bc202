//! What a running platform leaves in its data folder so that other commands find it: address, process, servers.
//!
//! The file holds the private servers' passwords, and only its owner may read it.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// Its name in the data folder.
const NAME: &str = ".run";

/// A running platform.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunFile {
    /// Process.
    pub pid: u32,
    /// Address of the gRPC server.
    pub grpc: SocketAddr,
    /// Address of the HTTP server.
    pub http: SocketAddr,
    /// Where people are let in; absent when the gateway does not run in this process.
    #[serde(default)]
    pub gateway: Option<SocketAddr>,
    /// Services in it, by name.
    pub services: Vec<String>,
    /// Administrator's URL of the database.
    pub database_url: String,
    /// URL of the broker with the services' user.
    pub nats_url: String,
    /// URL of the broker with the administrator's user.
    pub nats_admin_url: String,
    /// Process of the private PostgreSQL; absent when it is not private.
    pub postgres_pid: Option<u32>,
    /// Process of the private nats-server; absent when it is not private.
    pub nats_pid: Option<u32>,
}

impl RunFile {
    /// Writes it into `data_dir`, whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, data_dir: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(data_dir).with_context(|| format!("create {}", data_dir.display()))?;
        let draft = data_dir.join(format!("{NAME}.draft-{}", self.pid));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)
            .with_context(|| format!("write {}", draft.display()))?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        fs::rename(&draft, path_in(data_dir)).context("move the run file to its place")
    }

    /// Reads the one in `data_dir`; nothing where there is none or it is of another version.
    pub fn read(data_dir: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(path_in(data_dir)).ok()?).ok()
    }

    /// Removes it from `data_dir`, if it is still this one.
    pub fn remove(&self, data_dir: &Path) {
        if Self::read(data_dir).is_some_and(|found| found.pid == self.pid) {
            let _ = fs::remove_file(path_in(data_dir));
        }
    }

    /// Whether its process is alive (or another took its number).
    pub fn is_alive(&self) -> bool {
        let pid = i32::try_from(self.pid).map(nix::unistd::Pid::from_raw);
        pid.is_ok_and(|pid| nix::sys::signal::kill(pid, None).is_ok())
    }

    /// The gRPC address as a client on this machine dials it.
    pub fn dial(&self) -> SocketAddr {
        dialled(self.grpc)
    }
}

/// A server that listens on every address is dialled on the loopback.
pub fn dialled(addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), addr.port());
    }
    addr
}

fn path_in(data_dir: &Path) -> PathBuf {
    data_dir.join(NAME)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_its_owner_can_read_it_and_only_its_writer_removes_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = RunFile {
            pid: std::process::id(),
            grpc: SocketAddr::from(([0, 0, 0, 0], 12345)),
            http: SocketAddr::from(([127, 0, 0, 1], 12380)),
            gateway: None,
            services: vec!["intake".into()],
            database_url: "postgres://x".into(),
            nats_url: "nats://x".into(),
            nats_admin_url: String::new(),
            postgres_pid: Some(1),
            nats_pid: None,
        };
        file.write(dir.path()).expect("writes");
        let mode = fs::metadata(path_in(dir.path()))
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let read = RunFile::read(dir.path()).expect("reads");
        assert_eq!(
            (read.pid, read.dial().to_string()),
            (file.pid, "127.0.0.1:12345".to_owned())
        );
        assert!(read.is_alive());
        RunFile {
            pid: 1,
            ..file.clone()
        }
        .remove(dir.path());
        assert!(RunFile::read(dir.path()).is_some());
        file.remove(dir.path());
        assert!(RunFile::read(dir.path()).is_none());
    }
}
