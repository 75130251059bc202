//! What was there before batches, and where one ends.

use hotline_runtime::{Clock, testing};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::*;
use crate::owner::run;
use crate::store;

/// The tables as they were before, in order.
const BEFORE: [&str; 3] = [
    include_str!("../../migrations/0001_bus.sql"),
    include_str!("../../migrations/0002_audit.sql"),
    include_str!("../../migrations/0003_statistics.sql"),
];
const BATCHES: &str = include_str!("../../migrations/0004_batches.sql");

fn pending(partition: i32, bytes: usize) -> Pending {
    Pending {
        partition,
        event_id: Uuid::nil(),
        type_name: String::new(),
        root: Uuid::nil(),
        traceparent: String::new(),
        payload: vec![0; bytes],
    }
}

#[test]
fn a_batch_has_one_partition_and_ends_where_it_is_full() {
    let (small, large) = (CONTENT_MAX / 2 - FRAME, CONTENT_MAX * 2);
    let sizes = [
        (1, small),
        (0, small),
        (1, small),
        (1, small),
        (0, large),
        (0, small),
    ];
    let events = sizes.map(|(partition, bytes)| pending(partition, bytes));
    let columns = Columns::of(&events);
    assert_eq!(columns.partition, [0, 0, 0, 1, 1]);
    assert_eq!(columns.since, [1, 2, 3, 4, 6]);
    assert_eq!(columns.until, [1, 2, 3, 5, 6]);
    let bytes: Vec<usize> = columns.payload.iter().map(|payload| payload.len()).collect();
    assert_eq!(bytes, [small, large, small, small, small, small]);
}

#[tokio::test]
async fn what_was_recorded_before_the_batches_is_read_and_numbered_on_as_it_was() {
    let database = testing::fresh_database().await;
    let mut sql = PgConnection::connect(&database.url).await.expect("connects");
    run(
        &mut sql,
        "SELECT set_config('hotline.service_role', current_user::text, false)",
    )
    .await;
    for statements in BEFORE {
        run(&mut sql, statements).await;
    }
    store::seed(&mut sql, 2).await.expect("seeds");
    run(
        &mut sql,
        "INSERT INTO lease VALUES ('sequencer', gen_random_uuid(), 7, now() + interval '1 minute'); \
         INSERT INTO journal SELECT 1, n, gen_random_uuid(), 'T' || n, gen_random_uuid(), now(), 'sla=' || n, 'trace', \
             convert_to('told ' || n, 'UTF8') FROM generate_series(1, 3) AS n; \
         UPDATE journal_head SET last_seq = 3 WHERE partition = 1; \
         INSERT INTO outbox (partition, event_id, type, root, occurred_at, traceparent, payload) \
             SELECT 1, gen_random_uuid(), 'T' || n, gen_random_uuid(), now(), '', convert_to('told ' || n, 'UTF8') \
             FROM generate_series(4, 5) AS n; \
         INSERT INTO audit_waiting (at, subject, roles, unit, method, root, what, outcome, reason, address, trace) \
             VALUES (now(), 'u', 'agent', '', 'm', NULL, '', 'ok', '', '', '')",
    )
    .await;
    run(&mut sql, BATCHES).await;
    let waits: Vec<(String, Option<Uuid>)> = sqlx::query_as("SELECT subject, root FROM audit_waiting")
        .fetch_all(&mut sql)
        .await
        .expect("reads");
    assert_eq!(waits, [("u".to_owned(), None)]);
    assert_eq!(waiting(&mut sql).await.expect("counts"), 2);

    let new = [pending(1, 3), pending(0, 1), pending(1, 4)];
    insert(&mut sql, &new, Clock::system().now())
        .await
        .expect("records");
    let (batches, entries) = sequence(&mut sql, "intake", ("sequencer", 7))
        .await
        .expect("numbers");
    assert_eq!((batches, entries.len()), (4, 5));
    assert_eq!(waiting(&mut sql).await.expect("counts"), 0);
    let journal = read_journal(&mut sql, "intake", 1, 0, 100).await.expect("reads");
    let seqs: Vec<i64> = journal.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6, 7]);
    for (n, entry) in (1..=5).zip(&journal) {
        assert_eq!(entry.payload, format!("told {n}").into_bytes());
        assert_eq!(entry.type_name, format!("T{n}"));
    }
    assert_eq!(journal[2].causes, "sla=3");
    assert_eq!([journal[5].payload.len(), journal[6].payload.len()], [3, 4]);
    // A page begins and ends where it was asked to, within a batch too.
    for (after, limit, expected) in [
        (5, 1, vec![6]),
        (6, 9, vec![7]),
        (2, 4, vec![3, 4, 5, 6]),
        (7, 9, vec![]),
    ] {
        let page = read_journal(&mut sql, "intake", 1, after, limit)
            .await
            .expect("reads");
        assert_eq!(page.iter().map(|entry| entry.seq).collect::<Vec<_>>(), expected);
    }
    let seen: Vec<(i64, Uuid)> =
        sqlx::query_as("SELECT seq, event_id FROM journal WHERE partition = 1 ORDER BY seq")
            .fetch_all(&mut sql)
            .await
            .expect("reads");
    let told: Vec<_> = journal.iter().map(|entry| (entry.seq, entry.event_id)).collect();
    assert_eq!(seen, told);
}
