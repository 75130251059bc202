//! Answers the call-backs' gRPC calls: request, command, response.

pub(crate) mod numbers;
mod read;
mod reviews;

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::{Lang, Refusal};
use hotline_proto::callback::v1::callback_service_server::CallbackService;
use hotline_proto::callback::v1::{
    Callback, ChooseWayRequest, ChooseWayResponse, ClaimCallbackRequest, ClaimCallbackResponse,
    CompleteCallbackRequest, CompleteCallbackResponse, ConfirmRectificationRequest,
    ConfirmRectificationResponse, FilePaperRequest, FilePaperResponse, GetCallbackRequest,
    GetCallbackResponse, GetSatisfactionRequest, GetSatisfactionResponse, JudgeBadAnswerRequest,
    JudgeBadAnswerResponse, ListCallbacksRequest, ListCallbacksResponse, ListReviewsRequest,
    ListReviewsResponse, RecordAttemptRequest, RecordAttemptResponse, RecordMessageRequest,
    RecordMessageResponse, RecordReviewRequest, RecordReviewResponse, RectifyReviewRequest,
    RectifyReviewResponse, VerifyReviewRequest, VerifyReviewResponse,
};
use hotline_runtime::status::lang_of;
use hotline_runtime::{Caller, page};
use tonic::{Request, Response, Status};

use crate::contract;
use crate::domain::{Actor, Command};
use crate::grpc::read::{identifier, state};
use crate::ops::{Callbacks, Query, Target};

/// Who judges where the policy leaves it to inspectors.
const INSPECTOR: &str = "supervisor";

/// The desk that answers.
pub struct Desk {
    /// The service.
    pub callbacks: Arc<Callbacks>,
}

#[tonic::async_trait]
impl CallbackService for Desk {
    async fn list_callbacks(
        &self,
        request: Request<ListCallbacksRequest>,
    ) -> Result<Response<ListCallbacksResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self.list(request.into_inner()).await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn get_callback(
        &self,
        request: Request<GetCallbackRequest>,
    ) -> Result<Response<GetCallbackResponse>, Status> {
        let lang = lang_of(&request);
        let callback = self.get(&request.into_inner().callback_id).await;
        let callback = Some(callback.map_err(|fault| fault.into_status(lang))?);
        Ok(Response::new(GetCallbackResponse { callback }))
    }

    async fn claim_callback(
        &self,
        request: Request<ClaimCallbackRequest>,
    ) -> Result<Response<ClaimCallbackResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                Ok((call.of(&asked.callback_id, asked.version)?, Command::Claim))
            })
            .await?;
        Ok(Response::new(ClaimCallbackResponse {
            callback: Some(callback),
        }))
    }

    async fn choose_way(
        &self,
        request: Request<ChooseWayRequest>,
    ) -> Result<Response<ChooseWayResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                Ok((
                    call.of(&asked.callback_id, asked.version)?,
                    read::way(&asked.way)?,
                ))
            })
            .await?;
        Ok(Response::new(ChooseWayResponse {
            callback: Some(callback),
        }))
    }

    async fn record_attempt(
        &self,
        request: Request<RecordAttemptRequest>,
    ) -> Result<Response<RecordAttemptResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                Ok((
                    call.of(&asked.callback_id, asked.version)?,
                    read::attempt(&asked.result)?,
                ))
            })
            .await?;
        Ok(Response::new(RecordAttemptResponse {
            callback: Some(callback),
        }))
    }

    async fn record_message(
        &self,
        request: Request<RecordMessageRequest>,
    ) -> Result<Response<RecordMessageResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                Ok((call.of(&asked.callback_id, 0)?, read::message(&asked.text)?))
            })
            .await?;
        Ok(Response::new(RecordMessageResponse {
            callback: Some(callback),
        }))
    }

    async fn complete_callback(
        &self,
        request: Request<CompleteCallbackRequest>,
    ) -> Result<Response<CompleteCallbackResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                Ok((call.of(&asked.callback_id, asked.version)?, read::answer(&asked)?))
            })
            .await?;
        Ok(Response::new(CompleteCallbackResponse {
            callback: Some(callback),
        }))
    }

    async fn judge_bad_answer(
        &self,
        request: Request<JudgeBadAnswerRequest>,
    ) -> Result<Response<JudgeBadAnswerResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                Ok((
                    call.of(&asked.callback_id, asked.version)?,
                    read::judgement(&asked)?,
                ))
            })
            .await?;
        Ok(Response::new(JudgeBadAnswerResponse {
            callback: Some(callback),
        }))
    }

    async fn file_paper(
        &self,
        request: Request<FilePaperRequest>,
    ) -> Result<Response<FilePaperResponse>, Status> {
        let callback = self
            .run(request, |asked, call| {
                let order = identifier(&asked.order_id, "order_id")?;
                let paper = read::paper(asked.paper, &call.actor, self.callbacks.bus.now())?;
                Ok(((Target::Order(order), 0), paper))
            })
            .await?;
        Ok(Response::new(FilePaperResponse {
            callback: Some(callback),
        }))
    }

    async fn get_satisfaction(
        &self,
        request: Request<GetSatisfactionRequest>,
    ) -> Result<Response<GetSatisfactionResponse>, Status> {
        let lang = lang_of(&request);
        let found = async {
            let order = identifier(&request.into_inner().order_id, "order_id")?;
            self.callbacks.of_order(order).await
        };
        let found = found.await.map_err(|fault: Fault| fault.into_status(lang))?;
        Ok(Response::new(contract::satisfaction_of(&found)))
    }

    async fn record_review(
        &self,
        request: Request<RecordReviewRequest>,
    ) -> Result<Response<RecordReviewResponse>, Status> {
        let review = Some(self.record(request).await?);
        Ok(Response::new(RecordReviewResponse { review }))
    }

    async fn verify_review(
        &self,
        request: Request<VerifyReviewRequest>,
    ) -> Result<Response<VerifyReviewResponse>, Status> {
        let review = Some(self.step(request, reviews::verify).await?);
        Ok(Response::new(VerifyReviewResponse { review }))
    }

    async fn rectify_review(
        &self,
        request: Request<RectifyReviewRequest>,
    ) -> Result<Response<RectifyReviewResponse>, Status> {
        let review = Some(self.step(request, reviews::rectify).await?);
        Ok(Response::new(RectifyReviewResponse { review }))
    }

    async fn confirm_rectification(
        &self,
        request: Request<ConfirmRectificationRequest>,
    ) -> Result<Response<ConfirmRectificationResponse>, Status> {
        let review = Some(self.step(request, reviews::confirm).await?);
        Ok(Response::new(ConfirmRectificationResponse { review }))
    }

    async fn list_reviews(
        &self,
        request: Request<ListReviewsRequest>,
    ) -> Result<Response<ListReviewsResponse>, Status> {
        self.reviews(request).await.map(Response::new)
    }
}

