//! The matrix of supervision: every command in every state of a case, twice, and without what it needs.
//!
//! A new command or state does not compile until it has its name here, and the test fails until it has a row. Nanchang's
//! policy is asked: it has every table.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use hotline_policy::Refusal;
use hotline_policy::rules::{Bearer, Finding};
use hotline_worktime::WorkClock;
use uuid::Uuid;

use super::super::{Case, CaseState, Command, Context, Event, MeasureDraft, Why, decide, evolve};
use crate::domain::testing::{calendar_until, library, local};

macro_rules! names {
    ($($pattern:pat => $name:literal,)+) => {
        fn name(command: &Command) -> &'static str {
            match command { $($pattern => $name,)+ }
        }

        const NAMES: &[&str] = &[$($name),+];
    };
}

names! {
    Command::Issue { .. } => "issue",
    Command::Reply { .. } => "reply",
    Command::DecideReply { .. } => "decide_reply",
    Command::Coordinate { .. } => "coordinate",
    Command::OpenVerification => "open_verification",
    Command::Verify { .. } => "verify",
    Command::FindDelay(..) => "find_delay",
    Command::Raise(..) => "raise",
    Command::Measure(..) => "measure",
    Command::Exempt(..) => "exempt",
    Command::HandOver(..) => "hand_over",
    Command::Close(..) => "close",
}

/// What a letter of the grid stands for; the case rests on article 14(5).
fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        'c' => "supervision.closed",
        'i' => "supervision.instrument_absent",
        't' => "supervision.reply_stands",
        'w' => "supervision.reply_absent",
        'v' => "supervision.verification_absent 14(5)",
        'd' => "supervision.open_duty",
        'o' => "supervision.open_duty 14(5)",
        'a' => "supervision.open_duty 42(2)",
        'm' => "supervision.cause_missing",
        'x' => "supervision.exempted",
        'f' => "supervision.open_duty 41",
        'k' => "supervision.cause_stands 42(2)",
        's' => "supervision.measures_stand",
        _ => "a letter that the legend lacks",
    }
}

/// The columns, and what each case went through.
pub(super) const COLUMNS: [(&str, &[&str]); 11] = [
    ("open", &[]),
    ("issued", &["issue"]),
    ("replied", &["issue", "reply"]),
    ("accepted", &["issue", "reply", "accept"]),
    ("sent back", &["issue", "reply", "refuse"]),
    ("to verify", &["open_verification"]),
    ("raised", &["raise"]),
    ("measured", &["raise", "measure"]),
    ("exempted", &["raise", "exempt"]),
    ("listed", &["list"]),
    ("closed", &["close"]),
];

/// One command: its cells, and what it is told a second time.
type Row = (fn(&Case) -> Command, &'static str, char);

fn rows() -> Vec<Row> {
    vec![
        (|_| issue("supervision_slip", "未办结"), "+++++ ++++ +c", '+'),
        (reply, "i+tt+ iiii +c", 't'),
        (|case| decided(case, true, "属实"), "iw+ww iiii wc", 'w'),
        (
            |_| coordinate("joint_conference", None, "纪要"),
            "+++++ ++++ +c",
            '+',
        ),
        (|_| Command::OpenVerification, "+++++ d+++ +c", 'd'),
        (|_| verify("已复核"), "vvvvv +vvv vc", 'v'),
        (
            |_| Command::FindDelay(true, "平台迟转".into()),
            "+++++ ++++ +c",
            '+',
        ),
        (|_| raise(&["false_reply"], "不实"), "+++++ +kkk +c", 'k'),
        (|_| measure(Bearer::Unit, "某局"), "mmmmm m++x mc", '+'),
        (|_| exempt("honest_mistake", true), "mmmmm m+sx mc", 'x'),
        (|_| hand_over("discipline", None, "移送"), "+++++ ++++ +c", '+'),
        (|_| closed("resolved", "已办"), "+o++o oa++ fc", 'c'),
    ]
}

pub(super) fn issue(code: &str, reason: &str) -> Command {
    let [code, reason] = [code, reason].map(str::to_owned);
    Command::Issue {
        code,
        unit: None,
        reason,
        body: None,
    }
}

pub(super) fn first(case: &Case) -> Uuid {
    case.instruments.first().map_or(Uuid::nil(), |known| known.id)
}

fn reply(case: &Case) -> Command {
    answered(case, "已办结", "nc-water")
}

pub(super) fn answered(case: &Case, text: &str, unit: &str) -> Command {
    let [text, unit] = [text, unit].map(str::to_owned);
    Command::Reply {
        instrument: first(case),
        text,
        attachments: Vec::new(),
        unit,
    }
}

fn decided(case: &Case, accepted: bool, reason: &str) -> Command {
    Command::DecideReply {
        instrument: first(case),
        accepted,
        reason: reason.into(),
    }
}

pub(super) fn coordinate(body: &str, lead: Option<&str>, minutes: &str) -> Command {
    let [body, minutes] = [body, minutes].map(str::to_owned);
    let lead = lead.map(str::to_owned);
    Command::Coordinate {
        body,
        units: vec!["nc-water".into()],
        lead,
        minutes,
    }
}

fn verify(note: &str) -> Command {
    let (contacted, solved) = (true, true);
    Command::Verify {
        finding: Finding::Faulty,
        contacted,
        solved,
        note: note.into(),
    }
}

fn raise(causes: &[&str], reason: &str) -> Command {
    let causes = causes.iter().map(ToString::to_string).collect();
    Command::Raise(causes, reason.into())
}

fn measure(holds: Bearer, subject: &str) -> Command {
    measured("notice", holds, subject, "通报")
}

fn measured(code: &str, holds: Bearer, subject: &str, reason: &str) -> Command {
    let [code, subject] = [code, subject].map(str::to_owned);
    Command::Measure(vec![MeasureDraft { code, holds, subject }], reason.into())
}

fn exempt(code: &str, whole: bool) -> Command {
    let found = ["未违反禁止性规定", "尽职尽责", "积极主动纠正"].map(str::to_owned);
    let found = found.into_iter().skip(usize::from(!whole)).collect();
    Command::Exempt(code.into(), found, "容错".into())
}

pub(super) fn hand_over(recipient: &str, body: Option<&str>, reason: &str) -> Command {
    Command::HandOver(recipient.into(), body.map(str::to_owned), reason.into())
}

fn closed(outcome: &str, reason: &str) -> Command {
    Command::Close(outcome.into(), reason.into())
}

/// Nanchang's working time.
fn work() -> &'static WorkClock {
    static WORK: OnceLock<WorkClock> = OnceLock::new();
    let policy = &library().city("nanchang").expect("it is shipped").policy;
    WORK.get_or_init(|| policy.work_clock(&calendar_until(2026)))
}

