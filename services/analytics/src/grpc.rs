//! Figures over gRPC: request -> ops -> response. Who may call is declared in the contract.

use chrono::{DateTime, Utc};
use hotline_bus::Bus;
use hotline_policy::Refusal;
use hotline_proto::analytics::v1::analytics_service_server::AnalyticsService;
use hotline_proto::analytics::v1::{
    GetOverviewRequest, GetOverviewResponse, GetTotalsRequest, GetTotalsResponse, Measure, Total,
};
use hotline_runtime::status;
use prost_types::Timestamp;
use tonic::{Request, Response, Status};

use crate::domain::refusals::DIMENSION;
use crate::{contract, ops};

/// Answers calls.
pub struct Desk {
    /// The service's end of the bus.
    pub bus: Bus,
}

fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

fn total(row: ops::Total) -> Total {
    Total {
        day: row.day.to_string(),
        key: row.key,
        measure: row.measure,
        count: row.count,
    }
}

#[tonic::async_trait]
impl AnalyticsService for Desk {
    async fn get_overview(
        &self,
        request: Request<GetOverviewRequest>,
    ) -> Result<Response<GetOverviewResponse>, Status> {
        let lang = status::lang_of(&request);
        let overview = ops::overview(&self.bus)
            .await
            .map_err(|fault| fault.into_status(lang))?;
        let measures = overview
            .measures
            .into_iter()
            .map(|(name, count)| Measure { name, count })
            .collect();
        Ok(Response::new(GetOverviewResponse {
            measures,
            data_time: overview.data_time.map(timestamp),
        }))
    }

    async fn get_totals(
        &self,
        request: Request<GetTotalsRequest>,
    ) -> Result<Response<GetTotalsResponse>, Status> {
        let lang = status::lang_of(&request);
        let message = request.get_ref();
        let dimension = contract::dimension(message.dimension)
            .ok_or_else(|| status::refuse(&Refusal::new(&DIMENSION).field("dimension"), lang))?;
        let question = ops::Question {
            dimension,
            from: &message.from,
            to: &message.to,
            measure: &message.measure,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let found = ops::totals(&self.bus, question).await;
        let (rows, next_page_token) = found.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(GetTotalsResponse {
            totals: rows.into_iter().map(total).collect(),
            next_page_token,
        }))
    }
}
