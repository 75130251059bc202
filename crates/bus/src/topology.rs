//! The topology controller: the only one that creates the stream, and makes it anew when the broker lost it. Consumers are
//! made by those who read, and remember nothing.

use std::time::Duration;

use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::jetstream::{self};
use hotline_runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// How often what the broker has is compared with what it should have.
const CHECK_EVERY: Duration = Duration::from_secs(2);
/// Messages older than this leave the stream; the journals keep them.
const MAX_AGE: Duration = Duration::from_secs(7 * 24 * 3600);
/// The broker recognises a message sent twice within this time; beyond it the cursors do.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);
/// Largest event.
const MAX_MESSAGE_BYTES: i32 = 1 << 20;

/// What the broker should have.
pub struct Topology {
    url: String,
    stream: String,
    prefix: String,
    replicas: usize,
    shutdown: CancellationToken,
}

impl Topology {
    /// A controller for the installation's stream.
    pub fn new(runtime: &Runtime) -> Self {
        let nats = &runtime.settings.nats;
        Self {
            url: if nats.admin_url.is_empty() {
                nats.url.clone()
            } else {
                nats.admin_url.clone()
            },
            prefix: nats.subject_prefix.clone(),
            stream: nats.stream.clone(),
            replicas: usize::from(nats.replicas),
            shutdown: runtime.shutdown.clone(),
        }
    }

    /// Watches until shutdown. A broker that is away is waited for.
    ///
    /// # Errors
    /// A broker URL that does not parse.
    pub async fn run(self) -> anyhow::Result<()> {
        let client = crate::nats::connect(&self.url, "hotline-topology").await?;
        let context = jetstream::new(client);
        loop {
            if let Err(error) = self.check(&context).await {
                tracing::debug!(error = format!("{error:#}"), "the broker cannot be arranged now");
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(CHECK_EVERY) => {}
            }
        }
    }

    /// Makes what the broker lacks now, once.
    ///
    /// # Errors
    /// The broker is away or refuses.
    pub async fn arrange(&self) -> anyhow::Result<()> {
        let client = crate::nats::connect(&self.url, "hotline-topology").await?;
        self.check(&jetstream::new(client)).await
    }

    async fn check(&self, context: &jetstream::Context) -> anyhow::Result<()> {
        context.get_or_create_stream(self.stream_config()).await?;
        Ok(())
    }

    fn stream_config(&self) -> Config {
        Config {
            name: self.stream.clone(),
            subjects: vec![format!("{}.>", self.prefix)],
            retention: RetentionPolicy::Limits,
            storage: StorageType::File,
            discard: DiscardPolicy::Old,
            max_age: MAX_AGE,
            duplicate_window: DUPLICATE_WINDOW,
            max_message_size: MAX_MESSAGE_BYTES,
            num_replicas: self.replicas,
            description: Some("Hotline events; the journals in PostgreSQL are the record".to_owned()),
            ..Config::default()
        }
    }
}