/// Who calls, and in which language.
struct Call {
    actor: String,
    unit: Option<String>,
    inspector: bool,
    lang: Lang,
}

impl Call {
    fn from<T>(request: &Request<T>) -> Result<Self, Status> {
        let caller = Caller::of(request)?;
        Ok(Self {
            actor: caller.subject.clone(),
            unit: caller.unit.clone(),
            inspector: caller.has(INSPECTOR),
            lang: lang_of(request),
        })
    }

    /// The call-back that is meant, and the version that the caller saw.
    fn of(&self, id: &str, version: i64) -> Result<(Target, i64), Refusal> {
        Ok((Target::Callback(identifier(id, "callback_id")?), version))
    }
}

impl Desk {
    /// Carries out a command that is read from a request.
    async fn run<T>(
        &self,
        request: Request<T>,
        read: impl FnOnce(T, &Call) -> Result<((Target, i64), Command), Refusal>,
    ) -> Result<Callback, Status> {
        let call = Call::from(&request)?;
        let lang = call.lang;
        let done = async {
            let ((target, version), command) = read(request.into_inner(), &call)?;
            let actor = Actor {
                name: &call.actor,
                unit: call.unit.as_deref(),
                inspector: call.inspector,
            };
            let callback = self.callbacks.act(target, version, command, actor).await?;
            self.shown(&callback)
        };
        done.await.map_err(|fault: Fault| fault.into_status(lang))
    }

    fn shown(&self, callback: &crate::domain::Callback) -> Result<Callback, Fault> {
        let awaits = self.callbacks.awaits_form(callback)?;
        let questions = self.callbacks.questions(callback)?;
        let exclusions = self.callbacks.exclusions(callback)?;
        let told = contract::callback(callback, awaits, self.callbacks.bus.now())?;
        Ok(Callback {
            questions: questions.into_iter().map(str::to_owned).collect(),
            exclusions: exclusions.into_iter().map(contract::exclusion).collect(),
            ..told
        })
    }

    async fn get(&self, id: &str) -> Result<Callback, Fault> {
        let callback = self.callbacks.get(identifier(id, "callback_id")?).await?;
        self.shown(&callback)
    }

    async fn list(&self, asked: ListCallbacksRequest) -> Result<ListCallbacksResponse, Fault> {
        let order = (!asked.order_id.is_empty())
            .then(|| identifier(&asked.order_id, "order_id"))
            .transpose()?;
        let query = Query {
            state: state(asked.state)?,
            order,
            due: asked.due,
        };
        let size = page::size(asked.page_size)?;
        let page = self.callbacks.list(query, size, &asked.page_token).await?;
        let callbacks = page.callbacks.iter().map(|callback| self.shown(callback));
        Ok(ListCallbacksResponse {
            callbacks: callbacks.collect::<Result<_, _>>()?,
            next_page_token: page.next_page_token,
        })
    }
}
