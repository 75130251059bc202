//! Private servers: kept data, held folders, and what a kill leaves.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use hotline_runtime::private::{Durability, NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
use hotline_runtime::testing;
use nix::fcntl::OFlag;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// A folder in the target folder, where the servers' account can reach it.
pub fn folder() -> TempDir {
    let home = testing::servers_dir();
    fs::create_dir_all(&home).expect("a folder");
    let dir = TempDir::new_in(home).expect("a folder");
    fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("opens it");
    dir
}

fn scratch() -> PostgresOptions {
    PostgresOptions {
        durability: Durability::Scratch,
        ..PostgresOptions::default()
    }
}

fn nats() -> NatsOptions {
    let program: PathBuf = testing::workspace_dir().join(".hotline/bin/nats-server");
    NatsOptions {
        programs: vec![program],
        ..NatsOptions::default()
    }
}

async fn count(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.expect("connects");
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS seen (id int); INSERT INTO seen VALUES (1)")
        .execute(&mut connection)
        .await
        .expect("writes");
    let (rows,): (i64,) = sqlx::query_as("SELECT count(*) FROM seen")
        .fetch_one(&mut connection)
        .await
        .expect("reads");
    rows
}

/// Whether the process runs; one that has ended and waits to be reaped has no command line.
fn lives(pid: u32) -> bool {
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

#[tokio::test]
async fn a_private_postgres_keeps_its_data_over_a_stop_and_a_kill() {
    let dir = folder();
    let home = dir.path().join("postgres");
    let server = PrivatePostgres::start(&home, &scratch()).await.expect("starts");
    let url = server.url().to_owned();
    assert_eq!(count(&url).await, 1);
    let pid = server.pid().expect("has one");
    server.stop().await.expect("stops");
    assert!(!lives(pid));
    let server = PrivatePostgres::start(&home, &scratch())
        .await
        .expect("starts again");
    assert_eq!(server.url(), url);
    assert_eq!(count(&url).await, 2);
    server.kill().await.expect("is killed");
    let mut server = PrivatePostgres::start(&home, &scratch()).await.expect("recovers");
    assert!(server.is_running());
    assert_eq!(count(&url).await, 3);
    server.stop().await.expect("stops");
}

/// Whether a file there can be opened for writes past the kernel's memory.
fn takes_direct_writes(folder: &Path) -> bool {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create(true)
        .custom_flags(OFlag::O_DIRECT.bits());
    options.open(folder.join("direct")).is_ok()
}

#[tokio::test]
async fn a_broker_leaves_half_of_the_cores_to_others() {
    let dir = folder();
    let server = PrivateNats::start(&dir.path().join("nats"), &nats())
        .await
        .expect("starts");
    let pid = server.pid().expect("has one");
    let environment = fs::read(format!("/proc/{pid}/environ")).expect("is ours");
    let cores = std::thread::available_parallelism().expect("is known").get();
    let expected = format!("GOMAXPROCS={}", cores.div_ceil(2));
    let mut variables = environment.split(|byte| *byte == 0);
    assert!(variables.any(|variable| variable == expected.as_bytes()));
    server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_durable_server_has_files_of_its_log_before_they_are_needed() {
    let dir = folder();
    let home = dir.path().join("postgres");
    let options = PostgresOptions::default();
    let server = PrivatePostgres::start(&home, &options).await.expect("starts");
    let mut connection = PgConnection::connect(server.url()).await.expect("connects");
    let ready: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_ls_waldir() WHERE name > pg_walfile_name(pg_current_wal_lsn())",
    )
    .fetch_one(&mut connection)
    .await
    .expect("reads");
    assert!(ready >= 12, "{ready}");
    let method: String = sqlx::query_scalar("SHOW wal_sync_method")
        .fetch_one(&mut connection)
        .await
        .expect("reads");
    assert_eq!(
        method == "open_datasync",
        takes_direct_writes(dir.path()),
        "{method}"
    );
    connection.close().await.expect("closes");
    server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_folder_in_use_is_refused() {
    let dir = folder();
    let home = dir.path().join("nats");
    let server = PrivateNats::start(&home, &nats()).await.expect("starts");
    let error = PrivateNats::start(&home, &nats())
        .await
        .err()
        .expect("refused")
        .to_string();
    assert!(error.contains("in use"), "{error}");
    server.stop().await.expect("stops");
    PrivateNats::start(&home, &nats())
        .await
        .expect("starts again")
        .stop()
        .await
        .expect("stops");
}

#[tokio::test]
async fn a_dropped_server_stops_by_itself() {
    let dir = folder();
    let home = dir.path().join("nats");
    let server = PrivateNats::start(&home, &nats()).await.expect("starts");
    let pid = server.pid().expect("has one");
    drop(server);
    let gone = async {
        while lives(pid) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone)
        .await
        .expect("stops");
}

#[tokio::test]
async fn a_server_that_a_dead_watcher_left_is_ended_and_started_anew() {
    let dir = folder();
    let home = dir.path().join("nats");
    let server = PrivateNats::start(&home, &nats()).await.expect("starts");
    let (pid, url) = (server.pid().expect("has one"), server.url().to_owned());
    // The watcher, and its own watch on the pipe, die as with kill -9 of everything but the server.
    let parent = parent_of(pid);
    for watcher in children_of(parent)
        .into_iter()
        .filter(|child| *child != pid)
        .chain([parent])
    {
        nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(i32::try_from(watcher).expect("a pid")),
            nix::sys::signal::Signal::SIGKILL,
        )
        .expect("is killed");
    }
    drop(server);
    assert!(lives(pid));
    let server = PrivateNats::start(&home, &nats()).await.expect("starts again");
    assert!(!lives(pid) && server.pid().expect("has one") != pid);
    assert_eq!(server.url(), url);
    server.stop().await.expect("stops");
}

fn parent_of(pid: u32) -> u32 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("lives");
    let (_, rest) = stat.rsplit_once(") ").expect("a name in brackets");
    rest.split(' ')
        .nth(1)
        .and_then(|text| text.parse().ok())
        .expect("a parent")
}

pub fn children_of(pid: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").expect("is there").flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|child| std::fs::metadata(format!("/proc/{child}/stat")).is_ok() && parent_of(*child) == pid)
        .collect()
}

#[tokio::test]
async fn an_unsuitable_program_is_refused_with_the_remedy() {
    let dir = folder();
    let options = NatsOptions {
        programs: vec!["/bin/true".into()],
        ..NatsOptions::default()
    };
    if let Err(error) = PrivateNats::start(&dir.path().join("nats"), &options).await {
        assert!(error.to_string().contains("2.12"), "{error}");
    }
}
