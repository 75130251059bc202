//! What others are told of what an order gathers beside its legs.

use hotline_bus::Tx;
use hotline_proto::routing::v1;

use crate::contract::{finder_words, unit_words, verdict_words};
use crate::domain::dossier::Acceptance;
use crate::domain::{Decision, Event, LegId, Note, NoteKind};
use crate::ops::tell::Told;

impl Told<'_> {
    pub(super) fn gathered(&self, tx: &mut Tx, event: &Event) {
        match event {
            Event::CoHandlersJoined { .. }
            | Event::DutyAsked(_)
            | Event::DutyFound(_)
            | Event::OpinionAsked { .. }
            | Event::OpinionIssued(_) => self.settled_upon(tx, event),
            Event::Noted { leg, note } => self.noted(tx, *leg, note),
            Event::Inspected(acceptance) => self.inspected(tx, acceptance),
            _ => self.whistled(tx, event),
        }
    }

    /// Who helps, whose duty it is, and the written opinion.
    fn settled_upon(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor) = (self.facts(), self.actor());
        match event {
            Event::CoHandlersJoined { units, reason } => self.send(
                tx,
                &v1::CoHandlersAdded {
                    facts,
                    unit_ids: unit_words(units),
                    reason: reason.clone(),
                    actor,
                },
            ),
            Event::DutyAsked(question) => self.send(
                tx,
                &v1::DeterminationRequested {
                    facts,
                    body_unit_id: question.body.to_string(),
                    question: question.words.clone(),
                    actor,
                },
            ),
            Event::DutyFound(finding) => {
                let (body_unit_id, participant_unit_ids) = finder_words(&finding.finder);
                self.send(
                    tx,
                    &v1::DeterminationRecorded {
                        facts,
                        body_unit_id,
                        participant_unit_ids,
                        lead_unit_id: finding.lead.to_string(),
                        words: finding.words.clone(),
                        actor,
                    },
                );
            }
            Event::OpinionAsked { note } => self.send(
                tx,
                &v1::WrittenOpinionRequested {
                    facts,
                    note: note.clone(),
                    actor,
                },
            ),
            Event::OpinionIssued(opinion) => self.send(
                tx,
                &v1::WrittenOpinionIssued {
                    facts,
                    unit_id: opinion.unit.to_string(),
                    document_number: opinion.number.clone(),
                    actor,
                },
            ),
            _ => {}
        }
    }

    fn noted(&self, tx: &mut Tx, leg: LegId, note: &Note) {
        let (facts, actor, leg) = (self.facts(), self.actor(), self.leg(leg));
        let words = note.words.clone();
        match note.kind {
            NoteKind::Coordination => self.send(
                tx,
                &v1::LegCoordinated {
                    facts,
                    leg,
                    note: words,
                    actor,
                },
            ),
            NoteKind::Guidance => self.send(
                tx,
                &v1::LegGuided {
                    facts,
                    leg,
                    by_unit_id: note.unit.to_string(),
                    note: words,
                    actor,
                },
            ),
        }
    }

    fn inspected(&self, tx: &mut Tx, acceptance: &Acceptance) {
        let (passed, responsible_unit_ids, cooperating_unit_ids) = verdict_words(&acceptance.verdict);
        let event = v1::ResultAccepted {
            facts: self.facts(),
            passed,
            ways: acceptance.ways.iter().map(ToString::to_string).collect(),
            words: acceptance.words.clone(),
            responsible_unit_ids,
            cooperating_unit_ids,
            actor: self.actor(),
        };
        self.send(tx, &event);
    }

    fn whistled(&self, tx: &mut Tx, event: &Event) {
        let (facts, actor) = (self.facts(), self.actor());
        match event {
            Event::WhistleBlown(whistle) => self.send(
                tx,
                &v1::WhistleBlown {
                    facts,
                    unit_id: whistle.unit.to_string(),
                    called_unit_ids: unit_words(&whistle.called),
                    matter: whistle.matter.clone(),
                    actor,
                },
            ),
            Event::WhistleDecided { unit, decision } => self.send(
                tx,
                &v1::WhistleDecided {
                    facts,
                    unit_id: unit.to_string(),
                    agreed: matches!(decision, Decision::Agree(_)),
                    reason: decision.reason().to_owned(),
                    actor,
                },
            ),
            Event::WhistleMet { unit, meeting } => self.send(
                tx,
                &v1::WhistleMet {
                    facts,
                    unit_id: unit.to_string(),
                    minutes: meeting.minutes.clone(),
                    unit_ids: meeting.duties.iter().map(|(unit, _)| unit.to_string()).collect(),
                    actor,
                },
            ),
            Event::StatementDemanded { unit, kind } => self.send(
                tx,
                &v1::StatementDemanded {
                    facts,
                    unit_id: unit.to_string(),
                    kind: kind.as_str().to_owned(),
                    actor,
                },
            ),
            Event::StatementFiled { unit, kind, filed } => self.send(
                tx,
                &v1::StatementFiled {
                    facts,
                    unit_id: unit.to_string(),
                    kind: kind.as_str().to_owned(),
                    signed_by: filed.signed_by.clone(),
                    sealed: filed.sealed,
                    actor,
                },
            ),
            _ => {}
        }
    }
}
