//! What a command needs besides being in time and in place: each part left out, and each window missed.

use chrono::{DateTime, Utc};
use hotline_policy::AcceptanceWay;

use super::scenes::{Scene, extension_draft, return_draft};
use crate::domain::dossier::AcceptanceVerdict;
use crate::domain::tests::world::{GULOU, HOUSING, TOWN, WATER, day, draft, monday};
use crate::domain::{
    AcceptanceDraft, Command, Decision, Dispatch, ExtensionDraft, FindingDraft, Findings, LegCommand,
    Outcome, ReplyDraft, ReplyFault, ReturnDraft, StatementDraft, UnitId,
};

/// What is left out, in which scene, the command, what it is told, and the field.
pub(super) type Bare = (
    &'static str,
    &'static str,
    fn(&Scene) -> Command,
    &'static str,
    &'static str,
);

/// What is too early or too late, in which scene, the command, when, and what it is told.
pub(super) type Late = (
    &'static str,
    &'static str,
    fn(&Scene) -> Command,
    DateTime<Utc>,
    &'static str,
);

/// Commands that need nothing but their place.
pub(super) fn asks_for_nothing() -> &'static [&'static str] {
    &["claim", "release", "archive", "acknowledge", "sign"]
}

/// Every part that a command needs, left out.
pub(super) fn bare() -> Vec<Bare> {
    let mut all = of_the_order();
    all.extend(of_the_dossier());
    all.extend(of_the_whistle());
    all.extend(of_the_leg());
    all.extend(of_requests());
    all.extend(of_replies());
    all
}

const TEXT: &str = "text.missing";

#[rustfmt::skip]
fn of_the_order() -> Vec<Bare> {
    let nowhere = |_: &Scene| to("xz-nowhere", &[]);
    let twice = |_: &Scene| to(HOUSING, &[HOUSING]);
    vec![
        ("a unit that is not there", "claimed", nowhere, "unit.unknown", "lead_unit_id"),
        ("a unit twice", "claimed", twice, "dispatch.unit_twice", "co_handler_unit_ids"),
        ("against the finding", "found", |_| determined(Some(WATER), "认定"), "dispatch.against_finding", "lead_unit_id"),
        ("no lead", "found", |_| determined(None, "认定"), TEXT, "lead_unit_id"),
        ("no basis", "found", |_| determined(Some(HOUSING), " "), TEXT, "reason"),
        ("a redo without a reason", "settled", |_| Command::Redo { reason: String::new() }, TEXT, "reason"),
        ("an end without a reason", "settled", |_| closed(Outcome::Final, ""), TEXT, "reason"),
        ("an end that is none", "settled", |_| closed(Outcome::Satisfied, "好"), "value.unknown", "outcome"),
        ("a joining without a reason", "signed", |_| joined(&[WATER], ""), TEXT, "reason"),
        ("a joining of nobody", "signed", |_| joined(&[], "需要"), "units.missing", "unit_ids"),
        ("a joining of the lead", "signed", |_| joined(&[GULOU], "需要"), "dispatch.unit_twice", "unit_ids"),
    ]
}

#[rustfmt::skip]
fn of_the_dossier() -> Vec<Bare> {
    vec![
        ("no question", "claimed", |_| asked("xz-authority", ""), TEXT, "question"),
        ("no deciding body", "claimed", |_| asked(WATER, "谁"), "duty.not_a_deciding_body", "body_unit_id"),
        ("no lead found", "claimed", |_| { found(FindingDraft { lead: None, ..finding() }) }, TEXT, "lead_unit_id"),
        ("no minutes", "claimed", |_| { found(FindingDraft { words: String::new(), ..finding() }) }, TEXT, "words"),
        ("a meeting of one", "claimed", alone, "duty.meeting_too_small", "participant_unit_ids"),
        ("a handing up without a reason", "claimed", |_| Command::HandUp { reason: String::new() }, TEXT, "reason"),
        ("an opinion without a note", "signed", |_| Command::AskOpinion { note: String::new() }, TEXT, "note"),
        ("a statement without text", "failed", |_| stated("", "x", true), TEXT, "text"),
        ("a statement without a signature", "failed", |_| stated("x", "", true), "text.missing 三(一)4", "signed_by"),
        ("a statement without a seal", "failed", |_| stated("x", "x", false), "statement.seal 三(一)4", "sealed"),
    ]
}

