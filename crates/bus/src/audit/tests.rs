//! The chain on real PostgreSQL: written with what it tells of, whole after deaths, and every tampering found.

use std::time::Duration;

use hotline_proto::audit::v1::{AuditHeadSigned, ListAuditEntriesRequest};
use hotline_proto::routing::v1::SignLegRequest;
use hotline_runtime::testing::{TestRuntime, calling, runtime};
use hotline_runtime::{Caller, Clock};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use super::{AuditDesk, Chainer, Head, Kind, Report, heads, store, verify};
use crate::owner::{owner, run};
use crate::{Bus, Fault};

const SIGN: &str = "/hotline.routing.v1.RoutingService/SignLeg";

struct Audited {
    test: TestRuntime,
    bus: Bus,
}

impl Audited {
    async fn start() -> Self {
        let start = "2026-03-02T01:00:00Z".parse().expect("an instant");
        let test = runtime(Clock::virtual_at(start)).await;
        let pool = test
            .database("intake", &[Bus::migrator()])
            .await
            .expect("a schema");
        let bus = Bus::open(&test, "intake", pool).await.expect("opens");
        let keeper = bus.keeper().clone();
        tokio::spawn(keeper.run(bus.pool().clone(), bus.shutdown().clone()));
        Self { test, bus }
    }

    async fn chainer(&self) -> Chainer {
        let chainer = Chainer::new(self.bus.clone());
        chainer.wait_for_lease().await;
        chainer
    }

    /// A command of a unit's clerk about a new order.
    async fn command(&self, order: Uuid) -> Result<(), Fault> {
        let clerk = Caller::new("u-7", &["unit_clerk"]).of_unit("xz-water");
        let request = SignLegRequest {
            order_id: order.to_string(),
            leg_id: Uuid::from_u128(5).to_string(),
            ..SignLegRequest::default()
        };
        calling(SIGN, clerk, &request, async {
            let mut tx = self.bus.begin().await?;
            tx.publish(order, &AuditHeadSigned::default());
            tx.commit().await
        })
        .await
    }

    async fn commands(&self, count: u128) {
        for number in 0..count {
            self.command(Uuid::from_u128(number)).await.expect("a command");
        }
    }

    /// The database's owner, whom no right of the service stops.
    async fn owner(&self) -> PgConnection {
        owner(&self.test.database.url, "intake").await
    }

    async fn verify(&self, sql: &mut PgConnection, kept: &[Head]) -> Report {
        let keys = [self.test.audit_key.verifier()];
        verify(sql, "intake", kept, &keys).await.expect("reads")
    }
}

async fn count(sql: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(sql)
        .await
        .expect("counts")
}

/// A chain of thirty entries with heads at 10, 20 and 30, whose journal has told them.
async fn three_hours() -> Audited {
    let audited = Audited::start().await;
    let chainer = audited.chainer().await;
    for _ in 0..3 {
        audited.commands(10).await;
        assert_eq!(chainer.chain().await.expect("chains"), 10);
        chainer.sign().await.expect("signs");
        chainer.sign().await.expect("signs no second time");
        audited.test.clock.advance(Duration::from_secs(3_600));
    }
    audited
}

