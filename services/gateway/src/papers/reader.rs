//! Who reads a paper: the account of the session, or the bearer of a token; the services are asked in that name.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::response::Response;
use hotline_policy::Lang;
use hotline_proto::routing::v1::routing_service_client::RoutingServiceClient;
use hotline_proto::sla::v1::supervision_service_client::SupervisionServiceClient;
use hotline_runtime::{PeerChannel, status};
use http::StatusCode;
use http::header::AUTHORIZATION;
use http::request::Parts;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

use crate::Door;
use crate::asker::{Asker, note};
use crate::files::caller;
use crate::page::say;
use crate::web;

/// Life of the token by which a service is asked in the reader's name.
const TOKEN_LIFE: Duration = Duration::from_secs(60);
/// Longest wait for a service: a person waits behind it.
const WAIT: Duration = Duration::from_secs(10);

/// Who reads.
pub struct Reader {
    /// What the gateway's routes share.
    pub door: Arc<Door>,
    /// Language of what stands around the paper.
    pub lang: Lang,
    token: String,
}

impl FromRequestParts<Arc<Door>> for Reader {
    type Rejection = Response;

    async fn from_request_parts(head: &mut Parts, door: &Arc<Door>) -> Result<Self, Response> {
        let asker = Asker::from_request_parts(head, door).await?;
        let lang = asker.lang;
        let caller = match caller::of(door, &head.headers, false).await {
            Ok(caller) => caller,
            Err(status)
                if status.code() == Code::Unauthenticated && !head.headers.contains_key(AUTHORIZATION) =>
            {
                return Err(web::to_sign_in(&asker, &head.uri));
            }
            Err(status) => return Err(refused(lang, &status)),
        };
        let token = door.runtime.tokens.issue(&caller, TOKEN_LIFE);
        Ok(Self {
            token: token.map_err(|error| refused(lang, &status::internal(error)))?,
            door: Arc::clone(door),
            lang,
        })
    }
}

impl Reader {
    /// The orders.
    ///
    /// # Errors
    /// A peer's URL that is none.
    pub fn routing(&self) -> Result<RoutingServiceClient<PeerChannel>, Status> {
        Ok(RoutingServiceClient::new(self.channel("routing")?))
    }

    /// The ledger of supervision.
    ///
    /// # Errors
    /// A peer's URL that is none.
    pub fn supervision(&self) -> Result<SupervisionServiceClient<PeerChannel>, Status> {
        Ok(SupervisionServiceClient::new(self.channel("sla-timer")?))
    }

    fn channel(&self, service: &str) -> Result<PeerChannel, Status> {
        let channel = self.door.runtime.peers.channel(service);
        channel.map_err(status::internal)
    }

    /// `body` as a request of the reader.
    ///
    /// # Errors
    /// A token that stands in no header.
    pub fn ask<T>(&self, body: T) -> Result<Request<T>, Status> {
        let bearer = MetadataValue::try_from(format!("Bearer {}", self.token));
        let mut bearer = bearer.map_err(status::internal)?;
        bearer.set_sensitive(true);
        let mut request = Request::new(body);
        let metadata = request.metadata_mut();
        metadata.insert("authorization", bearer);
        let lang = MetadataValue::from_static(say(self.lang, "zh-CN", "en"));
        metadata.insert("accept-language", lang);
        request.set_timeout(WAIT);
        Ok(request)
    }

    /// The name of a unit of the city; its code where it is none.
    pub fn unit(&self, id: &str) -> String {
        let city = self.door.library.city(&self.door.runtime.settings.city);
        let name = city.and_then(|city| city.units.get(id).map(|unit| unit.name.clone()));
        name.unwrap_or_else(|| id.to_owned())
    }

    /// What the platform signs as.
    pub fn platform(&self) -> String {
        let city = self.door.library.city(&self.door.runtime.settings.city);
        let name = city.and_then(|city| {
            let division = city.divisions.get(&city.policy.division);
            division.map(|division| division.name.clone())
        });
        format!("{}12345政务服务便民热线", name.unwrap_or_default())
    }
}

/// A page instead of a paper: there is none, or it is not for this reader.
pub fn refused(lang: Lang, status: &Status) -> Response {
    let http = match status.code() {
        Code::NotFound | Code::InvalidArgument => StatusCode::NOT_FOUND,
        Code::FailedPrecondition => StatusCode::CONFLICT,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable | Code::DeadlineExceeded => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if http.is_server_error() {
        tracing::warn!(%status, "a paper cannot be shown for now");
        let text = say(
            lang,
            "暂时无法打开，请稍后重试。",
            "This does not work right now. Try again later.",
        );
        return note(lang, http, text);
    }
    let details = status.get_error_details();
    let words = details.localized_message().map(|words| words.message.as_str());
    note(lang, http, words.unwrap_or(status.message()))
}
