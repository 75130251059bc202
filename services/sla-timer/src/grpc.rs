//! Answers the clocks' gRPC calls.

pub mod supervision;

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::refusal::Code;
use hotline_policy::{Obligation, Refusal};
use hotline_proto::common::v1::AppealType;
use hotline_proto::sla::v1 as proto;
use hotline_proto::sla::v1::sla_timer_service_server::SlaTimerService;
use hotline_proto::sla::v1::{
    ClockExplanation, ClockState, ExplainClocksRequest, ExplainClocksResponse, GetClockTotalsRequest,
    GetClockTotalsResponse, ImportCalendarRequest, ImportCalendarResponse, ListClocksRequest,
    ListClocksResponse, ListDueClocksRequest, ListDueClocksResponse, ListOpenClocksRequest,
    ListOpenClocksResponse,
};
use hotline_runtime::status::lang_of;
use hotline_runtime::{Caller, page};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::contract;
use crate::domain::Clock;
use crate::domain::refusals::{ID_INVALID, ORDER_MISSING, STATE_INVALID, VALUE_UNKNOWN};
use crate::ops::{self, Due, Filter, Sla};

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

    async fn list_open_clocks(
        &self,
        request: Request<ListOpenClocksRequest>,
    ) -> Result<Response<ListOpenClocksResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self
            .open(Caller::of(&request)?.clone(), request.into_inner())
            .await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn list_due_clocks(
        &self,
        request: Request<ListDueClocksRequest>,
    ) -> Result<Response<ListDueClocksResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self
            .due(Caller::of(&request)?.clone(), request.into_inner())
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
        let ops::Totals { open, ended } = ops::totals(&self.sla)
            .await
            .map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(GetClockTotalsResponse {
            armed: open.armed,
            met: ended.met,
            breached: open.breached,
            late: ended.late,
            cancelled: ended.cancelled,
            signed_in_time: ended.signed_in_time,
            signed_late: ended.signed_late + open.unsigned,
            next_at: open.next_at.map(contract::timestamp),
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
        let size = size(request.page_size)?;
        let page = ops::list_clocks(&self.sla, filter, size, &request.page_token, &caller).await?;
        Ok(ListClocksResponse {
            clocks: views(&page.clocks)?,
            next_page_token: page.next_page_token,
        })
    }

    async fn open(
        &self,
        caller: Caller,
        request: ListOpenClocksRequest,
    ) -> Result<ListOpenClocksResponse, Fault> {
        let orders = page::ids("order_ids", &request.order_ids, &ID_INVALID)?;
        let clocks = ops::open_of_page(&self.sla, &orders, &caller).await?;
        Ok(ListOpenClocksResponse {
            clocks: views(&clocks)?,
        })
    }

    async fn due(
        &self,
        caller: Caller,
        request: ListDueClocksRequest,
    ) -> Result<ListDueClocksResponse, Fault> {
        let size = size(request.page_size)?;
        let token = request.page_token.clone();
        let page = ops::list_due(&self.sla, due(request)?, size, &token, &caller).await?;
        Ok(ListDueClocksResponse {
            clocks: views(&page.clocks)?,
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

/// Rows of a page.
fn size(asked: i32) -> Result<usize, Refusal> {
    page::size(if asked == 0 { PAGE_DEFAULT } else { asked })
}

/// Clocks as the contract has them.
fn views(clocks: &[Clock]) -> Result<Vec<proto::Clock>, Fault> {
    clocks.iter().map(contract::clock).collect()
}

/// What is asked for, read.
fn due(request: ListDueClocksRequest) -> Result<Due, Refusal> {
    let state = state(request.state)?;
    if state.is_some_and(|number| ![1, 3].contains(&number)) {
        return Err(invalid(&STATE_INVALID, "state").detail("CLOCK_STATE_ARMED, CLOCK_STATE_BREACHED"));
    }
    let kind = AppealType::try_from(request.r#type);
    let kind = kind.map_err(|_| invalid(&VALUE_UNKNOWN, "type"))?;
    let mut obligations = Vec::new();
    for word in &request.obligations {
        let known: Obligation = word.parse().map_err(|_| invalid(&VALUE_UNKNOWN, "obligations"))?;
        if !obligations.contains(&known) {
            obligations.push(known);
        }
    }
    if !request.division.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(invalid(&VALUE_UNKNOWN, "division"));
    }
    Ok(Due {
        obligations,
        unit: Some(request.unit_id).filter(|unit| !unit.is_empty()),
        platform: request.platform,
        appeal_type: contract::appeal_type_word(kind),
        enterprise: request.enterprise,
        division: request.division,
        state,
    })
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
