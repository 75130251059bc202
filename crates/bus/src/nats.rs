//! The connection to the broker, with the time-outs that make its failures seen.

use std::time::Duration;

use anyhow::Context as _;

/// An isolated leader is noticed within seconds; at the client's default of 60 s it cost 26 s.
const PING_INTERVAL: Duration = Duration::from_secs(2);
/// An answer that takes longer is unknown, and asked for again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest pause between attempts to connect again.
const RECONNECT_MAX: Duration = Duration::from_secs(2);

/// Connects to the broker; a broker that is away is waited for, it is only transport.
///
/// # Errors
/// A URL that does not parse.
pub async fn connect(url: &str, name: &str) -> anyhow::Result<async_nats::Client> {
    async_nats::ConnectOptions::new()
        .name(name)
        .ping_interval(PING_INTERVAL)
        .request_timeout(Some(REQUEST_TIMEOUT))
        .retry_on_initial_connect()
        .max_reconnects(None)
        .reconnect_delay_callback(|attempts| {
            RECONNECT_MAX.min(Duration::from_millis(50 * u64::try_from(attempts).unwrap_or(u64::MAX)))
        })
        .event_callback(|event| async move { tracing::debug!(%event, "broker connection") })
        .connect(url)
        .await
        .with_context(|| format!("nats.url cannot be used as {name}"))
}
