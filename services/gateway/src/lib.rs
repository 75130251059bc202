//! The door for people: the web, sign-in, sessions, and gRPC from browsers to the services' own contract.
//!
//! Owns accounts, sessions and what people set up for themselves. Nothing else of the platform needs it.
//!
//! Invariant: whoever calls a service through it calls as the account of their session, and as nobody else.

mod address;
mod domain;
mod files;
mod grpc;
mod headers;
mod live;
mod notice;
mod ops;
mod page;
mod portal;
mod router;
mod rpc;
mod server;
mod shelf;
mod store;
mod web;

use std::sync::Arc;

use anyhow::Context as _;
use hotline_bus::{Bus, Handlers, Started};
use hotline_policy::{Code, Library};
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use address::Remote;
pub use headers::Nonce;
pub use router::Door;

/// Every code of this service.
pub const REFUSALS: &[&Code] = domain::desk_refusals::ALL;

/// The name of the service, and that of the schema.
pub const NAME: &str = "gateway";

/// The service's own tables.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Opens the service.
///
/// # Errors
/// The database cannot be opened or migrated; a certificate that cannot be used.
pub async fn start(
    runtime: &Runtime,
    library: Arc<Library>,
    _calendar: Arc<Calendar>,
) -> anyhow::Result<Started> {
    let pool = runtime.database(NAME, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(runtime, NAME, pool)
        .await
        .context("the gateway's end of the bus")?;
    let door = Arc::new(Door::open(runtime, library, bus.clone())?);
    let tls = server::tls::acceptor(&runtime.settings.gateway)?;
    let listen = runtime.settings.gateway.listen;
    let routes = router::routes(Arc::clone(&door))?;
    let serve = {
        let runtime = runtime.clone();
        move |listener| server::serve(listener, tls, routes, runtime)
    };
    let (desk, live_jobs) = live::open(&door)?;
    let parts = Parts::new(NAME)
        .service(desk)
        .jobs(live_jobs)
        .job("files", files::tidy(Arc::clone(&door)))
        .listening(listen, serve)
        .jobs(bus.jobs(Handlers::new(door)));
    Ok(Started { parts, bus })
}
