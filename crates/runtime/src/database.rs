//! A schema and a role for each service: made, migrated and opened; no role reads another's schema.
//!
//! Invariant: a service's role owns nothing: migrations run as the administrator, and the role gets SELECT, INSERT,
//! UPDATE and DELETE by default privileges, which a migration may take back (its role is `hotline.service_role`).

mod narrow;
mod scram;

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};

use crate::clock::Clock;
use crate::config::{Database, Settings};
use crate::probes::{Checks, Probe};
use crate::secret_file;

pub use narrow::{Below, Narrow, Walls};

/// Longest identifier that PostgreSQL keeps, bytes.
const IDENTIFIER_MAX: usize = 63;

/// A connection idle for longer is tested before it is used; younger ones are trusted, which saves a round trip.
const TRUSTED_IDLE: Duration = Duration::from_secs(3);

/// A connection is replaced after this, so that memory and plans do not grow old.
const LIFETIME_MAX: Duration = Duration::from_secs(30 * 60);

/// An idle connection is closed after this.
const IDLE_MAX: Duration = Duration::from_secs(10 * 60);

/// Random bytes of a role's password.
const PASSWORD_BYTES: usize = 32;

/// Advisory locks of this program begin with these bytes ("hotl"); the rest is a hash of the schema.
const LOCK_CLASS: i32 = 0x686f_746c;

/// See [`crate::Runtime::database`].
pub(crate) async fn open(
    settings: &Settings,
    schema: &'static str,
    migrators: &[&'static Migrator],
) -> anyhow::Result<(PgPool, Narrow)> {
    anyhow::ensure!(
        is_identifier(schema),
        "{schema:?} is no schema name: lower case letters, digits and _"
    );
    anyhow::ensure!(
        !settings.database.url.is_empty(),
        "database.url is empty; set it, or DATABASE_URL"
    );
    let admin = PgConnectOptions::from_str(&settings.database.url)
        .context("database.url: write postgres://user:password@host:port/name")?
        .application_name("hotline-migrate");
    let database = admin.get_database().unwrap_or("hotline");
    let named = |role: String| -> anyhow::Result<Role> {
        let password = password_of(&settings.keys_dir(), &role)?;
        Ok(Role { name: role, password })
    };
    let role = named(role_of(database, schema))?;
    let unit = named(role_of(database, &format!("{schema}_unit")))?;
    let mut connection = admin.connect().await.with_context(|| {
        format!(
            "no connection to PostgreSQL at {}:{}; is it running?",
            admin.get_host(),
            admin.get_port()
        )
    })?;
    prepare(&mut connection, schema, &role, &unit, migrators).await?;
    connection.close().await?;
    let limits = &settings.database;
    let options = pool_options(admin.clone(), schema, &role, limits);
    let narrow = narrow_pool(pool_options(admin, schema, &unit, limits), limits);
    Ok((connect_pool(options, limits).await?, narrow))
}

/// A role of a service, and its password.
struct Role {
    name: String,
    password: String,
}

/// How far the machine's clock is ahead of the database's, microseconds; negative when it is behind.
///
/// # Errors
/// The database does not answer.
pub async fn clock_skew_us(pool: &PgPool, clock: &Clock) -> Result<i64, sqlx::Error> {
    let (theirs,): (chrono::DateTime<chrono::Utc>,) =
        sqlx::query_as("SELECT clock_timestamp()").fetch_one(pool).await?;
    Ok((clock.now() - theirs).num_microseconds().unwrap_or(i64::MAX))
}

/// Adds a check that takes a connection and uses it: a pool that has lost its permits fails it.
pub(crate) fn register_check(checks: &Checks, schema: &str, pool: &PgPool) {
    let pool = pool.clone();
    checks.register(format!("database.{schema}"), Probe::Live, move || {
        let pool = pool.clone();
        async move {
            let mut connection = pool.acquire().await?;
            connection.ping().await?;
            Ok(())
        }
    });
}

/// Makes role, schema and rights and runs the migrations, one process at a time.
async fn prepare(
    connection: &mut PgConnection,
    schema: &str,
    role: &Role,
    unit: &Role,
    migrators: &[&'static Migrator],
) -> anyhow::Result<()> {
    sqlx::query("SELECT pg_advisory_lock($1, hashtext($2))")
        .bind(LOCK_CLASS)
        .bind(schema)
        .execute(&mut *connection)
        .await?;
    make_role(connection, role).await?;
    make_role(connection, unit).await?;
    let (role, unit) = (&role.name, &unit.name);
    for statement in [
        format!("CREATE SCHEMA IF NOT EXISTS {schema}"),
        format!("REVOKE ALL ON SCHEMA {schema} FROM PUBLIC"),
        format!("GRANT USAGE ON SCHEMA {schema} TO \"{role}\""),
        format!(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} \
             GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \"{role}\""
        ),
        format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO \"{role}\""),
        format!("SET search_path = {schema}"),
        format!("SET hotline.service_role = '{role}'"),
        // Whatever the service may do, on the rows that the tables' policies leave to it.
        format!("GRANT \"{role}\" TO \"{unit}\""),
        format!("SET hotline.unit_role = '{unit}'"),
    ] {
        run(connection, statement).await?;
    }
    for migrator in migrators {
        migrate(connection, schema, role, migrator).await?;
    }
    Ok(())
}

