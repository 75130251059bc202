//! The table of services: what each is called, what it signs its events with, how it starts, what it refuses with.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::bail;
use hotline_bus::Started;
use hotline_policy::Library;
use hotline_policy::refusal::Code;
use hotline_runtime::Runtime;
use hotline_worktime::Calendar;

/// A start in progress.
pub type Starting<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Started>> + 'a>>;

/// How a service starts: on a runtime, with the policies and the calendar in force.
pub type Start = for<'a> fn(&'a Runtime, Arc<Library>, Arc<Calendar>) -> Starting<'a>;

/// One service of the platform.
pub struct Service {
    /// Name on the command line.
    pub name: &'static str,
    /// Producer's name: the package segment of its events, and its schema.
    pub producer: &'static str,
    /// How it starts.
    pub start: Start,
    /// Codes of its refusals.
    pub refusals: &'static [&'static Code],
}

/// Every service, in the order in which an appeal meets them.
pub const SERVICES: &[Service] = &[
    Service {
        name: "intake",
        producer: "intake",
        start: |rt, library, calendar| Box::pin(hotline_intake::start(rt, library, calendar)),
        refusals: hotline_intake::REFUSALS,
    },
    Service {
        name: "routing",
        producer: "routing",
        start: |rt, library, calendar| Box::pin(hotline_routing::start(rt, library, calendar)),
        refusals: hotline_routing::REFUSALS,
    },
    Service {
        name: "sla-timer",
        producer: "sla",
        start: |rt, library, calendar| Box::pin(hotline_sla_timer::start(rt, library, calendar)),
        refusals: hotline_sla_timer::REFUSALS,
    },
    Service {
        name: "callback",
        producer: "callback",
        start: |rt, library, calendar| Box::pin(hotline_callback::start(rt, library, calendar)),
        refusals: hotline_callback::REFUSALS,
    },
    Service {
        name: "enterprise",
        producer: "enterprise",
        start: |rt, library, calendar| Box::pin(hotline_enterprise::start(rt, library, calendar)),
        refusals: hotline_enterprise::REFUSALS,
    },
    Service {
        name: "analytics",
        producer: "analytics",
        start: |rt, library, calendar| Box::pin(hotline_analytics::start(rt, library, calendar)),
        refusals: hotline_analytics::REFUSALS,
    },
    Service {
        name: "gateway",
        producer: "gateway",
        start: |rt, library, calendar| Box::pin(hotline_gateway::start(rt, library, calendar)),
        refusals: hotline_gateway::REFUSALS,
    },
];

/// The service of this name, or of this producer's name.
///
/// # Errors
/// Nobody is called so; the message lists the names.
pub fn find(name: &str) -> anyhow::Result<&'static Service> {
    let found = SERVICES
        .iter()
        .find(|service| service.name == name || service.producer == name);
    match found {
        Some(service) => Ok(service),
        None => {
            let names: Vec<_> = SERVICES.iter().map(|service| service.name).collect();
            let names = names.join(", ");
            bail!("没有名为 {name} 的服务,可用:{names} / no service is called {name}; use {names}")
        }
    }
}

/// The services named, or all where none is.
///
/// # Errors
/// As [`find`].
pub fn select(names: &[String]) -> anyhow::Result<Vec<&'static Service>> {
    if names.is_empty() {
        return Ok(SERVICES.iter().collect());
    }
    names.iter().map(|name| find(name)).collect()
}