#[rustfmt::skip]
fn of_the_whistle() -> Vec<Bare> {
    let no_reason = |_: &Scene| Command::DecideWhistle(Decision::Agree(String::new()));
    let failed_nobody = |_: &Scene| {
        let nobody = AcceptanceVerdict::Failed {
            responsible: Vec::new(),
            cooperating: Vec::new(),
        };
        accepted(nobody, &[AcceptanceWay::Text], "x")
    };
    vec![
        ("a decision without a reason", "whistled", no_reason, TEXT, "reason"),
        ("a meeting without minutes", "agreed", |_| met("", "查房"), TEXT, "minutes"),
        ("a meeting without a duty", "agreed", |_| met("纪要", ""), TEXT, "duties"),
        ("no way", "all_approved", |_| accepted(AcceptanceVerdict::Passed, &[], "x"), "acceptance.way 三(一)4", "ways"),
        ("a picture that is not there", "all_approved", pictured, "acceptance.evidence 三(一)4", "evidence"),
        ("no words", "all_approved", |_| accepted(AcceptanceVerdict::Passed, &[AcceptanceWay::Text], ""), TEXT, "words"),
        ("nobody at fault", "all_approved", failed_nobody, "units.missing", "responsible_unit_ids"),
        ("a whistle about nothing", "signed", |of| blown(of, "", &[HOUSING]), TEXT, "matter"),
        ("a whistle for nobody", "signed", |of| blown(of, "管网", &[]), "units.missing", "unit_ids"),
        ("a whistle for oneself", "signed", |of| blown(of, "管网", &[GULOU]), "value.unknown", "unit_ids"),
    ]
}

#[rustfmt::skip]
fn of_the_leg() -> Vec<Bare> {
    vec![
        ("a contact without a note", "signed", |of| leg(of, LegCommand::RecordContact { note: String::new() }), TEXT, "note"),
        ("a delegation to a stranger", "signed", |of| below(of, WATER, Some(day(4, "10:00"))), "delegate.unit_not_below", "unit_id"),
        ("a delegation without a limit", "signed", |of| below(of, TOWN, None), TEXT, "due_at"),
        ("a coordination without a note", "signed", |of| leg(of, LegCommand::Coordinate { note: String::new() }), TEXT, "note"),
        ("a guidance without a note", "signed", |of| leg(of, LegCommand::Guide { note: String::new() }), TEXT, "note"),
        ("an opinion without words", "opinion_asked", |of| leg(of, LegCommand::IssueOpinion { words: String::new() }), TEXT, "opinion"),
    ]
}

#[rustfmt::skip]
fn of_requests() -> Vec<Bare> {
    const MISSING: &str = "text.missing 12(4)";
    let no_reason = |of: &Scene| leg(of, LegCommand::DecideReturn(Decision::Refuse(String::new())));
    let none_either = |of: &Scene| leg(of, LegCommand::DecideExtension(Decision::Agree(String::new())));
    vec![
        ("a return without a basis", "signed", |of| returned(of, |draft| draft.basis.clear()), MISSING, "basis"),
        ("a return without a suggestion", "signed", |of| returned(of, |draft| draft.suggestion.clear()), MISSING, "suggestion"),
        ("a return without a signature", "signed", |of| returned(of, |draft| draft.proof.signed_by.clear()), MISSING, "signed_by"),
        ("a return to oneself", "signed", |of| returned(of, |draft| draft.proposed = Some(UnitId::new(GULOU))), "return.barred", "proposed_unit_id"),
        ("a refusal without a reason", "return_asked", no_reason, TEXT, "reason"),
        ("an extension without a reason", "signed", |of| extended(of, |draft| draft.reason.clear()), MISSING, "reason"),
        ("an extension without an explanation", "signed", |of| extended(of, |draft| draft.proof.explanation.clear()), MISSING, "explanation"),
        ("an extension nobody was told of", "signed", |of| extended(of, |draft| draft.told.clear()), MISSING, "told"),
        ("an extension that is too long", "signed", |of| { extended(of, |draft| { draft.amount = "9 working days".parse().expect("a limit") }) }, "extension.ceiling 12(4)", "amount"),
        ("an agreement without a reason", "extension_asked", none_either, TEXT, "reason"),
    ]
}