async fn make_role(connection: &mut PgConnection, role: &Role) -> anyhow::Result<()> {
    let Role { name: role, password } = role;
    let known: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_roles WHERE rolname = $1")
        .bind(role)
        .fetch_optional(&mut *connection)
        .await?;
    let verb = if known.is_some() { "ALTER" } else { "CREATE" };
    // The verifier and not the password, so that no log of the server ever holds the password.
    let verifier = scram::verifier(password)?;
    let rights = "LOGIN NOCREATEDB NOCREATEROLE";
    run(
        connection,
        format!("{verb} ROLE \"{role}\" {rights} PASSWORD '{verifier}'"),
    )
    .await
    .with_context(|| {
        format!(
            "cannot make role {role}; database.url needs a user with CREATEROLE and CREATE on the database"
        )
    })
}

/// Runs one migrator in the schema. Its table is named by the checksum of its first migration, which can never change
/// once applied: so two migrators share a schema, whatever their order.
async fn migrate(
    connection: &mut PgConnection,
    schema: &str,
    role: &str,
    migrator: &'static Migrator,
) -> anyhow::Result<()> {
    let Some(first) = migrator.iter().next() else {
        return Ok(());
    };
    let mark = secret_file::hex(&first.checksum[..4.min(first.checksum.len())]);
    let table = format!("{schema}._migrations_{mark}");
    let mut own = Migrator::with_migrations(migrator.iter().cloned().collect());
    own.dangerous_set_table_name(Cow::Owned(table.clone()));
    // The lock of `prepare` is held; sqlx's own would make the schemas of one database wait for each other.
    own.set_locking(false);
    own.run(&mut *connection)
        .await
        .with_context(|| format!("migrations of {schema} (table {table})"))?;
    run(
        connection,
        format!("REVOKE INSERT, UPDATE, DELETE ON {table} FROM \"{role}\""),
    )
    .await
}

async fn run(connection: &mut PgConnection, statement: String) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await?;
    Ok(())
}

fn pool_options(admin: PgConnectOptions, schema: &str, role: &Role, limits: &Database) -> PgConnectOptions {
    let millis = |value: u64| value.to_string();
    admin
        .username(&role.name)
        .password(&role.password)
        .application_name(&format!("hotline-{schema}"))
        .options([
            ("search_path", schema.to_owned()),
            ("statement_timeout", millis(limits.statement_timeout_ms)),
            ("lock_timeout", millis(limits.lock_timeout_ms)),
            (
                "idle_in_transaction_session_timeout",
                millis(limits.idle_in_transaction_timeout_ms),
            ),
            // The server notices a client that is gone within about 20 s and gives up its locks.
            ("tcp_keepalives_idle", "10".to_owned()),
            ("tcp_keepalives_interval", "5".to_owned()),
            ("tcp_keepalives_count", "2".to_owned()),
            ("client_connection_check_interval", "5000".to_owned()),
        ])
}

async fn connect_pool(options: PgConnectOptions, limits: &Database) -> anyhow::Result<PgPool> {
    shaped(limits.pool_max, limits)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .context("no connection as the service's role; processes of one installation must share keys.dir")
}

/// Connections that show a unit's rows alone, as many as the service's own; made when they are needed. Units wait for each
/// other's orders, and may not keep each other from reading.
fn narrow_pool(options: PgConnectOptions, limits: &Database) -> Narrow {
    let below: Arc<OnceLock<Below>> = Arc::default();
    let (taken, made) = (below.clone(), below.clone());
    let pool = shaped(limits.pool_max, limits)
        .before_acquire(move |connection, _| {
            let below = taken.clone();
            Box::pin(async move {
                narrow::hold(connection, &below).await?;
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let below = made.clone();
            Box::pin(async move { narrow::hold(connection, &below).await })
        })
        .connect_lazy_with(options);
    Narrow::new(pool, below)
}

fn shaped(most: u32, limits: &Database) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(Duration::from_millis(limits.acquire_timeout_ms))
        .max_lifetime(LIFETIME_MAX)
        .idle_timeout(IDLE_MAX)
        .test_before_acquire(false)
}

/// The role of `schema` in `database`: roles belong to the whole server, so the database's name is part of it.
fn role_of(database: &str, schema: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let database: String = database
        .chars()
        .map(plain)
        .take(IDENTIFIER_MAX - 1 - schema.len().min(40))
        .collect();
    format!("{database}_{schema}")
}

fn password_of(keys_dir: &Path, role: &str) -> anyhow::Result<String> {
    let path = keys_dir.join(format!("database.{role}.password"));
    let text = secret_file::read_or_make(&path, || Ok(secret_file::random_hex(PASSWORD_BYTES)))?;
    let password = text.trim();
    // Printable ASCII needs no string preparation (RFC 5802), neither here nor in the server.
    let plain = !password.is_empty() && password.bytes().all(|byte| byte.is_ascii_graphic());
    anyhow::ensure!(plain, "{} must hold printable ASCII", path.display());
    Ok(password.to_owned())
}

fn is_identifier(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_for_its_database_and_schema() {
        assert_eq!(role_of("Hotline-Xuzhou", "sla_timer"), "hotline_xuzhou_sla_timer");
        assert!(role_of(&"x".repeat(80), &"y".repeat(40)).len() <= IDENTIFIER_MAX);
    }

    #[test]
    fn a_schema_is_a_plain_identifier() {
        for bad in ["", "Sla", "sla-timer", "1a", "a;drop", "é"] {
            assert!(!is_identifier(bad), "{bad}");
        }
        assert!(is_identifier("sla_timer"));
    }
}
