//! What happened to an enterprise leg, and how it changes the standing: the only place that does.

use chrono::{DateTime, Utc};

use super::leg::{Satisfaction, Stage, Standing, State};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The lead unit signed.
    Signed,
    /// A department spoke with the enterprise.
    Contacted,
    /// The lead unit replied.
    Replied,
    /// The reply was sent back.
    SentBack,
    /// The matter is back at the platform.
    Returned,
    /// It went to a unit again.
    Redispatched {
        /// Unit that leads now.
        lead_unit: String,
    },
    /// It is settled.
    Settled {
        /// Unit that led.
        lead_unit: String,
        /// What the enterprise is told.
        public_text: String,
    },
    /// It is handled once more.
    Redone {
        /// Unit that leads now.
        lead_unit: String,
        /// The new round.
        round: i32,
    },
    /// It is closed.
    Closed,
    /// The appellant withdrew.
    Withdrawn,
    /// A clock of the department ran out.
    Breached,
    /// The enterprise answered a call-back.
    Answered {
        /// How content it is.
        satisfaction: Satisfaction,
    },
    /// The desk pressed the department.
    Urged {
        /// The department.
        unit: String,
        /// In words.
        note: String,
    },
    /// The desk added something.
    Supplemented {
        /// What.
        note: String,
    },
    /// The desk evaluated the handling.
    Evaluated {
        /// How content the enterprise is.
        satisfaction: Satisfaction,
        /// In words; may be empty for a good one.
        note: String,
    },
}

impl Standing {
    /// Applies what happened at `at`.
    pub fn evolve(&mut self, event: &Event, at: DateTime<Utc>) {
        self.version += 1;
        match event {
            Event::Breached => self.breaches += 1,
            Event::Urged { .. } => self.urges += 1,
            Event::Supplemented { .. } => {}
            // The desk's own evaluation of a round prevails over the answer to its call-back.
            Event::Answered { satisfaction } => {
                if self.evaluated_round != self.round {
                    self.satisfaction = Some(*satisfaction);
                }
            }
            Event::Evaluated { satisfaction, .. } => {
                self.satisfaction = Some(*satisfaction);
                self.evaluated_round = self.round;
            }
            _ => self.progress(event, at),
        }
    }

    fn progress(&mut self, event: &Event, at: DateTime<Utc>) {
        self.progressed_at = at;
        match event {
            Event::Redispatched { lead_unit } | Event::Settled { lead_unit, .. } => {
                self.lead_unit.clone_from(lead_unit);
            }
            Event::Redone { lead_unit, round } => {
                self.lead_unit.clone_from(lead_unit);
                self.round = *round;
            }
            _ => {}
        }
        self.state = self.state_after(event);
    }

    fn state_after(&self, event: &Event) -> State {
        match event {
            Event::Signed => State::Handling { stage: Stage::Signed },
            Event::Contacted => State::Handling {
                stage: Stage::Contacted,
            },
            Event::Replied => State::Replied { from: self.stage() },
            Event::SentBack => State::Handling { stage: self.stage() },
            Event::Returned => State::Returned,
            Event::Redispatched { .. } => State::Handling {
                stage: Stage::Received,
            },
            Event::Redone { .. } => State::Handling { stage: Stage::Redo },
            Event::Settled { public_text, .. } => State::Settled {
                public_text: public_text.clone(),
            },
            Event::Closed => State::Closed {
                public_text: self.state.public_text().to_owned(),
            },
            Event::Withdrawn => State::Withdrawn,
            Event::Breached
            | Event::Answered { .. }
            | Event::Urged { .. }
            | Event::Supplemented { .. }
            | Event::Evaluated { .. } => self.state.clone(),
        }
    }

    /// How far the department is, replied or not.
    fn stage(&self) -> Stage {
        match self.state {
            State::Handling { stage } | State::Replied { from: stage } => stage,
            _ => Stage::Received,
        }
    }
}
