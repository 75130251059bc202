//! The telephone's gRPC service, and the call that an appeal is registered from.

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_proto::intake::v1 as proto;
use hotline_proto::intake::v1::call_service_server::CallService;
use hotline_runtime::{Caller, status};
use tonic::{Request, Response};
use uuid::Uuid;

use super::Answer;
use crate::contract;
use crate::ops::{By, Intake, no_call};

/// The role that sees any call, masked.
const OVERSEER: &str = "team_leader";

/// Answers the calls of telephony adapters and of the desks' telephones.
pub struct CallDesk {
    intake: Arc<Intake>,
}

/// Who asks, and in which language.
struct Asked {
    actor: String,
    overseer: bool,
    lang: hotline_policy::Lang,
}

impl Asked {
    fn of<T>(request: &Request<T>) -> Result<Self, tonic::Status> {
        let caller = Caller::of(request)?;
        Ok(Self {
            actor: caller.subject.clone(),
            overseer: caller.has(OVERSEER),
            lang: status::lang_of(request),
        })
    }

    fn answer<T>(&self, done: Result<T, Fault>) -> Answer<T> {
        done.map(Response::new)
            .map_err(|fault| fault.into_status(self.lang))
    }
}

impl CallDesk {
    /// The calls of this register.
    #[must_use]
    pub fn new(intake: Arc<Intake>) -> Self {
        Self { intake }
    }

    async fn report(&self, body: proto::ReportCallRequest) -> Result<proto::ReportCallResponse, Fault> {
        let reported = contract::reported(body)?;
        let (call, is_new) = self.intake.report_call(reported).await?;
        Ok(proto::ReportCallResponse {
            call_id: call.id.to_string(),
            replayed: !is_new,
            agent: call.agent,
        })
    }

    async fn get(&self, call_id: &str, asked: &Asked) -> Result<proto::GetCallResponse, Fault> {
        let id = call_of(call_id)?;
        let seen = self.intake.open_call(id, &asked.actor, asked.overseer).await?;
        Ok(proto::GetCallResponse {
            call: Some(contract::seen_call(&seen)),
        })
    }

    async fn take(&self, seat: &str, asked: &Asked) -> Result<proto::TakeSeatResponse, Fault> {
        let left = self
            .intake
            .take_seat(&contract::seat(seat)?, &asked.actor)
            .await?;
        Ok(proto::TakeSeatResponse { left })
    }
}

#[tonic::async_trait]
impl CallService for CallDesk {
    async fn report_call(
        &self,
        request: Request<proto::ReportCallRequest>,
    ) -> Answer<proto::ReportCallResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.report(request.into_inner()).await)
    }

    async fn get_call(&self, request: Request<proto::GetCallRequest>) -> Answer<proto::GetCallResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.get(&request.into_inner().call_id, &asked).await)
    }

    async fn list_calls(
        &self,
        request: Request<proto::ListCallsRequest>,
    ) -> Answer<proto::ListCallsResponse> {
        let asked = Asked::of(&request)?;
        let calls = self.intake.calls_of(&asked.actor).await;
        asked.answer(calls.map(|calls| proto::ListCallsResponse {
            calls: calls.iter().map(contract::call).collect(),
        }))
    }

    async fn take_seat(&self, request: Request<proto::TakeSeatRequest>) -> Answer<proto::TakeSeatResponse> {
        let asked = Asked::of(&request)?;
        asked.answer(self.take(&request.into_inner().seat, &asked).await)
    }

    async fn leave_seat(
        &self,
        request: Request<proto::LeaveSeatRequest>,
    ) -> Answer<proto::LeaveSeatResponse> {
        let asked = Asked::of(&request)?;
        let left = self.intake.leave_seat(&asked.actor).await;
        asked.answer(left.map(|seat| proto::LeaveSeatResponse { seat }))
    }

    async fn list_seats(
        &self,
        request: Request<proto::ListSeatsRequest>,
    ) -> Answer<proto::ListSeatsResponse> {
        let asked = Asked::of(&request)?;
        let seats = self.intake.seats().await;
        asked.answer(seats.map(|seats| proto::ListSeatsResponse {
            seats: seats.into_iter().map(contract::taken_seat).collect(),
        }))
    }
}

/// The number of the call that a registration names goes where the appellant's is not told.
pub(super) async fn fill_in(
    intake: &Intake,
    body: &mut proto::RegisterAppealRequest,
    by: &By,
) -> Result<Option<Uuid>, Fault> {
    if body.call_id.is_empty() {
        return Ok(None);
    }
    let id = call_of(&body.call_id)?;
    let number = intake.number_for_appeal(id, &by.actor).await?;
    let appellant = body.appellant.get_or_insert_default();
    if appellant.telephone.trim().is_empty() {
        appellant.telephone = number;
    }
    Ok(Some(id))
}

fn call_of(text: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(|_| no_call("call_id").into())
}
