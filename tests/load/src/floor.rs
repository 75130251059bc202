//! Floors: the least that PostgreSQL and the broker could take for the same, written without the product.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_nats::jetstream::{self, consumer::pull, stream};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use hotline_runtime::{Clock, Stopwatch};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, PgPool};
use tokio::sync::Mutex;

use crate::load::{self, Run, millis};
use crate::stats::{Sorted, number};
use crate::usage::Usage;
use crate::world::World;

/// Bytes of an order's document and of an event, as they are on average.
const DOC_BYTES: usize = 600;
const EVENT_BYTES: usize = 500;

/// Messages on their way to the broker at once.
const IN_FLIGHT: usize = 64;

/// Clocks a transaction of the bare table, and its workers.
const BARE_BATCH: i64 = 2_000;
const BARE_WORKERS: usize = 2;

/// One order row and one outbox row in one commit, by so many connections.
///
/// # Errors
/// The database.
pub async fn order_and_outbox(world: &World, connections: usize, count: u64) -> anyhow::Result<(Run, Usage)> {
    world
        .sql(
            "CREATE SCHEMA IF NOT EXISTS floor; \
             CREATE TABLE IF NOT EXISTS floor.orders (id uuid PRIMARY KEY, opened_at timestamptz NOT NULL, \
                 state text NOT NULL, doc jsonb NOT NULL); \
             CREATE TABLE IF NOT EXISTS floor.outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                 root uuid NOT NULL, type text NOT NULL, occurred_at timestamptz NOT NULL, payload bytea NOT NULL);",
        )
        .await?;
    let mut own = Vec::new();
    for _ in 0..connections {
        own.push(Mutex::new(
            PgConnection::connect_with(&world.pool.connect_options()).await?,
        ));
    }
    let (own, clock) = (Arc::new(own), Clock::system());
    // Until the CPU is read: a backend that ends at that moment would be missed.
    let _open = Arc::clone(&own);
    let before = world.usage(None)?;
    let run = load::closed(connections, count, move |worker, _| {
        let (own, id, now) = (Arc::clone(&own), clock.new_id(), clock.now());
        async move {
            let doc = serde_json::json!({ "text": "x".repeat(DOC_BYTES) });
            sqlx::query(
                "WITH o AS (INSERT INTO floor.orders VALUES ($1, $2, 'pre_review', $3)) \
                 INSERT INTO floor.outbox (root, type, occurred_at, payload) \
                 VALUES ($1, 'hotline.routing.v1.OrderOpened', $2, $4)",
            )
            .bind(id)
            .bind(now)
            .bind(doc)
            .bind(vec![7_u8; EVENT_BYTES])
            .execute(&mut *own[worker].lock().await)
            .await?;
            Ok(())
        }
    })
    .await?;
    Ok((run, world.usage(None)?.since(&before)))
}

/// Messages of an event's size published and acknowledged, many in flight; CPU milliseconds of the broker for each.
///
/// # Errors
/// The broker.
pub async fn publish(world: &World, count: u64) -> anyhow::Result<f64> {
    let context = jetstream::new(world.broker().await?);
    let config = stream::Config {
        name: "FLOOR".into(),
        subjects: vec!["floor.>".into()],
        ..stream::Config::default()
    };
    context.create_stream(config).await?;
    let before = world.usage(None)?;
    let context = &context;
    futures::stream::iter(0..count)
        .map(|_| async move {
            let acknowledged = context
                .publish("floor.p0", vec![7_u8; EVENT_BYTES].into())
                .await?;
            acknowledged.await.context("an acknowledgement")
        })
        .buffer_unordered(IN_FLIGHT)
        .for_each(|_| async {})
        .await;
    let used = world.usage(None)?.since(&before);
    context.delete_stream("FLOOR").await?;
    Ok(used.nats * 1_000.0 / number(count))
}

