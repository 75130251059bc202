//! A policy flattened into lines, so that two of them can be laid side by side.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::matter::Condition;
use crate::policy::Policy;
use crate::rules::{
    Ceiling, ClockRule, EscalateRule, ExtensionRule, Origin, RedoRule, ReturnRule, Row, Run, Step,
};
use crate::vocabulary::Obligation;

/// One thing that a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about: `clock.answer`, `return.window`, `close.event`.
    pub item: String,
    /// The matters that it holds for; empty means all others.
    pub when: String,
    /// What it says.
    pub value: String,
    /// The article, or `operator`.
    pub article: String,
}

/// An item on which two policies differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub item: String,
    /// What the one says, in the order of its rows.
    pub left: Vec<Fact>,
    /// What the other says.
    pub right: Vec<Fact>,
}

/// The items on which the policies differ in what they say (not in the articles they cite), in a fixed order.
#[must_use]
pub fn compare(left: &Policy, right: &Policy) -> Vec<Difference> {
    let (left, right) = (facts(left), facts(right));
    let items = left.iter().chain(&right).map(|fact| fact.item.clone());
    let mut seen = BTreeSet::new();
    let items = items.filter(|item| seen.insert(item.clone())).collect::<Vec<_>>();
    let of = |facts: &[Fact], item: &str| -> Vec<Fact> {
        facts.iter().filter(|fact| fact.item == item).cloned().collect()
    };
    let pairs = items.into_iter().map(|item| Difference {
        left: of(&left, &item),
        right: of(&right, &item),
        item,
    });
    pairs
        .filter(|pair| said(&pair.left) != said(&pair.right))
        .collect()
}

fn said(facts: &[Fact]) -> Vec<(&str, &str)> {
    facts
        .iter()
        .map(|fact| (fact.when.as_str(), fact.value.as_str()))
        .collect()
}

/// Everything that a policy says, flattened: the first row of an item that matches wins.
#[must_use]
pub fn facts(policy: &Policy) -> Vec<Fact> {
    let mut lines = Lines::default();
    lines.add("policy.convention", "", convention(policy), "");
    clocks(policy, &mut lines);
    for row in reached(&policy.returns) {
        returns(&mut lines, &row.when, &row.rule);
    }
    for row in reached(&policy.extensions) {
        extension(&mut lines, &row.when, &row.rule);
    }
    review(policy, &mut lines);
    callback(policy, &mut lines);
    for row in reached(&policy.redos) {
        redo(&mut lines, &row.when, &row.rule);
    }
    raises(policy, &mut lines);
    let close = policy.close();
    lines.add("close.event", "", close.event.zh(), &close.origin.article);
    for step in Step::ALL.iter().filter(|step| **step != Step::Remind) {
        for row in policy.ladder.iter().filter(|row| row.rule.step == *step) {
            rung(&mut lines, &row.when, &row.rule);
        }
    }
    scope(policy, &mut lines);
    measures(policy, &mut lines);
    lines.0
}

#[derive(Default)]
struct Lines(Vec<Fact>);

impl Lines {
    fn add(&mut self, item: &str, when: &str, value: impl Display, article: &str) {
        self.0.push(Fact {
            item: item.to_owned(),
            when: when.to_owned(),
            value: value.to_string(),
            article: article.to_owned(),
        });
    }

    fn clock(&mut self, item: &str, when: &Condition, clock: &ClockRule) {
        self.add(item, &describe(when), clock.within.zh(), &clock.article);
    }

    fn key(&mut self, item: &str, when: &Condition, value: impl Display, origin: &Origin) {
        let key = item.rsplit('.').next().unwrap_or(item);
        self.add(item, &describe(when), value, &origin.article_of(key));
    }
}

/// Rows up to the first that holds for everything: what follows it is never asked.
fn reached<T>(rows: &[Row<T>]) -> &[Row<T>] {
    let last = rows.iter().position(|row| row.when == Condition::default());
    &rows[..last.map_or(rows.len(), |last| last + 1)]
}

fn convention(policy: &Policy) -> &'static str {
    match policy.convention {
        hotline_worktime::Convention::Civil => "当日不计,期末止于下班",
        hotline_worktime::Convention::Elapsed => "自起算时刻起计",
    }
}

