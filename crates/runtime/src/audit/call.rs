//! The call that the current task serves, as an audit entry will tell of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::plan::Said;
use super::{Kind, Plan, Record};
use crate::caller::Caller;

/// So much of a request is looked at for identifiers, bytes; texts of a form come to a few kilobytes.
const SEEN_MAX: usize = 64 * 1024;

/// Bytes before a gRPC message: a flag, and its length.
const FRAME_HEAD: usize = 5;

tokio::task_local! {
    /// The call that the current task serves.
    pub(crate) static CALL: Arc<Call>;
}

/// The call that the current task serves; nothing in a job or in a task of its own.
pub fn current() -> Option<Arc<Call>> {
    CALL.try_with(Arc::clone).ok()
}

/// Does `work` as a part of `call` in a task that is not the call's own: its connections are those of the caller.
pub async fn within<F: Future>(call: &Arc<Call>, work: F) -> F::Output {
    CALL.scope(Arc::clone(call), work).await
}

/// What has been read of a request's body so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(Arc<Mutex<(Vec<Bytes>, usize)>>);

impl Seen {
    /// Remembers a part of the body; the bytes are shared, not copied.
    pub(crate) fn push(&self, part: &Bytes) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.1 < SEEN_MAX {
            seen.1 += part.len();
            seen.0.push(part.clone());
        }
    }

    /// The first message, as far as it was read; nothing of a compressed one.
    fn message(&self) -> Vec<u8> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).0.concat();
        match bytes.split_at_checked(FRAME_HEAD) {
            Some((head, message)) if head.first() == Some(&0) => message.to_vec(),
            _ => Vec::new(),
        }
    }
}

/// A call that passed the gate.
#[derive(Debug)]
pub struct Call {
    /// The method, `<package>.<Service>/<Method>`.
    pub method: Arc<str>,
    /// Who calls.
    pub caller: Arc<Caller>,
    address: String,
    trace: String,
    plan: Arc<Plan>,
    seen: Seen,
    reason: OnceLock<String>,
    recorded: AtomicBool,
    root: OnceLock<Uuid>,
}

impl Call {
    pub(crate) fn new(
        method: Arc<str>,
        caller: Arc<Caller>,
        address: String,
        trace: String,
        plan: Arc<Plan>,
        seen: Seen,
    ) -> Self {
        let address = caller.address.clone().unwrap_or(address);
        Self {
            method,
            caller,
            address,
            trace,
            plan,
            seen,
            reason: OnceLock::new(),
            recorded: AtomicBool::new(false),
            root: OnceLock::new(),
        }
    }

    /// What the method does.
    pub fn kind(&self) -> Kind {
        self.plan.kind
    }

    /// Producer's name of the service that is called.
    pub fn service(&self) -> &str {
        &self.plan.service
    }

    /// The entry of this call with `outcome`; `roots` are the appeals that it touched, as far as its request does not say.
    pub fn record(&self, at: DateTime<Utc>, outcome: &str, roots: &[Uuid]) -> Record {
        let said = self.plan.read(&self.seen.message());
        let Said {
            root,
            mut what,
            reason,
        } = said;
        for other in roots
            .iter()
            .filter(|other| root.is_some_and(|root| root != **other))
        {
            what.push_str(if what.is_empty() { "root=" } else { ",root=" });
            what.push_str(&other.to_string());
        }
        let own = root.or_else(|| roots.first().copied());
        if let Some(own) = own {
            let _ = self.root.set(own);
        }
        Record {
            at,
            subject: self.caller.subject.clone(),
            roles: self.caller.roles.join(","),
            unit: self.caller.unit.clone().unwrap_or_default(),
            method: self.method.to_string(),
            root: own,
            what,
            outcome: outcome.to_owned(),
            reason: self.reason.get().cloned().unwrap_or(reason),
            address: self.address.clone(),
            trace: self.trace.clone(),
        }
    }

    /// The appeal that the call is about: as its entry tells, or as its request says by identifier.
    pub(crate) fn root(&self) -> Option<Uuid> {
        let told = self.root.get().copied();
        told.or_else(|| self.plan.read(&self.seen.message()).root)
    }

    /// Says why, in words from which the service has taken everything personal; the first word stands.
    pub fn set_reason(&self, reason: &str) {
        let _ = self.reason.set(super::plain(reason));
    }

    /// Says that an entry of this call is committed with what it did.
    pub fn set_recorded(&self) {
        self.recorded.store(true, Ordering::Relaxed);
    }

    /// Whether an entry of this call is committed.
    pub(crate) fn is_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }
}
