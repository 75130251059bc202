//! The review of replies, and the settling of an order when every leg that counts is approved (Xuzhou art. 12(4)).

use hotline_policy::Refusal;

use crate::domain::event::Event;
use crate::domain::guard::require_text;
use crate::domain::refusals::{FAULTS_MISSING, REPLY_DELEGATED};
use crate::domain::rules::{article_of, cited};
use crate::domain::{Findings, Leg, LegId, LegKind, LegState, Moment, Order, Outcome, Rules, State, papers};

/// The words of a closing that comes with the approval.
const CLOSED_BY_APPROVAL: &str = "答复认定通过即结案 / closed with the approval of the reply";

/// Approves a reply or sends it back; the last approval settles the order.
pub(super) fn review(
    order: &Order,
    id: LegId,
    findings: &Findings,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = order.handled_leg(id)?;
    if let LegKind::Delegated { .. } = leg.kind {
        return Err(Refusal::new(&REPLY_DELEGATED).detail(leg.named()));
    }
    let LegState::Replied(reply) = &leg.state else {
        return Err(leg.wrong_state());
    };
    moment
        .actor
        .require(rules.review().decider, &rules.review().origin)?;
    match findings {
        Findings::Approve => {
            let mut events = vec![Event::ReplyApproved {
                leg: id,
                reply: reply.id,
            }];
            events.extend(papers::with_approval(order, id, moment));
            events.extend(settle(order, id, rules));
            Ok(events)
        }
        Findings::SendBack { faults, reason } => {
            let origin = &rules.review().origin;
            if faults.is_empty() {
                return Err(cited(Refusal::new(&FAULTS_MISSING).field("faults"), origin));
            }
            require_text(reason, "reason")?;
            Ok(vec![Event::ReplySentBack {
                leg: id,
                reply: reply.id,
                faults: faults.clone(),
                reason: reason.clone(),
                new_due: rules.due_after_send_back(order, &leg.due, moment.now),
                told_due: None,
                article: article_of(origin),
            }])
        }
    }
}

/// What follows when `done` no longer holds the order up: it is settled, or waits for its acceptor.
pub(super) fn settle(order: &Order, done: LegId, rules: &Rules<'_>) -> Vec<Event> {
    let handled = matches!(order.state, State::Handling | State::Escalated { .. });
    if !handled || !order.would_settle(Some(done)) {
        return Vec::new();
    }
    let left = |leg: &Leg| leg.id != done || !matches!(leg.state, LegState::ToSign | LegState::Signed);
    let of_several = order.co_handlers().any(left);
    if rules.whistle().is_some() && order.state == State::Handling && of_several {
        return Vec::new();
    }
    settled(rules)
}

/// The settling, and the closing where the policy closes with it.
pub(super) fn settled(rules: &Rules<'_>) -> Vec<Event> {
    let mut events = vec![Event::Settled];
    if rules.closes_with_approval() {
        events.push(Event::Closed {
            outcome: Outcome::Answered,
            reason: CLOSED_BY_APPROVAL.to_owned(),
        });
    }
    events
}
