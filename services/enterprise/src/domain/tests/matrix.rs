//! The matrix of enterprise legs: every command and everything that is heard, in every standing, twice.
//!
//! A new command, event of others or state does not compile until it has its name here, and the test fails until it has a
//! row. Who may call at all is the contract's: the desk is one.

use std::collections::BTreeSet;

use hotline_policy::Refusal;

use super::{PLATFORM, evaluate, settled, standing, start, urge};
use crate::domain::{Command, Event, Heard, Satisfaction, Stage, Standing, State, decide, hear};

macro_rules! names {
    ($function:ident, $all:ident, $type:ty: $($pattern:pat => $name:literal,)+) => {
        fn $function(of: &$type) -> &'static str {
            match of { $($pattern => $name,)+ }
        }

        const $all: &[&str] = &[$($name),+];
    };
}

names! {
    command_name, COMMANDS, Command:
    Command::Urge { .. } => "urge",
    Command::Supplement { .. } => "supplement",
    Command::Evaluate { .. } => "evaluate",
}

names! {
    heard_name, HEARD, Heard:
    Heard::Signed { .. } => "signed",
    Heard::Contacted { .. } => "contacted",
    Heard::Replied { .. } => "replied",
    Heard::SentBack { .. } => "sent_back",
    Heard::ReturnAgreed { .. } => "return_agreed",
    Heard::LeadSent { .. } => "lead_sent",
    Heard::Settled { .. } => "settled",
    Heard::Redone { .. } => "redone",
    Heard::Closed => "closed",
    Heard::Withdrawn => "withdrawn",
    Heard::Breached { .. } => "breached",
    Heard::Answered { .. } => "answered",
}

names! {
    event_name, EVENTS, Event:
    Event::Signed => "signed",
    Event::Contacted => "contacted",
    Event::Replied => "replied",
    Event::SentBack => "sent_back",
    Event::Returned => "returned",
    Event::Redispatched { .. } => "redispatched",
    Event::Settled { .. } => "settled",
    Event::Redone { .. } => "redone",
    Event::Closed => "closed",
    Event::Withdrawn => "withdrawn",
    Event::Breached => "breached",
    Event::Answered { .. } => "answered",
    Event::Urged { .. } => "urged",
    Event::Supplemented { .. } => "supplemented",
    Event::Evaluated { .. } => "evaluated",
}

names! {
    state_name, STATES, State:
    State::Handling { stage: Stage::Received } => "received",
    State::Handling { stage: Stage::Signed } => "signed",
    State::Handling { stage: Stage::Contacted } => "contacted",
    State::Handling { stage: Stage::Redo } => "redo",
    State::Replied { .. } => "replied",
    State::Returned => "returned",
    State::Settled { .. } => "settled",
    State::Closed { .. } => "closed",
    State::Withdrawn => "withdrawn",
}

/// The columns: in the department's hands, replied, given back; settled and closed, each not yet evaluated and evaluated;
/// withdrawn.
fn columns() -> [Standing; 11] {
    let handling = |stage| standing(State::Handling { stage });
    let closed = || State::Closed {
        public_text: "已办结".to_owned(),
    };
    let evaluated = |state| Standing {
        evaluated_round: 1,
        satisfaction: Some(Satisfaction::Fair),
        ..standing(state)
    };
    [
        handling(Stage::Received),
        handling(Stage::Signed),
        handling(Stage::Contacted),
        handling(Stage::Redo),
        standing(State::Replied { from: Stage::Signed }),
        standing(State::Returned),
        standing(settled()),
        evaluated(settled()),
        standing(closed()),
        evaluated(closed()),
        standing(State::Withdrawn),
    ]
}

/// What a letter of the commands' grid stands for.
fn legend(cell: char) -> &'static str {
    match cell {
        '+' => "allowed",
        'n' => "enterprise.not_open 2",
        'e' => "enterprise.ended",
        's' => "enterprise.not_settled",
        'v' => "enterprise.evaluated",
        'w' => "enterprise.note_required note",
        _ => "a letter that the legend lacks",
    }
}

/// A command, its cells, and what it is told a second time where it is allowed.
fn commands() -> Vec<(Command, &'static str, Option<char>)> {
    let supplement = |note: &str| Command::Supplement {
        note: note.to_owned(),
    };
    vec![
        (urge("请尽快"), "+++++nnnnnn", Some('+')),
        (urge(""), "wwwwwwwwwww", None),
        (supplement("补充"), "++++++++eee", Some('+')),
        (supplement(""), "wwwwwwwwwww", None),
        (evaluate(Satisfaction::Fair, ""), "ssssss+v+vs", Some('v')),
        (
            evaluate(Satisfaction::Dissatisfied, "没人来"),
            "ssssss+v+vs",
            Some('v'),
        ),
        (evaluate(Satisfaction::VeryDissatisfied, ""), "sssssswvwvs", None),
    ]
}

fn told(answer: &Result<Event, Refusal>) -> String {
    match answer {
        Ok(_) => "allowed".into(),
        Err(refusal) => {
            let field = refusal.field.as_deref().filter(|field| *field != "version");
            let more = refusal.article.as_deref().or(field).unwrap_or_default();
            format!("{} {more}", refusal.code.id).trim_end().to_owned()
        }
    }
}

