//! One PostgreSQL transaction and what it says, events and audit entries: the only way out of a service.

use std::any::Any;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_runtime::Clock;
use hotline_runtime::audit::{self, Call, DONE, Kind, Record};
use prost::Name;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::audit::{insert, insert_with_outbox};
use crate::bus::Wake;
use crate::envelope::partition_of;
use crate::inject::{Injector, Step};
use crate::{Fault, batch};

/// The event that a handler is applying.
#[derive(Clone, Debug)]
pub struct EventMeta {
    /// Identifier.
    pub id: Uuid,
    /// Protobuf full name.
    pub type_name: String,
    /// Service that recorded it.
    pub producer: String,
    /// Partition, from 0.
    pub partition: i32,
    /// Number within (producer, partition).
    pub seq: i64,
    /// Appeal that it is about.
    pub root: Uuid,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
}

/// An event that waits for the commit.
pub(crate) struct Pending {
    pub partition: i32,
    pub event_id: Uuid,
    pub type_name: String,
    pub root: Uuid,
    pub traceparent: String,
    pub payload: Vec<u8>,
}

/// What a transaction will say: the events that it will publish, and the calls whose commands it carries out.
pub struct Said {
    clock: Clock,
    pub(crate) now: DateTime<Utc>,
    partitions: i32,
    pub(crate) pending: Vec<Pending>,
    pub(crate) calls: Vec<(Arc<Call>, Vec<Uuid>)>,
}

