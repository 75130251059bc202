//! `/papers`: documents to print on A4, as the services have them, for whoever may read them there.
//!
//! Invariant: a paper is asked for in the reader's own name; what is another unit's answers as what is nowhere.

mod instrument;
mod opinion;
mod reader;
mod sheet;

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use maud::Markup;
use tonic::Status;

use crate::Door;

pub use opinion::sheet as opinion_sheet;
pub use sheet::Place;

use reader::{Reader, refused};

/// Type, margins and lines of official documents, on the screen and on paper.
const STYLE: &str = include_str!("papers/paper.css");
/// What the button does.
const SCRIPT: &str = include_str!("papers/paper.js");

/// The routes.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/papers/paper.css", get(style))
        .route("/papers/paper.js", get(script))
        .route("/papers/orders/{order}/opinion", get(opinion))
        .route("/papers/cases/{case}/material", get(material))
        .route("/papers/cases/{case}/instruments/{instrument}", get(instrument))
}

async fn opinion(reader: Reader, Path(order): Path<String>) -> Response {
    answered(&reader, opinion::read(&reader, order).await)
}

async fn instrument(reader: Reader, Path((case, instrument)): Path<(String, String)>) -> Response {
    answered(&reader, instrument::one(&reader, case, &instrument).await)
}

async fn material(reader: Reader, Path(case): Path<String>) -> Response {
    answered(&reader, instrument::material(&reader, case).await)
}

fn answered(reader: &Reader, read: Result<Markup, Status>) -> Response {
    match read {
        Ok(page) => page.into_response(),
        Err(status) => refused(reader.lang, &status),
    }
}

async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