#[test]
fn every_command_in_every_standing_is_allowed_or_refused_as_its_row_says() {
    let mut wrong = Vec::new();
    for (command, line, again) in commands() {
        let mut second = None;
        for (leg, cell) in columns().into_iter().zip(line.chars()) {
            let answer = decide(&leg, leg.version, &command);
            let at = format!("{command:?} in {:?}", leg.state);
            if told(&answer) != legend(cell) {
                wrong.push(format!("{at}: {}, not {}", told(&answer), legend(cell)));
            }
            let stale = told(&decide(&leg, leg.version + 1, &command));
            if stale != "enterprise.stale" {
                wrong.push(format!("{at}, seen before: {stale}"));
            }
            if let (Ok(event), None) = (answer, &second) {
                let mut after = leg.clone();
                after.evolve(&event, start());
                second = Some(told(&decide(&after, 0, &command)));
            }
        }
        assert_eq!(line.len(), columns().len(), "{command:?}");
        assert_eq!(second.as_deref(), again.map(legend), "{command:?} a second time");
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

/// What follows from what is heard: a letter names the event, a dot nothing.
fn follows(cell: char) -> &'static str {
    match cell {
        '.' => "nothing",
        'S' => "signed",
        'C' => "contacted",
        'R' => "replied",
        'B' => "sent_back",
        'U' => "returned",
        'D' => "redispatched",
        'T' => "settled",
        'X' => "redone",
        'K' => "closed",
        'W' => "withdrawn",
        'H' => "breached",
        'A' => "answered",
        _ => "a letter that the legend lacks",
    }
}

/// What is heard, its cells with the letters of [`follows`] (`X`: redone), and whether it changes something a second time.
fn heard() -> Vec<(Heard, &'static str, bool)> {
    let unit = |unit: &str| unit.to_owned();
    let lead_sent = |round| Heard::LeadSent {
        unit: unit("u2"),
        round,
    };
    let redone = |round| Heard::Redone {
        lead_unit: unit("u2"),
        round,
    };
    let breached = |of: &str| Heard::Breached { unit: unit(of) };
    let over = Heard::Settled {
        lead_unit: unit("u1"),
        public_text: "已办结".to_owned(),
    };
    let satisfaction = Satisfaction::Satisfied;
    vec![
        (Heard::Signed { round: 1 }, "S..S.......", false),
        (Heard::Signed { round: 2 }, "...........", false),
        (Heard::Contacted { round: 1 }, "CC.C.......", false),
        (Heard::Contacted { round: 2 }, "...........", false),
        (Heard::Replied { round: 1 }, "RRRR.......", false),
        (Heard::Replied { round: 2 }, "...........", false),
        (Heard::SentBack { round: 1 }, "....B......", false),
        (Heard::SentBack { round: 2 }, "...........", false),
        (Heard::ReturnAgreed { round: 1 }, "UUUUU......", false),
        (Heard::ReturnAgreed { round: 2 }, "...........", false),
        (lead_sent(1), ".....D.....", false),
        (lead_sent(2), "XXXXXXXXXX.", false),
        (over, "TTTTTT.....", false),
        (redone(1), "...........", false),
        (redone(2), "XXXXXXXXXX.", false),
        (Heard::Closed, "KKKKKKKK...", false),
        (Heard::Withdrawn, "WWWWWWWWWW.", false),
        (breached("u1"), "HHHHHHHHHHH", true),
        (breached(PLATFORM), "...........", false),
        (breached(""), "...........", false),
        (Heard::Answered { satisfaction }, "AAAAAAAAAA.", true),
    ]
}

#[test]
fn everything_that_is_heard_in_every_standing_leads_where_its_row_says() {
    let named = |event: Option<&Event>| event.map_or("nothing", event_name);
    let mut wrong = Vec::new();
    for (what, line, again) in heard() {
        let columns = columns();
        assert_eq!(line.len(), columns.len(), "{what:?}");
        let mut second = None;
        for (leg, cell) in columns.into_iter().zip(line.chars()) {
            let event = hear(&leg, PLATFORM, &what);
            if named(event.as_ref()) != follows(cell) {
                let found = named(event.as_ref());
                wrong.push(format!(
                    "{what:?} in {:?}: {found}, not {}",
                    leg.state,
                    follows(cell)
                ));
            }
            if let (Some(event), None) = (event, second) {
                let mut after = leg.clone();
                after.evolve(&event, start());
                second = Some(hear(&after, PLATFORM, &what).is_some());
            }
        }
        assert_eq!(second.unwrap_or_default(), again, "{what:?} a second time");
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_command_no_event_and_no_state_is_left_out() {
    let all = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    let rows: BTreeSet<_> = commands()
        .iter()
        .map(|(command, ..)| command_name(command))
        .collect();
    assert_eq!(rows, all(COMMANDS));
    let heard: Vec<_> = heard().into_iter().map(|(what, ..)| what).collect();
    assert_eq!(heard.iter().map(heard_name).collect::<BTreeSet<_>>(), all(HEARD));
    let columns = columns();
    assert_eq!(
        columns
            .iter()
            .map(|leg| state_name(&leg.state))
            .collect::<BTreeSet<_>>(),
        all(STATES)
    );
    let followed = |leg: &Standing| -> Vec<&'static str> {
        let commanded = commands()
            .into_iter()
            .filter_map(|(command, ..)| decide(leg, 0, &command).ok());
        let heard = heard.iter().filter_map(|what| hear(leg, PLATFORM, what));
        commanded.chain(heard).map(|event| event_name(&event)).collect()
    };
    assert_eq!(
        columns.iter().flat_map(followed).collect::<BTreeSet<_>>(),
        all(EVENTS)
    );
}
