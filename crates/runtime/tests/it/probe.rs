//! A small service without generated code, its contract, and a client for it.

use std::convert::Infallible;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;
use hotline_runtime::config::Settings;
use hotline_runtime::{Caller, Parts, Peers, Runtime, Serving, serve, telemetry, testing};
use tempfile::TempDir;
use tonic::body::Body;
use tonic::server::{NamedService, UnaryService};
use tonic::transport::Channel;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::Service;

pub type Codec = ProstCodec<String, String>;

/// Answers by the word it is sent: who calls, never, with a panic, over another service, with its trace.
#[derive(Clone)]
pub struct Probe {
    pub peers: Option<Peers>,
}

impl NamedService for Probe {
    const NAME: &'static str = "probe.v1.Probe";
}

impl Service<http::Request<Body>> for Probe {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let handler = self.clone();
        let mut grpc = tonic::server::Grpc::new(Codec::default());
        Box::pin(async move { Ok(grpc.unary(handler, request).await) })
    }
}

impl UnaryService<String> for Probe {
    type Response = String;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Status>> + Send>>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let peers = self.peers.clone();
        async move {
            let caller = Caller::of(&request)?.clone();
            match request.get_ref().as_str() {
                "forever" => std::future::pending().await,
                "panic" => panic!("asked to"),
                "relay" => relay(peers, "who").await,
                "relay-trace" => relay(peers, "trace").await,
                "trace" => Ok(Response::new(
                    telemetry::traceparent_of_current().unwrap_or_default(),
                )),
                _ => Ok(Response::new(format!(
                    "{}/{}",
                    caller.subject,
                    caller.unit.unwrap_or_default()
                ))),
            }
        }
        .boxed()
    }
}

/// Asks the service called `probe` as this process.
async fn relay(peers: Option<Peers>, word: &str) -> Result<Response<String>, Status> {
    let channel = peers
        .expect("has peers")
        .channel("probe")
        .map_err(|error| Status::internal(error.to_string()))?;
    call(channel, "Dispatch", Request::new(word.to_owned())).await
}

/// Calls a method of the probe over any channel.
pub async fn call<T>(channel: T, method: &str, request: Request<String>) -> Result<Response<String>, Status>
where
    T: tonic::client::GrpcService<Body>,
    T::ResponseBody: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    <T::ResponseBody as http_body::Body>::Error: Into<tonic::codegen::StdError> + Send,
{
    let mut client = tonic::client::Grpc::new(channel);
    client
        .ready()
        .await
        .map_err(|e| Status::unknown(e.into().to_string()))?;
    let path = format!("/probe.v1.Probe/{method}").parse().expect("a path");
    client.unary(request, path, Codec::default()).await
}

/// The probe's contract, with the access option of the real one.
pub fn contract() -> Vec<u8> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let includes = [here.join("tests/it/proto"), here.join("../../proto")];
    let mut compiler = protox::Compiler::new(includes).expect("folders are there");
    compiler
        .include_imports(true)
        .open_file("probe/v1/probe.proto")
        .expect("compiles");
    compiler.encode_file_descriptor_set()
}

/// A served probe without any database.
pub struct Probed {
    pub rt: Runtime,
    pub serving: Serving,
    _dir: TempDir,
}

impl Probed {
    pub async fn start(change: impl FnOnce(&mut Settings)) -> Self {
        let dir = TempDir::new().expect("a folder");
        let mut settings = testing::offline_settings(dir.path());
        change(&mut settings);
        let rt = Runtime::build(settings).expect("builds");
        let parts = Parts::new("probe").service(Probe {
            peers: Some(rt.peers.clone()),
        });
        let serving = serve::serve_with(&rt, vec![parts], &contract())
            .await
            .expect("serves");
        Self {
            rt,
            serving,
            _dir: dir,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.serving.grpc_addr)
    }

    pub async fn channel(&self) -> Channel {
        Channel::from_shared(self.url())
            .expect("a URL")
            .connect()
            .await
            .expect("connects")
    }

    /// Calls over the network with `authorization`, if any.
    pub async fn call(
        &self,
        method: &str,
        word: &str,
        authorization: Option<&str>,
    ) -> Result<String, Status> {
        let mut request = Request::new(word.to_owned());
        if let Some(text) = authorization {
            request
                .metadata_mut()
                .insert("authorization", text.parse().expect("a value"));
        }
        call(self.channel().await, method, request)
            .await
            .map(Response::into_inner)
    }
}
