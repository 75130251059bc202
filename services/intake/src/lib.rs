//! The register: who asked what, and where does it stand?
//!
//! Owns appeals, appellants (sealed) and timelines. Tells what became of an appeal; hears what became of its order,
//! its clocks and its call-backs, and writes both timelines: the staff's and the appellant's.
//!
//! Invariant: personal data leaves the tables masked, or in clear after the disclosure was recorded.
//! Invariant: an idempotency key, and a source with its reference, name one appeal for ever.

mod contract;
mod domain;
mod events;
mod grpc;
mod ops;
mod seal;
mod store;
mod told;
mod words;

use std::sync::Arc;

use anyhow::Context as _;
use hotline_bus::{Bus, Started};
use hotline_policy::Library;
use hotline_proto::intake::v1::call_service_server::CallServiceServer;
use hotline_proto::intake::v1::intake_service_server::IntakeServiceServer;
use hotline_runtime::{Parts, Runtime};
use hotline_worktime::Calendar;

pub use domain::refusals::ALL as REFUSALS;
pub use domain::{check_digit, is_number};
pub use grpc::{CallDesk, Desk};
pub use ops::Intake;

/// The service's own tables.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The service's name: its schema, and the package segment of its events.
pub const SERVICE: &str = "intake";

/// The settings of the service, `[services.intake]`.
#[derive(Clone, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeSettings {
    /// Appellants that one person is shown in clear within an hour. Default 60.
    pub reveals_per_hour: u16,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self {
            reveals_per_hour: ops::REVEALS_PER_HOUR,
        }
    }
}

/// Migrates, opens and wires the register.
///
/// # Errors
/// The database cannot be reached or migrated; the city of the settings is not in the library; a setting of the service is unknown.
pub async fn start(rt: &Runtime, library: Arc<Library>, _calendar: Arc<Calendar>) -> anyhow::Result<Started> {
    let settings: IntakeSettings = rt.settings.service(SERVICE)?;
    let pool = rt.database(SERVICE, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(rt, SERVICE, pool).await?;
    let city = &rt.settings.city;
    let city = library
        .city(city)
        .with_context(|| format!("city {city} is not in the library"))?;
    let intake = Intake::new(bus.clone(), Arc::clone(&rt.vault), library, city);
    let intake = Arc::new(intake.showing_at_most(settings.reveals_per_hour));
    let resealing = Arc::clone(&intake);
    let lease = bus.lease("reseal");
    let parts = Parts::new(SERVICE)
        .service(IntakeServiceServer::new(Desk::new(Arc::clone(&intake))))
        .service(CallServiceServer::new(CallDesk::new(Arc::clone(&intake))))
        .job("reseal", async move { resealing.reseal_all(lease).await })
        .jobs(bus.jobs(events::handlers(intake)));
    Ok(Started { parts, bus })
}
