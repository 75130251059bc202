//! The portals' own style sheet, script and icon, embedded, named by their content and cached for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest as _, Sha256};

/// A file of the portals.
struct Asset {
    path: String,
    kind: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn new(name: &str, end: &str, kind: &'static str, bytes: &'static [u8]) -> Self {
        let digest = Sha256::digest(bytes);
        let mark: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self {
            path: format!("/portal/assets/{name}-{mark}.{end}"),
            kind,
            bytes,
        }
    }
}

static CSS: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_bytes!("static/portal.css");
    Asset::new("portal", "css", "text/css; charset=utf-8", text)
});
static JS: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_bytes!("static/portal.js");
    Asset::new("portal", "js", "text/javascript; charset=utf-8", text)
});
static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_bytes!("static/icon.svg");
    Asset::new("icon", "svg", "image/svg+xml", text)
});

/// Path of the style sheet.
pub fn css() -> &'static str {
    &CSS.path
}

/// Path of the script.
pub fn js() -> &'static str {
    &JS.path
}

/// Path of the icon.
pub fn icon() -> &'static str {
    &ICON.path
}

/// The route of the files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/portal/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let all = [&*CSS, &*JS, &*ICON];
    let found = all
        .into_iter()
        .find(|asset| asset.path.rsplit('/').next() == Some(&name));
    match found {
        Some(asset) => {
            let forever = (CACHE_CONTROL, "public, max-age=31536000, immutable");
            ([(CONTENT_TYPE, asset.kind), forever], asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
