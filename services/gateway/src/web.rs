//! The built web: hashed assets for ever, the desks' and the screen's pages with a fresh number, a page when it is not built.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hotline_policy::Lang;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::uri::PathAndQuery;
use http::{HeaderValue, StatusCode, Uri};
use maud::{Markup, html};
use tower_http::services::ServeDir;

use crate::asker::Asker;
use crate::domain::next_page;
use crate::page::{frame, say};
use crate::{Door, Nonce, sign};

/// Where a checkout's build lies.
const CHECKOUT: &str = "services/gateway/web/dist";

/// What the pages of the web hold where the number belongs.
const NONCE_MARK: &str = "__CSP_NONCE__";

/// How those pages open; the language is put in.
const LANG_MARK: &str = "<html lang=\"zh-CN\">";

/// Assets have the hash of their content in their name.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Other files may change under their name: ask each time.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The style sheet of pages made here.
const STYLE: &str = include_str!("style.css");

/// The folder of the built web as set, in a checkout, or beside the program.
pub fn folder(set: Option<&Path>) -> PathBuf {
    if let Some(set) = set {
        return set.to_path_buf();
    }
    if Path::new(CHECKOUT).is_dir() {
        return CHECKOUT.into();
    }
    let program = std::env::current_exe().unwrap_or_default();
    program.with_file_name("web")
}

/// Assets, the pages of desks and screen, and what else lies in the folder.
pub fn routes(folder: &Path) -> Router<Arc<Door>> {
    let files = |folder: PathBuf| ServeDir::new(folder).precompressed_br().precompressed_gzip();
    let assets = Router::new()
        .fallback_service(files(folder.join("assets")))
        .layer(middleware::from_fn(|request: Request, next: Next| {
            keep(request, next, FOREVER)
        }));
    let others = Router::new()
        .fallback_service(files(folder.to_path_buf()).append_index_html_on_directories(false))
        .layer(middleware::from_fn(|request: Request, next: Next| {
            keep(request, next, ASK)
        }));
    Router::new()
        .nest("/assets", assets)
        .route("/style.css", get(style))
        .fallback_service(others)
}

/// Pages that only a person with a session sees.
pub fn desks() -> Router<Arc<Door>> {
    Router::new()
        .route("/desk", get(desk))
        .route("/desk/", get(desk))
        .route("/desk/{*view}", get(desk))
        .route("/screen", get(screen))
        .route("/screen/", get(screen))
}

async fn style() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, ASK)], STYLE).into_response()
}

async fn desk(asker: Asker, uri: Uri) -> Response {
    page_of(&asker, &uri, "desk.html").await
}

async fn screen(asker: Asker, uri: Uri) -> Response {
    page_of(&asker, &uri, "screen.html").await
}

/// A page of the web for whoever is signed in; the way to sign-in for others.
async fn page_of(asker: &Asker, uri: &Uri, name: &str) -> Response {
    match asker.signed().await {
        Err(response) => response,
        Ok(Some(_)) => html_file(&asker.door, name, asker.lang).await,
        Ok(None) => to_sign_in(asker, uri),
    }
}

/// The way to sign-in, and from there to the page that was asked for.
pub fn to_sign_in(asker: &Asker, uri: &Uri) -> Response {
    let here = uri.path_and_query().map_or("/desk/", PathAndQuery::as_str);
    let site = asker.headers.get("sec-fetch-site");
    if site.is_some_and(|site| site == "cross-site") {
        // A link on another site brings no cookie along; our own page, opening the same, does.
        return sign::onward(asker, next_page(here));
    }
    asker.go(&format!("/sign-in?next={}", sign::encoded(here)), &[])
}

/// A page of the web with a fresh number in it.
async fn html_file(door: &Door, name: &str, lang: Lang) -> Response {
    let Ok(text) = tokio::fs::read_to_string(door.web_dir().join(name)).await else {
        return not_built(lang);
    };
    let page = || -> anyhow::Result<Response> {
        let nonce = Nonce::fresh()?;
        let meta = format!("<head><meta name=\"csp-nonce\" content=\"{}\">", nonce.as_str());
        let text = text
            .replace(NONCE_MARK, nonce.as_str())
            .replacen(LANG_MARK, say(lang, LANG_MARK, "<html lang=\"en\">"), 1)
            .replacen("<head>", &meta, 1);
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        Ok((
            [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, nonce.policy()?)],
            text,
        )
            .into_response())
    };
    page().unwrap_or_else(|error| {
        tracing::error!(error = %format_args!("{error:#}"), "a page cannot be served");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

fn not_built(lang: Lang) -> Response {
    let title = say(lang, "网页尚未构建", "The web is not built yet");
    let main: Markup = html! {
        h1 { (title) }
        p {
            (say(lang, "工作台的网页文件不在。请在代码目录执行:", "The desks' files are not there. Run this in the checkout:"))
        }
        p { code { "make web" } }
        p.hint {
            (say(lang, "或用 gateway.web_dir 指明已构建的目录。公众门户与登录页不受影响。",
                "Or name the built folder in gateway.web_dir. The public portal and sign-in work without it."))
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, frame(lang, title, &main)).into_response()
}

/// Caching of files that were found.
async fn keep(request: Request, next: Next, caching: HeaderValue) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CACHE_CONTROL, caching);
    }
    response
}
