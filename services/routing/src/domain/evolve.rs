//! How an event changes an order: the only place that does.
//!
//! Invariant: an event about a leg that the order does not have changes nothing.

use chrono::{DateTime, Utc};

use hotline_policy::ApprovalLevel;
use hotline_worktime::Limit;

use crate::domain::event::{AfterReturn, Event};
use crate::domain::leg::{Due, ExtensionRequest, Reply, ReplyFault, ReturnRequest, SendBack, UnitApproval};
use crate::domain::{Leg, LegId, LegKind, LegState, Order, Outcome, State};

impl Order {
    /// Applies what happened at `at`.
    pub fn evolve(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::Opened => {}
            Event::Claimed { by } => self.hold(Some(by.clone())),
            Event::Released => self.hold(None),
            Event::Dispatched {
                unit_choice,
                disposition,
                own_limit,
                ..
            } => {
                if own_limit.is_some() {
                    self.own_limit.clone_from(own_limit);
                }
                self.state = State::Handling;
                self.dispatch_count += 1;
                self.unit_choice = *unit_choice;
                self.dossier.sent(*disposition);
            }
            Event::LegSent(leg) | Event::EnterpriseLegSent(leg) => self.legs.push(Leg::clone(leg)),
            Event::Settled => self.state = State::Settled,
            Event::Redone { .. } => self.next_round(State::Handling),
            Event::Escalated { unit, .. } => self.next_round(State::Escalated { unit: unit.clone() }),
            Event::Closed { outcome, .. } => self.state = State::Closed { outcome: *outcome },
            Event::Archived { keep_until } => self.archive(*keep_until),
            Event::Withdrawn { .. } => self.withdraw(),
            Event::Urged { count } => self.urge_count = self.urge_count.max(*count),
            Event::BadAnswerNoted => self.bad_answers += 1,
            Event::ReturnDecided { leg, then, .. } => self.return_decided(*leg, *then),
            _ => {
                self.evolve_leg(event, at);
                self.evolve_dossier(event, at);
            }
        }
    }

    /// Applies what happened to one leg alone.
    fn evolve_leg(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::LegAcknowledged(id) => self.with(*id, |leg| leg.times.acknowledged = Some(at)),
            Event::LegSigned(id) => self.with(*id, |leg| leg.signed(at)),
            Event::Contacted { leg, .. } => self.with(*leg, |leg| {
                leg.times.contacted.get_or_insert(at);
            }),
            Event::ReturnRequested { leg, request } => self.with(*leg, |leg| leg.asks_return(request)),
            Event::ExtensionRequested { leg, request } => self.with(*leg, |leg| leg.asks_extension(request)),
            Event::ExtensionGranted {
                leg, after, amount, ..
            } => self.with(*leg, |leg| leg.extended(*after, *amount)),
            Event::ExtensionRefused { leg, .. } => self.with(*leg, |leg| leg.extension_request = None),
            Event::ReplySubmitted {
                leg,
                reply,
                awaits,
                by,
            } => self.with(*leg, |leg| {
                leg.state = LegState::Submitted {
                    reply: Reply::clone(reply),
                    awaits: *awaits,
                    by: by.clone(),
                };
            }),
            Event::ReplyPassedOn {
                leg,
                approval,
                awaits,
                ..
            } => self.with(*leg, |leg| leg.passed_on(approval, *awaits)),
            Event::ReplyWithheld { leg, approval, .. } => self.with(*leg, |leg| leg.withheld(approval)),
            Event::Noted { leg, note } => self.with(*leg, |leg| leg.notes.push(note.clone())),
            Event::LegReplied { leg, reply } => self.with(*leg, |leg| leg.replied(reply, at)),
            Event::ReplyApproved { leg, .. } => self.with(*leg, Leg::approved),
            Event::ReplySentBack {
                leg,
                faults,
                reason,
                new_due,
                ..
            } => self.with(*leg, |leg| {
                leg.remember_send_back(faults, reason, at);
                leg.sent_back(new_due.as_ref());
            }),
            _ => {}
        }
    }

    fn with(&mut self, id: LegId, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.iter_mut().find(|leg| leg.id == id) {
            change(leg);
        }
    }

    fn hold(&mut self, by: Option<String>) {
        if let State::PreReview { claimed_by, .. } = &mut self.state {
            *claimed_by = by;
        }
    }

    fn next_round(&mut self, state: State) {
        self.round += 1;
        self.state = state;
    }

    fn archive(&mut self, keep_until: DateTime<Utc>) {
        let outcome = self.outcome().unwrap_or(Outcome::Final);
        self.state = State::Archived { outcome, keep_until };
    }

    /// Ends every leg that still runs; what was approved stays approved.
    fn withdraw(&mut self) {
        self.state = State::Withdrawn;
        for leg in self.legs.iter_mut().filter(|leg| leg.stands()) {
            leg.return_request = None;
            leg.extension_request = None;
            if !matches!(leg.state, LegState::Approved(_)) {
                leg.state = LegState::Withdrawn;
            }
        }
    }

    fn return_decided(&mut self, id: LegId, then: AfterReturn) {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.id == id) else {
            return;
        };
        let proposed = leg.return_request.take().and_then(|request| request.proposed);
        if then == AfterReturn::GoesOn {
            return;
        }
        leg.state = LegState::Returned;
        leg.extension_request = None;
        if leg.kind == LegKind::Lead {
            self.return_count += 1;
            self.state = match then {
                AfterReturn::FinalDetermination => State::Disputed { proposed },
                _ => State::PreReview {
                    claimed_by: None,
                    proposed,
                },
            };
        }
    }
}

impl Leg {
    fn signed(&mut self, at: DateTime<Utc>) {
        self.state = LegState::Signed;
        self.times.signed = Some(at);
    }

    fn asks_return(&mut self, request: &ReturnRequest) {
        self.return_request = Some(request.clone());
    }

    fn asks_extension(&mut self, request: &ExtensionRequest) {
        self.extension_request = Some(request.clone());
    }

    fn extended(&mut self, to: DateTime<Utc>, amount: Limit) {
        self.extension_request = None;
        self.extensions += 1;
        self.due.extend(to, amount);
    }

    fn passed_on(&mut self, approval: &UnitApproval, next: Option<ApprovalLevel>) {
        self.approvals.push(approval.clone());
        if let (LegState::Submitted { awaits, .. }, Some(next)) = (&mut self.state, next) {
            *awaits = next;
        }
    }

    fn withheld(&mut self, approval: &UnitApproval) {
        self.approvals.push(approval.clone());
        self.state = LegState::Signed;
    }

    fn replied(&mut self, reply: &Reply, at: DateTime<Utc>) {
        self.state = LegState::Replied(reply.clone());
        self.times.replied = Some(at);
    }

    fn approved(&mut self) {
        if let Some(reply) = self.reply().cloned() {
            self.state = LegState::Approved(reply);
        }
    }

    fn remember_send_back(&mut self, faults: &[ReplyFault], reason: &str, at: DateTime<Utc>) {
        if let Some(reply) = self.reply().cloned() {
            self.send_backs.push(SendBack {
                reply,
                faults: faults.to_vec(),
                reason: reason.to_owned(),
                at,
            });
        }
    }

    fn sent_back(&mut self, new_due: Option<&Due>) {
        if let Some(reply) = self.reply().cloned() {
            self.state = LegState::SentBack(reply);
        }
        if let Some(due) = new_due {
            self.due = due.clone();
        }
    }
}
