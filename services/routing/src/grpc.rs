//! The desk that callers see: a request becomes a checked command, its answer the order as it is then.

mod legs;
mod orders;
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
use crate::domain::{Command, Order, OrderId};
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

    /// Does what the request asks, as the caller for their unit, or else for the platform.
    async fn run<T>(
        &self,
        request: Request<T>,
        asked: impl FnOnce(T) -> Result<Asked, Refusal>,
    ) -> Result<Option<v1::Order>, Status> {
        let actor = read::actor(Caller::of(&request)?);
        let lang = lang_of(&request);
        let refuse = |fault: Fault| fault.into_status(lang);
        let (order, seen, command) = asked(request.into_inner()).map_err(|refusal| refuse(refusal.into()))?;
        let order = self
            .routing
            .act(order, seen, actor, command)
            .await
            .map_err(refuse)?;
        Ok(Some(self.view(&order)))
    }

    fn view(&self, order: &Order) -> v1::Order {
        order_view(order, &self.routing.city().units)
    }
}

/// The methods of the service: commands, each with the function that reads its request and answered with the order; and
/// questions, each with the function that answers it.
macro_rules! methods {
    (commands { $($command:ident($asked:ident) -> $answer:ident: $read:path;)+ }
     questions { $($question:ident($query:ident) -> $found:ident: $find:ident;)+ }) => {
        #[tonic::async_trait]
        impl RoutingService for Desk {
            $(async fn $command(
                &self,
                request: Request<v1::$asked>,
            ) -> Result<Response<v1::$answer>, Status> {
                let order = self.run(request, $read).await?;
                Ok(Response::new(v1::$answer { order }))
            })+

            $(async fn $question(
                &self,
                request: Request<v1::$query>,
            ) -> Result<Response<v1::$found>, Status> {
                self.$find(request).await.map(Response::new)
            })+
        }
    };
}

methods! {
    commands {
        claim_order(ClaimOrderRequest) -> ClaimOrderResponse: orders::claim;
        release_order(ReleaseOrderRequest) -> ReleaseOrderResponse: orders::release;
        dispatch_order(DispatchOrderRequest) -> DispatchOrderResponse: orders::dispatch;
        determine_order(DetermineOrderRequest) -> DetermineOrderResponse: orders::determine;
        acknowledge_leg(AcknowledgeLegRequest) -> AcknowledgeLegResponse: legs::acknowledge;
        sign_leg(SignLegRequest) -> SignLegResponse: legs::sign;
        record_contact(RecordContactRequest) -> RecordContactResponse: legs::contact;
        delegate_leg(DelegateLegRequest) -> DelegateLegResponse: legs::delegate;
        request_return(RequestReturnRequest) -> RequestReturnResponse: legs::ask_return;
        decide_return(DecideReturnRequest) -> DecideReturnResponse: legs::decide_return;
        request_extension(RequestExtensionRequest) -> RequestExtensionResponse: legs::ask_extension;
        decide_extension(DecideExtensionRequest) -> DecideExtensionResponse: legs::decide_extension;
        reply_leg(ReplyLegRequest) -> ReplyLegResponse: legs::reply;
        decide_reply_in_unit(DecideReplyInUnitRequest) -> DecideReplyInUnitResponse: legs::decide_inside;
        review_reply(ReviewReplyRequest) -> ReviewReplyResponse: legs::review;
        coordinate_leg(CoordinateLegRequest) -> CoordinateLegResponse: legs::coordinate;
        guide_leg(GuideLegRequest) -> GuideLegResponse: legs::guide;
        issue_written_opinion(IssueWrittenOpinionRequest) -> IssueWrittenOpinionResponse: legs::issue_opinion;
        blow_whistle(BlowWhistleRequest) -> BlowWhistleResponse: legs::blow_whistle;
        redo_order(RedoOrderRequest) -> RedoOrderResponse: orders::redo;
        close_order(CloseOrderRequest) -> CloseOrderResponse: orders::close;
        archive_order(ArchiveOrderRequest) -> ArchiveOrderResponse: orders::archive;
        add_co_handlers(AddCoHandlersRequest) -> AddCoHandlersResponse: orders::join;
        request_determination(RequestDeterminationRequest) -> RequestDeterminationResponse: orders::ask_duty;
        record_determination(RecordDeterminationRequest) -> RecordDeterminationResponse: orders::record_duty;
        hand_up_order(HandUpOrderRequest) -> HandUpOrderResponse: orders::hand_up;
        request_written_opinion(RequestWrittenOpinionRequest) -> RequestWrittenOpinionResponse: orders::ask_opinion;
        decide_whistle(DecideWhistleRequest) -> DecideWhistleResponse: orders::decide_whistle;
        record_whistle_meeting(RecordWhistleMeetingRequest) -> RecordWhistleMeetingResponse: orders::meet_whistle;
        accept_result(AcceptResultRequest) -> AcceptResultResponse: orders::accept;
        file_statement(FileStatementRequest) -> FileStatementResponse: orders::file_statement;
    }
    questions {
        suggest_dispatch(SuggestDispatchRequest) -> SuggestDispatchResponse: suggest;
        get_leg_forms(GetLegFormsRequest) -> GetLegFormsResponse: forms;
        get_order(GetOrderRequest) -> GetOrderResponse: get;
        get_written_opinion(GetWrittenOpinionRequest) -> GetWrittenOpinionResponse: opinion;
        list_orders(ListOrdersRequest) -> ListOrdersResponse: list;
        get_order_count(GetOrderCountRequest) -> GetOrderCountResponse: count;
        list_units(ListUnitsRequest) -> ListUnitsResponse: units;
        get_reconciliation(GetReconciliationRequest) -> GetReconciliationResponse: reconcile;
    }
}
