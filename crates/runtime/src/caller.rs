//! Who makes a call: what a verified token says about them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tonic::{Request, Status};

/// Role of a process of the installation itself.
pub const SERVICE_ROLE: &str = "service";

/// Every role of a unit's staff begins so, and no other.
const UNIT_ROLES: &str = "unit_";

/// A verified caller, or nobody on a public method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Stable id of the account (`u-1024`, `service`); empty for nobody. Never a telephone or an identity number.
    #[serde(rename = "sub")]
    pub subject: String,
    /// Name shown on a timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Roles, as in the contract's access options.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Code of the unit that the caller works for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Code of the division (county, district) that the caller is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// Address that the person calls from, where somebody calls for them (the gateway); for the audit.
    #[serde(rename = "addr", default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Caller {
    /// A caller with `subject` and `roles`, bound to no unit and no division.
    pub fn new(subject: impl Into<String>, roles: &[&str]) -> Self {
        Self {
            subject: subject.into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// The same caller, working for `unit`.
    #[must_use]
    pub fn of_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// The same caller, bound to `division`.
    #[must_use]
    pub fn of_division(mut self, division: impl Into<String>) -> Self {
        self.division = Some(division.into());
        self
    }

    /// The same caller, from `address`: said by whoever signs the token, for the audit.
    #[must_use]
    pub fn at_address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Nobody in particular, on a public method.
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// A process of this installation.
    pub fn service() -> Self {
        Self::new(SERVICE_ROLE, &[SERVICE_ROLE])
    }

    /// Whether nobody was named.
    pub fn is_anonymous(&self) -> bool {
        self.subject.is_empty()
    }

    /// Whether the caller holds `role`.
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Whether the caller works for a unit and holds no role of the platform's: then the database shows them their unit's rows
    /// alone.
    pub fn is_held_to_a_unit(&self) -> bool {
        !self.roles.is_empty() && self.roles.iter().all(|role| role.starts_with(UNIT_ROLES))
    }

    /// Whether the caller is a process of this installation.
    pub fn is_service(&self) -> bool {
        self.has(SERVICE_ROLE)
    }

    /// The caller of `request`, put there by the access check.
    ///
    /// # Errors
    /// INTERNAL if the request came past no access check, which the server never lets happen.
    pub fn of<T>(request: &Request<T>) -> Result<&Self, Status> {
        request
            .extensions()
            .get::<Arc<Self>>()
            .map(AsRef::as_ref)
            .ok_or_else(|| Status::internal("the request came past no access check"))
    }
}
