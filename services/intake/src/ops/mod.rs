//! One function a use case: load, decide, save, publish.

mod act;
mod call;
mod earlier;
mod file;
mod group;
mod hear;
mod mark;
mod numbers;
mod read;
mod register;
mod reseal;
mod reveal;
mod similar;
mod supplement;
mod tell;
mod track;

use std::sync::Arc;

use hotline_bus::{Bus, Fault};
use hotline_policy::{City, Library, Policy, Post, Refusal};
use hotline_vault::{Vault, VaultError};
use hotline_worktime::date_of;
use uuid::Uuid;

pub use act::{By, Urging};
pub use call::{Reported, SeenCall, no_call};
pub use earlier::Candidate;
pub use mark::Marking;
pub use read::Search;
pub use supplement::Supplementing;
pub use track::Tracked;

use crate::domain::{Appeal, Case, decider, is_number, refusals, scope};
use crate::seal::{self, Opened};
use crate::store::{Name, Record};
use crate::words::Book;
use group::Group;
use numbers::Numbers;

/// Appellants that one person is shown within an hour, unless the settings say otherwise: one a minute.
pub const REVEALS_PER_HOUR: u16 = 60;

/// The register, with all that its use cases need.
pub struct Intake {
    bus: Bus,
    vault: Arc<Vault>,
    library: Arc<Library>,
    city: Arc<City>,
    book: Book,
    numbers: Numbers,
    group: Group,
    reveals_max: i32,
}

/// An appeal with its appellant masked: what every answer shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The appeal.
    pub appeal: Appeal,
    /// Its appellant, masked.
    pub masked: Opened,
    /// The post that must decide on it; `None` when the desk does, or nobody needs to.
    pub decider: Option<Post>,
    /// The class of matters as which the policy takes it on; empty where the policy has no classes.
    pub scope: String,
}

impl Intake {
    /// The register of `city`.
    #[must_use]
    pub fn new(bus: Bus, vault: Arc<Vault>, library: Arc<Library>, city: Arc<City>) -> Self {
        let book = Book::new(Arc::clone(&city));
        let numbers = Numbers::new(bus.pool().clone());
        let group = Group::new(bus.clone());
        Self {
            bus,
            vault,
            library,
            city,
            book,
            numbers,
            group,
            reveals_max: REVEALS_PER_HOUR.into(),
        }
    }

    /// The same register, which shows one person at most so many appellants in clear within an hour.
    #[must_use]
    pub fn showing_at_most(mut self, reveals_per_hour: u16) -> Self {
        self.reveals_max = reveals_per_hour.into();
        self
    }

    /// The city whose register this is.
    #[must_use]
    pub fn city(&self) -> &City {
        &self.city
    }

    /// The bus, for the present instant and the jobs.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// The policy in force today: what is registered now is handled under it to the end (XZ-35-1).
    #[must_use]
    pub fn policy_now(&self) -> &Policy {
        self.city.policy_on(date_of(self.bus.now()))
    }

    /// The policy that an appeal was registered under, or, where its very version is not at hand any more, the one
    /// of the same name, or the city's.
    fn policy_of(&self, case: &Case) -> &Policy {
        let frozen = self
            .library
            .version(&case.policy_version)
            .or_else(|| self.library.policy(&case.policy_id));
        frozen.unwrap_or(&self.city.policy)
    }

    fn open(&self, record: &Record) -> Result<Opened, Fault> {
        seal::open(&self.vault, record.appeal.case.id, &record.person).map_err(|error| unopened(&error))
    }

    fn see(&self, record: Record) -> Result<Seen, Fault> {
        let masked = seal::masked(&self.open(&record)?);
        Ok(self.seen(record.appeal, masked))
    }

    fn seen(&self, appeal: Appeal, masked: Opened) -> Seen {
        let rules = self.policy_of(&appeal.case).intake();
        Seen {
            decider: decider(&appeal.state, rules),
            scope: scope(&appeal.case, rules),
            appeal,
            masked,
        }
    }
}

/// A sealed value that does not open: a key is missing, and trying again will not bring it.
fn unopened(error: &VaultError) -> Fault {
    Fault::poison(format!("an appellant can not be opened: {error}"))
}

/// What a text names: an identifier or a number.
fn name_of<'a>(text: &'a str, field: &str) -> Result<Name<'a>, Fault> {
    match text.parse() {
        Ok(id) => Ok(Name::Id(id)),
        Err(_) if is_number(text) => Ok(Name::Number(text)),
        Err(_) => Err(not_found(field).into()),
    }
}

/// The identifier in a text.
///
/// # Errors
/// `appeal.not_found`, with the field.
pub fn id_of(text: &str, field: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(|_| not_found(field).into())
}

fn not_found(field: &str) -> Refusal {
    Refusal::new(&refusals::NOT_FOUND_APPEAL).field(field)
}
