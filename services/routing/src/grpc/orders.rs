//! Reads requests about an order as a whole.

use hotline_policy::{AcceptanceWay, Refusal};
use hotline_proto::routing::v1;

use crate::domain::dossier::{AcceptanceVerdict, Disposition};
use crate::domain::refusals::VALUE_UNKNOWN;
use crate::domain::{AcceptanceDraft, Command, Dispatch, FindingDraft, StatementDraft};
use crate::grpc::Asked;
use crate::grpc::read::{self, Field};

pub(super) fn claim(body: v1::ClaimOrderRequest) -> Result<Asked, Refusal> {
    asked(&body.order_id, body.version, Command::Claim)
}

pub(super) fn release(body: v1::ReleaseOrderRequest) -> Result<Asked, Refusal> {
    asked(&body.order_id, body.version, Command::Release)
}

pub(super) fn dispatch(body: v1::DispatchOrderRequest) -> Result<Asked, Refusal> {
    let basis = Field("basis").words(&body.basis)?;
    let disposition = Disposition::parse(&body.disposition);
    let disposition = disposition.ok_or_else(|| Field("disposition").refuse(&VALUE_UNKNOWN))?;
    let draft = Dispatch {
        disposition: Some(disposition),
        own_limit: read::own_limit(&body.limit, &body.limit_basis)?,
        spoken: Field("spoken").words(&body.spoken)?,
        ..read::dispatch(&body.lead_unit_id, &body.co_handler_unit_ids, basis)?
    };
    asked(&body.order_id, body.version, Command::Dispatch(draft))
}

pub(super) fn determine(body: v1::DetermineOrderRequest) -> Result<Asked, Refusal> {
    let reason = Field("reason").words(&body.reason)?;
    let draft = read::dispatch(&body.lead_unit_id, &body.co_handler_unit_ids, reason)?;
    asked(&body.order_id, body.version, Command::Determine(draft))
}

pub(super) fn redo(body: v1::RedoOrderRequest) -> Result<Asked, Refusal> {
    let reason = Field("reason").words(&body.reason)?;
    asked(&body.order_id, body.version, Command::Redo { reason })
}

pub(super) fn close(body: v1::CloseOrderRequest) -> Result<Asked, Refusal> {
    let outcome = read::outcome(&body.outcome)?;
    let reason = Field("reason").words(&body.reason)?;
    asked(&body.order_id, body.version, Command::Close { outcome, reason })
}

pub(super) fn archive(body: v1::ArchiveOrderRequest) -> Result<Asked, Refusal> {
    asked(&body.order_id, body.version, Command::Archive)
}

pub(super) fn join(body: v1::AddCoHandlersRequest) -> Result<Asked, Refusal> {
    let units = Field("unit_ids").units(&body.unit_ids)?;
    let reason = Field("reason").words(&body.reason)?;
    asked(&body.order_id, body.version, Command::Join { units, reason })
}

pub(super) fn ask_duty(body: v1::RequestDeterminationRequest) -> Result<Asked, Refusal> {
    let question = Field("question").words(&body.question)?;
    let body_unit = Field("body_unit_id").need_unit(&body.body_unit_id)?;
    let command = Command::AskDuty {
        body: body_unit,
        question,
    };
    asked(&body.order_id, body.version, command)
}

pub(super) fn record_duty(body: v1::RecordDeterminationRequest) -> Result<Asked, Refusal> {
    let draft = FindingDraft {
        participants: Field("participant_unit_ids").units(&body.participant_unit_ids)?,
        lead: Field("lead_unit_id").unit(&body.lead_unit_id)?,
        words: Field("words").long(&body.words)?,
    };
    asked(&body.order_id, body.version, Command::RecordDuty(draft))
}

pub(super) fn hand_up(body: v1::HandUpOrderRequest) -> Result<Asked, Refusal> {
    let reason = Field("reason").words(&body.reason)?;
    asked(&body.order_id, body.version, Command::HandUp { reason })
}

pub(super) fn ask_opinion(body: v1::RequestWrittenOpinionRequest) -> Result<Asked, Refusal> {
    let note = Field("note").words(&body.note)?;
    asked(&body.order_id, body.version, Command::AskOpinion { note })
}

pub(super) fn decide_whistle(body: v1::DecideWhistleRequest) -> Result<Asked, Refusal> {
    let decision = read::decision(body.agreed, &body.reason)?;
    asked(&body.order_id, body.version, Command::DecideWhistle(decision))
}

pub(super) fn meet_whistle(body: v1::RecordWhistleMeetingRequest) -> Result<Asked, Refusal> {
    let field = Field("duties");
    let units: Vec<_> = body.duties.iter().map(|duty| duty.unit_id.clone()).collect();
    let units = field.units(&units)?;
    let duties = units.into_iter().zip(&body.duties);
    let duties = duties.map(|(unit, duty)| Ok((unit, field.words(&duty.duty)?)));
    let command = Command::MeetWhistle {
        minutes: Field("minutes").long(&body.minutes)?,
        duties: duties.collect::<Result<_, Refusal>>()?,
    };
    asked(&body.order_id, body.version, command)
}

pub(super) fn accept(body: v1::AcceptResultRequest) -> Result<Asked, Refusal> {
    let verdict = if body.passed {
        AcceptanceVerdict::Passed
    } else {
        AcceptanceVerdict::Failed {
            responsible: Field("responsible_unit_ids").units(&body.responsible_unit_ids)?,
            cooperating: Field("cooperating_unit_ids").units(&body.cooperating_unit_ids)?,
        }
    };
    let way = |word: &String| word.parse().map_err(|_| Field("ways").refuse(&VALUE_UNKNOWN));
    let ways: Vec<AcceptanceWay> = body.ways.iter().map(way).collect::<Result<_, _>>()?;
    let draft = AcceptanceDraft {
        verdict,
        ways,
        words: Field("words").long(&body.words)?,
        evidence: read::attachments("evidence", &body.evidence)?,
    };
    asked(&body.order_id, body.version, Command::Accept(draft))
}

pub(super) fn file_statement(body: v1::FileStatementRequest) -> Result<Asked, Refusal> {
    let document = body.document.iter().cloned().collect::<Vec<_>>();
    let draft = StatementDraft {
        text: Field("text").long(&body.text)?,
        signed_by: Field("signed_by").words(&body.signed_by)?,
        sealed: body.sealed,
        document: read::attachments("document", &document)?.pop(),
    };
    asked(&body.order_id, body.version, Command::FileStatement(draft))
}

fn asked(order_id: &str, version: i64, command: Command) -> Result<Asked, Refusal> {
    Ok((read::order(order_id)?, read::version(version)?, command))
}
