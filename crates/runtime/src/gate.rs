//! What every call passes before it reaches a service: load limit, access, size, contract, deadline, audit; traced and
//! counted.
//!
//! Calls from other processes come through the gRPC server, calls within this process come straight here: both pass
//! the same checks, but only the former count against the load limit, so that a call let in can always finish.

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use http::{HeaderMap, Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::server::TcpConnectInfo;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use tower::Service;
use tracing::Instrument;

use crate::access::{Access, Turned};
use crate::audit::{CALL, Call, DONE, Kind, Plan, Seen, Sinks};
use crate::body::Incoming;
use crate::caller::Caller;
use crate::clock::{Clock, Stopwatch};
use crate::config::Grpc;
use crate::deadline::{SERVED, Served};
use crate::metering::record_call;
use crate::runtime::Runtime;
use crate::telemetry::{TRACEPARENT, adopt, tell_root, trace_id_of_current};
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
    sinks: Sinks,
    clock: Clock,
}

/// A request that may go on, who makes it, and the permit it holds until it is answered.
struct Admitted {
    request: Request<Body>,
    caller: Arc<Caller>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// What is known of a call for the audit before anybody is asked who makes it.
struct Sight {
    method: Arc<str>,
    address: String,
    plan: Arc<Plan>,
    seen: Seen,
}

impl Gate {
    /// The gate that the gRPC server serves.
    pub(crate) fn new(routes: Routes, access: Access, rt: &Runtime) -> Self {
        let limits = rt.settings.grpc.clone();
        let load = Arc::new(Semaphore::new(limits.concurrency_max));
        Self {
            routes,
            side: Side::Outside,
            door: Arc::new(Door {
                access,
                tokens: rt.tokens.clone(),
                limits,
                load,
                sinks: rt.audit.clone(),
                clock: rt.clock.clone(),
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
            hotline.service = tracing::field::Empty,
            hotline.root = tracing::field::Empty,
            trace_id = tracing::field::Empty
        );
        let parent = request
            .headers()
            .get(TRACEPARENT)
            .and_then(|value| value.to_str().ok());
        adopt(&span, parent);
        let served = Served::new(since, request.headers(), &self.door.limits);
        let sight = self.door.sight(&request, &method);
        if let Some(sight) = &sight {
            span.record("hotline.service", &*sight.plan.service);
        }
        let admitted = self.door.admit(request, self.side, sight.as_ref());
        let (routes, door) = (self.routes.clone(), self.door.clone());
        let answer = async move {
            let response = door.answer(routes, admitted, sight, served).await;
            let code = code_of(response.headers());
            record_call(&method, code, since.elapsed());
            tracing::debug!(code = ?code, took = ?since.elapsed(), "call answered");
            Ok(response)
        };
        Box::pin(answer.instrument(span))
    }
}

impl Door {
    /// What the audit will want to know of a call; nothing for probes and unknown methods.
    fn sight(&self, request: &Request<Body>, method: &Arc<str>) -> Option<Sight> {
        let plan = self.access.plan(request.uri().path())?;
        let info = request.extensions().get::<TcpConnectInfo>();
        let address = info.and_then(TcpConnectInfo::remote_addr);
        Some(Sight {
            method: method.clone(),
            address: address
                .map(|address| address.ip().to_string())
                .unwrap_or_default(),
            plan,
            seen: Seen::default(),
        })
    }

    /// The request with its caller, and the permit it holds until it is answered.
    fn admit(&self, request: Request<Body>, side: Side, sight: Option<&Sight>) -> Result<Admitted, Turned> {
        let permit = match side {
            Side::Inside => None,
            Side::Outside => Some(self.load.clone().try_acquire_owned().map_err(|_| Turned {
                status: Status::resource_exhausted(
                    "系统繁忙,请稍后重试 / too many calls at once, try again later",
                ),
                caller: None,
            })?),
        };
        let caller = self
            .access
            .admit(request.uri().path(), request.headers(), &self.tokens)?;
        let left = self.limits.message_max_bytes;
        let seen = sight.map(|sight| sight.seen.clone());
        let held = self.access.held(request.uri().path(), &caller, request.headers());
        let mut request = request.map(|body| {
            Body::new(Incoming {
                body,
                left,
                seen,
                held,
            })
        });
        request.extensions_mut().insert(caller.clone());
        Ok(Admitted {
            request,
            caller,
            _permit: permit,
        })
    }

    /// Serves a call that was admitted; what is to be written down is written before the answer is given.
    async fn answer(
        &self,
        routes: Routes,
        admitted: Result<Admitted, Turned>,
        sight: Option<Sight>,
        served: Served,
    ) -> Response<Body> {
        let call = |sight: Sight, caller| {
            let trace = trace_id_of_current();
            Arc::new(Call::new(
                sight.method,
                caller,
                sight.address,
                trace,
                sight.plan,
                sight.seen,
            ))
        };
        match admitted {
            Ok(admitted) => {
                let call = sight.map(|sight| call(sight, admitted.caller));
                let response = run(routes, admitted.request, served, call.clone()).await;
                let response = self.note(call.as_deref(), response).await;
                if let Some(root) = call.and_then(|call| call.root()) {
                    tell_root(&tracing::Span::current(), root);
                }
                response
            }
            Err(Turned { status, caller }) => {
                // Nobody is named for a bad token: writing it down would let anybody fill the audit.
                let call = caller.zip(sight).map(|(caller, sight)| call(sight, caller));
                self.note(call.as_deref(), status.into_http()).await
            }
        }
    }

    /// Writes down what the call came to, unless its own transaction did; an answer that cannot be written down is not given.
    async fn note(&self, call: Option<&Call>, response: Response<Body>) -> Response<Body> {
        let Some(call) = call else { return response };
        let Some(outcome) = outcome_of(call, response.headers()) else {
            return response;
        };
        let record = call.record(self.clock.now(), &outcome, &[]);
        match self.sinks.write(call.service(), record).await {
            Ok(()) => response,
            Err(error) => {
                tracing::error!(error = %format_args!("{error:#}"), method = %call.method, "the audit cannot be written");
                Status::unavailable(
                    "审计记录无法写入,未予办理,请稍后重试 / the audit cannot be written, try again later",
                )
                .into_http()
            }
        }
    }
}

/// What is to be written down about an answer: how it came out; nothing for an answered question, a fault, and what is
/// committed with its entry already.
fn outcome_of(call: &Call, headers: &HeaderMap) -> Option<String> {
    let code = code_of(headers);
    match (call.kind(), code) {
        (Kind::Query, Code::PermissionDenied) => Some(reason_of(headers, code)),
        (Kind::Query, _) => None,
        (_, Code::Ok) => (!call.is_recorded()).then(|| DONE.to_owned()),
        (
            _,
            Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::NotFound
            | Code::PermissionDenied
            | Code::Aborted
            | Code::AlreadyExists
            | Code::ResourceExhausted
            | Code::OutOfRange
            | Code::Unauthenticated,
        ) => Some(reason_of(headers, code)),
        _ => None,
    }
}

/// The stable code of a refusal; the gRPC code where it carries none.
fn reason_of(headers: &HeaderMap, code: Code) -> String {
    let status = Status::from_header_map(headers);
    let info = status.and_then(|status| status.get_details_error_info());
    info.map_or_else(|| format!("{code:?}"), |info| info.reason)
}

/// Runs the handler within its deadline; a panic costs its own call only.
async fn run(
    mut routes: Routes,
    request: Request<Body>,
    served: Served,
    call: Option<Arc<Call>>,
) -> Response<Body> {
    let left = served.left();
    let handler = SERVED.scope(served, async move {
        match call {
            Some(call) => CALL.scope(call, routes.call(request)).await,
            None => routes.call(request).await,
        }
    });
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
