//! The public portal and the enterprise portal: what people outside find, rendered here, whole without JavaScript.
//!
//! Invariant: what somebody typed stands in the page escaped, and in the database sealed, for a day at most.
//! Invariant: one draft becomes one appeal, however often it is sent.

mod act;
mod assets;
mod check;
mod client;
mod demand;
mod draft;
mod evaluate;
mod field;
mod files;
mod home;
mod layout;
pub mod limit;
mod matter;
mod opinion;
mod places;
mod progress;
mod receipt;
mod refused;
mod register;
mod report;
mod settings;
mod steps;
mod stop;
mod store;
mod track;
mod visit;

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use hotline_policy::{City, Policy};
use hotline_runtime::Runtime;
use hotline_worktime::date_of;
use sqlx::PgPool;

use crate::Door;
use client::Services;
use limit::Limits;
use settings::PortalSettings;
use visit::Side;

/// Largest form, bytes: 10,000 Chinese characters as a browser encodes them, and the rest of a page.
const FORM_MAX: usize = 160 * 1024;

/// The portals, with all that their pages need.
pub struct Portal {
    door: Arc<Door>,
    runtime: Runtime,
    pool: PgPool,
    city: Arc<City>,
    services: Services,
    limits: Limits,
    settings: PortalSettings,
    trusted: Vec<std::net::IpAddr>,
    https: bool,
    public_url: String,
}

impl Portal {
    fn open(door: &Arc<Door>) -> anyhow::Result<Self> {
        let runtime = door.runtime.clone();
        let settings: PortalSettings = runtime.settings.service("portal")?;
        let name = &runtime.settings.city;
        let city = door
            .library
            .city(name)
            .with_context(|| format!("city {name} is not in the library"))?;
        let own = door.settings();
        Ok(Self {
            pool: door.bus.pool().clone(),
            door: Arc::clone(door),
            services: Services::open(&runtime)?,
            limits: Limits::new(&settings),
            trusted: own.trusted_proxies.clone(),
            https: own.is_https(),
            public_url: own.public_url.trim_end_matches('/').to_owned(),
            runtime,
            city,
            settings,
        })
    }

    /// The present instant.
    fn now(&self) -> DateTime<Utc> {
        self.runtime.clock.now()
    }

    /// The policy in force today.
    fn policy(&self) -> &Policy {
        self.city.policy_on(date_of(self.now()))
    }
}

/// The routes of both portals.
///
/// # Errors
/// Settings that cannot be run with.
pub fn routes<S: Clone + Send + Sync + 'static>(door: &Arc<Door>) -> anyhow::Result<Router<S>> {
    let portal = Arc::new(Portal::open(door)?);
    let file_max = usize::try_from(door.settings().files.max_bytes()).unwrap_or(usize::MAX);
    let room = DefaultBodyLimit::max(file_max.saturating_mul(files::FILES_MAX).saturating_add(FORM_MAX));
    let pages = Side::ALL.into_iter().fold(Router::new(), side);
    let uploads = Side::ALL
        .into_iter()
        .fold(Router::new(), |router: Router<Arc<Portal>>, side| {
            let path = format!("{}/report/{{handle}}/files", side.base());
            router.route(&path, get(report::show_files).post(files::save).layer(room))
        });
    let pages = pages
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .merge(uploads)
        .layer(middleware::from_fn_with_state(Arc::clone(&portal), limit::admit));
    Ok(assets::routes().merge(pages).with_state(portal))
}

/// The pages of one portal.
fn side(router: Router<Arc<Portal>>, side: Side) -> Router<Arc<Portal>> {
    let at = |path: &str| format!("{}{path}", side.base());
    router
        .route(side.base(), get(home::to_home))
        .route(&at("/"), get(home::home))
        .route(&at("/view"), get(home::view))
        .route(&at("/guide"), get(home::guide))
        .route(&at("/privacy"), get(home::privacy))
        .route(&at("/report"), get(report::start).post(report::begin))
        .route(&at("/report/{handle}/discard"), post(report::discard))
        .route(&at("/report/{handle}/done"), get(receipt::done))
        .route(
            &at("/report/{handle}/{step}"),
            get(report::show).post(report::save),
        )
        .route(&at("/track"), get(track::ask).post(track::open))
        .route(&at("/track/{number}"), get(track::show))
        .route(&at("/track/{number}/leave"), post(track::leave))
        .route(
            &at("/track/{number}/evaluate"),
            get(evaluate::ask).post(evaluate::save),
        )
        .route(&at("/track/{number}/opinion"), get(opinion::show))
        .route(&at("/track/{number}/{deed}"), get(act::ask).post(act::save))
}
