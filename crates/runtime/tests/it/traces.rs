//! Trace context over the network and between services, and its way to a collector.

use std::time::Duration;

use hotline_runtime::config::Telemetry;
use hotline_runtime::telemetry;
use tokio::net::TcpListener;
use tonic::Request;

use crate::probe::{Probed, call};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_spans_all_calls_and_goes_to_the_collector() {
    let collector = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let endpoint = format!("http://{}", collector.local_addr().expect("bound"));
    let guard = telemetry::init(&Telemetry {
        otlp_endpoint: endpoint,
        ..Telemetry::default()
    })
    .expect("starts");
    assert!(
        telemetry::init(&Telemetry::default()).is_err(),
        "logging starts once"
    );
    let probed = Probed::start(|_| {}).await;
    let mut seen = Vec::new();
    for word in ["trace", "relay-trace"] {
        let mut request = Request::new(word.to_owned());
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        request
            .metadata_mut()
            .insert("traceparent", parent.parse().expect("a value"));
        let answer = call(probed.channel().await, "Open", request)
            .await
            .expect("answers")
            .into_inner();
        assert!(
            answer.starts_with(&format!("00-{TRACE}-")) && answer != parent,
            "{answer}"
        );
        seen.push(answer);
    }
    assert_ne!(seen[0], seen[1]);
    let sent = tokio::time::timeout(Duration::from_secs(20), collector.accept());
    sent.await.expect("in time").expect("the exporter connects");
    // The collector never answers; the guard would wait for it.
    std::mem::forget(guard);
}
