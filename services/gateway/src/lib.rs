//! The door for people: the web, sign-in, sessions, and gRPC from browsers to the services' own contract.
//!
//! Owns accounts, sessions and what people set up for themselves. Nothing else of the platform needs it.
//!
//! Invariant: whoever calls a service through it calls as the account of their session, and as nobody else.

mod address;
mod asker;
mod cookie;
mod domain;
mod files;
mod grpc;
mod headers;
mod live;
mod notice;
mod ops;
mod origin;
mod page;
mod papers;
mod portal;
mod router;
mod rpc;
mod secrets;
mod server;
mod shelf;
mod sign;
mod store;
mod web;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use hotline_bus::{Bus, Handlers, Started};
use hotline_policy::{Code, Library};
use hotline_proto::gateway::v1::account_service_server::AccountServiceServer;
use hotline_proto::gateway::v1::directory_service_server::DirectoryServiceServer;
use hotline_proto::gateway::v1::session_service_server::SessionServiceServer;
use hotline_runtime::{CancellationToken, Parts, Runtime};
use hotline_worktime::Calendar;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use domain::desk_refusals::ALL as DESK;
use domain::refusals::ALL as PEOPLE;

pub use address::Remote;
pub use headers::Nonce;
pub use router::Door;

/// Every code of this service: of the live desk, and of accounts and sessions.
pub const REFUSALS: &[&Code] = &ALL_CODES;

const ALL_CODES: [&Code; DESK.len() + PEOPLE.len()] = {
    let mut all = [DESK[0]; DESK.len() + PEOPLE.len()];
    let mut place = 0;
    while place < all.len() {
        all[place] = if place < DESK.len() {
            DESK[place]
        } else {
            PEOPLE[place - DESK.len()]
        };
        place += 1;
    }
    all
};

/// The name of the service, and that of the schema.
pub const NAME: &str = "gateway";

/// The service's own tables.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Pause between two removals of what has ended.
const PURGE_PAUSE: Duration = Duration::from_secs(600);

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
    let (desk, live_jobs) = live::open(&door)?;
    let people = Arc::clone(&door.people);
    let session = SessionServiceServer::new(grpc::SessionDesk {
        people: Arc::clone(&people),
        clock: runtime.clock.clone(),
        features: Vec::new(),
    });
    let account = AccountServiceServer::new(grpc::AccountDesk {
        people: Arc::clone(&people),
        clock: runtime.clock.clone(),
    });
    let directory = DirectoryServiceServer::new(grpc::Directory(Arc::clone(&people)));
    let parts = Parts::new(NAME)
        .service(desk)
        .service(directory)
        .service(session)
        .service(account)
        .jobs(live_jobs)
        .job("files", files::tidy(Arc::clone(&door)))
        .job("purge", purge(Arc::clone(&people), runtime.shutdown.clone()))
        .listening(listen, serving(people, routes, tls, runtime.clone()))
        .jobs(bus.jobs(Handlers::new(door)));
    Ok(Started { parts, bus })
}

type Served = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;

/// What serves the bound listener.
fn serving(
    people: Arc<ops::People>,
    routes: axum::Router,
    tls: Option<TlsAcceptor>,
    runtime: Runtime,
) -> impl FnOnce(TcpListener) -> Served + Send + 'static {
    move |listener| {
        Box::pin(async move {
            people.bound_at(listener.local_addr()?);
            server::serve(listener, tls, routes, runtime).await
        })
    }
}

/// Removes what has ended, from time to time. Every process may: what is gone is gone.
async fn purge(people: Arc<ops::People>, shutdown: CancellationToken) -> anyhow::Result<()> {
    loop {
        if let Err(fault) = people.purge().await {
            tracing::warn!(error = %fault, "ended sessions are not removed yet");
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(PURGE_PAUSE) => {}
        }
    }
}
