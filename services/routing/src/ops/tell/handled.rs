//! What others are told of extensions and of replies.

use hotline_bus::Tx;
use hotline_proto::routing::v1;

use crate::contract::timestamp;
use crate::domain::{Event, Notice, ToldBy};
use crate::ops::tell::Told;

impl Told<'_> {
    pub(super) fn extended(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor) = (self.facts(), self.actor());
        match event {
            Event::ExtensionRequested { leg, request } => {
                let event = v1::ExtensionRequested {
                    facts,
                    leg: self.leg(*leg),
                    request_id: request.id.to_string(),
                    reason: request.reason.clone(),
                    amount: request.amount.to_string(),
                    actor,
                };
                self.send(tx, &event);
            }
            Event::ExtensionGranted {
                leg,
                request,
                amount,
                before,
                after,
                reason,
                article,
                obligation,
                notice,
            } => {
                let event = v1::ExtensionDecided {
                    facts,
                    leg: self.leg(*leg),
                    request_id: request.to_string(),
                    granted: true,
                    amount: amount.to_string(),
                    due_before: Some(timestamp(*before)),
                    due_at: Some(timestamp(*after)),
                    reason: reason.clone(),
                    article: article.clone(),
                    actor,
                    obligation: obligation.to_string(),
                    tell_appellant: *notice == Notice::Appellant,
                    calendar: self.order.leg(*leg).map_or(0, |leg| leg.due.calendar()),
                };
                self.send(tx, &event);
            }
            Event::ExtensionRefused {
                leg,
                request,
                reason,
                article,
                notice,
            } => {
                let due = self.order.leg(*leg).and_then(|leg| leg.due.at()).map(timestamp);
                let event = v1::ExtensionDecided {
                    facts,
                    leg: self.leg(*leg),
                    request_id: request.to_string(),
                    due_before: due,
                    due_at: due,
                    reason: reason.clone(),
                    article: article.clone(),
                    actor,
                    tell_appellant: *notice == Notice::Appellant,
                    ..Default::default()
                };
                self.send(tx, &event);
            }
            _ => {}
        }
    }

    pub(super) fn replied(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor) = (self.facts(), self.actor());
        match event {
            Event::LegReplied { leg, reply } => {
                let event = v1::LegReplied {
                    facts,
                    leg: self.leg(*leg),
                    reply_id: reply.id.to_string(),
                    public_text: reply.public_text.clone(),
                    actor,
                    result: reply.result.as_str().to_owned(),
                    told_by: reply.told_by.map_or("", ToldBy::as_str).to_owned(),
                    handled_at: reply.handled_at.map(timestamp),
                };
                self.send(tx, &event);
            }
            Event::ReplyApproved { leg, reply } => {
                let reply_id = reply.to_string();
                self.send(
                    tx,
                    &v1::ReplyApproved {
                        facts,
                        leg: self.leg(*leg),
                        reply_id,
                        actor,
                    },
                );
            }
            Event::ReplySentBack {
                leg,
                reply,
                faults,
                reason,
                new_due,
                told_due,
                article,
            } => {
                let event = v1::ReplySentBack {
                    facts,
                    leg: self.leg(*leg),
                    reply_id: reply.to_string(),
                    faults: faults.iter().map(|fault| fault.as_str().to_owned()).collect(),
                    reason: reason.clone(),
                    keep_clock: new_due.is_none(),
                    article: article.clone(),
                    actor,
                    due_at: told_due.map(timestamp),
                };
                self.send(tx, &event);
            }
            Event::ReplySubmitted {
                leg, reply, awaits, ..
            } => {
                let event = v1::ReplySubmitted {
                    facts,
                    leg: self.leg(*leg),
                    reply_id: reply.id.to_string(),
                    awaits_level: awaits.to_string(),
                    actor,
                };
                self.send(tx, &event);
            }
            Event::ReplyPassedOn {
                leg, reply, approval, ..
            }
            | Event::ReplyWithheld { leg, reply, approval } => {
                let event = v1::ReplyDecidedInUnit {
                    facts,
                    leg: self.leg(*leg),
                    reply_id: reply.to_string(),
                    level: approval.level.to_string(),
                    approved: approval.approved,
                    reason: approval.reason.clone(),
                    actor,
                };
                self.send(tx, &event);
            }
            _ => {}
        }
    }
}
