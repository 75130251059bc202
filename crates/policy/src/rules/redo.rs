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

vocabulary! {
    /// What the end of an order needs whose appellant stays dissatisfied.
    AtEnd, "end of redos" {
        Close = "close", "终结";
        Statement = "statement", "履职情况说明";
        AuditForm = "audit_form", "不满意诉求审核反馈表";
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
    /// How soon after the bad answer the order must be back with its unit; `None`: no limit.
    pub send_back: Option<ClockRule>,
    /// At this many bad answers the order goes one level up; `None`: never.
    pub raise_at: Option<u32>,
    /// At this many bad answers the order ends as `at_end` says.
    pub end_at: u32,
    /// What the end needs.
    pub at_end: AtEnd,
    /// Where it comes from.
    pub origin: Origin,
    /// Where `raise_at`, `end_at` and `at_end` come from: an article of their own, or that of the row.
    pub end: Origin,
}

impl RedoRule {
    /// Reads a row of `[[redo]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let trigger = table.need_word("trigger");
        let judge = table.need_word("judge");
        let within = table.need_word("within");
        let send_back = table.word("send_back");
        let raise_at = table.count("raise_at");
        let end_at = table.need_count("end_at");
        let mut end = origin.clone();
        if let Some(article) = table.text("end_article") {
            end.article = article;
        }
        let at_end = if table.has("at_end") {
            table.word("at_end")
        } else {
            Some(AtEnd::Close)
        };
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
            send_back: send_back
                .map(|limit| ClockRule::derived(Obligation::RedoDispatch, limit, &origin, "send_back")),
            raise_at,
            end_at: end_at?,
            at_end: at_end?,
            origin,
            end,
        })
    }
}
