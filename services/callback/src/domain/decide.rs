//! What a person's command does to a call-back, or why it is refused.

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;
use hotline_policy::rules::Satisfaction;

use super::callback::{Answer, Callback, Claim, Event, State, Verdict};
use super::refusals::{CLAIMED, JUDGE_REASON_MISSING, NOT_DUE, REASON_MISSING, STATE_WRONG};
use super::schedule::Rules;

/// Who commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor<'a>(pub &'a str);

/// What is commanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take it, to make the call.
    Claim,
    /// Record an attempt that reached nobody, and why.
    RecordAttempt(&'static str),
    /// Record the answers.
    Complete(Answer),
    /// Judge a bad answer, with the reason.
    Judge(Verdict, String),
}

/// Decides on a command at `now`.
///
/// # Errors
/// The call-back is in another state, is not due, is another's, or a reason is missing.
pub fn decide(
    callback: &Callback,
    command: &Command,
    Actor(actor): Actor<'_>,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Claim => {
            in_turn(callback, actor, now)?;
            due(callback, now)?;
            Ok(vec![Event::Claimed(Claim {
                by: actor.to_owned(),
                at: now,
            })])
        }
        Command::RecordAttempt(result) => {
            in_turn(callback, actor, now)?;
            due(callback, now)?;
            Ok(attempted(callback, result, actor, rules, now))
        }
        Command::Complete(answer) => {
            in_turn(callback, actor, now)?;
            completed(callback, answer, actor, rules, now)
        }
        Command::Judge(verdict, reason) => {
            if !matches!(callback.state, State::ToJudge(_)) {
                return Err(wrong_state(callback));
            }
            if reason.trim().is_empty() {
                return Err(Refusal::new(&JUDGE_REASON_MISSING).field("reason"));
            }
            let (verdict, reason, actor) = (*verdict, reason.clone(), actor.to_owned());
            Ok(vec![Event::Judged {
                verdict,
                reason,
                actor,
            }])
        }
    }
}

/// The call-back waits for its call, and nobody else is making it.
fn in_turn(callback: &Callback, actor: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !matches!(callback.state, State::Scheduled(_)) {
        return Err(wrong_state(callback));
    }
    match callback.claim(now).filter(|claim| claim.by != actor) {
        Some(claim) => Err(Refusal::new(&CLAIMED).detail(claim.by.clone())),
        None => Ok(()),
    }
}

fn due(callback: &Callback, now: DateTime<Utc>) -> Result<(), Refusal> {
    if now >= callback.not_before {
        return Ok(());
    }
    let from = hotline_worktime::local_time(callback.not_before).format("%Y-%m-%d %H:%M");
    Err(Refusal::new(&NOT_DUE).detail(from.to_string()))
}

fn wrong_state(callback: &Callback) -> Refusal {
    let state = match callback.state {
        State::Scheduled(_) => "scheduled",
        State::Completed(_) => "completed",
        State::ToJudge(_) => "to judge",
        State::Judged { .. } => "judged",
        State::Unreached => "unreached",
        State::Cancelled => "cancelled",
    };
    Refusal::new(&STATE_WRONG).detail(format!("call-back {} is {state}", callback.id))
}

/// Another try by this way, or the next way, or nobody was reached.
fn attempted(
    callback: &Callback,
    result: &'static str,
    actor: &str,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let next_at = rules.next_attempt(now);
    let more = callback.tried + 1 < rules.rule.tries;
    let next_way = rules.next_way(callback.way).filter(|_| !more);
    let next = (more || next_way.is_some()).then_some(next_at);
    let mut events = vec![Event::Attempted {
        result,
        next_at: next,
        actor: actor.to_owned(),
    }];
    match next_way {
        Some(way) => events.push(Event::Scheduled {
            way,
            not_before: next_at,
        }),
        None if !more => events.push(Event::Unreached {
            counts_as: rules.rule.silence,
        }),
        None => {}
    }
    events
}

/// The answer stands; or, where the policy asks again by another way after a bad answer, it is asked again.
fn completed(
    callback: &Callback,
    answer: &Answer,
    actor: &str,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let bad = is_bad(answer.satisfaction, rules);
    if let Some(way) = rules.next_way(callback.way).filter(|_| bad) {
        return Ok(vec![Event::Scheduled { way, not_before: now }]);
    }
    if bad && rules.rule.reason_when_bad && answer.reason.trim().is_empty() {
        let article = rules.rule.origin.article_of("reason_when_bad");
        return Err(Refusal::new(&REASON_MISSING).field("reason").article(article));
    }
    Ok(vec![Event::Completed {
        answer: answer.clone(),
        bad,
        actor: actor.to_owned(),
    }])
}

fn is_bad(satisfaction: Satisfaction, rules: &Rules<'_>) -> bool {
    rules.rule.is_bad(satisfaction)
}
