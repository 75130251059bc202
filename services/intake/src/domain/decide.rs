//! What may be done with a registered appeal: state and command in, events or a refusal out.

use hotline_policy::{Code, Refusal};
use uuid::Uuid;

use super::appeal::{Appeal, State};
use super::evolve::Event;
use super::refusals;
use super::rules::Rules;

/// Highest level that a question of scope may be referred to: shift leader, head of the platform, the
/// authority in charge (Xuzhou art. 3 and 11). Above it there is nobody to ask.
const LEVEL_MAX: i32 = 3;

/// Where an answer given at once may come from.
const BASES: &[&str] = &["knowledge", "specialist", "agent"];

/// How far the caller's authority reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// A desk: decides on what it registered.
    Desk,
    /// A shift leader: decides on what was referred, too.
    Leader,
}

/// The appeal that another is to be joined to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeTarget {
    /// Identifier.
    pub id: Uuid,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: State,
}

/// Something to be done with an appeal. Texts are checked and numbers in them masked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Accept it.
    Accept,
    /// Refuse it as out of scope.
    Reject {
        /// Reason code of the policy.
        code: String,
        /// What was explained.
        explanation: String,
        /// Where the appellant was sent; the policy's words when empty.
        guidance: String,
    },
    /// Hand the question of scope up.
    Refer {
        /// What is unclear.
        question: String,
    },
    /// Answer it at once.
    Answer {
        /// The answer.
        answer: String,
        /// Where it came from.
        basis: String,
    },
    /// Hand it to an emergency or utility service.
    Transfer {
        /// Number of the policy's list.
        target: String,
        /// What was handed over.
        note: String,
    },
    /// Join it to another.
    Merge(MergeTarget),
    /// Undo a merge.
    Unmerge,
    /// Withdraw it.
    Withdraw {
        /// The appellant's reason.
        reason: String,
    },
    /// Press for an answer.
    Urge {
        /// The urge.
        urge_id: Uuid,
        /// What was said.
        note: String,
    },
}

/// What `command` leads to.
///
/// # Errors
/// A refusal that names the rule and, where one says so, the article; the appeal stays as it is.
pub fn decide(
    appeal: &Appeal,
    command: Command,
    authority: Authority,
    rules: &Rules<'_>,
) -> Result<Event, Refusal> {
    match command {
        Command::Accept => {
            undecided(appeal, authority)?;
            rules.may_accept(appeal.case.urgency)?;
            Ok(Event::Accepted)
        }
        Command::Reject {
            code,
            explanation,
            guidance,
        } => {
            undecided(appeal, authority)?;
            reject(&code, explanation, guidance, rules)
        }
        Command::Refer { question } => refer(appeal, question, authority),
        Command::Answer { answer, basis } => {
            undecided(appeal, authority)?;
            let known = BASES.contains(&basis.as_str());
            let refusal = || {
                Refusal::new(&refusals::BASIS)
                    .field("basis")
                    .detail(BASES.join(", "))
            };
            if known {
                Ok(Event::Answered { answer, basis })
            } else {
                Err(refusal())
            }
        }
        Command::Transfer { target, note } => {
            undecided(appeal, authority)?;
            transfer(target, note, rules)
        }
        Command::Merge(target) => {
            undecided(appeal, authority)?;
            merge(appeal, target)
        }
        Command::Unmerge => match &appeal.state {
            State::Merged { into, .. } => Ok(Event::Unmerged { from: *into }),
            _ => Err(wrong_state(&refusals::NOT_MERGED, appeal)),
        },
        Command::Withdraw { reason } => {
            open(appeal)?;
            Ok(Event::Withdrawn { reason })
        }
        Command::Urge { urge_id, note } => {
            open(appeal)?;
            Ok(Event::Urged {
                urge_id,
                note,
                count: appeal.urges.saturating_add(1),
            })
        }
    }
}

fn wrong_state(code: &'static Code, appeal: &Appeal) -> Refusal {
    Refusal::new(code).detail(format!(
        "{} is {}",
        appeal.case.number,
        appeal.state.name().as_str()
    ))
}

/// Nobody has disposed of the appeal yet, and the caller may: a referred one is a leader's.
fn undecided(appeal: &Appeal, authority: Authority) -> Result<(), Refusal> {
    match (&appeal.state, authority) {
        (State::Registered, _) | (State::Referred { .. }, Authority::Leader) => Ok(()),
        (State::Referred { .. }, Authority::Desk) => Err(wrong_state(&refusals::LEADER_DECIDES, appeal)),
        _ => Err(wrong_state(&refusals::DISPOSED, appeal)),
    }
}

fn open(appeal: &Appeal) -> Result<(), Refusal> {
    if appeal.state.is_open() {
        Ok(())
    } else {
        Err(wrong_state(&refusals::NOT_OPEN, appeal))
    }
}

fn reject(code: &str, explanation: String, guidance: String, rules: &Rules<'_>) -> Result<Event, Refusal> {
    let Some(rule) = rules.reject(code) else {
        let known: Vec<_> = rules.rejects.iter().map(|rule| rule.code.as_str()).collect();
        return Err(Refusal::new(&refusals::REJECT_CODE)
            .field("code")
            .detail(known.join(", ")));
    };
    let article = rule.origin.article.clone();
    if rule.hand_over {
        return Err(Refusal::new(&refusals::HAND_OVER).field("code").article(article));
    }
    let guidance = if guidance.is_empty() {
        rule.go.clone()
    } else {
        guidance
    };
    Ok(Event::Rejected {
        code: code.to_owned(),
        article,
        explanation,
        guidance,
    })
}

fn refer(appeal: &Appeal, question: String, authority: Authority) -> Result<Event, Refusal> {
    undecided(appeal, authority)?;
    let level = match appeal.state {
        State::Referred { level } => level + 1,
        _ => 1,
    };
    if level > LEVEL_MAX {
        return Err(Refusal::new(&refusals::LEVEL).detail(format!("max {LEVEL_MAX}")));
    }
    Ok(Event::Referred { question, level })
}

fn transfer(target: String, note: String, rules: &Rules<'_>) -> Result<Event, Refusal> {
    match rules.redirect(&target) {
        Some(rule) => Ok(Event::Transferred {
            target,
            target_name: rule.name.clone(),
            note,
        }),
        None => {
            let known: Vec<_> = rules.redirects.iter().map(|rule| rule.number.as_str()).collect();
            Err(Refusal::new(&refusals::TARGET)
                .field("target")
                .detail(known.join(", ")))
        }
    }
}

/// No appeal joins itself, a disposed one, or one that is joined itself; and none that others were joined to.
fn merge(appeal: &Appeal, target: MergeTarget) -> Result<Event, Refusal> {
    let refused = |code| {
        Err(Refusal::new(code)
            .field("into_appeal_id")
            .detail(target.number.clone()))
    };
    if target.id == appeal.case.id {
        return refused(&refusals::MERGE_SELF);
    }
    if matches!(target.state, State::Merged { .. }) || appeal.joined > 0 {
        return refused(&refusals::MERGE_CHAIN);
    }
    if !target.state.is_open() {
        return refused(&refusals::MERGE_CLOSED);
    }
    Ok(Event::Merged {
        into: target.id,
        into_number: target.number,
    })
}
