//! The matrix: every command in every state by everybody, twice, without its evidence and outside its window.
//!
//! Each row says where its command is allowed; every other cell is refused with the code, and where a regulation says
//! so the article, that the row names. A new command does not compile until it has a name here, and the test fails
//! until it has a row, a scene that allows it, and an entry in the table of evidence.

mod evidence;
mod people;
mod rows;
mod scenes;
mod states;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use hotline_policy::Refusal;

use super::world::{World, apply, day};
use crate::domain::{Command, Event, LegCommand};
use evidence::{asks_for_nothing, bare, late};
use people::Who;
use rows::{Row, legend, rows};
use scenes::{Scene, scene};

/// When the commands of the matrix are given: in every window that a scene opens.
fn now() -> DateTime<Utc> {
    day(3, "11:00")
}

/// A name for every command; a command that is missing here does not compile.
macro_rules! names {
    ($($pattern:pat => $name:literal,)+) => {
        /// The name of a command in the tables.
        fn name(command: &Command) -> &'static str {
            match command { $($pattern => $name,)+ }
        }

        /// Every name.
        const NAMES: &[&str] = &[$($name),+];
    };
}

names! {
    Command::Claim => "claim",
    Command::Release => "release",
    Command::Dispatch(_) => "dispatch",
    Command::Determine(_) => "determine",
    Command::Redo { .. } => "redo",
    Command::Close { .. } => "close",
    Command::Archive => "archive",
    Command::Join { .. } => "join",
    Command::AskDuty { .. } => "ask_duty",
    Command::RecordDuty(_) => "record_duty",
    Command::HandUp { .. } => "hand_up",
    Command::AskOpinion { .. } => "ask_opinion",
    Command::DecideWhistle(_) => "decide_whistle",
    Command::MeetWhistle { .. } => "meet_whistle",
    Command::Accept(_) => "accept",
    Command::FileStatement(_) => "file_statement",
    Command::Leg(_, LegCommand::Acknowledge) => "acknowledge",
    Command::Leg(_, LegCommand::Sign) => "sign",
    Command::Leg(_, LegCommand::RecordContact { .. }) => "record_contact",
    Command::Leg(_, LegCommand::Delegate { .. }) => "delegate",
    Command::Leg(_, LegCommand::RequestReturn(_)) => "request_return",
    Command::Leg(_, LegCommand::DecideReturn(_)) => "decide_return",
    Command::Leg(_, LegCommand::RequestExtension(_)) => "request_extension",
    Command::Leg(_, LegCommand::DecideExtension(_)) => "decide_extension",
    Command::Leg(_, LegCommand::Reply(_)) => "reply",
    Command::Leg(_, LegCommand::DecideInside(_)) => "decide_inside",
    Command::Leg(_, LegCommand::Review(_)) => "review",
    Command::Leg(_, LegCommand::Coordinate { .. }) => "coordinate",
    Command::Leg(_, LegCommand::Guide { .. }) => "guide",
    Command::Leg(_, LegCommand::IssueOpinion { .. }) => "issue_opinion",
    Command::Leg(_, LegCommand::BlowWhistle { .. }) => "blow_whistle",
}

/// What came of a command, in the words of the tables.
fn told(answer: &Result<Vec<Event>, Refusal>) -> String {
    match answer {
        Ok(events) if events.is_empty() => "nothing happens".into(),
        Ok(_) => "allowed".into(),
        // Which article a wrong state is told by is the command's, and stands in a test of its own.
        Err(refusal) if ["order.state", "leg.state"].contains(&refusal.code.id) => refusal.code.id.into(),
        Err(refusal) => {
            let article = refusal.article.as_deref().unwrap_or_default();
            format!("{} {article}", refusal.code.id).trim_end().to_owned()
        }
    }
}

fn decided(world: &World, scene: &Scene, command: &Command, who: Who) -> Result<Vec<Event>, Refusal> {
    world.decide(&scene.order, &scene.actor(who), command, now())
}

/// The scenes of the grid, in the order of its columns.
fn columns(world: &World) -> Vec<Scene> {
    scenes::NAMES.iter().map(|name| scene(world, name)).collect()
}

/// The cells of a row, without the spaces between its groups.
fn cells(row: &Row) -> Vec<char> {
    row.cells.chars().filter(|cell| *cell != ' ').collect()
}

