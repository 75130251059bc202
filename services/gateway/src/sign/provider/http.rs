//! The HTTP client that the platform has, as the OpenID Connect crate asks for it; redirects are not followed.

use std::io;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// Longest wait for the provider.
const CALL_MAX: Duration = Duration::from_secs(10);

/// Most of an answer that is read, bytes.
const ANSWER_MAX: usize = 1024 * 1024;

/// The client.
pub struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Http {
    /// One that trusts what the machine trusts.
    ///
    /// # Errors
    /// The machine has no trusted roots.
    pub fn open() -> anyhow::Result<Self> {
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .context("the machine's trusted certificates")?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(https)))
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = io::Error;
    type Future = BoxFuture<'c, Result<HttpResponse, io::Error>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let asked = self.0.request(request.map(|body| Full::new(Bytes::from(body))));
        let answered = async {
            let (head, body) = asked.await.map_err(io::Error::other)?.into_parts();
            let body = Limited::new(body, ANSWER_MAX)
                .collect()
                .await
                .map_err(io::Error::other)?;
            Ok(http::Response::from_parts(head, body.to_bytes().to_vec()))
        };
        Box::pin(async {
            let late = || io::Error::new(io::ErrorKind::TimedOut, "the identity provider does not answer");
            tokio::time::timeout(CALL_MAX, answered)
                .await
                .unwrap_or_else(|_| Err(late()))
        })
    }
}
