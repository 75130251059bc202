//! The second wall, table by table on real PostgreSQL: whoever works for a unit sees its rows alone, whatever is asked.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use hotline_bus::Bus;
use hotline_cli::services::SERVICES;
use hotline_proto::routing::v1::GetOrderRequest;
use hotline_runtime::testing::{TestRuntime, calling, runtime};
use hotline_runtime::{Caller, Clock};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

const UNITS: [&str; 2] = ["unit-a", "unit-b"];
/// Tables of the register that a unit's staff read, for the appellants of the orders that their unit holds.
const READ_IN_REGISTER: [&str; 4] = ["appeal", "appellant", "standing", "unit_leg"];
const GET: &str = "/hotline.routing.v1.RoutingService/GetOrder";

/// Tables that name a unit or a matter and that no unit's method reads: work that is due, counters, what is shown to all.
const NOT_GUARDED: &[&str] = &[
    "intake.appeal_file",
    "sla.supervision_due",
    "sla.supervision_mark",
    "analytics.reopenable",
    "gateway.presence",
    "gateway.file",
];

struct Installed {
    test: TestRuntime,
    buses: Vec<Bus>,
    owner: PgConnection,
}

/// Every service's schema, as it is installed.
async fn installed() -> Installed {
    let test = runtime(Clock::system()).await;
    let library = hotline_cli::platform::load_library(&test.settings).expect("policies");
    let calendar =
        hotline_cli::calendars::load(&test.settings.deploy_dir.join("calendars")).expect("calendars");
    let (library, calendar) = (Arc::new(library), Arc::new(calendar));
    let mut buses = Vec::new();
    for service in SERVICES {
        let started = (service.start)(&test, library.clone(), calendar.clone()).await;
        buses.push(started.expect("starts").bus);
    }
    let owner = PgConnection::connect(&test.database.url).await.expect("connects");
    Installed { test, buses, owner }
}

impl Installed {
    /// `schema.table` of every table that guards its rows.
    async fn guarded(&mut self) -> Vec<(String, String)> {
        sqlx::query_as(
            "SELECT n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind = 'r' AND c.relrowsecurity AND c.relforcerowsecurity ORDER BY 1, 2",
        )
        .fetch_all(&mut self.owner)
        .await
        .expect("the catalogue")
    }

    /// A connection as the role of a unit's staff, without any setting.
    async fn as_unit(&self, schema: &str) -> PgConnection {
        let options = PgConnectOptions::from_str(&self.test.database.url).expect("a URL");
        let role = format!("{}_{schema}_unit", options.get_database().expect("a name"));
        let file = self
            .test
            .settings
            .keys_dir()
            .join(format!("database.{role}.password"));
        let password = std::fs::read_to_string(file).expect("the role's password");
        let options = options.username(&role).password(password.trim());
        let mut sql = options.connect().await.expect("connects");
        run(&mut sql, &format!("SET search_path = {schema}")).await;
        sql
    }

    /// A row of each unit in a table: every column that must be filled is, whatever it means.
    async fn fill(&mut self, schema: &str, table: &str) {
        let rules: Vec<(String,)> = sqlx::query_as(
            "SELECT conname::text FROM pg_constraint WHERE conrelid = ($1 || '.' || $2)::regclass AND contype IN ('c', 'f')",
        )
        .bind(schema)
        .bind(table)
        .fetch_all(&mut self.owner)
        .await
        .expect("the catalogue");
        for (rule,) in rules {
            run(
                &mut self.owner,
                &format!("ALTER TABLE {schema}.{table} DROP CONSTRAINT {rule}"),
            )
            .await;
        }
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = $1 AND table_name = $2 AND is_identity = 'NO' AND is_generated = 'NEVER'",
        )
        .bind(schema)
        .bind(table)
        .fetch_all(&mut self.owner)
        .await
        .expect("the catalogue");
        for (number, unit) in (1_u128..).zip(UNITS) {
            let root = Uuid::from_u128(number);
            let value = |(name, kind): &(String, String)| match (name.as_str(), kind.as_str()) {
                ("unit_id" | "lead_unit" | "unit", _) => format!("'{unit}'"),
                ("order_id" | "appeal_id", _) => format!("'{root}'"),
                ("id", "uuid") => format!("'{root}'"),
                ("units", "ARRAY") => format!("'{{{unit}}}'"),
                (_, "uuid") => "gen_random_uuid()".to_owned(),
                (_, "jsonb") => "'{}'".to_owned(),
                (_, "boolean") => "false".to_owned(),
                (_, "smallint" | "integer" | "bigint") => number.to_string(),
                (_, "timestamp with time zone") => "now()".to_owned(),
                (_, "date") => "current_date".to_owned(),
                (_, "ARRAY") => "'{}'".to_owned(),
                (_, "bytea") => format!("'\\x0{number}'"),
                _ => format!("'{unit} {name}'"),
            };
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let values: Vec<String> = columns.iter().map(value).collect();
            let (names, values) = (names.join(", "), values.join(", "));
            run(
                &mut self.owner,
                &format!("INSERT INTO {schema}.{table} ({names}) VALUES ({values})"),
            )
            .await;
        }
    }
}

