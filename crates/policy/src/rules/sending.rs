//! How orders are sent: how far down the platform sends them, and the whistle.

use hotline_worktime::Limit;

use crate::read::Table;
use crate::rules::origin::Origin;
use crate::rules::requests::Evidence;
use crate::vocabulary::{Decider, Level, vocabulary};

vocabulary! {
    /// How a result is accepted on the spot (YC-3-1-12).
    AcceptanceWay, "way of acceptance" {
        Text = "text", "查看文字材料";
        Picture = "picture", "查看影像材料";
        OnSite = "on_site", "查验现场";
    }
}

/// How orders are sent out.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchRule {
    /// The platform sends to no unit below this level; `None`: to any (NC-14-2-3).
    pub lowest: Option<Level>,
    /// Where it comes from.
    pub origin: Origin,
}

impl DispatchRule {
    /// Reads `[dispatch]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let lowest = table.word("lowest");
        table.finish();
        Some(Self { lowest, origin })
    }
}

/// The whistle: the lead calls the others together, and a third party accepts what they did (YC-3-1-11 to 13).
#[derive(Debug, Clone, PartialEq)]
pub struct WhistleRule {
    /// Who agrees to it.
    pub decider: Decider,
    /// Who accepts the result.
    pub acceptor: Decider,
    /// How it may be accepted.
    pub ways: Vec<AcceptanceWay>,
    /// How long units have that must do it again.
    pub redo_within: Limit,
    /// What the statement of a unit that failed must bear.
    pub statement: Vec<Evidence>,
    /// Where it comes from.
    pub origin: Origin,
}

impl WhistleRule {
    /// Reads `[whistle]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let decider = table.need_word("decider");
        let acceptor = table.need_word("acceptor");
        let ways = table.need_words("ways");
        let redo_within = table.need_word("redo_within");
        let statement = table.words("statement");
        table.finish();
        Some(Self {
            decider: decider?,
            acceptor: acceptor?,
            ways: ways?,
            redo_within: redo_within?,
            statement,
            origin,
        })
    }
}
