//! Waits until nothing is on its way: every event numbered, published and applied by everybody who hears it.

use std::time::Duration;

use anyhow::bail;
use hotline_runtime::Stopwatch;
use sqlx::{AssertSqlSafe, PgPool};

use crate::world::World;

/// Every producer, by its schema.
pub const PRODUCERS: &[&str] = &["intake", "routing", "sla", "callback", "enterprise", "analytics"];

/// Pause between two looks: each costs the database something, which is counted with the rest.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// Longest wait.
const WAIT_MAX: Duration = Duration::from_secs(600);

/// Waits until no outbox holds anything and every service has applied every other's journal to its end.
///
/// # Errors
/// It is not quiet in time.
pub async fn until_applied(pool: &PgPool) -> anyhow::Result<()> {
    let each = |form: &dyn Fn(&str) -> String| PRODUCERS.iter().map(|name| form(name)).collect::<Vec<_>>();
    let outboxes = each(&|name| waits(name)).join(" OR ");
    let heads =
        each(&|name| format!("SELECT '{name}' AS producer, partition, last_seq FROM {name}.journal_head"));
    let cursors =
        each(&|name| format!("SELECT '{name}' AS hearer, producer, partition, last_seq FROM {name}.cursor"));
    let statement = format!(
        "WITH h AS ({}), c AS ({}) SELECT {outboxes} OR EXISTS (SELECT 1 FROM h JOIN unnest(ARRAY['{}']) AS s (hearer) \
         ON s.hearer <> h.producer LEFT JOIN c ON c.hearer = s.hearer AND c.producer = h.producer \
         AND c.partition = h.partition WHERE h.last_seq > coalesce(c.last_seq, 0))",
        heads.join(" UNION ALL "),
        cursors.join(" UNION ALL "),
        PRODUCERS.join("','"),
    );
    wait(pool, statement).await
}

/// Waits until one service's outbox is empty and the stream holds all that any journal among `schemas` does.
///
/// # Errors
/// It is not there in time.
pub async fn until_published(world: &World, schema: &str) -> anyhow::Result<()> {
    wait(&world.pool, format!("SELECT {}", waits(schema))).await?;
    let recorded = recorded(&world.pool, schema).await?;
    let context = async_nats::jetstream::new(world.broker().await?);
    let since = Stopwatch::start();
    loop {
        let mut stream = context.get_stream("EVT").await?;
        if stream.info().await?.state.messages >= recorded {
            return Ok(());
        }
        if since.elapsed() > WAIT_MAX {
            bail!("the stream does not hold the {recorded} events of {schema}");
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

/// Whether an outbox holds anything, by its index: the table is full of what was in it.
fn waits(schema: &str) -> String {
    format!("(SELECT id FROM {schema}.outbox_batch ORDER BY id LIMIT 1) IS NOT NULL")
}

/// Events in a journal.
///
/// # Errors
/// The database.
pub async fn recorded(pool: &PgPool, schema: &str) -> anyhow::Result<u64> {
    let statement = format!("SELECT coalesce(sum(last_seq), 0)::bigint FROM {schema}.journal_head");
    let sum: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_one(pool)
        .await?;
    Ok(sum.unsigned_abs())
}

async fn wait(pool: &PgPool, busy: String) -> anyhow::Result<()> {
    let since = Stopwatch::start();
    while sqlx::query_scalar::<_, bool>(AssertSqlSafe(busy.clone()))
        .fetch_one(pool)
        .await?
    {
        if since.elapsed() > WAIT_MAX {
            bail!("events are still on their way after {} s", WAIT_MAX.as_secs());
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
    Ok(())
}
