//! The services as the portals call them: with a token of the portal's own, the visitor's language and a deadline.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hotline_policy::Lang;
use hotline_proto::callback::v1::callback_service_client::CallbackServiceClient;
use hotline_proto::enterprise::v1::enterprise_service_client::EnterpriseServiceClient;
use hotline_proto::intake::v1::intake_service_client::IntakeServiceClient;
use hotline_proto::routing::v1::routing_service_client::RoutingServiceClient;
use hotline_proto::sla::v1::sla_timer_service_client::SlaTimerServiceClient;
use hotline_runtime::{Caller, PeerChannel, Runtime, Stopwatch};
use tonic::Request;
use tonic::metadata::MetadataValue;

use super::visit::{Side, Visit};

/// Longest wait for a service: a person waits behind it.
const WAIT: Duration = Duration::from_secs(8);
/// Life of the portal's token.
const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);
/// Age after which a token is made anew.
const TOKEN_OLD: Duration = Duration::from_secs(10 * 60);

/// Ways to the services.
pub struct Services {
    /// The register.
    pub intake: IntakeServiceClient<PeerChannel>,
    /// The orders.
    pub routing: RoutingServiceClient<PeerChannel>,
    /// The clocks.
    pub sla: SlaTimerServiceClient<PeerChannel>,
    /// The call-backs.
    pub callback: CallbackServiceClient<PeerChannel>,
    /// The second sends.
    pub enterprise: EnterpriseServiceClient<PeerChannel>,
    runtime: Runtime,
    tokens: Mutex<[Option<(String, Stopwatch)>; 2]>,
}

impl Services {
    /// Ways to the services of this installation.
    ///
    /// # Errors
    /// A peer's URL that is none.
    pub fn open(runtime: &Runtime) -> anyhow::Result<Self> {
        let way = |name| runtime.peers.channel(name);
        Ok(Self {
            intake: IntakeServiceClient::new(way("intake")?),
            routing: RoutingServiceClient::new(way("routing")?),
            sla: SlaTimerServiceClient::new(way("sla-timer")?),
            callback: CallbackServiceClient::new(way("callback")?),
            enterprise: EnterpriseServiceClient::new(way("enterprise")?),
            runtime: runtime.clone(),
            tokens: Mutex::default(),
        })
    }

    /// `body` as a request of the visit's portal.
    ///
    /// # Errors
    /// The token cannot be made.
    pub fn ask<T>(&self, visit: &Visit, body: T) -> anyhow::Result<Request<T>> {
        let mut request = Request::new(body);
        let bearer = format!("Bearer {}", self.token(visit.side)?);
        let mut bearer = MetadataValue::try_from(bearer)?;
        bearer.set_sensitive(true);
        let lang = match visit.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        };
        request.metadata_mut().insert("authorization", bearer);
        request
            .metadata_mut()
            .insert("accept-language", MetadataValue::from_static(lang));
        request.set_timeout(WAIT);
        Ok(request)
    }

    /// The token of a portal: timelines name it as the one who acted.
    fn token(&self, side: Side) -> anyhow::Result<String> {
        let (place, caller) = match side {
            Side::Public => (0, Caller::new("portal", &["service"])),
            Side::Enterprise => (
                1,
                Caller::new("enterprise-portal", &["service", "enterprise_desk"]),
            ),
        };
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, since)) = &tokens[place]
            && since.elapsed() < TOKEN_OLD
        {
            return Ok(token.clone());
        }
        let token = self.runtime.tokens.issue(&caller, TOKEN_LIFE)?;
        tokens[place] = Some((token.clone(), Stopwatch::start()));
        Ok(token)
    }
}
