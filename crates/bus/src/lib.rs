//! How an event is recorded, published and consumed once; the bus never knows what an event means.
//!
//! An event is written to the `outbox` in the transaction that changed the state ([`Said::publish`]), numbered without
//! gaps into the append-only `journal`, published to JetStream, and applied by each other service in one transaction
//! with its `cursor`. The broker is transport: whatever it loses, repeats or reorders is repaired from the journals.
//!
//! Invariant: an event is in the outbox if and only if the state that it explains was committed.
//! Invariant: within (producer, partition) sequence numbers are gapless and every hearer applies each exactly once.
//! Invariant: no event is applied before the events that its producer had applied when it was recorded.

mod apply;
pub mod audit;
mod batch;
mod bus;
mod consumer;
mod envelope;
mod fault;
mod feed;
mod group;
mod handler;
mod inject;
mod journal;
mod lease;
mod live;
mod nats;
mod one_statement;
#[cfg(test)]
mod owner;
mod pace;
mod publisher;
mod sequencer;
#[cfg(test)]
mod spine_tests;
mod store;
mod topology;
mod tx;

pub use apply::Applied;
pub use audit::AuditDesk;
pub use bus::{Bus, Started};
pub use envelope::{Entry, partition_of};
pub use fault::Fault;
pub use group::{Group, Turned, Waiting, answer_all};
pub use handler::{Handle, HandleAny, Handlers, Settle};
pub use inject::{Injector, Step};
pub use journal::{JournalDesk, SERVICE_NOT_HERE};
pub use lease::Lease;
pub use live::{Cursor, Heard, Listener, Live};
pub use nats::connect;
pub use one_statement::{Done, OneStatement};
pub use topology::Topology;
pub use tx::{EventMeta, Said, Tx};
