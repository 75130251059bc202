//! Pages on which people sign in and look after their own account. They work without a script.

mod account;
mod forms;
mod oidc;
mod pages;
mod provider;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::Door;
use crate::asker::Asker;
use crate::cookie::Cookie;
use crate::domain::next_page;

pub use pages::onward;
pub use provider::{Provider, encoded};

/// Largest form, bytes.
const FORM_MAX: usize = 16 * 1024;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    /// A path of this site.
    #[serde(default)]
    pub next: String,
}

/// Every page of signing in and of one's own account.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/sign-in", get(forms::ask).post(forms::enter))
        .route("/sign-in/code", get(forms::ask_code).post(forms::complete))
        .route("/sign-in/oidc", get(oidc::leave))
        .route("/sign-in/oidc/callback", get(oidc::back))
        .route("/sign-out", get(forms::ask_out).post(forms::leave))
        .route(
            "/link/{token}",
            get(forms::ask_password).post(forms::enter_by_link),
        )
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/factor", post(account::begin_setup))
        .route("/account/sessions", post(account::end_sessions))
        .route("/language/{lang}", get(language))
        .layer(DefaultBodyLimit::max(FORM_MAX))
}

/// Switches the language and goes back.
async fn language(asker: Asker, Path(lang): Path<String>, Query(Next { next }): Query<Next>) -> Response {
    let lang = if lang == "en" { "en" } else { "zh" };
    let sign_in = next == "/sign-in" || next.starts_with("/link/");
    let clean = next
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte));
    let next = if sign_in && clean {
        next.as_str()
    } else {
        next_page(&next)
    };
    asker.go(next, &[(Cookie::Language, Some(lang))])
}
