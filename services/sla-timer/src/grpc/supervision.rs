//! Answers the calls of supervision.

mod asked;
mod rules;

use std::pin::Pin;
use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::Lang;
use hotline_proto::sla::v1::supervision_service_server::SupervisionService;
use hotline_proto::sla::v1::{
    CloseCaseRequest, CloseCaseResponse, CoordinateRequest, CoordinateResponse, DecideMeasuresRequest,
    DecideMeasuresResponse, DecideReplyRequest, DecideReplyResponse, ExportLedgerRequest,
    ExportLedgerResponse, FindPlatformDelayRequest, FindPlatformDelayResponse, GetCaseRequest,
    GetCaseResponse, GetMaterialRequest, GetMaterialResponse, GetSupervisionRulesRequest,
    GetSupervisionRulesResponse, HandOverRequest, HandOverResponse, IssueBulletinRequest,
    IssueBulletinResponse, IssueInstrumentRequest, IssueInstrumentResponse, ListBulletinsRequest,
    ListBulletinsResponse, ListCardsRequest, ListCardsResponse, ListCasesRequest, ListCasesResponse,
    ListVisitsRequest, ListVisitsResponse, OpenAccountabilityRequest, OpenAccountabilityResponse,
    OpenCaseRequest, OpenCaseResponse, OpenVerificationRequest, OpenVerificationResponse,
    RecordExemptionRequest, RecordExemptionResponse, RecordVerificationRequest, RecordVerificationResponse,
    RecordVisitRequest, RecordVisitResponse, ReplyInstrumentRequest, ReplyInstrumentResponse,
    SupervisionCase,
};
use hotline_runtime::status::lang_of;
use hotline_runtime::{Caller, page};
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use crate::contract::supervision as contract;
use crate::domain::supervision::Command;
use crate::ops::Sla;
use crate::ops::supervision as ops;

/// Bytes of a piece of the spreadsheet.
const PIECE: usize = 64 * 1024;

/// The desk that answers.
pub struct Desk {
    /// The service.
    pub sla: Arc<Sla>,
}

/// Who calls, and in which language.
struct Call {
    caller: Caller,
    lang: Lang,
}

impl Call {
    fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        Ok(Self {
            caller: Caller::of(request)?.clone(),
            lang: lang_of(request),
        })
    }
}

impl Desk {
    /// Carries out a command that was read from a request.
    async fn run(
        &self,
        call: Call,
        (id, version): (&str, i64),
        command: Result<Command, Fault>,
    ) -> Result<Option<SupervisionCase>, Status> {
        let done = async {
            let (id, command) = (asked::id(id, "case_id")?, command?);
            ops::command(&self.sla, id, version, &command, &call.caller).await
        };
        let kept = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Some(contract::case(&kept.case)))
    }
}

type Pieces = Pin<Box<dyn Stream<Item = Result<ExportLedgerResponse, Status>> + Send>>;

#[tonic::async_trait]
impl SupervisionService for Desk {
    type ExportLedgerStream = Pieces;

