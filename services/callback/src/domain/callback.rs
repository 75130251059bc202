//! A call-back as a value, and how an event changes it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::rules::{Satisfaction, Silence, Way};
use uuid::Uuid;

/// How long a claim keeps others away: an agent who left is not waited for.
pub(super) const CLAIM_STANDS: TimeDelta = TimeDelta::minutes(30);

/// What is known of an order when it is settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The order.
    pub order: Uuid,
    /// Round of handling, from 1.
    pub round: u32,
    /// Unit that handled it.
    pub unit: String,
    /// What the appellant was told.
    pub public_text: String,
    /// The order's facts, as the contract encodes them; opaque here.
    pub facts: Arc<[u8]>,
}

/// Who makes the call, since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Agent.
    pub by: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What the appellant answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How content.
    pub satisfaction: Satisfaction,
    /// The matter is solved.
    pub solved: bool,
    /// The unit had spoken with the appellant.
    pub contacted: bool,
    /// Reason for a bad answer.
    pub reason: String,
}

/// What a bad answer leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The unit's fault: handled once more.
    Redo,
    /// Nothing more can lawfully be done.
    Excluded,
    /// Reviewed one level up.
    Escalate,
}

/// Where a call-back stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Due, nobody was reached yet.
    Scheduled(Option<Claim>),
    /// Answered well.
    Completed(Answer),
    /// A bad answer waits for judgement.
    ToJudge(Answer),
    /// A bad answer was judged.
    Judged {
        /// The answer.
        answer: Answer,
        /// The verdict.
        verdict: Verdict,
        /// Why.
        reason: String,
    },
    /// Nobody was reached in all tries.
    Unreached,
    /// It fell away.
    Cancelled,
}

/// A call-back.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// Identifier.
    pub id: Uuid,
    /// What it is about.
    pub settled: Settled,
    /// Where it stands.
    pub state: State,
    /// Way of the next attempt.
    pub way: Way,
    /// Next attempt not before.
    pub not_before: DateTime<Utc>,
    /// Attempts that reached nobody.
    pub attempts: u32,
    /// Those by this way.
    pub tried: u32,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// What happened to a call-back.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It is due by a way, not before an instant.
    Scheduled {
        /// Way.
        way: Way,
        /// Not before.
        not_before: DateTime<Utc>,
    },
    /// Somebody makes it.
    Claimed(Claim),
    /// An attempt reached nobody.
    Attempted {
        /// Why.
        result: &'static str,
        /// Next attempt not before; `None` when there is none by this way.
        next_at: Option<DateTime<Utc>>,
        /// Who tried.
        actor: String,
    },
    /// The appellant answered.
    Completed {
        /// The answer.
        answer: Answer,
        /// A judgement follows.
        bad: bool,
        /// Who called.
        actor: String,
    },
    /// Nobody was reached in all tries.
    Unreached {
        /// What silence counts as.
        counts_as: Silence,
    },
    /// A bad answer was judged.
    Judged {
        /// Verdict.
        verdict: Verdict,
        /// Why.
        reason: String,
        /// Who judged.
        actor: String,
    },
    /// It fell away.
    Cancelled,
}

impl Callback {
    /// A call-back that nothing has happened to but its scheduling.
    #[must_use]
    pub fn new(id: Uuid, settled: Settled, way: Way, not_before: DateTime<Utc>) -> Self {
        Self {
            id,
            settled,
            state: State::Scheduled(None),
            way,
            not_before,
            attempts: 0,
            tried: 0,
            version: 1,
        }
    }

    /// Whether something is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Scheduled(_) | State::ToJudge(_))
    }

    /// The claim that keeps others away at `now`.
    #[must_use]
    pub fn claim(&self, now: DateTime<Utc>) -> Option<&Claim> {
        match &self.state {
            State::Scheduled(claim) => claim.as_ref().filter(|claim| now < claim.at + CLAIM_STANDS),
            _ => None,
        }
    }

    /// Changes it by what happened, each time one version on.
    pub fn evolve(&mut self, events: &[Event]) {
        events.iter().for_each(|event| self.apply(event));
        self.version += 1;
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Scheduled { way, not_before } => {
                if *way != self.way {
                    self.tried = 0;
                }
                (self.way, self.not_before) = (*way, *not_before);
                self.state = State::Scheduled(None);
            }
            Event::Claimed(claim) => self.state = State::Scheduled(Some(claim.clone())),
            Event::Attempted { next_at, .. } => {
                self.attempts += 1;
                self.tried += 1;
                self.not_before = next_at.unwrap_or(self.not_before);
                self.state = State::Scheduled(None);
            }
            Event::Completed {
                answer, bad: true, ..
            } => self.state = State::ToJudge(answer.clone()),
            Event::Completed {
                answer, bad: false, ..
            } => self.state = State::Completed(answer.clone()),
            Event::Unreached { .. } => self.state = State::Unreached,
            Event::Judged { verdict, reason, .. } => {
                if let State::ToJudge(answer) = &self.state {
                    let (answer, verdict, reason) = (answer.clone(), *verdict, reason.clone());
                    self.state = State::Judged {
                        answer,
                        verdict,
                        reason,
                    };
                }
            }
            Event::Cancelled => self.state = State::Cancelled,
        }
    }
}
