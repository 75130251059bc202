//! Tables of call-backs.

mod matrix;
mod random;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::rules::{Satisfaction, Silence, Way};
use hotline_policy::{AppealType, Desk, Library, Matter};
use hotline_worktime::{Calendar, YearArrangement};
use uuid::Uuid;

use super::answer::{Answer, Judgement, Paper, PaperKind, Verdict};
use super::callback::{Callback, Event, Settled, State};
use super::decide::{Actor, Command, decide};
use super::schedule::{CancelCause, Rules, cancel, schedule};

fn deploy() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy"))
}

/// The rule of a shipped policy for an ordinary matter: Xuzhou calls, Jiangsu sends a message first.
fn rules(policy: &str) -> Rules<'static> {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    let library =
        LIBRARY.get_or_init(|| Library::load(&deploy().join("cities")).expect("the policies are sound"));
    let text = std::fs::read_to_string(deploy().join("calendars/2026.toml")).expect("the year is shipped");
    let calendar = Calendar::new(vec![YearArrangement::parse(&text).expect("sound")]).expect("sound");
    let policy = library.policy(policy).expect("it is shipped");
    let matter = Matter::new(AppealType::Help, Desk::Hotline, "urban.property", "320302");
    Rules {
        policy,
        rule: policy.callback_rule(&matter).expect("it has a rule"),
        redo: policy.redo_rule(&matter),
        work: policy.work_clock(&calendar),
    }
}

fn local(text: &str) -> DateTime<Utc> {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time");
    hotline_worktime::at_local(time)
}

fn start() -> DateTime<Utc> {
    local("2026-11-03 10:00")
}

fn settled(round: u32) -> Settled {
    let facts = Arc::from([]);
    Settled {
        order: Uuid::from_u128(7),
        round,
        unit: "xz-urban".into(),
        public_text: "已修复".into(),
        facts,
    }
}

fn scheduled(rules: &Rules<'_>) -> Callback {
    let (way, not_before) = schedule(rules, start()).expect("a way");
    Callback::new(Uuid::from_u128(9), settled(1), way, not_before, 0)
}

fn answer(satisfaction: Satisfaction, reason: &str) -> Command {
    Command::Complete(Answer {
        satisfaction,
        solved: Some(true),
        contacted: Some(true),
        untruthful: false,
        reason: reason.into(),
        suggestion: String::new(),
    })
}

fn named(name: &str) -> Actor<'_> {
    Actor {
        name,
        unit: Some("xz-urban"),
        inspector: name == "inspector",
    }
}

fn verdict(verdict: Verdict, reason: &str) -> Command {
    Command::Judge(Judgement::plain(verdict, reason))
}

/// Commands, and changes the call-back if it is not refused; returns the code of the refusal.
fn does(
    callback: &mut Callback,
    command: Command,
    actor: &str,
    rules: &Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, &'static str> {
    let events = decide(callback, &command, named(actor), rules, now).map_err(|refusal| refusal.code.id)?;
    callback.evolve(&events);
    Ok(events)
}

#[test]
fn xuzhou_calls_by_telephone_as_soon_as_the_order_is_settled() {
    let callback = scheduled(&rules("xuzhou-2020"));
    assert_eq!((callback.way, callback.not_before), (Way::Telephone, start()));
}

#[test]
fn nobody_reached_in_all_tries_counts_as_the_policy_says() {
    let rules = rules("xuzhou-2020");
    let mut callback = scheduled(&rules);
    let mut now = start();
    for attempt in 1..rules.rule.tries {
        let events = does(&mut callback, Command::RecordAttempt("busy"), "a", &rules, now).expect("a try");
        assert!(
            matches!(&events[..], [Event::Attempted { next_at: Some(_), .. }]),
            "{attempt}: {events:?}"
        );
        assert_eq!(
            does(&mut callback, Command::Claim, "a", &rules, now),
            Err("callback.not_due")
        );
        now = callback.not_before;
    }
    let events = does(
        &mut callback,
        Command::RecordAttempt("no_answer"),
        "a",
        &rules,
        now,
    )
    .expect("the last try");
    let last = [Event::Attempted {
        result: "no_answer",
        at: now,
        next_at: None,
        actor: "a".into(),
    }];
    let unreached = [Event::Unreached {
        counts_as: Silence::NotCounted,
    }];
    assert_eq!(events, [last, unreached].concat());
    assert_eq!(
        (&callback.state, callback.attempts),
        (&State::Unreached, rules.rule.tries)
    );
}

#[test]
fn tries_are_spaced_in_working_time() {
    let rules = rules("xuzhou-2020");
    let mut callback = scheduled(&rules);
    does(
        &mut callback,
        Command::RecordAttempt("busy"),
        "a",
        &rules,
        local("2026-11-06 16:30"),
    )
    .expect("a try");
    assert_eq!(callback.not_before, local("2026-11-09 12:00"), "over the weekend");
}

