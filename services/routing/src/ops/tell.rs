//! What others are told: each domain event as the contract's event, published in the transaction that made it true.
//!
//! Invariant: an order's facts are taken after all events of the command, of which a change of round is the first.

mod gathered;
mod handled;

use hotline_bus::Tx;
use hotline_proto::common::v1::{Desk, LegFacts, OrderFacts};
use hotline_proto::routing::v1;

use crate::contract::{enterprise, facts, leg_facts, timestamp};
use crate::domain::{AfterReturn, Due, Event, Lateness, Leg, LegId, Order, SecondSend};

/// Publishes what the event means to others; what another service told first is not told again.
pub(super) fn publish(tx: &mut Tx, order: &Order, event: &Event, actor: &str) {
    let told = Told { order, actor };
    match event {
        Event::Opened => told.send(tx, &v1::OrderOpened { facts: told.facts() }),
        Event::Claimed { .. } => told.send(
            tx,
            &v1::OrderClaimed {
                facts: told.facts(),
                actor: told.actor(),
            },
        ),
        Event::Released => told.send(
            tx,
            &v1::OrderReleased {
                facts: told.facts(),
                actor: told.actor(),
            },
        ),
        Event::Dispatched { .. } => told.dispatched(tx, event),
        Event::LegSent(leg) => told.leg_sent(tx, leg),
        Event::EnterpriseLegSent(leg) => told.enterprise_leg_sent(tx, leg),
        Event::ReturnRequested { .. } | Event::ReturnDecided { .. } => told.returned(tx, event),
        Event::ExtensionRequested { .. }
        | Event::ExtensionGranted { .. }
        | Event::ExtensionRefused { .. } => {
            told.extended(tx, event);
        }
        Event::LegReplied { .. }
        | Event::ReplySubmitted { .. }
        | Event::ReplyPassedOn { .. }
        | Event::ReplyWithheld { .. }
        | Event::ReplyApproved { .. }
        | Event::ReplySentBack { .. } => told.replied(tx, event),
        Event::LegAcknowledged(_) | Event::LegSigned(_) | Event::Contacted { .. } => told.worked(tx, event),
        Event::Settled
        | Event::Redone { .. }
        | Event::Escalated { .. }
        | Event::Closed { .. }
        | Event::Archived { .. }
        | Event::Withdrawn { .. } => told.ended(tx, event),
        Event::Urged { .. } | Event::Supplemented { .. } | Event::BadAnswerNoted => {}
        _ => told.gathered(tx, event),
    }
}

/// An order, and who acted on it.
struct Told<'a> {
    order: &'a Order,
    actor: &'a str,
}

