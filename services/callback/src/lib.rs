//! Call-backs: was it solved, and is the appellant content?
//!
//! Owns one call-back a round of an order (Xuzhou art. 12(5)). Hears that orders are settled, redone, closed or
//! withdrawn; tells `CallbackScheduled`, `CallbackAttempted`, `CallbackCompleted`, `CallbackUnreached` and
//! `BadAnswerJudged`. Ways, tries, spacing and what is bad are the policy's.

mod contract;
pub mod domain;
mod events;
mod grpc;
pub mod ops;
pub mod store;

use std::sync::Arc;

use hotline_bus::{Bus, Started};
use hotline_policy::Library;
use hotline_proto::callback::v1::callback_service_server::CallbackServiceServer;
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use domain::refusals::ALL as REFUSALS;
pub use events::handlers;
pub use grpc::Desk;

/// Name of the service, of its schema, and of its events' package.
pub const SERVICE: &str = "callback";

/// The tables of the service.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Prepares the service: its tables, its end of the bus, its handlers and its desk.
///
/// # Errors
/// The database cannot be prepared.
pub async fn start(rt: &Runtime, library: Arc<Library>, calendar: Arc<Calendar>) -> anyhow::Result<Started> {
    let pool = rt.database(SERVICE, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(rt, SERVICE, pool).await?;
    let callbacks = Arc::new(ops::Callbacks::new(bus.clone(), library, calendar));
    let parts = Parts::new(SERVICE)
        .service(CallbackServiceServer::new(Desk {
            callbacks: Arc::clone(&callbacks),
        }))
        .jobs(bus.jobs(handlers(callbacks)));
    Ok(Started { parts, bus })
}
