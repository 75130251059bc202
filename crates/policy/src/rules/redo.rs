//! What follows a bad answer: who judges it, how long the redo may take, and where it ends.

use crate::read::Table;
use crate::rules::clock::ClockRule;
use crate::rules::origin::Origin;
use crate::vocabulary::{Decider, Obligation, vocabulary};

vocabulary! {
    /// Whether a redo is a judgement or follows by itself.
    Trigger, "redo trigger" {
        UnitAtFault = "unit_at_fault", "确因单位处理不当";
        AnyBadAnswer = "any_bad_answer", "凡不满意";
    }
}

/// How an order is handled again.
#[derive(Debug, Clone, PartialEq)]
pub struct RedoRule {
    /// Whether a redo is a judgement or follows by itself.
    pub trigger: Trigger,
    /// Who judges.
    pub judge: Decider,
    /// The limit of the redo, from its dispatch.
    pub clock: ClockRule,
    /// At this many bad answers the order goes one level up.
    pub raise_at: u32,
    /// At this many bad answers the unit states how it did its duty, and the order ends.
    pub end_at: u32,
    /// Where it comes from.
    pub origin: Origin,
}

impl RedoRule {
    /// Reads a row of `[[redo]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let trigger = table.need_word("trigger");
        let judge = table.need_word("judge");
        let within = table.need_word("within");
        let raise_at = table.need_count("raise_at");
        let end_at = table.need_count("end_at");
        if let (Some(raise_at), Some(end_at)) = (raise_at, end_at)
            && raise_at >= end_at
        {
            table.problem_at(
                "raise_at",
                "\"raise_at\" of [[redo]] must be less than \"end_at\"",
            );
        }
        Some(Self {
            trigger: trigger?,
            judge: judge?,
            clock: ClockRule::derived(Obligation::Redo, within?, &origin, "within"),
            raise_at: raise_at?,
            end_at: end_at?,
            origin,
        })
    }
}
