//! The connection to the broker, with the time-outs that make its failures seen; and readers that the broker forgets.

use std::time::Duration;

use anyhow::Context as _;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull};

/// An isolated leader is noticed within seconds; at the client's default of 60 s it cost 26 s.
const PING_INTERVAL: Duration = Duration::from_secs(2);
/// An answer that takes longer is unknown, and asked for again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest pause between attempts to connect again.
const RECONNECT_MAX: Duration = Duration::from_secs(2);

/// The broker sends a sign of life this often while nothing comes.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A pull request is renewed this often.
const EXPIRES: Duration = Duration::from_secs(30);
/// The broker forgets a reader that it has not heard of for so long.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);

/// A consumer without a name or acknowledgements, which the broker keeps in memory alone.
pub(crate) fn unnamed(description: &str, deliver_policy: DeliverPolicy) -> pull::Config {
    pull::Config {
        description: Some(description.to_owned()),
        deliver_policy,
        ack_policy: AckPolicy::None,
        memory_storage: true,
        num_replicas: 1,
        inactive_threshold: FORGOTTEN_AFTER,
        ..pull::Config::default()
    }
}

/// What a consumer brings, as it comes; `at_once` messages are asked for together.
///
/// # Errors
/// The broker does not answer.
pub(crate) async fn messages(consumer: &PullConsumer, at_once: usize) -> anyhow::Result<pull::Stream> {
    let stream = consumer.stream().max_messages_per_batch(at_once);
    Ok(stream.expires(EXPIRES).heartbeat(HEARTBEAT).messages().await?)
}

/// Connects to the broker; a broker that is away is waited for, it is only transport.
///
/// # Errors
/// A URL that does not parse.
pub async fn connect(url: &str, name: &str) -> anyhow::Result<async_nats::Client> {
    let (address, login) = without_login(url);
    let options = match login {
        // Given apart from the address, because the client writes addresses into its logs.
        Some((user, password)) => async_nats::ConnectOptions::with_user_and_password(user, password),
        None => async_nats::ConnectOptions::new(),
    };
    options
        .name(name)
        .ping_interval(PING_INTERVAL)
        .request_timeout(Some(REQUEST_TIMEOUT))
        .retry_on_initial_connect()
        .max_reconnects(None)
        .reconnect_delay_callback(|attempts| {
            RECONNECT_MAX.min(Duration::from_millis(
                50 * u64::try_from(attempts).unwrap_or(u64::MAX),
            ))
        })
        .event_callback(|event| async move { tracing::debug!(%event, "broker connection") })
        .connect(address)
        .await
        .with_context(|| format!("nats.url cannot be used as {name}"))
}

/// Splits `nats://user:password@host:port` into the bare address and the login.
fn without_login(url: &str) -> (String, Option<(String, String)>) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("nats", url));
    let Some((login, host)) = rest.rsplit_once('@') else {
        return (url.to_owned(), None);
    };
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    (
        format!("{scheme}://{host}"),
        Some((user.to_owned(), password.to_owned())),
    )
}

#[cfg(test)]
mod tests {
    use super::without_login;

    #[test]
    fn an_address_is_split_from_its_login() {
        let login = Some(("service".to_owned(), "p@ss".to_owned()));
        assert_eq!(
            without_login("nats://service:p@ss@127.0.0.1:4222"),
            ("nats://127.0.0.1:4222".to_owned(), login)
        );
        assert_eq!(
            without_login("nats://127.0.0.1:4222"),
            ("nats://127.0.0.1:4222".to_owned(), None)
        );
    }
}