/// From one commit through the broker to another, at a steady pace, with nothing in between; milliseconds.
///
/// # Errors
/// The database or the broker.
pub async fn hop(world: &World, every: Duration, count: u64) -> anyhow::Result<Sorted> {
    world
        .sql("CREATE SCHEMA IF NOT EXISTS floor; CREATE TABLE floor.sent (n bigint PRIMARY KEY); CREATE TABLE floor.heard (n bigint PRIMARY KEY);")
        .await?;
    let context = jetstream::new(world.broker().await?);
    let config = stream::Config {
        name: "FLOOR".into(),
        subjects: vec!["floor.>".into()],
        ..stream::Config::default()
    };
    let stream = context.create_stream(config).await?;
    let durable = pull::Config {
        durable_name: Some("floor".into()),
        ..pull::Config::default()
    };
    let mut messages = stream.create_consumer(durable).await?.messages().await?;
    let hearing = tokio::spawn(hear(world.pool.clone(), count, async move || {
        let message = messages.next().await.context("the floor's messages ended")??;
        let (micros, n) = std::str::from_utf8(&message.payload)?
            .split_once(' ')
            .context("two numbers")?;
        let heard = (micros.parse::<i64>()?, n.parse::<i64>()?);
        message
            .ack()
            .await
            .map_err(|error| anyhow::anyhow!("acknowledge: {error}"))?;
        Ok(heard)
    }));
    let (pool, sender, clock) = (world.pool.clone(), context.clone(), Clock::system());
    load::paced(every, count, |n| {
        let (pool, context, clock) = (pool.clone(), sender.clone(), clock.clone());
        async move {
            let n = i64::try_from(n)?;
            sqlx::query("INSERT INTO floor.sent VALUES ($1)")
                .bind(n)
                .execute(&pool)
                .await?;
            let text = format!("{} {n}", clock.now().timestamp_micros());
            context.publish("floor.p0", text.into()).await?.await?;
            Ok(())
        }
    })
    .await?;
    let took = hearing.await??;
    context.delete_stream("FLOOR").await?;
    Ok(took)
}

/// Commits each message that `next` brings (when its cause was committed, and its number), and takes the time.
async fn hear<F>(pool: PgPool, count: u64, mut next: F) -> anyhow::Result<Sorted>
where
    F: AsyncFnMut() -> anyhow::Result<(i64, i64)>,
{
    let clock = Clock::system();
    let mut took = Vec::new();
    for _ in 0..count {
        let (micros, n) = next().await?;
        sqlx::query("INSERT INTO floor.heard VALUES ($1)")
            .bind(n)
            .execute(&pool)
            .await?;
        let committed: DateTime<Utc> = DateTime::from_timestamp_micros(micros).context("an instant")?;
        took.push(millis((clock.now() - committed).to_std().unwrap_or_default()));
    }
    Ok(Sorted::new(took))
}

/// A bare table of jobs taken by `FOR UPDATE SKIP LOCKED` and marked done: jobs a second.
///
/// # Errors
/// The database.
pub async fn skip_locked(world: &World, count: u64) -> anyhow::Result<(f64, Usage)> {
    world
        .sql(format!(
            "CREATE SCHEMA IF NOT EXISTS floor; DROP TABLE IF EXISTS floor.job; \
             CREATE TABLE floor.job (id bigint PRIMARY KEY, due_at timestamptz NOT NULL, done boolean NOT NULL); \
             INSERT INTO floor.job SELECT n, now(), false FROM generate_series(1, {count}) AS n; \
             CREATE INDEX ON floor.job (due_at, id) WHERE NOT done;"
        ))
        .await?;
    world.sql("VACUUM ANALYZE floor.job").await?;
    world.sql("CHECKPOINT").await?;
    let before = world.usage(None)?;
    let since = Stopwatch::start();
    let workers = (0..BARE_WORKERS).map(|_| take_all(&world.pool));
    futures::future::try_join_all(workers).await?;
    let rate = number(count) / since.elapsed().as_secs_f64();
    Ok((rate, world.usage(None)?.since(&before)))
}

async fn take_all(pool: &PgPool) -> anyhow::Result<()> {
    let mut connection = pool.acquire().await?;
    loop {
        let taken = sqlx::query(
            "UPDATE floor.job SET done = true WHERE id IN (SELECT id FROM floor.job WHERE NOT done \
             ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)",
        )
        .bind(BARE_BATCH)
        .execute(&mut *connection)
        .await?;
        if taken.rows_affected() == 0 {
            return Ok(());
        }
    }
}
