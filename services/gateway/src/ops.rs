//! One function a use case. Here: accounts and sessions; who is it, may they in, who manages them.

mod admin;
mod factor;
mod files;
mod names;
mod oidc;
mod presence;
mod sessions;
mod sign_in;
mod streams;
mod views;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use chrono::TimeDelta;
use hotline_bus::{Bus, Fault, Tx};
use hotline_policy::{City, Library};
use hotline_runtime::audit::{DONE, Record};
use hotline_runtime::config::Gateway;
use hotline_runtime::{Runtime, Tokens};
use hotline_vault::Vault;

use crate::domain::{Limits, subject_of};
use crate::store;

pub use admin::Link;
pub use factor::Setup;
pub use files::{Files, Upload, no_file};
pub use names::Name;
pub use oidc::BY_PROVIDER;
pub use presence::{Places, Presences, Reported};
pub use sessions::{Sessions, Signed};
pub use sign_in::{Entered, Outcome, Visitor};
pub use streams::{Permit, Streams};
pub use views::{delete_view, save_view, views};

/// What is stored, as it is.
pub use crate::store::{Account, Entry, Filter, Row, Seat, StoredFile, View};

/// An address that was quiet so long begins anew.
const QUIET: TimeDelta = TimeDelta::hours(24);

/// Accounts and sessions, and what they rest on.
pub struct People {
    bus: Bus,
    vault: Arc<Vault>,
    tokens: Arc<Tokens>,
    city: Arc<City>,
    settings: Gateway,
    limits: Limits,
    sessions: Sessions,
    bound: OnceLock<SocketAddr>,
}

impl People {
    /// Accounts on the gateway's database.
    ///
    /// # Errors
    /// The configured city is not in the library.
    pub fn open(runtime: &Runtime, library: &Library, bus: Bus) -> anyhow::Result<Self> {
        let settings = runtime.settings.gateway.clone();
        let city = library
            .city(&runtime.settings.city)
            .context("the configured city")?;
        Ok(Self {
            bus,
            vault: Arc::clone(&runtime.vault),
            tokens: Arc::clone(&runtime.tokens),
            city,
            limits: Limits::new(settings.session_idle_min, settings.session_max_h),
            settings,
            sessions: Sessions::default(),
            bound: OnceLock::new(),
        })
    }

    /// The city whose people these are.
    pub fn city(&self) -> &City {
        &self.city
    }

    /// Tells where the gateway listens, once it does.
    pub fn bound_at(&self, address: SocketAddr) {
        // A second server of the same gateway would be the same site; the first address stays.
        let _ = self.bound.set(address);
    }

    /// The whole address of a path of this site.
    pub fn url(&self, path: &str) -> String {
        let bound = self.bound.get().copied().unwrap_or(self.settings.listen);
        format!("{}{path}", self.settings.url(bound))
    }

    /// The settings.
    pub fn settings(&self) -> &Gateway {
        &self.settings
    }

    /// Removes what has ended, once.
    ///
    /// # Errors
    /// The database.
    pub async fn purge(&self) -> Result<(), Fault> {
        let now = self.bus.now();
        Ok(store::purge(self.bus.pool(), now, self.limits.idle, now - QUIET).await?)
    }
}

/// What happened, for the log of accounts.
struct Happening<'a> {
    kind: &'static str,
    account: Option<i64>,
    actor: &'a str,
    address: Option<IpAddr>,
    detail: &'a str,
}

/// Records it in the transaction that it happens in.
async fn note(tx: &mut Tx, what: Happening<'_>) -> Result<(), Fault> {
    let own = what.account.map(subject_of).unwrap_or_default();
    let entry = Entry {
        id: tx.new_id(),
        at: tx.now(),
        kind: what.kind.to_owned(),
        account_id: what.account,
        actor: if what.actor.is_empty() {
            own
        } else {
            what.actor.to_owned()
        },
        address: what.address.map(|ip| ip.to_string()).unwrap_or_default(),
        detail: what.detail.to_owned(),
    };
    tx.audit(deed(&entry));
    Ok(store::record(tx.sql(), &entry).await?)
}

/// The same for the audit: which account, how it came out, and nothing of the person.
fn deed(entry: &Entry) -> Record {
    let outcome = if entry.kind.ends_with("_failed") {
        "refused"
    } else {
        DONE
    };
    let deed = Record::of_deed(
        entry.at,
        &*entry.actor,
        format!("account.{}", entry.kind),
        outcome,
    );
    let account = entry.account_id.map(subject_of).unwrap_or_default();
    deed.from_address(&*entry.address).about("account", &account)
}

/// A fault of our own means: to be tried again, and looked at.
fn retry(error: anyhow::Error) -> Fault {
    Fault::Retry(error)
}
