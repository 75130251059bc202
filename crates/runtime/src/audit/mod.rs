//! What an audit entry says, and where a process writes one: made at the gate, kept by the service that was called.
//!
//! A command that commits takes its entry into its own transaction (the bus does so); a refusal or a disclosure gets an
//! entry of its own before the answer leaves. Either way nothing happens that could not be written down.
//!
//! Invariant: no entry holds personal data: identifiers, codes, and a reason with its numbers masked.

mod call;
mod key;
mod plan;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(crate) use call::{CALL, Seen};
pub use call::{Call, current, within};
pub use key::{AuditKey, AuditVerifier};
pub use plan::{Kind, kind_of};
pub(crate) use plan::{Plan, Plans};

/// The outcome of what was done.
pub const DONE: &str = "ok";

/// Longest text that an entry keeps of anything a caller wrote, characters.
const TEXT_MAX: usize = 200;

/// One audit entry before it has its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the token's subject; empty for nobody.
    pub subject: String,
    /// Their roles, comma between.
    pub roles: String,
    /// The unit they work for; may be empty.
    pub unit: String,
    /// What they did: `<package>.<Service>/<Method>`, or a word with a dot (`session.sign_in`).
    pub method: String,
    /// The appeal (its order has the same identifier) that it is about, where it is about one.
    pub root: Option<Uuid>,
    /// Further identifiers, `name=value`, comma between.
    pub what: String,
    /// [`DONE`], or the code of the refusal.
    pub outcome: String,
    /// The reason that was given, numbers masked; may be empty.
    pub reason: String,
    /// Where the call came from; empty inside the installation.
    pub address: String,
    /// Trace identifier; may be empty.
    pub trace: String,
}

impl Record {
    /// An entry about something that is no call: `method` is its word (`session.sign_in`), `outcome` [`DONE`] or a code.
    pub fn of_deed(
        at: DateTime<Utc>,
        subject: impl Into<String>,
        method: impl Into<String>,
        outcome: impl Into<String>,
    ) -> Self {
        Self {
            at,
            subject: subject.into(),
            roles: String::new(),
            unit: String::new(),
            method: method.into(),
            root: None,
            what: String::new(),
            outcome: outcome.into(),
            reason: String::new(),
            address: String::new(),
            trace: crate::telemetry::trace_id_of_current(),
        }
    }

    /// The same, with the reason that was given; its numbers are masked here.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = plain(reason);
        self
    }

    /// The same, from an address.
    #[must_use]
    pub fn from_address(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// The same, about an identifier.
    #[must_use]
    pub fn about(mut self, name: &str, value: &str) -> Self {
        if !self.what.is_empty() {
            self.what.push(',');
        }
        self.what.push_str(name);
        self.what.push('=');
        self.what.push_str(value);
        self
    }
}

/// A text of a caller as an entry may keep it: numbers masked, no control characters, not long.
fn plain(text: &str) -> String {
    let (masked, _) = hotline_vault::redact::redact(text);
    let seen = masked.chars().map(|c| if c.is_control() { ' ' } else { c });
    seen.take(TEXT_MAX).collect()
}

/// An entry being written.
pub type Writing<'a> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;

/// Where entries of one service are kept.
pub trait Sink: Send + Sync {
    /// Writes an entry and commits it.
    fn write(&self, record: Record) -> Writing<'_>;
}

/// The sinks of this process, by producer's name. Cheap to clone.
#[derive(Clone, Default)]
pub struct Sinks(Arc<RwLock<BTreeMap<&'static str, Arc<dyn Sink>>>>);

impl Sinks {
    /// Entries about `service` are kept in `sink` from here on.
    pub fn register(&self, service: &'static str, sink: Arc<dyn Sink>) {
        let mut sinks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        sinks.insert(service, sink);
    }

    /// Writes an entry about a call of `service`; a method of no service's own (the journal's) is kept by the first one here.
    /// A process that keeps nothing at all has nothing that could be changed, and writes nothing.
    ///
    /// # Errors
    /// It could not be written: what it is about must not be answered.
    pub(crate) async fn write(&self, service: &str, record: Record) -> anyhow::Result<()> {
        let sink = {
            let sinks = self.0.read().unwrap_or_else(PoisonError::into_inner);
            sinks.get(service).or_else(|| sinks.values().next()).cloned()
        };
        match sink {
            Some(sink) => sink.write(record).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_keeps_no_number_and_no_control_character() {
        let reason = plain("联系 13812345678\n核实");
        assert!(
            !reason.contains("13812345678") && !reason.contains('\n'),
            "{reason}"
        );
        assert!(plain(&"长".repeat(500)).chars().count() <= TEXT_MAX);
    }
}
