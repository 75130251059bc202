//! The matrix of call-backs: every command in every state by everybody, twice, and without what it needs.
//!
//! A new command or state does not compile until it has its name here, and the test fails until it has a row.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::Refusal;
use hotline_policy::rules::{Satisfaction, Way};

use super::{answer, paper, rules, scheduled, start, verdict};
use crate::domain::{
    Actor, Answer, Callback, Claim, Command, Event, Judgement, PaperKind, Rules, State, Verdict, decide,
};

macro_rules! names {
    ($($pattern:pat => $name:literal,)+) => {
        fn name(command: &Command) -> &'static str {
            match command { $($pattern => $name,)+ }
        }

        const NAMES: &[&str] = &[$($name),+];
    };
}

names! {
    Command::Claim => "claim",
    Command::Choose(_) => "choose",
    Command::RecordAttempt(_) => "record_attempt",
    Command::Receive(_) => "receive",
    Command::Complete(_) => "complete",
    Command::FilePaper(_) => "file_paper",
    Command::Judge(_) => "judge",
}

/// What a letter of the grid stands for; Nanchang's article leaves the judgement to inspectors.
fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        'c' => "callback.claimed",
        'e' => "callback.not_due",
        's' => "callback.state_wrong",
        'u' => "callback.paper_not_yours",
        'j' => "callback.judge_not_yours 14(7)",
        _ => "a letter that the legend lacks",
    }
}

const fn person(name: &'static str, unit: Option<&'static str>, inspector: bool) -> Actor<'static> {
    Actor {
        name,
        unit,
        inspector,
    }
}

/// The people: two agents, an inspector, the clerk of the unit and another unit's.
const PEOPLE: [Actor<'static>; 5] = [
    person("agent", None, false),
    person("other agent", None, false),
    person("inspector", None, true),
    person("clerk", Some("xz-urban"), false),
    person("foreign clerk", Some("xz-water"), false),
];

fn given(satisfaction: Satisfaction) -> Answer {
    Answer {
        satisfaction,
        solved: Some(false),
        contacted: Some(true),
        untruthful: false,
        reason: "没解决".into(),
        suggestion: String::new(),
    }
}

/// The columns: due, not yet due, claimed by the agent; answered well, to judge, to judge with a paper; the ends.
fn columns(rules: &Rules<'_>) -> Vec<Callback> {
    let of = |state| Callback {
        state,
        ..scheduled(rules)
    };
    let bad = || given(Satisfaction::Dissatisfied);
    let (by, at) = ("agent".into(), start());
    let mut early = of(State::Scheduled(None));
    early.not_before = start() + TimeDelta::hours(1);
    let mut stated = of(State::ToJudge(bad()));
    stated.paper = Some(paper(PaperKind::DutyStatement));
    let redo = Judgement::plain(Verdict::Redo, "有办理空间");
    vec![
        of(State::Scheduled(None)),
        early,
        of(State::Scheduled(Some(Claim { by, at }))),
        of(State::Completed(given(Satisfaction::Satisfied))),
        of(State::ToJudge(bad())),
        stated,
        of(State::Judged(bad(), redo)),
        of(State::Unreached),
        of(State::Cancelled),
    ]
}

/// A new state does not compile until it is here.
fn kind(state: &State) -> u8 {
    match state {
        State::Scheduled(None) => 0,
        State::Scheduled(Some(_)) => 1,
        State::Completed(_) => 2,
        State::ToJudge(_) => 3,
        State::Judged(..) => 4,
        State::Unreached => 5,
        State::Cancelled => 6,
    }
}