fn clocks(policy: &Policy, lines: &mut Lines) {
    for obligation in Obligation::ALL {
        let rows = policy.clocks.get(obligation).map_or(&[][..], Vec::as_slice);
        let last = rows.iter().position(|row| row.when == Condition::default());
        let item = format!("clock.{obligation}");
        for row in &rows[..last.map_or(rows.len(), |last| last + 1)] {
            match &row.run {
                Run::Within(clock) => lines.clock(&item, &row.when, clock),
                Run::Never => lines.add(&item, &describe(&row.when), "不设时限", ""),
                Run::Lost(lost) => lines.add(&item, &describe(&row.when), "原文数值缺失", &lost.article),
            }
        }
    }
}

fn returns(lines: &mut Lines, when: &Condition, rule: &ReturnRule) {
    lines.clock("return.window", when, &rule.window);
    lines.clock("return.decision", when, &rule.decision);
    lines.key(
        "return.requires",
        when,
        words(&rule.requires, |one| one.zh()),
        &rule.origin,
    );
    lines.key("return.decider", when, rule.decider.zh(), &rule.origin);
    lines.key("return.max_returns", when, rule.max_returns, &rule.origin);
    if let Some(upward) = &rule.upward {
        lines.key("return.upward", when, upward, &rule.origin);
    }
}

fn extension(lines: &mut Lines, when: &Condition, rule: &ExtensionRule) {
    let allowed = match (rule.allowed, rule.exceptional) {
        (false, _) => "不得延期",
        (true, true) => "原则上不延期",
        (true, false) => "可以延期",
    };
    lines.key("extension.allowed", when, allowed, &rule.origin);
    if !rule.allowed {
        return;
    }
    lines.key("extension.max_count", when, rule.max_count, &rule.origin);
    let ceiling = match &rule.ceiling {
        Ceiling::Unlimited => "不限".to_owned(),
        Ceiling::Original => "不超过原时限".to_owned(),
        Ceiling::Total(limit) => format!("总计{}", limit.zh()),
    };
    lines.key("extension.ceiling", when, ceiling, &rule.origin);
    lines.key(
        "extension.requires",
        when,
        words(&rule.requires, |one| one.zh()),
        &rule.origin,
    );
    for (item, limit) in [
        ("extension.opens_before", rule.opens_before),
        ("extension.closes_before", rule.closes_before),
    ] {
        if let Some(limit) = limit {
            lines.key(item, when, format!("到期前{}", limit.zh()), &rule.origin);
        }
    }
    lines.key("extension.decider", when, rule.decider.zh(), &rule.origin);
    lines.key("extension.notify", when, rule.notify.zh(), &rule.origin);
}

fn review(policy: &Policy, lines: &mut Lines) {
    let (review, all) = (policy.review(), Condition::default());
    lines.key(
        "review.required",
        &all,
        words(&review.required, |one| one.zh()),
        &review.origin,
    );
    lines.key("review.refused", &all, review.refused.zh(), &review.origin);
    for row in reached(&policy.send_backs) {
        lines.clock("review.new_within", &row.when, &row.rule.clock);
    }
    if let Some(clock) = &review.new_within {
        lines.clock("review.new_within", &all, clock);
    }
}

fn callback(policy: &Policy, lines: &mut Lines) {
    for row in reached(&policy.callbacks) {
        let (when, rule) = (&row.when, &row.rule);
        lines.clock("callback.within", when, &rule.within);
        lines.key(
            "callback.ways",
            when,
            words(&rule.ways, |one| one.zh()),
            &rule.origin,
        );
        lines.key("callback.order", when, rule.order.zh(), &rule.origin);
        lines.key(
            "callback.questions",
            when,
            words(&rule.questions, |one| one.zh()),
            &rule.origin,
        );
        lines.key("callback.silence", when, rule.silence.zh(), &rule.origin);
        lines.key(
            "callback.exclusions",
            when,
            rule.exclusions.join("、"),
            &rule.origin,
        );
    }
    for rule in &policy.exclusions {
        let item = format!("exclusion.{}", rule.code);
        let paper = if rule.statement {
            ",须先作履职情况说明"
        } else {
            ""
        };
        lines.add(&item, "", format!("{}{paper}", rule.name), &rule.origin.article);
    }
}

