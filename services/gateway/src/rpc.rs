//! gRPC from browsers: gRPC-Web to the services' own contract, in the name of the session's account.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body as WebBody;
use hotline_runtime::{Openness, telemetry};
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, ORIGIN, TE};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, Version};
use tonic::Status;
use tonic::body::Body;
use tonic_web::GrpcWebLayer;
use tower::util::BoxCloneSyncService;
use tower::{Layer as _, Service, ServiceExt};
use tower_http::limit::RequestBodyLimitLayer;
use tracing::Instrument as _;

use crate::Door;

/// What a page of ours sends along and a foreign form cannot.
const CSRF: &str = "x-hotline-csrf";

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

async fn forward(door: &Door, request: Request<Body>) -> Result<Answer, Status> {
    let (head, body) = request.into_parts();
    ours(&head, door.settings().public_url.as_str())?;
    let path = head.uri.path();
    if door.access.openness(path) != Openness::Public {
        return Err(Status::unauthenticated("请先登录 / sign in first"));
    }
    let channel = door
        .runtime
        .peers
        .channel(service_of(path))
        .map_err(|error| hotline_runtime::status::internal(error))?;
    let mut onward = Request::new(body);
    *onward.version_mut() = Version::HTTP_2;
    *onward.uri_mut() = Uri::builder()
        .path_and_query(path)
        .build()
        .map_err(|_| Status::invalid_argument("no such path"))?;
    *onward.headers_mut() = handed_on(&head.headers);
    channel
        .oneshot(onward)
        .await
        .map_err(hotline_runtime::status::unavailable)
}

/// Refuses what a page of another site could have sent: the header is missing, or the browser says where it comes from.
fn ours(head: &Parts, public_url: &str) -> Result<(), Status> {
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let site = head.headers.get("sec-fetch-site");
    let foreign = site.is_some_and(|site| site != "same-origin");
    let named = head
        .uri
        .authority()
        .map(Authority::as_str)
        .or_else(|| text("host"));
    let public = host_of(public_url);
    let other = head.headers.get(ORIGIN).is_some_and(|origin| {
        let origin = origin.to_str().ok().and_then(host_of);
        origin.is_none() || (origin != named && origin != public)
    });
    if foreign || other || !head.headers.contains_key(CSRF) {
        return Err(Status::permission_denied(
            "请求并非来自本站页面 / the call comes from no page of ours",
        ));
    }
    Ok(())
}

/// `host:port` of `scheme://host:port/…`.
fn host_of(url: &str) -> Option<&str> {
    url.split_once("://").and_then(|(_, rest)| rest.split('/').next())
}

/// The producer's name of the service: the second word of `/hotline.<name>.v1.<Service>/<Method>`.
fn service_of(path: &str) -> &str {
    path.split('.').nth(1).unwrap_or_default()
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
        assert_eq!(service_of("/nonsense"), "");
    }
}