#[test]
fn every_command_in_every_state_is_allowed_or_refused_as_its_row_says() {
    let world = World::matrix();
    let columns = columns(&world);
    let mut wrong = Vec::new();
    for row in rows() {
        let cells = cells(&row);
        assert_eq!(cells.len(), columns.len(), "the row of {}", row.label);
        for (cell, scene) in cells.iter().zip(&columns) {
            let command = (row.command)(scene);
            let found = told(&decided(&world, scene, &command, row.by));
            let wanted = legend(*cell);
            if found != wanted {
                wrong.push(format!("{} in {}: {found}, not {wanted}", row.label, scene.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nobody_but_those_of_the_row_may_and_who_may_not_never_can() {
    let world = World::matrix();
    let columns = columns(&world);
    let mut wrong = Vec::new();
    for row in rows() {
        for (cell, scene) in cells(&row).into_iter().zip(&columns) {
            let command = (row.command)(scene);
            for who in Who::ALL.iter().map(|who| scene.stands(*who)) {
                let found = told(&decided(&world, scene, &command, who));
                let allowed = found == "allowed" || found == "nothing happens";
                let at = || format!("{} in {} by {who:?}", row.label, scene.name);
                if row.exceptions.contains(&(scene.name, who)) {
                    assert!(allowed, "{}: {found}; the exception is none", at());
                } else if row.may.contains(&who) && found != legend(cell) {
                    wrong.push(format!("{}: {found}, not {}", at(), legend(cell)));
                } else if !row.may.contains(&who) && allowed {
                    wrong.push(format!("{}: {found}", at()));
                } else if !row.may.contains(&who) && cell == '+' && found != row.stranger(who) {
                    wrong.push(format!("{}: {found}, not {}", at(), row.stranger(who)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_second_time_is_answered_as_the_row_says() {
    let world = World::matrix();
    for row in rows() {
        let place = cells(&row).iter().position(|cell| *cell == '+');
        let place = place.unwrap_or_else(|| panic!("no scene allows {}", row.label));
        let mut scene = scene(&world, scenes::NAMES[place]);
        let command = (row.command)(&scene);
        let events = decided(&world, &scene, &command, row.by).expect("the grid allows it");
        apply(&mut scene.order, &events, now());
        let again = told(&decided(&world, &scene, &command, row.by));
        assert_eq!(again, legend(row.again), "{} a second time", row.label);
    }
}

#[test]
fn without_its_evidence_a_command_is_refused_by_its_field() {
    let world = World::matrix();
    for (label, scene_name, make, wanted, field) in bare() {
        let scene = scene(&world, scene_name);
        let command = make(&scene);
        let by = rows().into_iter().find(|row| row.name() == name(&command));
        let by = by.unwrap_or_else(|| panic!("{label} has no row")).by;
        let refusal = decided(&world, &scene, &command, by).expect_err(label);
        assert_eq!(refusal.field.as_deref(), Some(field), "{label}: {refusal}");
        assert_eq!(told(&Err(refusal)), wanted, "{label}");
    }
}

#[test]
fn before_and_after_its_window_a_command_is_refused_with_its_article() {
    let world = World::matrix();
    for (label, scene_name, make, at, wanted) in late() {
        let scene = scene(&world, scene_name);
        let command = make(&scene);
        let by = rows().into_iter().find(|row| row.name() == name(&command));
        let actor = scene.actor(by.unwrap_or_else(|| panic!("{label} has no row")).by);
        let answer = world.decide(&scene.order, &actor, &command, at);
        assert_eq!(told(&answer), wanted, "{label}");
    }
}

#[test]
fn no_command_and_no_state_is_left_out() {
    let world = World::matrix();
    let all: BTreeSet<_> = NAMES.iter().copied().collect();
    let with_row: BTreeSet<_> = rows().iter().map(Row::name).collect();
    assert_eq!(with_row, all, "rows");
    let with_evidence: BTreeSet<_> = bare()
        .into_iter()
        .map(|(_, of, make, ..)| name(&make(&scene(&world, of))))
        .chain(asks_for_nothing().iter().copied())
        .collect();
    assert_eq!(with_evidence, all, "evidence");
    let columns = columns(&world);
    let states: BTreeSet<_> = columns.iter().map(|scene| scene.order.state.as_str()).collect();
    let wanted = states::order_states();
    let wanted = wanted.iter().map(crate::domain::State::as_str);
    assert_eq!(states, wanted.into_iter().collect(), "states of the order");
    let legs = columns.iter().filter_map(|scene| scene.order.leg(scene.leg));
    let legs: BTreeSet<_> = legs.map(|leg| leg.state.as_str()).collect();
    let wanted = states::leg_states();
    assert_eq!(legs, wanted.into_iter().collect(), "states of the leg");
}
