//! Which limits a matter has, when each is due, by what arithmetic and by which article.

use chrono::{DateTime, Utc};
use hotline_worktime::{Limit, WorkClock};

use crate::matter::Matter;
use crate::policy::Policy;
use crate::rules::{ClockRule, Source};
use crate::vocabulary::Obligation;

/// A clock, worked out from one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockExplanation {
    /// What is owed.
    pub obligation: Obligation,
    /// Within how long.
    pub within: Limit,
    /// When it is due.
    pub due: DateTime<Utc>,
    /// True when the arithmetic walked over a year whose holidays are not published yet.
    pub provisional: bool,
    /// When to remind, earliest first; none before the start.
    pub remind_at: Vec<DateTime<Utc>>,
    /// The arithmetic, in Chinese, a line a step.
    pub zh: String,
    /// The arithmetic, in English.
    pub en: String,
    /// The article, or `operator`.
    pub article: String,
    /// The document and article as people cite them.
    pub cite: String,
    /// Who said so.
    pub source: Source,
}

/// Explains every clock of `matter` as if its start event happened at `at`.
#[must_use]
pub fn explain(
    policy: &Policy,
    clock: &WorkClock,
    matter: &Matter,
    at: DateTime<Utc>,
) -> Vec<ClockExplanation> {
    let clocks = policy.clocks(matter);
    clocks
        .into_iter()
        .map(|rule| explain_one(policy, clock, rule, at))
        .collect()
}

fn explain_one(policy: &Policy, clock: &WorkClock, rule: &ClockRule, at: DateTime<Utc>) -> ClockExplanation {
    let told = clock.explain_with(at, rule.within, policy.convention_of(rule));
    let reminders = rule
        .remind_before
        .iter()
        .map(|limit| clock.before(told.due.at, *limit));
    let mut remind_at: Vec<_> = reminders.filter(|moment| *moment > at).collect();
    remind_at.sort();
    ClockExplanation {
        obligation: rule.obligation,
        within: rule.within,
        due: told.due.at,
        provisional: told.due.provisional,
        remind_at,
        zh: told.zh(),
        en: told.en(),
        article: rule.article.clone(),
        cite: rule.cite(),
        source: rule.source,
    }
}
