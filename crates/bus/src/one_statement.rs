//! A transaction that is one statement: state, audit entries and events go to the database together and are committed in one
//! round trip. For a command that many give at once, where the four of a [`Tx`](crate::Tx) would be most of what it takes.
//!
//! The statement says in its part `done` which appeals it really changed; nothing is written of the others.
//!
//! Invariant: an event or an entry is written if and only if its appeal is among the `done`.

use std::sync::Arc;
use std::time::Duration;

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Execute as _, FromRow, PgConnection};
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::batch::Columns;
use crate::inject::Step;
use crate::tx::Said;
use crate::{Bus, Fault, audit};

/// A connection idle for longer is tested before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(3);

/// The parts that write what is said of the `done`. The events come sorted as they are grouped, so that those of a batch keep
/// their order.
const SAID: &str = "published AS (INSERT INTO outbox_batch \
         (partition, events, occurred_at, event_id, type, root, traceparent, payload) \
         SELECT partition, count(*), $4, array_agg(event_id), array_agg(type), array_agg(root), \
             array_agg(traceparent), array_agg(payload) \
         FROM (SELECT b.batch, b.partition, e.* \
               FROM unnest($5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::bytea[]) WITH ORDINALITY \
                   AS e (event_id, type, root, traceparent, payload, place) \
               JOIN done USING (root) \
               JOIN unnest($1::int[], $2::int[], $3::int[]) WITH ORDINALITY AS b (partition, since, until, batch) \
                   ON e.place BETWEEN b.since AND b.until \
               ORDER BY b.batch, b.partition, e.place) s \
         GROUP BY batch, partition ORDER BY batch), \
     audited AS (INSERT INTO audit_waiting_batch \
         (at, subject, roles, unit, method, root, what, outcome, reason, address, trace) \
         SELECT array_agg(at), array_agg(subject), array_agg(roles), array_agg(unit), array_agg(method), \
             array_agg(root), array_agg(what), array_agg(outcome), array_agg(reason), array_agg(address), \
             array_agg(trace) \
         FROM (SELECT e.* FROM unnest($10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[], \
                   $15::uuid[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[]) WITH ORDINALITY \
                   AS e (at, subject, roles, unit, method, root, what, outcome, reason, address, trace, place) \
               JOIN done USING (root) ORDER BY e.place) s \
         HAVING count(*) > 0)";

/// Carries out one statement again and again, on a connection that it keeps.
pub struct OneStatement {
    bus: Bus,
    text: Arc<str>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    sql: PgConnection,
    used_at: Instant,
}

/// A row of the statement's answer: one for each appeal that it changed.
pub trait Done {
    /// The appeal.
    fn root(&self) -> Uuid;
}

impl OneStatement {
    /// `parts` are those of the statement's `WITH`, `done (root)` among them; their parameters begin with the 21st. `answer` is the
    /// query that follows: a row for each appeal that was changed.
    pub fn new(bus: Bus, parts: &str, answer: &str) -> Self {
        Self {
            bus,
            text: format!("WITH {parts}, {SAID} {answer}").into(),
            kept: Mutex::default(),
        }
    }

    /// What the next statement will say.
    pub fn say(&self) -> Said {
        self.bus.say()
    }

    /// Carries it out; `bind` binds the parameters from the 21st on. Gives a row for each appeal that it changed.
    ///
    /// # Errors
    /// The statement failed: nothing of it was written, or it is unknown whether all of it was.
    pub async fn carry_out<R>(
        &self,
        mut said: Said,
        bind: impl FnOnce(&mut PgArguments) -> Result<(), BoxDynError>,
    ) -> Result<Vec<R>, Fault>
    where
        R: Done + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let bus = &self.bus;
        bus.injector().at(Step::BeforeOutbox)?;
        let mut kept = self.kept.lock().await;
        let mut sql = match kept.take() {
            Some(kept) => trusted(bus, kept).await?,
            None => bus.own_connection().await?,
        };
        let arguments = arguments(&mut said, bind).map_err(sqlx::Error::Encode)?;
        bus.injector().at(Step::BeforeCommit)?;
        let text = AssertSqlSafe(Arc::clone(&self.text));
        let done: Vec<R> = sqlx::query_as_with(text, arguments).fetch_all(&mut sql).await?;
        // A connection on which something failed is not kept.
        *kept = Some(Kept {
            sql,
            used_at: Instant::now(),
        });
        drop(kept);
        let is_done = |root: &Uuid| done.iter().any(|row| row.root() == *root);
        for (call, roots) in &said.calls {
            if roots.iter().any(is_done) {
                call.set_recorded();
            }
        }
        if !done.is_empty() {
            bus.wake().notify_one();
        }
        bus.injector().at(Step::AfterCommit)?;
        Ok(done)
    }
}

/// The statement's arguments: what is said, and what follows it.
fn arguments(
    said: &mut Said,
    bind: impl FnOnce(&mut PgArguments) -> Result<(), BoxDynError>,
) -> Result<PgArguments, BoxDynError> {
    let entries = said.entries();
    // Arguments do not depend on the statement that they are for.
    let query = Columns::of(&said.pending).bind(sqlx::query(""), said.now);
    let mut arguments = audit::bind(query, &entries).take_arguments()?.unwrap_or_default();
    bind(&mut arguments)?;
    Ok(arguments)
}

/// The connection, or a new one where it was idle and is gone.
async fn trusted(bus: &Bus, mut kept: Kept) -> Result<PgConnection, Fault> {
    if kept.used_at.elapsed() > TRUSTED_IDLE && kept.sql.ping().await.is_err() {
        return bus.own_connection().await;
    }
    Ok(kept.sql)
}

#[cfg(test)]
mod tests;
