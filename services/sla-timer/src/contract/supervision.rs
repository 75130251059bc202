//! Between the contract's messages and the cases of the domain.

use hotline_bus::{Fault, Tx};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::sla::v1 as proto;
use prost::{Message, Name};
use uuid::Uuid;

use super::timestamp;
use crate::domain::supervision::{
    Bulletin, Card, Case, CaseState, Document, Event, Instrument, SYSTEM, Visit,
};
use crate::store::supervision::Kept;

/// A case as the contract shows it.
#[must_use]
pub fn case(case: &Case) -> proto::SupervisionCase {
    let state = match case.state {
        CaseState::Open => proto::CaseState::Open,
        CaseState::Listed => proto::CaseState::Listed,
        CaseState::Closed => proto::CaseState::Closed,
    };
    let order = case.order.as_ref();
    proto::SupervisionCase {
        case_id: case.id.to_string(),
        number: case.number.clone(),
        policy_id: case.policy_id.clone(),
        order_id: order.map(|order| order.id.to_string()).unwrap_or_default(),
        order_number: order.map(|order| order.number.clone()).unwrap_or_default(),
        class: case.class.clone(),
        class_name: case.class_name.clone(),
        source: case.source.clone(),
        unit_id: case.unit.clone(),
        other_unit_ids: case.others.clone(),
        title: case.title.clone(),
        reason: case.reason.clone(),
        article: case.article.clone(),
        why: case.why.zh.clone(),
        why_en: case.why.en.clone(),
        state: state.into(),
        outcome: case.outcome.0.clone(),
        opened_at: Some(timestamp(case.opened_at)),
        closed_at: case.closed_at.map(timestamp),
        opened_by: case.opened_by.clone(),
        instruments: case.instruments.iter().map(instrument).collect(),
        cards: case.cards.iter().map(card).collect(),
        meetings: case.meetings.iter().map(meeting).collect(),
        verifications: case.verifications.iter().map(verification).collect(),
        causes: case.causes.iter().map(cause).collect(),
        measures: case.measures.iter().map(measure).collect(),
        exemption: case
            .exemption
            .as_ref()
            .map(|known| known.name.clone())
            .unwrap_or_default(),
        exemption_reason: case
            .exemption
            .as_ref()
            .map(|known| known.reason.clone())
            .unwrap_or_default(),
        hand_overs: case.hand_overs.iter().map(hand_over).collect(),
        platform_caused: case.platform.as_ref().is_some_and(|(caused, _)| *caused),
        platform_reason: case
            .platform
            .as_ref()
            .map(|(_, reason)| reason.clone())
            .unwrap_or_default(),
        version: case.version,
        to_verify: case.is_open() && case.is_to_verify(),
        to: case.to.clone(),
    }
}

fn instrument(known: &Instrument) -> proto::SupervisionInstrument {
    let reply = known.replies.last();
    let decision = reply.and_then(|reply| reply.decision.as_ref());
    let word = match decision {
        None => "",
        Some(decision) if decision.accepted => "accepted",
        Some(_) => "sent_back",
    };
    proto::SupervisionInstrument {
        instrument_id: known.id.to_string(),
        code: known.code.clone(),
        name: known.name.clone(),
        number: known.number.clone(),
        unit_id: known.unit.clone(),
        text: known.text.clone(),
        article: known.article.clone(),
        signer: known.signer.clone(),
        issued_at: Some(timestamp(known.issued_at)),
        due_at: known.due_at.map(timestamp),
        reply: reply.map(|reply| reply.text.clone()).unwrap_or_default(),
        replied_at: reply.map(|reply| timestamp(reply.at)),
        replied_by: reply.map(|reply| reply.actor.clone()).unwrap_or_default(),
        attachments: reply.map(|reply| reply.attachments.clone()).unwrap_or_default(),
        decision: word.to_owned(),
        decision_reason: decision
            .map(|decision| decision.reason.clone())
            .unwrap_or_default(),
        why: known.why.zh.clone(),
        why_en: known.why.en.clone(),
        actor: known.actor.clone(),
        overdue: known.overdue,
    }
}

/// A card as the contract shows it.
#[must_use]
pub fn card(known: &Card) -> proto::SupervisionCard {
    proto::SupervisionCard {
        card_id: known.id.to_string(),
        case_id: known.case.to_string(),
        order_number: known.order_number.clone(),
        unit_id: known.unit.clone(),
        colour: known.colour.clone(),
        issued_at: Some(timestamp(known.issued_at)),
        article: known.article.clone(),
        why: known.why.zh.clone(),
        why_en: known.why.en.clone(),
        series: i32::try_from(known.series).unwrap_or(i32::MAX),
        led_on: known.led_on,
    }
}

