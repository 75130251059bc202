//! The database's owner, whom no right of a service stops: what tests arrange and look at beside the service.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// A connection of the owner in a service's schema.
pub(crate) async fn owner(database_url: &str, schema: &str) -> PgConnection {
    let mut sql = PgConnection::connect(database_url).await.expect("connects");
    run(&mut sql, &format!("SET search_path = {schema}")).await;
    sql
}

/// Runs statements that must succeed.
pub(crate) async fn run(sql: &mut PgConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
        .execute(sql)
        .await
        .unwrap_or_else(|error| panic!("{statements}: {error}"));
}
