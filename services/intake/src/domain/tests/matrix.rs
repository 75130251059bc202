//! The matrix of the register: every command in every state by everybody, twice, and without what it needs.
//!
//! A new command or state does not compile until it has its name here, and the test fails until it has a row.

use std::collections::BTreeSet;

use hotline_policy::{Post, Refusal, TransferWay, Urgency};

use super::fixture::{City, MAIN, ME, appeal};
use crate::domain::{
    Appeal, Authority, Command, Earlier, Event, MergeTarget, State, StateName, decide, evolve,
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
    Command::Accept => "accept",
    Command::Reject { .. } => "reject",
    Command::Refer { .. } => "refer",
    Command::Submit { .. } => "submit",
    Command::Answer { .. } => "answer",
    Command::Transfer { .. } => "transfer",
    Command::Merge(_) => "merge",
    Command::Unmerge => "unmerge",
    Command::Withdraw { .. } => "withdraw",
    Command::Urge { .. } => "urge",
    Command::Supplement { .. } => "supplement",
}

/// What a letter of the grid stands for.
fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        'd' => "appeal.desk_decides",
        'l' => "appeal.leader_decides 11",
        's' => "appeal.specialist_decides 14(1)",
        'v' => "appeal.level 11",
        'D' => "appeal.disposed",
        'm' => "appeal.not_merged",
        'n' => "appeal.not_open",
        _ => "a letter that the legend lacks",
    }
}

/// The columns: with the desk, the team leader, the supervisor, the specialist; then every other state.
fn columns() -> [State; 14] {
    [
        State::Registered,
        State::Referred { level: 1 },
        State::Referred { level: 2 },
        State::WithSpecialist,
        State::Rejected {
            code: "outside".into(),
        },
        State::Answered,
        State::Transferred,
        State::Merged { into: MAIN, level: 0 },
        State::Accepted,
        State::InProgress,
        State::Settled,
        State::Closed,
        State::Archived,
        State::Withdrawn,
    ]
}