impl Said {
    pub(crate) fn new(clock: Clock, partitions: i32) -> Self {
        let now = clock.now();
        Self {
            clock,
            now,
            partitions,
            pending: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Publishes an event about the appeal `root`, if and when the transaction commits.
    pub fn publish<E: Name>(&mut self, root: Uuid, event: &E) {
        self.pending.push(Pending {
            partition: partition_of(root, self.partitions),
            event_id: self.clock.new_id(),
            type_name: E::full_name(),
            root,
            traceparent: hotline_runtime::telemetry::traceparent_of(root),
            payload: event.encode_to_vec(),
        });
    }

    /// Says that the transaction does what a call asked, about the appeal `root`: where a command is carried out in another
    /// task than its call's, together with others.
    pub fn carries_out(&mut self, call: &Arc<Call>, root: Uuid) {
        self.calls.push((Arc::clone(call), vec![root]));
    }

    /// The audit entries of the commands among the calls.
    pub(crate) fn entries(&mut self) -> Vec<Record> {
        self.calls.retain(|(call, _)| call.kind() != Kind::Query);
        let told = self.calls.iter();
        told.map(|(call, roots)| call.record(self.now, DONE, roots))
            .collect()
    }
}

/// A transaction: state changes through [`Tx::sql`], events through [`Tx::publish`]; dropped without commit, neither happened.
pub struct Tx {
    sql: Transaction<'static, Postgres>,
    said: Said,
    event: Option<EventMeta>,
    kept: Option<Box<dyn Any + Send + Sync>>,
    roots: Vec<Uuid>,
    deeds: Vec<Record>,
    wake: Wake,
    injector: Injector,
}

impl Tx {
    pub(crate) fn new(
        sql: Transaction<'static, Postgres>,
        said: Said,
        wake: Wake,
        injector: Injector,
    ) -> Self {
        Self {
            sql,
            said,
            event: None,
            kept: None,
            roots: Vec::new(),
            deeds: Vec::new(),
            wake,
            injector,
        }
    }

    /// The connection inside the transaction.
    pub fn sql(&mut self) -> &mut PgConnection {
        &mut self.sql
    }

    /// The instant of this transaction: the same from beginning to end.
    pub fn now(&self) -> DateTime<Utc> {
        self.said.now
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> Uuid {
        self.said.clock.new_id()
    }

    /// What handlers of this transaction keep in memory until [`Settle`](crate::Settle) writes it.
    /// One type a service; gone with the transaction.
    pub fn keep<T: Default + Send + Sync + 'static>(&mut self) -> &mut T {
        let kept = self.kept.get_or_insert_with(|| Box::new(T::default()));
        if !kept.is::<T>() {
            *kept = Box::new(T::default());
        }
        kept.downcast_mut().expect("it was just made of this type")
    }

    /// The event being applied, inside a handler.
    pub fn event(&self) -> Option<&EventMeta> {
        self.event.as_ref()
    }

    /// The appeals that the transaction's events are about, as far as they are heard; for reading together what their
    /// handlers will ask for one by one. Empty in a command.
    pub fn roots(&self) -> &[Uuid] {
        &self.roots
    }

    pub(crate) fn set_roots(&mut self, roots: impl IntoIterator<Item = Uuid>) {
        self.roots = roots.into_iter().collect();
        self.roots.sort_unstable();
        self.roots.dedup();
    }

    /// Publishes an event about the appeal `root`, if and when this transaction commits.
    pub fn publish<E: Name>(&mut self, root: Uuid, event: &E) {
        self.said.publish(root, event);
    }

    /// Writes an audit entry of something that is no call, if and when this transaction commits. A call that is a command has
    /// one without being asked.
    pub fn audit(&mut self, record: Record) {
        self.deeds.push(record);
    }

    /// Says why the current call does what it does, for its audit entry: words from which everything personal is taken.
    pub fn because(&mut self, reason: &str) {
        if let Some(call) = audit::current() {
            call.set_reason(reason);
        }
    }

    /// Says that this transaction does what a call asked, about the appeal `root`: where a command is carried out in another
    /// task than its call's, together with others.
    pub fn carries_out(&mut self, call: &Arc<Call>, root: Uuid) {
        self.said.carries_out(call, root);
    }

    /// Writes the events and, for a command, its audit entry beside the state, commits all of it and wakes the sequencer.
    ///
    /// # Errors
    /// [`Fault::Retry`] when the database failed: whether the commit happened is then unknown, as everywhere.
    pub async fn commit(mut self) -> Result<(), Fault> {
        self.injector.at(Step::BeforeOutbox)?;
        let said = &mut self.said;
        let published = !said.pending.is_empty();
        let own = audit::current().filter(|own| !said.calls.iter().any(|(call, _)| Arc::ptr_eq(own, call)));
        if let Some(call) = own {
            said.calls.push((call, roots_of(&said.pending)));
        }
        let mut entries = said.entries();
        entries.append(&mut self.deeds);
        match (entries.is_empty(), published) {
            (false, true) => insert_with_outbox(&mut self.sql, &entries, &said.pending, said.now).await?,
            (false, false) => insert(&mut self.sql, &entries).await?,
            (true, true) => batch::insert(&mut self.sql, &said.pending, said.now).await?,
            (true, false) => {}
        }
        self.injector.at(Step::BeforeCommit)?;
        self.sql.commit().await?;
        for (call, _) in &self.said.calls {
            call.set_recorded();
        }
        if published {
            self.wake.notify_one();
        }
        self.injector.at(Step::AfterCommit)
    }

    pub(crate) fn set_event(&mut self, event: Option<EventMeta>) {
        self.event = event;
    }

    /// Events that wait so far; with [`Tx::forget_after`] the other half of a savepoint.
    pub(crate) fn pending_len(&self) -> usize {
        self.said.pending.len()
    }

    /// Forgets what was published since, and what is kept: after a roll back none of it is true.
    pub(crate) fn forget_after(&mut self, len: usize) {
        self.said.pending.truncate(len);
        self.kept = None;
    }
}

/// The appeals that events are about, each once.
fn roots_of(events: &[Pending]) -> Vec<Uuid> {
    let mut roots: Vec<Uuid> = events.iter().map(|event| event.root).collect();
    roots.dedup();
    roots
}
