//! The worker that hands messages to the provider: one in the installation, by lease.

use std::sync::Arc;
use std::time::Duration;

use crate::ops::Callbacks;
use crate::provider::{Numbers, Provider, ProviderSettings};

/// Name of the lease.
const LEASE: &str = "sender";

/// How long a message of another process, or a silence, may go unseen.
const POLL: Duration = Duration::from_secs(2);

/// Sends until shutdown, whenever the lease is held.
///
/// # Errors
/// None; faults are logged and tried again.
pub async fn run(
    callbacks: Arc<Callbacks>,
    provider: Arc<dyn Provider>,
    numbers: Arc<dyn Numbers>,
    settings: ProviderSettings,
) -> anyhow::Result<()> {
    let mut lease = callbacks.bus.lease(LEASE);
    let shutdown = callbacks.bus.shutdown().clone();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            held = lease.held() => if held.is_none() { return Ok(()) },
        }
        let sent = callbacks
            .send_due(&lease, provider.as_ref(), numbers.as_ref(), &settings)
            .await;
        match sent {
            Ok(0) => {}
            Ok(_) => continue,
            Err(fault) => tracing::warn!(%fault, "messages could not be sent"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = callbacks.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}
