//! Why something was done, in both languages: the arithmetic, the window, the article.

use chrono::{DateTime, Utc};
use hotline_policy::rules::{BrokenBy, CardRule, SuperviseRule};
use hotline_worktime::{Limit, local_time};
use serde::{Deserialize, Serialize};

use crate::domain::clock::{Clock, Order};
use crate::domain::explain::explain;
use crate::domain::rules::Rules;

/// A reason in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Why {
    /// A reason in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// A person's words, which are the same in both.
    #[must_use]
    pub fn said(words: &str) -> Self {
        Self::new(words, words)
    }
}

/// Local date and minute.
pub(super) fn minute(at: DateTime<Utc>) -> String {
    local_time(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Why a missed clock leads to a step so long after its due time, by an article.
#[must_use]
pub fn of_breach(clock: &Clock, order: &Order, rules: &Rules, after: Option<Limit>, article: &str) -> Why {
    let due = minute(clock.due_at);
    let told = explain(clock, order, rules);
    let (since, since_en) = match after {
        Some(after) => (
            format!(",逾期已满{}", after.zh()),
            format!(", and {after} have passed since"),
        ),
        None => (String::new(), String::new()),
    };
    Why::new(
        format!(
            "未在{due}前{}{since}(依据:{article})\n{}",
            clock.obligation.zh(),
            told.zh
        ),
        format!(
            "{} was due {due} and was not done{since_en} (article {article})\n{}",
            clock.obligation, told.en
        ),
    )
}

/// Why a class of matters has a case: so many happenings within a window.
#[must_use]
pub fn of_class(rule: &SuperviseRule, counted: u32) -> Why {
    let article = &rule.origin.article;
    if rule.count <= 1 {
        return Why::new(
            format!("{}:{}(依据:{article})", rule.trigger.zh(), rule.name),
            format!("{}: {} (article {article})", rule.trigger, rule.name),
        );
    }
    let window = rule.window.map_or((String::new(), String::new()), |window| {
        (format!("{}内", window.zh()), format!(" within {window}"))
    });
    Why::new(
        format!(
            "{}{}{}{counted}次,达到{}次:{}(依据:{article})",
            rule.per.zh(),
            window.0,
            rule.trigger.zh(),
            rule.count,
            rule.name
        ),
        format!(
            "{}: {counted} times{} by {}, at least {}: {} (article {article})",
            rule.trigger, window.1, rule.per, rule.count, rule.name
        ),
    )
}

/// Why a card is the so-manieth of its series, and what follows when it completes one.
#[must_use]
pub fn of_series(rule: &CardRule, first: DateTime<Utc>, until: DateTime<Utc>, count: u32) -> Why {
    let (from, to) = (minute(first), minute(until));
    let broken = match rule.broken_by {
        BrokenBy::Nothing => "",
        BrokenBy::OrderInTime => ",其间无同类事项按时完成",
    };
    let broken_en = match rule.broken_by {
        BrokenBy::Nothing => "",
        BrokenBy::OrderInTime => ", and none kept in time between",
    };
    let then = if count >= rule.consecutive {
        (format!(",予以{}", rule.then.zh()), format!(": {}", rule.then))
    } else {
        (String::new(), String::new())
    };
    Why::new(
        format!(
            "自{from}首张起{}内(至{to})连续第{count}张{}{broken}{}(依据:{})",
            rule.window.zh(),
            rule.colour.zh(),
            then.0,
            rule.origin.article
        ),
        format!(
            "{} card no. {count} in a row within {} of {from} (until {to}){broken_en}{} (article {})",
            rule.colour, rule.window, then.1, rule.origin.article
        ),
    )
}
