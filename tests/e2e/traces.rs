//! One appeal is one trace: from the agent's call over the bus into every service, as a collector receives it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use hotline_proto::routing::v1::OrderState;
use hotline_tests::support::{Callers, Options, Platform, appeals, clocks, until};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::MONDAY;

/// The trace that the agent's client began.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// What a collector got: the names of the spans of each trace.
#[derive(Clone, Debug, Default)]
struct Collector(Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>);

impl Collector {
    /// Listens until the test ends.
    async fn start() -> Result<(Self, SocketAddr)> {
        let collector = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server =
            tonic::transport::Server::builder().add_service(TraceServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        Ok((collector, address))
    }

    fn names_of(&self, trace: &str) -> BTreeSet<String> {
        let traces = self.0.lock().map(|traces| traces.get(trace).cloned());
        traces.ok().flatten().unwrap_or_default()
    }
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut traces = self
            .0
            .lock()
            .map_err(|_| Status::internal("the collector broke"))?;
        let resources = request.into_inner().resource_spans;
        for span in resources
            .into_iter()
            .flat_map(|of_resource| of_resource.scope_spans)
            .flat_map(|of_scope| of_scope.spans)
        {
            let trace: String = span.trace_id.iter().map(|byte| format!("{byte:02x}")).collect();
            traces.entry(trace).or_default().insert(span.name);
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tokio::test]
async fn one_appeal_is_one_trace_from_the_call_over_the_bus_into_every_service() -> Result<()> {
    let (collector, address) = Collector::start().await?;
    let options = Options::standing_at(&clocks::setting(MONDAY)?)
        .with("HOTLINE_TELEMETRY__OTLP_ENDPOINT", &format!("http://{address}"));
    let platform = Platform::start(options).await?;
    let callers = Callers::of(&platform)?;

    let mut request = appeals::question("traced");
    request.accept = true;
    let mut request = Request::new(request);
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    request.metadata_mut().insert("traceparent", parent.parse()?);
    let registered = callers.agent.intake().register_appeal(request).await?;
    let appeal = registered.into_inner().appeal.context("an appeal")?;
    callers
        .wait_order(&appeal.appeal_id, OrderState::PreReview)
        .await?;

    // The call; its event in routing; what routing told of it in the others.
    let expected = [
        "RegisterAppeal",
        "hotline.intake.v1.AppealAccepted",
        "hotline.routing.v1.OrderOpened",
    ];
    let whole = |names: &BTreeSet<String>| {
        expected
            .iter()
            .all(|wanted| names.iter().any(|name| name.ends_with(wanted)))
    };
    let names = until("the collector has the whole trace", || async {
        Ok(Some(collector.names_of(TRACE)).filter(whole))
    })
    .await
    .with_context(|| format!("the collector has {:?}", collector.names_of(TRACE)))?;
    ensure!(names.len() >= expected.len(), "{names:?}");
    drop(platform);
    Ok(())
}
