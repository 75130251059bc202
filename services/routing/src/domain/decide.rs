//! Which rule answers which command; what is not allowed is refused and changes nothing.

use hotline_policy::Refusal;

use crate::domain::{Command, Event, LegCommand, LegId, Moment, Order, Rules};
use crate::domain::{closing, dispatch, handling, requests, review};

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
    match command {
        Command::Claim => dispatch::claim(order, moment),
        Command::Release => dispatch::release(order, moment),
        Command::Dispatch(draft) => dispatch::dispatch(order, draft, rules, moment),
        Command::Determine(draft) => dispatch::determine(order, draft, rules, moment),
        Command::Leg(leg, command) => decide_leg(order, *leg, command, rules, moment),
        Command::Redo { reason } => closing::redo(order, reason, rules, moment),
        Command::Close { outcome, reason } => closing::close(order, *outcome, reason),
        Command::Archive => closing::archive(order, rules, moment),
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
        LegCommand::Delegate { unit, due_at } => handling::delegate(order, leg, unit, *due_at, rules, moment),
        LegCommand::RequestReturn(draft) => requests::ask_return(order, leg, draft, rules, moment),
        LegCommand::DecideReturn(decision) => requests::decide_return(order, leg, decision, rules, moment),
        LegCommand::RequestExtension { reason, amount } => {
            requests::ask_extension(order, leg, reason, *amount, rules, moment)
        }
        LegCommand::DecideExtension(decision) => requests::decide_extension(order, leg, decision, rules),
        LegCommand::Reply(draft) => handling::reply(order, leg, draft, rules, moment),
        LegCommand::Review(findings) => review::review(order, leg, findings, rules, moment),
    }
}
