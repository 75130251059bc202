//! How long, by which article and on which working time: the policies on the calendar in force.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::{ClockRule, Library, Matter, Obligation, Policy};
use hotline_worktime::{Calendar, Convention, Due, Limit, WorkClock};

use super::clock::{Basis, Clock, Order, Reminder};
use super::signal::What;
use super::year::Import;

/// The policies of the installation on one version of the calendar.
#[derive(Debug)]
pub struct Rules {
    by_version: HashMap<String, Sheet>,
    calendar: Calendar,
    imports: Vec<Import>,
}

/// A policy and its working time.
#[derive(Debug)]
struct Sheet {
    policy: Arc<Policy>,
    work: WorkClock,
}

/// The terms of one duty.
#[derive(Debug)]
pub struct Terms<'a> {
    /// Within how long of its start.
    pub within: Limit,
    /// Article, or `operator`.
    pub article: String,
    /// Document and article as people cite them.
    pub cite: String,
    /// How days are counted.
    pub convention: Convention,
    /// How long before the due time to remind.
    pub remind: &'a [Limit],
    /// The working time.
    pub work: &'a WorkClock,
}

impl Rules {
    /// Every policy of `library` on `calendar`, which has all of `imports` in it.
    #[must_use]
    pub fn new(library: &Library, calendar: Calendar, imports: Vec<Import>) -> Self {
        let sheet = |policy: &Arc<Policy>| {
            let work = policy.work_clock(&calendar);
            (
                policy.version.clone(),
                Sheet {
                    policy: Arc::clone(policy),
                    work,
                },
            )
        };
        Self {
            by_version: library.policies().map(sheet).collect(),
            calendar,
            imports,
        }
    }

    /// The calendar in force.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The calendar's version: that of the newest import, 0 before the first.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.imports
            .iter()
            .map(|import| import.version)
            .max()
            .unwrap_or(0)
    }

    /// The imports, oldest first.
    #[must_use]
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// Whether a calendar that came after the clock was worked out may move it.
    #[must_use]
    pub fn is_stale(&self, clock: &Clock) -> bool {
        self.imports
            .iter()
            .any(|import| import.version > clock.calendar && import.touches(clock))
    }

    /// The terms of a duty of `order`; `None` when its policy sets no such limit, or is not known here.
    ///
    /// An answer in a later round has the limit of a redo, where the policy sets one. The settling has a clock where
    /// its limit is another than the answer's, and feedback on urgent matters is owed once. A limit that the order
    /// carries with it stands above the policy's.
    #[must_use]
    pub fn terms(&self, order: &Order, obligation: Obligation) -> Option<Terms<'_>> {
        let sheet = self.sheet(order)?;
        let rule = rule_of(&sheet.policy, &order.matter, obligation)?;
        let terms = Terms {
            within: rule.within,
            article: rule.article.clone(),
            cite: rule.cite(),
            convention: sheet.policy.convention_of(rule),
            remind: &rule.remind_before,
            work: &sheet.work,
        };
        let first = order.matter.round == 1 && obligation == self.handling(order);
        Some(match order.own_limit.as_ref().filter(|_| first) {
            Some(own) => Terms {
                within: own.within,
                article: own.basis.clone(),
                cite: own.basis.clone(),
                ..terms
            },
            None => terms,
        })
    }

    /// The clock that the handling of `order` is measured against: of the settling where its limit stands apart, else
    /// of the answer.
    #[must_use]
    pub fn handling(&self, order: &Order) -> Obligation {
        let sheet = self.sheet(order);
        let apart = sheet.and_then(|sheet| sheet.policy.settling_apart(&order.matter));
        apart.map_or(Obligation::Answer, |rule| rule.obligation)
    }

    /// The clocks that an extension of `order` moves.
    #[must_use]
    pub fn extends(&self, order: &Order) -> &[Obligation] {
        let sheet = self.sheet(order);
        let rule = sheet.and_then(|sheet| sheet.policy.extension_rule(&order.matter));
        rule.map_or(&[], |rule| &rule.extends)
    }

    /// The terms of a duty that `what` started: an answer after a reply was sent back may have a limit of its own.
    #[must_use]
    pub fn terms_after(&self, order: &Order, obligation: Obligation, what: What) -> Option<Terms<'_>> {
        let terms = self.terms(order, obligation)?;
        if what != What::SentBackOnNewClock {
            return Some(terms);
        }
        let policy = &self.sheet(order)?.policy;
        match policy.send_back_clock(&order.matter) {
            Some(rule) => Some(Terms {
                within: rule.within,
                article: rule.article.clone(),
                cite: rule.cite(),
                convention: policy.convention_of(rule),
                remind: &rule.remind_before,
                ..terms
            }),
            None => Some(terms),
        }
    }

    /// A policy with its working time, by version or else by id; `None` when it is not known here.
    #[must_use]
    pub fn office(&self, version: &str, id: &str) -> Option<(&Arc<Policy>, &WorkClock)> {
        let by_id = || self.by_version.values().find(|sheet| sheet.policy.id == id);
        let sheet = self.by_version.get(version).or_else(by_id)?;
        Some((&sheet.policy, &sheet.work))
    }

    fn sheet(&self, order: &Order) -> Option<&Sheet> {
        let by_id = || {
            self.by_version
                .values()
                .find(|sheet| sheet.policy.id == order.policy_id)
        };
        self.by_version.get(&order.policy_version).or_else(by_id)
    }
}

/// The policy's row for a duty.
fn rule_of<'a>(policy: &'a Policy, matter: &Matter, obligation: Obligation) -> Option<&'a ClockRule> {
    match obligation {
        Obligation::Settle => policy.settling_apart(matter),
        Obligation::UrgentFeedback if matter.round > 1 => None,
        Obligation::Answer if matter.round > 1 => policy
            .clock(Obligation::Redo, matter)
            .or_else(|| policy.clock(Obligation::Answer, matter)),
        _ => policy.clock(obligation, matter),
    }
}

impl Terms<'_> {
    /// When limits that follow one another end; `None` when there are none.
    #[must_use]
    pub fn due(&self, start: DateTime<Utc>, limits: &[Limit]) -> Option<Due> {
        let mut end: Option<Due> = None;
        for limit in limits {
            let before = end.unwrap_or(Due {
                at: start,
                provisional: false,
            });
            let due = self.work.deadline_with(before.at, *limit, self.convention);
            end = Some(Due {
                at: due.at,
                provisional: due.provisional || before.provisional,
            });
        }
        end
    }

    /// The reminders between `after` and `due`, earliest first, no two at one instant.
    #[must_use]
    pub fn reminders(&self, after: DateTime<Utc>, due: DateTime<Utc>) -> Vec<Reminder> {
        let at = |before: &Limit| Reminder {
            at: self.work.before(due, *before),
            before: *before,
        };
        let mut reminders: Vec<_> = self.remind.iter().map(at).collect();
        reminders.retain(|reminder| reminder.at > after && reminder.at < due);
        reminders.sort_by_key(|reminder| reminder.at);
        reminders.dedup_by_key(|reminder| reminder.at);
        reminders
    }

    /// The basis of a fresh clock.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis::Limits(vec![self.within])
    }
}