/// Asks Nanchang's rules.
pub(super) fn ask(case: &Case, command: &Command) -> Result<Vec<Event>, Refusal> {
    let policy = &library().city("nanchang").expect("it is shipped").policy;
    let next = std::sync::atomic::AtomicUsize::new(case.instruments.len() + 1);
    let context = Context {
        rules: policy.supervision(),
        work: work(),
        after: Some("3 working days".parse().expect("a limit")),
        at: local("2026-03-03 10:00"),
        actor: "u-supervisor",
        fresh: &|| Uuid::from_u128(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as u128),
        unit_name: &|unit| unit.to_owned(),
    };
    decide(case, command, &context)
}

fn takes(case: &mut Case, command: &Command) {
    let events = ask(case, command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
    events
        .iter()
        .for_each(|event| evolve(case, event, local("2026-03-03 10:00")));
}

/// A case that went through these.
pub(super) fn case(steps: &[&str]) -> Case {
    let mut case = opened();
    for step in steps {
        let command = match *step {
            "issue" => issue("supervision_slip", "未办结"),
            "reply" => reply(&case),
            "accept" => decided(&case, true, "属实"),
            "refuse" => decided(&case, false, "不属实"),
            "open_verification" => Command::OpenVerification,
            "raise" => raise(&["false_reply"], "不实"),
            "measure" => measure(Bearer::Unit, "某局"),
            "exempt" => exempt("honest_mistake", true),
            "list" => issue("listing", "多次不签收"),
            "close" => closed("resolved", "已办"),
            other => unreachable!("{other}"),
        };
        takes(&mut case, &command);
    }
    case
}

fn opened() -> Case {
    Case {
        id: Uuid::from_u128(1),
        number: "DB360100202600001".into(),
        policy_id: "nanchang-2022".into(),
        policy_version: "nanchang-2022@1".into(),
        order: None,
        class: "overdue".into(),
        class_name: "规定时限内未办结".into(),
        key: String::new(),
        source: "platform".into(),
        unit: "nc-water".into(),
        others: Vec::new(),
        title: "水表".into(),
        reason: "未办结".into(),
        article: "14(5)".into(),
        why: Why::said("未办结"),
        to: Vec::new(),
        state: CaseState::Open,
        outcome: (String::new(), String::new()),
        opened_at: local("2026-03-02 09:00"),
        opened_by: "u-supervisor".into(),
        closed_at: None,
        instruments: Vec::new(),
        cards: Vec::new(),
        meetings: Vec::new(),
        verifications: Vec::new(),
        causes: Vec::new(),
        measures: Vec::new(),
        exemption: None,
        hand_overs: Vec::new(),
        platform: None,
        version: 1,
    }
}

pub(super) fn told(answer: &Result<Vec<Event>, Refusal>) -> String {
    match answer {
        Ok(events) => if events.is_empty() {
            "nothing happens"
        } else {
            "allowed"
        }
        .into(),
        Err(refusal) => {
            let article = refusal.article.as_deref().unwrap_or_default();
            format!("{} {article}", refusal.code.id).trim_end().to_owned()
        }
    }
}

#[test]
fn every_command_in_every_state_is_allowed_or_refused_as_its_row_says() {
    let mut wrong = Vec::new();
    for (command, line, again) in rows() {
        let cells: Vec<_> = line.chars().filter(|cell| *cell != ' ').collect();
        assert_eq!(cells.len(), COLUMNS.len(), "{line}");
        let mut second = None;
        for ((at, steps), cell) in COLUMNS.iter().zip(cells) {
            let mut case = case(steps);
            let (before, command) = (case.clone(), command(&case));
            let answer = ask(&case, &command);
            let found = told(&answer);
            let wanted = legend(cell);
            if found != wanted {
                wrong.push(format!("{} in {at}: {found}, not {wanted}", name(&command)));
            }
            assert_eq!(case, before, "to decide changes nothing");
            if let (Ok(events), None) = (answer, &second) {
                events
                    .iter()
                    .for_each(|event| evolve(&mut case, event, local("2026-03-03 10:00")));
                second = Some((name(&command), told(&ask(&case, &command))));
            }
        }
        let (of, second) = second.expect("some state allows it");
        if second != legend(again) {
            wrong.push(format!("{of} a second time: {second}, not {}", legend(again)));
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn without_what_it_needs_a_command_is_refused_by_field_and_article() {
    const TEXT: &str = "supervision.text_missing";
    const VALUE: &str = "supervision.value_unknown";
    let at = |steps: &[&str], command: Command, wanted: &str, field: &str| {
        let refusal = ask(&case(steps), &command).expect_err(wanted);
        assert_eq!(
            refusal.field.as_deref().unwrap_or_default(),
            field,
            "{wanted}: {command:?}"
        );
        assert_eq!(told(&Err(refusal)), wanted, "{command:?}");
    };
    at(&[], issue("letter", "未办结"), VALUE, "code");
    at(&[], issue("supervision_slip", " "), TEXT, "reason");
    let by = |body: &str| match issue("supervision_slip", "未办结") {
        Command::Issue {
            code, unit, reason, ..
        } => Command::Issue {
            code,
            unit,
            reason,
            body: Some(body.into()),
        },
        other => other,
    };
    at(&[], by("nobody"), VALUE, "body");
    at(&[], by("city_leader"), "supervision.right_missing 33", "body");
    let issued = case(&["issue"]);
    at(&["issue"], answered(&issued, "", "nc-water"), TEXT, "text");
    at(
        &["issue"],
        answered(&issued, "已办", "nc-gas"),
        "supervision.unit_other",
        "instrument_id",
    );
    let mut told_only = opened();
    takes(&mut told_only, &issue("bulletin", "质量差"));
    let refusal = ask(&told_only, &reply(&told_only)).expect_err("nobody asked");
    assert_eq!(told(&Err(refusal)), "supervision.reply_not_asked 33");
    at(&["issue", "reply"], decided(&issued, false, ""), TEXT, "reason");
    at(&[], coordinate("joint_conference", None, ""), TEXT, "minutes");
    at(
        &[],
        coordinate("city_leader", None, "纪要"),
        "supervision.right_missing 33",
        "body",
    );
    at(
        &[],
        coordinate("joint_conference", Some("nc-water"), "纪要"),
        "supervision.right_missing 3",
        "body",
    );
    at(&["open_verification"], verify(""), TEXT, "note");
    at(&[], Command::FindDelay(true, String::new()), TEXT, "reason");
    at(&[], raise(&[], "不实"), TEXT, "causes");
    at(&[], raise(&["theft"], "不实"), VALUE, "causes");
    at(&[], raise(&["false_reply"], ""), TEXT, "reason");
    at(
        &["raise"],
        measured("prison", Bearer::Unit, "某局", "x"),
        VALUE,
        "measures[0].code",
    );
    at(&["raise"], measure(Bearer::Unit, ""), TEXT, "measures[0].subject");
    at(
        &["raise"],
        measured("notice", Bearer::Unit, "某局", ""),
        TEXT,
        "reason",
    );
    at(
        &["raise"],
        Command::Measure(Vec::new(), "x".into()),
        "supervision.text_missing 42(2)",
        "measures",
    );
    at(&["raise"], exempt("mercy", true), VALUE, "code");
    at(
        &["raise"],
        exempt("honest_mistake", false),
        "supervision.condition_missing",
        "found",
    );
    at(&[], hand_over("nobody", None, "移送"), VALUE, "recipient");
    at(
        &[],
        hand_over("discipline", Some("joint_conference"), "移送"),
        "supervision.right_missing 3",
        "body",
    );
    at(&[], hand_over("discipline", None, ""), TEXT, "reason");
    at(&[], closed("forgotten", "x"), VALUE, "outcome");
    at(&[], closed("resolved", ""), TEXT, "reason");
}

#[test]
fn no_command_and_no_state_is_left_out() {
    let rows: BTreeSet<_> = rows()
        .iter()
        .map(|(command, ..)| name(&command(&opened())))
        .collect();
    assert_eq!(rows, NAMES.iter().copied().collect());
    let number = |state| match state {
        CaseState::Open => 0,
        CaseState::Listed => 1,
        CaseState::Closed => 2,
    };
    let states: BTreeSet<_> = COLUMNS
        .iter()
        .map(|(_, steps)| number(case(steps).state))
        .collect();
    assert_eq!(states, (0..=2).collect());
}
