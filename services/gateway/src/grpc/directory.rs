//! What colleagues are called.

use std::sync::Arc;

use hotline_proto::gateway::v1::directory_service_server::DirectoryService;
use hotline_proto::gateway::v1::{ListNamesRequest, ListNamesResponse, PersonName};
use hotline_runtime::{Caller, status};
use tonic::{Request, Response, Status};

use super::viewer;
use crate::ops::{Name, People};

/// Answers the desks.
pub struct Directory(pub Arc<People>);

#[tonic::async_trait]
impl DirectoryService for Directory {
    async fn list_names(
        &self,
        request: Request<ListNamesRequest>,
    ) -> Result<Response<ListNamesResponse>, Status> {
        let lang = status::lang_of(&request);
        let viewer = viewer(Caller::of(&request)?);
        let found = self.0.names(&viewer, &request.get_ref().account_ids).await;
        let names = found.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(ListNamesResponse {
            people: names.into_iter().map(|name| self.person(name)).collect(),
        }))
    }
}

impl Directory {
    fn person(&self, name: Name) -> PersonName {
        let unit = name.unit.as_deref();
        let unit = unit.and_then(|unit| self.0.city().units.get(unit));
        PersonName {
            account_id: name.asked,
            name: name.name,
            unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            unit_id: name.unit.unwrap_or_default(),
        }
    }
}
