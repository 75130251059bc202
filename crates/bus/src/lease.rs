//! Leases with fencing tokens: what only one process may do at a time. Time is the database's.
//!
//! Invariant: a transaction that passed [`Lease::check`] commits before any successor's first one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Fault, Tx, store};

/// How long a silent holder is waited for: short enough to recover in seconds, long enough for a slow commit.
const TTL: Duration = Duration::from_secs(3);
/// Renewals fit three times into a lease, so that one lost renewal loses nothing.
const RENEW_EVERY: Duration = Duration::from_secs(1);

type Tokens = HashMap<String, i64>;

/// All leases of one service in one process, renewed together in one statement.
#[derive(Clone)]
pub(crate) struct Keeper {
    holder: Uuid,
    names: Arc<Mutex<BTreeSet<String>>>,
    tokens: Arc<watch::Sender<Tokens>>,
    wanted: Arc<Notify>,
}

impl Keeper {
    pub(crate) fn new(holder: Uuid) -> Self {
        Self {
            holder,
            names: Arc::default(),
            tokens: Arc::new(watch::channel(Tokens::new()).0),
            wanted: Arc::default(),
        }
    }

    /// A lease that this process would like to hold.
    pub(crate) fn lease(&self, name: &str) -> Lease {
        self.names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned());
        self.wanted.notify_one();
        Lease {
            name: name.to_owned(),
            tokens: self.tokens.subscribe(),
        }
    }

    /// Renews until shutdown, then lets go.
    pub(crate) async fn run(self, pool: PgPool, shutdown: CancellationToken) -> anyhow::Result<()> {
        let mut misses = Duration::ZERO;
        loop {
            match self.renew(&pool).await {
                Ok(tokens) => {
                    misses = Duration::ZERO;
                    self.tokens.send_if_modified(|held| {
                        let changed = *held != tokens;
                        *held = tokens;
                        changed
                    });
                }
                Err(error) => {
                    misses += RENEW_EVERY;
                    tracing::warn!(%error, "leases could not be renewed");
                    if misses >= TTL {
                        self.tokens.send_replace(Tokens::new());
                    }
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = self.wanted.notified() => {}
                () = tokio::time::sleep(RENEW_EVERY) => {}
            }
        }
        self.tokens.send_replace(Tokens::new());
        // A kindness to the successor, who otherwise waits for the lease to expire.
        if let Ok(mut sql) = pool.acquire().await
            && let Err(error) = store::release_leases(&mut sql, self.holder).await
        {
            tracing::warn!(%error, "leases could not be let go");
        }
        Ok(())
    }

    async fn renew(&self, pool: &PgPool) -> Result<Tokens, sqlx::Error> {
        let names: Vec<String> = self
            .names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect();
        if names.is_empty() {
            return Ok(Tokens::new());
        }
        let ttl_ms = i64::try_from(TTL.as_millis()).unwrap_or(i64::MAX);
        let renewal = async {
            let mut sql = pool.acquire().await?;
            store::hold_leases(&mut sql, self.holder, &names, ttl_ms).await
        };
        tokio::time::timeout(RENEW_EVERY * 2, renewal)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }
}

/// One lease, held or waited for.
#[derive(Clone)]
pub struct Lease {
    name: String,
    tokens: watch::Receiver<Tokens>,
}

impl Lease {
    /// Waits until this process holds the lease; `None` when it never will, because it is shutting down.
    pub async fn held(&mut self) -> Option<i64> {
        let name = self.name.clone();
        let tokens = self
            .tokens
            .wait_for(|tokens| tokens.contains_key(&name))
            .await
            .ok()?;
        tokens.get(&name).copied()
    }

    /// The token while the lease is held.
    pub fn token(&self) -> Option<i64> {
        self.tokens.borrow().get(&self.name).copied()
    }

    /// Waits until the lease is lost.
    pub async fn lost(&mut self) {
        let name = self.name.clone();
        // An error means that the keeper is gone, and the lease with it.
        let _ = self.tokens.wait_for(|tokens| !tokens.contains_key(&name)).await;
    }

    /// Waits until this process gained or lost a lease of the service, whichever.
    pub(crate) async fn changed(&mut self) {
        if self.tokens.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Fences the transaction: it fails unless the lease is still ours when it commits.
    ///
    /// # Errors
    /// [`Fault::Retry`] when the lease was lost, or the database failed.
    pub async fn check(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.fence(tx.sql()).await
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The token, or the fault of not having one.
    pub(crate) fn token_or_lost(&self) -> Result<i64, Fault> {
        self.token().ok_or_else(|| self.is_lost())
    }

    pub(crate) async fn fence(&self, sql: &mut sqlx::PgConnection) -> Result<(), Fault> {
        let token = self.token_or_lost()?;
        if store::lease_stands(sql, &self.name, token).await? {
            Ok(())
        } else {
            Err(self.is_lost())
        }
    }

    fn is_lost(&self) -> Fault {
        Fault::retry(format!("lease {} was lost", self.name))
    }
}
