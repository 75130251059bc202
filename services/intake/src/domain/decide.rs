//! What may be done with a registered appeal: state and command in, events or a refusal out.

use hotline_policy::{Refusal, TransferWay};
use uuid::Uuid;

use super::appeal::{Appeal, State};
use super::authority::{Authority, undecided, wrong_state};
use super::earlier::{Earlier, repeat_of};
use super::evolve::Event;
use super::refusals;
use super::rules::Rules;

/// Where an answer given at once may come from.
const BASES: &[&str] = &["knowledge", "specialist", "agent"];

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

/// A basis that names its source: what was answered from the knowledge base can be looked up there (Yicheng 3(1)).
const BASIS_KNOWLEDGE: &str = "knowledge";

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
        /// The appeal that it repeats, where one was named.
        earlier: Option<Earlier>,
    },
    /// Hand the question of scope up.
    Refer {
        /// What is unclear.
        question: String,
    },
    /// Hand a difficult appeal to the specialist's post.
    Submit {
        /// What is difficult.
        question: String,
    },
    /// Answer it at once.
    Answer {
        /// The answer.
        answer: String,
        /// Where it came from.
        basis: String,
        /// The knowledge item, or the unit of the specialist; may be empty.
        reference: String,
    },
    /// Hand it to an emergency or utility service.
    Transfer {
        /// Number of the policy's list.
        target: String,
        /// What was handed over.
        note: String,
        /// How.
        way: TransferWay,
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
    /// Add something to it.
    Supplement {
        /// The supplement.
        supplement_id: Uuid,
        /// What is added.
        text: String,
    },
}

/// What `command` leads to.
///
/// # Errors
/// A refusal that names the rule and, where one says so, the article; the appeal stays as it is.
pub fn decide(
    appeal: &Appeal,
    command: Command,
    authority: &Authority,
    rules: &Rules<'_>,
) -> Result<Event, Refusal> {
    let may_dispose = || undecided(appeal, authority, rules.intake);
    match command {
        Command::Accept => {
            may_dispose()?;
            rules.may_accept(appeal.case.urgency)?;
            Ok(Event::Accepted)
        }
        Command::Reject {
            code,
            explanation,
            guidance,
            earlier,
        } => {
            may_dispose()?;
            reject(appeal, &code, [explanation, guidance], earlier, rules)
        }
        Command::Refer { question } => {
            may_dispose()?;
            refer(appeal, question, rules)
        }
        Command::Submit { question } => {
            may_dispose()?;
            submit(appeal, question, rules)
        }
        Command::Answer {
            answer,
            basis,
            reference,
        } => {
            may_dispose()?;
            answered(answer, basis, reference)
        }
        Command::Transfer { target, note, way } => {
            may_dispose()?;
            transfer(target, note, way, rules)
        }
        Command::Merge(target) => {
            may_dispose()?;
            merge(appeal, target)
        }
        Command::Unmerge => match &appeal.state {
            State::Merged { into, .. } => Ok(Event::Unmerged { from: *into }),
            _ => Err(wrong_state(&refusals::NOT_MERGED, appeal)),
        },
        Command::Withdraw { reason } => withdraw(appeal, reason),
        Command::Urge { urge_id, note } => {
            open(appeal)?;
            Ok(Event::Urged {
                urge_id,
                note,
                count: appeal.urges.saturating_add(1),
            })
        }
        Command::Supplement { supplement_id, text } => {
            open(appeal)?;
            Ok(Event::Supplemented { supplement_id, text })
        }
    }
}

fn answered(answer: String, basis: String, reference: String) -> Result<Event, Refusal> {
    if !BASES.contains(&basis.as_str()) {
        let refusal = Refusal::new(&refusals::BASIS).field("basis");
        return Err(refusal.detail(BASES.join(", ")));
    }
    if basis == BASIS_KNOWLEDGE && reference.is_empty() {
        return Err(Refusal::new(&refusals::KNOWLEDGE_SOURCE).field("reference"));
    }
    Ok(Event::Answered {
        answer,
        basis,
        reference,
    })
}

/// An appellant may withdraw while somebody owes an answer; not the appeal that carries those of others.
fn withdraw(appeal: &Appeal, reason: String) -> Result<Event, Refusal> {
    if !matches!(appeal.state, State::Merged { .. }) {
        open(appeal)?;
    }
    if appeal.joined > 0 {
        return Err(wrong_state(&refusals::OTHERS_JOINED, appeal));
    }
    Ok(Event::Withdrawn { reason })
}

fn open(appeal: &Appeal) -> Result<(), Refusal> {
    if appeal.state.is_open() {
        Ok(())
    } else {
        Err(wrong_state(&refusals::NOT_OPEN, appeal))
    }
}

fn reject(
    appeal: &Appeal,
    code: &str,
    [explanation, guidance]: [String; 2],
    earlier: Option<Earlier>,
    rules: &Rules<'_>,
) -> Result<Event, Refusal> {
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
    let earlier_number = repeat_of(rule, earlier, appeal.case.id)?;
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
        earlier_number,
    })
}

fn refer(appeal: &Appeal, question: String, rules: &Rules<'_>) -> Result<Event, Refusal> {
    let level = match appeal.state {
        State::Referred { level } => level + 1,
        _ => 1,
    };
    let Some(referral) = &rules.intake.referral else {
        return Err(Refusal::new(&refusals::NO_REFERRAL));
    };
    let place = usize::try_from(level - 1).unwrap_or(0);
    let Some(post) = referral.levels.get(place) else {
        let refusal = Refusal::new(&refusals::LEVEL).article(referral.origin.article.clone());
        return Err(refusal.detail(format!("max {}", referral.levels.len())));
    };
    Ok(Event::Referred {
        question,
        level,
        decider: post.as_str(),
    })
}

fn submit(appeal: &Appeal, question: String, rules: &Rules<'_>) -> Result<Event, Refusal> {
    if appeal.state != State::Registered {
        return Err(wrong_state(&refusals::DISPOSED, appeal));
    }
    match &rules.intake.specialist {
        Some(rule) => Ok(Event::Submitted {
            question,
            decider: rule.post.as_str(),
            article: rule.origin.article.clone(),
        }),
        None => Err(Refusal::new(&refusals::NO_SPECIALIST)),
    }
}

fn transfer(target: String, note: String, way: TransferWay, rules: &Rules<'_>) -> Result<Event, Refusal> {
    let Some(rule) = rules.redirect(&target) else {
        let known: Vec<_> = rules.redirects.iter().map(|rule| rule.number.as_str()).collect();
        return Err(Refusal::new(&refusals::TARGET)
            .field("target")
            .detail(known.join(", ")));
    };
    if !rule.ways.contains(&way) {
        let known: Vec<_> = rule.ways.iter().map(|way| way.zh()).collect();
        let refusal = Refusal::new(&refusals::WAY).field("way").detail(known.join(", "));
        return Err(refusal.article(rule.origin.article.clone()));
    }
    Ok(Event::Transferred {
        target,
        target_name: rule.name.clone(),
        note,
        way: way.as_str(),
    })
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
