//! The desk that callers see: a request becomes a checked command, its answer the order as it is then.

mod queries;
mod read;

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_proto::routing::v1;
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use hotline_runtime::Caller;
use hotline_runtime::status::lang_of;
use tonic::{Request, Response, Status};

use crate::contract::order_view;
use crate::domain::{Actor, Command, Decision, LegCommand, LegId, Order, OrderId, ReturnDraft};
use crate::grpc::read::Field;
use crate::ops::Routing;

/// The gRPC service.
pub struct Desk {
    routing: Arc<Routing>,
}

/// A command as a request names it: order, version that the caller saw, what to do.
type Asked = (OrderId, u64, Command);

impl Desk {
    /// The desk of the service.
    pub fn new(routing: Arc<Routing>) -> Self {
        Self { routing }
    }

    /// Does what the request asks, as the caller for the platform.
    async fn act<T>(
        &self,
        request: Request<T>,
        asked: impl FnOnce(T) -> Result<Asked, Refusal>,
    ) -> Result<Option<v1::Order>, Status> {
        let actor = read::platform_actor(Caller::of(&request)?);
        self.run(request, actor, asked).await
    }

    /// Does what the request asks of a leg, as the caller for their unit.
    async fn work<T>(
        &self,
        request: Request<T>,
        asked: impl FnOnce(T) -> Result<(OrderId, LegId, u64, LegCommand), Refusal>,
    ) -> Result<Option<v1::Order>, Status> {
        let actor = read::unit_actor(Caller::of(&request)?);
        let asked =
            |body| asked(body).map(|(order, leg, seen, command)| (order, seen, Command::Leg(leg, command)));
        self.run(request, actor, asked).await
    }

    /// Decides on something that a unit asked, as the caller for the platform.
    async fn judge<T>(
        &self,
        request: Request<T>,
        asked: impl FnOnce(T) -> Result<(OrderId, LegId, u64, LegCommand), Refusal>,
    ) -> Result<Option<v1::Order>, Status> {
        let asked =
            |body| asked(body).map(|(order, leg, seen, command)| (order, seen, Command::Leg(leg, command)));
        self.act(request, asked).await
    }

    async fn run<T>(
        &self,
        request: Request<T>,
        actor: Actor,
        asked: impl FnOnce(T) -> Result<Asked, Refusal>,
    ) -> Result<Option<v1::Order>, Status> {
        let lang = lang_of(&request);
        let refuse = |fault: Fault| fault.into_status(lang);
        let (order, seen, command) = asked(request.into_inner()).map_err(|refusal| refuse(refusal.into()))?;
        let order = self
            .routing
            .act(order, seen, &actor, &command)
            .await
            .map_err(refuse)?;
        Ok(Some(self.view(&order)))
    }

    fn view(&self, order: &Order) -> v1::Order {
        order_view(order, &self.routing.city().units)
    }
}

fn decision(agreed: bool, reason: &str) -> Result<Decision, Refusal> {
    let reason = Field("reason").words(reason)?;
    Ok(if agreed {
        Decision::Agree(reason)
    } else {
        Decision::Refuse(reason)
    })
}