#[tokio::test]
async fn a_command_and_its_audit_entry_are_committed_by_one_statement_or_not_at_all() {
    let audited = Audited::start().await;
    let order = Uuid::from_u128(99);
    audited.command(order).await.expect("a command");
    let mut sql = audited.owner().await;
    let waiting = store::take(&mut sql, 10).await.expect("reads");
    let (_, record) = &waiting[0];
    assert_eq!(waiting.len(), 1);
    assert_eq!(record.root, Some(order));
    assert_eq!(record.what, format!("leg_id={}", Uuid::from_u128(5)));
    assert_eq!(record.method, "hotline.routing.v1.RoutingService/SignLeg");
    assert_eq!(
        (record.subject.as_str(), record.unit.as_str()),
        ("u-7", "xz-water")
    );
    assert_eq!(
        (record.outcome.as_str(), record.address.as_str()),
        ("ok", "192.0.2.7")
    );

    // The writer fails: what it should have told of does not happen.
    run(
        &mut sql,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no space'; END $$; \
         CREATE TRIGGER full_disk BEFORE INSERT ON audit_waiting_batch EXECUTE FUNCTION full_disk()",
    )
    .await;
    audited.command(order).await.expect_err("nothing is written down");
    assert!(audited.bus.audit(record.clone()).await.is_err());
    assert_eq!(
        (
            count(&mut sql, "outbox").await,
            count(&mut sql, "audit_waiting").await
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn the_audit_refuses_to_be_rewritten() {
    let audited = three_hours().await;
    for statement in [
        "UPDATE audit SET reason = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE audit_head SET seq = 9",
        "DELETE FROM audit_head",
        "UPDATE audit_waiting_batch SET reason = NULL",
        "ALTER TABLE audit DISABLE TRIGGER append_only",
    ] {
        let as_service = sqlx::raw_sql(statement).execute(audited.bus.pool()).await;
        assert!(as_service.is_err(), "the service: {statement}");
    }
    let mut owner = audited.owner().await;
    for statement in [
        "UPDATE audit SET reason = 'x'",
        "DELETE FROM audit",
        "DELETE FROM audit_head",
    ] {
        let as_owner = sqlx::raw_sql(statement).execute(&mut owner).await;
        assert!(as_owner.is_err(), "the owner, by mistake: {statement}");
    }
}

#[tokio::test]
async fn every_tampering_with_the_audit_is_found_with_its_number() {
    let audited = three_hours().await;
    let mut sql = audited.owner().await;
    let report = audited.verify(&mut sql, &[]).await;
    assert_eq!(
        (report.last, report.sealed, report.findings.len()),
        (30, 30, 0),
        "{report:?}"
    );
    assert!(report.heads >= 3);

    let kept = heads(&mut sql, "intake").await.expect("heads");
    run(
        &mut sql,
        "ALTER TABLE audit DISABLE TRIGGER ALL; ALTER TABLE audit_head DISABLE TRIGGER ALL",
    )
    .await;
    let swap =
        "UPDATE audit SET seq = -seq WHERE seq IN (3, 4); UPDATE audit SET seq = 7 + seq WHERE seq < 0";
    let close = "DELETE FROM audit WHERE seq = 7; UPDATE audit SET seq = -seq WHERE seq > 7; \
                 UPDATE audit SET seq = -seq - 1 WHERE seq < 0";
    let rehash = "UPDATE audit SET entry_hash = sha256(entry_hash) WHERE seq = 12";
    let forge = "UPDATE audit_head SET signature = decode(repeat('00', 64), 'hex') WHERE seq = 20";
    for (statement, expected) in [
        (
            "UPDATE audit SET subject = 'u-8' WHERE seq = 12",
            (Kind::Changed, 12, 12),
        ),
        (
            "UPDATE audit SET at = at + interval '1 microsecond' WHERE seq = 5",
            (Kind::Changed, 5, 5),
        ),
        (
            "UPDATE audit SET outcome = 'ok', root = NULL WHERE seq = 30",
            (Kind::Changed, 30, 30),
        ),
        (
            "DELETE FROM audit WHERE seq BETWEEN 14 AND 16",
            (Kind::Removed, 14, 16),
        ),
        ("DELETE FROM audit WHERE seq < 8", (Kind::Removed, 1, 7)),
        (swap, (Kind::Moved, 3, 3)),
        (close, (Kind::Moved, 7, 7)),
        (rehash, (Kind::Unbound, 13, 13)),
        ("DELETE FROM audit WHERE seq > 25", (Kind::Cut, 26, 30)),
        ("TRUNCATE audit", (Kind::Cut, 1, 30)),
        (forge, (Kind::Forged, 20, 20)),
        (
            "UPDATE audit_head SET at = at + interval '1 day' WHERE seq = 10",
            (Kind::Forged, 10, 10),
        ),
        ("DELETE FROM audit_head WHERE seq = 20", (Kind::HeadGone, 20, 20)),
    ] {
        let mut tx = sql.begin().await.expect("begins");
        run(&mut tx, statement).await;
        let report = audited.verify(&mut tx, &kept).await;
        let found = |kind, seq, until| {
            report
                .findings
                .iter()
                .any(|f| (f.kind, f.seq, f.until) == (kind, seq, until))
        };
        let (kind, seq, until) = expected;
        assert!(found(kind, seq, until), "{statement}: {report:?}");
        tx.rollback().await.expect("undone");
    }
    assert!(audited.verify(&mut sql, &kept).await.findings.is_empty());
}

#[tokio::test]
async fn a_chain_written_anew_is_found_by_a_head_kept_elsewhere() {
    let audited = three_hours().await;
    let mut sql = audited.owner().await;
    let kept = heads(&mut sql, "intake").await.expect("heads");
    // Somebody with every right over the database writes a whole chain anew, without entry 6, and removes all heads.
    run(
        &mut sql,
        "ALTER TABLE audit DISABLE TRIGGER ALL; ALTER TABLE audit_head DISABLE TRIGGER ALL",
    )
    .await;
    let entries = super::entries(&mut sql, 0, 100).await.expect("entries");
    run(
        &mut sql,
        "TRUNCATE audit, audit_head; ALTER TABLE journal_batch DISABLE TRIGGER ALL; TRUNCATE journal_batch",
    )
    .await;
    for entry in entries.into_iter().filter(|entry| entry.seq != 6) {
        super::insert(&mut sql, &[entry.record]).await.expect("inserts");
    }
    assert_eq!(audited.chainer().await.chain().await.expect("chains"), 29);
    let alone = audited.verify(&mut sql, &[]).await;
    assert!(alone.findings.is_empty(), "the database alone cannot tell");
    let report = audited.verify(&mut sql, &kept).await;
    let kinds: Vec<_> = report.findings.iter().map(|f| (f.kind, f.seq, f.until)).collect();
    for expected in [
        (Kind::Rewritten, 10, 10),
        (Kind::Rewritten, 20, 20),
        (Kind::Cut, 30, 30),
        (Kind::HeadGone, 30, 30),
    ] {
        assert!(kinds.contains(&expected), "{expected:?}: {kinds:?}");
    }
    // A head of another installation is none.
    let mut foreign = kept[0].clone();
    foreign.key = "0123456789abcdef".to_owned();
    let report = audited.verify(&mut sql, &[foreign]).await;
    assert_eq!(report.findings[0].kind, Kind::Forged);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_is_whole_whenever_its_chainer_dies_and_however_late_a_command_commits() {
    let audited = Audited::start().await;
    let chainer = audited.chainer().await;
    let mut writers = Vec::new();
    for writer in 0..6_u128 {
        let bus = audited.bus.clone();
        writers.push(tokio::spawn(async move {
            let caller = Caller::new(format!("u-{writer}"), &["unit_clerk"]);
            for number in 0..40_u128 {
                let request = SignLegRequest::default();
                calling(SIGN, caller.clone(), &request, async {
                    let mut tx = bus.begin().await.expect("begins");
                    tx.publish(
                        Uuid::from_u128(writer * 100 + number),
                        &AuditHeadSigned::default(),
                    );
                    // Numbers are given here; commits come in another order.
                    let record = super::Record::of_deed(tx.now(), "early", "test.deed", "ok");
                    super::insert(tx.sql(), &[record]).await.expect("inserts");
                    tokio::time::sleep(Duration::from_millis(u64::try_from(number % 7).unwrap_or(0))).await;
                    tx.commit().await.expect("commits");
                })
                .await;
            }
        }));
    }
    // A new chainer again and again, each killed somewhere.
    let mut life = 1_u64;
    while writers.iter().any(|writer| !writer.is_finished()) {
        let doomed = tokio::spawn(chainer.clone().run());
        tokio::time::sleep(Duration::from_millis(life % 13)).await;
        life = life.wrapping_mul(31).wrapping_add(7);
        doomed.abort();
        let _ = doomed.await;
    }
    for writer in writers {
        writer.await.expect("writes");
    }
    // What the dead left behind on the server may stand in the way for a moment, as a slow disk might.
    let mut left = 50;
    while left > 0 && (!matches!(chainer.chain().await, Ok(0)) || chainer.sign().await.is_err()) {
        chainer.wait_for_lease().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        left -= 1;
    }
    let mut sql = audited.owner().await;
    assert_eq!(
        (
            count(&mut sql, "audit").await,
            count(&mut sql, "audit_waiting").await
        ),
        (480, 0)
    );
    let report = audited.verify(&mut sql, &[]).await;
    assert!(report.findings.is_empty() && report.last == 480, "{report:?}");
}

#[tokio::test]
async fn a_list_of_entries_pages_without_gap_or_repetition_and_by_who_and_what() {
    let audited = three_hours().await;
    let desk = AuditDesk::of([audited.bus.clone()]);
    let mut request = ListAuditEntriesRequest {
        page_size: 7,
        ..ListAuditEntriesRequest::default()
    };
    let mut seqs = Vec::new();
    loop {
        let page = desk.list(request.clone()).await.expect("lists");
        seqs.extend(page.entries.iter().map(|entry| entry.seq));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seqs, (1..=30).rev().collect::<Vec<_>>());
    request.order_id = Uuid::from_u128(4).to_string();
    assert_eq!(desk.list(request.clone()).await.expect("lists").entries.len(), 3);
    request.subject = "u-8".to_owned();
    assert!(desk.list(request).await.expect("lists").entries.is_empty());
    assert_eq!(desk.heads("intake").await.expect("lists").heads.len(), 3);
    assert!(desk.heads("nobody").await.is_err());
}
