//! Publishes what the register did and gives the line for the timeline.

use hotline_bus::{Fault, Tx};
use uuid::Uuid;

use crate::contract;
use crate::domain::{Case, Event, Line};
use crate::told::Tells;
use crate::words::Book;

/// Publishes `event` about `case` and gives its line.
pub(super) fn tell(tx: &mut Tx, book: &Book, case: &Case, event: &Event, actor: &str) -> Result<Line, Fault> {
    let root = case.id;
    match event {
        Event::Registered => out(tx, book, root, &contract::registered(case, actor)),
        Event::Accepted => out(tx, book, root, &contract::accepted(case, actor)),
        Event::Rejected {
            code,
            article,
            explanation,
            guidance,
            earlier_number,
        } => out(
            tx,
            book,
            root,
            &contract::rejected(
                case,
                actor,
                [code, article, explanation, guidance, earlier_number],
            ),
        ),
        Event::Referred {
            question,
            level,
            decider,
        } => out(
            tx,
            book,
            root,
            &contract::referred(case, actor, question, (*level, *decider)),
        ),
        Event::Submitted {
            question,
            decider,
            article,
        } => out(
            tx,
            book,
            root,
            &contract::submitted(case, actor, [question.as_str(), *decider, article.as_str()]),
        ),
        Event::Answered {
            answer,
            basis,
            reference,
        } => out(
            tx,
            book,
            root,
            &contract::answered(case, actor, [answer, basis, reference]),
        ),
        Event::Transferred {
            target,
            target_name,
            note,
            way,
        } => out(
            tx,
            book,
            root,
            &contract::transferred(
                case,
                actor,
                [target.as_str(), target_name.as_str(), note.as_str(), *way],
            ),
        ),
        Event::Merged { into, into_number } => {
            out(tx, book, root, &contract::merged(case, actor, *into, into_number))
        }
        Event::Unmerged { from } => out(tx, book, root, &contract::unmerged(case, actor, *from)),
        Event::Withdrawn { reason } => out(tx, book, root, &contract::withdrawn(case, actor, reason)),
        Event::Urged { urge_id, note, count } => out(
            tx,
            book,
            root,
            &contract::urged(case, actor, *urge_id, note, *count),
        ),
        Event::Supplemented { supplement_id, text } => out(
            tx,
            book,
            root,
            &contract::supplemented(case, actor, *supplement_id, text),
        ),
    }
}

/// Publishes one event and gives its line.
pub(super) fn out<E: Tells>(tx: &mut Tx, book: &Book, root: Uuid, event: &E) -> Result<Line, Fault> {
    tx.publish(root, event);
    book.line(event.told())
        .ok_or_else(|| Fault::poison(format!("{} has no words", E::full_name())))
}
