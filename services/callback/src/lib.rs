//! Call-backs: was it solved, and is the appellant content?
//!
//! Owns one call-back a round of an order (Xuzhou art. 12(5)), and the good and bad reviews of services. Hears that orders are settled, redone, closed or
//! withdrawn, and that a year's arrangement came; tells `CallbackScheduled`, `CallbackAttempted`, `CallbackCompleted`, `CallbackUnreached` and
//! `BadAnswerJudged`. Ways, tries, spacing and what is bad are the policy's.

mod contract;
pub mod domain;
mod events;
mod grpc;
pub mod ops;
pub mod provider;
pub mod sender;
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

use provider::{Gate, HttpProvider, Provider, ProviderSettings};

/// Name of the service, of its schema, and of its events' package.
pub const SERVICE: &str = "callback";

/// The tables of the service.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The settings of the service, `[services.callback]`.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallbackSettings {
    /// Who sends messages and makes automatic calls.
    pub provider: ProviderSettings,
}

/// Prepares the service: its tables, its end of the bus, its handlers, its desk; and, where a provider is set up, the
/// sender and the routes that the provider posts to.
///
/// # Errors
/// The database cannot be prepared, an imported calendar cannot be read, or the provider's settings are wrong.
pub async fn start(rt: &Runtime, library: Arc<Library>, calendar: Arc<Calendar>) -> anyhow::Result<Started> {
    let settings: CallbackSettings = rt.settings.service(SERVICE)?;
    let provider: Option<Arc<dyn Provider>> = if settings.provider.url.is_empty() {
        None
    } else {
        Some(Arc::new(HttpProvider::open(
            &settings.provider,
            rt.clock.clone(),
        )?))
    };
    let pool = rt.database(SERVICE, &[Bus::migrator(), &MIGRATOR]).await?;
    let bus = Bus::open(rt, SERVICE, pool).await?;
    let callbacks = ops::Callbacks::new(bus.clone(), library, &calendar).with_provider(provider.clone());
    let callbacks = Arc::new(callbacks);
    callbacks.refresh().await?;
    let mut parts = Parts::new(SERVICE)
        .service(CallbackServiceServer::new(Desk {
            callbacks: Arc::clone(&callbacks),
        }))
        .job("calendar", Arc::clone(&callbacks).watch_calendar())
        .jobs(bus.jobs(handlers(Arc::clone(&callbacks))));
    if let Some(provider) = provider {
        let numbers = Arc::new(grpc::numbers::Register(rt.peers.clone()));
        let gate = Gate::new(Arc::clone(&callbacks), settings.provider.secret()?);
        parts = parts.http(provider::routes(gate)).job(
            "sender",
            sender::run(callbacks, provider, numbers, settings.provider),
        );
    }
    Ok(Started { parts, bus })
}