impl Told<'_> {
    fn send<E: prost::Name>(&self, tx: &mut Tx, event: &E) {
        tx.publish(self.order.id.0, event);
    }

    fn facts(&self) -> Option<OrderFacts> {
        Some(facts(self.order))
    }

    fn leg(&self, id: LegId) -> Option<LegFacts> {
        self.order.leg(id).map(leg_facts)
    }

    fn actor(&self) -> String {
        self.actor.to_owned()
    }

    fn lead(&self) -> String {
        self.order
            .lead_unit()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    fn dispatched(&self, tx: &mut Tx, event: &Event) {
        let Event::Dispatched {
            lead,
            co_handlers,
            second_send,
            basis,
            disposition,
            ..
        } = event
        else {
            return;
        };
        let event = v1::OrderDispatched {
            facts: self.facts(),
            lead_unit_id: lead.to_string(),
            co_handler_unit_ids: co_handlers.iter().map(ToString::to_string).collect(),
            enterprise_leg: *second_send == SecondSend::Sent,
            dispatch_count: self.order.dispatch_count.cast_signed(),
            basis: basis.clone(),
            actor: self.actor(),
            disposition: disposition.as_str().to_owned(),
        };
        self.send(tx, &event);
    }

    fn leg_sent(&self, tx: &mut Tx, leg: &Leg) {
        let event = v1::DepartmentLegDispatched {
            facts: self.facts(),
            leg: Some(leg_facts(leg)),
            title: self.order.subject.title.clone(),
            due_at: match leg.due {
                Due::Set { at } => Some(timestamp(at)),
                Due::Open | Due::Ruled { .. } => None,
            },
            actor: self.actor(),
        };
        self.send(tx, &event);
    }

    fn enterprise_leg_sent(&self, tx: &mut Tx, leg: &Leg) {
        let facts = OrderFacts {
            desk: Desk::Enterprise.into(),
            ..facts(self.order)
        };
        let event = v1::EnterpriseLegDispatched {
            facts: Some(facts),
            leg: Some(leg_facts(leg)),
            title: self.order.subject.title.clone(),
            content: self.order.subject.content.clone(),
            enterprise: enterprise(&self.order.subject),
            lead_unit_id: self.lead(),
            actor: self.actor(),
        };
        self.send(tx, &event);
    }

    fn worked(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor) = (self.facts(), self.actor());
        match event {
            Event::LegAcknowledged(id) => {
                self.send(
                    tx,
                    &v1::LegAcknowledged {
                        facts,
                        leg: self.leg(*id),
                        actor,
                    },
                );
            }
            Event::LegSigned(id) => self.send(
                tx,
                &v1::LegSigned {
                    facts,
                    leg: self.leg(*id),
                    actor,
                },
            ),
            Event::Contacted { leg, note } => {
                let note = note.clone();
                self.send(
                    tx,
                    &v1::AppellantContacted {
                        facts,
                        leg: self.leg(*leg),
                        note,
                        actor,
                    },
                );
            }
            _ => {}
        }
    }

    fn returned(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor) = (self.facts(), self.actor());
        match event {
            Event::ReturnRequested { leg, request } => {
                let event = v1::ReturnRequested {
                    facts,
                    leg: self.leg(*leg),
                    request_id: request.id.to_string(),
                    basis: request.basis.clone(),
                    proposed_unit_id: request
                        .proposed
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    actor,
                    signed_by: request.proof.signed_by.clone(),
                };
                self.send(tx, &event);
            }
            Event::ReturnDecided {
                leg,
                request,
                then,
                reason,
                platform_late,
                article,
            } => {
                let event = v1::ReturnDecided {
                    facts,
                    leg: self.leg(*leg),
                    request_id: request.to_string(),
                    agreed: *then != AfterReturn::GoesOn,
                    reason: reason.clone(),
                    final_determination: *then == AfterReturn::FinalDetermination,
                    platform_late: *platform_late == Lateness::Late,
                    actor,
                    article: article.clone(),
                };
                self.send(tx, &event);
            }
            _ => {}
        }
    }

    fn ended(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor, lead_unit_id) = (self.facts(), self.actor(), self.lead());
        match event {
            Event::Settled => {
                let reply = self.order.lead().and_then(Leg::reply);
                let public_text = reply.map(|reply| reply.public_text.clone()).unwrap_or_default();
                self.send(
                    tx,
                    &v1::OrderSettled {
                        facts,
                        lead_unit_id,
                        public_text,
                    },
                );
            }
            Event::Redone { reason, lead } => {
                let (reason, lead_unit_id) = (reason.clone(), lead.to_string());
                self.send(
                    tx,
                    &v1::OrderRedone {
                        facts,
                        reason,
                        lead_unit_id,
                        actor,
                    },
                );
            }
            Event::Escalated { unit, reason } => {
                let (reason, unit_id) = (reason.clone(), unit.to_string());
                self.send(
                    tx,
                    &v1::OrderEscalated {
                        facts,
                        unit_id,
                        reason,
                        actor,
                    },
                );
            }
            Event::Closed { outcome, reason } => {
                let (outcome, reason) = (outcome.as_str().to_owned(), reason.clone());
                self.send(
                    tx,
                    &v1::OrderClosed {
                        facts,
                        outcome,
                        reason,
                        lead_unit_id,
                        actor,
                    },
                );
            }
            Event::Archived { keep_until } => {
                let keep_until = Some(timestamp(*keep_until));
                self.send(
                    tx,
                    &v1::OrderArchived {
                        facts,
                        keep_until,
                        actor,
                    },
                );
            }
            Event::Withdrawn { reason } => {
                self.send(
                    tx,
                    &v1::OrderWithdrawn {
                        facts,
                        reason: reason.clone(),
                    },
                );
            }
            _ => {}
        }
    }
}
