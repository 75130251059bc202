//! Runs the services of a process: binds, serves, and drains within a limit when a stop is asked for or a job fails.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::Context;
use futures::FutureExt;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, health_reporter};

use crate::access::Access;
use crate::config::Grpc;
use crate::gate::Gate;
use crate::parts::{Job, Listening, Parts};
use crate::probes::{Probes, router};
use crate::runtime::Runtime;

/// Pause between two tidyings of the metrics' memory.
const UPKEEP_PAUSE: Duration = Duration::from_secs(5);

/// Exit code after a second signal, as a shell reports SIGINT.
const EXIT_INTERRUPTED: i32 = 130;

/// A process that serves.
#[must_use = "it serves until it is waited for"]
pub struct Serving {
    /// Address of the gRPC server.
    pub grpc_addr: SocketAddr,
    /// Address of the HTTP server.
    pub http_addr: SocketAddr,
    /// Addresses of the services' own servers, by name.
    pub own_addrs: BTreeMap<&'static str, SocketAddr>,
    shutdown: CancellationToken,
    drain_max: Duration,
    health: HealthReporter,
    tasks: JoinSet<(String, anyhow::Result<()>)>,
    upkeep: JoinHandle<()>,
}

/// Binds both servers and spawns all jobs of `parts`. The services of this process reach each other from here on.
///
/// # Errors
/// An address that cannot be bound, or a contract that cannot be read.
pub async fn serve(rt: &Runtime, parts: Vec<Parts>) -> anyhow::Result<Serving> {
    serve_with(rt, parts, hotline_proto::FILE_DESCRIPTOR_SET).await
}

/// As [`serve`], with the contract's encoded descriptors given.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(rt: &Runtime, parts: Vec<Parts>, contract: &[u8]) -> anyhow::Result<Serving> {
    let settings = &rt.settings;
    let access = Access::from_descriptor_set(contract)?;
    let (health, mut routes) = base_routes(contract)?;
    let (mut jobs, mut extra) = (Vec::new(), axum::Router::new());
    let mut listening = Vec::new();
    for mut part in parts {
        listening.append(&mut part.listening);
        for service in &part.services {
            health.set_service_status(*service, ServingStatus::Serving).await;
        }
        let (mounted, http, more) = part.mount(routes, extra);
        (routes, extra) = (mounted, http);
        jobs.extend(more);
    }
    let incoming = TcpIncoming::bind(settings.grpc.listen).with_context(|| {
        format!(
            "cannot listen on grpc.listen = {}; is it in use?",
            settings.grpc.listen
        )
    })?;
    // Without it an answer waits 40 ms for the caller's delayed acknowledgement.
    let keepalive = Duration::from_millis(settings.grpc.keepalive_interval_ms);
    let incoming = incoming.with_nodelay(Some(true)).with_keepalive(Some(keepalive));
    let http = TcpListener::bind(settings.http.listen).await.with_context(|| {
        format!(
            "cannot listen on http.listen = {}; is it in use?",
            settings.http.listen
        )
    })?;
    let (grpc_addr, http_addr) = (incoming.local_addr()?, http.local_addr()?);
    let gate = Gate::new(routes.prepare(), access, rt);
    rt.peers.open_here(gate.inside());
    let mut tasks = JoinSet::new();
    tasks.spawn(serve_grpc(
        gate,
        incoming,
        settings.grpc.clone(),
        rt.shutdown.clone(),
    ));
    tasks.spawn(serve_http(http, extra, rt.clone()));
    jobs.into_iter().for_each(|job| drop(tasks.spawn(run_job(job))));
    let mut own_addrs = BTreeMap::new();
    for own in listening {
        let (name, addr, job) = bind(own).await?;
        own_addrs.insert(name, addr);
        tasks.spawn(run_job(job));
    }
    tracing::info!(grpc = %grpc_addr, http = %http_addr, own = ?own_addrs, "serving");
    Ok(Serving {
        grpc_addr,
        http_addr,
        own_addrs,
        shutdown: rt.shutdown.clone(),
        drain_max: Duration::from_millis(settings.grpc.drain_max_ms),
        health,
        tasks,
        upkeep: tokio::spawn(upkeep(rt.metrics.clone())),
    })
}

/// Binds a service's own server; its address, and the job that serves it.
async fn bind(own: Listening) -> anyhow::Result<(&'static str, SocketAddr, Job)> {
    let Listening { name, listen, serve } = own;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {name}.listen = {listen}; is it in use?"))?;
    let addr = listener.local_addr()?;
    let job = Job {
        name: format!("{name}.server"),
        run: serve(listener),
    };
    Ok((name, addr, job))
}

