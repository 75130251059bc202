//! The audit of a service: written with what it tells of, chained by hashes, its end signed every hour.
//!
//! An entry is inserted into `audit_waiting` by the statement that inserts the events of a command ([`Tx`](crate::Tx)), or by
//! itself for a refusal or a disclosure. The chainer, one a service by lease, moves waiting entries into the
//! append-only `audit` in the order in which it finds them, each with the hash of itself and of what is before it.
//!
//! Invariant: an entry is committed if and only if the command that it tells of is.
//! Invariant: whoever changes, removes or moves an entry, or cuts the end, is found by the next signed head.

mod chainer;
mod desk;
mod hash;
mod store;
#[cfg(test)]
mod tests;
mod verify;

use hotline_runtime::audit::{Record, Sink, Writing};
use sqlx::PgPool;

pub(crate) use chainer::Chainer;
pub use desk::AuditDesk;
pub use hash::{Entry, Head, genesis};
pub use store::{Filter, Key, entries, heads, heads_told, list, waiting};
pub(crate) use store::{bind, insert, insert_with_outbox};
pub use verify::{Finding, Kind, Report, verify};

/// Keeps entries that have no transaction to go with, in the service's schema.
pub(crate) struct Ledger(pub(crate) PgPool);

impl Sink for Ledger {
    fn write(&self, record: Record) -> Writing<'_> {
        Box::pin(async move {
            let mut sql = self.0.acquire().await?;
            insert(&mut sql, &[record]).await?;
            Ok(())
        })
    }
}
