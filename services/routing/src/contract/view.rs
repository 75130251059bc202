//! What people see of an order.

use hotline_policy::Units;
use hotline_proto::routing::v1;

use crate::contract::words::{leg_state, order_state};
use crate::contract::{enterprise, facts, leg_facts, timestamp};
use crate::domain::{ExtensionRequest, Leg, Order, Reply, ReturnRequest, State, UnitId};

/// The order, with the names of its units.
pub fn order_view(order: &Order, units: &Units) -> v1::Order {
    v1::Order {
        facts: Some(facts(order)),
        state: order_state(&order.state).into(),
        title: order.subject.title.clone(),
        content: order.subject.content.clone(),
        claimed_by: claimed_by(order),
        legs: order.legs.iter().map(|leg| leg_view(leg, units)).collect(),
        version: order.version.cast_signed(),
        opened_at: Some(timestamp(order.opened_at)),
        dispatch_count: order.dispatch_count.cast_signed(),
        proposed_unit_id: proposed(order).map(ToString::to_string).unwrap_or_default(),
        enterprise: enterprise(&order.subject),
        outcome: order
            .outcome()
            .map(|outcome| outcome.as_str().to_owned())
            .unwrap_or_default(),
        confidential: order.subject.confidential,
        urge_count: order.urge_count.cast_signed(),
    }
}

/// The member units.
pub fn units_view(units: &Units) -> Vec<v1::MemberUnit> {
    let view = |unit: &hotline_policy::Unit| v1::MemberUnit {
        unit_id: unit.id.clone(),
        name: unit.name.clone(),
        parent_id: unit.parent.clone().unwrap_or_default(),
        level: unit.level.to_string(),
        division: unit.division.clone(),
        kind: unit.kind.to_string(),
        principal: unit.principal.clone(),
        leader: unit.leader.clone(),
        section: unit.section.clone(),
        responsible: unit.responsible.clone(),
        off_hours: unit.off_hours.to_string(),
        enterprise_related: unit.enterprise_related,
        clerks: unit.clerks.clone(),
        team: unit.team.as_ref().map(team_view),
        specialists: unit.specialists.clone(),
        oversight_unit_id: unit.oversight.clone().unwrap_or_default(),
        vertical: unit.vertical,
        hotline_authority: unit.hotline_authority.clone(),
        services: unit.services.clone(),
    };
    units.iter().map(view).collect()
}

fn team_view(team: &hotline_policy::Team) -> v1::DedicatedTeam {
    v1::DedicatedTeam {
        accept: team.accept.clone(),
        handle: team.handle.clone(),
        feedback: team.feedback.clone(),
    }
}

fn claimed_by(order: &Order) -> String {
    match &order.state {
        State::PreReview { claimed_by, .. } => claimed_by.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

fn proposed(order: &Order) -> Option<&UnitId> {
    match &order.state {
        State::PreReview { proposed, .. } | State::Disputed { proposed } => proposed.as_ref(),
        _ => None,
    }
}

fn leg_view(leg: &Leg, units: &Units) -> v1::Leg {
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
    }
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
    }
}

fn extension_view(request: &ExtensionRequest) -> v1::Request {
    v1::Request {
        request_id: request.id.to_string(),
        reason: request.reason.clone(),
        proposal: request.amount.to_string(),
        requested_at: Some(timestamp(request.at)),
    }
}