/// One command; a line for each of the people; and what the first to whom it is allowed is told a second time. Who
/// may call at all is the contract's.
type Row = (Command, [&'static str; 5], char);

fn rows() -> Vec<Row> {
    let call = |mine: &'static str, theirs: &'static str| [mine, theirs, theirs, theirs, theirs];
    let (none, own) = ("uuuuuuuuu", "ssss++sss");
    let (other, inspector) = ("ssssjjsss", "ssss++sss");
    vec![
        (Command::Claim, call("+e+ssssss", "+ecssssss"), '+'),
        (Command::Choose(Way::Sms), call("+++ssssss", "++cssssss"), '+'),
        (
            Command::RecordAttempt("busy"),
            call("+e+ssssss", "+ecssssss"),
            'e',
        ),
        (Command::Receive("1".into()), call("+++ssssss", "++cssssss"), 's'),
        (
            answer(Satisfaction::Satisfied, ""),
            call("+++ssssss", "++cssssss"),
            's',
        ),
        (
            filed(PaperKind::DutyStatement, |_| {}),
            [none, none, none, own, none],
            '+',
        ),
        (
            verdict(Verdict::Redo, "有办理空间"),
            [other, other, inspector, other, other],
            's',
        ),
    ]
}

fn filed(kind: PaperKind, change: fn(&mut crate::domain::Paper)) -> Command {
    let mut form = paper(kind);
    change(&mut form);
    Command::FilePaper(form)
}

fn told(answer: &Result<Vec<Event>, Refusal>) -> String {
    match answer {
        Ok(events) if events.is_empty() => "nothing happens".into(),
        Ok(_) => "allowed".into(),
        Err(refusal) => {
            let article = refusal.article.as_deref().unwrap_or_default();
            format!("{} {article}", refusal.code.id).trim_end().to_owned()
        }
    }
}

#[test]
fn every_command_in_every_state_by_everybody_is_allowed_or_refused_as_its_row_says() {
    let rules = rules("nanchang-2022");
    let mut wrong = Vec::new();
    for (command, lines, again) in rows() {
        let mut second = None;
        for (actor, line) in PEOPLE.iter().zip(lines) {
            let columns = columns(&rules);
            assert_eq!(line.len(), columns.len(), "{} by {}", name(&command), actor.name);
            for (number, (mut callback, cell)) in columns.into_iter().zip(line.chars()).enumerate() {
                let answer = decide(&callback, &command, *actor, &rules, start());
                let (found, wanted) = (told(&answer), legend(cell));
                if found != wanted {
                    let by = format!("{} by {}", name(&command), actor.name);
                    wrong.push(format!("{by} in column {number}: {found}, not {wanted}"));
                }
                if let (Ok(events), None) = (answer, &second) {
                    callback.evolve(&events);
                    second = Some(told(&decide(&callback, &command, *actor, &rules, start())));
                }
            }
        }
        let of = name(&command);
        assert_eq!(second.as_deref(), Some(legend(again)), "{of} a second time");
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_command_and_no_state_is_left_out() {
    let rows: BTreeSet<_> = rows().iter().map(|(command, ..)| name(command)).collect();
    assert_eq!(rows, NAMES.iter().copied().collect());
    let columns = columns(&rules("nanchang-2022"));
    let kinds: BTreeSet<_> = columns.iter().map(|callback| kind(&callback.state)).collect();
    assert_eq!(kinds, (0..=6).collect());
}

/// A judgement with its grounds.
fn judged(verdict: Verdict, exclusion: &str, evidence: &str, fix_by: Option<DateTime<Utc>>) -> Command {
    Command::Judge(Judgement {
        exclusion: exclusion.into(),
        evidence: vec![evidence.into()],
        fix_by,
        ..Judgement::plain(verdict, "依据")
    })
}

/// Asks as one of [`PEOPLE`], and compares code, article and field.
#[track_caller]
fn refused(rules: &Rules<'_>, of: &Callback, by: usize, command: &Command, wanted: &str, field: &str) {
    let refusal = decide(of, command, PEOPLE[by], rules, start()).expect_err(wanted);
    assert_eq!(refusal.field.as_deref().unwrap_or_default(), field, "{wanted}");
    assert_eq!(told(&Err(refusal)), wanted);
}

#[test]
fn without_its_evidence_a_judgement_is_refused_by_field_and_article() {
    let rules = rules("nanchang-2022");
    let to_judge = columns(&rules).remove(4);
    let bare = |command: &Command, wanted, field| refused(&rules, &to_judge, 2, command, wanted, field);
    let excluded = |code, evidence| judged(Verdict::Excluded, code, evidence, None);
    bare(
        &verdict(Verdict::Redo, " "),
        "callback.judge_reason_missing",
        "reason",
    );
    bare(
        &excluded("because", "照片"),
        "callback.exclusion_unknown 14(7)",
        "exclusion",
    );
    bare(
        &excluded("no_room", " "),
        "callback.evidence_missing 14(7)",
        "evidence",
    );
    bare(
        &excluded("repeated_without_stake", "核查"),
        "callback.statement_missing 44",
        "",
    );
    let compliant = judged(Verdict::Compliant, "", "", None);
    bare(&compliant, "callback.verdict_barred", "verdict");
    let due = columns(&rules).remove(0);
    let network = Command::Choose(Way::Network);
    refused(&rules, &due, 0, &network, "callback.way_unknown 14(7)", "way");
    // That a bad answer needs its reason is Nanchang's operator's, and Xuzhou's article's.
    let silent = answer(Satisfaction::Dissatisfied, "");
    refused(&rules, &due, 0, &silent, "callback.reason_missing", "reason");
    let xuzhou = super::rules("xuzhou-2020");
    refused(
        &xuzhou,
        &due,
        0,
        &silent,
        "callback.reason_missing 12(5)",
        "reason",
    );
}

#[test]
fn without_its_form_a_verification_is_refused_by_field_and_article() {
    let rules = rules("yicheng-2021");
    let mut last = columns(&rules).remove(4);
    last.bad_before = 1;
    let article = rules.redo.expect("it has a rule").end.article.clone();
    let cited = |code: &str| format!("{code} {article}");
    let compliant = judged(Verdict::Compliant, "", "", None);
    refused(&rules, &last, 0, &compliant, &cited("callback.form_missing"), "");
    for (command, field) in [
        (
            filed(PaperKind::AuditForm, |form| form.text.clear()),
            "paper.text",
        ),
        (
            filed(PaperKind::AuditForm, |form| form.signed_by.clear()),
            "paper.signed_by",
        ),
        (
            filed(PaperKind::AuditForm, |form| form.sealed = false),
            "paper.sealed",
        ),
        (
            filed(PaperKind::AuditForm, |form| form.reference.clear()),
            "paper.reference",
        ),
    ] {
        refused(
            &rules,
            &last,
            3,
            &command,
            &cited("callback.form_incomplete"),
            field,
        );
    }
    last.paper = Some(paper(PaperKind::AuditForm));
    let redo = verdict(Verdict::Redo, "再办");
    refused(
        &rules,
        &last,
        0,
        &redo,
        &cited("callback.verdict_barred"),
        "verdict",
    );
    for by in [None, Some(start())] {
        let fix = judged(Verdict::Fix, "", "", by);
        refused(&rules, &last, 0, &fix, &cited("callback.fix_by_wrong"), "fix_by");
    }
}
