//! The enterprise desk over gRPC: request -> ops -> response. Who may call is declared in the contract.

use hotline_bus::{Bus, Fault};
use hotline_policy::{Lang, Refusal};
use hotline_proto::enterprise::v1::enterprise_service_server::EnterpriseService;
use hotline_proto::enterprise::v1::{
    EvaluateLegRequest, EvaluateLegResponse, GetEnterpriseLegRequest, GetEnterpriseLegResponse,
    GetEnterpriseTotalsRequest, GetEnterpriseTotalsResponse, ListEnterpriseLegsRequest,
    ListEnterpriseLegsResponse, SupplementLegRequest, SupplementLegResponse, UrgeDepartmentRequest,
    UrgeDepartmentResponse,
};
use hotline_runtime::{Caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::domain::refusals::{ID, PROGRESS, SATISFACTION, VERSION};
use crate::domain::{Command, Leg, text};
use crate::{contract, ops};

/// Answers calls.
pub struct Desk {
    /// The service's end of the bus.
    pub bus: Bus,
}

impl Desk {
    /// Carries out what a request asks for.
    async fn act<R>(
        &self,
        request: &Request<R>,
        order_id: &str,
        version: i64,
        command: Result<Command, Refusal>,
    ) -> Result<Leg, Status> {
        let caller = Caller::of(request)?;
        let lang = status::lang_of(request);
        let checked = || Ok::<_, Refusal>((order(order_id)?, seen(version)?, command?));
        let (order, version, command) = checked().map_err(|refusal| status::refuse(&refusal, lang))?;
        let done = ops::act(&self.bus, order, version, command, &caller.subject).await;
        done.map_err(|fault| fault.into_status(lang))
    }
}

/// The order that a request names.
fn order(text: &str) -> Result<Uuid, Refusal> {
    Uuid::parse_str(text).map_err(|_| Refusal::new(&ID).field("order_id"))
}

/// The version that the caller saw.
fn seen(version: i64) -> Result<i64, Refusal> {
    if version < 0 {
        Err(Refusal::new(&VERSION).field("version"))
    } else {
        Ok(version)
    }
}

fn evaluation(message: &EvaluateLegRequest) -> Result<Command, Refusal> {
    let satisfaction = contract::satisfaction(message.satisfaction)
        .ok_or_else(|| Refusal::new(&SATISFACTION).field("satisfaction"))?;
    Ok(Command::Evaluate {
        satisfaction,
        note: text::note(&message.note)?,
    })
}

fn filter(message: &ListEnterpriseLegsRequest) -> Result<ops::Filter, Refusal> {
    let progress = contract::progress(message.progress).map_err(|number| {
        Refusal::new(&PROGRESS)
            .field("progress")
            .detail(number.to_string())
    })?;
    Ok(ops::Filter {
        progress,
        lead_unit: text::code("lead_unit_id", &message.lead_unit_id)?,
        credit_code: text::code("credit_code", &message.credit_code)?,
    })
}

fn told(lang: Lang) -> impl Fn(Fault) -> Status {
    move |fault| fault.into_status(lang)
}

#[tonic::async_trait]
impl EnterpriseService for Desk {
    async fn list_enterprise_legs(
        &self,
        request: Request<ListEnterpriseLegsRequest>,
    ) -> Result<Response<ListEnterpriseLegsResponse>, Status> {
        let lang = status::lang_of(&request);
        let message = request.into_inner();
        let filter = filter(&message).map_err(|refusal| status::refuse(&refusal, lang))?;
        let (legs, next_page_token) = ops::list(&self.bus, &filter, message.page_size, &message.page_token)
            .await
            .map_err(told(lang))?;
        let legs = legs.iter().map(contract::leg_message).collect();
        Ok(Response::new(ListEnterpriseLegsResponse {
            legs,
            next_page_token,
        }))
    }

    async fn get_enterprise_leg(
        &self,
        request: Request<GetEnterpriseLegRequest>,
    ) -> Result<Response<GetEnterpriseLegResponse>, Status> {
        let lang = status::lang_of(&request);
        let order = order(&request.get_ref().order_id).map_err(|refusal| status::refuse(&refusal, lang))?;
        let leg = ops::get(&self.bus, order).await.map_err(told(lang))?;
        Ok(Response::new(GetEnterpriseLegResponse {
            leg: Some(contract::leg_message(&leg)),
        }))
    }

    async fn urge_department(
        &self,
        request: Request<UrgeDepartmentRequest>,
    ) -> Result<Response<UrgeDepartmentResponse>, Status> {
        let message = request.get_ref();
        let command = text::note(&message.note).map(|note| Command::Urge { note });
        let leg = self
            .act(&request, &message.order_id, message.version, command)
            .await?;
        Ok(Response::new(UrgeDepartmentResponse {
            leg: Some(contract::leg_message(&leg)),
        }))
    }

    async fn supplement_leg(
        &self,
        request: Request<SupplementLegRequest>,
    ) -> Result<Response<SupplementLegResponse>, Status> {
        let message = request.get_ref();
        let command = text::note(&message.note).map(|note| Command::Supplement { note });
        let leg = self
            .act(&request, &message.order_id, message.version, command)
            .await?;
        Ok(Response::new(SupplementLegResponse {
            leg: Some(contract::leg_message(&leg)),
        }))
    }

    async fn evaluate_leg(
        &self,
        request: Request<EvaluateLegRequest>,
    ) -> Result<Response<EvaluateLegResponse>, Status> {
        let message = request.get_ref();
        let leg = self
            .act(&request, &message.order_id, message.version, evaluation(message))
            .await?;
        Ok(Response::new(EvaluateLegResponse {
            leg: Some(contract::leg_message(&leg)),
        }))
    }

    async fn get_enterprise_totals(
        &self,
        request: Request<GetEnterpriseTotalsRequest>,
    ) -> Result<Response<GetEnterpriseTotalsResponse>, Status> {
        let totals = ops::totals(&self.bus)
            .await
            .map_err(told(status::lang_of(&request)))?;
        Ok(Response::new(GetEnterpriseTotalsResponse {
            received: totals.received,
            settled: totals.settled,
            evaluated: totals.evaluated,
            urges: totals.urges,
        }))
    }
}
