//! A collector of traces: the far end of the product's OTLP exporter, which keeps what it is sent.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// One span, as a collector tells it.
#[derive(Clone, Debug)]
pub struct Span {
    /// Its trace, hexadecimal.
    pub trace: String,
    /// What was done: a method, or an event's full name.
    pub name: String,
    /// The service that did it; empty for none.
    pub service: String,
    /// The appeal that it is about; empty for none.
    pub root: String,
    /// The traces that it is linked with.
    pub links: BTreeSet<String>,
}

/// What a collector got.
#[derive(Clone, Debug, Default)]
pub struct Collector(Arc<Mutex<Got>>);

#[derive(Debug, Default)]
struct Got {
    spans: Vec<Span>,
    bytes: Vec<u8>,
}

impl Collector {
    /// Listens until the test ends; gives the setting that names it to the product.
    pub async fn start() -> Result<(Self, (&'static str, String))> {
        let collector = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address: SocketAddr = listener.local_addr()?;
        let server =
            tonic::transport::Server::builder().add_service(TraceServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        let setting = ("HOTLINE_TELEMETRY__OTLP_ENDPOINT", format!("http://{address}"));
        Ok((collector, setting))
    }

    /// The spans so far that `fit`.
    pub fn spans(&self, fit: impl Fn(&Span) -> bool) -> Vec<Span> {
        let got = self.got();
        got.spans.iter().filter(|span| fit(span)).cloned().collect()
    }

    /// Everything that was sent so far, as it came: names, attributes, events, errors, resources.
    pub fn bytes(&self) -> Vec<u8> {
        self.got().bytes.clone()
    }

    fn got(&self) -> MutexGuard<'_, Got> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let request = request.into_inner();
        let mut got = self.got();
        got.bytes.extend(request.encode_to_vec());
        let spans = request
            .resource_spans
            .into_iter()
            .flat_map(|of_resource| of_resource.scope_spans)
            .flat_map(|of_scope| of_scope.spans);
        got.spans.extend(spans.map(|span| {
            let attribute = |name: &str| {
                let found = span.attributes.iter().find(|attribute| attribute.key == name);
                let value = found.and_then(|found| found.value.as_ref()?.value.as_ref());
                match value {
                    Some(Value::StringValue(text)) => text.clone(),
                    _ => String::new(),
                }
            };
            Span {
                trace: hex(&span.trace_id),
                service: attribute("hotline.service"),
                root: attribute("hotline.root"),
                links: span.links.iter().map(|link| hex(&link.trace_id)).collect(),
                name: span.name.clone(),
            }
        }));
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
