//! The matrix of caller marks: every verdict in every state by everybody, twice.
//!
//! A new verdict or state does not compile until it has its name here, and the test fails until it has a row.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_policy::{CallerControl, Post, Refusal};

use super::fixture::{ME, origin};
use crate::domain::{Authority, Mark, MarkState, Verdict, decide_mark};

/// The day on which everything is decided.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("an instant")
}

/// A team leader confirms, for thirty days.
fn rule() -> CallerControl {
    CallerControl {
        days: 30,
        reviewer: Post::TeamLeader,
        origin: origin("43"),
    }
}

/// The people: who proposed it, without and with the post; others of the desk and of every post; and somebody without any.
fn people() -> [(&'static str, Authority); 8] {
    [
        ("proposer", Authority::desk()),
        ("proposer", Authority::of(Post::TeamLeader)),
        ("other", Authority::desk()),
        ("other", Authority::of(Post::TeamLeader)),
        ("other", Authority::of(Post::Supervisor)),
        ("other", Authority::of(Post::Leader)),
        ("other", Authority::of(Post::Reviewer)),
        ("other", Authority::default()),
    ]
}

/// The columns; a confirmed mark whose time is over is no state of the tables.
fn columns() -> [Mark; 5] {
    let of = |state, days: i64| Mark {
        id: ME,
        appeal_id: ME,
        number: "1".into(),
        state,
        evidence: "骚扰".into(),
        references: vec!["录音R-1".into()],
        marked_by: "proposer".into(),
        marked_at: now(),
        reviewed_by: String::new(),
        review_note: String::new(),
        expires_at: Some(now() + TimeDelta::days(days)),
    };
    [
        of(MarkState::Proposed, 0),
        of(MarkState::Confirmed, 1),
        of(MarkState::Confirmed, 0),
        of(MarkState::Refused, 0),
        of(MarkState::Lifted, 1),
    ]
}

/// A new verdict does not compile until it has a row.
fn row(verdict: Verdict) -> ([&'static str; 8], MarkState) {
    const DECIDING: [&str; 8] = [
        "rssss", "pssss", "rssss", "+ssss", "+ssss", "+ssss", "rssss", "rssss",
    ];
    const LIFTING: [&str; 8] = [
        "srsss", "s+sss", "srsss", "s+sss", "s+sss", "s+sss", "srsss", "srsss",
    ];
    match verdict {
        Verdict::Confirm => (DECIDING, MarkState::Confirmed),
        Verdict::Refuse => (DECIDING, MarkState::Refused),
        Verdict::Lift => (LIFTING, MarkState::Lifted),
    }
}

/// What a letter of the grid stands for.
fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        's' => "caller_mark.state 43",
        'r' => "caller_mark.reviewer 43",
        'p' => "caller_mark.second_person 43",
        _ => "a letter that the legend lacks",
    }
}

fn told(answer: &Result<Mark, Refusal>) -> String {
    match answer {
        Ok(_) => "allowed".into(),
        Err(refusal) => {
            assert_eq!(refusal.field.as_deref(), Some("mark_id"));
            let article = refusal.article.as_deref().unwrap_or_default();
            format!("{} {article}", refusal.code.id)
        }
    }
}

#[test]
fn every_verdict_in_every_state_by_everybody_is_allowed_or_refused_as_its_row_says() {
    let mut wrong = Vec::new();
    for verdict in [Verdict::Confirm, Verdict::Refuse, Verdict::Lift] {
        let (lines, next) = row(verdict);
        for ((actor, authority), line) in people().iter().zip(lines) {
            let columns = columns();
            assert_eq!(line.len(), columns.len(), "{verdict:?} by {actor}");
            for (mark, cell) in columns.into_iter().zip(line.chars()) {
                let by = (*actor, authority);
                let state = mark.state_at(now());
                let answer = decide_mark(mark, verdict, by, "理由".into(), (&rule(), now()));
                let at = format!("{verdict:?} by {actor} {authority:?} in {state:?}");
                if told(&answer) != legend(cell) {
                    wrong.push(format!("{at}: {}, not {}", told(&answer), legend(cell)));
                }
                let Ok(after) = answer else { continue };
                assert_eq!((after.state, after.reviewed_by.as_str()), (next, *actor), "{at}");
                let again = decide_mark(after, verdict, by, "理由".into(), (&rule(), now()));
                assert_eq!(told(&again), legend('s'), "{at}, a second time");
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
    let seen: Vec<_> = columns().iter().map(|mark| mark.state_at(now())).collect();
    assert!(
        MarkState::ALL.iter().all(|state| seen.contains(state)),
        "{seen:?}"
    );
}

#[test]
fn a_confirmed_mark_is_shown_for_the_days_of_the_policy() {
    let [proposed, ..] = columns();
    let by = ("other", &Authority::of(Post::TeamLeader));
    let mark = decide_mark(proposed, Verdict::Confirm, by, String::new(), (&rule(), now()));
    let mark = mark.expect("confirmed");
    let until = now() + TimeDelta::days(30);
    assert_eq!(mark.state_at(until - TimeDelta::seconds(1)), MarkState::Confirmed);
    assert_eq!(mark.state_at(until), MarkState::Expired);
}
