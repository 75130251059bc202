//! Servers and fresh databases for tests, and a ready [`Runtime`] on them.
//!
//! With `HOTLINE_TEST_DATABASE_URL`, `HOTLINE_TEST_NATS_URL` and `HOTLINE_TEST_NATS_ADMIN_URL` set (`make test` does), tests
//! share those servers; without them every test process starts its own. Either way a test has a database and a
//! stream of its own. This module may panic: a test that cannot have its servers has nothing to test.

use std::fs;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::access::Access;
use crate::audit::{CALL, Call, Seen};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::config::Settings;
use crate::private::{Durability, NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
use crate::runtime::Runtime;
use crate::secret_file;

/// Administrator's URL of a shared PostgreSQL.
pub const DATABASE_VARIABLE: &str = "HOTLINE_TEST_DATABASE_URL";
/// URL of a shared nats-server with the services' user.
pub const NATS_VARIABLE: &str = "HOTLINE_TEST_NATS_URL";
/// URL of a shared nats-server with the administrator's user.
pub const NATS_ADMIN_VARIABLE: &str = "HOTLINE_TEST_NATS_ADMIN_URL";

/// The servers of a test process.
pub struct Servers {
    /// Administrator's URL of PostgreSQL.
    pub database_url: String,
    /// NATS URL with the services' user.
    pub nats_url: String,
    /// NATS URL with the administrator's user.
    pub nats_admin_url: String,
    _own: Option<(PrivatePostgres, PrivateNats)>,
}

/// The servers of this process, started at the first call; they end with the process.
pub async fn servers() -> &'static Servers {
    static SERVERS: OnceCell<Servers> = OnceCell::const_new();
    SERVERS.get_or_init(find_or_start).await
}

async fn find_or_start() -> Servers {
    let named = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let (Some(database_url), Some(nats_url)) = (named(DATABASE_VARIABLE), named(NATS_VARIABLE)) {
        let nats_admin_url = named(NATS_ADMIN_VARIABLE).unwrap_or_else(|| nats_url.clone());
        return Servers {
            database_url,
            nats_url,
            nats_admin_url,
            _own: None,
        };
    }
    let home = servers_dir();
    sweep(&home);
    start_servers(&home.join(std::process::id().to_string())).await
}

/// Starts both servers in `dir`, for a process of its own that tests share.
///
/// # Panics
/// A server does not start.
pub async fn start_servers(dir: &Path) -> Servers {
    let options = PostgresOptions {
        durability: Durability::Scratch,
        connections_max: 400,
        ..PostgresOptions::default()
    };
    let programs = vec![workspace_dir().join(".hotline/bin/nats-server")];
    let nats_options = NatsOptions {
        programs,
        ..NatsOptions::default()
    };
    let (postgres_dir, nats_dir) = (dir.join("postgres"), dir.join("nats"));
    let started = tokio::join!(
        PrivatePostgres::start(&postgres_dir, &options),
        PrivateNats::start(&nats_dir, &nats_options)
    );
    let postgres = started.0.expect("a private PostgreSQL starts");
    let nats = started.1.expect("a private nats-server starts");
    Servers {
        database_url: postgres.url().to_owned(),
        nats_url: nats.url().to_owned(),
        nats_admin_url: nats.admin_url().to_owned(),
        _own: Some((postgres, nats)),
    }
}

/// Folder of the tests' servers, in the target folder.
pub fn servers_dir() -> PathBuf {
    workspace_dir().join("target/test-servers")
}

/// The workspace's root.
pub fn workspace_dir() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_path_buf()
}

/// Removes folders whose process is gone; their servers went with it.
fn sweep(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if !Path::new(&format!("/proc/{pid}")).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// How long a test waits for the removal of its database.
const REMOVED_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);

/// A database of one test, dropped with this value.
pub struct FreshDatabase {
    /// Administrator's URL of the database.
    pub url: String,
    name: String,
    server: PgConnectOptions,
}

/// Makes an empty database.
///
/// # Panics
/// The server does not make one.
pub async fn fresh_database() -> FreshDatabase {
    let server = PgConnectOptions::from_str(&servers().await.database_url).expect("a PostgreSQL URL");
    let name = format!("t{}", secret_file::random_hex(6));
    let mut connection = server.connect().await.expect("PostgreSQL answers");
    run(&mut connection, format!("CREATE DATABASE {name}"))
        .await
        .expect("a database is made");
    FreshDatabase {
        url: database_url(&name).await,
        name,
        server,
    }
}