    async fn issue_instrument(
        &self,
        request: Request<IssueInstrumentRequest>,
    ) -> Result<Response<IssueInstrumentResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::issue(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(IssueInstrumentResponse { case }))
    }

    async fn reply_instrument(
        &self,
        request: Request<ReplyInstrumentRequest>,
    ) -> Result<Response<ReplyInstrumentResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::reply(&asked, &call.caller);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(ReplyInstrumentResponse { case }))
    }

    async fn decide_reply(
        &self,
        request: Request<DecideReplyRequest>,
    ) -> Result<Response<DecideReplyResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::decision(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(DecideReplyResponse { case }))
    }

    async fn coordinate(
        &self,
        request: Request<CoordinateRequest>,
    ) -> Result<Response<CoordinateResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::coordinate(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(CoordinateResponse { case }))
    }

    async fn open_verification(
        &self,
        request: Request<OpenVerificationRequest>,
    ) -> Result<Response<OpenVerificationResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = Ok(Command::OpenVerification);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(OpenVerificationResponse { case }))
    }

    async fn record_verification(
        &self,
        request: Request<RecordVerificationRequest>,
    ) -> Result<Response<RecordVerificationResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::verification(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(RecordVerificationResponse { case }))
    }

    async fn find_platform_delay(
        &self,
        request: Request<FindPlatformDelayRequest>,
    ) -> Result<Response<FindPlatformDelayResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::delay(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(FindPlatformDelayResponse { case }))
    }

    async fn open_accountability(
        &self,
        request: Request<OpenAccountabilityRequest>,
    ) -> Result<Response<OpenAccountabilityResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::accountability(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(OpenAccountabilityResponse { case }))
    }

    async fn decide_measures(
        &self,
        request: Request<DecideMeasuresRequest>,
    ) -> Result<Response<DecideMeasuresResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::measures(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(DecideMeasuresResponse { case }))
    }

    async fn record_exemption(
        &self,
        request: Request<RecordExemptionRequest>,
    ) -> Result<Response<RecordExemptionResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::exemption(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(RecordExemptionResponse { case }))
    }

    async fn hand_over(
        &self,
        request: Request<HandOverRequest>,
    ) -> Result<Response<HandOverResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::hand_over(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(HandOverResponse { case }))
    }

    async fn close_case(
        &self,
        request: Request<CloseCaseRequest>,
    ) -> Result<Response<CloseCaseResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let command = asked::close(&asked);
        let case = self.run(call, (&asked.case_id, asked.version), command).await?;
        Ok(Response::new(CloseCaseResponse { case }))
    }

    async fn open_case(
        &self,
        request: Request<OpenCaseRequest>,
    ) -> Result<Response<OpenCaseResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let opened = asked::opened(request.into_inner())?;
            ops::open_by_hand(&self.sla, opened, &call.caller).await
        };
        let kept = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(OpenCaseResponse {
            case: Some(contract::case(&kept.case)),
        }))
    }

    async fn get_case(&self, request: Request<GetCaseRequest>) -> Result<Response<GetCaseResponse>, Status> {
        let call = Call::of(&request)?;
        let found = ops::find(&self.sla, &request.into_inner().case, &call.caller).await;
        let kept = found.map_err(|fault| fault.into_status(call.lang))?;
        Ok(Response::new(GetCaseResponse {
            case: Some(contract::case(&kept.case)),
        }))
    }

    async fn list_cases(
        &self,
        request: Request<ListCasesRequest>,
    ) -> Result<Response<ListCasesResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let asked = request.into_inner();
            let (size, token) = (page::size(asked.page_size)?, asked.page_token.clone());
            ops::list_cases(&self.sla, asked::filter(&asked)?, size, &token, &call.caller).await
        };
        let found = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(ListCasesResponse {
            cases: found
                .items
                .iter()
                .map(|kept| contract::case(&kept.case))
                .collect(),
            next_page_token: found.next_page_token,
        }))
    }

    async fn list_cards(
        &self,
        request: Request<ListCardsRequest>,
    ) -> Result<Response<ListCardsResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let asked = request.into_inner();
            let (size, token) = (page::size(asked.page_size)?, asked.page_token.clone());
            ops::list_cards(&self.sla, asked::card_filter(&asked)?, size, &token, &call.caller).await
        };
        let found = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(ListCardsResponse {
            cards: found.items.iter().map(contract::card).collect(),
            next_page_token: found.next_page_token,
        }))
    }

    async fn get_material(
        &self,
        request: Request<GetMaterialRequest>,
    ) -> Result<Response<GetMaterialResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let id = asked::id(&request.into_inner().case_id, "case_id")?;
            ops::material(&self.sla, id).await
        };
        let found = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(GetMaterialResponse {
            documents: found.documents.into_iter().map(contract::document).collect(),
            text: found.text,
            clocks: found.clocks,
        }))
    }

    async fn record_visit(
        &self,
        request: Request<RecordVisitRequest>,
    ) -> Result<Response<RecordVisitResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let asked = request.into_inner();
            let recipient = asked.recipient.clone();
            ops::record_visit(&self.sla, asked::visit(asked)?, &recipient, &call.caller).await
        };
        let (visit, kept) = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(RecordVisitResponse {
            visit: Some(contract::visit(&visit)),
            case: kept.map(|kept| contract::case(&kept.case)),
        }))
    }

    async fn list_visits(
        &self,
        request: Request<ListVisitsRequest>,
    ) -> Result<Response<ListVisitsResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let asked = request.into_inner();
            let size = page::size(asked.page_size)?;
            ops::list_visits(&self.sla, &asked.unit_id, size, &asked.page_token).await
        };
        let found = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(ListVisitsResponse {
            visits: found.items.iter().map(contract::visit).collect(),
            next_page_token: found.next_page_token,
        }))
    }

    async fn issue_bulletin(
        &self,
        request: Request<IssueBulletinRequest>,
    ) -> Result<Response<IssueBulletinResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let asked = request.into_inner();
            let until = asked::needed_instant(asked.until.as_ref(), "until")?;
            ops::issue_bulletin(&self.sla, &asked.city, &asked.code, until, &call.caller).await
        };
        let bulletin = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(IssueBulletinResponse {
            bulletin: Some(contract::bulletin(&bulletin)),
        }))
    }

    async fn list_bulletins(
        &self,
        request: Request<ListBulletinsRequest>,
    ) -> Result<Response<ListBulletinsResponse>, Status> {
        let call = Call::of(&request)?;
        let done = async {
            let asked = request.into_inner();
            let size = page::size(asked.page_size)?;
            ops::list_bulletins(&self.sla, &asked.city, size, &asked.page_token).await
        };
        let found = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(Response::new(ListBulletinsResponse {
            bulletins: found.items.iter().map(contract::bulletin).collect(),
            next_page_token: found.next_page_token,
        }))
    }

    async fn get_supervision_rules(
        &self,
        request: Request<GetSupervisionRulesRequest>,
    ) -> Result<Response<GetSupervisionRulesResponse>, Status> {
        let lang = lang_of(&request);
        let policy = self.sla.policy_named(&request.into_inner().city);
        let policy = policy.map_err(|refusal| Fault::from(refusal).into_status(lang))?;
        Ok(Response::new(rules::of(&policy)))
    }

    async fn export_ledger(&self, request: Request<ExportLedgerRequest>) -> Result<Response<Pieces>, Status> {
        let call = Call::of(&request)?;
        let done = async { ops::export(&self.sla, &asked::export(request.into_inner())?, call.lang).await };
        let bytes = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        let pieces: Vec<_> = bytes
            .chunks(PIECE)
            .map(|piece| {
                Ok(ExportLedgerResponse {
                    content: piece.to_vec(),
                })
            })
            .collect();
        Ok(Response::new(Box::pin(tokio_stream::iter(pieces))))
    }
}
