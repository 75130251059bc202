//! Clocks: is anyone late?
//!
//! Owns the clocks of all orders and the imported calendars. Hears what intake, routing and callback tell; tells
//! `ClocksChanged`, `ReminderDue`, `ClockBreached` and `CalendarImported`. Which event starts and stops which obligation stands in
//! [`domain::TABLE`]; how long each may take is the policy's.

pub mod contract;
pub mod domain;
mod events;
mod grpc;
pub mod ops;
pub mod store;
pub mod supervisor;
pub mod timer;

use std::sync::Arc;

use hotline_bus::{Bus, Started};
use hotline_policy::Library;
use hotline_proto::sla::v1::sla_timer_service_server::SlaTimerServiceServer;
use hotline_proto::sla::v1::supervision_service_server::SupervisionServiceServer;
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use domain::refusals::ALL as REFUSALS;
pub use events::handlers;
pub use grpc::Desk;
pub use grpc::supervision::Desk as SupervisionDesk;

/// Name of the service, of its schema, and of its events' package.
pub const SERVICE: &str = "sla";

/// The tables of the service.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Prepares the service: its tables, its end of the bus, its handlers, its timer and its desk.
///
/// # Errors
/// The database cannot be prepared, or an imported calendar cannot be read.
pub async fn start(rt: &Runtime, library: Arc<Library>, calendar: Arc<Calendar>) -> anyhow::Result<Started> {
    let pool = rt.database(SERVICE, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(rt, SERVICE, pool).await?;
    let sla = Arc::new(ops::Sla::new(bus.clone(), library, calendar));
    sla.refresh().await?;
    ops::tell_years(&sla).await?;
    let parts = Parts::new(SERVICE)
        .service(SlaTimerServiceServer::new(Desk {
            sla: Arc::clone(&sla),
        }))
        .service(SupervisionServiceServer::new(SupervisionDesk {
            sla: Arc::clone(&sla),
        }))
        .jobs(bus.jobs(handlers(Arc::clone(&sla))))
        .job("supervisor", supervisor::Supervisor::new(Arc::clone(&sla)).run())
        .job("timer", timer::Timer::new(sla).run());
    Ok(Started { parts, bus })
}
