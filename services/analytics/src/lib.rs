//! Figures: counts every event of every service once, by day, unit, type, channel, division and category.
//!
//! Owns the totals. Hears everything; tells nothing.
//!
//! Invariant: an event is counted in the transaction that moves the cursor past it, so exactly once.

pub mod contract;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod ops;
pub mod store;

use std::sync::Arc;

use anyhow::Context as _;
use hotline_bus::{Bus, Started};
use hotline_policy::Library;
use hotline_proto::analytics::v1::analytics_service_server::AnalyticsServiceServer;
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use domain::refusals::ALL as REFUSALS;
pub use domain::{DERIVED, Derived};

/// Tables of the service.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The name of the service, and that of the schema.
pub const NAME: &str = "analytics";

/// Opens the service. Neither policies nor calendars bear on it: what happened is counted as it was told.
///
/// # Errors
/// The database cannot be opened or migrated.
pub async fn start(
    runtime: &Runtime,
    _library: Arc<Library>,
    _calendar: Arc<Calendar>,
) -> anyhow::Result<Started> {
    let pool = runtime.database(NAME, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(runtime, NAME, pool)
        .await
        .context("the figures' end of the bus")?;
    let parts = Parts::new(NAME)
        .service(AnalyticsServiceServer::new(grpc::Desk { bus: bus.clone() }))
        .jobs(bus.jobs(events::handlers()));
    Ok(Started { parts, bus })
}
