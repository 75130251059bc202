//! Between the contract's messages and the domain: what is heard, what is told, what is shown.
//!
//! Invariant: a message of another service that cannot be read is a fault of that service, and is set aside.

mod shared;

use hotline_bus::Fault;
use hotline_proto::common::v1 as common;
use hotline_proto::enterprise::v1 as proto;
use hotline_proto::routing::v1::EnterpriseLegDispatched;

use crate::domain::{Enterprise, Leg, Matter, Progress, Satisfaction};

use shared::{facts, facts_message, required, satisfaction_message, timestamp};
pub use shared::{id, satisfaction};

/// What was sent, and the unit that leads it.
///
/// # Errors
/// Poison: facts or leg are missing or not readable.
pub fn matter(sent: EnterpriseLegDispatched) -> Result<(Matter, String), Fault> {
    let leg = required("leg", sent.leg)?;
    let enterprise = sent.enterprise.filter(|enterprise| !enterprise.name.is_empty());
    let matter = Matter {
        facts: facts(required("facts", sent.facts)?)?,
        leg: id("leg.leg_id", &leg.leg_id)?,
        unit: leg.unit_id,
        round: leg.round.max(1),
        enterprise: enterprise.map(|it| Enterprise {
            name: it.name,
            credit_code: it.credit_code,
        }),
        title: sent.title,
        content: sent.content,
    };
    Ok((matter, sent.lead_unit_id))
}

fn facts_of(leg: &Leg) -> Option<common::OrderFacts> {
    Some(facts_message(&leg.matter.facts, leg.standing.round))
}

fn leg_of(leg: &Leg) -> Option<common::LegFacts> {
    Some(common::LegFacts {
        leg_id: leg.matter.leg.to_string(),
        kind: common::LegKind::Enterprise.into(),
        unit_id: leg.matter.unit.clone(),
        parent_leg_id: String::new(),
        round: leg.matter.round,
    })
}

/// The second send arrived.
pub fn leg_received(leg: &Leg) -> proto::EnterpriseLegReceived {
    proto::EnterpriseLegReceived {
        facts: facts_of(leg),
        leg: leg_of(leg),
    }
}

/// The desk pressed `unit`.
pub fn urged(leg: &Leg, unit: &str, note: &str, actor: &str) -> proto::DepartmentUrged {
    proto::DepartmentUrged {
        facts: facts_of(leg),
        leg: leg_of(leg),
        unit_id: unit.to_owned(),
        note: note.to_owned(),
        actor: actor.to_owned(),
    }
}

/// The desk added something.
pub fn supplemented(leg: &Leg, note: &str, actor: &str) -> proto::EnterpriseLegSupplemented {
    proto::EnterpriseLegSupplemented {
        facts: facts_of(leg),
        leg: leg_of(leg),
        note: note.to_owned(),
        actor: actor.to_owned(),
    }
}

/// The desk evaluated the handling.
pub fn evaluated(leg: &Leg, content: Satisfaction, note: &str, actor: &str) -> proto::EnterpriseLegEvaluated {
    proto::EnterpriseLegEvaluated {
        facts: facts_of(leg),
        leg: leg_of(leg),
        satisfaction: satisfaction_message(Some(content)).into(),
        note: note.to_owned(),
        actor: actor.to_owned(),
    }
}

/// A leg as the desk sees it.
pub fn leg_message(leg: &Leg) -> proto::EnterpriseLeg {
    let (matter, standing) = (&leg.matter, &leg.standing);
    let enterprise = matter.enterprise.clone();
    proto::EnterpriseLeg {
        facts: facts_of(leg),
        leg: leg_of(leg),
        enterprise: enterprise.map(|it| common::Enterprise {
            name: it.name,
            credit_code: it.credit_code,
        }),
        title: matter.title.clone(),
        content: matter.content.clone(),
        lead_unit_id: standing.lead_unit.clone(),
        progress: progress_message(standing.state.progress()).into(),
        received_at: Some(timestamp(standing.received_at)),
        progressed_at: Some(timestamp(standing.progressed_at)),
        urge_count: standing.urges,
        satisfaction: satisfaction_message(standing.satisfaction).into(),
        breach_count: standing.breaches,
        version: standing.version,
        public_text: standing.state.public_text().to_owned(),
    }
}

fn progress_message(progress: Progress) -> proto::Progress {
    match progress {
        Progress::Received => proto::Progress::Received,
        Progress::Signed => proto::Progress::Signed,
        Progress::Contacted => proto::Progress::Contacted,
        Progress::Replied => proto::Progress::Replied,
        Progress::Settled => proto::Progress::Settled,
        Progress::Closed => proto::Progress::Closed,
        Progress::Withdrawn => proto::Progress::Withdrawn,
        Progress::Returned => proto::Progress::Returned,
        Progress::Redo => proto::Progress::Redo,
    }
}

/// A progress to filter by: `Ok(None)` for any, `Err` for a number that the contract does not have.
///
/// # Errors
/// The number.
pub fn progress(number: i32) -> Result<Option<Progress>, i32> {
    Ok(match proto::Progress::try_from(number).map_err(|_| number)? {
        proto::Progress::Unspecified => None,
        proto::Progress::Received => Some(Progress::Received),
        proto::Progress::Signed => Some(Progress::Signed),
        proto::Progress::Contacted => Some(Progress::Contacted),
        proto::Progress::Replied => Some(Progress::Replied),
        proto::Progress::Settled => Some(Progress::Settled),
        proto::Progress::Closed => Some(Progress::Closed),
        proto::Progress::Withdrawn => Some(Progress::Withdrawn),
        proto::Progress::Returned => Some(Progress::Returned),
        proto::Progress::Redo => Some(Progress::Redo),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_progress_comes_back() {
        for number in 1..=9 {
            let known = progress(number).expect("known").expect("given");
            assert_eq!(i32::from(progress_message(known)), number);
        }
        assert_eq!(
            (progress(0), progress(10), progress(-1)),
            (Ok(None), Err(10), Err(-1))
        );
    }
}
