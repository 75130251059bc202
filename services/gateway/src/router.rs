//! What people find where: every route of the gateway, and what they share.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::get;
use hotline_bus::Bus;
use hotline_policy::Library;
use hotline_runtime::config::Gateway;
use hotline_runtime::{Access, Runtime};

use crate::ops::{Files, People};
use crate::portal::limit::Buckets;
use crate::sign::Provider;
use crate::{files, headers, papers, portal, rpc, shelf, sign, web};

/// Ways to the identity provider that one address may begin at once, an office behind it among them; and seconds until it
/// may begin one more.
const WAYS_BURST: u32 = 100;
const WAYS_EVERY_S: u64 = 1;

/// What the gateway's routes share.
pub struct Door {
    /// The platform's means: settings, clock, tokens, ways to the services.
    pub runtime: Runtime,
    /// The policies and cities.
    pub library: Arc<Library>,
    /// The gateway's end of the bus, and its database.
    pub bus: Bus,
    /// Who may call what.
    pub access: Access,
    /// Accounts and sessions.
    pub people: Arc<People>,
    /// The city's identity provider, where one is named.
    pub provider: Option<Provider>,
    /// How often one address may set out for it: everybody who does leaves a row behind for a while.
    pub ways: Buckets<IpAddr>,
    /// Uploaded files.
    pub files: Files,
    web_dir: PathBuf,
}

impl Door {
    /// What the routes share, from what a service is given.
    ///
    /// # Errors
    /// The contract cannot be read, the store of files cannot be opened, or the settings of the identity
    /// provider are wrong.
    pub fn open(runtime: &Runtime, library: Arc<Library>, bus: Bus) -> anyhow::Result<Self> {
        let uploads = &runtime.settings.gateway.files;
        let files = Files::new(
            bus.clone(),
            shelf::open(&runtime.settings)?,
            uploads.max_bytes(),
            uploads.uploads_max,
        );
        Ok(Self {
            files,
            people: Arc::new(People::open(runtime, &library, bus.clone())?),
            provider: Provider::open(&runtime.settings.gateway.oidc, runtime.clock.clone())?,
            ways: Buckets::new(WAYS_BURST, WAYS_EVERY_S),
            web_dir: web::folder(runtime.settings.gateway.web_dir.as_deref()),
            access: Access::from_descriptor_set(hotline_proto::FILE_DESCRIPTOR_SET)?,
            runtime: runtime.clone(),
            library,
            bus,
        })
    }

    /// The gateway's settings.
    pub fn settings(&self) -> &Gateway {
        &self.runtime.settings.gateway
    }

    /// Folder of the built web.
    pub fn web_dir(&self) -> &Path {
        &self.web_dir
    }
}

/// Every route.
///
/// # Errors
/// Settings of a part that cannot be run with.
pub fn routes(door: Arc<Door>) -> anyhow::Result<Router> {
    Ok(Router::new()
        .route("/", get(|| async { Redirect::to("/portal/") }))
        .route("/healthz", get(|| async { "ok" }))
        .merge(web::desks())
        .merge(web::routes(door.web_dir()))
        .nest_service("/rpc", rpc::service(&door))
        .merge(sign::routes())
        // Parts with routes of their own stand here, a line each.
        .merge(portal::routes(&door)?)
        .merge(papers::routes())
        .merge(files::routes(door.settings().files.max_bytes()))
        .layer(middleware::from_fn_with_state(Arc::clone(&door), headers::guard))
        .with_state(door))
}
