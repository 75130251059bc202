//! How an event changes what an order gathers beside its legs.

use chrono::{DateTime, Utc};

use crate::domain::dossier::{
    Disposition, Dossier, Finder, Finding, Followed, Meeting, Question, Statement, Supplement, WhistleState,
};
use crate::domain::event::Event;
use crate::domain::{Decision, Order, State, UnitId};

impl Order {
    /// Applies what happened beside the legs at `at`.
    pub(super) fn evolve_dossier(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::DutyAsked(question) => self.asked(question),
            Event::DutyFound(finding) => self.found(finding),
            Event::OpinionAsked { .. } => self.dossier.opinion_asked = Some(at),
            Event::Supplemented { text } => self.dossier.supplements.push(Supplement {
                at,
                text: text.clone(),
            }),
            Event::OpinionIssued(opinion) => self.dossier.opinion = Some(opinion.clone()),
            Event::WhistleBlown(whistle) => self.dossier.whistle = Some(whistle.clone()),
            Event::WhistleDecided { decision, .. } => self.dossier.whistle_decided(decision),
            Event::WhistleMet { meeting, .. } => self.dossier.whistle_met(meeting),
            Event::Inspected(acceptance) => self.dossier.acceptances.push((**acceptance).clone()),
            Event::StatementDemanded { unit, kind } => self.dossier.statements.push(Statement {
                unit: unit.clone(),
                kind: *kind,
                round: self.round,
                demanded: at,
                filed: None,
            }),
            Event::StatementFiled { unit, filed, .. } => {
                let mut owed = self.dossier.statements.iter_mut();
                if let Some(owed) = owed.find(|owed| owed.unit == *unit && owed.filed.is_none()) {
                    owed.filed = Some(filed.clone());
                }
            }
            _ => {}
        }
    }

    fn asked(&mut self, question: &Question) {
        self.dossier.question = Some(question.clone());
        self.dispute();
    }

    fn found(&mut self, finding: &Finding) {
        if matches!(finding.finder, Finder::Body(_)) {
            self.dossier.question = None;
        }
        self.dossier.findings.push(finding.clone());
        self.dispute();
    }

    /// From now on only a determination sends it out.
    fn dispute(&mut self) {
        if let State::PreReview { proposed, .. } = &self.state {
            let proposed: Option<UnitId> = proposed.clone();
            self.state = State::Disputed { proposed };
        }
    }
}

impl Dossier {
    /// The order was sent out: what was found is followed.
    pub(super) fn sent(&mut self, disposition: Disposition) {
        self.disposition = Some(disposition);
        for finding in &mut self.findings {
            finding.followed = Followed::Done;
        }
    }

    fn whistle_decided(&mut self, decision: &Decision) {
        if let Some(whistle) = &mut self.whistle {
            whistle.state = match decision {
                Decision::Agree(reason) => WhistleState::Agreed(reason.clone()),
                Decision::Refuse(reason) => WhistleState::Refused(reason.clone()),
            };
        }
    }

    fn whistle_met(&mut self, meeting: &Meeting) {
        if let Some(whistle) = &mut self.whistle {
            whistle.state = WhistleState::Met(meeting.clone());
        }
    }
}
