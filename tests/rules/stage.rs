//! One platform for one scenario: the real services in this process, on a fresh database and a fresh stream, on a clock
//! that stands until the scenario moves it.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Utc};
use hotline_bus::{JournalDesk, Topology};
use hotline_cli::calendars;
use hotline_cli::services::SERVICES;
use hotline_policy::{City, Library};
use hotline_runtime::{Caller, Clock, Parts, Runtime, serve};
use hotline_tests::support::callers::{self, Callers, Person};
use hotline_tests::workspace_root;
use hotline_worktime::{Calendar, Limit};
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

use crate::place::{self, Place};

/// Longest answer to one call on a busy machine.
const CALL_MAX: Duration = Duration::from_secs(20);

/// The number that the text of Nanchang's article 15 has lost, as an installation fills it in.
pub const FILLED: &str = "nanchang-2022.provincial_limit=15 natural days";

/// The folder of all cities.
const CITIES: &str = "deploy/cities";

/// Platforms on their way down.
static CLOSING: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// A running platform of a city.
pub struct Stage {
    runtime: Runtime,
    place: Place,
    channel: Channel,
    serving: JoinHandle<Result<()>>,
    /// Everybody who calls.
    pub callers: Callers,
    /// The city, as the platform reads it.
    pub city: Arc<City>,
}

/// Every policy and city of this workspace, read once.
///
/// # Errors
/// Everything that is wrong with them.
pub fn library() -> Result<Arc<Library>> {
    static LIBRARY: OnceLock<std::result::Result<Arc<Library>, String>> = OnceLock::new();
    let read = || library_in(&workspace_root().join(CITIES)).map_err(|error| format!("{error:#}"));
    LIBRARY.get_or_init(read).clone().map_err(|error| anyhow!(error))
}

/// Every policy and city of this workspace, and one more file in the folder of a city.
///
/// # Errors
/// Everything that is wrong with them.
pub fn library_with(city: &str, name: &str, text: &str) -> Result<Arc<Library>> {
    let folder = tempfile::TempDir::new()?;
    for entry in walkdir::WalkDir::new(workspace_root().join(CITIES)) {
        let entry = entry?;
        let place = entry.path().strip_prefix(workspace_root().join(CITIES))?;
        let place = folder.path().join(place);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&place)?;
        } else {
            fs::copy(entry.path(), &place)?;
        }
    }
    fs::write(folder.path().join(city).join(name), text)?;
    library_in(folder.path())
}

fn library_in(folder: &Path) -> Result<Arc<Library>> {
    let set = [FILLED.parse().map_err(|error| anyhow!("{FILLED}: {error}"))?];
    let library = Library::load_with(folder, &set).map_err(|problems| anyhow!("{problems}"))?;
    Ok(Arc::new(library))
}

/// The calendar of this workspace, read once.
///
/// # Errors
/// Everything that is wrong with its files.
pub fn calendar() -> Result<Arc<Calendar>> {
    static CALENDAR: OnceLock<std::result::Result<Arc<Calendar>, String>> = OnceLock::new();
    let read = || {
        calendars::load(&workspace_root().join("deploy/calendars"))
            .map(Arc::new)
            .map_err(|error| format!("{error:#}"))
    };
    CALENDAR.get_or_init(read).clone().map_err(|error| anyhow!(error))
}

impl Stage {
    /// Starts a city's platform at an instant.
    ///
    /// # Errors
    /// There is no such city, or a service does not start.
    pub async fn open(city: &str, at: DateTime<Utc>) -> Result<Self> {
        let (library, calendar) = (library()?, calendar()?);
        Self::open_with(city, at, library, calendar).await
    }

    /// As [`Stage::open`], with policies and a calendar of the scenario's own.
    ///
    /// # Errors
    /// As [`Stage::open`].
    pub async fn open_with(
        city: &str,
        at: DateTime<Utc>,
        library: Arc<Library>,
        calendar: Arc<Calendar>,
    ) -> Result<Self> {
        let known = library
            .city(city)
            .with_context(|| format!("no city is called {city}"))?;
        let place = Place::take(library.clone(), calendar.clone()).await?;
        let mut settings = place.settings().await;
        city.clone_into(&mut settings.city);
        let runtime = Runtime::build(settings)?.with_clock(Clock::virtual_at(at));
        let topology = Topology::new(&runtime);
        let (mut parts, mut buses) = (Vec::new(), Vec::new());
        let starting = SERVICES
            .iter()
            .map(|service| (service.start)(&runtime, library.clone(), calendar.clone()));
        let arranged = topology.arrange();
        let (started, arranged) = futures::join!(futures::future::join_all(starting), arranged);
        arranged?;
        for started in started {
            let started = started?;
            parts.push(started.parts);
            buses.push(started.bus);
        }
        let bus = Parts::new("bus").service(JournalDesk::server(buses));
        parts.push(bus.job("topology", topology.run()));
        let serving = serve(&runtime, parts).await?;
        let address = format!("http://{}", serving.grpc_addr);
        let channel = Endpoint::from_shared(address)?.timeout(CALL_MAX).connect_lazy();
        Ok(Self {
            callers: Callers::on(
                &runtime.tokens,
                channel.clone(),
                known.units.iter().map(|unit| unit.id.as_str()),
            )?,
            channel,
            serving: tokio::spawn(serving.wait()),
            runtime,
            place,
            city: known,
        })
    }

    /// The platform's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.runtime.clock.now()
    }

    /// The platform's clock.
    pub fn clock(&self) -> &Clock {
        &self.runtime.clock
    }

    /// When a limit that starts now ends, by the city's working time.
    ///
    /// # Errors
    /// The calendar cannot be read.
    pub fn after(&self, limit: Limit) -> Result<DateTime<Utc>> {
        let work = self.city.policy.work_clock(&*calendar()?);
        Ok(work.deadline(self.now(), limit).at)
    }

    /// Somebody with these roles, of a unit where one is named.
    ///
    /// # Errors
    /// The token cannot be issued.
    pub fn somebody(&self, subject: &str, roles: &[&str], unit: &str) -> Result<Person> {
        let caller = Caller::new(subject, roles);
        let caller = if unit.is_empty() {
            caller
        } else {
            caller.of_unit(unit)
        };
        callers::of(&self.runtime.tokens, &self.channel, &caller)
    }

    /// Somebody without a token.
    ///
    /// # Errors
    /// None in practice.
    pub fn nobody(&self) -> Result<Person> {
        callers::without(&self.channel)
    }

    /// The identifier of a unit of the city, by its name or by itself.
    ///
    /// # Errors
    /// The city has none of this name.
    pub fn unit(&self, name: &str) -> Result<String> {
        let mut units = self.city.units.iter();
        let found = units.find(|unit| unit.id == name || unit.name == name);
        let found = found.with_context(|| format!("{}没有名为“{name}”的单位", self.city.id))?;
        Ok(found.id.clone())
    }

    /// Stops it beside the next scenario.
    pub fn close(self) {
        let Self {
            runtime,
            place,
            serving,
            ..
        } = self;
        let closing = tokio::spawn(async move {
            runtime.shutdown.cancel();
            // How it ended is no part of the scenario.
            let _ = serving.await;
            place.give_back();
        });
        CLOSING
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(closing);
    }
}

/// Waits until every platform has stopped, and removes their databases.
pub async fn closed() {
    let closing = std::mem::take(&mut *CLOSING.lock().unwrap_or_else(PoisonError::into_inner));
    for platform in closing {
        let _ = platform.await;
    }
    place::remove_all().await;
}
