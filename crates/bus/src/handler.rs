//! What a service hears: handlers by event type, found by protobuf full name.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use prost::Name;

use crate::{Fault, Tx};

/// Hears one type of event. The transaction is the only way in and out: no call leaves a handler.
pub trait Handle<E>: Send + Sync {
    /// Applies the event; runs exactly once in effect.
    fn handle(&self, event: E, tx: &mut Tx) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Hears every type of event, undecoded.
pub trait HandleAny: Send + Sync {
    /// Applies the event; runs exactly once in effect.
    fn handle_any(
        &self,
        type_name: &str,
        payload: &[u8],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Writes together, once before the commit, what the handlers of a transaction kept in [`Tx::keep`].
pub trait Settle: Send + Sync {
    /// Runs once before the commit of a transaction that applied events.
    fn settle(&self, tx: &mut Tx) -> impl Future<Output = Result<(), Fault>> + Send;
}

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;

/// A handler with its type erased.
trait Erased: Send + Sync {
    fn call<'a>(&'a self, type_name: &'a str, payload: &'a [u8], tx: &'a mut Tx) -> Outcome<'a>;
}

/// A [`Settle`] with its type erased.
trait ErasedSettle: Send + Sync {
    fn settle<'a>(&'a self, tx: &'a mut Tx) -> Outcome<'a>;
}

struct Settling<H>(Arc<H>);

impl<H: Settle> ErasedSettle for Settling<H> {
    fn settle<'a>(&'a self, tx: &'a mut Tx) -> Outcome<'a> {
        Box::pin(self.0.settle(tx))
    }
}

struct Typed<H, E>(Arc<H>, std::marker::PhantomData<fn(E)>);

impl<H: Handle<E>, E: Name + Default + 'static> Erased for Typed<H, E> {
    fn call<'a>(&'a self, type_name: &'a str, payload: &'a [u8], tx: &'a mut Tx) -> Outcome<'a> {
        Box::pin(async move {
            let event = E::decode(payload)
                .map_err(|error| Fault::poison(format!("{type_name} does not decode: {error}")))?;
            self.0.handle(event, tx).await
        })
    }
}

struct Any<H>(Arc<H>);

impl<H: HandleAny> Erased for Any<H> {
    fn call<'a>(&'a self, type_name: &'a str, payload: &'a [u8], tx: &'a mut Tx) -> Outcome<'a> {
        Box::pin(self.0.handle_any(type_name, payload, tx))
    }
}

/// The table of what a service hears.
pub struct Handlers<H> {
    service: Arc<H>,
    table: Table,
}

/// A service that says nothing begins a partition's transactions this far apart.
const PACE: Duration = Duration::from_millis(5);

/// Handlers by full name, and at most one for everything.
#[derive(Clone)]
pub(crate) struct Table {
    by_type: HashMap<String, Arc<dyn Erased>>,
    any: Option<Arc<dyn Erased>>,
    settle: Option<Arc<dyn ErasedSettle>>,
    pace: Duration,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            by_type: HashMap::new(),
            any: None,
            settle: None,
            pace: PACE,
        }
    }
}

impl<H: Send + Sync + 'static> Handlers<H> {
    /// A service that hears nothing yet.
    pub fn new(service: Arc<H>) -> Self {
        Self {
            service,
            table: Table::default(),
        }
    }

    /// Hears events of type `E`.
    #[must_use]
    pub fn on<E>(mut self) -> Self
    where
        H: Handle<E>,
        E: Name + Default + 'static,
    {
        let handler = Typed::<H, E>(Arc::clone(&self.service), std::marker::PhantomData);
        self.table.by_type.insert(E::full_name(), Arc::new(handler));
        self
    }

    /// Hears every event that no other handler hears.
    #[must_use]
    pub fn on_any(mut self) -> Self
    where
        H: HandleAny,
    {
        self.table.any = Some(Arc::new(Any(Arc::clone(&self.service))));
        self
    }

    /// Writes together what the handlers kept, before each commit.
    #[must_use]
    pub fn settling(mut self) -> Self
    where
        H: Settle,
    {
        self.table.settle = Some(Arc::new(Settling(Arc::clone(&self.service))));
        self
    }

    /// Transactions of one partition begin at least `pace` apart, and each applies what came meanwhile; the first event
    /// after a pause never waits. The longer, the cheaper an event under load, and the later its effects are seen.
    #[must_use]
    pub fn paced(mut self, pace: Duration) -> Self {
        self.table.pace = pace;
        self
    }

    pub(crate) fn into_table(self) -> Table {
        self.table
    }
}

impl Table {
    /// How far apart transactions begin.
    pub(crate) fn pace(&self) -> Duration {
        self.pace
    }

    /// Whether any handler hears this type.
    pub(crate) fn hears(&self, type_name: &str) -> bool {
        self.any.is_some() || self.by_type.contains_key(type_name)
    }

    /// Calls the handler of a type; an event that nobody hears is applied by doing nothing.
    pub(crate) async fn call(&self, type_name: &str, payload: &[u8], tx: &mut Tx) -> Result<(), Fault> {
        match self.by_type.get(type_name).or(self.any.as_ref()) {
            Some(handler) => handler.call(type_name, payload, tx).await,
            None => Ok(()),
        }
    }

    /// Ends a transaction's worth of calls, before the commit.
    pub(crate) async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        match &self.settle {
            Some(service) => service.settle(tx).await,
            None => Ok(()),
        }
    }
}
