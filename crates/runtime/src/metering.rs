//! Metrics: one recorder a process, in the Prometheus form, and the names that the runtime itself records.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Calls served, by method and code.
const CALLS: &str = "hotline_grpc_calls_total";

/// Time to the response's head, by method, seconds.
const CALL_SECONDS: &str = "hotline_grpc_call_seconds";

/// Bounds of every histogram in seconds: from a cached read to the longest deadline.
const SECONDS_BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// This process's metrics; installs the recorder at the first call.
///
/// # Errors
/// Another recorder was installed before.
pub(crate) fn recorder() -> anyhow::Result<PrometheusHandle> {
    static RECORDER: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    let installed = RECORDER.get_or_init(|| install().map_err(|error| format!("{error:#}")));
    installed.clone().map_err(anyhow::Error::msg)
}

fn install() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new();
    let builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS_BUCKETS)?;
    let handle = builder.install_recorder()?;
    metrics::describe_counter!(CALLS, "gRPC calls served, by method and code");
    metrics::describe_histogram!(
        CALL_SECONDS,
        metrics::Unit::Seconds,
        "time to the head of a response"
    );
    Ok(handle)
}

/// Counts one served call.
pub(crate) fn record_call(method: &Arc<str>, code: tonic::Code, took: Duration) {
    let code = format!("{code:?}");
    metrics::counter!(CALLS, "method" => method.clone(), "code" => code).increment(1);
    metrics::histogram!(CALL_SECONDS, "method" => method.clone()).record(took);
}
