//! Routing owns orders and their legs: who must handle an appeal, and what did they do?
//!
//! It hears the register (accepted, withdrawn, merged, urged), the enterprise platform (second send received), the
//! call-back (answers, judgements) and the clocks (a year's arrangement); it tells everything that happens to an order, in the transaction that made it so.
//!
//! Invariant: an order and all its legs are sent in one transaction, the second send among them (Xuzhou art. 2).
//! Invariant: a refusal changes nothing and names the rule, the state and, where a regulation says so, the article.

mod contract;
pub mod domain;
mod events;
mod grpc;
pub mod ops;
mod store;

use std::sync::Arc;

use anyhow::Context;
use hotline_bus::{Bus, Handlers, Started};
use hotline_policy::Library;
use hotline_proto::callback::v1::{BadAnswerJudged, CallbackCompleted, CallbackUnreached};
use hotline_proto::enterprise::v1::EnterpriseLegReceived;
use hotline_proto::intake::v1::{
    AppealAccepted, AppealMerged, AppealSupplemented, AppealUrged, AppealWithdrawn,
};
use hotline_proto::routing::v1::routing_service_server::RoutingServiceServer;
use hotline_proto::sla::v1::CalendarImported;
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use domain::refusals::ALL as REFUSALS;
pub use grpc::Desk;
pub use ops::Routing;

/// The tables of routing.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Prepares the service: its tables, its desk and what it hears.
///
/// # Errors
/// The city is unknown, the database cannot be prepared, or an imported calendar cannot be read.
pub async fn start(
    runtime: &Runtime,
    library: Arc<Library>,
    calendar: Arc<Calendar>,
) -> anyhow::Result<Started> {
    let city = &runtime.settings.city;
    let city = library
        .city(city)
        .with_context(|| format!("there is no city {city}"))?;
    let pool = runtime.database("routing", &[Bus::migrator(), &MIGRATOR]).await?;
    if let Some(narrow) = runtime.walls.of("routing") {
        let city = Arc::clone(&city);
        narrow.widen(move |unit| ops::below(&city, unit));
    }
    let bus = Bus::open(runtime, "routing", pool).await?;
    let routing = Arc::new(Routing::new(bus.clone(), library, city, &calendar));
    routing.refresh().await?;
    let desk = RoutingServiceServer::new(Desk::new(Arc::clone(&routing)));
    let parts = Parts::new("routing")
        .service(desk)
        .job("calendar", Arc::clone(&routing).watch_calendar())
        .jobs(bus.jobs(hears(routing)));
    Ok(Started { parts, bus })
}

/// What routing hears.
fn hears(routing: Arc<Routing>) -> Handlers<Routing> {
    Handlers::new(routing)
        .on::<AppealAccepted>()
        .on::<AppealWithdrawn>()
        .on::<AppealMerged>()
        .on::<AppealUrged>()
        .on::<AppealSupplemented>()
        .on::<EnterpriseLegReceived>()
        .on::<CallbackCompleted>()
        .on::<CallbackUnreached>()
        .on::<BadAnswerJudged>()
        .on::<CalendarImported>()
        .settling()
}
