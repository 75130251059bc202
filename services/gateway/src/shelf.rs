//! Where the bytes of files are: a folder of this machine, or a bucket reached by the HTTP client that we have anyway.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use hotline_runtime::Settings;
use hotline_runtime::config::S3;
use http_body_util::BodyExt as _;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::TokioExecutor;
use object_store::ClientOptions;
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::local::LocalFileSystem;

/// Longest wait for the head of an answer; a part has 5 MiB.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Opens the store that the settings name.
///
/// # Errors
/// The folder cannot be made; the bucket's settings cannot be used.
pub fn open(settings: &Settings) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let files = &settings.gateway.files;
    if !files.s3.bucket.is_empty() {
        return Ok(Arc::new(bucket(&files.s3)?));
    }
    let folder = files.folder(&settings.data_dir);
    std::fs::create_dir_all(&folder).with_context(|| format!("gateway.files.dir = {}", folder.display()))?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?))
}

fn bucket(s3: &S3) -> anyhow::Result<impl ObjectStore + use<>> {
    let region = if s3.region.is_empty() {
        "us-east-1"
    } else {
        s3.region.as_str()
    };
    let built = AmazonS3Builder::new()
        .with_bucket_name(&s3.bucket)
        .with_endpoint(&s3.endpoint)
        .with_region(region)
        .with_access_key_id(&s3.access_key)
        .with_secret_access_key(s3.secret_key()?)
        .with_virtual_hosted_style_request(s3.virtual_host)
        .with_allow_http(s3.endpoint.starts_with("http://"))
        .with_http_connector(Wire)
        .build();
    built.context("gateway.files.s3")
}

/// Makes the client.
#[derive(Debug)]
struct Wire;

impl HttpConnector for Wire {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| object_store::Error::Generic {
                store: "S3",
                source: Box::new(error),
            })?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(HttpClient::new(Connection(
            Client::builder(TokioExecutor::new()).build(https),
        )))
    }
}

#[derive(Debug)]
struct Connection(Client<HttpsConnector<Tcp>, HttpRequestBody>);

#[tonic::async_trait]
impl HttpService for Connection {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answered = tokio::time::timeout(ANSWER_WITHIN, self.0.request(request)).await;
        let answered = answered.map_err(|late| HttpError::new(HttpErrorKind::Timeout, late))?;
        let response = answered.map_err(|error| {
            let kind = if error.is_connect() {
                HttpErrorKind::Connect
            } else {
                HttpErrorKind::Unknown
            };
            HttpError::new(kind, error)
        })?;
        Ok(response.map(|body| {
            HttpResponseBody::new(body.map_err(|error| HttpError::new(HttpErrorKind::Decode, error)))
        }))
    }
}
