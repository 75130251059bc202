//! What others are told of a call-back.

use hotline_bus::{Fault, Tx};
use hotline_proto::callback::v1 as proto;
use hotline_proto::common::v1 as common;

use super::{facts_of, satisfaction_told, timestamp, verdict_told};
use crate::domain::{Callback, Event};

/// Publishes what others may know of what happened; `callback` as it stands afterwards.
///
/// # Errors
/// [`Fault::Poison`] when its facts do not decode.
pub fn publish(tx: &mut Tx, callback: &Callback, events: &[Event]) -> Result<(), Fault> {
    for event in events {
        let facts = Some(facts_of(callback)?);
        tell(tx, callback, facts, event);
    }
    Ok(())
}

fn tell(tx: &mut Tx, callback: &Callback, facts: Option<common::OrderFacts>, event: &Event) {
    let root = callback.settled.order;
    let (callback_id, unit_id) = (callback.id.to_string(), callback.settled.unit.clone());
    let attempts = callback.attempts.cast_signed();
    match event {
        Event::Scheduled { way, not_before } => tx.publish(
            root,
            &proto::CallbackScheduled {
                facts,
                callback_id,
                way: way.as_str().to_owned(),
                not_before: Some(timestamp(*not_before)),
                unit_id,
            },
        ),
        Event::Attempted {
            result,
            next_at,
            actor,
            ..
        } => tx.publish(
            root,
            &proto::CallbackAttempted {
                facts,
                callback_id,
                attempt: attempts,
                result: (*result).to_owned(),
                next_at: next_at.map(timestamp),
                actor: actor.clone(),
            },
        ),
        Event::Completed { answer, bad, actor } => tx.publish(
            root,
            &proto::CallbackCompleted {
                facts,
                callback_id,
                satisfaction: satisfaction_told(answer.satisfaction).into(),
                solved: answer.solved,
                contacted: answer.contacted,
                reason: answer.reason.clone(),
                unit_id,
                bad: *bad,
                actor: actor.clone(),
                suggestion: answer.suggestion.clone(),
                untruthful: answer.untruthful,
                bad_answers: (callback.bad_before + u32::from(*bad)).cast_signed(),
            },
        ),
        Event::Unreached { counts_as } => tx.publish(
            root,
            &proto::CallbackUnreached {
                facts,
                callback_id,
                attempts,
                counts_as: counts_as.as_str().to_owned(),
                unit_id,
            },
        ),
        Event::Judged { judgement, actor } => tx.publish(
            root,
            &proto::BadAnswerJudged {
                facts,
                callback_id,
                verdict: verdict_told(judgement.verdict).into(),
                reason: judgement.reason.clone(),
                unit_id,
                actor: actor.clone(),
                exclusion: judgement.exclusion.clone(),
                fix_by: judgement.fix_by.map(timestamp),
                exclusion_name: judgement.grounds.exclusion.clone(),
                exclusion_name_en: judgement.grounds.exclusion_en.clone(),
                article: judgement.grounds.article.clone(),
            },
        ),
        Event::Claimed(_) | Event::Given(_) | Event::PaperFiled(_) | Event::Cancelled => {}
    }
}