fn meeting(known: &crate::domain::supervision::Meeting) -> proto::SupervisionMeeting {
    proto::SupervisionMeeting {
        body: known.body.clone(),
        body_name: known.body_name.clone(),
        unit_ids: known.units.clone(),
        lead_unit_id: known.lead.clone().unwrap_or_default(),
        minutes: known.minutes.clone(),
        held_at: Some(timestamp(known.at)),
        actor: known.actor.clone(),
        article: known.article.clone(),
    }
}

fn verification(known: &crate::domain::supervision::Verification) -> proto::SupervisionVerification {
    proto::SupervisionVerification {
        opened_at: Some(timestamp(known.opened_at)),
        recorded_at: known.recorded_at.map(timestamp),
        outcome: known.outcome.clone(),
        contacted: known.contacted,
        solved: known.solved,
        note: known.note.clone(),
        actor: known.actor.clone(),
        article: known.article.clone(),
    }
}

fn cause(known: &crate::domain::supervision::Cause) -> proto::SupervisionCause {
    proto::SupervisionCause {
        code: known.code.clone(),
        name: known.name.clone(),
        article: known.article.clone(),
        why: known.why.clone(),
        by_rule: known.by_rule,
        raised_at: Some(timestamp(known.at)),
    }
}

fn measure(known: &crate::domain::supervision::Measure) -> proto::SupervisionMeasure {
    proto::SupervisionMeasure {
        code: known.code.clone(),
        name: known.name.clone(),
        holds: known.holds.clone(),
        subject: known.subject.clone(),
        reason: known.reason.clone(),
        decided_at: Some(timestamp(known.at)),
        actor: known.actor.clone(),
        article: known.article.clone(),
    }
}

fn hand_over(known: &crate::domain::supervision::HandOver) -> proto::SupervisionHandOver {
    proto::SupervisionHandOver {
        recipient: known.recipient.clone(),
        name: known.name.clone(),
        article: known.article.clone(),
        documents: known.documents.clone(),
        at: Some(timestamp(known.at)),
        actor: known.actor.clone(),
    }
}

/// A document of a bundle as the contract shows it.
#[must_use]
pub fn document(known: Document) -> proto::SupervisionDocument {
    proto::SupervisionDocument {
        name: known.name,
        at: Some(timestamp(known.at)),
        text: known.text,
    }
}

/// A visit as the contract shows it.
#[must_use]
pub fn visit(known: &Visit) -> proto::SupervisionVisit {
    proto::SupervisionVisit {
        visit_id: known.id.to_string(),
        city: known.city.clone(),
        body: known.body.clone(),
        unit_id: known.unit.clone(),
        visited_at: Some(timestamp(known.at)),
        findings: known.findings.clone(),
        case_id: known.case.as_ref().map(Uuid::to_string).unwrap_or_default(),
        actor: known.actor.clone(),
    }
}

/// A notice as the contract shows it.
#[must_use]
pub fn bulletin(known: &Bulletin) -> proto::SupervisionBulletin {
    let count = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
    let units = known.units.iter().map(|unit| proto::BulletinUnit {
        unit_id: unit.unit.clone(),
        due: count(unit.due),
        kept: count(unit.kept),
        rate: count(unit.rate),
        sent_back: count(unit.sent_back),
        cases: count(unit.cases),
        cards: count(unit.cards),
        named: unit.named,
    });
    proto::SupervisionBulletin {
        bulletin_id: known.id.to_string(),
        number: known.number.clone(),
        city: known.city.clone(),
        code: known.code.clone(),
        name: known.name.clone(),
        article: known.article.clone(),
        from: Some(timestamp(known.from)),
        until: Some(timestamp(known.until)),
        units: units.collect(),
        text: known.text.clone(),
        recipient: known.recipient.clone(),
        issued_at: Some(timestamp(known.issued_at)),
        actor: known.actor.clone(),
    }
}

/// Who is told of a case's events: its order, its facts, and the case in short.
struct Teller {
    root: Uuid,
    facts: Option<OrderFacts>,
    case: Option<proto::CaseFacts>,
}

/// `None` for a case without an order: it is told to nobody. Every hearer of these events follows an appeal (its timeline, its
/// totals by type and place), and an event needs an appeal as its root; such a case has its record in the ledger alone.
fn teller(kept: &Kept) -> Result<Option<Teller>, Fault> {
    let case = &kept.case;
    let Some(order) = &case.order else {
        return Ok(None);
    };
    let facts = OrderFacts::decode(kept.facts.as_slice())
        .map_err(|error| Fault::poison(format!("the facts of case {} do not decode: {error}", case.id)))?;
    Ok(Some(Teller {
        root: order.id,
        facts: Some(facts),
        case: Some(proto::CaseFacts {
            case_id: case.id.to_string(),
            number: case.number.clone(),
            class: case.class.clone(),
            class_name: case.class_name.clone(),
            unit_id: case.unit.clone(),
        }),
    }))
}

