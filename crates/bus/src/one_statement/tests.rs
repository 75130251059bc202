//! One statement on real PostgreSQL: what is said belongs to what was done, in order, or nothing is written at all.

use hotline_proto::audit::v1::AuditHeadSigned;
use hotline_proto::routing::v1::SignLegRequest;
use hotline_runtime::audit::current;
use hotline_runtime::testing::{TestRuntime, calling, runtime};
use hotline_runtime::{Caller, Clock};
use sqlx::{Arguments as _, PgConnection};

use super::*;
use crate::owner::{owner, run};

/// The table in which the statement does something.
static APPLIED: sqlx::migrate::Migrator = sqlx::migrate!("tests/migrations");

const PARTS: &str = "new AS (INSERT INTO applied (producer, partition, seq, root) \
        SELECT 'test', 0, u.seq, u.root FROM unnest($21::bigint[], $22::uuid[]) AS u (seq, root) \
        ON CONFLICT DO NOTHING RETURNING root), \
    done AS (SELECT root FROM new)";

#[derive(Debug, FromRow, PartialEq)]
struct Made {
    root: Uuid,
}

impl Done for Made {
    fn root(&self) -> Uuid {
        self.root
    }
}

struct World {
    test: TestRuntime,
    statement: OneStatement,
}

impl World {
    async fn start() -> Self {
        let test = runtime(Clock::system()).await;
        let pool = test
            .database("intake", &[Bus::migrator(), &APPLIED])
            .await
            .expect("a schema");
        let bus = Bus::open(&test, "intake", pool).await.expect("opens");
        let statement = OneStatement::new(bus, PARTS, "SELECT root FROM new");
        Self { test, statement }
    }

    /// Says of each root two events, the first of all before the second of any, and one call; gives what was said.
    async fn say(&self, roots: &[Uuid]) -> (Said, Vec<(Uuid, Uuid)>) {
        let mut said = self.statement.say();
        for root in roots {
            let call = calling(
                "/hotline.routing.v1.RoutingService/SignLeg",
                Caller::new("u-7", &["unit_clerk"]).of_unit("xz-water"),
                &SignLegRequest::default(),
                async { current().expect("a call") },
            )
            .await;
            said.carries_out(&call, *root);
        }
        for _ in 0..2 {
            for root in roots {
                said.publish(*root, &AuditHeadSigned::default());
            }
        }
        let mut events: Vec<_> = said.pending.iter().collect();
        events.sort_by_key(|event| event.partition);
        let events = events.iter().map(|event| (event.event_id, event.root)).collect();
        (said, events)
    }

    /// Makes `roots`, each under the number at its place.
    async fn make(&self, said: Said, roots: &[Uuid], numbers: &[i64]) -> Result<Vec<Uuid>, Fault> {
        let made: Vec<Made> = self
            .statement
            .carry_out(said, |arguments| {
                arguments.add(numbers)?;
                arguments.add(roots)
            })
            .await?;
        Ok(made.iter().map(|made| made.root).collect())
    }

    async fn owner(&self) -> PgConnection {
        owner(&self.test.database.url, "intake").await
    }
}

async fn rows<T>(sql: &mut PgConnection, statement: &'static str) -> Vec<T>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    sqlx::query_as(statement).fetch_all(sql).await.expect("reads")
}

const OUTBOX: &str = "SELECT event_id, root FROM outbox ORDER BY id, place";
const AUDIT: &str = "SELECT root FROM audit_waiting ORDER BY id, place";

#[tokio::test]
async fn nothing_is_said_of_what_was_not_done_and_the_rest_in_its_order() {
    let world = World::start().await;
    let mut sql = world.owner().await;
    run(
        &mut sql,
        "INSERT INTO applied (producer, partition, seq, root) VALUES ('test', 0, 3, gen_random_uuid())",
    )
    .await;
    let roots: Vec<Uuid> = (1..=40).map(|_| world.statement.bus.new_id()).collect();
    let (said, events) = world.say(&roots).await;
    let numbers: Vec<i64> = (1..=40).collect();
    let taken = roots[2];
    let made = world.make(said, &roots, &numbers).await.expect("is carried out");
    assert_eq!(made.len(), 39);
    assert!(!made.contains(&taken));
    let expected: Vec<_> = events.into_iter().filter(|(_, root)| *root != taken).collect();
    assert_eq!(rows::<(Uuid, Uuid)>(&mut sql, OUTBOX).await, expected);
    let told: Vec<(Uuid,)> = rows(&mut sql, AUDIT).await;
    let done = roots.iter().filter(|root| **root != taken);
    assert_eq!(told, done.map(|root| (*root,)).collect::<Vec<_>>());

    // All of it is there already: not a row is written, nor one without content.
    let (said, _) = world.say(&roots).await;
    let again = world.make(said, &roots, &numbers).await.expect("is carried out");
    assert!(again.is_empty());
    assert_eq!(rows::<(Uuid, Uuid)>(&mut sql, OUTBOX).await.len(), 78);
    let batches: Vec<(i64,)> = rows(&mut sql, "SELECT count(*) FROM audit_waiting_batch").await;
    assert_eq!(batches, [(1,)]);
}

#[tokio::test]
async fn it_happens_whole_or_not_at_all_and_goes_on_after_a_failure() {
    let world = World::start().await;
    let mut sql = world.owner().await;
    run(
        &mut sql,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no space'; END $$; \
         CREATE TRIGGER full_disk BEFORE INSERT ON audit_waiting_batch EXECUTE FUNCTION full_disk()",
    )
    .await;
    let root = [Uuid::from_u128(7)];
    let (said, _) = world.say(&root).await;
    world
        .make(said, &root, &[1])
        .await
        .expect_err("nothing is written down");
    assert_eq!(rows::<(i64,)>(&mut sql, "SELECT seq FROM applied").await, []);
    assert_eq!(rows::<(Uuid, Uuid)>(&mut sql, OUTBOX).await, []);
    run(&mut sql, "DROP TRIGGER full_disk ON audit_waiting_batch").await;
    let (said, events) = world.say(&root).await;
    assert_eq!(world.make(said, &root, &[1]).await.expect("is carried out"), root);
    assert_eq!(rows::<(Uuid, Uuid)>(&mut sql, OUTBOX).await, events);

    // Its connection is cut: the next that comes after a pause has another.
    let cut: Vec<(bool,)> = rows(
        &mut sql,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%published AS%' AND pid <> pg_backend_pid()",
    )
    .await;
    assert_eq!(cut, [(true,)]);
    tokio::time::sleep(TRUSTED_IDLE + Duration::from_millis(200)).await;
    let root = [Uuid::from_u128(8)];
    let (said, _) = world.say(&root).await;
    assert_eq!(world.make(said, &root, &[2]).await.expect("is carried out"), root);
}
