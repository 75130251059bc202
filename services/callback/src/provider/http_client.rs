//! A provider behind HTTP: JSON, signed, with a name for each message so that a repeated post is sent once.

use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use hotline_runtime::Clock;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::sign::{NONCE, SIGNATURE, Signed, TIMESTAMP};
use super::{NotTaken, Outbound, Provider, ProviderSettings};

/// Most of an answer that is read, bytes: only its status counts.
const ANSWER_MAX: usize = 64 * 1024;

/// The provider.
pub struct HttpProvider {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: Uri,
    secret: Vec<u8>,
    timeout: Duration,
    clock: Clock,
}

impl HttpProvider {
    /// A provider as the settings say.
    ///
    /// # Errors
    /// The URL is none, the secret cannot be read, or the machine has no trusted roots for https.
    pub fn open(settings: &ProviderSettings, clock: Clock) -> anyhow::Result<Self> {
        let url: Uri = settings
            .url
            .parse()
            .with_context(|| format!("services.callback.provider.url = {}", settings.url))?;
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_native_roots()
            .context("the machine's trusted certificates")?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(https),
            url,
            secret: settings.secret()?,
            timeout: Duration::from_millis(settings.timeout_ms),
            clock,
        })
    }

    fn request(&self, message: &Outbound) -> anyhow::Result<Request<Full<Bytes>>> {
        let body = serde_json::to_vec(message)?;
        let nonce = self.clock.new_id().simple().to_string();
        let timestamp = self.clock.now().timestamp();
        let signed = Signed {
            method: "POST",
            path: self.url.path(),
            timestamp,
            nonce: &nonce,
            body: &body,
        };
        let signature = signed.sign(&self.secret);
        Ok(Request::post(self.url.clone())
            .header("content-type", "application/json")
            .header("idempotency-key", &message.message_id)
            .header(TIMESTAMP, timestamp)
            .header(NONCE, nonce)
            .header(SIGNATURE, signature)
            .body(Full::from(body))?)
    }

    async fn post(&self, message: &Outbound) -> Result<(), NotTaken> {
        let request = self
            .request(message)
            .map_err(|error| NotTaken::Never(format!("{error:#}")))?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| NotTaken::Later(error.to_string()))?;
        let status = answer.status();
        // Read to its end, so that the connection can be used again.
        let _ = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
        match status {
            _ if status.is_success() => Ok(()),
            // It has the message already.
            StatusCode::CONFLICT => Ok(()),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Err(NotTaken::Later(status.to_string()))
            }
            _ if status.is_client_error() => Err(NotTaken::Never(status.to_string())),
            _ => Err(NotTaken::Later(status.to_string())),
        }
    }
}

#[tonic::async_trait]
impl Provider for HttpProvider {
    async fn send(&self, message: &Outbound) -> Result<(), NotTaken> {
        let posted = tokio::time::timeout(self.timeout, self.post(message)).await;
        posted.unwrap_or_else(|_late| Err(NotTaken::Later("no answer in time".to_owned())))
    }
}