async fn run(sql: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(sql)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

async fn count(sql: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(sql)
        .await
        .unwrap_or_else(|error| panic!("{table}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_sees_its_own_rows_of_every_guarded_table_and_nobody_without_a_unit_sees_any() {
    let mut all = installed().await;
    let guarded = all.guarded().await;
    assert!(guarded.len() >= 20, "{guarded:?}");
    for (schema, table) in &guarded {
        all.fill(schema, table).await;
    }
    for (schema, table) in &guarded {
        let name = format!("{schema}.{table}");
        assert_eq!(count(&mut all.owner, &name).await, 2, "{name}: filled");
        let mut unit = all.as_unit(schema).await;
        assert_eq!(count(&mut unit, &name).await, 0, "{name}: without a unit");
        for own in ["", "*", "unit-c", "unit-a,", "unit"] {
            run(&mut unit, &format!("SET hotline.units = '{own}'")).await;
            let readable = schema != "intake" || READ_IN_REGISTER.contains(&table.as_str());
            let seen = i64::from(own == "unit-a," && readable);
            assert_eq!(count(&mut unit, &name).await, seen, "{name}: {own:?}");
        }
        // What is not seen is not touched either; the rows of the register are changed by nobody of a unit.
        run(&mut unit, "SET hotline.units = 'unit-b'; BEGIN").await;
        let removed = sqlx::raw_sql(AssertSqlSafe(format!("DELETE FROM {table}")))
            .execute(&mut unit)
            .await;
        let may = removed.is_ok();
        run(&mut unit, "ROLLBACK").await;
        if let Ok(removed) = removed {
            assert_eq!(
                removed.rows_affected(),
                u64::from(schema != "intake"),
                "{name}: removed"
            );
        }
        assert!(
            may || table == "reveal",
            "{name}: only disclosures may not be removed at all"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_that_names_a_unit_or_a_matter_is_guarded_and_no_view_goes_round_it() {
    let mut all = installed().await;
    let guarded: BTreeSet<String> = all
        .guarded()
        .await
        .iter()
        .map(|(schema, table)| format!("{schema}.{table}"))
        .collect();
    let schemas: Vec<String> = SERVICES
        .iter()
        .map(|service| service.producer.to_owned())
        .collect();
    let named: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT table_schema || '.' || table_name FROM information_schema.columns \
         JOIN information_schema.tables USING (table_schema, table_name) \
         WHERE table_type = 'BASE TABLE' AND table_schema = ANY ($1) \
         AND column_name IN ('unit_id', 'lead_unit', 'order_id', 'appeal_id')",
    )
    .bind(&schemas)
    .fetch_all(&mut all.owner)
    .await
    .expect("the catalogue");
    let open: Vec<_> = named
        .into_iter()
        .map(|(name,)| name)
        .filter(|name| !guarded.contains(name) && !NOT_GUARDED.contains(&name.as_str()))
        .collect();
    assert!(
        open.is_empty(),
        "guard these, or say why not in NOT_GUARDED: {open:?}"
    );
    // A view shows what its owner may see, unless it says otherwise.
    let views: Vec<(String,)> = sqlx::query_as(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = ANY ($1) AND (c.relkind = 'm' OR c.relkind = 'v' \
         AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false))",
    )
    .bind(&schemas)
    .fetch_all(&mut all.owner)
    .await
    .expect("the catalogue");
    assert!(views.is_empty(), "views without security_invoker: {views:?}");
    // That such a view would leak, and one that says so does not.
    all.fill("routing", "orders").await;
    for (option, seen) in [("", 2), ("WITH (security_invoker = true)", 0)] {
        run(
            &mut all.owner,
            &format!(
                "CREATE OR REPLACE VIEW routing.every_order {option} AS SELECT id FROM routing.orders; \
                 GRANT SELECT ON routing.every_order TO PUBLIC"
            ),
        )
        .await;
        let mut unit = all.as_unit("routing").await;
        assert_eq!(count(&mut unit, "every_order").await, seen, "{option}");
    }
}

/// The units of the orders that a call of `caller` sees, outside a transaction and inside one.
async fn seen(bus: Bus, caller: Caller) -> Vec<String> {
    calling(GET, caller, &GetOrderRequest::default(), async {
        let (read,): (Option<Vec<String>>,) =
            sqlx::query_as("SELECT array_agg(units[1] ORDER BY id) FROM orders")
                .fetch_one(bus.pool())
                .await
                .expect("reads");
        let read = read.unwrap_or_default();
        let mut tx = bus.begin().await.expect("begins");
        let inside = count(tx.sql(), "orders").await;
        assert_eq!(inside, i64::try_from(read.len()).expect("few"));
        read
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_a_units_staff_is_held_to_the_unit_even_where_the_service_forgets_to_ask() {
    let mut all = installed().await;
    all.fill("routing", "orders").await;
    let routing = all
        .buses
        .iter()
        .find(|bus| bus.service() == "routing")
        .expect("routing");
    let clerk = |unit: &str| Caller::new("u-7", &["unit_clerk", "unit_leader"]).of_unit(unit);
    let dispatcher = Caller::new("u-1", &["dispatcher"]).of_unit("unit-a");
    assert_eq!(seen(routing.clone(), dispatcher).await, UNITS);
    assert_eq!(
        seen(routing.clone(), Caller::new("u-7", &["unit_clerk"])).await,
        [""; 0]
    );
    assert_eq!(seen(routing.clone(), clerk("unit-c")).await, [""; 0]);
    assert_eq!(
        seen(routing.clone(), clerk("unit-a'; RESET ROLE; --")).await,
        [""; 0]
    );
    // Many at once on few connections: no setting outlives its call.
    let calls = (0..60_usize).map(|number| {
        let (bus, unit) = (routing.clone(), UNITS[number % 2]);
        async move { (seen(bus, clerk(unit)).await, unit) }
    });
    for (found, unit) in futures::future::join_all(calls).await {
        assert_eq!(found, [unit]);
    }
    assert_eq!(
        count(
            &mut routing.pool().acquire().await.expect("a connection"),
            "orders"
        )
        .await,
        2
    );
}