#[test]
fn a_message_that_nobody_answers_is_followed_by_a_call() {
    let rules = rules("jiangsu-2020");
    let mut callback = scheduled(&rules);
    assert_eq!(callback.way, Way::Sms);
    for _ in 0..rules.rule.tries {
        let now = callback.not_before;
        does(
            &mut callback,
            Command::RecordAttempt("no_answer"),
            "service",
            &rules,
            now,
        )
        .expect("a try");
    }
    assert_eq!(
        (callback.way, callback.tried, callback.attempts),
        (Way::Telephone, 0, rules.rule.tries)
    );
    assert!(matches!(callback.state, State::Scheduled(_)));
}

#[test]
fn a_bad_answer_by_message_is_asked_again_by_a_person() {
    let rules = rules("jiangsu-2020");
    let mut callback = scheduled(&rules);
    let bad = answer(Satisfaction::Dissatisfied, "");
    let events = does(&mut callback, bad, "service", &rules, start()).expect("it is taken");
    let again = Event::Scheduled {
        way: Way::Telephone,
        not_before: start(),
    };
    assert!(
        matches!(&events[..], [Event::Given(_), next] if *next == again),
        "{events:?}"
    );
    assert_eq!(callback.earlier.len(), 1);
    let bad = answer(Satisfaction::Dissatisfied, "灯还是不亮");
    does(&mut callback, bad, "a", &rules, start()).expect("it is taken");
    assert!(
        matches!(callback.state, State::Judged(..)),
        "the province sends it back by itself"
    );
}

#[test]
fn nanchang_leaves_a_bad_answer_to_inspectors_and_an_exclusion_to_its_list_and_evidence() {
    let rules = rules("nanchang-2022");
    let mut callback = scheduled(&rules);
    let stale = Command::Choose(Way::Network);
    assert_eq!(
        does(&mut callback, stale, "a", &rules, start()),
        Err("callback.way_unknown")
    );
    does(&mut callback, Command::Choose(Way::Sms), "a", &rules, start()).expect("one of three");
    let bad = Command::Receive("4 太慢".into());
    does(&mut callback, bad, "a", &rules, start()).expect("taken");
    assert!(matches!(&callback.state, State::ToJudge(answer) if answer.reason == "太慢"));
    let redo = verdict(Verdict::Redo, "有办理空间");
    assert_eq!(
        does(&mut callback, redo, "a", &rules, start()),
        Err("callback.judge_not_yours")
    );
    let excluded = |exclusion: &str, evidence: &[&str]| {
        Command::Judge(Judgement {
            exclusion: exclusion.into(),
            evidence: evidence.iter().map(ToString::to_string).collect(),
            ..Judgement::plain(Verdict::Excluded, "无办理空间")
        })
    };
    for (command, code) in [
        (excluded("because", &["照片1"]), "callback.exclusion_unknown"),
        (excluded("no_room", &[" "]), "callback.evidence_missing"),
        (
            excluded("repeated_without_stake", &["核查1"]),
            "callback.statement_missing",
        ),
    ] {
        assert_eq!(
            does(&mut callback, command, "inspector", &rules, start()),
            Err(code)
        );
    }
    let paper = Command::FilePaper(paper(PaperKind::DutyStatement));
    does(&mut callback, paper, "clerk", &rules, start()).expect("filed");
    let stakeless = excluded("repeated_without_stake", &["核查1"]);
    does(&mut callback, stakeless, "inspector", &rules, start()).expect("left out");
    assert_eq!(callback.bad_answers(), 0);
    let State::Judged(_, judged) = &callback.state else {
        panic!("{:?}", callback.state)
    };
    let grounds = &judged.grounds;
    assert_eq!(
        [&grounds.article, &grounds.exclusion, &grounds.exclusion_en],
        [
            "44",
            "多次反映属实但无利害关系",
            "repeated and true, but without a stake"
        ]
    );
}

fn paper(kind: PaperKind) -> Paper {
    Paper {
        kind,
        text: "已依法履职".into(),
        signed_by: "负责人".into(),
        sealed: true,
        reference: "upload-1".into(),
        by: "clerk".into(),
        at: start(),
    }
}

