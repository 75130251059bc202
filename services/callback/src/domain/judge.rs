//! The judgement of bad answers: by whom, on what grounds, after which paper of the unit.

use chrono::{DateTime, Utc};
use hotline_policy::{Decider, ExclusionRule, Origin, Refusal, Source};

use super::answer::{Grounds, Judgement, Paper, PaperKind, Verdict};
use super::callback::{Callback, Event, State};
use super::decide::{Actor, wrong_state};
use super::refusals::{
    EVIDENCE_MISSING, EXCLUSION_UNKNOWN, FIX_BY_WRONG, FORM_INCOMPLETE, FORM_MISSING, JUDGE_NOT_YOURS,
    JUDGE_REASON_MISSING, PAPER_NOT_YOURS, STATEMENT_MISSING, VERDICT_BARRED,
};
use super::schedule::Rules;

/// Judges a bad answer.
pub(super) fn judge(
    callback: &Callback,
    judgement: &Judgement,
    actor: Actor<'_>,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if !matches!(callback.state, State::ToJudge(_)) {
        return Err(wrong_state(callback));
    }
    require_judge(actor, rules)?;
    if judgement.reason.trim().is_empty() {
        return Err(Refusal::new(&JUDGE_REASON_MISSING).field("reason"));
    }
    require_form(callback, judgement, rules, now)?;
    if judgement.verdict == Verdict::Excluded {
        require_grounds(callback, judgement, rules)?;
    }
    let judgement = Judgement {
        grounds: grounds(judgement, rules),
        ..judgement.clone()
    };
    let actor = actor.name.to_owned();
    Ok(vec![Event::Judged { judgement, actor }])
}

/// What a judgement rests on: an exclusion on its own row; a review above and a verification on what the policy says
/// of the end; all others on the row that has bad answers judged.
pub(super) fn grounds(judgement: &Judgement, rules: &Rules<'_>) -> Grounds {
    if let Some(rule) = exclusion(judgement, rules) {
        return Grounds {
            article: article(&rule.origin, "name"),
            exclusion: rule.name.clone(),
            exclusion_en: rule.name_en.clone(),
        };
    }
    let article = rules.redo.map(|redo| match judgement.verdict {
        Verdict::Redo | Verdict::Excluded => article(&redo.origin, "trigger"),
        Verdict::Escalate => article(&redo.end, "raise_at"),
        Verdict::Compliant | Verdict::Fix => article(&redo.end, "at_end"),
    });
    Grounds {
        article: article.unwrap_or_default(),
        ..Grounds::default()
    }
}

/// The row of the policy's list that a judgement names.
fn exclusion<'a>(judgement: &Judgement, rules: &Rules<'a>) -> Option<&'a ExclusionRule> {
    let listed = rules.rule.exclusions.contains(&judgement.exclusion);
    (judgement.verdict == Verdict::Excluded && listed)
        .then(|| rules.policy.exclusion(&judgement.exclusion))
        .flatten()
}

/// The article that says the value of `key`; empty where the operator does.
fn article(origin: &Origin, key: &str) -> String {
    match origin.source_of(key) {
        Source::Document => origin.article.clone(),
        Source::Operator => String::new(),
    }
}

/// Where the policy leaves the judgement to inspectors, nobody else judges.
fn require_judge(actor: Actor<'_>, rules: &Rules<'_>) -> Result<(), Refusal> {
    match rules.redo {
        Some(redo) if redo.judge == Decider::Inspector && !actor.inspector => {
            Err(cited(Refusal::new(&JUDGE_NOT_YOURS), &redo.origin, "judge"))
        }
        _ => Ok(()),
    }
}

/// After the last redo the platform verifies by the unit's form, and says either "compliant" or "put right by".
fn require_form(
    callback: &Callback,
    judgement: &Judgement,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let verified = matches!(judgement.verdict, Verdict::Compliant | Verdict::Fix);
    let redo = rules.redo.filter(|_| rules.wants_form(callback.bad_answers()));
    let Some(redo) = redo else {
        if verified {
            return Err(Refusal::new(&VERDICT_BARRED).field("verdict"));
        }
        return Ok(());
    };
    let refuse = |code| cited(Refusal::new(code), &redo.end, "at_end");
    if !has_paper(callback, PaperKind::AuditForm) {
        return Err(refuse(&FORM_MISSING));
    }
    if !verified {
        return Err(refuse(&VERDICT_BARRED).field("verdict"));
    }
    let dated = judgement.fix_by.is_some_and(|by| by > now);
    if judgement.verdict == Verdict::Fix && !dated {
        return Err(refuse(&FIX_BY_WRONG).field("fix_by"));
    }
    Ok(())
}

/// An exclusion rests on a reason of the policy's list, and on evidence; some after the unit's statement alone.
fn require_grounds(callback: &Callback, judgement: &Judgement, rules: &Rules<'_>) -> Result<(), Refusal> {
    let rule = rules.rule;
    if rule.exclusions.is_empty() {
        return Ok(());
    }
    let Some(known) = exclusion(judgement, rules) else {
        let refusal = Refusal::new(&EXCLUSION_UNKNOWN).field("exclusion");
        return Err(cited(refusal, &rule.origin, "exclusions").detail(rule.exclusions.join(", ")));
    };
    if judgement.evidence.iter().all(|text| text.trim().is_empty()) {
        let refusal = Refusal::new(&EVIDENCE_MISSING).field("evidence");
        return Err(cited(refusal, &known.origin, "name"));
    }
    if known.statement && !has_paper(callback, PaperKind::DutyStatement) {
        return Err(cited(
            Refusal::new(&STATEMENT_MISSING),
            &known.origin,
            "statement",
        ));
    }
    Ok(())
}

fn has_paper(callback: &Callback, kind: PaperKind) -> bool {
    callback.paper.as_ref().is_some_and(|paper| paper.kind == kind)
}

/// Files the paper of the unit that handled the matter.
pub(super) fn file_paper(
    callback: &Callback,
    paper: &Paper,
    actor: Actor<'_>,
    rules: &Rules<'_>,
) -> Result<Vec<Event>, Refusal> {
    if actor.unit != Some(callback.settled.unit.as_str()) {
        return Err(Refusal::new(&PAPER_NOT_YOURS));
    }
    if !matches!(callback.state, State::ToJudge(_)) {
        return Err(wrong_state(callback));
    }
    let form = paper.kind == PaperKind::AuditForm;
    let missing = [
        ("paper.text", paper.text.trim().is_empty()),
        ("paper.signed_by", form && paper.signed_by.trim().is_empty()),
        ("paper.sealed", form && !paper.sealed),
        ("paper.reference", form && paper.reference.trim().is_empty()),
    ];
    if let Some((field, _)) = missing.into_iter().find(|(_, missing)| *missing) {
        let refusal = Refusal::new(&FORM_INCOMPLETE).field(field);
        return Err(match rules.redo.filter(|_| form) {
            Some(redo) => cited(refusal, &redo.end, "at_end"),
            None => refusal,
        });
    }
    Ok(vec![Event::PaperFiled(paper.clone())])
}

/// Puts the article on a refusal where a document says so.
fn cited(refusal: Refusal, origin: &Origin, key: &str) -> Refusal {
    match origin.source_of(key) {
        Source::Document => refusal.article(origin.article.clone()),
        Source::Operator => refusal,
    }
}
