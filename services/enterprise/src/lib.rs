//! The second send: receives an order's enterprise leg, follows what departments do with it, and never handles it twice.
//!
//! Owns the enterprise legs. Hears routing's sends and progress, breaches of the department's clocks, and call-backs.
//! Tells that a leg arrived (which routing waits for), and what its desk does: urge, supplement, evaluate.
//!
//! Invariant: an order has at most one enterprise leg, and its arrival is told in the transaction that stores it.

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
use hotline_proto::enterprise::v1::enterprise_service_server::EnterpriseServiceServer;
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use domain::refusals::ALL as REFUSALS;

/// Tables of the service.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The producer's name, and that of the schema.
pub const NAME: &str = "enterprise";

/// Opens the service. Neither policies nor calendars bear on it: the legs that it follows have their clocks elsewhere.
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
        .context("the enterprise desk's end of the bus")?;
    let parts = Parts::new(NAME)
        .service(EnterpriseServiceServer::new(grpc::Desk { bus: bus.clone() }))
        .jobs(bus.jobs(events::handlers()));
    Ok(Started { parts, bus })
}
