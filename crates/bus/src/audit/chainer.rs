//! Gives every entry its place in the chain, and signs the chain's end every hour. One active a service.
//!
//! Entries commit in another order than that of their numbers. That does no harm: an entry's place is where the chainer found
//! it, and one that was committed late comes later. Nothing is passed over, because what waits is a table and no mark.
//!
//! Invariant: a chainer that slept through its lease chains nothing: every batch checks the fence.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use hotline_proto::audit::v1::AuditHeadSigned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::hash::{Head, genesis, hash};
use super::store;
use crate::lease::Lease;
use crate::{Bus, Fault};

/// Rows of waiting entries a transaction: each holds those of one command, or of the commands that were committed together.
const BATCH_MAX: usize = 500;
/// How long an entry waits at most while nothing is wrong.
const POLL_EVERY: Duration = Duration::from_secs(1);
/// Entries that are worth a transaction; where more come in that time, it is chained the more often. Many at once would keep a
/// core from everybody else for as long as a clerk's command takes, and the next commit waits until the log has them all.
const ENOUGH: u32 = 100;
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

/// How long to wait after so many entries that came in such a time, until enough will have come.
fn pause_after(chained: usize, came_in: Duration) -> Duration {
    match u32::try_from(chained) {
        Ok(0) => POLL_EVERY,
        chained => (came_in * ENOUGH / chained.unwrap_or(u32::MAX)).min(POLL_EVERY),
    }
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
        let mut began_at = Instant::now();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                held = self.lease.held() => if held.is_none() { break },
            }
            let gathered = std::mem::replace(&mut began_at, Instant::now());
            let pause = match self.round().await {
                Ok(chained) if chained >= BATCH_MAX => continue,
                Ok(chained) => pause_after(chained, began_at - gathered),
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
        if !store::any_waits(&mut *self.bus.pool().acquire().await?).await? {
            return Ok(0);
        }
        // What a power cut takes of the chain waits again.
        let mut tx = self.bus.begin_applying().await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_comes_the_more_often_it_is_chained() {
        let second = Duration::from_secs(1);
        assert_eq!(pause_after(0, second), POLL_EVERY);
        assert_eq!(pause_after(20, second), POLL_EVERY);
        assert_eq!(pause_after(1_000, second), second / 10);
        assert_eq!(pause_after(100, second / 4), second / 4);
        assert_eq!(pause_after(200, second / 4), second / 8);
    }
}
