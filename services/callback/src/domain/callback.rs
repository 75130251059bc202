//! A call-back as a value, and how an event changes it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::rules::{Silence, Way};
use uuid::Uuid;

use super::answer::{Answer, Given, Judgement, Paper};

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
    Judged(Answer, Judgement),
    /// Nobody was reached in all tries.
    Unreached,
    /// It fell away.
    Cancelled,
}

/// How a message or an automatic call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The way needs no message.
    None,
    /// No provider is set up: a person sends it.
    ByHand,
    /// Waits to be given to the provider.
    Queued,
    /// The provider took it.
    Sent,
    /// The provider says that it arrived.
    Delivered,
    /// The provider could not send it: a person does.
    Failed,
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
    /// When the last attempt was made that reached nobody.
    pub tried_at: Option<DateTime<Utc>>,
    /// Attempts that reached nobody.
    pub attempts: u32,
    /// Those by this way.
    pub tried: u32,
    /// What was answered by earlier ways, oldest first.
    pub earlier: Vec<Given>,
    /// Bad answers of the order in earlier rounds that count.
    pub bad_before: u32,
    /// The unit's paper on a bad answer.
    pub paper: Option<Paper>,
    /// How its message stands.
    pub delivery: Delivery,
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
        /// When.
        at: DateTime<Utc>,
        /// Next attempt not before; `None` when there is none by this way.
        next_at: Option<DateTime<Utc>>,
        /// Who tried.
        actor: String,
    },
    /// A bad answer was given by this way, and another way is taken.
    Given(Given),
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
    /// The unit filed its paper.
    PaperFiled(Paper),
    /// A bad answer was judged.
    Judged {
        /// The judgement.
        judgement: Judgement,
        /// Who judged.
        actor: String,
    },
    /// It fell away.
    Cancelled,
}

impl Callback {
    /// A call-back that nothing has happened to but its scheduling.
    #[must_use]
    pub fn new(id: Uuid, settled: Settled, way: Way, not_before: DateTime<Utc>, bad_before: u32) -> Self {
        Self {
            id,
            settled,
            state: State::Scheduled(None),
            way,
            not_before,
            tried_at: None,
            attempts: 0,
            tried: 0,
            earlier: Vec::new(),
            bad_before,
            paper: None,
            delivery: Delivery::None,
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

    /// The appellant's answer, once there is one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match &self.state {
            State::Completed(answer) | State::ToJudge(answer) | State::Judged(answer, _) => Some(answer),
            State::Scheduled(_) | State::Unreached | State::Cancelled => None,
        }
    }

    /// Bad answers of the order by now that count, this round's among them.
    #[must_use]
    pub fn bad_answers(&self) -> u32 {
        let bad = match &self.state {
            State::ToJudge(_) => true,
            State::Judged(_, judgement) => judgement.counts(),
            _ => false,
        };
        self.bad_before + u32::from(bad)
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
            Event::Attempted { at, next_at, .. } => {
                self.tried_at = Some(*at);
                self.attempts += 1;
                self.tried += 1;
                self.not_before = next_at.unwrap_or(self.not_before);
                self.state = State::Scheduled(None);
            }
            Event::Given(given) => self.earlier.push(given.clone()),
            Event::Completed { answer, bad, .. } => {
                self.state = if *bad {
                    State::ToJudge(answer.clone())
                } else {
                    State::Completed(answer.clone())
                };
            }
            Event::Unreached { .. } => self.state = State::Unreached,
            Event::PaperFiled(paper) => self.paper = Some(paper.clone()),
            Event::Judged { judgement, .. } => {
                if let State::ToJudge(answer) = &self.state {
                    self.state = State::Judged(answer.clone(), judgement.clone());
                }
            }
            Event::Cancelled => self.state = State::Cancelled,
        }
    }
}

impl Delivery {
    /// The word in tables and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::ByHand => "by_hand",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// The delivery of a word; none for an unknown one.
    #[must_use]
    pub fn of(word: &str) -> Self {
        [
            Self::ByHand,
            Self::Queued,
            Self::Sent,
            Self::Delivered,
            Self::Failed,
        ]
        .into_iter()
        .find(|known| known.as_str() == word)
        .unwrap_or(Self::None)
    }
}
