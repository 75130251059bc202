//! gRPC from browsers: gRPC-Web to the services' own contract, in the name of the session's account.

mod until;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body as WebBody;
use hotline_policy::Refusal;
use hotline_runtime::refusals::METHOD_CLOSED;
use hotline_runtime::{Openness, status, telemetry};
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, TE};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, Version};
use tonic::body::Body;
use tonic::{Code, Status};
use tonic_web::GrpcWebLayer;
use tower::util::BoxCloneSyncService;
use tower::{Layer as _, Service, ServiceExt};
use tower_http::limit::RequestBodyLimitLayer;
use tracing::Instrument as _;

use self::until::Until;
use crate::Door;
use crate::cookie::Cookie;
use crate::domain::is_staff;
use crate::domain::refusals::{PAGE_FOREIGN, SESSION_MISSING};
use crate::grpc::SESSION;
use crate::ops::Signed;
use crate::origin::is_ours;
use crate::page::lang_of;

/// What a page sends with calls that it makes by itself, without anybody there.
const PASSIVE: &str = "x-hotline-passive";

/// Calls that a page makes by itself, always.
const ALWAYS_PASSIVE: &[&str] = &[
    "/hotline.gateway.v1.DeskService/WatchDesk",
    "/hotline.gateway.v1.DeskService/ReportPresence",
    "/hotline.gateway.v1.DirectoryService/ListNames",
    "/hotline.gateway.v1.SessionService/GetSession",
];

/// What a page of ours sends along and a foreign form cannot.
pub const CSRF: &str = "x-hotline-csrf";

/// Of the browser's headers, what a service is told.
static HANDED_ON: [HeaderName; 2] = [ACCEPT_LANGUAGE, HeaderName::from_static("grpc-timeout")];

/// gRPC-Web's base64 takes a third more than the message.
const ROOM_FACTOR: usize = 2;

type Answer = Response<Body>;

/// The whole of `/rpc`.
pub fn service(door: &Arc<Door>) -> BoxCloneSyncService<Request<WebBody>, Response<WebBody>, Infallible> {
    let room = door
        .runtime
        .settings
        .grpc
        .message_max_bytes
        .saturating_mul(ROOM_FACTOR);
    let inner = GrpcWebLayer::new().layer(Forward(Arc::clone(door)));
    let limited = RequestBodyLimitLayer::new(room).layer(inner);
    let webbed = ServiceExt::<Request<WebBody>>::map_response(limited, |response| response.map(WebBody::new));
    BoxCloneSyncService::new(webbed)
}

/// Forwards a call to the service that its path names.
#[derive(Clone)]
struct Forward(Arc<Door>);

impl Service<Request<Body>> for Forward {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let door = Arc::clone(&self.0);
        let parent = request.headers().get(telemetry::TRACEPARENT);
        let parent = parent.and_then(|value| value.to_str().ok());
        let span = telemetry::span_with_parent("rpc", parent);
        let answer = async move {
            Ok(forward(&door, request)
                .await
                .unwrap_or_else(|status| status.into_http()))
        };
        Box::pin(answer.instrument(span))
    }
}

async fn forward(door: &Arc<Door>, request: Request<Body>) -> Result<Answer, Status> {
    let (head, body) = request.into_parts();
    let lang = lang_of(&head.headers);
    let refused = |code, refusal| status::refuse_as(code, &Refusal::new(refusal), lang);
    let settings = door.settings();
    if !is_ours(&head, &settings.public_url) || !head.headers.contains_key(CSRF) {
        return Err(refused(Code::PermissionDenied, &PAGE_FOREIGN));
    }
    let path = head.uri.path();
    let openness = door.access.openness(path);
    let signed = match Cookie::Session.of(&head.headers, settings.is_https()) {
        Some(token) => {
            let who = door.people.who(token, is_active(path, &head.headers)).await;
            who.map_err(|fault| fault.into_status(lang))?
        }
        None => None,
    };
    match (openness, &signed) {
        (Openness::Public, _) => {}
        (Openness::Roles(roles), Some(_)) if is_staff(roles) => {}
        (_, None) => return Err(refused(Code::Unauthenticated, &SESSION_MISSING)),
        (_, Some(_)) => return Err(refused(Code::PermissionDenied, &METHOD_CLOSED)),
    }
    let channel = door
        .runtime
        .peers
        .channel(service_of(path))
        .map_err(|error| status::internal(&error))?;
    let mut onward = Request::new(body);
    *onward.version_mut() = Version::HTTP_2;
    *onward.uri_mut() = Uri::builder()
        .path_and_query(path)
        .build()
        .map_err(|_| Status::invalid_argument("no such path"))?;
    *onward.headers_mut() = handed_on(&head.headers);
    if let Some(signed) = &signed {
        sign(onward.headers_mut(), signed).map_err(|error| status::internal(&error))?;
    }
    let answer = channel.oneshot(onward).await.map_err(status::unavailable)?;
    let session = signed.map(|signed| signed.session);
    Ok(answer.map(|body| Body::new(Until::new(body, Arc::clone(door), session))))
}

/// Whether a call shows that somebody is there: not a stream, and not what a page asks by itself.
fn is_active(path: &str, headers: &HeaderMap) -> bool {
    !headers.contains_key(PASSIVE) && !ALWAYS_PASSIVE.contains(&path)
}

/// Writes who calls, and by which session.
fn sign(headers: &mut HeaderMap, signed: &Signed) -> anyhow::Result<()> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", signed.token))?;
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(SESSION, HeaderValue::try_from(signed.session.to_string())?);
    Ok(())
}

/// The name of the service: the second word of `/hotline.<name>.v1.<Service>/<Method>`.
fn service_of(path: &str) -> &str {
    match path.split('.').nth(1).unwrap_or_default() {
        // The one service whose packages are named shorter than itself.
        "sla" => "sla-timer",
        name => name,
    }
}

fn handed_on(headers: &HeaderMap) -> HeaderMap {
    let mut onward = HeaderMap::new();
    onward.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    onward.insert(TE, HeaderValue::from_static("trailers"));
    for name in HANDED_ON.iter() {
        if let Some(value) = headers.get(name) {
            onward.insert(name.clone(), value.clone());
        }
    }
    onward
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_the_word_after_the_product() {
        assert_eq!(
            service_of("/hotline.intake.v1.IntakeService/TrackAppeal"),
            "intake"
        );
        assert_eq!(
            service_of("/hotline.sla.v1.SupervisionService/ListCards"),
            "sla-timer"
        );
        assert_eq!(service_of("/nonsense"), "");
    }
}
