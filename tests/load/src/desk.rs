//! The people who call: tokens from the installation's key, and a client of each service in their name.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use hotline_proto::callback::v1::callback_service_client::CallbackServiceClient;
use hotline_proto::intake::v1::intake_service_client::IntakeServiceClient;
use hotline_proto::routing::v1::routing_service_client::RoutingServiceClient;
use hotline_runtime::{Caller, Tokens};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_types::StatusExt;

/// Longest call; anything near it is a failure.
const CALL_MAX: Duration = Duration::from_secs(30);

/// Life of a token: longer than any measure.
const TOKEN_TTL: Duration = Duration::from_secs(8 * 3_600);

/// A person's token.
#[derive(Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// A channel in a person's name.
pub type Wire = InterceptedService<Channel, Bearer>;

/// Issues tokens, each once.
pub struct People {
    tokens: Tokens,
    issued: Mutex<HashMap<String, Bearer>>,
}

impl People {
    /// With the keys of a running installation.
    ///
    /// # Errors
    /// The key cannot be read.
    pub fn new(keys_dir: &Path) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            tokens: Tokens::open(keys_dir)?,
            issued: Mutex::default(),
        }))
    }

    /// Somebody of the platform with this role.
    ///
    /// # Errors
    /// The token cannot be issued.
    pub fn of_role(&self, role: &str) -> anyhow::Result<Bearer> {
        self.bearer(&Caller::new(format!("load-{role}"), &[role]))
    }

    /// A clerk of this unit.
    ///
    /// # Errors
    /// The token cannot be issued.
    pub fn clerk_of(&self, unit: &str) -> anyhow::Result<Bearer> {
        self.bearer(&Caller::new(format!("load-{unit}"), &["unit_clerk"]).of_unit(unit))
    }

    fn bearer(&self, caller: &Caller) -> anyhow::Result<Bearer> {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bearer) = issued.get(&caller.subject) {
            return Ok(bearer.clone());
        }
        let token = self.tokens.issue(caller, TOKEN_TTL)?;
        let bearer = Bearer(format!("Bearer {token}").parse().context("a token is ASCII")?);
        issued.insert(caller.subject.clone(), bearer.clone());
        Ok(bearer)
    }
}

/// A new connection.
///
/// # Errors
/// Nobody answers.
pub async fn dial(addr: SocketAddr) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{addr}"))?
        .timeout(CALL_MAX)
        .tcp_nodelay(true);
    endpoint
        .connect()
        .await
        .with_context(|| format!("connect to {addr}"))
}

/// So many connections.
///
/// # Errors
/// Nobody answers.
pub async fn dial_many(addr: SocketAddr, count: usize) -> anyhow::Result<Vec<Channel>> {
    futures::future::try_join_all((0..count).map(|_| dial(addr))).await
}

/// The register.
pub fn intake(channel: &Channel, bearer: Bearer) -> IntakeServiceClient<Wire> {
    IntakeServiceClient::with_interceptor(channel.clone(), bearer)
}

/// Orders and legs.
pub fn routing(channel: &Channel, bearer: Bearer) -> RoutingServiceClient<Wire> {
    RoutingServiceClient::with_interceptor(channel.clone(), bearer)
}

/// Call-backs.
pub fn callback(channel: &Channel, bearer: Bearer) -> CallbackServiceClient<Wire> {
    CallbackServiceClient::with_interceptor(channel.clone(), bearer)
}

/// A failed call as an error that names the call and the refusal.
pub fn failed(call: &'static str) -> impl Fn(Status) -> anyhow::Error {
    move |status| {
        let code = status
            .get_error_details()
            .error_info()
            .map(|info| info.reason.clone())
            .unwrap_or_default();
        anyhow::anyhow!("{call}: {:?} {code} {}", status.code(), status.message())
    }
}
