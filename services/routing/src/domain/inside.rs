//! Inside the unit: a reply leaves it only when every level above the one who wrote it has approved (Nanchang art. 14(4)).

use hotline_policy::{ApprovalLevel, Refusal};

use crate::domain::event::{AfterReturn, Event, Lateness, Notice};
use crate::domain::guard::require_text;
use crate::domain::handling::own_leg;
use crate::domain::leg::{Reply, UnitApproval};
use crate::domain::refusals::{LEVEL_NOT_YOURS, OWN_REPLY};
use crate::domain::rules::cited;
use crate::domain::{Actor, Decision, Leg, LegId, LegState, Moment, Order, Post, Rules};

/// Why a request ends that nobody decided before the reply came.
const LAPSED: &str = "单位已答复,申请自行终止 / lapsed: the unit replied";

/// Submits a reply: it leaves at once, or waits for the first level above its author.
pub(super) fn submit(
    order: &Order,
    leg: &Leg,
    reply: Reply,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Vec<Event> {
    let waits = rules
        .review()
        .levels
        .iter()
        .find(|level| !moment.actor.stands_at(**level));
    match waits {
        Some(level) => vec![Event::ReplySubmitted {
            leg: leg.id,
            reply: Box::new(reply),
            awaits: *level,
            by: moment.actor.name.clone(),
        }],
        None => leave(order, leg, reply),
    }
}

/// Passes a submitted reply on, or withholds it.
pub(super) fn decide_inside(
    order: &Order,
    id: LegId,
    decision: &Decision,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    let leg = own_leg(order, id, moment)?;
    let LegState::Submitted { reply, awaits, by } = &leg.state else {
        return Err(leg.wrong_state());
    };
    let origin = &rules.review().origin;
    if !moment.actor.stands_at(*awaits) {
        let detail = format!("{}: {awaits} ({})", leg.named(), awaits.zh());
        return Err(cited(Refusal::new(&LEVEL_NOT_YOURS).detail(detail), origin));
    }
    if *by == moment.actor.name {
        return Err(cited(Refusal::new(&OWN_REPLY).detail(leg.named()), origin));
    }
    let approval = |approved| UnitApproval {
        level: *awaits,
        approved,
        reason: decision.reason().to_owned(),
        at: moment.now,
        by: moment.actor.name.clone(),
    };
    if let Decision::Refuse(reason) = decision {
        require_text(reason, "reason")?;
        return Ok(vec![Event::ReplyWithheld {
            leg: id,
            reply: reply.id,
            approval: approval(false),
        }]);
    }
    let next = rules
        .review()
        .levels
        .iter()
        .skip_while(|level| *level != awaits)
        .skip(1)
        .find(|level| !moment.actor.stands_at(**level));
    let mut events = vec![Event::ReplyPassedOn {
        leg: id,
        reply: reply.id,
        approval: approval(true),
        awaits: next.copied(),
    }];
    if next.is_none() {
        events.extend(leave(order, leg, reply.clone()));
    }
    Ok(events)
}

/// The reply leaves the unit: its open requests lapse, and it answers for the units below.
fn leave(order: &Order, leg: &Leg, reply: Reply) -> Vec<Event> {
    let mut events = lapse(leg);
    events.extend(order.children(leg.id).filter_map(approve_child));
    events.push(Event::LegReplied {
        leg: leg.id,
        reply: Box::new(reply),
    });
    events
}

/// The end of requests that nobody decided before the reply came.
fn lapse(leg: &Leg) -> Vec<Event> {
    let returned = leg.return_request.as_ref().map(|request| Event::ReturnDecided {
        leg: leg.id,
        request: request.id,
        then: AfterReturn::GoesOn,
        reason: LAPSED.to_owned(),
        platform_late: Lateness::InTime,
        article: String::new(),
    });
    let extended = leg
        .extension_request
        .as_ref()
        .map(|request| Event::ExtensionRefused {
            leg: leg.id,
            request: request.id,
            reason: LAPSED.to_owned(),
            article: String::new(),
            notice: Notice::None,
        });
    returned.into_iter().chain(extended).collect()
}

fn approve_child(child: &Leg) -> Option<Event> {
    match &child.state {
        LegState::Replied(reply) => Some(Event::ReplyApproved {
            leg: child.id,
            reply: reply.id,
        }),
        _ => None,
    }
}

impl Actor {
    /// Whether the actor stands at this level of the unit, or above it.
    fn stands_at(&self, level: ApprovalLevel) -> bool {
        match level {
            ApprovalLevel::Section => self.has(Post::Section) || self.has(Post::Leader),
            ApprovalLevel::Leader => self.has(Post::Leader),
        }
    }
}
