//! The security headers of every answer: nothing foreign is loaded, nothing inline runs, nobody frames us.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

use crate::Door;

/// Policy of every answer that states none: pages made here, with one style sheet and no script.
const STRICT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer carries.
static ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Half a year and more; browsers then refuse plain HTTP to this host.
const TRANSPORT: &str = "max-age=31536000";

/// A number used once: the only style sheets that a desk may add by script carry it.
#[derive(Clone, Debug)]
pub struct Nonce(String);

impl Nonce {
    /// A fresh one.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn fresh() -> anyhow::Result<Self> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        Ok(Self(STANDARD_NO_PAD.encode(bytes)))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The policy of a desk's page: as the strict one, and styles that carry this number.
    ///
    /// # Errors
    /// Never in practice: the number stands in a header as it is.
    pub fn policy(&self) -> anyhow::Result<HeaderValue> {
        let styles = format!("style-src 'self' 'nonce-{}'", self.0);
        let policy = STRICT
            .replace("style-src 'self'", &styles)
            .replace("img-src 'self' data:", "img-src 'self' data: blob:")
            .replace("media-src 'self'", "media-src 'self' blob:");
        Ok(HeaderValue::try_from(policy)?)
    }
}

/// Adds the headers to an answer; one that states its own policy or caching keeps it.
pub async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    dress(response.headers_mut(), door.settings().is_https());
    response
}

fn dress(headers: &mut HeaderMap, https: bool) {
    for (name, value) in ALWAYS.iter() {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TRANSPORT));
    }
    let fallback = [(CONTENT_SECURITY_POLICY, STRICT), (CACHE_CONTROL, "no-store")];
    for (name, value) in fallback {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desks_policy_allows_styles_by_number_and_nothing_inline() {
        let nonce = Nonce::fresh().expect("random");
        let policy = nonce.policy().expect("a header");
        let policy = policy.to_str().expect("text");
        assert!(policy.contains(&format!("style-src 'self' 'nonce-{}';", nonce.as_str())));
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
        assert!(policy.contains("blob:; font-src"), "{policy}");
    }

    #[test]
    fn an_answer_keeps_the_policy_it_states() {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public"));
        dress(&mut headers, true);
        assert_eq!(headers[CACHE_CONTROL], "public");
        assert_eq!(headers[CONTENT_SECURITY_POLICY], STRICT);
        assert_eq!(headers[STRICT_TRANSPORT_SECURITY], TRANSPORT);
    }
}