impl FreshDatabase {
    async fn remove(server: PgConnectOptions, name: String) -> Result<(), sqlx::Error> {
        let mut connection = server.connect().await?;
        run(
            &mut connection,
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await?;
        let roles: Vec<(String,)> =
            sqlx::query_as("SELECT rolname::text FROM pg_roles WHERE rolname LIKE $1")
                .bind(format!("{name}\\_%"))
                .fetch_all(&mut connection)
                .await?;
        for (role,) in roles {
            run(&mut connection, format!("DROP ROLE \"{role}\"")).await?;
        }
        connection.close().await
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let (done, told) = std::sync::mpsc::channel();
        // A thread with a runtime of its own: a destructor cannot wait inside the test's.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let _ = runtime.map(|runtime| runtime.block_on(Self::remove(server, name)));
            let _ = done.send(());
        });
        // PostgreSQL waits for connections whose password is just being asked for; where this very thread should answer,
        // it would wait for a minute. Given up here, the server removes the database by itself.
        let _ = told.recv_timeout(REMOVED_WITHIN);
    }
}

/// Runs statements on the tests' PostgreSQL as its administrator, one after another.
///
/// # Errors
/// The first that fails.
pub async fn administer(statements: &[String]) -> anyhow::Result<()> {
    let server = PgConnectOptions::from_str(&servers().await.database_url)?;
    let mut connection = server.connect().await?;
    for statement in statements {
        run(&mut connection, statement.clone()).await?;
    }
    Ok(connection.close().await?)
}

/// The administrator's URL of a database of the tests' PostgreSQL.
///
/// # Panics
/// The server's own URL names no database.
pub async fn database_url(name: &str) -> String {
    let base = &servers().await.database_url;
    let (base, query) = base
        .split_once('?')
        .map_or((base.as_str(), String::new()), |(b, q)| (b, format!("?{q}")));
    let (base, _) = base.rsplit_once('/').expect("the URL names a database");
    format!("{base}/{name}{query}")
}

/// Does `work` as if it served a call of `path` by `caller` with `request`: what the audit and the database's second wall
/// ask of a call is there.
///
/// # Panics
/// The contract has no such method.
pub async fn calling<T>(
    path: &str,
    caller: Caller,
    request: &impl prost::Message,
    work: impl Future<Output = T>,
) -> T {
    let access = Access::from_descriptor_set(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract");
    let plan = access.plan(path).expect("a method of the contract");
    let (seen, method) = (Seen::default(), Arc::from(path.trim_start_matches('/')));
    let mut frame = vec![0_u8; 5];
    request.encode(&mut frame).expect("encodes");
    seen.push(&frame.into());
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736".to_owned();
    let call = Call::new(
        method,
        Arc::new(caller),
        "192.0.2.7".to_owned(),
        trace,
        plan,
        seen,
    );
    CALL.scope(Arc::new(call), work).await
}

async fn run(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map(drop)
}

/// A [`Runtime`] with a database, a stream, keys and ports of its own; all of it goes with this value.
pub struct TestRuntime {
    /// The runtime, also reached by dereferencing.
    pub runtime: Runtime,
    /// Its database.
    pub database: FreshDatabase,
    _keys: TempDir,
}

impl Deref for TestRuntime {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.runtime
    }
}

/// A runtime on `clock`, on fresh stores.
///
/// # Panics
/// A server or a key cannot be had.
pub async fn runtime(clock: Clock) -> TestRuntime {
    runtime_with(clock, |_| {}).await
}

/// As [`runtime`], after `change` of its settings.
///
/// # Panics
/// As [`runtime`].
pub async fn runtime_with(clock: Clock, change: impl FnOnce(&mut Settings)) -> TestRuntime {
    let database = fresh_database().await;
    let keys = TempDir::new().expect("a folder for keys");
    let servers = servers().await;
    let mut settings = offline_settings(keys.path());
    settings.database.url.clone_from(&database.url);
    settings.nats.url.clone_from(&servers.nats_url);
    settings.nats.admin_url.clone_from(&servers.nats_admin_url);
    change(&mut settings);
    let runtime = Runtime::build(settings)
        .expect("a runtime is built")
        .with_clock(clock);
    TestRuntime {
        runtime,
        database,
        _keys: keys,
    }
}

/// Settings with any free ports, a stream of their own and keys in `dir`, for tests that need no server.
pub fn offline_settings(dir: &Path) -> Settings {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mark = secret_file::random_hex(6);
    let mut settings = Settings {
        data_dir: dir.to_path_buf(),
        ..Settings::default()
    };
    settings.deploy_dir = workspace_dir().join("deploy");
    settings.grpc.listen = any;
    settings.http.listen = any;
    settings.gateway.listen = any;
    settings.nats.stream = format!("T{mark}");
    // Below `evt`, which is all that the services' user may publish on; streams may not overlap.
    settings.nats.subject_prefix = format!("evt.t{mark}");
    settings
}