#[test]
fn yicheng_sends_back_by_itself_and_after_two_answers_verifies_by_the_form() {
    let rules = rules("yicheng-2021");
    let bad = || answer(Satisfaction::Dissatisfied, "没解决");
    let mut first = scheduled(&rules);
    does(&mut first, bad(), "a", &rules, start()).expect("taken");
    assert!(matches!(first.state, State::Judged(..)));
    let mut second = scheduled(&rules);
    second.bad_before = 1;
    does(&mut second, bad(), "a", &rules, start()).expect("taken");
    assert!(matches!(second.state, State::ToJudge(_)));
    let compliant = verdict(Verdict::Compliant, "答复准确");
    let early = does(&mut second, compliant.clone(), "r", &rules, start());
    assert_eq!(early, Err("callback.form_missing"));
    let mut unsealed = paper(PaperKind::AuditForm);
    unsealed.sealed = false;
    let filed = does(
        &mut second,
        Command::FilePaper(unsealed),
        "clerk",
        &rules,
        start(),
    );
    assert_eq!(filed, Err("callback.form_incomplete"));
    let form = Command::FilePaper(paper(PaperKind::AuditForm));
    does(&mut second, form, "clerk", &rules, start()).expect("filed");
    let redo = does(&mut second, verdict(Verdict::Redo, "再办"), "r", &rules, start());
    assert_eq!(redo, Err("callback.verdict_barred"));
    let dateless = does(&mut second, verdict(Verdict::Fix, "未到位"), "r", &rules, start());
    assert_eq!(dateless, Err("callback.fix_by_wrong"));
    does(&mut second, compliant, "r", &rules, start()).expect("verified");
    let redo = rules.redo.expect("it has a rule");
    for (callback, article) in [(&first, &redo.origin.article), (&second, &redo.end.article)] {
        assert!(matches!(&callback.state, State::Judged(_, judged) if judged.grounds.article == *article));
    }
}

#[test]
fn a_bad_answer_needs_its_reason_by_article_12() {
    let rules = rules("xuzhou-2020");
    let mut callback = scheduled(&rules);
    for satisfaction in [Satisfaction::Dissatisfied, Satisfaction::VeryDissatisfied] {
        let refusal = decide(
            &callback,
            &answer(satisfaction, "  "),
            named("a"),
            &rules,
            start(),
        )
        .expect_err("refused");
        assert_eq!(
            (refusal.code.id, refusal.article.as_deref()),
            ("callback.reason_missing", Some("12(5)"))
        );
    }
    let judge = verdict(Verdict::Redo, "确因处理不当");
    assert_eq!(
        does(&mut callback, judge.clone(), "r", &rules, start()),
        Err("callback.state_wrong")
    );
    does(
        &mut callback,
        answer(Satisfaction::Dissatisfied, "灯还是不亮"),
        "a",
        &rules,
        start(),
    )
    .expect("taken");
    let silent = verdict(Verdict::Redo, " ");
    assert_eq!(
        does(&mut callback, silent, "r", &rules, start()),
        Err("callback.judge_reason_missing")
    );
    does(&mut callback, judge.clone(), "r", &rules, start()).expect("judged");
    assert!(matches!(
        callback.state,
        State::Judged(
            _,
            Judgement {
                verdict: Verdict::Redo,
                ..
            }
        )
    ));
    assert_eq!(
        does(&mut callback, judge, "r", &rules, start()),
        Err("callback.state_wrong")
    );
}

#[test]
fn a_claim_keeps_others_away_for_half_an_hour() {
    let rules = rules("xuzhou-2020");
    let mut callback = scheduled(&rules);
    does(&mut callback, Command::Claim, "a", &rules, start()).expect("claimed");
    let good = answer(Satisfaction::Satisfied, "");
    for command in [Command::Claim, Command::RecordAttempt("busy"), good.clone()] {
        assert_eq!(
            does(&mut callback, command, "b", &rules, start()),
            Err("callback.claimed")
        );
    }
    does(&mut callback, Command::Claim, "a", &rules, start()).expect("again by the same");
    let later = start() + TimeDelta::minutes(30);
    does(&mut callback, Command::Claim, "b", &rules, later).expect("taken over");
    does(&mut callback, good, "b", &rules, later).expect("completed");
    assert!(matches!(callback.state, State::Completed(_)));
}

#[test]
fn the_end_of_an_order_ends_its_open_call_back_and_no_other() {
    let rules = rules("xuzhou-2020");
    let mut callback = scheduled(&rules);
    assert_eq!(cancel(&callback, CancelCause::NewRound(1)), None);
    assert_eq!(
        cancel(&callback, CancelCause::NewRound(2)),
        Some(Event::Cancelled)
    );
    assert_eq!(cancel(&callback, CancelCause::Ended), Some(Event::Cancelled));
    does(
        &mut callback,
        answer(Satisfaction::Neutral, ""),
        "a",
        &rules,
        start(),
    )
    .expect("completed");
    assert_eq!(cancel(&callback, CancelCause::Ended), None);
}
