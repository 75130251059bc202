//! How the appellant is asked afterwards, and what silence counts as.

use hotline_worktime::Limit;

use crate::read::Table;
use crate::rules::clock::ClockRule;
use crate::rules::origin::Origin;
use crate::vocabulary::{Obligation, vocabulary};

vocabulary! {
    /// A way of asking.
    Way, "way of calling back" {
        Sms = "sms", "短信回访";
        Telephone = "telephone", "电话回访";
        Network = "network", "网络回访";
        Automatic = "automatic", "智能外呼";
    }
}

vocabulary! {
    /// How the ways follow one another.
    WayOrder, "order of ways" {
        AnyOne = "any_one", "任选其一";
        NextOnBadAnswer = "next_on_bad_answer", "不满意再转下一方式";
    }
}

vocabulary! {
    /// What is asked.
    Question, "question" {
        Contacted = "contacted", "是否联系";
        Truthful = "truthful", "答复是否属实";
        Resolved = "resolved", "是否解决";
        Satisfaction = "satisfaction", "满意度";
        Suggestion = "suggestion", "意见建议";
    }
}

vocabulary! {
    /// The five levels of satisfaction, best first.
    Satisfaction, "satisfaction" {
        VerySatisfied = "very_satisfied", "非常满意";
        Satisfied = "satisfied", "满意";
        Neutral = "neutral", "基本满意";
        Dissatisfied = "dissatisfied", "不满意";
        VeryDissatisfied = "very_dissatisfied", "非常不满意";
    }
}

vocabulary! {
    /// What an order counts as when nobody answered.
    Silence, "meaning of silence" {
        NotCounted = "not_counted", "不计入满意度";
        Satisfied = "satisfied", "默认满意";
        Dissatisfied = "dissatisfied", "默认不满意";
    }
}

/// How a settled order is called back.
#[derive(Debug, Clone, PartialEq)]
pub struct CallbackRule {
    /// Within how long of settling.
    pub within: ClockRule,
    /// The ways, in order.
    pub ways: Vec<Way>,
    /// How the ways follow one another.
    pub order: WayOrder,
    /// How often each way is tried before the appellant counts as unreached.
    pub tries: u32,
    /// How long after a try the next one is due.
    pub spacing: Limit,
    /// How long a message without an answer is waited for; `None` when no way needs it.
    pub silence_after: Option<Limit>,
    /// What is asked.
    pub questions: Vec<Question>,
    /// The answers that are bad.
    pub bad: Vec<Satisfaction>,
    /// True when a bad answer needs its reason.
    pub reason_when_bad: bool,
    /// What silence counts as.
    pub silence: Silence,
    /// Codes of the reasons ([`ExclusionRule`]) for which an answer may be left out of the figures, with evidence;
    /// empty: a person says why in words.
    pub exclusions: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl CallbackRule {
    /// Reads a row of `[[callback]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let within = table.need_word("within");
        let ways = table.need_words::<Way>("ways");
        let order = table.need_word("order");
        let tries = table.need_count("tries");
        let spacing = table.need_word("spacing");
        let silence_after = table.word("silence_after");
        let questions = table.need_words("questions");
        let bad = table.need_words("bad");
        let reason_when_bad = table.flag("reason_when_bad");
        let silence = table.need_word("silence");
        let exclusions: Vec<String> = table.words("exclusions");
        if tries == Some(0) {
            table.problem_at("tries", "\"tries\" of [[callback]] must be at least 1");
        }
        if ways.as_ref().is_some_and(|ways| ways.contains(&Way::Sms)) && silence_after.is_none() {
            table.problem("[[callback]] by sms needs \"silence_after\"");
        }
        Some(Self {
            within: ClockRule::derived(Obligation::Callback, within?, &origin, "within"),
            ways: ways?,
            order: order?,
            tries: tries?,
            spacing: spacing?,
            silence_after,
            questions: questions?,
            bad: bad?,
            reason_when_bad,
            silence: silence?,
            exclusions,
            origin,
        })
    }

    /// True when the policy calls this answer bad.
    #[must_use]
    pub fn is_bad(&self, answer: Satisfaction) -> bool {
        self.bad.contains(&answer)
    }
}

/// A reason for which an answer may be left out of the figures (NC-14-7-5).
#[derive(Debug, Clone, PartialEq)]
pub struct ExclusionRule {
    /// Stable code (`no_room`).
    pub code: String,
    /// Its name, Chinese.
    pub name: String,
    /// Its name, English.
    pub name_en: String,
    /// True when the unit must first state how it did its duty (NC-44-1).
    pub statement: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl ExclusionRule {
    /// Reads a row of `[[exclusion]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let code = table.need_text("code");
        let name = table.need_text("name");
        let name_en = table.need_text("name_en");
        let statement = table.flag("statement");
        Some(Self {
            code: code?,
            name: name?,
            name_en: name_en?,
            statement,
            origin,
        })
    }
}
