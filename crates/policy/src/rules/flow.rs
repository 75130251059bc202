//! Ways of handling out of the ordinary: emergencies, what must not wait, levels above, delegated legs.

use hotline_worktime::Limit;

use crate::read::Table;
use crate::rules::origin::Origin;
use crate::vocabulary::{Level, vocabulary};

/// A special way of handling the matters that its row holds for.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRule {
    /// Its name (`接诉即办`).
    pub name: String,
    /// True when the desk speaks with the unit before it sends the order.
    pub contact_first: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl FlowRule {
    /// Reads a row of `[[flow]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let name = table.need_text("name");
        let contact_first = table.flag("contact_first");
        Some(Self {
            name: name?,
            contact_first,
            origin,
        })
    }
}

vocabulary! {
    /// Who handles a matter again that is raised.
    RaiseTo, "target of raising" {
        County = "county", "县(区)直主管部门";
        City = "city", "市直主管部门";
        Same = "same", "原承办单位";
    }
}

/// Where a matter goes when it is raised.
#[derive(Debug, Clone, PartialEq)]
pub struct RaiseRule {
    /// The level of the unit whose duty list has the matter; `None`: any other.
    pub from: Option<Level>,
    /// Who handles it again.
    pub to: RaiseTo,
    /// Where it comes from.
    pub origin: Origin,
}

impl RaiseRule {
    /// Reads a row of `[[raise]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let from = table.word("from");
        let to = table.need_word("to");
        Some(Self {
            from,
            to: to?,
            origin,
        })
    }
}

/// Legs that a unit sends on to a unit below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Delegation {
    /// The least time by which a delegated leg is due before the leg that it hangs on.
    pub earlier_by: Limit,
    /// Where it comes from.
    pub origin: Origin,
}

impl Delegation {
    /// Reads `[delegation]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let earlier_by = table.need_word("earlier_by");
        table.finish();
        Some(Self {
            earlier_by: earlier_by?,
            origin,
        })
    }
}
