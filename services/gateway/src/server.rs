//! Serves the gateway's listener: HTTP/1.1 and HTTP/2, with TLS where a certificate is named, and drains at a stop.
//!
//! Invariant: a connection that sends nothing, or half a head, is closed after a while.

pub mod tls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::Remote;
use hotline_runtime::Runtime;

/// Longest wait for the head of a request, and for a TLS handshake.
const HEAD_MAX: Duration = Duration::from_secs(10);

/// Pause after a failed accept (no file descriptors left), so that it does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Streams at once on one HTTP/2 connection.
const STREAMS_MAX: u32 = 256;

/// Largest head of a request, bytes.
const HEAD_MAX_BYTES: u32 = 32 * 1024;

/// Serves until a stop is asked for, then lets connections finish what they do.
///
/// # Errors
/// None: what goes wrong with one connection ends that connection.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    runtime: Runtime,
) -> anyhow::Result<()> {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(runtime.settings.gateway.connections_max));
    let builder = Arc::new(builder(&runtime));
    loop {
        let place = tokio::select! {
            () = runtime.shutdown.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place?,
        };
        let accepted = tokio::select! {
            () = runtime.shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the gateway cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (tls, app, builder) = (tls.clone(), app.clone(), Arc::clone(&builder));
        tokio::spawn(async move {
            connection(stream, Remote(address.ip()), tls, app, &builder, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
    Ok(())
}

fn builder(runtime: &Runtime) -> Builder<TokioExecutor> {
    let grpc = &runtime.settings.grpc;
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_MAX_BYTES)
        .keep_alive_interval(Duration::from_millis(grpc.keepalive_interval_ms))
        .keep_alive_timeout(Duration::from_millis(grpc.keepalive_timeout_ms));
    builder
}

async fn connection(
    stream: TcpStream,
    remote: Remote,
    tls: Option<TlsAcceptor>,
    app: Router,
    builder: &Builder<TokioExecutor>,
    watcher: Watcher,
) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => speak(stream, remote, app, builder, watcher).await,
        Some(tls) => match tokio::time::timeout(HEAD_MAX, tls.accept(stream)).await {
            Ok(Ok(stream)) => speak(stream, remote, app, builder, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_late) => tracing::debug!("a TLS handshake took too long"),
        },
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    remote: Remote,
    app: Router,
    builder: &Builder<TokioExecutor>,
    watcher: Watcher,
) {
    let app = app.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(remote);
        request
    });
    let spoken = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    if let Err(error) = watcher.watch(spoken.into_owned()).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
