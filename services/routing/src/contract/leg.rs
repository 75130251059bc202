//! What people see of a leg: its times and limits, its replies, its open requests, what others noted on it.

use hotline_policy::Units;
use hotline_proto::routing::v1;

use crate::contract::dossier::attachment_view;
use crate::contract::words::leg_state;
use crate::contract::{leg_facts, timestamp};
use crate::domain::{
    ExtensionRequest, Leg, LegState, Note, Order, Proof, Reply, ReturnRequest, SendBack, ToldBy, UnitApproval,
};

/// The leg, with the name of its unit.
pub(super) fn leg_view(order: &Order, leg: &Leg, units: &Units) -> v1::Leg {
    v1::Leg {
        facts: Some(leg_facts(leg)),
        state: leg_state(&leg.state).into(),
        unit_name: units
            .get(leg.unit.as_str())
            .map(|unit| unit.name.clone())
            .unwrap_or_default(),
        dispatched_at: Some(timestamp(leg.times.dispatched)),
        acknowledged_at: leg.times.acknowledged.map(timestamp),
        signed_at: leg.times.signed.map(timestamp),
        contacted_at: leg.times.contacted.map(timestamp),
        replied_at: leg.times.replied.map(timestamp),
        due_at: leg.due.at().map(timestamp),
        reply: leg.reply().map(reply_view),
        return_request: leg.return_request.as_ref().map(return_view),
        extension_request: leg.extension_request.as_ref().map(extension_view),
        extension_count: leg.extensions.cast_signed(),
        awaits_level: awaits(leg),
        unit_approvals: leg.approvals.iter().map(approval_view).collect(),
        duty: duty_of(order, leg),
        notes: leg.notes.iter().map(note_view).collect(),
        send_backs: leg.send_backs.iter().map(send_back_view).collect(),
    }
}

fn awaits(leg: &Leg) -> String {
    match &leg.state {
        LegState::Submitted { awaits, .. } => awaits.to_string(),
        _ => String::new(),
    }
}

fn duty_of(order: &Order, leg: &Leg) -> String {
    let whistle = order.dossier.whistle.as_ref();
    let meeting = whistle
        .filter(|whistle| whistle.round == leg.round)
        .and_then(|whistle| whistle.meeting());
    let duty = meeting.and_then(|meeting| meeting.duties.iter().find(|(unit, _)| *unit == leg.unit));
    duty.map(|(_, duty)| duty.clone()).unwrap_or_default()
}

fn reply_view(reply: &Reply) -> v1::Reply {
    v1::Reply {
        reply_id: reply.id.to_string(),
        action: reply.action.clone(),
        office: reply.office.clone(),
        handler: reply.handler.clone(),
        result: reply.result.as_str().to_owned(),
        legal_basis: reply.legal_basis.clone(),
        told: reply.told.clone(),
        internal_text: reply.internal_text.clone(),
        public_text: reply.public_text.clone(),
        handled_at: reply.handled_at.map(timestamp),
        contact: reply.contact.clone(),
        told_by: reply.told_by.map_or("", ToldBy::as_str).to_owned(),
        evidence: reply.evidence.iter().map(attachment_view).collect(),
        opinion: reply.opinion.clone(),
    }
}

fn send_back_view(sent: &SendBack) -> v1::SendBack {
    v1::SendBack {
        reply: Some(reply_view(&sent.reply)),
        faults: sent
            .faults
            .iter()
            .map(|fault| fault.as_str().to_owned())
            .collect(),
        reason: sent.reason.clone(),
        sent_back_at: Some(timestamp(sent.at)),
    }
}

fn return_view(request: &ReturnRequest) -> v1::Request {
    v1::Request {
        request_id: request.id.to_string(),
        reason: format!("{}\n{}", request.basis, request.suggestion),
        proposal: request
            .proposed
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        requested_at: Some(timestamp(request.at)),
        ..proof_view(&request.proof)
    }
}

fn extension_view(request: &ExtensionRequest) -> v1::Request {
    v1::Request {
        request_id: request.id.to_string(),
        reason: request.reason.clone(),
        proposal: request.amount.to_string(),
        requested_at: Some(timestamp(request.at)),
        basis: request.basis.clone(),
        told: request.told.clone(),
        ..proof_view(&request.proof)
    }
}

fn proof_view(proof: &Proof) -> v1::Request {
    v1::Request {
        explanation: proof.explanation.clone(),
        signed_by: proof.signed_by.clone(),
        evidence: proof.evidence.iter().map(attachment_view).collect(),
        ..v1::Request::default()
    }
}

fn approval_view(approval: &UnitApproval) -> v1::UnitApproval {
    v1::UnitApproval {
        level: approval.level.to_string(),
        approved: approval.approved,
        reason: approval.reason.clone(),
        decided_at: Some(timestamp(approval.at)),
        actor: approval.by.clone(),
    }
}

fn note_view(note: &Note) -> v1::LegNote {
    v1::LegNote {
        kind: note.kind.as_str().to_owned(),
        unit_id: note.unit.to_string(),
        words: note.words.clone(),
        noted_at: Some(timestamp(note.at)),
        actor: note.by.clone(),
    }
}
