//! Which rule answers which command; what is not allowed is refused and changes nothing.

use hotline_policy::Refusal;

use crate::domain::governed::governed;
use crate::domain::{Command, Event, LegCommand, LegId, Moment, Order, Rules};
use crate::domain::{
    answer, closing, delegate, dispatch, duty, extensions, handling, inside, notes, papers, requests, review,
    whistle,
};

/// What `command` would make happen to `order`.
///
/// # Errors
/// A refusal with the rule, the state or unit that it found, and the article where a regulation says so.
pub fn decide(
    order: &Order,
    command: &Command,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    carried_out(order, command, rules, moment).map_err(|refusal| governed(refusal, order, command, rules))
}

fn carried_out(
    order: &Order,
    command: &Command,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Claim => dispatch::claim(order, moment),
        Command::Release => dispatch::release(order, moment),
        Command::Dispatch(draft) => dispatch::dispatch(order, draft, rules, moment),
        Command::Determine(draft) => dispatch::determine(order, draft, rules, moment),
        Command::Leg(leg, command) => decide_leg(order, *leg, command, rules, moment),
        Command::Redo { reason } => closing::redo(order, reason, rules, moment),
        Command::Close { outcome, reason } => closing::close(order, *outcome, reason),
        Command::Archive => closing::archive(order, rules, moment),
        Command::Join { units, reason } => duty::join(order, units, reason, rules, moment),
        Command::AskDuty { body, question } => duty::ask(order, body, question, rules, moment),
        Command::RecordDuty(draft) => duty::record(order, draft, rules, moment),
        Command::HandUp { reason } => duty::hand_up(order, reason, rules, moment),
        Command::AskOpinion { note } => papers::ask(order, note),
        Command::DecideWhistle(decision) => whistle::decide(order, decision, rules, moment),
        Command::MeetWhistle { minutes, duties } => whistle::meet(order, minutes, duties, rules, moment),
        Command::Accept(draft) => whistle::accept(order, draft, rules, moment),
        Command::FileStatement(draft) => papers::file(order, draft, rules, moment),
    }
}

fn decide_leg(
    order: &Order,
    leg: LegId,
    command: &LegCommand,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        LegCommand::Acknowledge => handling::acknowledge(order, leg, moment),
        LegCommand::Sign => handling::sign(order, leg, moment),
        LegCommand::RecordContact { note } => handling::contact(order, leg, note, moment),
        LegCommand::Delegate { unit, due_at } => delegate::delegate(order, leg, unit, *due_at, rules, moment),
        LegCommand::RequestReturn(draft) => requests::ask_return(order, leg, draft, rules, moment),
        LegCommand::DecideReturn(decision) => requests::decide_return(order, leg, decision, rules, moment),
        LegCommand::RequestExtension(draft) => extensions::ask_extension(order, leg, draft, rules, moment),
        LegCommand::DecideExtension(decision) => {
            extensions::decide_extension(order, leg, decision, rules, moment)
        }
        LegCommand::Reply(draft) => answer::reply(order, leg, draft, rules, moment),
        LegCommand::DecideInside(decision) => inside::decide_inside(order, leg, decision, rules, moment),
        LegCommand::Review(findings) => review::review(order, leg, findings, rules, moment),
        LegCommand::Coordinate { note } => notes::coordinate(order, leg, note, moment),
        LegCommand::Guide { note } => notes::guide(order, leg, note, rules, moment),
        LegCommand::IssueOpinion { words } => papers::issue(order, leg, words, moment),
        LegCommand::BlowWhistle { matter, units } => whistle::blow(order, leg, matter, units, rules, moment),
    }
}