#[rustfmt::skip]
fn of_replies() -> Vec<Bare> {
    const PART: &str = "reply.incomplete 12(4)";
    let no_faults = |of: &Scene| {
        let (faults, reason) = (Vec::new(), "x".into());
        leg(of, LegCommand::Review(Findings::SendBack { faults, reason }))
    };
    let no_reason = |of: &Scene| {
        let (faults, reason) = (vec![ReplyFault::NotConcrete], String::new());
        leg(of, LegCommand::Review(Findings::SendBack { faults, reason }))
    };
    let withheld = |of: &Scene| leg(of, LegCommand::DecideInside(Decision::Refuse(String::new())));
    vec![
        ("no action", "signed", |of| replied(of, |reply| reply.action.clear()), PART, "reply.action"),
        ("no time", "signed", |of| replied(of, |reply| reply.handled_at = None), PART, "reply.handled_at"),
        ("no office", "signed", |of| replied(of, |reply| reply.office.clear()), PART, "reply.office"),
        ("no handler", "signed", |of| replied(of, |reply| reply.handler.clear()), PART, "reply.handler"),
        ("no contact", "signed", |of| replied(of, |reply| reply.contact.clear()), PART, "reply.contact"),
        ("no result", "signed", |of| replied(of, |reply| reply.result = None), PART, "reply.result"),
        ("not told", "signed", |of| replied(of, |reply| reply.told.clear()), PART, "reply.told"),
        ("told by nothing", "signed", |of| replied(of, |reply| reply.told_by = None), PART, "reply.told_by"),
        ("no internal text", "signed", |of| replied(of, |reply| reply.internal_text.clear()), PART, "reply.internal_text"),
        ("no public text", "signed", |of| replied(of, |reply| reply.public_text.clear()), PART, "reply.public_text"),
        ("a withholding without a reason", "submitted", withheld, TEXT, "reason"),
        ("a sending back without faults", "replied", no_faults, "review.faults_missing 12(4)", "faults"),
        ("a sending back without a reason", "replied", no_reason, TEXT, "reason"),
    ]
}

/// Every window, missed on either side.
#[rustfmt::skip]
pub(super) fn late() -> Vec<Late> {
    vec![
        ("a return after two working days", "signed", |of| returned(of, |_| {}), day(4, "17:31"), "return.too_late 12(4)"),
        ("a return at the last moment", "signed", |of| returned(of, |_| {}), day(4, "17:30"), "allowed"),
        ("an extension before its window", "signed", |of| extended(of, |_| {}), monday("17:29"), "extension.too_early 12(4)"),
        ("an extension as it opens", "signed", |of| extended(of, |_| {}), monday("17:30"), "allowed"),
        ("an extension after its window", "signed", |of| extended(of, |_| {}), day(6, "17:31"), "extension.too_late 12(4)"),
        ("an extension as it closes", "signed", |of| extended(of, |_| {}), day(6, "17:30"), "allowed"),
        ("a limit that has passed", "signed", |of| below(of, TOWN, Some(day(3, "10:00"))), day(3, "10:00"), "delegate.due_not_before"),
        ("a limit that is not shorter", "signed", |of| below(of, TOWN, Some(day(9, "17:30"))), day(3, "10:00"), "delegate.due_not_before"),
        ("handled in the future", "signed", |of| replied(of, |reply| reply.handled_at = Some(day(3, "10:01"))), day(3, "10:00"), "reply.handled_later 12(4)"),
    ]
}

