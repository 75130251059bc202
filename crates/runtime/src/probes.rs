//! The HTTP server for machines: is the process alive, is it ready, and its metrics.
//!
//! Live means that a restart would not help: it includes taking a database connection, because a pool can lose its
//! permits for ever when a database goes silent. Ready means that work may be sent here.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

/// Which question a check answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A failure means: restart me. Such a check counts for readiness too.
    Live,
    /// A failure means: send me nothing for now.
    Ready,
}

type Ask = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>> + Send + Sync>;

#[derive(Clone)]
struct Check {
    name: String,
    probe: Probe,
    ask: Ask,
}

/// The checks of this process; anybody with a [`Runtime`](crate::Runtime) adds theirs.
#[derive(Clone, Default)]
pub struct Checks(Arc<RwLock<Vec<Check>>>);

/// What one check found.
#[derive(Debug, Serialize)]
struct Finding {
    name: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Checks {
    /// Adds a check; one of the same name is replaced. Its error's text must hold no personal data.
    pub fn register<F, Fut>(&self, name: impl Into<String>, probe: Probe, ask: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let name = name.into();
        let check = Check {
            name: name.clone(),
            probe,
            ask: Arc::new(move || Box::pin(ask())),
        };
        let mut checks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        checks.retain(|old| old.name != name);
        checks.push(check);
    }

    /// Asks all checks at once that `asked` includes, each within `limit`.
    async fn run(&self, asked: Probe, limit: Duration) -> Vec<Finding> {
        let checks = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let included = checks
            .into_iter()
            .filter(|check| asked == Probe::Ready || check.probe == Probe::Live);
        futures::future::join_all(included.map(|check| async move {
            let error = match tokio::time::timeout(limit, (check.ask)()).await {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(format!("{error:#}")),
                Err(_late) => Some(format!("no answer within {} ms", limit.as_millis())),
            };
            Finding {
                name: check.name,
                ok: error.is_none(),
                error,
            }
        }))
        .await
    }
}

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Probes {
    pub(crate) checks: Checks,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) shutdown: CancellationToken,
    pub(crate) limit: Duration,
}

/// The routes of the HTTP server.
pub(crate) fn router(probes: Probes) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(probes)
}

async fn healthz(State(probes): State<Probes>) -> impl IntoResponse {
    answer(probes.checks.run(Probe::Live, probes.limit).await)
}

async fn readyz(State(probes): State<Probes>) -> impl IntoResponse {
    let mut findings = probes.checks.run(Probe::Ready, probes.limit).await;
    if probes.shutdown.is_cancelled() {
        findings.push(Finding {
            name: "shutdown".into(),
            ok: false,
            error: Some("draining".into()),
        });
    }
    answer(findings)
}

async fn metrics(State(probes): State<Probes>) -> impl IntoResponse {
    (
        [("content-type", "text/plain; version=0.0.4; charset=utf-8")],
        probes.metrics.render(),
    )
}

fn answer(findings: Vec<Finding>) -> (StatusCode, Json<Vec<Finding>>) {
    let ok = findings.iter().all(|finding| finding.ok);
    let status = if ok {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(findings))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(50);

    fn checks() -> Checks {
        let checks = Checks::default();
        checks.register("db", Probe::Live, || async { Ok(()) });
        checks.register("lag", Probe::Ready, || async { anyhow::bail!("9 behind") });
        checks
    }

    #[tokio::test]
    async fn a_failed_readiness_check_does_not_ask_for_a_restart() {
        let live = checks().run(Probe::Live, LIMIT).await;
        assert!(live.iter().all(|finding| finding.ok) && live.len() == 1);
        let ready = checks().run(Probe::Ready, LIMIT).await;
        assert_eq!(ready[1].error.as_deref(), Some("9 behind"));
        assert_eq!(answer(ready).0, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn a_check_that_hangs_fails_within_its_limit() {
        let checks = checks();
        checks.register("db", Probe::Live, std::future::pending);
        let live = checks.run(Probe::Live, LIMIT).await;
        assert_eq!(live[0].error.as_deref(), Some("no answer within 50 ms"));
    }
}
