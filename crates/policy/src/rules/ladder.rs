//! The ladder of what happens around a due time: reminders before it, consequences after it.

use hotline_worktime::Limit;

use crate::read::Table;
use crate::rules::origin::Origin;
use crate::vocabulary::{Obligation, vocabulary};

vocabulary! {
    /// A rung, in the order of severity.
    Step, "step" {
        Remind = "remind", "临期提醒";
        Breach = "breach", "逾期";
        Urge = "urge", "催办";
        Supervise = "supervise", "督办";
        YellowCard = "yellow_card", "黄牌";
        Interview = "interview", "约谈";
        RedCard = "red_card", "红牌";
        Bulletin = "bulletin", "通报";
        Accountability = "accountability", "移交问责";
    }
}

vocabulary! {
    /// Who is told.
    Recipient, "recipient" {
        ResponsiblePerson = "responsible_person", "具体责任人";
        Section = "section", "业务处室";
        Leader = "leader", "分管领导";
        Platform = "platform", "热线平台";
        EnterprisePlatform = "enterprise_platform", "企服平台";
        LeadingGroup = "leading_group", "领导小组办公室";
        Discipline = "discipline", "纪检监察机关";
    }
}

/// A rung of the ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct EscalateRule {
    /// What happens.
    pub step: Step,
    /// The clocks that it belongs to; empty means all.
    pub obligations: Vec<Obligation>,
    /// How long before the due time; only reminders have it.
    pub before: Vec<Limit>,
    /// How long after the due time; `None`: at once, or not of itself (see `by_hand`).
    pub after: Option<Limit>,
    /// True when a person decides on this step; the platform never takes it by itself.
    pub by_hand: bool,
    /// Who is told.
    pub to: Vec<Recipient>,
    /// The document that goes out with it, by its code.
    pub instrument: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl EscalateRule {
    /// Reads a row of `[[escalate]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let step = table.need_word::<Step>("step");
        let obligations = table.words("obligations");
        let before: Vec<Limit> = table.words("before");
        let after = table.word("after");
        let by_hand = table.flag("by_hand");
        let to = table.need_words("to");
        let instrument = table.text("instrument");
        let step = step?;
        if (step == Step::Remind) == before.is_empty() {
            table.problem("\"before\" belongs to step = \"remind\", and to no other");
        }
        if step == Step::Remind && (table.has("when") || after.is_some()) {
            table.problem("a reminder has neither \"when\" nor \"after\"");
        }
        Some(Self {
            step,
            obligations,
            before,
            after,
            by_hand,
            to: to?,
            instrument,
            origin,
        })
    }

    /// True when the rung belongs to clocks of this obligation.
    #[must_use]
    pub fn concerns(&self, obligation: Obligation) -> bool {
        self.obligations.is_empty() || self.obligations.contains(&obligation)
    }
}
