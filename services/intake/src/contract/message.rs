//! The register's events as the contract writes them. No personal data: who appealed stays in the register.

use hotline_proto::common::v1::{Enterprise, OrderFacts};
use hotline_proto::intake::v1 as proto;
use uuid::Uuid;

use super::{timestamp, values};
use crate::domain::{Case, Mark};

/// Who did it: the stable id of an account or a service.
pub type Actor<'a> = &'a str;

/// What every event says of the appeal. The round of a future order is its first.
#[must_use]
pub fn facts(case: &Case) -> OrderFacts {
    let (appeal_type, channel, desk, urgency) =
        values(case.appeal_type, case.channel, case.desk, case.urgency);
    OrderFacts {
        order_id: case.id.to_string(),
        number: case.number.clone(),
        policy_id: case.policy_id.clone(),
        policy_version: case.policy_version.clone(),
        r#type: appeal_type.into(),
        channel: channel.into(),
        desk: desk.into(),
        urgency: urgency.into(),
        category: case.category.clone(),
        division: case.division.clone(),
        labels: case.labels.iter().cloned().collect(),
        round: 1,
        source: case
            .source
            .as_ref()
            .map(|source| source.0.clone())
            .unwrap_or_default(),
        ..OrderFacts::default()
    }
}

/// An appeal was registered.
#[must_use]
pub fn registered(case: &Case, actor: Actor<'_>) -> proto::AppealRegistered {
    proto::AppealRegistered {
        facts: Some(facts(case)),
        actor: actor.to_owned(),
        call_id: case.call_id.map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// An appeal was accepted.
#[must_use]
pub fn accepted(case: &Case, actor: Actor<'_>) -> proto::AppealAccepted {
    let enterprise = case.enterprise.as_ref();
    let enterprise = enterprise.map(|known| Enterprise {
        name: known.name.clone(),
        credit_code: known.credit_code.clone(),
    });
    proto::AppealAccepted {
        facts: Some(facts(case)),
        title: case.title.clone(),
        content: case.content.clone(),
        enterprise,
        sensitive: case.sensitive,
        confidential: case.confidential,
        actor: actor.to_owned(),
        registered_at: Some(timestamp(case.registered_at)),
    }
}

/// An appeal was refused: code, article, explanation, guidance, number of the earlier appeal.
#[must_use]
pub fn rejected(case: &Case, actor: Actor<'_>, words: [&String; 5]) -> proto::AppealRejected {
    let [code, article, explanation, guidance, earlier_number] = words.map(Clone::clone);
    proto::AppealRejected {
        facts: Some(facts(case)),
        code,
        article,
        explanation,
        guidance,
        actor: actor.to_owned(),
        earlier_number,
    }
}

/// The question of scope was handed up, to a level and its role.
#[must_use]
pub fn referred(
    case: &Case,
    actor: Actor<'_>,
    question: &str,
    (level, decider): (i32, &str),
) -> proto::AppealReferred {
    let (question, actor) = (question.to_owned(), actor.to_owned());
    proto::AppealReferred {
        facts: Some(facts(case)),
        question,
        level,
        actor,
        decider: decider.to_owned(),
    }
}

/// A difficult appeal was handed to the specialist's post: question, role, article.
#[must_use]
pub fn submitted(case: &Case, actor: Actor<'_>, words: [&str; 3]) -> proto::AppealSubmitted {
    let [question, decider, article] = words.map(str::to_owned);
    proto::AppealSubmitted {
        facts: Some(facts(case)),
        question,
        decider,
        actor: actor.to_owned(),
        article,
    }
}

/// The caller of an appeal was proposed for the list, or it was decided on.
#[must_use]
pub fn caller_marked(mark: &Mark) -> proto::CallerMarked {
    proto::CallerMarked {
        appeal_id: mark.appeal_id.to_string(),
        mark_id: mark.id.to_string(),
        evidence: mark.evidence.clone(),
        actor: mark.marked_by.clone(),
    }
}

/// A mark of a caller was decided on.
#[must_use]
pub fn mark_decided(mark: &Mark) -> proto::CallerMarkDecided {
    proto::CallerMarkDecided {
        appeal_id: mark.appeal_id.to_string(),
        mark_id: mark.id.to_string(),
        decision: mark.state.as_str().to_owned(),
        note: mark.review_note.clone(),
        actor: mark.reviewed_by.clone(),
    }
}

/// An appeal was answered at once: answer, basis, reference.
#[must_use]
pub fn answered(case: &Case, actor: Actor<'_>, words: [&String; 3]) -> proto::AppealAnswered {
    let [answer, basis, reference] = words.map(Clone::clone);
    let actor = actor.to_owned();
    proto::AppealAnswered {
        facts: Some(facts(case)),
        answer,
        basis,
        actor,
        reference,
    }
}

/// An appeal was handed over: number, whose it is, note, way.
#[must_use]
pub fn transferred(case: &Case, actor: Actor<'_>, words: [&str; 4]) -> proto::AppealTransferred {
    let [target, target_name, note, way] = words.map(str::to_owned);
    proto::AppealTransferred {
        facts: Some(facts(case)),
        target,
        target_name,
        note,
        actor: actor.to_owned(),
        way,
    }
}

/// An appeal was joined to another.
#[must_use]
pub fn merged(case: &Case, actor: Actor<'_>, into: Uuid, into_number: &str) -> proto::AppealMerged {
    proto::AppealMerged {
        facts: Some(facts(case)),
        into_appeal_id: into.to_string(),
        into_number: into_number.to_owned(),
        actor: actor.to_owned(),
    }
}

/// A merge was undone.
#[must_use]
pub fn unmerged(case: &Case, actor: Actor<'_>, from: Uuid) -> proto::AppealUnmerged {
    proto::AppealUnmerged {
        facts: Some(facts(case)),
        from_appeal_id: from.to_string(),
        actor: actor.to_owned(),
    }
}

/// An appeal was withdrawn.
#[must_use]
pub fn withdrawn(case: &Case, actor: Actor<'_>, reason: &str) -> proto::AppealWithdrawn {
    proto::AppealWithdrawn {
        facts: Some(facts(case)),
        reason: reason.to_owned(),
        actor: actor.to_owned(),
    }
}

/// The appellant pressed.
#[must_use]
pub fn urged(case: &Case, actor: Actor<'_>, urge_id: Uuid, note: &str, count: i32) -> proto::AppealUrged {
    proto::AppealUrged {
        facts: Some(facts(case)),
        urge_id: urge_id.to_string(),
        note: note.to_owned(),
        count,
        actor: actor.to_owned(),
    }
}

/// Something was added.
#[must_use]
pub fn supplemented(
    case: &Case,
    actor: Actor<'_>,
    supplement_id: Uuid,
    text: &str,
) -> proto::AppealSupplemented {
    proto::AppealSupplemented {
        facts: Some(facts(case)),
        supplement_id: supplement_id.to_string(),
        text: text.to_owned(),
        actor: actor.to_owned(),
    }
}

/// Personal data was shown.
#[must_use]
pub fn revealed(appeal: Uuid, actor: Actor<'_>, reason: &str) -> proto::AppellantRevealed {
    proto::AppellantRevealed {
        appeal_id: appeal.to_string(),
        reason: reason.to_owned(),
        actor: actor.to_owned(),
    }
}
