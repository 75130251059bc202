//! Reads requests about one leg of an order.

use hotline_policy::Refusal;
use hotline_proto::routing::v1;

use crate::domain::{Command, ExtensionDraft, LegCommand, Proof, ReturnDraft};
use crate::grpc::Asked;
use crate::grpc::read::{self, Field};

pub(super) fn acknowledge(body: v1::AcknowledgeLegRequest) -> Result<Asked, Refusal> {
    asked(&body.order_id, &body.leg_id, 0, LegCommand::Acknowledge)
}

pub(super) fn sign(body: v1::SignLegRequest) -> Result<Asked, Refusal> {
    asked(&body.order_id, &body.leg_id, body.version, LegCommand::Sign)
}

pub(super) fn contact(body: v1::RecordContactRequest) -> Result<Asked, Refusal> {
    let note = Field("note").words(&body.note)?;
    asked(
        &body.order_id,
        &body.leg_id,
        body.version,
        LegCommand::RecordContact { note },
    )
}

pub(super) fn delegate(body: v1::DelegateLegRequest) -> Result<Asked, Refusal> {
    let unit = Field("unit_id").need_unit(&body.unit_id)?;
    let due_at = match body.due_at.as_ref() {
        None => None,
        given => Some(Field("due_at").instant(given)?),
    };
    let command = LegCommand::Delegate { unit, due_at };
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn ask_return(body: v1::RequestReturnRequest) -> Result<Asked, Refusal> {
    let draft = ReturnDraft {
        basis: Field("basis").words(&body.basis)?,
        suggestion: Field("suggestion").words(&body.suggestion)?,
        proposed: Field("proposed_unit_id").unit(&body.proposed_unit_id)?,
        proof: Proof {
            explanation: Field("explanation").words(&body.explanation)?,
            signed_by: Field("signed_by").words(&body.signed_by)?,
            sealed: body.sealed,
            evidence: read::attachments("evidence", &body.evidence)?,
        },
    };
    let command = LegCommand::RequestReturn(draft);
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn decide_return(body: v1::DecideReturnRequest) -> Result<Asked, Refusal> {
    let command = LegCommand::DecideReturn(read::decision(body.agreed, &body.reason)?);
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn ask_extension(body: v1::RequestExtensionRequest) -> Result<Asked, Refusal> {
    let draft = ExtensionDraft {
        reason: Field("reason").words(&body.reason)?,
        amount: Field("amount").limit(&body.amount)?,
        basis: Field("basis").words(&body.basis)?,
        told: Field("told").words(&body.told)?,
        proof: Proof {
            explanation: Field("explanation").words(&body.explanation)?,
            signed_by: Field("signed_by").words(&body.signed_by)?,
            sealed: body.sealed,
            evidence: Vec::new(),
        },
    };
    let command = LegCommand::RequestExtension(Box::new(draft));
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn decide_extension(body: v1::DecideExtensionRequest) -> Result<Asked, Refusal> {
    let command = LegCommand::DecideExtension(read::decision(body.granted, &body.reason)?);
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn reply(body: v1::ReplyLegRequest) -> Result<Asked, Refusal> {
    let command = LegCommand::Reply(Box::new(read::reply(body.reply)?));
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn decide_inside(body: v1::DecideReplyInUnitRequest) -> Result<Asked, Refusal> {
    let command = LegCommand::DecideInside(read::decision(body.approved, &body.reason)?);
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn review(body: v1::ReviewReplyRequest) -> Result<Asked, Refusal> {
    let command = LegCommand::Review(read::findings(body.approved, &body.faults, &body.reason)?);
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn coordinate(body: v1::CoordinateLegRequest) -> Result<Asked, Refusal> {
    let note = Field("note").words(&body.note)?;
    let command = LegCommand::Coordinate { note };
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn guide(body: v1::GuideLegRequest) -> Result<Asked, Refusal> {
    let note = Field("note").words(&body.note)?;
    let command = LegCommand::Guide { note };
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn issue_opinion(body: v1::IssueWrittenOpinionRequest) -> Result<Asked, Refusal> {
    let words = Field("opinion").long(&body.opinion)?;
    let command = LegCommand::IssueOpinion { words };
    asked(&body.order_id, &body.leg_id, body.version, command)
}

pub(super) fn blow_whistle(body: v1::BlowWhistleRequest) -> Result<Asked, Refusal> {
    let command = LegCommand::BlowWhistle {
        matter: Field("matter").words(&body.matter)?,
        units: Field("unit_ids").units(&body.unit_ids)?,
    };
    asked(&body.order_id, &body.leg_id, body.version, command)
}

fn asked(order_id: &str, leg_id: &str, version: i64, command: LegCommand) -> Result<Asked, Refusal> {
    let leg = read::leg(leg_id)?;
    Ok((
        read::order(order_id)?,
        read::version(version)?,
        Command::Leg(leg, command),
    ))
}
