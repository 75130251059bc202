//! Channels to other services: the same call whether they run in this process or in another.
//!
//! Every call carries the installation's token, the trace context, what is left of the deadline and the language. A
//! service in this process is called without the network, through the same gate.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::Context as _;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower::{BoxError, Service, ServiceExt};

use crate::clock::Stopwatch;
use crate::config::{Grpc, Settings};
use crate::deadline::{hand_on, limit_of};
use crate::gate::Gate;
use crate::telemetry;
use crate::token::Tokens;

/// Ways to the services of the installation.
#[derive(Clone)]
pub struct Peers(Arc<Shared>);

struct Shared {
    urls: BTreeMap<String, String>,
    limits: Grpc,
    tokens: Arc<Tokens>,
    here: OnceLock<Gate>,
    there: Mutex<HashMap<String, Channel>>,
}

impl Peers {
    /// Ways as `settings.peers` says.
    pub(crate) fn new(settings: &Settings, tokens: Arc<Tokens>) -> Self {
        Self(Arc::new(Shared {
            // An environment variable cannot hold a hyphen: HOTLINE_PEERS__SLA_TIMER is sla-timer.
            urls: settings
                .peers
                .iter()
                .map(|(name, url)| (name.replace('_', "-"), url.clone()))
                .collect(),
            limits: settings.grpc.clone(),
            tokens,
            here: OnceLock::new(),
            there: Mutex::default(),
        }))
    }

    /// A channel to `service` for a generated client: `IntakeServiceClient::new(peers.channel("intake")?)`. It connects
    /// at the first call and reconnects by itself; call it inside a Tokio runtime.
    ///
    /// # Errors
    /// The service's URL in `peers` is none.
    pub fn channel(&self, service: &str) -> anyhow::Result<PeerChannel> {
        let Some(url) = self.0.urls.get(service) else {
            return Ok(PeerChannel {
                way: Way::Here,
                shared: self.0.clone(),
            });
        };
        let mut there = self.0.there.lock().unwrap_or_else(PoisonError::into_inner);
        if !there.contains_key(url) {
            there.insert(url.clone(), connect(url, &self.0.limits)?);
        }
        let channel = there
            .get(url)
            .cloned()
            .context("the channel was just put there")?;
        Ok(PeerChannel {
            way: Way::There(channel),
            shared: self.0.clone(),
        })
    }

    /// Makes this process's own services reachable; calls before it are answered UNAVAILABLE.
    pub(crate) fn open_here(&self, gate: Gate) {
        // A second server of the same runtime would serve the same services; the first stays.
        let _ = self.0.here.set(gate);
    }
}

/// A lazily connected channel with every limit that tonic leaves unset.
fn connect(url: &str, limits: &Grpc) -> anyhow::Result<Channel> {
    let endpoint =
        Endpoint::from_shared(url.to_owned()).with_context(|| format!("peers: {url} is no URL"))?;
    Ok(endpoint
        .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
        .http2_keep_alive_interval(Duration::from_millis(limits.keepalive_interval_ms))
        .keep_alive_timeout(Duration::from_millis(limits.keepalive_timeout_ms))
        .keep_alive_while_idle(true)
        .tcp_keepalive(Some(Duration::from_millis(limits.keepalive_interval_ms)))
        .connect_lazy())
}

/// A channel to one service; cheap to clone.
#[derive(Clone)]
pub struct PeerChannel {
    way: Way,
    shared: Arc<Shared>,
}

#[derive(Clone)]
enum Way {
    Here,
    There(Channel),
}

impl Service<Request<Body>> for PeerChannel {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let since = Stopwatch::start();
        let limit = limit_of(request.headers(), &self.shared.limits);
        if let Err(error) = self.shared.dress(request.headers_mut(), limit) {
            return Box::pin(async move { Err(error.into()) });
        }
        let way = self.way.clone();
        let here = self.shared.here.get().cloned();
        Box::pin(async move {
            let answered = tokio::time::timeout(limit, async move {
                match (way, here) {
                    (Way::There(channel), _) => Ok(channel.oneshot(request).await?),
                    (Way::Here, Some(gate)) => Ok(gate.oneshot(request).await?),
                    (Way::Here, None) => {
                        Ok(Status::unavailable("this process serves nothing yet").into_http())
                    }
                }
            });
            match answered.await {
                Ok(Err(error)) if since.elapsed() < limit => Err(error),
                Ok(Ok(response)) => Ok(response),
                // tonic's channel keeps the same deadline and may notice it first, as an error of its own.
                _late => Ok(Status::deadline_exceeded("办理超时 / the deadline passed").into_http()),
            }
        })
    }
}

impl Shared {
    /// Adds token, deadline, language and trace context.
    fn dress(&self, headers: &mut HeaderMap, limit: Duration) -> anyhow::Result<()> {
        if !headers.contains_key(AUTHORIZATION) {
            let mut bearer = HeaderValue::try_from(format!("Bearer {}", self.tokens.service_token()?))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        hand_on(limit, headers);
        telemetry::inject(&mut |name, value| {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        });
        Ok(())
    }
}
