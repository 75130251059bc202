//! Gives every entry its place in the chain, and signs the chain's end every hour. One active a service.
//!
//! Entries commit in another order than that of their numbers. That does no harm: an entry's place is where the chainer found
//! it, and one that was committed late comes later. Nothing is passed over, because what waits is a table and no mark.
//!
//! Invariant: a chainer that slept through its lease chains nothing: every batch checks the fence.

use std::time::Duration;

use chrono::TimeDelta;
use hotline_proto::audit::v1::AuditHeadSigned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::hash::{Head, genesis, hash};
use super::store;
use crate::lease::Lease;
use crate::{Bus, Fault};

/// Entries of one transaction.
const BATCH_MAX: usize = 1_000;
/// How long an entry waits at most while nothing is wrong.
const POLL_EVERY: Duration = Duration::from_secs(1);
/// Pause after a failure.
const BACKOFF: Duration = Duration::from_millis(500);
/// Time between two signed heads of a chain that grows.
const SIGN_EVERY: TimeDelta = TimeDelta::hours(1);

/// What the heads of a service are about on the bus: the same identifier for ever.
pub(super) fn root_of(service: &str) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(format!("hotline audit heads of {service}")).into();
    let (first, _) = digest.split_at(16);
    Uuid::from_slice(first).unwrap_or_default()
}

#[derive(Clone)]
pub(crate) struct Chainer {
    bus: Bus,
    lease: Lease,
}

impl Chainer {
    pub(crate) fn new(bus: Bus) -> Self {
        let lease = bus.lease("audit");
        Self { bus, lease }
    }

    /// Chains and signs until shutdown.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                held = self.lease.held() => if held.is_none() { break },
            }
            let pause = match self.round().await {
                Ok(chained) if chained >= BATCH_MAX => continue,
                Ok(_) => POLL_EVERY,
                Err(fault) => {
                    tracing::warn!(service = self.bus.service(), error = %fault, "the audit is not chained, will try again");
                    BACKOFF
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(pause) => {}
            }
        }
        Ok(())
    }

    #[cfg(test)]
    pub(crate) async fn wait_for_lease(&self) {
        self.lease.clone().held().await.expect("the lease is free");
    }

    async fn round(&self) -> Result<usize, Fault> {
        let chained = self.chain().await?;
        if chained > 0 {
            self.sign().await?;
        }
        Ok(chained)
    }

    /// Chains one batch in one fenced transaction; returns how many entries.
    pub(crate) async fn chain(&self) -> Result<usize, Fault> {
        // A look that costs nothing while nothing waits.
        let waiting = store::take(&mut *self.bus.pool().acquire().await?, 1).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut tx = self.bus.begin().await?;
        self.lease.check(&mut tx).await?;
        let limit = i64::try_from(BATCH_MAX).unwrap_or(i64::MAX);
        let waiting = store::take(tx.sql(), limit).await?;
        let service = self.bus.service();
        let (last, mut prev) = match store::tail(tx.sql()).await? {
            Some((seq, hash)) => (seq, hash),
            None => (0, genesis(service).to_vec()),
        };
        let (mut ids, mut prevs, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
        for (seq, (id, record)) in (last + 1..).zip(&waiting) {
            let own = hash(service, seq, *id, record, &prev).to_vec();
            ids.push(*id);
            prevs.push(std::mem::replace(&mut prev, own.clone()));
            hashes.push(own);
        }
        let prevs: Vec<&[u8]> = prevs.iter().map(Vec::as_slice).collect();
        let hashes: Vec<&[u8]> = hashes.iter().map(Vec::as_slice).collect();
        let moved = store::chain(tx.sql(), &ids, last + 1, &prevs, &hashes).await?;
        if moved != u64::try_from(ids.len()).unwrap_or(u64::MAX) {
            return Err(Fault::retry(
                "waiting audit entries went away while they were chained",
            ));
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    /// Signs the chain's end where the last signature is an hour old, and tells it on the bus.
    pub(crate) async fn sign(&self) -> Result<(), Fault> {
        let mut tx = self.bus.begin().await?;
        self.lease.check(&mut tx).await?;
        let now = tx.now();
        let Some((seq, hash)) = store::tail(tx.sql()).await? else {
            return Ok(());
        };
        if let Some((signed, at)) = store::newest_head(tx.sql()).await?
            && (signed >= seq || now - at < SIGN_EVERY)
        {
            return Ok(());
        }
        let service = self.bus.service();
        let key = self.bus.audit_key();
        let mut head = Head {
            service: service.to_owned(),
            seq,
            hash,
            at: now,
            key: key.id().to_owned(),
            signature: Vec::new(),
        };
        head.signature = key.sign(&head.message());
        store::insert_head(tx.sql(), &head).await?;
        let told = AuditHeadSigned {
            head: Some(head.into_message()),
        };
        tx.publish(root_of(service), &told);
        tx.commit().await
    }
}
