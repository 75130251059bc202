//! Past orders judged under another policy: what would be late, refused, raised, ended or carded, by which article.
//!
//! Pure: the orders' own instants on the policy's limits. What people would have done otherwise nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use hotline_worktime::WorkClock;

use crate::matter::Matter;
use crate::policy::Policy;
use crate::rules::{ClockRule, Step};
use crate::vocabulary::{Obligation, vocabulary};

/// A past order, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOrder {
    /// Its number.
    pub number: String,
    /// What it was about.
    pub matter: Matter,
    /// When it was sent to its unit.
    pub dispatched: DateTime<Utc>,
    /// When the unit signed for it.
    pub signed: Option<DateTime<Utc>>,
    /// When the unit first spoke with the appellant.
    pub contacted: Option<DateTime<Utc>>,
    /// When the unit replied.
    pub replied: Option<DateTime<Utc>>,
    /// When it was settled.
    pub settled: Option<DateTime<Utc>>,
    /// When the unit asked to give it back.
    pub return_asked: Option<DateTime<Utc>>,
    /// How many answers of its call-backs were bad.
    pub bad_answers: u32,
}

vocabulary! {
    /// What would have become of it.
    Outcome, "outcome" {
        Late = "late", "逾期";
        ReturnRefused = "return_refused", "退回超期";
        Raised = "raised", "提级复核";
        Ended = "ended", "终结";
        Carded = "carded", "亮黄牌";
    }
}

/// One thing that the policy would have said of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The order.
    pub number: String,
    /// What.
    pub outcome: Outcome,
    /// By which duty.
    pub obligation: Obligation,
    /// The article, or `operator`.
    pub article: String,
    /// When the duty was due, where it was one with a limit.
    pub due: Option<DateTime<Utc>>,
    /// When it was done; `None`: never, as far as is known.
    pub done: Option<DateTime<Utc>>,
}

/// A rule, and how many orders it would have caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// What would have become of them.
    pub outcome: Outcome,
    /// By which duty.
    pub obligation: Obligation,
    /// The article, or `operator`.
    pub article: String,
    /// How many orders.
    pub orders: usize,
    /// The first of them, by number.
    pub examples: Vec<String>,
}

/// How many examples a total names.
const EXAMPLES: usize = 3;

/// Judges every order under `policy`; what is still open counts as late when its due time lies before `until`.
#[must_use]
pub fn replay(
    policy: &Policy,
    clock: &WorkClock,
    orders: &[PastOrder],
    until: DateTime<Utc>,
) -> Vec<Verdict> {
    orders
        .iter()
        .flat_map(|order| judge(policy, clock, order, until))
        .collect()
}

/// Counts the verdicts by rule, those that caught most orders first.
#[must_use]
pub fn totals(verdicts: &[Verdict]) -> Vec<Total> {
    let mut by_rule: BTreeMap<(Outcome, Obligation, &str), Vec<&str>> = BTreeMap::new();
    for verdict in verdicts {
        let key = (verdict.outcome, verdict.obligation, verdict.article.as_str());
        by_rule.entry(key).or_default().push(&verdict.number);
    }
    let total = |((outcome, obligation, article), numbers): ((Outcome, Obligation, &str), Vec<&str>)| Total {
        outcome,
        obligation,
        article: article.to_owned(),
        orders: numbers.len(),
        examples: numbers.iter().take(EXAMPLES).map(ToString::to_string).collect(),
    };
    let mut totals: Vec<_> = by_rule.into_iter().map(total).collect();
    totals.sort_by_key(|total| std::cmp::Reverse(total.orders));
    totals
}

/// What changes for the orders that one duty would have caught, by outcome; numbers in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What would become of them.
    pub outcome: Outcome,
    /// By which duty.
    pub obligation: Obligation,
    /// Orders that only the verdicts after name.
    pub new: Vec<String>,
    /// Orders that only the verdicts before name.
    pub gone: Vec<String>,
    /// Orders that both name.
    pub same: Vec<String>,
}