/// The people: the desk, the team leader who sits at it, the supervisor, the specialist, somebody without a post.
fn people() -> [(&'static str, Authority); 5] {
    [
        ("desk", Authority::desk()),
        ("team leader", Authority::of(Post::TeamLeader)),
        ("supervisor", Authority::of(Post::Supervisor)),
        ("specialist", Authority::of(Post::Reviewer)),
        ("nobody", Authority::default()),
    ]
}

/// Who may dispose of what: a line a person.
const DISPOSING: [&str; 5] = [
    "+lls DDDDDDDDDD",
    "++ls DDDDDDDDDD",
    "d++s DDDDDDDDDD",
    "dll+ DDDDDDDDDD",
    "dlls DDDDDDDDDD",
];

/// The last level refers to nobody.
const REFERRING: [&str; 5] = [
    "+lls DDDDDDDDDD",
    "++ls DDDDDDDDDD",
    "d+vs DDDDDDDDDD",
    "dll+ DDDDDDDDDD",
    "dlls DDDDDDDDDD",
];

/// What was handed to somebody is not handed to the specialist besides.
const SUBMITTING: [&str; 5] = [
    "+lls DDDDDDDDDD",
    "+Dls DDDDDDDDDD",
    "dDDs DDDDDDDDDD",
    "dllD DDDDDDDDDD",
    "dlls DDDDDDDDDD",
];

/// One command, its grid, and what the desk is told a second time.
type Row = (Command, [&'static str; 5], char);

fn rows() -> Vec<Row> {
    vec![
        (Command::Accept, DISPOSING, 'D'),
        (rejected("outside", None), DISPOSING, 'D'),
        (
            Command::Refer {
                question: "是否受理".into(),
            },
            REFERRING,
            'l',
        ),
        (
            Command::Submit {
                question: "疑难".into(),
            },
            SUBMITTING,
            's',
        ),
        (answered("agent", ""), DISPOSING, 'D'),
        (transferred("110", TransferWay::OneKeyTransfer), DISPOSING, 'D'),
        (merged(MAIN, State::InProgress), DISPOSING, 'D'),
        (Command::Unmerge, ["mmmm mmm+ mmm mmm"; 5], 'm'),
        (withdrawn(), ["++++ nnn+ +++ nnn"; 5], 'n'),
        (urged(), ["++++ nnnn +++ nnn"; 5], '+'),
        (supplemented(), ["++++ nnnn +++ nnn"; 5], '+'),
    ]
}

fn rejected(code: &str, earlier: Option<Earlier>) -> Command {
    Command::Reject {
        code: code.into(),
        explanation: "不属于".into(),
        guidance: String::new(),
        earlier,
    }
}

fn earlier(id: uuid::Uuid, state: State, same_appellant: bool) -> Option<Earlier> {
    let number = "320300260930010000023".into();
    Some(Earlier {
        id,
        number,
        state,
        same_appellant,
    })
}

fn answered(basis: &str, reference: &str) -> Command {
    let [answer, basis, reference] = ["可以", basis, reference].map(str::to_owned);
    Command::Answer {
        answer,
        basis,
        reference,
    }
}

fn transferred(target: &str, way: TransferWay) -> Command {
    let [target, note] = [target, "起火"].map(str::to_owned);
    Command::Transfer { target, note, way }
}

fn merged(id: uuid::Uuid, state: State) -> Command {
    let number = "320300260930010000023".into();
    Command::Merge(MergeTarget { id, number, state })
}

fn withdrawn() -> Command {
    Command::Withdraw {
        reason: "好了".into(),
    }
}

fn urged() -> Command {
    let (urge_id, note) = (MAIN, "请尽快".into());
    Command::Urge { urge_id, note }
}

fn supplemented() -> Command {
    let (supplement_id, text) = (MAIN, "夜里更响".into());
    Command::Supplement { supplement_id, text }
}

fn standing(state: State) -> Appeal {
    Appeal {
        state,
        ..appeal(Urgency::Normal)
    }
}

fn told(answer: &Result<Event, Refusal>) -> String {
    match answer {
        Ok(_) => "allowed".into(),
        Err(refusal) => {
            let article = refusal.article.as_deref().unwrap_or_default();
            format!("{} {article}", refusal.code.id).trim_end().to_owned()
        }
    }
}

#[test]
fn every_command_in_every_state_by_everybody_is_allowed_or_refused_as_its_row_says() {
    let city = City::new();
    let mut wrong = Vec::new();
    for (command, lines, _) in rows() {
        for ((who, authority), line) in people().iter().zip(lines) {
            let cells: Vec<_> = line.chars().filter(|cell| *cell != ' ').collect();
            assert_eq!(cells.len(), columns().len(), "{} by {who}", name(&command));
            for (state, cell) in columns().into_iter().zip(cells) {
                let before = standing(state);
                let found = told(&decide(&before, command.clone(), authority, &city.rules()));
                if found != legend(cell) {
                    let (at, by) = (before.state.name().as_str(), name(&command));
                    wrong.push(format!("{by} in {at} by {who}: {found}, not {}", legend(cell)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_second_time_is_refused_as_the_row_says() {
    let city = City::new();
    let desk = Authority::desk();
    for (command, lines, again) in rows() {
        let open = lines[0]
            .chars()
            .filter(|cell| *cell != ' ')
            .position(|cell| cell == '+');
        let state = columns()
            .into_iter()
            .nth(open.expect("some state allows it"))
            .expect("a state");
        let before = standing(state);
        let event = decide(&before, command.clone(), &desk, &city.rules()).expect("the grid allows it");
        let after = evolve(before, &event);
        let found = told(&decide(&after, command.clone(), &desk, &city.rules()));
        assert_eq!(found, legend(again), "{} a second time", name(&command));
    }
}

#[test]
fn without_what_it_needs_a_command_is_refused_by_field_and_article() {
    let mut city = City::new();
    let repeat = |earlier| rejected("repeat", earlier);
    for (command, wanted, field) in [
        (rejected("nonsense", None), "appeal.reject_code", "code"),
        (rejected("emergency", None), "appeal.hand_over 10(5)", "code"),
        (answered("rumour", "K-1"), "appeal.basis", "basis"),
        (answered("knowledge", ""), "appeal.knowledge_source", "reference"),
        (
            transferred("911", TransferWay::OneKeyTransfer),
            "appeal.target",
            "target",
        ),
        (
            transferred("110", TransferWay::InternalContact),
            "appeal.way 10(5)",
            "way",
        ),
        (
            merged(ME, State::InProgress),
            "appeal.merge_self",
            "into_appeal_id",
        ),
        (
            merged(MAIN, State::Merged { into: ME, level: 0 }),
            "appeal.merge_chain",
            "into_appeal_id",
        ),
        (
            merged(MAIN, State::Closed),
            "appeal.merge_closed",
            "into_appeal_id",
        ),
    ] {
        refused(&city, &standing(State::Registered), command, wanted, Some(field));
    }
    for (earlier, wanted) in [
        (None, "appeal.repeat_unnamed 11(7)"),
        (earlier(ME, State::Answered, true), "appeal.repeat_unnamed 11(7)"),
        (
            earlier(MAIN, State::Answered, false),
            "appeal.repeat_appellant 11(7)",
        ),
        (
            earlier(MAIN, State::InProgress, true),
            "appeal.repeat_unanswered 11(7)",
        ),
    ] {
        refused(
            &city,
            &standing(State::Registered),
            repeat(earlier),
            wanted,
            Some("earlier_appeal"),
        );
    }
    let emergency = appeal(Urgency::Emergency);
    refused(
        &city,
        &emergency,
        Command::Accept,
        "appeal.emergency 10(5)",
        Some("urgency"),
    );
    let carries = Appeal {
        joined: 1,
        ..standing(State::InProgress)
    };
    refused(&city, &carries, withdrawn(), "appeal.others_joined", None);
    let carries = Appeal {
        joined: 1,
        ..standing(State::Registered)
    };
    refused(
        &city,
        &carries,
        merged(MAIN, State::InProgress),
        "appeal.merge_chain",
        Some("into_appeal_id"),
    );
    city.intake.referral = None;
    city.intake.specialist = None;
    let refer = Command::Refer { question: "?".into() };
    refused(
        &city,
        &standing(State::Registered),
        refer,
        "appeal.no_referral",
        None,
    );
    let submit = Command::Submit { question: "?".into() };
    refused(
        &city,
        &standing(State::Registered),
        submit,
        "appeal.no_specialist",
        None,
    );
}

#[track_caller]
fn refused(city: &City, appeal: &Appeal, command: Command, wanted: &str, field: Option<&str>) {
    let refusal = decide(appeal, command, &Authority::desk(), &city.rules()).expect_err(wanted);
    assert_eq!(refusal.field.as_deref(), field, "{wanted}");
    assert_eq!(told(&Err(refusal)), wanted);
}

#[test]
fn no_command_and_no_state_is_left_out() {
    let rows: BTreeSet<_> = rows().iter().map(|(command, ..)| name(command)).collect();
    assert_eq!(rows, NAMES.iter().copied().collect());
    let states: BTreeSet<_> = columns().iter().map(State::name).collect();
    assert_eq!(states, StateName::ALL.into_iter().collect());
}
