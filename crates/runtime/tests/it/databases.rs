//! Schemas and roles on a real PostgreSQL.

use hotline_runtime::database::clock_skew_us;
use hotline_runtime::{Clock, testing};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, PgPool};

static BUS: Migrator = sqlx::migrate!("tests/it/migrations_a");
static OWN: Migrator = sqlx::migrate!("tests/it/migrations_b");

/// The SQLSTATE that a statement fails with; empty if it does not fail.
async fn state_of(pool: &PgPool, statement: &str) -> String {
    let result = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(pool)
        .await;
    let error = result
        .err()
        .and_then(|error| Some(error.as_database_error()?.code()?.into_owned()));
    error.unwrap_or_default()
}

const DENIED: &str = "42501";

#[tokio::test]
async fn two_migrators_share_a_schema_in_any_order_and_run_once() {
    let rt = testing::runtime(Clock::system()).await;
    let first = rt.database("intake", &[&BUS, &OWN]).await.expect("opens");
    assert_eq!(
        state_of(&first, "INSERT INTO outbox (body) VALUES ('a')").await,
        ""
    );
    assert_eq!(
        state_of(&first, "INSERT INTO matter VALUES (gen_random_uuid(), now())").await,
        ""
    );
    let again = rt.database("intake", &[&OWN, &BUS]).await.expect("opens again");
    let (rows,): (i64,) = sqlx::query_as("SELECT count(*) FROM outbox")
        .fetch_one(&again)
        .await
        .expect("reads");
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn a_role_reads_no_other_schema_and_owns_nothing() {
    let rt = testing::runtime(Clock::system()).await;
    let intake = rt.database("intake", &[&BUS, &OWN]).await.expect("opens");
    let routing = rt.database("routing", &[&BUS]).await.expect("opens");
    assert_eq!(state_of(&routing, "SELECT * FROM outbox").await, "");
    for statement in [
        "SELECT * FROM intake.matter",
        "INSERT INTO intake.outbox (body) VALUES ('x')",
        "SET ROLE hotline",
        "CREATE TABLE routing.mine ()",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine ()",
        "DROP TABLE outbox",
        "TRUNCATE outbox",
    ] {
        assert_eq!(state_of(&routing, statement).await, DENIED, "{statement}");
    }
    assert_eq!(state_of(&intake, "SELECT * FROM routing.outbox").await, DENIED);
    assert_eq!(state_of(&intake, "UPDATE journal SET seq = 2").await, DENIED);
    assert_eq!(state_of(&intake, "INSERT INTO journal VALUES (1)").await, "");
    let (table,): (String,) = sqlx::query_as(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'intake' AND tablename LIKE '\\_migr%' LIMIT 1",
    )
    .fetch_one(&intake)
    .await
    .expect("there is one");
    assert_eq!(state_of(&intake, &format!("DELETE FROM {table}")).await, DENIED);
}

#[tokio::test]
async fn processes_that_start_at_once_end_with_one_schema() {
    let rt = testing::runtime(Clock::system()).await;
    let migrators: [&'static Migrator; 2] = [&BUS, &OWN];
    let starts = (0..4).map(|_| rt.database("intake", &migrators));
    for pool in futures::future::join_all(starts).await {
        assert_eq!(state_of(&pool.expect("opens"), "SELECT * FROM matter").await, "");
    }
}

#[tokio::test]
async fn a_connection_is_set_up_for_its_service() {
    let rt = testing::runtime_with(Clock::system(), |settings| {
        settings.database.statement_timeout_ms = 12_000
    })
    .await;
    let pool = rt.database("sla_timer", &[]).await.expect("opens");
    for (name, value) in [
        ("search_path", "sla_timer"),
        ("statement_timeout", "12s"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("application_name", "hotline-sla_timer"),
        ("client_connection_check_interval", "5s"),
    ] {
        let (set,): (String,) = sqlx::query_as("SELECT current_setting($1)")
            .bind(name)
            .fetch_one(&pool)
            .await
            .expect("reads");
        assert_eq!(set, value, "{name}");
    }
}

#[tokio::test]
async fn an_instant_comes_back_exactly() {
    let rt = testing::runtime(Clock::system()).await;
    let pool = rt.database("intake", &[]).await.expect("opens");
    let now = rt.clock.now();
    let (back,): (chrono::DateTime<chrono::Utc>,) = sqlx::query_as("SELECT $1::timestamptz")
        .bind(now)
        .fetch_one(&pool)
        .await
        .expect("reads");
    assert_eq!(back, now);
    assert!(clock_skew_us(&pool, &rt.clock).await.expect("reads").abs() < 2_000_000);
}

#[tokio::test]
async fn a_bad_schema_or_no_database_is_refused_with_the_setting() {
    let rt = testing::runtime(Clock::system()).await;
    assert!(rt.database("sla-timer", &[]).await.is_err());
    let rt = testing::runtime_with(Clock::system(), |settings| settings.database.url.clear()).await;
    let error = rt.database("intake", &[]).await.expect_err("refused");
    assert!(format!("{error:#}").contains("database.url"), "{error:#}");
}
