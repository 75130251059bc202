//! What a person's command does to a call-back, or why it is refused.

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;
use hotline_policy::rules::{Satisfaction, Way, WayOrder};

use super::answer::{Answer, Given, Judgement, Paper, Verdict};
use super::callback::{Callback, Claim, Event, State};
use super::inbound::{Inbound, read};
use super::judge::{file_paper, grounds, judge};
use super::refusals::{CLAIMED, NOT_DUE, REASON_MISSING, STATE_WRONG, WAY_UNKNOWN};
use super::schedule::Rules;

/// The name under which the service acts by rule.
pub const SERVICE: &str = "callback";

/// Why a bad answer is judged by nobody, in words.
const BY_RULE: &str = "回访不满意,按办法发回承办单位重新办理 / back to its unit by rule";

/// Who commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actor<'a> {
    /// Stable name.
    pub name: &'a str,
    /// Unit, for a unit's staff.
    pub unit: Option<&'a str>,
    /// May judge where the policy leaves it to inspectors.
    pub inspector: bool,
}

/// What is commanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take it, to make the call.
    Claim,
    /// Choose the way.
    Choose(Way),
    /// Record an attempt that reached nobody, and why.
    RecordAttempt(&'static str),
    /// Take what came back to a message.
    Receive(String),
    /// Record the answers.
    Complete(Answer),
    /// File the unit's paper.
    FilePaper(Paper),
    /// Judge a bad answer, with the grounds.
    Judge(Judgement),
}

/// Decides on a command at `now`.
///
/// # Errors
/// The call-back is in another state, is not due, is another's, or something that the policy wants is missing.
pub fn decide(
    callback: &Callback,
    command: &Command,
    actor: Actor<'_>,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Claim => {
            in_turn(callback, actor.name, now)?;
            due(callback, now)?;
            Ok(vec![Event::Claimed(Claim {
                by: actor.name.to_owned(),
                at: now,
            })])
        }
        Command::Choose(way) => {
            in_turn(callback, actor.name, now)?;
            choose(callback, *way, rules, now)
        }
        Command::RecordAttempt(result) => {
            in_turn(callback, actor.name, now)?;
            due(callback, now)?;
            Ok(attempted(callback, result, actor.name, rules, now))
        }
        Command::Receive(text) => {
            in_turn(callback, actor.name, now)?;
            received(callback, text, actor.name, rules, now)
        }
        Command::Complete(answer) => {
            in_turn(callback, actor.name, now)?;
            completed(callback, answer, actor.name, rules, now)
        }
        Command::FilePaper(paper) => file_paper(callback, paper, actor, rules),
        Command::Judge(judgement) => judge(callback, judgement, actor, rules, now),
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

/// Refuses a command in this state.
pub(super) fn wrong_state(callback: &Callback) -> Refusal {
    let state = match callback.state {
        State::Scheduled(_) => "scheduled",
        State::Completed(_) => "completed",
        State::ToJudge(_) => "to judge",
        State::Judged(..) => "judged",
        State::Unreached => "unreached",
        State::Cancelled => "cancelled",
    };
    Refusal::new(&STATE_WRONG).detail(format!("call-back {} is {state}", callback.id))
}

/// Another of the policy's ways, where it leaves the choice to the order.
fn choose(
    callback: &Callback,
    way: Way,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let free = rules.rule.order == WayOrder::AnyOne && rules.rule.ways.contains(&way);
    if !free {
        let ways: Vec<_> = rules.rule.ways.iter().map(|way| way.as_str()).collect();
        let refusal = Refusal::new(&WAY_UNKNOWN).field("way").detail(ways.join(", "));
        return Err(refusal.article(rules.rule.origin.article_of("ways")));
    }
    let not_before = callback.not_before.max(now);
    Ok(vec![Event::Scheduled { way, not_before }])
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
        at: now,
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

/// An answer by message; what a person must read, or who wants no more messages, is asked by a person.
fn received(
    callback: &Callback,
    text: &str,
    actor: &str,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let result = match read(text) {
        Inbound::Answer(satisfaction, words) => {
            let bad = rules.rule.is_bad(satisfaction);
            let answer = Answer {
                satisfaction,
                solved: None,
                contacted: None,
                untruthful: false,
                reason: if bad && words.is_empty() {
                    text.trim().to_owned()
                } else {
                    words.clone()
                },
                suggestion: String::new(),
            };
            return completed(callback, &answer, actor, rules, now);
        }
        Inbound::Unsubscribe => "unsubscribed",
        Inbound::Unclear => "unclear",
    };
    let person = rules.next_way(callback.way).or_else(|| rules.by_person());
    let Some(way) = person.filter(|way| *way != callback.way) else {
        return Ok(attempted(callback, result, actor, rules, now));
    };
    let attempt = Event::Attempted {
        result,
        at: now,
        next_at: Some(now),
        actor: actor.to_owned(),
    };
    Ok(vec![attempt, Event::Scheduled { way, not_before: now }])
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
        let given = Given {
            way: callback.way,
            answer: answer.clone(),
            at: now,
        };
        return Ok(vec![
            Event::Given(given),
            Event::Scheduled { way, not_before: now },
        ]);
    }
    if bad && rules.rule.reason_when_bad && answer.reason.trim().is_empty() {
        let article = rules.rule.origin.article_of("reason_when_bad");
        return Err(Refusal::new(&REASON_MISSING).field("reason").article(article));
    }
    let mut events = vec![Event::Completed {
        answer: answer.clone(),
        bad,
        actor: actor.to_owned(),
    }];
    if bad && rules.follows_by_itself(callback.bad_before + 1) {
        let mut judgement = Judgement::plain(Verdict::Redo, BY_RULE);
        judgement.grounds = grounds(&judgement, rules);
        let actor = SERVICE.to_owned();
        events.push(Event::Judged { judgement, actor });
    }
    Ok(events)
}

fn is_bad(satisfaction: Satisfaction, rules: &Rules<'_>) -> bool {
    rules.rule.is_bad(satisfaction)
}
