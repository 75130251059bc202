//! What every call passes before it reaches a service: load limit, access, size, deadline; traced and counted.
//!
//! Calls from other processes come through the gRPC server, calls within this process come straight here: both pass
//! the same checks, but only the former count against the load limit, so that a call let in can always finish.

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::FutureExt;
use http::{HeaderMap, Request, Response};
use http_body::{Body as HttpBody, Frame};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body;
use tonic::service::Routes;
use tonic::{Code, Status};
use tower::Service;
use tracing::Instrument;

use crate::access::Access;
use crate::clock::Stopwatch;
use crate::config::Grpc;
use crate::deadline::{SERVED, Served};
use crate::metering::record_call;
use crate::telemetry::{TRACEPARENT, adopt};
use crate::token::Tokens;

/// Where a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Outside,
    Inside,
}

/// All services of this process behind one door.
#[derive(Clone)]
pub(crate) struct Gate {
    routes: Routes,
    side: Side,
    door: Arc<Door>,
}

struct Door {
    access: Access,
    tokens: Arc<Tokens>,
    limits: Grpc,
    load: Arc<Semaphore>,
}

impl Gate {
    /// The gate that the gRPC server serves.
    pub(crate) fn new(routes: Routes, access: Access, tokens: Arc<Tokens>, limits: Grpc) -> Self {
        let load = Arc::new(Semaphore::new(limits.concurrency_max));
        Self {
            routes,
            side: Side::Outside,
            door: Arc::new(Door {
                access,
                tokens,
                limits,
                load,
            }),
        }
    }

    /// The same gate for callers within this process.
    pub(crate) fn inside(&self) -> Self {
        Self {
            side: Side::Inside,
            ..self.clone()
        }
    }
}

impl Service<Request<Body>> for Gate {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let since = Stopwatch::start();
        let method = self.door.access.label(request.uri().path());
        let span = tracing::info_span!(
            "call",
            otel.name = &*method,
            otel.kind = "server",
            rpc.method = &*method,
            trace_id = tracing::field::Empty
        );
        let parent = request
            .headers()
            .get(TRACEPARENT)
            .and_then(|value| value.to_str().ok());
        adopt(&span, parent);
        let served = Served::new(since, request.headers(), &self.door.limits);
        let admitted = self.door.admit(request, self.side);
        let routes = self.routes.clone();
        let answer = async move {
            let response = match admitted {
                Ok((request, _permit)) => run(routes, request, served).await,
                Err(status) => status.into_http(),
            };
            let code = code_of(response.headers());
            record_call(&method, code, since.elapsed());
            tracing::debug!(code = ?code, took = ?since.elapsed(), "call answered");
            Ok(response)
        };
        Box::pin(answer.instrument(span))
    }
}

impl Door {
    /// The request with its caller, and the permit it holds until it is answered.
    fn admit(
        &self,
        request: Request<Body>,
        side: Side,
    ) -> Result<(Request<Body>, Option<OwnedSemaphorePermit>), Status> {
        let permit = match side {
            Side::Inside => None,
            Side::Outside => Some(self.load.clone().try_acquire_owned().map_err(|_| {
                Status::resource_exhausted("系统繁忙,请稍后重试 / too many calls at once, try again later")
            })?),
        };
        let caller = self
            .access
            .admit(request.uri().path(), request.headers(), &self.tokens)?;
        let left = self.limits.message_max_bytes;
        let mut request = request.map(|body| Body::new(Limited { body, left }));
        request.extensions_mut().insert(caller);
        Ok((request, permit))
    }
}

/// Runs the handler within its deadline; a panic costs its own call only.
async fn run(mut routes: Routes, request: Request<Body>, served: Served) -> Response<Body> {
    let left = served.left();
    let handler = SERVED.scope(served, async move { routes.call(request).await });
    match tokio::time::timeout(left, AssertUnwindSafe(handler).catch_unwind()).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(_panic)) => {
            tracing::error!("a handler panicked; its message is above");
            Status::internal("内部错误,请稍后重试 / internal error, try again later").into_http()
        }
        Err(_late) => Status::deadline_exceeded("办理超时 / the deadline passed").into_http(),
    }
}

/// The code in a response's head; a streaming response that fails later counts as OK, as its head did.
fn code_of(headers: &HeaderMap) -> Code {
    headers
        .get("grpc-status")
        .map_or(Code::Ok, |value| Code::from_bytes(value.as_bytes()))
}

/// A request body that ends with an error once it passes its limit.
struct Limited {
    body: Body,
    left: usize,
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let size = frame.data_ref().map_or(0, Bytes::len);
            match self.left.checked_sub(size) {
                Some(left) => self.left = left,
                None => return Poll::Ready(Some(Err(too_large()))),
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

fn too_large() -> Status {
    Status::out_of_range("请求过大 / the request is larger than grpc.message_max_bytes")
}
