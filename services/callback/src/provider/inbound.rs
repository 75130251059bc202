//! What a provider posts to us: receipts of delivery, and what appellants answered. Each post is signed as ours are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use serde::Deserialize;

use super::sign::{LASTS, NONCE, SIGNATURE, Signed, TIMESTAMP};
use crate::ops::Callbacks;

/// Where receipts are posted.
const RECEIPTS: &str = "/callback/v1/receipts";
/// Where answers are posted.
const ANSWERS: &str = "/callback/v1/answers";

/// Most posts that are remembered against being posted again.
const NONCES_MAX: usize = 100_000;

/// Verifies who posts.
pub struct Gate {
    callbacks: Arc<Callbacks>,
    secret: Vec<u8>,
    seen: Mutex<HashMap<String, DateTime<Utc>>>,
}

/// How a message stands.
#[derive(Deserialize)]
struct Receipt {
    message_id: String,
    /// "delivered" or "failed".
    state: String,
}

/// What came back.
#[derive(Deserialize)]
struct Reply {
    message_id: String,
    /// As it was written, or as the robot understood it: "4,没人来".
    text: String,
}

impl Gate {
    /// A gate for posts signed with this secret.
    #[must_use]
    pub fn new(callbacks: Arc<Callbacks>, secret: Vec<u8>) -> Self {
        Self {
            callbacks,
            secret,
            seen: Mutex::default(),
        }
    }

    /// Whether a post is signed, fresh and new.
    fn lets_in(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(nonce), Some(signature)) = (header(NONCE), header(SIGNATURE)) else {
            return false;
        };
        let Some(timestamp) = header(TIMESTAMP).and_then(|text| text.parse().ok()) else {
            return false;
        };
        let signed = Signed {
            method: "POST",
            path: uri.path(),
            timestamp,
            nonce,
            body,
        };
        let now = self.callbacks.bus.now();
        signed.is_good(&self.secret, signature, now) && self.is_new(nonce, now)
    }

    fn is_new(&self, nonce: &str, now: DateTime<Utc>) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= NONCES_MAX {
            seen.retain(|_, at| now - *at <= LASTS * 2);
        }
        seen.len() < NONCES_MAX && seen.insert(nonce.to_owned(), now).is_none()
    }
}

/// The routes of the service on the HTTP server.
pub fn routes(gate: Gate) -> Router {
    Router::new()
        .route(RECEIPTS, post(receipt))
        .route(ANSWERS, post(reply))
        .with_state(Arc::new(gate))
}

async fn receipt(State(gate): State<Arc<Gate>>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    if !gate.lets_in(&uri, &headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(Receipt { message_id, state }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    answer(gate.callbacks.receipt(&message_id, &state).await)
}

async fn reply(State(gate): State<Arc<Gate>>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    if !gate.lets_in(&uri, &headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(Reply { message_id, text }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    answer(gate.callbacks.replied(&message_id, &text).await)
}

/// What the state of the call-back no longer allows needs no second post.
fn answer(done: Result<(), Fault>) -> StatusCode {
    match done {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(Fault::Refused(refusal)) => {
            tracing::info!(code = refusal.code.id, "a post of the provider was not needed");
            StatusCode::OK
        }
        Err(fault) => {
            tracing::warn!(%fault, "a post of the provider failed");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