impl Serving {
    /// Serves until a stop is asked for or something fails, then drains within `grpc.drain_max_ms`.
    ///
    /// # Errors
    /// The first server or job that failed; the process should end with an error then.
    pub async fn wait(mut self) -> anyhow::Result<()> {
        let first = self.until_stop().await;
        self.shutdown.cancel();
        self.health
            .set_service_status("", ServingStatus::NotServing)
            .await;
        let drained = tokio::time::timeout(self.drain_max, async {
            let mut failed = Ok(());
            while let Some(joined) = self.tasks.join_next().await {
                failed = failed.and(outcome(joined));
            }
            failed
        });
        let drained = drained.await.unwrap_or_else(|_late| {
            tracing::warn!(
                left = self.tasks.len(),
                "not everything drained in time; ending it"
            );
            Ok(())
        });
        self.tasks.shutdown().await;
        self.upkeep.abort();
        tracing::info!("stopped");
        first.and(drained)
    }

    /// Waits for a stop or for the first failure.
    async fn until_stop(&mut self) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                () = self.shutdown.cancelled() => return Ok(()),
                joined = self.tasks.join_next() => match joined {
                    Some(joined) => outcome(joined)?,
                    None => return Ok(()),
                },
            }
        }
    }
}

/// Cancels `shutdown` at SIGTERM or SIGINT; a second signal ends the process at once.
///
/// # Errors
/// The operating system takes no handlers.
pub fn install_signals(shutdown: &CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("handle SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("handle SIGINT")?;
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if shutdown.is_cancelled() {
                tracing::warn!("a second signal: ending at once");
                std::process::exit(EXIT_INTERRUPTED);
            }
            tracing::info!("stop asked for; draining");
            shutdown.cancel();
        }
    });
    Ok(())
}

/// Logs how a task ended, and passes its failure on.
fn outcome(joined: Result<(String, anyhow::Result<()>), tokio::task::JoinError>) -> anyhow::Result<()> {
    let (name, result) = joined.context("a task was ended")?;
    match result {
        Ok(()) => {
            tracing::debug!(name, "done");
            Ok(())
        }
        Err(error) => {
            tracing::error!(name, error = %format_args!("{error:#}"), "failed; the process will end");
            Err(error.context(format!("{name} failed")))
        }
    }
}

async fn run_job(job: Job) -> (String, anyhow::Result<()>) {
    let result = AssertUnwindSafe(job.run).catch_unwind().await;
    (
        job.name,
        result.unwrap_or_else(|_panic| Err(anyhow::anyhow!("panicked; its message is above"))),
    )
}

/// Health and reflection, which every process serves.
fn base_routes(contract: &[u8]) -> anyhow::Result<(HealthReporter, Routes)> {
    let (reporter, health) = health_reporter();
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(contract)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .context("the contract's descriptors")?;
    Ok((reporter, Routes::new(health).add_service(reflection)))
}

async fn serve_grpc(
    gate: Gate,
    incoming: TcpIncoming,
    limits: Grpc,
    shutdown: CancellationToken,
) -> (String, anyhow::Result<()>) {
    let interval = Duration::from_millis(limits.keepalive_interval_ms);
    let served = Server::builder()
        .http2_keepalive_interval(Some(interval))
        .http2_keepalive_timeout(Some(Duration::from_millis(limits.keepalive_timeout_ms)))
        .max_concurrent_streams(limits.connection_streams_max)
        .serve_with_incoming_shutdown(gate, incoming, shutdown.cancelled_owned())
        .await;
    ("grpc".to_owned(), served.context("the gRPC server"))
}

async fn serve_http(listener: TcpListener, extra: axum::Router, rt: Runtime) -> (String, anyhow::Result<()>) {
    let limit = Duration::from_millis(rt.settings.http.probe_timeout_ms);
    let shutdown = rt.shutdown.clone();
    let probes = Probes {
        checks: rt.checks,
        metrics: rt.metrics,
        shutdown: rt.shutdown,
        limit,
    };
    let served = axum::serve(listener, router(probes).merge(extra))
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await;
    ("http".to_owned(), served.context("the HTTP server"))
}

async fn upkeep(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP_PAUSE).await;
        metrics.run_upkeep();
    }
}