/// Lays the verdicts of two policies on the same orders side by side, by outcome and duty.
#[must_use]
pub fn changes(before: &[Verdict], after: &[Verdict]) -> Vec<Change> {
    let (before, after) = (by_duty(before), by_duty(after));
    let none = BTreeSet::new();
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let change = |key: (Outcome, Obligation)| {
        let (old, now) = (
            before.get(&key).unwrap_or(&none),
            after.get(&key).unwrap_or(&none),
        );
        Change {
            outcome: key.0,
            obligation: key.1,
            new: now.difference(old).map(ToString::to_string).collect(),
            gone: old.difference(now).map(ToString::to_string).collect(),
            same: now.intersection(old).map(ToString::to_string).collect(),
        }
    };
    keys.into_iter().map(change).collect()
}

fn by_duty(verdicts: &[Verdict]) -> BTreeMap<(Outcome, Obligation), BTreeSet<&str>> {
    let mut found: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for verdict in verdicts {
        let key = (verdict.outcome, verdict.obligation);
        found.entry(key).or_default().insert(&verdict.number);
    }
    found
}

fn judge(policy: &Policy, clock: &WorkClock, order: &PastOrder, until: DateTime<Utc>) -> Vec<Verdict> {
    let duties = [
        (Obligation::Sign, order.signed),
        (Obligation::Contact, order.contacted),
        (Obligation::Answer, order.replied),
        (Obligation::Settle, order.settled),
    ];
    let held = |(obligation, done): (Obligation, Option<DateTime<Utc>>)| {
        let rule = policy.clock(obligation, &order.matter)?;
        let due = due(policy, clock, rule, order.dispatched);
        let late = done.map_or(until > due, |done| done > due);
        late.then(|| verdict(order, Outcome::Late, rule, Some(due), done))
    };
    let mut verdicts: Vec<_> = duties.into_iter().filter_map(held).collect();
    verdicts.extend(card(policy, order, &verdicts));
    verdicts.extend(returned(policy, clock, order));
    verdicts.extend(answered_badly(policy, order));
    verdicts
}

fn due(policy: &Policy, clock: &WorkClock, rule: &ClockRule, from: DateTime<Utc>) -> DateTime<Utc> {
    clock
        .deadline_with(from, rule.within, policy.convention_of(rule))
        .at
}

fn verdict(
    order: &PastOrder,
    outcome: Outcome,
    rule: &ClockRule,
    due: Option<DateTime<Utc>>,
    done: Option<DateTime<Utc>>,
) -> Verdict {
    Verdict {
        number: order.number.clone(),
        outcome,
        obligation: rule.obligation,
        article: rule.article.clone(),
        due,
        done,
    }
}

/// A late duty that the ladder answers with a yellow card, one for an order.
fn card(policy: &Policy, order: &PastOrder, late: &[Verdict]) -> Option<Verdict> {
    late.iter().find_map(|missed| {
        let ladder = policy.ladder(missed.obligation, &order.matter);
        let card = ladder.into_iter().find(|rung| rung.step == Step::YellowCard)?;
        Some(Verdict {
            outcome: Outcome::Carded,
            article: card.origin.article.clone(),
            ..missed.clone()
        })
    })
}

fn returned(policy: &Policy, clock: &WorkClock, order: &PastOrder) -> Option<Verdict> {
    let asked = order.return_asked?;
    let rule = &policy.return_rule(&order.matter)?.window;
    let due = due(policy, clock, rule, order.dispatched);
    (asked > due).then(|| verdict(order, Outcome::ReturnRefused, rule, Some(due), Some(asked)))
}

fn answered_badly(policy: &Policy, order: &PastOrder) -> Option<Verdict> {
    let rule = policy.redo_rule(&order.matter)?;
    let (outcome, key) = if order.bad_answers >= rule.end_at {
        (Outcome::Ended, "end_at")
    } else if rule.raise_at.is_some_and(|bound| order.bad_answers >= bound) {
        (Outcome::Raised, "raise_at")
    } else {
        return None;
    };
    let article = rule.end.article_of(key);
    Some(Verdict {
        article,
        ..verdict(order, outcome, &rule.clock, None, None)
    })
}
