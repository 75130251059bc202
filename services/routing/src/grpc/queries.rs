//! Questions over gRPC: each with the caller's view of the orders.

use hotline_bus::Fault;
use hotline_proto::routing::v1;
use hotline_runtime::Caller;
use hotline_runtime::status::lang_of;
use tonic::{Request, Status};

use crate::contract::{forms_view, timestamp, units_view};
use crate::domain::UnitId;
use crate::grpc::{Desk, read};
use crate::ops::{Filter, Viewer};

impl Desk {
    pub(super) async fn suggest(
        &self,
        request: Request<v1::SuggestDispatchRequest>,
    ) -> Result<v1::SuggestDispatchResponse, Status> {
        let lang = lang_of(&request);
        let actor = read::actor(Caller::of(&request)?);
        let id = read::order(&request.get_ref().order_id)
            .map_err(|refusal| Fault::from(refusal).into_status(lang))?;
        let found = self
            .routing
            .suggest(id, &actor)
            .await
            .map_err(|fault| fault.into_status(lang))?;
        Ok(v1::SuggestDispatchResponse {
            lead_unit_id: found.lead.0,
            co_handler_unit_ids: found.co_handlers.into_iter().map(|unit| unit.0).collect(),
            basis: found.basis,
        })
    }

    pub(super) async fn forms(
        &self,
        request: Request<v1::GetLegFormsRequest>,
    ) -> Result<v1::GetLegFormsResponse, Status> {
        let lang = lang_of(&request);
        let refuse = |fault: Fault| fault.into_status(lang);
        let actor = read::actor(Caller::of(&request)?);
        let body = request.get_ref();
        let order = read::order(&body.order_id).map_err(|refusal| refuse(refusal.into()))?;
        let leg = read::leg(&body.leg_id).map_err(|refusal| refuse(refusal.into()))?;
        let found = self.routing.forms(order, leg, &actor).await;
        Ok(forms_view(&found.map_err(refuse)?, lang))
    }

    pub(super) async fn get(
        &self,
        request: Request<v1::GetOrderRequest>,
    ) -> Result<v1::GetOrderResponse, Status> {
        let lang = lang_of(&request);
        let viewer = self.viewer(&request)?;
        let key =
            read::key(&request.get_ref().order).map_err(|refusal| Fault::from(refusal).into_status(lang))?;
        let order = self
            .routing
            .get(key, &viewer)
            .await
            .map_err(|fault| fault.into_status(lang))?;
        Ok(v1::GetOrderResponse {
            order: Some(self.view(&order)),
        })
    }

    pub(super) async fn list(
        &self,
        request: Request<v1::ListOrdersRequest>,
    ) -> Result<v1::ListOrdersResponse, Status> {
        let lang = lang_of(&request);
        let viewer = self.viewer(&request)?;
        let body = request.into_inner();
        let filter = read::filter(&body).map_err(|refusal| Fault::from(refusal).into_status(lang))?;
        let filter = self.widened(filter, &body, &viewer);
        let page = self
            .routing
            .list(filter, body.page_size, &body.page_token, &viewer)
            .await;
        let page = page.map_err(|fault| fault.into_status(lang))?;
        Ok(v1::ListOrdersResponse {
            orders: page.orders.iter().map(|order| self.view(order)).collect(),
            next_page_token: page.next,
        })
    }

    pub(super) async fn count(
        &self,
        request: Request<v1::GetOrderCountRequest>,
    ) -> Result<v1::GetOrderCountResponse, Status> {
        let lang = lang_of(&request);
        let viewer = self.viewer(&request)?;
        let body = request.into_inner().list.unwrap_or_default();
        let filter = read::filter(&body).map_err(|refusal| Fault::from(refusal).into_status(lang))?;
        let filter = self.widened(filter, &body, &viewer);
        let found = self.routing.count(filter, &viewer).await;
        let (count, more) = found.map_err(|fault| fault.into_status(lang))?;
        Ok(v1::GetOrderCountResponse {
            count: i32::try_from(count).unwrap_or(i32::MAX),
            more,
        })
    }

    /// What the caller sees.
    fn viewer<T>(&self, request: &Request<T>) -> Result<Viewer, Status> {
        let below = |unit: &UnitId| self.routing.below(unit);
        Ok(read::viewer(Caller::of(request)?, below))
    }

    /// The filter with the units below the one that it names, or below the caller's, where those are asked for.
    fn widened(&self, mut filter: Filter, body: &v1::ListOrdersRequest, viewer: &Viewer) -> Filter {
        if !body.subordinates {
            return filter;
        }
        let named = filter.units.first().map(UnitId::new);
        let own = match viewer {
            Viewer::Unit { unit, .. } => Some(unit.clone()),
            _ => None,
        };
        let below = named
            .or(own)
            .map(|unit| self.routing.below(&unit))
            .unwrap_or_default();
        filter.units = below.into_iter().map(|unit| unit.0).collect();
        if filter.units.is_empty() {
            // Nobody below: no leg is sent to a unit without a code.
            filter.units.push(String::new());
        }
        filter
    }

    pub(super) async fn opinion(
        &self,
        request: Request<v1::GetWrittenOpinionRequest>,
    ) -> Result<v1::GetWrittenOpinionResponse, Status> {
        let lang = lang_of(&request);
        let viewer = self.viewer(&request)?;
        let key =
            read::key(&request.get_ref().order).map_err(|refusal| Fault::from(refusal).into_status(lang))?;
        let found = self.routing.opinion(key, &viewer).await;
        let found = found.map_err(|fault| fault.into_status(lang))?;
        Ok(v1::GetWrittenOpinionResponse {
            document_number: found.opinion.number,
            unit_name: found.unit_name,
            issued_at: Some(timestamp(found.opinion.at)),
            order_number: found.order.facts.number.clone(),
            title: found.order.subject.title.clone(),
            opinion: found.opinion.words,
            legal_basis: found.opinion.basis,
            document: found.text,
            addressee: found.addressee,
        })
    }

    #[expect(clippy::unused_async, reason = "a question like the others")]
    pub(super) async fn units(
        &self,
        _request: Request<v1::ListUnitsRequest>,
    ) -> Result<v1::ListUnitsResponse, Status> {
        Ok(v1::ListUnitsResponse {
            units: units_view(&self.routing.city().units),
        })
    }

    pub(super) async fn reconcile(
        &self,
        request: Request<v1::GetReconciliationRequest>,
    ) -> Result<v1::GetReconciliationResponse, Status> {
        let lang = lang_of(&request);
        let found = self
            .routing
            .reconcile()
            .await
            .map_err(|fault| fault.into_status(lang))?;
        Ok(v1::GetReconciliationResponse {
            orders: found.orders,
            dispatched: found.dispatched,
            legs: found.legs,
            labelled: found.labelled,
            enterprise_legs: found.enterprise_legs,
            enterprise_legs_acknowledged: found.enterprise_legs_acknowledged,
            lead_violations: found.lead_violations,
            enterprise_violations: found.enterprise_violations,
            offenders: found.offenders,
        })
    }
}
