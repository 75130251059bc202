//! Which row of the policy governs a command: who gives it in the wrong state is told by that row's article.

use hotline_policy::{Obligation, Origin, Refusal};

use crate::domain::refusals::{LEG_STATE, ORDER_STATE};
use crate::domain::{Command, LegCommand, Order, Rules};

/// The refusal of a command; of a wrong state, with the article of the row that governs the command.
pub(super) fn governed(refusal: Refusal, order: &Order, command: &Command, rules: &Rules<'_>) -> Refusal {
    let of_state = [ORDER_STATE.id, LEG_STATE.id].contains(&refusal.code.id);
    if !of_state || refusal.article.is_some() {
        return refusal;
    }
    match article(order, command, rules) {
        Some(article) => refusal.article(article),
        None => refusal,
    }
}

/// The article of the row that governs a command; none where the policy has no such row.
fn article(order: &Order, command: &Command, rules: &Rules<'_>) -> Option<String> {
    let clock = |obligation| clock(order, obligation, rules);
    match command {
        Command::Claim | Command::Release | Command::Dispatch(_) | Command::Determine(_) => {
            clock(Obligation::PreReview)
        }
        Command::Leg(_, command) => of_leg(order, command, rules),
        Command::Redo { .. } => Some(rules.redo_rule(order)?.origin.article_of("trigger")),
        Command::Close { .. } => Some(rules.policy.close().origin.article_of("event")),
        Command::Archive => clock(Obligation::Archive),
        Command::AskDuty { .. } | Command::RecordDuty(_) | Command::HandUp { .. } => {
            Some(rules.return_rule(order)?.origin.article_of("decider"))
        }
        Command::AskOpinion { .. } => Some(rules.review().origin.article_of("on_request")),
        Command::DecideWhistle(_) | Command::MeetWhistle { .. } | Command::Accept(_) => whistle(rules),
        Command::FileStatement(_) => Some(rules.redo_rule(order)?.end.article_of("at_end")),
        Command::Join { .. } => None,
    }
}

fn of_leg(order: &Order, command: &LegCommand, rules: &Rules<'_>) -> Option<String> {
    let decided = |origin: &Origin| origin.article_of("decider");
    match command {
        LegCommand::Acknowledge => clock(order, Obligation::Acknowledge, rules),
        LegCommand::Sign => clock(order, Obligation::Sign, rules),
        LegCommand::RecordContact { .. } => clock(order, Obligation::Contact, rules),
        LegCommand::Delegate { .. } => Some(rules.delegation()?.origin.article_of("earlier_by")),
        LegCommand::RequestReturn(_) | LegCommand::DecideReturn(_) => {
            Some(decided(&rules.return_rule(order)?.origin))
        }
        LegCommand::RequestExtension(_) | LegCommand::DecideExtension(_) => {
            Some(decided(&rules.extension_rule(order)?.origin))
        }
        LegCommand::DecideInside(_) => Some(rules.review().origin.article_of("levels")),
        LegCommand::Reply(_) | LegCommand::Review(_) => Some(decided(&rules.review().origin)),
        LegCommand::IssueOpinion { .. } => Some(rules.review().origin.article_of("on_request")),
        LegCommand::BlowWhistle { .. } => whistle(rules),
        LegCommand::Coordinate { .. } | LegCommand::Guide { .. } => None,
    }
}

/// The article of a limit.
fn clock(order: &Order, obligation: Obligation, rules: &Rules<'_>) -> Option<String> {
    let rule = rules.policy.clock(obligation, &order.facts.matter(order.round))?;
    Some(rule.article.clone())
}

fn whistle(rules: &Rules<'_>) -> Option<String> {
    Some(rules.whistle()?.origin.article_of("decider"))
}
