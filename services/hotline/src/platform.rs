//! One process of the platform: its private servers where none are named, its services, their start and their end.

use std::sync::Arc;

use anyhow::Context;
use hotline_bus::{AuditDesk, JournalDesk, Topology};
use hotline_policy::{Fill, Library};
use hotline_runtime::{Parts, Runtime, Serving, Settings, install_signals, serve};

use crate::calendars;
use crate::run_file::RunFile;
use crate::servers::Servers;
use crate::services::Service;

/// Whether this process arranges the broker's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controller {
    /// It does; one process of an installation should.
    Here,
    /// Another process does.
    Elsewhere,
}

/// A process of the platform before it serves.
pub struct Platform {
    /// What services are given.
    pub runtime: Runtime,
    library: Arc<Library>,
    calendar: Arc<hotline_worktime::Calendar>,
    servers: Servers,
}

impl Platform {
    /// Reads policies and calendars, starts private servers, opens keys, and drains at SIGTERM or SIGINT from here on.
    ///
    /// # Errors
    /// Everything that is wrong with settings, policies or calendars; servers that do not start.
    pub async fn build(mut settings: Settings) -> anyhow::Result<Self> {
        let (library, calendar) = load_rules(&settings)?;
        let (library, calendar) = (Arc::new(library), Arc::new(calendar));
        let servers = Servers::start(&mut settings).await?;
        let runtime = match Runtime::build(settings) {
            Ok(runtime) => runtime,
            Err(error) => {
                servers.stop().await;
                return Err(error);
            }
        };
        install_signals(&runtime.shutdown)?;
        Ok(Self {
            runtime,
            library,
            calendar,
            servers,
        })
    }

    /// Starts the services, binds both servers and tells other commands where.
    ///
    /// # Errors
    /// A service that does not start, or an address in use.
    pub async fn spawn(&self, services: &[&Service], controller: Controller) -> anyhow::Result<Serving> {
        let mut parts = Vec::new();
        let mut buses = Vec::new();
        for service in services {
            let starting = (service.start)(&self.runtime, self.library.clone(), self.calendar.clone());
            let started = starting
                .await
                .with_context(|| format!("start {}", service.name))?;
            parts.push(started.parts);
            buses.push(started.bus);
        }
        let mut bus = Parts::new("bus")
            .service(AuditDesk::server(buses.clone()))
            .service(JournalDesk::server(buses));
        if controller == Controller::Here {
            bus = bus.job("topology", Topology::new(&self.runtime).run());
        }
        parts.push(bus);
        let serving = serve(&self.runtime, parts).await?;
        self.run_file(&serving, services)
            .write(&self.runtime.settings.data_dir)?;
        Ok(serving)
    }

    /// Serves until a stop is asked for or something fails, then drains; meanwhile the private servers are kept alive.
    ///
    /// # Errors
    /// The first part that failed.
    pub async fn wait(&self, serving: Serving) -> anyhow::Result<()> {
        tokio::select! {
            ended = serving.wait() => ended,
            never = self.servers.keep(&self.runtime.settings.data_dir) => match never {},
        }
    }

    /// Makes every service's schema and role, and starts nothing.
    ///
    /// # Errors
    /// A database that cannot be administered, or a migration that fails.
    pub async fn migrate(&self, services: &[&Service]) -> anyhow::Result<()> {
        for service in services {
            let started = (service.start)(&self.runtime, self.library.clone(), self.calendar.clone()).await;
            drop(started.with_context(|| format!("migrate {}", service.name))?);
            tracing::info!(schema = service.producer, "migrated");
        }
        Ok(())
    }

    /// Stops the private servers and removes what told others of this process.
    pub async fn finish(self) {
        let data_dir = &self.runtime.settings.data_dir;
        if let Some(run) = RunFile::read(data_dir).filter(|run| run.pid == std::process::id()) {
            run.remove(data_dir);
        }
        self.servers.stop().await;
    }

    /// The policies in force.
    pub fn library(&self) -> &Library {
        &self.library
    }

    fn run_file(&self, serving: &Serving, services: &[&Service]) -> RunFile {
        let settings = &self.runtime.settings;
        RunFile {
            pid: std::process::id(),
            grpc: serving.grpc_addr,
            http: serving.http_addr,
            gateway: serving.own_addrs.get(hotline_gateway::NAME).copied(),
            services: services.iter().map(|service| service.name.to_owned()).collect(),
            database_url: settings.database.url.clone(),
            nats_url: settings.nats.url.clone(),
            nats_admin_url: settings.nats.admin_url.clone(),
            postgres_pid: self.servers.pids().postgres,
            nats_pid: self.servers.pids().nats,
        }
    }
}

/// The values of `policy_set` for numbers that a document has lost.
///
/// # Errors
/// One that is not `<policy>.<name>=<limit>`.
pub fn fills(settings: &Settings) -> anyhow::Result<Vec<Fill>> {
    let read = |text: &String| {
        text.parse()
            .map_err(|error: String| anyhow::anyhow!("policy_set: {error}"))
    };
    settings.policy_set.iter().map(read).collect()
}

/// Every policy, every city and the calendar.
///
/// # Errors
/// Everything that is wrong with any of them at once, with file and line.
pub fn load_rules(settings: &Settings) -> anyhow::Result<(Library, hotline_worktime::Calendar)> {
    let calendar = calendars::load(&settings.deploy_dir.join("calendars"));
    match (load_library(settings), calendar) {
        (Ok(library), Ok(calendar)) => Ok((library, calendar)),
        (library, calendar) => {
            let wrong = [library.err(), calendar.err()].into_iter().flatten();
            let wrong: Vec<_> = wrong.map(|error| format!("{error:#}")).collect();
            Err(anyhow::anyhow!(wrong.join("\n")))
        }
    }
}

/// Every policy and city; the configured city must be among them, and its policy must be fit to be in force.
///
/// # Errors
/// Everything that is wrong with the files, with file and line.
pub fn load_library(settings: &Settings) -> anyhow::Result<Library> {
    let dir = settings.deploy_dir.join("cities");
    let library = Library::load_with(&dir, &fills(settings)?)
        .map_err(|problems| anyhow::anyhow!("{problems}"))
        .with_context(|| format!("政策文件有误 / policies in {} are wrong", dir.display()))?;
    let city = library.city(&settings.city).with_context(|| {
        let known: Vec<_> = library.cities().map(|city| city.id.clone()).collect();
        format!(
            "没有城市 {0},可用:{1} / no city is called {0}; use {1}",
            settings.city,
            known.join(", ")
        )
    })?;
    for policy in &city.editions {
        policy
            .activate()
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    }
    Ok(library)
}
