//! The other axis of the matrix: what each body may have done to a case, and each unit, in every state.
//!
//! Who of the platform may command at all is the contract's; bodies act through it by the rights that Nanchang's articles 3
//! and 33 give them, and a unit answers what was addressed to it.

use super::super::{Case, Command};
use super::matrix::{COLUMNS, answered, ask, case, coordinate, first, hand_over, issue, told};

/// What a letter of the grid stands for.
fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        'c' => "supervision.closed",
        'j' => "supervision.right_missing 3",
        'l' => "supervision.right_missing 33",
        'u' => "supervision.value_unknown",
        'i' => "supervision.instrument_absent",
        't' => "supervision.reply_stands",
        'o' => "supervision.unit_other",
        _ => "a letter that the legend lacks",
    }
}

/// Everywhere the same, but in a closed case.
const ALLOWED: &str = "+++++ ++++ +c";
const NOT_THE_MEETINGS: &str = "jjjjj jjjj jc";
const NOT_THE_LEADERS: &str = "lllll llll lc";
const UNKNOWN: &str = "uuuuu uuuu uc";

/// The desk itself, the joint conference, the city's leader, and a body that the city does not have.
const BODIES: [Option<&str>; 4] = [None, Some("joint_conference"), Some("city_leader"), Some("mayor")];

/// A command in the name of a body, and a line for each of them; none where it cannot be without a body.
type Row = (fn(Option<&str>) -> Command, [Option<&'static str>; 4]);

fn in_the_name_of_bodies() -> [Row; 4] {
    let [ok, meeting, leader, unknown] = [ALLOWED, NOT_THE_MEETINGS, NOT_THE_LEADERS, UNKNOWN].map(Some);
    [
        (issued, [ok, ok, leader, unknown]),
        (
            |body| coordinate(body.unwrap_or_default(), None, "纪要"),
            [None, ok, leader, unknown],
        ),
        (
            |body| coordinate(body.unwrap_or_default(), Some("nc-water"), "纪要"),
            [None, meeting, leader, unknown],
        ),
        (
            |body| hand_over("discipline", body, "移送"),
            [ok, meeting, ok, unknown],
        ),
    ]
}

fn issued(by: Option<&str>) -> Command {
    match issue("supervision_slip", "未办结") {
        Command::Issue {
            code, unit, reason, ..
        } => Command::Issue {
            code,
            unit,
            reason,
            body: by.map(str::to_owned),
        },
        other => other,
    }
}

/// Compares a line of cells.
fn compare(line: &str, who: &str, command: impl Fn(&Case) -> Command) -> Vec<String> {
    let cells: Vec<_> = line.chars().filter(|cell| *cell != ' ').collect();
    assert_eq!(cells.len(), COLUMNS.len(), "{line}");
    let differs = |((at, steps), cell): (&(&str, &[&str]), char)| {
        let case = case(steps);
        let command = command(&case);
        let found = told(&ask(&case, &command));
        (found != legend(cell))
            .then(|| format!("{command:?} by {who} in {at}: {found}, not {}", legend(cell)))
    };
    COLUMNS.iter().zip(cells).filter_map(differs).collect()
}

#[test]
fn every_body_may_in_every_state_what_its_rights_say() {
    let mut wrong = Vec::new();
    for (command, lines) in in_the_name_of_bodies() {
        for (body, line) in BODIES.into_iter().zip(lines) {
            if let Some(line) = line {
                wrong.extend(compare(line, body.unwrap_or("the desk"), |_| command(body)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_unit_answers_in_every_state_what_was_addressed_to_it_and_nothing_else() {
    let units = [
        ("nc-water", "i+tt+ iiii +c"),
        ("nc-gas", "ioooo iiii oc"),
        ("", "ioooo iiii oc"),
    ];
    let wrong: Vec<_> = units
        .iter()
        .flat_map(|(unit, line)| compare(line, unit, |case| answered(case, "已办结", unit)))
        .collect();
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
    assert!(first(&case(&[])).is_nil() && !first(&case(&["issue"])).is_nil());
}
