//! Answers the call-backs' gRPC calls: request, command, response.

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::{Lang, Refusal};
use hotline_proto::callback::v1::callback_service_server::CallbackService;
use hotline_proto::callback::v1::{
    Callback, CallbackState, ClaimCallbackRequest, ClaimCallbackResponse, CompleteCallbackRequest,
    CompleteCallbackResponse, GetCallbackRequest, GetCallbackResponse, JudgeBadAnswerRequest,
    JudgeBadAnswerResponse, ListCallbacksRequest, ListCallbacksResponse, RecordAttemptRequest,
    RecordAttemptResponse,
};
use hotline_runtime::status::lang_of;
use hotline_runtime::{Caller, page};
use hotline_vault::redact::redact;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::contract;
use crate::domain::refusals::{ID_INVALID, TEXT_TOO_LONG, TEXT_UNPRINTABLE, VALUE_UNKNOWN};
use crate::domain::{Answer, Command};
use crate::ops::{Callbacks, Query};

/// Longest reason, characters.
const REASON_MAX: usize = 2_000;

/// Why an attempt reached nobody.
const RESULTS: [&str; 4] = ["no_answer", "busy", "switched_off", "wrong_number"];

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
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let callback = self
            .run(call, &asked.callback_id, asked.version, Ok(Command::Claim))
            .await?;
        Ok(Response::new(ClaimCallbackResponse {
            callback: Some(callback),
        }))
    }

    async fn record_attempt(
        &self,
        request: Request<RecordAttemptRequest>,
    ) -> Result<Response<RecordAttemptResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let callback = self
            .run(call, &asked.callback_id, asked.version, attempt(&asked.result))
            .await?;
        Ok(Response::new(RecordAttemptResponse {
            callback: Some(callback),
        }))
    }

    async fn complete_callback(
        &self,
        request: Request<CompleteCallbackRequest>,
    ) -> Result<Response<CompleteCallbackResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let callback = self
            .run(call, &asked.callback_id, asked.version, answer(&asked))
            .await?;
        Ok(Response::new(CompleteCallbackResponse {
            callback: Some(callback),
        }))
    }

    async fn judge_bad_answer(
        &self,
        request: Request<JudgeBadAnswerRequest>,
    ) -> Result<Response<JudgeBadAnswerResponse>, Status> {
        let call = Call::of(&request)?;
        let asked = request.into_inner();
        let callback = self
            .run(call, &asked.callback_id, asked.version, judgement(&asked))
            .await?;
        Ok(Response::new(JudgeBadAnswerResponse {
            callback: Some(callback),
        }))
    }
}

/// Who calls, and in which language.
struct Call {
    actor: String,
    lang: Lang,
}

impl Call {
    fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        Ok(Self {
            actor: Caller::of(request)?.subject.clone(),
            lang: lang_of(request),
        })
    }
}

impl Desk {
    /// Carries out a command that was read from a request.
    async fn run(
        &self,
        call: Call,
        id: &str,
        version: i64,
        command: Result<Command, Refusal>,
    ) -> Result<Callback, Status> {
        let done = async {
            let (id, command) = (identifier(id, "callback_id")?, command?);
            let callback = self.callbacks.command(id, version, &command, &call.actor).await?;
            contract::callback(&callback, self.callbacks.bus.now())
        };
        done.await.map_err(|fault: Fault| fault.into_status(call.lang))
    }

    async fn get(&self, id: &str) -> Result<Callback, Fault> {
        let callback = self.callbacks.get(identifier(id, "callback_id")?).await?;
        contract::callback(&callback, self.callbacks.bus.now())
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
        let now = self.callbacks.bus.now();
        let callbacks = page
            .callbacks
            .iter()
            .map(|callback| contract::callback(callback, now));
        Ok(ListCallbacksResponse {
            callbacks: callbacks.collect::<Result<_, _>>()?,
            next_page_token: page.next_page_token,
        })
    }
}

/// An attempt that reached nobody.
fn attempt(result: &str) -> Result<Command, Refusal> {
    let known = RESULTS.into_iter().find(|known| *known == result);
    known
        .map(Command::RecordAttempt)
        .ok_or_else(|| unknown("result", &RESULTS.join(", ")))
}

/// What the appellant answered, with numbers of people masked in the reason.
fn answer(asked: &CompleteCallbackRequest) -> Result<Command, Refusal> {
    let satisfaction = contract::satisfaction(asked.satisfaction());
    Ok(Command::Complete(Answer {
        satisfaction: satisfaction.ok_or_else(|| unknown("satisfaction", "1-5"))?,
        solved: asked.solved,
        contacted: asked.contacted,
        reason: words(&asked.reason)?,
    }))
}

fn judgement(asked: &JudgeBadAnswerRequest) -> Result<Command, Refusal> {
    let verdict = contract::verdict(asked.verdict());
    let verdict = verdict.ok_or_else(|| unknown("verdict", "redo, excluded, escalate"))?;
    Ok(Command::Judge(verdict, words(&asked.reason)?))
}

/// A reason: of bounded length, printable, numbers of people masked.
fn words(text: &str) -> Result<String, Refusal> {
    if text.chars().count() > REASON_MAX {
        return Err(Refusal::new(&TEXT_TOO_LONG)
            .field("reason")
            .detail(REASON_MAX.to_string()));
    }
    if text.chars().any(is_unprintable) {
        return Err(Refusal::new(&TEXT_UNPRINTABLE).field("reason"));
    }
    Ok(redact(text.trim()).0)
}

/// Control characters but the line feed, and characters that turn the direction of writing.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn identifier(text: &str, field: &str) -> Result<Uuid, Refusal> {
    Uuid::parse_str(text).map_err(|_| Refusal::new(&ID_INVALID).field(field))
}

/// The number of a state, which is the same in the contract and in the table; none for "any".
fn state(number: i32) -> Result<Option<i16>, Refusal> {
    match CallbackState::try_from(number) {
        Ok(CallbackState::Unspecified) => Ok(None),
        Ok(state) => Ok(i16::try_from(i32::from(state)).ok()),
        Err(_) => Err(unknown("state", "0-6")),
    }
}

fn unknown(field: &str, known: &str) -> Refusal {
    Refusal::new(&VALUE_UNKNOWN).field(field).detail(known)
}