#[tonic::async_trait]
impl RoutingService for Desk {
    async fn claim_order(
        &self,
        request: Request<v1::ClaimOrderRequest>,
    ) -> Result<Response<v1::ClaimOrderResponse>, Status> {
        let order = self.act(request, |body| {
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                Command::Claim,
            ))
        });
        Ok(Response::new(v1::ClaimOrderResponse { order: order.await? }))
    }

    async fn release_order(
        &self,
        request: Request<v1::ReleaseOrderRequest>,
    ) -> Result<Response<v1::ReleaseOrderResponse>, Status> {
        let order = self.act(request, |body| {
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                Command::Release,
            ))
        });
        Ok(Response::new(v1::ReleaseOrderResponse { order: order.await? }))
    }

    async fn suggest_dispatch(
        &self,
        request: Request<v1::SuggestDispatchRequest>,
    ) -> Result<Response<v1::SuggestDispatchResponse>, Status> {
        self.suggest(request).await.map(Response::new)
    }

    async fn dispatch_order(
        &self,
        request: Request<v1::DispatchOrderRequest>,
    ) -> Result<Response<v1::DispatchOrderResponse>, Status> {
        let order = self.act(request, |body| {
            let mut draft = read::dispatch(
                &body.lead_unit_id,
                &body.co_handler_unit_ids,
                Field("basis").words(&body.basis)?,
            )?;
            draft.own_limit = read::own_limit(&body.limit, &body.limit_basis)?;
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                Command::Dispatch(draft),
            ))
        });
        Ok(Response::new(v1::DispatchOrderResponse { order: order.await? }))
    }

    async fn determine_order(
        &self,
        request: Request<v1::DetermineOrderRequest>,
    ) -> Result<Response<v1::DetermineOrderResponse>, Status> {
        let order = self.act(request, |body| {
            let draft = read::dispatch(
                &body.lead_unit_id,
                &body.co_handler_unit_ids,
                Field("reason").words(&body.reason)?,
            )?;
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                Command::Determine(draft),
            ))
        });
        Ok(Response::new(v1::DetermineOrderResponse { order: order.await? }))
    }

    async fn acknowledge_leg(
        &self,
        request: Request<v1::AcknowledgeLegRequest>,
    ) -> Result<Response<v1::AcknowledgeLegResponse>, Status> {
        let order = self.work(request, |body| {
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                0,
                LegCommand::Acknowledge,
            ))
        });
        Ok(Response::new(v1::AcknowledgeLegResponse { order: order.await? }))
    }

    async fn sign_leg(
        &self,
        request: Request<v1::SignLegRequest>,
    ) -> Result<Response<v1::SignLegResponse>, Status> {
        let order = self.work(request, |body| {
            let seen = read::version(body.version)?;
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                seen,
                LegCommand::Sign,
            ))
        });
        Ok(Response::new(v1::SignLegResponse { order: order.await? }))
    }

    async fn record_contact(
        &self,
        request: Request<v1::RecordContactRequest>,
    ) -> Result<Response<v1::RecordContactResponse>, Status> {
        let order = self.work(request, |body| {
            let command = LegCommand::RecordContact {
                note: Field("note").words(&body.note)?,
            };
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::RecordContactResponse { order: order.await? }))
    }

    async fn delegate_leg(
        &self,
        request: Request<v1::DelegateLegRequest>,
    ) -> Result<Response<v1::DelegateLegResponse>, Status> {
        let order = self.work(request, |body| {
            let unit = Field("unit_id").need_unit(&body.unit_id)?;
            let command = LegCommand::Delegate {
                unit,
                due_at: Field("due_at").instant(body.due_at.as_ref())?,
            };
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::DelegateLegResponse { order: order.await? }))
    }

    async fn request_return(
        &self,
        request: Request<v1::RequestReturnRequest>,
    ) -> Result<Response<v1::RequestReturnResponse>, Status> {
        let order = self.work(request, |body| {
            let draft = ReturnDraft {
                basis: Field("basis").words(&body.basis)?,
                suggestion: Field("suggestion").words(&body.suggestion)?,
                proposed: Field("proposed_unit_id").unit(&body.proposed_unit_id)?,
            };
            let command = LegCommand::RequestReturn(draft);
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::RequestReturnResponse { order: order.await? }))
    }

    async fn decide_return(
        &self,
        request: Request<v1::DecideReturnRequest>,
    ) -> Result<Response<v1::DecideReturnResponse>, Status> {
        let order = self.judge(request, |body| {
            let command = LegCommand::DecideReturn(decision(body.agreed, &body.reason)?);
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::DecideReturnResponse { order: order.await? }))
    }

    async fn request_extension(
        &self,
        request: Request<v1::RequestExtensionRequest>,
    ) -> Result<Response<v1::RequestExtensionResponse>, Status> {
        let order = self.work(request, |body| {
            let reason = Field("reason").words(&body.reason)?;
            let command = LegCommand::RequestExtension {
                reason,
                amount: Field("amount").limit(&body.amount)?,
            };
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::RequestExtensionResponse {
            order: order.await?,
        }))
    }

    async fn decide_extension(
        &self,
        request: Request<v1::DecideExtensionRequest>,
    ) -> Result<Response<v1::DecideExtensionResponse>, Status> {
        let order = self.judge(request, |body| {
            let command = LegCommand::DecideExtension(decision(body.granted, &body.reason)?);
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::DecideExtensionResponse { order: order.await? }))
    }

    async fn reply_leg(
        &self,
        request: Request<v1::ReplyLegRequest>,
    ) -> Result<Response<v1::ReplyLegResponse>, Status> {
        let order = self.work(request, |body| {
            let command = LegCommand::Reply(Box::new(read::reply(body.reply)?));
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::ReplyLegResponse { order: order.await? }))
    }

    async fn review_reply(
        &self,
        request: Request<v1::ReviewReplyRequest>,
    ) -> Result<Response<v1::ReviewReplyResponse>, Status> {
        let order = self.judge(request, |body| {
            let command = LegCommand::Review(read::findings(body.approved, &body.faults, &body.reason)?);
            Ok((
                read::order(&body.order_id)?,
                read::leg(&body.leg_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::ReviewReplyResponse { order: order.await? }))
    }

    async fn redo_order(
        &self,
        request: Request<v1::RedoOrderRequest>,
    ) -> Result<Response<v1::RedoOrderResponse>, Status> {
        let order = self.act(request, |body| {
            let command = Command::Redo {
                reason: Field("reason").words(&body.reason)?,
            };
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::RedoOrderResponse { order: order.await? }))
    }

    async fn close_order(
        &self,
        request: Request<v1::CloseOrderRequest>,
    ) -> Result<Response<v1::CloseOrderResponse>, Status> {
        let order = self.act(request, |body| {
            let outcome = read::outcome(&body.outcome)?;
            let command = Command::Close {
                outcome,
                reason: Field("reason").words(&body.reason)?,
            };
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                command,
            ))
        });
        Ok(Response::new(v1::CloseOrderResponse { order: order.await? }))
    }

    async fn archive_order(
        &self,
        request: Request<v1::ArchiveOrderRequest>,
    ) -> Result<Response<v1::ArchiveOrderResponse>, Status> {
        let order = self.act(request, |body| {
            Ok((
                read::order(&body.order_id)?,
                read::version(body.version)?,
                Command::Archive,
            ))
        });
        Ok(Response::new(v1::ArchiveOrderResponse { order: order.await? }))
    }

    async fn get_order(
        &self,
        request: Request<v1::GetOrderRequest>,
    ) -> Result<Response<v1::GetOrderResponse>, Status> {
        self.get(request).await.map(Response::new)
    }

    async fn list_orders(
        &self,
        request: Request<v1::ListOrdersRequest>,
    ) -> Result<Response<v1::ListOrdersResponse>, Status> {
        self.list(request).await.map(Response::new)
    }

    async fn list_units(
        &self,
        _request: Request<v1::ListUnitsRequest>,
    ) -> Result<Response<v1::ListUnitsResponse>, Status> {
        Ok(Response::new(self.units()))
    }

    async fn get_reconciliation(
        &self,
        request: Request<v1::GetReconciliationRequest>,
    ) -> Result<Response<v1::GetReconciliationResponse>, Status> {
        self.reconcile(request).await.map(Response::new)
    }
}
