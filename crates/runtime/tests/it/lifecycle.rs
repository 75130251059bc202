//! A process from its start to its drain: health, reflection, probes, metrics, jobs, stop.

use std::time::Duration;

use hotline_runtime::{CancellationToken, Parts, Probe as Asked, Runtime, install_signals, serve, testing};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_stream::StreamExt;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::probe::{Probe, Probed, call, contract};

const LONG: Duration = Duration::from_secs(10);

/// The whole answer to a plain HTTP GET.
pub async fn get(addr: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("connects");
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("writes");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("reads");
    text
}

#[tokio::test]
async fn health_and_reflection_answer_without_a_token() {
    let probed = Probed::start(|_| {}).await;
    let channel = probed.channel().await;
    let mut health = HealthClient::new(channel.clone());
    let answer = health
        .check(HealthCheckRequest {
            service: "probe.v1.Probe".into(),
        })
        .await
        .expect("answers");
    assert_eq!(answer.into_inner().status, 1);
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut reflection = ServerReflectionClient::new(channel);
    let stream = reflection
        .server_reflection_info(tokio_stream::once(ask))
        .await
        .expect("answers");
    let answer = stream
        .into_inner()
        .next()
        .await
        .expect("one answer")
        .expect("answers");
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("no list");
    };
    let names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    for name in [
        "probe.v1.Probe",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
}

#[tokio::test]
async fn the_probes_tell_what_failed_and_the_metrics_count_calls() {
    let probed = Probed::start(|_| {}).await;
    let addr = probed.serving.http_addr;
    probed
        .rt
        .checks
        .register("nats", Asked::Ready, || async { anyhow::bail!("not connected") });
    assert!(get(addr, "/healthz").await.starts_with("HTTP/1.1 200"));
    let ready = get(addr, "/readyz").await;
    assert!(
        ready.starts_with("HTTP/1.1 503") && ready.contains("not connected"),
        "{ready}"
    );
    probed.call("Open", "who", None).await.expect("answers");
    probed.call("Dispatch", "who", None).await.expect_err("refused");
    probed.call("Made-up", "who", None).await.expect_err("refused");
    let metrics = get(addr, "/metrics").await;
    for line in [
        "hotline_grpc_calls_total{method=\"probe.v1.Probe/Open\",code=\"Ok\"}",
        "hotline_grpc_calls_total{method=\"probe.v1.Probe/Dispatch\",code=\"Unauthenticated\"}",
        "hotline_grpc_calls_total{method=\"unknown\",code=\"PermissionDenied\"}",
        "hotline_grpc_call_seconds_bucket{method=\"probe.v1.Probe/Open\",le=\"0.0005\"}",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[tokio::test]
async fn a_stop_lets_calls_finish_and_then_ends_everything() {
    let probed = Probed::start(|settings| settings.grpc.deadline_default_ms = 300).await;
    let call = tokio::spawn(call(
        probed.channel().await,
        "Open",
        Request::new("forever".to_owned()),
    ));
    // The call is in once the metrics would not yet show it but the server has the connection; yield until it runs.
    tokio::time::sleep(Duration::from_millis(50)).await;
    probed.rt.shutdown.cancel();
    tokio::time::timeout(LONG, probed.serving.wait())
        .await
        .expect("ends")
        .expect("in order");
    let status = call.await.expect("joins").expect_err("its own deadline");
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_drain_takes_no_longer_than_its_limit() {
    let dir = TempDir::new().expect("a folder");
    let mut settings = testing::offline_settings(dir.path());
    settings.grpc.drain_max_ms = 100;
    let rt = Runtime::build(settings).expect("builds");
    let parts = Parts::new("deaf").job("never", std::future::pending());
    let serving = serve::serve_with(&rt, vec![parts], &contract())
        .await
        .expect("serves");
    rt.shutdown.cancel();
    tokio::time::timeout(LONG, serving.wait())
        .await
        .expect("ends")
        .expect("a late job is no failure");
}

async fn fails(job: impl Future<Output = anyhow::Result<()>> + Send + 'static) -> String {
    let dir = TempDir::new().expect("a folder");
    let rt = Runtime::build(testing::offline_settings(dir.path())).expect("builds");
    let shutdown = rt.shutdown.clone();
    let parts = Parts::new("weak")
        .job("timer", job)
        .job("other", async move {
            shutdown.cancelled().await;
            Ok(())
        })
        .service(Probe { peers: None });
    let serving = serve::serve_with(&rt, vec![parts], &contract())
        .await
        .expect("serves");
    let ended = tokio::time::timeout(LONG, serving.wait()).await.expect("ends");
    assert!(rt.shutdown.is_cancelled());
    format!("{:#}", ended.expect_err("fails"))
}

#[tokio::test]
async fn a_job_that_fails_ends_the_process_with_its_name() {
    let error = fails(async { anyhow::bail!("the ledger is torn") }).await;
    assert!(error.contains("weak.timer") && error.contains("torn"), "{error}");
    let error = fails(async { panic!("no hope") }).await;
    assert!(
        error.contains("weak.timer") && error.contains("panicked"),
        "{error}"
    );
}

#[tokio::test]
async fn a_job_that_is_done_ends_nothing() {
    let dir = TempDir::new().expect("a folder");
    let rt = Runtime::build(testing::offline_settings(dir.path())).expect("builds");
    let (done, was_done) = tokio::sync::oneshot::channel();
    let parts = Parts::new("quick").job("once", async move {
        let _ = done.send(());
        Ok(())
    });
    let serving = serve::serve_with(&rt, vec![parts], &contract())
        .await
        .expect("serves");
    was_done.await.expect("ran");
    assert!(!rt.shutdown.is_cancelled());
    rt.shutdown.cancel();
    serving.wait().await.expect("in order");
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let probed = Probed::start(|_| {}).await;
    let dir = TempDir::new().expect("a folder");
    let mut settings = testing::offline_settings(dir.path());
    settings.grpc.listen = probed.serving.grpc_addr;
    let rt = Runtime::build(settings).expect("builds");
    let error = serve::serve_with(&rt, Vec::new(), &contract())
        .await
        .err()
        .expect("fails");
    assert!(error.to_string().contains("grpc.listen"), "{error:#}");
}

#[tokio::test]
async fn settings_that_cannot_be_run_with_are_all_named() {
    let dir = TempDir::new().expect("a folder");
    let mut settings = testing::offline_settings(dir.path());
    settings.nats.partitions = 0;
    settings.database.pool_max = 0;
    let error = Runtime::build(settings).err().expect("refused").to_string();
    assert!(
        error.contains("nats.partitions") && error.contains("database.pool_max"),
        "{error}"
    );
}

#[tokio::test]
async fn the_real_contract_can_be_served() {
    let dir = TempDir::new().expect("a folder");
    let rt = Runtime::build(testing::offline_settings(dir.path())).expect("builds");
    let serving = serve(&rt, Vec::new()).await.expect("serves");
    rt.shutdown.cancel();
    serving.wait().await.expect("in order");
}

#[tokio::test]
async fn a_signal_asks_for_a_stop() {
    let shutdown = CancellationToken::new();
    install_signals(&shutdown).expect("installs");
    nix::sys::signal::raise(nix::sys::signal::Signal::SIGTERM).expect("is raised");
    tokio::time::timeout(LONG, shutdown.cancelled())
        .await
        .expect("is cancelled");
}
