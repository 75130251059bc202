//! Who looks at which order: reported by tabs, read from the database by every replica once a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_bus::{Bus, Fault};
use tokio::sync::watch;
use uuid::Uuid;

use super::Streams;
use crate::domain::Viewer;
use crate::store::{self, Seat};

/// Nobody is seen for longer than this after their last report.
const SEEN_FOR: TimeDelta = TimeDelta::seconds(30);
/// How often the database is asked while anybody listens.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// Questions between two sweeps.
const SWEEP_EVERY: u32 = 60;

/// Everybody at every order.
pub type Places = BTreeMap<Uuid, Vec<Seat>>;

/// What a tab reports.
#[derive(Clone, Debug)]
pub struct Reported {
    /// Who.
    pub viewer: Viewer,
    /// Name shown to colleagues.
    pub name: String,
    /// Tab.
    pub client: String,
    /// Order that it looks at; none when it left.
    pub order: Option<Uuid>,
    /// Whether they write there.
    pub editing: bool,
}

/// Who is where, as this process last read it; cheap to clone.
#[derive(Clone)]
pub struct Presences {
    bus: Bus,
    places: Arc<watch::Sender<Arc<Places>>>,
}

impl Presences {
    /// Nobody yet.
    pub fn new(bus: Bus) -> Self {
        Self {
            bus,
            places: Arc::new(watch::Sender::new(Arc::default())),
        }
    }

    /// Takes a report; gives who is at that order now.
    ///
    /// # Errors
    /// The database.
    pub async fn report(&self, reported: Reported) -> Result<Vec<Seat>, Fault> {
        let (pool, now) = (self.bus.pool(), self.bus.now());
        let account = reported.viewer.account.as_str();
        let Some(order_id) = reported.order else {
            store::leave(pool, account, &reported.client).await?;
            return Ok(Vec::new());
        };
        let mode = if reported.editing { "editing" } else { "viewing" };
        let seat = Seat {
            account_id: account.to_owned(),
            client_id: reported.client,
            order_id,
            name: reported.name,
            roles: reported.viewer.roles.clone(),
            unit_id: reported.viewer.unit.clone().unwrap_or_default(),
            mode: mode.to_owned(),
            since: now,
        };
        store::note_presence(pool, &seat, now).await?;
        Ok(self.read(now).await?.remove(&order_id).unwrap_or_default())
    }

    /// Changes of who is where.
    pub fn watch(&self) -> watch::Receiver<Arc<Places>> {
        self.places.subscribe()
    }

    /// Reads the database once a second while anybody listens, until shutdown.
    ///
    /// # Errors
    /// None: a database that is away is asked again.
    pub async fn follow(self, streams: Streams) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let mut turns = 0_u32;
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(ASK_EVERY) => {}
            }
            turns = turns.wrapping_add(1);
            if turns.is_multiple_of(SWEEP_EVERY) {
                self.sweep().await.unwrap_or_else(|error| away(&error));
            }
            if streams.any() {
                self.refresh().await.unwrap_or_else(|error| away(&error));
            }
        }
    }

    async fn refresh(&self) -> Result<(), Fault> {
        let read = self.read(self.bus.now()).await?;
        self.places.send_if_modified(|places| {
            let changed = **places != read;
            if changed {
                *places = Arc::new(read);
            }
            changed
        });
        Ok(())
    }

    async fn read(&self, now: DateTime<Utc>) -> Result<Places, Fault> {
        let mut places = Places::new();
        for seat in store::present(self.bus.pool(), now - SEEN_FOR).await? {
            places.entry(seat.order_id).or_default().push(seat);
        }
        Ok(places)
    }

    async fn sweep(&self) -> Result<(), Fault> {
        let mut tx = self.bus.begin().await?;
        let before = tx.now() - SEEN_FOR;
        store::sweep(tx.sql(), before).await?;
        tx.commit().await
    }
}

fn away(error: &Fault) {
    tracing::debug!(%error, "who is where cannot be read now");
}
