//! What an event makes of a case.

use chrono::{DateTime, Utc};

use super::case::{Case, CaseState, Event};

/// The case after an event at an instant.
pub fn evolve(case: &mut Case, event: &Event, at: DateTime<Utc>) {
    match event {
        Event::Issued(instrument) => case.instruments.push(instrument.clone()),
        Event::Replied(id, reply) => {
            if let Some(instrument) = case.instruments.iter_mut().find(|known| known.id == *id) {
                instrument.replies.push(reply.clone());
            }
        }
        Event::Decided(id, decision, due_at, _) => {
            let Some(instrument) = case.instruments.iter_mut().find(|known| known.id == *id) else {
                return;
            };
            if let Some(reply) = instrument.replies.last_mut() {
                reply.decision = Some(decision.clone());
            }
            if due_at.is_some() {
                (instrument.due_at, instrument.overdue) = (*due_at, false);
            }
        }
        Event::Overdue(id) => {
            if let Some(instrument) = case.instruments.iter_mut().find(|known| known.id == *id) {
                instrument.overdue = true;
            }
        }
        Event::Carded(card) => case.cards.push(card.clone()),
        Event::Met(meeting) => {
            if let Some(lead) = &meeting.lead {
                if !case.others.contains(&case.unit) && case.unit != *lead {
                    case.others.push(case.unit.clone());
                }
                case.others.retain(|other| other != lead);
                case.unit.clone_from(lead);
            }
            case.meetings.push(meeting.clone());
        }
        Event::VerificationOpened(verification) => case.verifications.push(verification.clone()),
        Event::Verified(verification) => {
            case.verifications.pop();
            case.verifications.push(verification.clone());
        }
        Event::DelayFound(caused, reason, _) => case.platform = Some((*caused, reason.clone())),
        Event::Raised(causes, _) => case.causes.extend(causes.iter().cloned()),
        Event::Measured(measures) => case.measures.extend(measures.iter().cloned()),
        Event::Exempted(exemption) => case.exemption = Some(exemption.clone()),
        Event::HandedOver(hand_over) => case.hand_overs.push(hand_over.clone()),
        Event::Listed => case.state = CaseState::Listed,
        Event::Closed(outcome, reason, _) => {
            case.state = CaseState::Closed;
            case.outcome = (outcome.clone(), reason.clone());
            case.closed_at = Some(at);
        }
    }
}
