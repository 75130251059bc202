//! What follows on the enterprise leg from what departments, clocks and the call-back did.
//!
//! Invariant: what belongs to an earlier round, or comes too late, changes nothing.

use super::evolve::Event;
use super::leg::{Satisfaction, Stage, Standing, State};

/// What others did, reduced to what the desk follows. Rounds count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The lead unit signed.
    Signed {
        /// Round of the leg.
        round: i32,
    },
    /// A department spoke with the enterprise.
    Contacted {
        /// Round of the leg.
        round: i32,
    },
    /// The lead unit replied.
    Replied {
        /// Round of the leg.
        round: i32,
    },
    /// The lead unit's reply was sent back.
    SentBack {
        /// Round of the leg.
        round: i32,
    },
    /// The platform agreed that the lead unit gives the matter back.
    ReturnAgreed {
        /// Round of the leg.
        round: i32,
    },
    /// A lead leg went to a unit.
    LeadSent {
        /// The unit.
        unit: String,
        /// Round of the leg.
        round: i32,
    },
    /// Every leg that counts is approved.
    Settled {
        /// Unit that led.
        lead_unit: String,
        /// What the enterprise is told.
        public_text: String,
    },
    /// The order is handled once more.
    Redone {
        /// Unit that leads now.
        lead_unit: String,
        /// The new round.
        round: i32,
    },
    /// The order is closed.
    Closed,
    /// The appellant withdrew.
    Withdrawn,
    /// A clock ran out.
    Breached {
        /// Unit that was held to it; empty for the platform.
        unit: String,
    },
    /// The enterprise answered a call-back.
    Answered {
        /// How content it is.
        satisfaction: Satisfaction,
    },
}

/// The event that follows, if one does. `platform_unit` is the enterprise platform's own, whose clocks are not the
/// department's.
#[must_use]
pub fn hear(standing: &Standing, platform_unit: &str, heard: &Heard) -> Option<Event> {
    if let Heard::Breached { unit } = heard {
        return (!unit.is_empty() && unit != platform_unit).then_some(Event::Breached);
    }
    if standing.state == State::Withdrawn {
        return None;
    }
    match heard {
        Heard::Signed { round }
        | Heard::Contacted { round }
        | Heard::Replied { round }
        | Heard::SentBack { round }
        | Heard::ReturnAgreed { round } => {
            of_lead(&standing.state, heard).filter(|_| *round == standing.round)
        }
        Heard::LeadSent { unit, round } => sent_again(standing, unit, *round),
        Heard::Redone { lead_unit, round } => redone(standing, lead_unit, *round),
        Heard::Settled {
            lead_unit,
            public_text,
        } => settled(standing, lead_unit, public_text),
        Heard::Closed => (!matches!(standing.state, State::Closed { .. })).then_some(Event::Closed),
        Heard::Withdrawn => Some(Event::Withdrawn),
        Heard::Answered { satisfaction } => Some(Event::Answered {
            satisfaction: *satisfaction,
        }),
        Heard::Breached { .. } => None,
    }
}

/// What a unit does with its leg in the running round.
fn of_lead(state: &State, heard: &Heard) -> Option<Event> {
    match (state, heard) {
        (
            State::Handling {
                stage: Stage::Received | Stage::Redo,
            },
            Heard::Signed { .. },
        ) => Some(Event::Signed),
        (State::Handling { stage }, Heard::Contacted { .. }) if *stage != Stage::Contacted => {
            Some(Event::Contacted)
        }
        (State::Handling { .. }, Heard::Replied { .. }) => Some(Event::Replied),
        (State::Replied { .. }, Heard::SentBack { .. }) => Some(Event::SentBack),
        (state, Heard::ReturnAgreed { .. }) if state.is_open() => Some(Event::Returned),
        _ => None,
    }
}

/// A lead leg of a higher round means a review one level up; one after a return, a new dispatch.
fn sent_again(standing: &Standing, unit: &str, round: i32) -> Option<Event> {
    if round > standing.round {
        return redone(standing, unit, round);
    }
    let redispatched = round == standing.round && standing.state == State::Returned;
    redispatched.then(|| Event::Redispatched {
        lead_unit: unit.to_owned(),
    })
}

fn redone(standing: &Standing, lead_unit: &str, round: i32) -> Option<Event> {
    (round > standing.round).then(|| Event::Redone {
        lead_unit: lead_unit.to_owned(),
        round,
    })
}

fn settled(standing: &Standing, lead_unit: &str, public_text: &str) -> Option<Event> {
    let over = matches!(standing.state, State::Settled { .. } | State::Closed { .. });
    (!over).then(|| Event::Settled {
        lead_unit: lead_unit.to_owned(),
        public_text: public_text.to_owned(),
    })
}