fn leg(of: &Scene, command: LegCommand) -> Command {
    Command::Leg(of.leg, command)
}

fn to(lead: &str, others: &[&str]) -> Command {
    crate::domain::tests::world::send_to(lead, others)
}

fn determined(lead: Option<&str>, basis: &str) -> Command {
    Command::Determine(Dispatch {
        lead: lead.map(UnitId::new),
        basis: basis.into(),
        ..Dispatch::default()
    })
}

fn closed(outcome: Outcome, reason: &str) -> Command {
    let reason = reason.into();
    Command::Close { outcome, reason }
}

fn joined(units: &[&str], reason: &str) -> Command {
    let units = units.iter().map(|unit| UnitId::new(*unit)).collect();
    let reason = reason.into();
    Command::Join { units, reason }
}

fn asked(body: &str, question: &str) -> Command {
    let (body, question) = (UnitId::new(body), question.into());
    Command::AskDuty { body, question }
}

/// What a joint meeting found.
pub(super) fn finding() -> FindingDraft {
    FindingDraft {
        participants: [HOUSING, WATER].map(UnitId::new).to_vec(),
        lead: Some(UnitId::new(HOUSING)),
        words: "由住建牵头".into(),
    }
}

/// The recording of it.
pub(super) fn meeting() -> Command {
    found(finding())
}

fn found(draft: FindingDraft) -> Command {
    Command::RecordDuty(draft)
}

fn alone(_: &Scene) -> Command {
    let participants = vec![UnitId::new(HOUSING)];
    found(FindingDraft {
        participants,
        ..finding()
    })
}

fn stated(text: &str, signed_by: &str, sealed: bool) -> Command {
    let [text, signed_by] = [text, signed_by].map(str::to_owned);
    let document = None;
    Command::FileStatement(StatementDraft {
        text,
        signed_by,
        sealed,
        document,
    })
}

fn met(minutes: &str, duty: &str) -> Command {
    let (minutes, duties) = (minutes.into(), vec![(UnitId::new(HOUSING), duty.into())]);
    Command::MeetWhistle { minutes, duties }
}

fn accepted(verdict: AcceptanceVerdict, ways: &[AcceptanceWay], words: &str) -> Command {
    let (ways, words, evidence) = (ways.to_vec(), words.into(), Vec::new());
    Command::Accept(AcceptanceDraft {
        verdict,
        ways,
        words,
        evidence,
    })
}

fn pictured(_: &Scene) -> Command {
    accepted(AcceptanceVerdict::Passed, &[AcceptanceWay::Picture], "x")
}

fn blown(of: &Scene, matter: &str, units: &[&str]) -> Command {
    let units = units.iter().map(|unit| UnitId::new(*unit)).collect();
    let matter = matter.into();
    leg(of, LegCommand::BlowWhistle { matter, units })
}

fn below(of: &Scene, unit: &str, due_at: Option<DateTime<Utc>>) -> Command {
    let unit = UnitId::new(unit);
    leg(of, LegCommand::Delegate { unit, due_at })
}

fn returned(of: &Scene, change: fn(&mut ReturnDraft)) -> Command {
    let mut draft = return_draft();
    change(&mut draft);
    leg(of, LegCommand::RequestReturn(draft))
}

fn extended(of: &Scene, change: fn(&mut ExtensionDraft)) -> Command {
    let mut draft = extension_draft();
    change(&mut draft);
    leg(of, LegCommand::RequestExtension(Box::new(draft)))
}

fn replied(of: &Scene, change: fn(&mut ReplyDraft)) -> Command {
    let mut draft = draft();
    change(&mut draft);
    leg(of, LegCommand::Reply(Box::new(draft)))
}

/// A reply is sent back with one fault.
pub(super) fn back() -> LegCommand {
    let (faults, reason) = (vec![ReplyFault::NotConcrete], "不具体".into());
    LegCommand::Review(Findings::SendBack { faults, reason })
}