fn redo(lines: &mut Lines, when: &Condition, rule: &RedoRule) {
    lines.key("redo.trigger", when, rule.trigger.zh(), &rule.origin);
    lines.key("redo.judge", when, rule.judge.zh(), &rule.origin);
    lines.clock("redo.within", when, &rule.clock);
    if let Some(clock) = &rule.send_back {
        lines.clock("redo.send_back", when, clock);
    }
    if let Some(count) = rule.raise_at {
        lines.key("redo.raise_at", when, count, &rule.end);
    }
    lines.key(
        "redo.end_at",
        when,
        format!("{},{}", rule.end_at, rule.at_end.zh()),
        &rule.end,
    );
}

fn raises(policy: &Policy, lines: &mut Lines) {
    for rule in &policy.raises {
        let from = rule.from.map_or("", |level| level.zh());
        lines.add("raise", from, rule.to.zh(), &rule.origin.article);
    }
}

fn rung(lines: &mut Lines, when: &Condition, rule: &EscalateRule) {
    let after = match (rule.by_hand, rule.after) {
        (true, _) => "由人决定".to_owned(),
        (false, Some(limit)) => format!("逾期{}后", limit.zh()),
        (false, None) => "逾期即".to_owned(),
    };
    let on = words(&rule.obligations, |one| one.zh());
    let value = format!("{on} {after} → {}", words(&rule.to, |one| one.zh()));
    lines.add(
        &format!("escalate.{}", rule.step),
        &describe(when),
        value.trim(),
        &rule.origin.article,
    );
}

fn scope(policy: &Policy, lines: &mut Lines) {
    for rule in policy.rejects() {
        let item = format!("reject.{}", rule.code);
        lines.add(&item, "", &rule.name, &rule.origin.article);
    }
    for rule in policy.redirects() {
        let item = format!("redirect.{}", rule.number);
        lines.add(&item, "", &rule.name, &rule.origin.article);
    }
    let (identity, all) = (policy.identity(), Condition::default());
    lines.key("identity.mode", &all, identity.mode.zh(), &identity.origin);
    let types = words(&identity.anonymous_types, |one| one.zh());
    lines.key("identity.anonymous_types", &all, types, &identity.origin);
    let kept = policy.retention();
    lines.key("retention.order_years", &all, kept.order_years, &kept.origin);
    lines.key(
        "retention.recording_years",
        &all,
        kept.recording_years,
        &kept.origin,
    );
}

fn measures(policy: &Policy, lines: &mut Lines) {
    for rule in policy.metrics() {
        let target = rule
            .target
            .map_or(String::new(), |target| format!(",不低于{target}%"));
        let value = format!("{}/{}{target}", rule.numerator.zh(), rule.denominator.zh());
        lines.add(&format!("metric.{}", rule.code), "", value, &rule.origin.article);
    }
    for rule in policy.reports() {
        let value = format!(
            "{}({})→ {}",
            rule.name,
            words(&rule.periods, |one| one.zh()),
            words(&rule.to, |one| one.zh())
        );
        lines.add(&format!("report.{}", rule.code), "", value, &rule.origin.article);
    }
}

fn words<T: Copy>(values: &[T], name: impl Fn(T) -> &'static str) -> String {
    values
        .iter()
        .map(|value| name(*value))
        .collect::<Vec<_>>()
        .join("、")
}

/// A condition in words: `咨询;企服平台`; empty for all matters.
fn describe(when: &Condition) -> String {
    let mut parts = vec![
        words(&when.types, |one| one.zh()),
        words(&when.desks, |one| one.zh()),
        words(&when.channels, |one| one.zh()),
        words(&when.urgencies, |one| one.zh()),
        words(&when.levels, |one| one.zh()),
        when.categories.join("、"),
        when.divisions.join("、"),
        when.labels.join("、"),
        when.sources.join("、"),
    ];
    parts.extend(when.round_from.map(|round| format!("第{round}轮起")));
    parts.retain(|part| !part.is_empty());
    parts.join(";")
}
