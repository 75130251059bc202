//! What people see of an order.

use hotline_policy::{AppealType, Units};
use hotline_proto::common::v1::Secrecy;
use hotline_proto::routing::v1;

use crate::contract::dossier::{acceptance_view, finding_view, question_view, statement_view, whistle_view};
use crate::contract::leg::leg_view;
use crate::contract::words::order_state;
use crate::contract::{enterprise, facts, timestamp};
use crate::domain::{Order, State, UnitId};

/// A report is secret whatever its appellant asked for.
fn secrecy(order: &Order) -> Secrecy {
    match (order.facts.appeal_type, order.subject.confidential) {
        (AppealType::Report, _) => Secrecy::Report,
        (_, true) => Secrecy::Confidential,
        (_, false) => Secrecy::Ordinary,
    }
}

/// The order, with the names of its units.
pub fn order_view(order: &Order, units: &Units) -> v1::Order {
    let dossier = &order.dossier;
    v1::Order {
        facts: Some(facts(order)),
        state: order_state(&order.state).into(),
        title: order.subject.title.clone(),
        content: order.subject.content.clone(),
        claimed_by: claimed_by(order),
        legs: order.legs.iter().map(|leg| leg_view(order, leg, units)).collect(),
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
        secrecy: secrecy(order).into(),
        urge_count: order.urge_count.cast_signed(),
        disposition: dossier
            .disposition
            .map(|way| way.as_str().to_owned())
            .unwrap_or_default(),
        question: dossier.question.as_ref().map(question_view),
        findings: dossier.findings.iter().map(finding_view).collect(),
        opinion_requested_at: dossier.opinion_asked.map(timestamp),
        opinion_issued_at: dossier.opinion.as_ref().map(|opinion| timestamp(opinion.at)),
        whistle: dossier
            .whistle
            .as_ref()
            .filter(|whistle| whistle.round == order.round)
            .map(whistle_view),
        acceptances: dossier.acceptances.iter().map(acceptance_view).collect(),
        statements: dossier.statements.iter().map(statement_view).collect(),
        awaits_acceptance: order.awaits_acceptance(),
        supplements: dossier
            .supplements
            .iter()
            .map(|added| v1::OrderSupplement {
                at: Some(timestamp(added.at)),
                text: added.text.clone(),
            })
            .collect(),
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
        line_id: unit.line.clone().unwrap_or_default(),
        decides_duty: unit.decides_duty,
        telephone: unit.telephone.clone(),
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
