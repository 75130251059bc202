//! Requests that need a decision: giving an order back, and asking for more time.

use hotline_worktime::{Limit, LimitError};

use crate::read::Table;
use crate::rules::clock::ClockRule;
use crate::rules::origin::Origin;
use crate::vocabulary::{Decider, Obligation, vocabulary};

vocabulary! {
    /// What a request must bring.
    Evidence, "evidence" {
        Basis = "basis", "依据";
        Suggestion = "suggestion", "办理建议";
        Reason = "reason", "理由";
        Explanation = "explanation", "书面说明";
        Signature = "signature", "负责人签字";
        Seal = "seal", "单位公章";
    }
}

vocabulary! {
    /// Whether the appellant is told.
    Notify, "notice" {
        Never = "never", "不告知";
        WhenNecessary = "when_necessary", "必要时告知";
        Always = "always", "必须告知";
    }
}

/// How a unit gives back an order that is not its own.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnRule {
    /// The window for the request, from the dispatch.
    pub window: ClockRule,
    /// How long the decider may take.
    pub decision: ClockRule,
    /// What the request must bring.
    pub requires: Vec<Evidence>,
    /// Who decides.
    pub decider: Decider,
    /// After so many returns of one order its unit is determined finally.
    pub max_returns: u32,
    /// The platform above, to which a matter of none of our units goes back; `None`: there is none.
    pub upward: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl ReturnRule {
    /// Reads a row of `[[return]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let window = table.need_word("window");
        let decision = table.need_word("decision");
        let requires = table.need_words("requires");
        let decider = table.need_word("decider");
        let max_returns = table.need_count("max_returns");
        let upward = table.text("upward");
        Some(Self {
            window: ClockRule::derived(Obligation::ReturnWindow, window?, &origin, "window"),
            decision: ClockRule::derived(Obligation::ReturnDecision, decision?, &origin, "decision"),
            requires: requires?,
            decider: decider?,
            max_returns: max_returns?,
            upward,
            origin,
        })
    }
}

/// How long all extensions of one clock together may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Ceiling {
    /// The document sets no bound, and the operator none either.
    Unlimited,
    /// An extension is not longer than the original limit.
    Original,
    /// The whole limit, the original included, is not longer than this.
    Total(Limit),
}

impl std::str::FromStr for Ceiling {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "unlimited" => Ok(Self::Unlimited),
            "original" => Ok(Self::Original),
            _ => text.parse().map(Self::Total).map_err(|error: LimitError| {
                format!("{error}; a ceiling is \"unlimited\", \"original\" or a limit")
            }),
        }
    }
}

/// How a unit asks for more time.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtensionRule {
    /// False when these matters may not be extended at all.
    pub allowed: bool,
    /// True when there is none in principle: a request must explain the exception.
    pub exceptional: bool,
    /// The clocks whose due time a granted extension moves.
    pub extends: Vec<Obligation>,
    /// The request may come no earlier than this before the due time; `None`: any time.
    pub opens_before: Option<Limit>,
    /// The request must come this long before the due time; `None`: any time before it.
    pub closes_before: Option<Limit>,
    /// How many extensions an order may have.
    pub max_count: u32,
    /// How long they may be.
    pub ceiling: Ceiling,
    /// What the request must bring.
    pub requires: Vec<Evidence>,
    /// Who decides.
    pub decider: Decider,
    /// How long the decider may take.
    pub decision: ClockRule,
    /// Whether the appellant is told.
    pub notify: Notify,
    /// Where it comes from.
    pub origin: Origin,
}

impl ExtensionRule {
    /// Reads a row of `[[extension]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let allowed = !table.flag("forbidden");
        let exceptional = table.flag("exceptional");
        let extends = table.need_words("extends");
        let opens_before = table.word("opens_before");
        let closes_before = table.word("closes_before");
        let max_count = table.need_count("max_count");
        let ceiling = table.need_word("ceiling");
        let requires = table.need_words::<Evidence>("requires");
        if !allowed && exceptional {
            table.problem_at(
                "exceptional",
                "an extension is forbidden or exceptional, not both",
            );
        }
        let explained = requires
            .as_ref()
            .is_none_or(|needs| needs.contains(&Evidence::Explanation));
        if exceptional && !explained {
            table.problem_at("requires", "an exceptional extension requires \"explanation\"");
        }
        let decider = table.need_word("decider");
        let decision = table.need_word("decision");
        let notify = table.need_word("notify");
        Some(Self {
            allowed,
            exceptional,
            extends: extends?,
            opens_before,
            closes_before,
            max_count: max_count?,
            ceiling: ceiling?,
            requires: requires?,
            decider: decider?,
            decision: ClockRule::derived(Obligation::ExtensionDecision, decision?, &origin, "decision"),
            notify: notify?,
            origin,
        })
    }
}