/// Publishes that a case was opened.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn publish_opened(tx: &mut Tx, kept: &Kept) -> Result<(), Fault> {
    let Some(Teller { root, facts, case }) = teller(kept)? else {
        return Ok(());
    };
    let known = &kept.case;
    let opened = proto::SupervisionOpened {
        facts,
        case,
        article: known.article.clone(),
        why: known.why.zh.clone(),
        why_en: known.why.en.clone(),
        actor: known.opened_by.clone(),
    };
    tx.publish(root, &opened);
    Ok(())
}

/// Publishes what happened to a case; the case as it stands afterwards.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn publish(tx: &mut Tx, kept: &Kept, events: &[Event]) -> Result<(), Fault> {
    let Some(teller) = teller(kept)? else {
        return Ok(());
    };
    for event in events {
        tell(tx, &teller, &kept.case, event);
    }
    Ok(())
}

fn tell(tx: &mut Tx, teller: &Teller, of: &Case, event: &Event) {
    let (facts, case) = (teller.facts.clone(), teller.case.clone());
    let mut publish = |event: &dyn Published| event.publish(tx, teller.root);
    let number = |id: &Uuid| {
        of.instrument(*id)
            .map(|known| known.number.clone())
            .unwrap_or_default()
    };
    match event {
        Event::Issued(known) => publish(&proto::SupervisionInstrumentIssued {
            facts,
            case,
            code: known.code.clone(),
            name: known.name.clone(),
            number: known.number.clone(),
            unit_id: known.unit.clone(),
            due_at: known.due_at.map(timestamp),
            article: known.article.clone(),
            why: known.why.zh.clone(),
            why_en: known.why.en.clone(),
            actor: known.actor.clone(),
        }),
        Event::Replied(id, reply) => publish(&proto::SupervisionInstrumentReplied {
            facts,
            case,
            number: number(id),
            unit_id: of
                .instrument(*id)
                .map(|known| known.unit.clone())
                .unwrap_or_default(),
            actor: reply.actor.clone(),
        }),
        Event::Decided(id, decision, _, actor) => publish(&proto::SupervisionReplyDecided {
            facts,
            case,
            number: number(id),
            accepted: decision.accepted,
            reason: decision.reason.clone(),
            actor: actor.clone(),
        }),
        Event::Carded(card) => publish(&proto::SupervisionCardIssued {
            facts,
            case,
            colour: card.colour.clone(),
            unit_id: card.unit.clone(),
            article: card.article.clone(),
            why: card.why.zh.clone(),
            why_en: card.why.en.clone(),
        }),
        Event::Met(meeting) => publish(&proto::SupervisionCoordinated {
            facts,
            case,
            body_name: meeting.body_name.clone(),
            lead_unit_id: meeting.lead.clone().unwrap_or_default(),
            article: meeting.article.clone(),
            actor: meeting.actor.clone(),
        }),
        Event::Verified(known) => publish(&proto::SupervisionVerified {
            facts,
            case,
            outcome: known.outcome.clone(),
            article: known.article.clone(),
            actor: known.actor.clone(),
        }),
        Event::DelayFound(caused, reason, actor) => publish(&proto::SupervisionDelayFound {
            facts,
            case,
            caused: *caused,
            reason: reason.clone(),
            actor: actor.clone(),
        }),
        Event::Raised(causes, actor) => publish(&proto::SupervisionAccountabilityRaised {
            facts,
            case,
            names: causes.iter().map(|cause| cause.name.clone()).collect(),
            article: causes
                .first()
                .map(|cause| cause.article.clone())
                .unwrap_or_default(),
            actor: actor.clone(),
        }),
        Event::Measured(measures) => publish(&proto::SupervisionMeasuresDecided {
            facts,
            case,
            names: measures.iter().map(|measure| measure.name.clone()).collect(),
            article: measures
                .first()
                .map(|measure| measure.article.clone())
                .unwrap_or_default(),
            actor: measures
                .first()
                .map_or_else(|| SYSTEM.to_owned(), |measure| measure.actor.clone()),
        }),
        Event::Exempted(known) => publish(&proto::SupervisionExempted {
            facts,
            case,
            name: known.name.clone(),
            article: known.article.clone(),
            actor: known.actor.clone(),
        }),
        Event::HandedOver(known) => publish(&proto::SupervisionHandedOver {
            facts,
            case,
            name: known.name.clone(),
            article: known.article.clone(),
            actor: known.actor.clone(),
        }),
        Event::Closed(outcome, reason, actor) => publish(&proto::SupervisionClosed {
            facts,
            case,
            outcome: outcome.clone(),
            reason: reason.clone(),
            actor: actor.clone(),
        }),
        // Seen in the case; the document that goes out with them is what others are told of.
        Event::Overdue(_) | Event::VerificationOpened(_) | Event::Listed => {}
    }
}

/// An event that can be published without knowing which.
trait Published {
    fn publish(&self, tx: &mut Tx, root: Uuid);
}

impl<E: Name> Published for E {
    fn publish(&self, tx: &mut Tx, root: Uuid) {
        tx.publish(root, self);
    }
}
