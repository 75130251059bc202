//! What is taken on, and which matters need a name.

use crate::read::Table;
use crate::rules::origin::Origin;
use crate::rules::scope::IdentityField;

/// A class of matters that is taken on.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptRule {
    /// Stable code (`public_service`).
    pub code: String,
    /// The name of the class.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl AcceptRule {
    /// Reads a row of `[[accept]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let code = table.need_text("code");
        let name = table.need_text("name");
        Some(Self {
            code: code?,
            name: name?,
            origin,
        })
    }
}

/// Matters that nobody may raise without saying who he is.
#[derive(Debug, Clone, PartialEq)]
pub struct RealNameRule {
    /// Which matters, in words.
    pub name: String,
    /// What must be given; without it the appeal is not taken on.
    pub requires: Vec<IdentityField>,
    /// True when an appellant who wants the particulars kept from the unit is refused, too.
    pub no_secrecy: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl RealNameRule {
    /// Reads a row of `[[real_name]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let name = table.need_text("name");
        let requires = table.need_words("requires");
        let no_secrecy = table.flag("no_secrecy");
        Some(Self {
            name: name?,
            requires: requires?,
            no_secrecy,
            origin,
        })
    }
}
