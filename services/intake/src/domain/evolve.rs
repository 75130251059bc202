//! What happened to an appeal, and what it is afterwards.

use uuid::Uuid;

use super::appeal::{Appeal, LEVEL_SPECIALIST, State};

/// Something that the register did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Registered.
    Registered,
    /// Accepted: an order is due.
    Accepted,
    /// Refused as out of scope.
    Rejected {
        /// Reason code.
        code: String,
        /// Article behind it.
        article: String,
        /// What was explained.
        explanation: String,
        /// Where the appellant was sent.
        guidance: String,
        /// Number of the earlier appeal, for a repeat; empty otherwise.
        earlier_number: String,
    },
    /// The question of scope was handed up.
    Referred {
        /// What is unclear.
        question: String,
        /// Level that decides, from 1.
        level: i32,
        /// Role of that level.
        decider: &'static str,
    },
    /// Handed to the specialist's post.
    Submitted {
        /// What is difficult.
        question: String,
        /// Role that decides.
        decider: &'static str,
        /// Article behind it.
        article: String,
    },
    /// Answered at once.
    Answered {
        /// The answer.
        answer: String,
        /// "knowledge", "specialist" or "agent".
        basis: String,
        /// The knowledge item, or the unit of the specialist.
        reference: String,
    },
    /// Handed to an emergency or utility service.
    Transferred {
        /// Number that it went to.
        target: String,
        /// Whose number that is.
        target_name: String,
        /// What was handed over.
        note: String,
        /// How.
        way: &'static str,
    },
    /// Joined to another.
    Merged {
        /// Appeal that it was joined to.
        into: Uuid,
        /// Number of that appeal.
        into_number: String,
    },
    /// The merge was undone.
    Unmerged {
        /// Appeal that it had been joined to.
        from: Uuid,
    },
    /// Withdrawn by the appellant.
    Withdrawn {
        /// The appellant's reason; may be empty.
        reason: String,
    },
    /// The appellant pressed for an answer.
    Urged {
        /// The urge.
        urge_id: Uuid,
        /// What was said.
        note: String,
        /// How often by now.
        count: i32,
    },
    /// The appellant added something.
    Supplemented {
        /// The supplement.
        supplement_id: Uuid,
        /// What was added.
        text: String,
    },
}

/// The appeal after `event`, one version later.
#[must_use]
pub fn evolve(mut appeal: Appeal, event: &Event) -> Appeal {
    appeal.version += 1;
    match event {
        Event::Registered => appeal.version = 1,
        Event::Accepted => appeal.state = State::Accepted,
        Event::Rejected {
            code,
            explanation,
            guidance,
            earlier_number,
            ..
        } => {
            appeal.state = State::Rejected { code: code.clone() };
            appeal.disposition = format!("{explanation}\n{guidance}");
            appeal.rests_on.clone_from(earlier_number);
        }
        Event::Referred { level, .. } => appeal.state = State::Referred { level: *level },
        Event::Submitted { .. } => appeal.state = State::WithSpecialist,
        Event::Answered {
            answer, reference, ..
        } => {
            appeal.state = State::Answered;
            appeal.disposition.clone_from(answer);
            appeal.rests_on.clone_from(reference);
        }
        Event::Transferred {
            target,
            target_name,
            note,
            way,
        } => {
            appeal.rests_on = (*way).to_owned();
            appeal.state = State::Transferred;
            appeal.disposition = format!("{target} {target_name}\n{note}");
        }
        Event::Merged { into, .. } => {
            appeal.state = State::Merged {
                into: *into,
                level: level_of(&appeal.state),
            };
        }
        Event::Unmerged { .. } => appeal.state = before_merge(&appeal.state),
        Event::Withdrawn { reason } => {
            appeal.state = State::Withdrawn;
            appeal.disposition.clone_from(reason);
        }
        Event::Urged { count, .. } => appeal.urges = *count,
        Event::Supplemented { .. } => {}
    }
    appeal
}

fn level_of(state: &State) -> i32 {
    match state {
        State::Referred { level } => *level,
        State::WithSpecialist => LEVEL_SPECIALIST,
        _ => 0,
    }
}

fn before_merge(state: &State) -> State {
    match state {
        State::Merged { level, .. } if *level > 0 => State::Referred { level: *level },
        State::Merged { level, .. } if *level == LEVEL_SPECIALIST => State::WithSpecialist,
        _ => State::Registered,
    }
}

/// What became of the order, as far as it moves the appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// The order was opened.
    Opened,
    /// Every reply that counts is approved.
    Settled,
    /// The order is handled once more, or one level up.
    Reopened,
    /// The order is closed.
    Closed,
    /// The order is in the archive.
    Archived,
    /// The order ended because the appellant withdrew.
    Withdrawn,
}

/// The state after the order's progress; `None` where it does not move the appeal.
///
/// What comes late (an order settled after the appellant withdrew) or twice moves nothing.
#[must_use]
pub fn follow(state: &State, progress: Progress) -> Option<State> {
    use State::{Accepted, Archived, Closed, InProgress, Settled, Withdrawn};
    match (state, progress) {
        // A city may close on the approved reply, before the call-back: a bad answer then opens a closed appeal again.
        (Accepted, Progress::Opened) | (Accepted | Settled | Closed, Progress::Reopened) => Some(InProgress),
        (Accepted | InProgress, Progress::Settled) => Some(Settled),
        (Accepted | InProgress | Settled, Progress::Closed) => Some(Closed),
        (Accepted | InProgress | Settled, Progress::Withdrawn) => Some(Withdrawn),
        (Closed, Progress::Archived) => Some(Archived),
        _ => None,
    }
}
