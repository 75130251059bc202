//! Who is signed in at this browser, and the sessions of oneself.

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_proto::gateway::v1::session_service_server::SessionService;
use hotline_proto::gateway::v1::{
    EndOwnSessionRequest, EndOwnSessionResponse, GetSessionRequest, GetSessionResponse,
    ListOwnSessionsRequest, ListOwnSessionsResponse,
};
use hotline_runtime::{Caller, Clock, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{SESSION, count, session, timestamp};
use crate::domain::refusals::SESSION_UNKNOWN;
use crate::domain::{Named, account_number};
use crate::ops::People;

/// Answers browsers.
pub struct SessionDesk {
    /// Accounts and sessions.
    pub people: Arc<People>,
    /// The platform's clock.
    pub clock: Clock,
    /// Features that are switched on.
    pub features: Vec<String>,
}

#[tonic::async_trait]
impl SessionService for SessionDesk {
    async fn get_session(
        &self,
        request: Request<GetSessionRequest>,
    ) -> Result<Response<GetSessionResponse>, Status> {
        let lang = status::lang_of(&request);
        let caller = Caller::of(&request)?.clone();
        let expires_at = match (of_call(&request), number(&caller)) {
            (Some(current), Ok(account)) => {
                let rows = self.people.sessions_of(account).await;
                let rows = rows.map_err(|fault| fault.into_status(lang))?;
                let own = rows.into_iter().find(|row| row.id == current);
                own.map(|row| self.people.row_ends(&row))
            }
            _ => None,
        };
        let city = self.people.city();
        let unit = caller.unit.as_deref().and_then(|unit| city.units.get(unit));
        let division = city.policy.division.as_str();
        Ok(Response::new(GetSessionResponse {
            account_id: caller.subject,
            name: caller.name.unwrap_or_default(),
            roles: caller.roles,
            unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            unit_id: caller.unit.unwrap_or_default(),
            division: caller.division.unwrap_or_default(),
            city: city.id.clone(),
            city_name: city
                .divisions
                .get(division)
                .map_or_else(|| city.id.clone(), |division| division.name.clone()),
            features: self.features.clone(),
            server_time: Some(timestamp(self.clock.now())),
            expires_at: expires_at.map(timestamp),
        }))
    }

    async fn list_own_sessions(
        &self,
        request: Request<ListOwnSessionsRequest>,
    ) -> Result<Response<ListOwnSessionsResponse>, Status> {
        let lang = status::lang_of(&request);
        let current = of_call(&request);
        let found = async {
            let account = number(Caller::of(&request).map_err(none)?)?;
            self.people.sessions_of(account).await
        };
        let rows = found.await.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(ListOwnSessionsResponse {
            sessions: rows.into_iter().map(|row| session(row, current)).collect(),
        }))
    }

    async fn end_own_session(
        &self,
        request: Request<EndOwnSessionRequest>,
    ) -> Result<Response<EndOwnSessionResponse>, Status> {
        let lang = status::lang_of(&request);
        let current = of_call(&request);
        let caller = Caller::of(&request)?.clone();
        let ended = async {
            let account = number(&caller)?;
            let one = super::account::session_id(&request.get_ref().session_id)?;
            self.people
                .end_sessions(&caller.subject, account, one, current)
                .await
        };
        let ended = ended.await.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(EndOwnSessionResponse { ended: count(ended) }))
    }
}

/// The session that the gateway says this call came with.
fn of_call<T>(request: &Request<T>) -> Option<Uuid> {
    let value = request.metadata().get(SESSION)?;
    value.to_str().ok()?.parse().ok()
}

/// The account of a caller; callers with a token of the command line have none.
fn number(caller: &Caller) -> Result<i64, Fault> {
    match account_number(&caller.subject) {
        Ok(Named::Number(number)) => Ok(number),
        _ => Err(Refusal::new(&SESSION_UNKNOWN).into()),
    }
}

fn none(status: Status) -> Fault {
    Fault::poison(status.to_string())
}
