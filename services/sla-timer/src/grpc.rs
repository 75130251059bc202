//! Answers the clocks' gRPC calls.

pub mod supervision;

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_policy::refusal::Code;
use hotline_proto::sla::v1::sla_timer_service_server::SlaTimerService;
use hotline_proto::sla::v1::{
    ClockExplanation, ClockState, ExplainClocksRequest, ExplainClocksResponse, GetClockTotalsRequest,
    GetClockTotalsResponse, ImportCalendarRequest, ImportCalendarResponse, ListClocksRequest,
    ListClocksResponse,
};
use hotline_runtime::status::lang_of;
use hotline_runtime::{Caller, page};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::contract;
use crate::domain::refusals::{ID_INVALID, ORDER_MISSING, STATE_INVALID};
use crate::ops::{self, Filter, Sla};

/// Clocks of a page when the caller asks for none.
const PAGE_DEFAULT: i32 = 50;

/// The desk that answers.
pub struct Desk {
    /// The service.
    pub sla: Arc<Sla>,
}

#[tonic::async_trait]
impl SlaTimerService for Desk {
    async fn list_clocks(
        &self,
        request: Request<ListClocksRequest>,
    ) -> Result<Response<ListClocksResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self
            .list(Caller::of(&request)?.clone(), request.into_inner())
            .await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn explain_clocks(
        &self,
        request: Request<ExplainClocksRequest>,
    ) -> Result<Response<ExplainClocksResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self
            .explain(Caller::of(&request)?.clone(), request.into_inner())
            .await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn import_calendar(
        &self,
        request: Request<ImportCalendarRequest>,
    ) -> Result<Response<ImportCalendarResponse>, Status> {
        let lang = lang_of(&request);
        let caller = Caller::of(&request)?.clone();
        let imported = ops::import_year(&self.sla, &request.into_inner().toml, &caller).await;
        let imported = imported.map_err(|fault| fault.into_status(lang))?;
        let ops::Imported {
            year,
            examined,
            moved,
        } = imported;
        Ok(Response::new(ImportCalendarResponse {
            year,
            examined,
            moved,
        }))
    }

    async fn get_clock_totals(
        &self,
        request: Request<GetClockTotalsRequest>,
    ) -> Result<Response<GetClockTotalsResponse>, Status> {
        let lang = lang_of(&request);
        let totals = ops::totals(&self.sla)
            .await
            .map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(GetClockTotalsResponse {
            armed: totals.armed,
            met: totals.met,
            breached: totals.breached,
            late: totals.late,
            cancelled: totals.cancelled,
            signed_in_time: totals.signed_in_time,
            signed_late: totals.signed_late,
            next_at: totals.next_at.map(contract::timestamp),
        }))
    }
}

impl Desk {
    async fn list(&self, caller: Caller, request: ListClocksRequest) -> Result<ListClocksResponse, Fault> {
        let filter = Filter {
            order: optional(&request.order_id, "order_id")?,
            unit: Some(request.unit_id.clone()).filter(|unit| !unit.is_empty()),
            state: state(request.state)?,
        };
        let asked = if request.page_size == 0 {
            PAGE_DEFAULT
        } else {
            request.page_size
        };
        let size = page::size(asked)?;
        let page = ops::list_clocks(&self.sla, filter, size, &request.page_token, &caller).await?;
        let clocks = page
            .clocks
            .iter()
            .map(contract::clock)
            .collect::<Result<_, _>>()?;
        Ok(ListClocksResponse {
            clocks,
            next_page_token: page.next_page_token,
        })
    }

    async fn explain(
        &self,
        caller: Caller,
        request: ExplainClocksRequest,
    ) -> Result<ExplainClocksResponse, Fault> {
        let order = optional(&request.order_id, "order_id")?;
        let order = order.ok_or_else(|| Refusal::new(&ORDER_MISSING).field("order_id"))?;
        let told = ops::explain_order(&self.sla, order, &caller).await?;
        let explanation = |(clock, told): &(_, crate::domain::Explained)| {
            let clock = Some(contract::clock(clock)?);
            Ok(ClockExplanation {
                clock,
                text: told.zh.clone(),
                text_en: told.en.clone(),
            })
        };
        let explanations = told.iter().map(explanation).collect::<Result<_, Fault>>()?;
        Ok(ExplainClocksResponse { explanations })
    }
}

/// An identifier, or none.
fn optional(text: &str, field: &str) -> Result<Option<Uuid>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    Uuid::parse_str(text)
        .map(Some)
        .map_err(|_| invalid(&ID_INVALID, field))
}

/// The number of a state, which is the same in the contract and in the table; none for "any".
fn state(number: i32) -> Result<Option<i16>, Refusal> {
    match ClockState::try_from(number) {
        Ok(ClockState::Unspecified) => Ok(None),
        Ok(state) => Ok(i16::try_from(i32::from(state)).ok()),
        Err(_) => Err(invalid(&STATE_INVALID, "state").detail(number.to_string())),
    }
}

fn invalid(code: &'static Code, field: &str) -> Refusal {
    Refusal::new(code).field(field)
}
