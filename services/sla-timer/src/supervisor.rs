//! The worker that looks at what falls due in supervision: one in the installation, by lease.
//!
//! Invariant: what is due is looked at once, in order of its time.

use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Fault, Lease};

use crate::ops::Sla;
use crate::ops::supervision::{next_due, turn};

/// Name of the lease.
const LEASE: &str = "supervisor";

/// How long what others put may go unseen, and the pause after a fault.
const POLL: Duration = Duration::from_millis(500);

/// Between a wake and the look: the transaction that caused it commits meanwhile.
const SETTLE: Duration = Duration::from_millis(10);

/// The worker.
pub struct Supervisor {
    sla: Arc<Sla>,
    lease: Lease,
}

impl Supervisor {
    /// The worker of a service.
    #[must_use]
    pub fn new(sla: Arc<Sla>) -> Self {
        let lease = sla.bus.lease(LEASE);
        Self { sla, lease }
    }

    /// Looks until shutdown, whenever the lease is held.
    ///
    /// # Errors
    /// None; faults are logged and tried again.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let shutdown = self.sla.bus.shutdown().clone();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                held = self.lease.held() => if held.is_none() { return Ok(()) },
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = self.work() => {}
            }
        }
    }

    async fn work(&mut self) {
        while self.lease.token().is_some() {
            match turn(&self.sla, &self.lease).await {
                Ok(0) => self.wait().await,
                Ok(_) => {}
                Err(fault) => {
                    tracing::warn!(%fault, "supervision tries again");
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    }

    /// Waits for what is due next, for a wake, or for the poll.
    async fn wait(&mut self) {
        let clock = self.sla.bus.clock().clone();
        let sla = Arc::clone(&self.sla);
        let next = next_due(&sla).await.unwrap_or_else(|fault: Fault| {
            tracing::warn!(%fault, "supervision tries again");
            None
        });
        let later = next.filter(|next| *next > clock.now());
        tokio::select! {
            () = clock.sleep_until(later.unwrap_or_default()), if later.is_some() => {}
            () = sla.supervise.notified() => tokio::time::sleep(SETTLE).await,
            () = tokio::time::sleep(if next.is_some() && later.is_none() { SETTLE } else { POLL }) => {}
            () = self.lease.lost() => {}
        }
    }
}
