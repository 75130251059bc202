//! Why a clock is due when it is, in words: the article, the limit, the days walked over, what was added.

use hotline_worktime::{Limit, local_time};

use super::clock::{Basis, Clock, Order};
use super::rules::{Rules, Terms};

/// An explanation in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Chinese, a line a step.
    pub zh: String,
    /// English, a line a step.
    pub en: String,
}

/// Explains a clock. Where the calendar has changed since it was worked out, the due time kept is told as well.
#[must_use]
pub fn explain(clock: &Clock, order: &Order, rules: &Rules) -> Explained {
    let terms = rules.terms(order, clock.obligation);
    let mut told = heading(clock, terms.as_ref());
    match (&clock.basis, terms) {
        (Basis::Limits(limits), Some(terms)) => walk(clock, limits, &terms, &mut told),
        (Basis::Limits(_), None) => told.line(
            "该工单适用的办法不在本系统,截止时间按受理时的记录",
            "the order's policy is not known here; the due time is as recorded",
        ),
        (Basis::Fixed, _) => {
            told.line(
                "截止时间由决定直接指定,不随日历变动",
                "the due time was set by a decision; no calendar moves it",
            );
        }
    }
    let due = local_time(clock.due_at).format("%Y-%m-%d %H:%M:%S");
    told.line(&format!("截止时间:{due}"), &format!("due: {due}"));
    if clock.provisional {
        told.line(
            "所跨年度放假安排尚未公布,截止时间为暂定",
            "a year on the way has no published arrangement: provisional",
        );
    }
    if clock.platform_caused {
        told.line(
            "平台审定逾期,由此造成的延误不计承办单位",
            "the platform decided late: the delay is not held against the unit",
        );
    }
    told
}

fn heading(clock: &Clock, terms: Option<&Terms<'_>>) -> Explained {
    let cited = terms
        .filter(|terms| terms.article == clock.article)
        .map(|terms| terms.cite.as_str());
    let by = cited.unwrap_or(&clock.article);
    let limits_zh = match &clock.basis {
        Basis::Limits(limits) => limits.iter().map(Limit::zh).collect::<Vec<_>>().join(" + "),
        Basis::Fixed => "指定时间".to_owned(),
    };
    Explained {
        zh: format!("{}:{limits_zh}(依据:{by})", clock.obligation.zh()),
        en: format!("{}: {} (by {by})", clock.obligation, clock.basis),
    }
}

fn walk(clock: &Clock, limits: &[Limit], terms: &Terms<'_>, told: &mut Explained) {
    let mut start = clock.started_at;
    for limit in limits {
        let step = terms.work.explain_with(start, *limit, terms.convention);
        told.line(&step.zh(), &step.en());
        start = step.due.at;
    }
    if start != clock.due_at {
        told.line(
            "日历已更新,该时限待重新计算,现按原截止时间",
            "the calendar has changed and this clock waits to be worked out anew; the due time kept is:",
        );
    }
}

impl Explained {
    fn line(&mut self, zh: &str, en: &str) {
        self.zh.push('\n');
        self.zh.push_str(zh);
        self.en.push('\n');
        self.en.push_str(en);
    }
}
